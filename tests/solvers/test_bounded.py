"""Signs and rising coefficients: the best of what is allowed, by another solver."""

import numpy as np
import pytest
from scipy.optimize import minimize

from mapsto.solvers.bounded import bounded_logistic, bounded_ridge
from mapsto.solvers.closed_form import ridge
from mapsto.solvers.penalised import Quadratic, minimum
from mapsto.solvers.splines import b_splines, coefficients, smooth_basis

RNG = np.random.default_rng(0)
N = 200
X = RNG.standard_normal((N, 5)) @ RNG.standard_normal((5, 5))
W = RNG.uniform(0.5, 2, N)
BETA = np.array([1.0, -1.0, 0.5, -0.5, 0.0])
SIGNS = np.array([1, 1, -1, 0, 0])
Y = X @ BETA + 0.3 * RNG.standard_normal(N) + 2
BOUNDS = [{1: (0, None), -1: (None, 0), 0: (None, None)}[s] for s in SIGNS.tolist()]


def reference(loss, size):
    found = minimize(
        loss,
        np.zeros(size),
        bounds=[*BOUNDS, (None, None)],
        method="SLSQP",
        options={"ftol": 1e-15, "maxiter": 1000},
    )
    return found.x


def test_bounded_ridge_is_the_best_with_these_signs():
    penalty = 0.05

    found = bounded_ridge(X, Y, W, SIGNS, np.array([penalty]))

    def loss(at):
        wrong = Y - X @ at[:-1] - at[-1]
        return (W * wrong**2).mean() + penalty * W.mean() * (at[:-1] ** 2).sum()

    best = reference(loss, 6)
    assert found.beta == pytest.approx(best[:-1], abs=1e-5)
    assert found.intercept == pytest.approx(best[-1], abs=1e-5)
    assert (SIGNS * found.beta >= 0).all()
    assert (found.beta == 0).any()


def test_signs_that_hold_already_change_nothing():
    free = ridge(X, Y, W)

    found = bounded_ridge(X, Y, W, np.sign(free.beta).astype(int))

    assert (found.beta == free.beta).all()


def test_a_sign_against_all_data_leaves_the_mean():
    x = np.linspace(-1, 1, 50)[:, None]

    found = bounded_ridge(x, -x[:, 0], np.ones(50), np.array([1]))

    assert found.beta.tolist() == [0.0]
    assert found.intercept == pytest.approx(0.0)


def test_bounded_logistic_is_the_best_with_these_signs():
    y = (RNG.random(N) < 1 / (1 + np.exp(-(Y - 2)))).astype(float)
    penalty = 0.02

    beta, intercept = bounded_logistic(X, y, W, SIGNS, penalty)

    def loss(at):
        eta = X @ at[:-1] + at[-1]
        lost = W @ (np.logaddexp(0, eta) - y * eta)
        return (lost + penalty * W.sum() / 2 * (at[:-1] ** 2).sum()) / W.sum()

    best = reference(loss, 6)
    assert beta[:, 0] == pytest.approx(best[:-1], abs=1e-3)
    assert intercept[0] == pytest.approx(best[-1], abs=1e-3)
    assert (SIGNS * beta[:, 0] >= 0).all()


def test_minimum_on_a_cone_is_the_best_there():
    """A β ≥ 0, with a penalty, against SLSQP; the rows that bind are 0."""
    gram = (X * W[:, None]).T @ X
    cross = X.T @ (W * Y)
    rising = np.array([[1.0, 0, 0, 0, 0], [-1, 1, 0, 0, 0], [0, 0, -1, 1, 0]])
    penalty = np.array([0.0, 1.0, 1.0, 2.0, np.inf])
    problem = Quadratic(gram, cross, float(W @ Y**2), float(W.sum()))

    found = minimum(problem, penalty, rising)

    def loss(at):
        return at @ gram[:4, :4] @ at - 2 * at @ cross[:4] + (penalty[:4] * at**2).sum()

    best = minimize(
        loss,
        np.zeros(4),
        method="SLSQP",
        constraints={"type": "ineq", "fun": lambda at: rising[:, :4] @ at},
        options={"ftol": 1e-12, "maxiter": 1000},
    )
    assert found.beta[:4] == pytest.approx(best.x, abs=1e-4)
    assert (rising @ found.beta).min() > -1e-10
    assert (rising @ found.beta).min() < 1e-10
    assert found.beta[4] == 0


def test_a_curves_coefficients_make_the_curve():
    x = RNG.gamma(2, 2, 300)
    pieces = smooth_basis(x, np.ones(300), 7, reach=0.25)
    grid = np.linspace(-3, 30, 100)

    again = b_splines(pieces.knots, 0.25).mixed(coefficients(pieces, 0.25))

    assert again(grid) == pytest.approx(pieces(grid), abs=1e-9)
