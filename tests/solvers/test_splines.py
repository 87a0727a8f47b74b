"""Piecewise functions of one number: the steps of `step_basis`."""

import numpy as np
import pytest

from mapsto.solvers.splines import line_basis, step_basis


def test_steps_lie_between_values_with_evenly_many_rows_between_them():
    x = np.random.default_rng(0).permutation(np.arange(100.0))

    steps = step_basis(x, np.ones(100), 4)

    assert len(steps.knots) == 4
    below = [(x < knot).sum() for knot in steps.knots]
    assert below == pytest.approx([20, 40, 60, 80], abs=1)
    assert set(np.round(steps.knots % 1, 12)) == {0.5}


def test_each_step_rises_by_one_and_has_mean_zero():
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=200), rng.uniform(0.5, 2, 200)

    steps = step_basis(x, w, 7)

    values = steps(x)
    assert np.average(values, axis=0, weights=w) == pytest.approx(np.zeros(7))
    assert np.ptp(values, axis=0) == pytest.approx(np.ones(7))
    assert ((x[:, None] >= steps.knots) == (values > 0)).all()


def test_a_value_of_many_rows_has_a_step_on_both_sides():
    x = np.concatenate([np.zeros(500), np.linspace(-1, -0.5, 50), np.arange(1, 51)])

    steps = step_basis(x, np.ones(len(x)), 8)

    around = (steps.knots > -0.5) & (steps.knots < 1)
    assert sorted(steps.knots[around]) == [-0.25, 0.5]


def test_what_is_mostly_zero_has_its_steps_among_the_other_values():
    x = np.concatenate([np.zeros(900), np.arange(1.0, 101.0)])

    steps = step_basis(x, np.ones(len(x)), 8)

    assert steps.knots[0] == 0.5
    assert len(steps.knots) == 8
    assert np.diff(steps.knots) == pytest.approx(np.full(7, 12.5), abs=1.5)


def test_rows_of_no_weight_place_no_step():
    x = np.concatenate([np.arange(50.0), np.arange(1000.0, 1050.0)])
    w = np.repeat([1.0, 0.0], 50)

    assert step_basis(x, w, 5).knots.max() < 50


def test_a_line_ends_where_the_values_end():
    x = np.array([0.0, 1.0, 1.0, 3.0])

    line = line_basis(x, np.ones(4))

    told = line(np.array([-9.0, 0.0, 1.0, 3.0, 9.0]))[:, 0]
    assert told[0] == told[1]
    assert told[3] == told[4]
    assert told[2] == pytest.approx((1 - x.mean()) / x.std())
