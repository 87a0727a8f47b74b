"""Variable projection: known answers, its slopes, weights, and how it ends."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.optimize import least_squares

from mapsto.solvers.variable_projection import minimise


@dataclass(frozen=True)
class Decays:
    """a₁ exp(-θ₁ t) + a₂ exp(-θ₂ t) + …"""

    t: np.ndarray

    def at(self, theta):
        columns = np.exp(-np.outer(self.t, theta))
        return columns, lambda a: -self.t[:, None] * columns * a


T = np.linspace(0, 4, 120)
TWO = 2 * np.exp(-0.5 * T) - np.exp(-3 * T)


def test_two_decays_are_recovered_to_the_last_digits():
    """Also from a start that is far away."""
    fit = minimise(Decays(T), TWO, np.array([0.1, 8.0]), 0.0, 60)

    assert fit.theta == pytest.approx([0.5, 3.0], rel=1e-8)
    assert fit.a == pytest.approx([2.0, -1.0], rel=1e-8)
    assert fit.square < 1e-20


def test_with_noise_it_ends_where_a_joint_search_ends():
    y = TWO + 0.01 * np.random.default_rng(0).standard_normal(len(T))

    fit = minimise(Decays(T), y, np.array([0.3, 5.0]), 0.0, 100)

    def residual(p):
        return y - Decays(T).at(p[:2])[0] @ p[2:]

    joint = least_squares(residual, [0.5, 3.0, 2.0, -1.0], xtol=1e-14, ftol=1e-14)
    assert fit.square == pytest.approx(2 * joint.cost, rel=1e-6)
    assert fit.theta == pytest.approx(joint.x[:2], rel=1e-2)
    assert fit.residual == pytest.approx(residual([*fit.theta, *fit.a]))


def test_weights_multiply_residuals():
    """A row of weight √2 is that row twice."""
    y = TWO + 0.01 * np.random.default_rng(0).standard_normal(len(T))
    w = np.where(np.arange(len(T)) % 3 == 0, np.sqrt(2), 1.0)
    again = np.concatenate([np.arange(len(T)), np.arange(0, len(T), 3)])
    start = np.array([0.3, 5.0])

    weighted = minimise(Decays(T), y, start, 0.0, 100, weights=w)
    repeated = minimise(Decays(T[again]), y[again], start, 0.0, 100)

    assert weighted.theta == pytest.approx(repeated.theta, rel=1e-6)
    assert weighted.square == pytest.approx(repeated.square, rel=1e-8)


def test_a_ridge_shrinks_the_coefficients():
    free, held = (minimise(Decays(T), TWO, np.ones(1), r, 50) for r in (0.0, 100.0))

    assert np.abs(held.a).max() < 0.6 * np.abs(free.a).max()


def test_the_cost_never_rises():
    squares = [
        minimise(Decays(T), TWO, np.array([0.1, 8.0]), 0.0, steps).square
        for steps in range(8)
    ]

    assert (np.diff(squares) <= 0).all()
    assert squares[-1] < squares[0]


def test_it_ends_when_asked_and_after_its_steps():
    start = np.array([0.1, 8.0])

    asked = minimise(Decays(T), TWO, start, 0.0, 60, stopping=lambda: True)
    short = minimise(Decays(T), TWO, start, 0.0, 2)

    assert asked.steps == 0
    assert asked.theta == pytest.approx(start)
    assert short.steps == 2


def test_a_start_without_a_finite_cost_gives_nothing():
    with np.errstate(all="ignore"):
        assert minimise(Decays(T), TWO, np.array([-1e4, 1.0]), 0.0, 10) is None


def test_columns_that_fall_together_stay_finite():
    """The same decay twice: a little ridge shares its coefficient out."""
    fit = minimise(Decays(T), TWO, np.array([1.0, 1.0]), 1e-8, 30)

    assert np.isfinite([*fit.theta, *fit.a]).all()
    assert fit.square < TWO @ TWO


@pytest.mark.parametrize("steep", [np.nan, np.inf])
def test_a_slope_that_is_not_finite_ends_the_search(steep):
    """The model is only ever asked about finite numbers."""
    asked = []

    class Steep(Decays):
        def at(self, theta):
            asked.append(theta)
            columns, _ = super().at(theta)
            return columns, lambda a: np.full((len(columns), len(theta)), steep)

    with np.errstate(all="ignore"):
        fit = minimise(Steep(T), np.exp(-T), np.array([0.5, 3.0]), 0.0, 20)

    assert fit is not None
    assert fit.steps == 0
    assert np.isfinite(asked).all()
