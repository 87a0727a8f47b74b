"""What the first layer sees of a number."""

import numpy as np
import pytest

from mapsto.data.encoding import Feature
from mapsto.families.inputs import expanded, fit_inputs

DIALS = {"inputs": "quantile", "bins": 8, "frequencies": 4, "spread": 0.5}
NUMBER = Feature("a", "a", "number")


def seen(x, features=(NUMBER,), **dials):
    dials = {**DIALS, **dials}
    inputs = fit_inputs([x], features, dials, seed=0)
    return expanded(inputs, x[None], dials["inputs"])[0]


@pytest.fixture
def x():
    return np.random.default_rng(0).standard_normal((400, 1))


def test_raw_is_the_features_themselves(x):
    assert (seen(x, inputs="raw") == x).all()


def test_quantile_pieces_fill_up_one_after_the_other(x):
    """As Gorishniy et al. (2022) define it: full below x, empty above, one between."""
    z = seen(x)

    assert z.shape == (400, 8)
    assert z.min() >= 0
    assert z.max() <= 1
    assert ((z > 0) & (z < 1)).sum(axis=1).max() == 1
    assert (np.diff(z, axis=1) <= 0).all()


def test_quantile_pieces_are_a_basis_of_piecewise_linear_curves(x):
    """Their sum, each times its width, is the number itself."""
    edges = np.quantile(x, np.linspace(0, 1, 9))

    back = edges[0] + seen(x) @ np.diff(edges)

    assert back == pytest.approx(x[:, 0], abs=1e-5)


def test_each_interval_holds_its_share_of_the_rows(x):
    edges = np.sort(fit_inputs([x], (NUMBER,), DIALS, 0)["left"][0, 0])
    counts = np.histogram(x, [*edges, np.inf])[0]

    assert counts.max() - counts.min() <= 2


def test_a_value_of_many_rows_takes_one_interval_only():
    """Nine rows of ten are zero: the others still get intervals of their own."""
    rng = np.random.default_rng(1)
    x = np.where(rng.random((2000, 1)) < 0.9, 0.0, rng.uniform(1, 2, (2000, 1)))
    inputs = fit_inputs([x], (NUMBER,), DIALS, 0)

    inside = (inputs["left"][0, 0] >= 1).sum()
    assert inside >= 5


def test_neighbouring_values_do_not_make_steep_pieces():
    x = np.array([0, 1e-9, 2e-9, 0.5, 1] * 40)[:, None]
    inputs = fit_inputs([x], (NUMBER,), DIALS, 0)

    assert inputs["slope"].max() <= 1e3


def test_a_feature_of_two_values_stays_as_it_is():
    x = np.array([[-1.0], [1.0]] * 50)

    assert (seen(x) == x).all()


def test_a_constant_feature_is_harmless():
    assert np.isfinite(seen(np.zeros((50, 1)))).all()


def test_indicators_are_not_expanded_and_codes_are_left_out(x):
    features = (Feature("l", "l", "level"), Feature("c", "c", "code", levels=3), NUMBER)
    rows = np.concatenate([x, np.ones((400, 1)), x], axis=1)

    assert seen(rows, features).shape == (400, 1 + 8)
    assert (seen(rows, features)[:, 0] == x[:, 0]).all()


def test_samples_with_other_quantiles_get_the_same_width(x):
    few = np.round(x)
    inputs = fit_inputs([x, few], (NUMBER,), DIALS, 0)

    assert inputs["left"].shape == (2, 1, 8)
    z = expanded(
        {k: v[1:] if v.ndim == 3 else v for k, v in inputs.items()},
        few[None],
        "quantile",
    )
    assert (np.diff(np.unique(z[0], axis=0), axis=0).sum(axis=1) > 0).all()


def test_periodic_inputs_are_waves_and_the_number(x):
    z = seen(x, inputs="periodic")

    assert z.shape == (400, 5)
    assert (np.abs(z[:, :4]) <= 1).all()
    assert (z[:, 4:] == x).all()
