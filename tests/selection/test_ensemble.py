"""The blend's weights are the best of the simplex."""

import numpy as np
import pytest
from scipy.optimize import minimize

from mapsto.selection.ensemble import mixture_weights, simplex_least_squares

RNG = np.random.default_rng(0)
W = RNG.uniform(0.5, 2, 300)


def best_of_simplex(loss, size: int) -> np.ndarray:
    """An independent reference: SLSQP on the simplex."""
    found = minimize(
        loss,
        np.full(size, 1 / size),
        bounds=[(0, 1)] * size,
        constraints={"type": "eq", "fun": lambda a: a.sum() - 1},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    return found.x


def test_least_squares_weights_are_optimal():
    y = RNG.standard_normal(300)
    x = y[:, None] + RNG.standard_normal((300, 4)) * np.array([0.3, 0.5, 1.0, 3.0])

    a = simplex_least_squares(x, y, W)

    assert a.sum() == pytest.approx(1)
    assert (a >= 0).all()
    assert a == pytest.approx(
        best_of_simplex(lambda b: (W * (y - x @ b) ** 2).mean(), 4), abs=1e-4
    )


def test_mixture_weights_are_optimal():
    p = RNG.beta(4, 2, (3, 300))

    a = mixture_weights(p, W)

    reference = best_of_simplex(lambda b: -(W * np.log(b @ p)).mean(), 3)
    assert a == pytest.approx(reference, abs=2e-3)


def test_a_useless_rung_gets_no_weight():
    y = RNG.standard_normal(300)
    x = np.stack([y + 0.1 * RNG.standard_normal(300), RNG.standard_normal(300)], axis=1)

    assert simplex_least_squares(x, y, W)[1] < 0.02
