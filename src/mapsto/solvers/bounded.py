"""Least squares and logistic regression with a ridge, and signs that some
coefficients must have.

    minimise  loss(β) + λ/2 |β|²   subject to   s_j β_j ≥ 0

s_j = +1 or -1 holds coefficient j to a sign, s_j = 0 leaves it free. Both problems
are convex, so what is found is the best function that keeps the signs, and a sign
that the data contradict gives β_j = 0.
"""

import numpy as np
from scipy.optimize import lsq_linear, minimize

from mapsto.solvers.closed_form import GRID, Ridge, ridge
from mapsto.solvers.newton import logistic_ridge

STEPS = 500


def keeps(beta: np.ndarray, signs: np.ndarray) -> bool:
    """Has every coefficient the sign it must have? beta, signs: (d,)."""
    return bool((signs * beta >= 0).all())


def bounded_ridge(
    x: np.ndarray,
    y: np.ndarray,
    w: np.ndarray,
    signs: np.ndarray,
    penalties: np.ndarray = GRID,
) -> Ridge:
    """`closed_form.ridge` with signs (d,). The penalty is the one that is best, by
    leaving one row out, for the coefficients that are not held at 0.

    On these the bounded solution is the free one, and so are its standard errors
    (Lawson & Hanson 1995, *Solving Least Squares Problems*, chapter 23).
    """
    found = ridge(x, y, w, penalties)
    if keeps(found.beta, signs):
        return found
    moving = _support(x, y, w, signs, found.penalty)
    again = ridge(x[:, moving], y, w, penalties) if moving.any() else found
    moving = _support(x, y, w, signs, again.penalty)
    return _spread(x, y, w, signs, moving, again.penalty)


def _support(
    x: np.ndarray, y: np.ndarray, w: np.ndarray, signs: np.ndarray, penalty: float
) -> np.ndarray:
    """Which coefficients of the bounded solution are not held at 0: bool (d,)."""
    total = w.sum()
    root = np.sqrt(w)[:, None]
    xc, yc = x - w @ x / total, y - w @ y / total
    gram = (xc * root).T @ (xc * root)
    gram.flat[:: len(gram) + 1] += penalty * total
    factor = np.linalg.cholesky(gram + 1e-12 * np.trace(gram) * np.eye(len(gram)))
    goal = np.linalg.solve(factor, xc.T @ (w * yc))
    low = np.where(signs > 0, 0.0, -np.inf)
    high = np.where(signs < 0, 0.0, np.inf)
    beta = lsq_linear(factor.T, goal, (low, high), method="bvls").x
    return (signs == 0) | (signs * beta > 1e-12 * np.abs(beta).max())


def _spread(
    x: np.ndarray,
    y: np.ndarray,
    w: np.ndarray,
    signs: np.ndarray,
    moving: np.ndarray,
    penalty: float,
) -> Ridge:
    """The ridge on the moving coefficients, 0 at the others."""
    beta, covariance = np.zeros(len(signs)), np.zeros((len(signs), len(signs)))
    mean = float(w @ y / w.sum())
    spread = float(w @ (y - mean) ** 2 / w.sum())
    if not moving.any():
        return Ridge(beta, mean, penalty, covariance, 0.0, spread, spread)
    found = ridge(x[:, moving], y, w, np.array([penalty]))
    beta[moving] = found.beta
    beta = np.where(signs * beta < 0, 0.0, beta)  # rounding
    covariance[np.ix_(moving, moving)] = found.covariance
    intercept = float(w @ (y - x @ beta) / w.sum())
    return Ridge(
        beta,
        intercept,
        penalty,
        covariance,
        found.freedom,
        found.loo,
        found.variance,
    )


def bounded_logistic(
    x: np.ndarray, y: np.ndarray, w: np.ndarray, signs: np.ndarray, penalty: float
) -> tuple[np.ndarray, np.ndarray]:
    """`newton.logistic_ridge` of two classes with signs (d,), by L-BFGS-B.

    Byrd, Lu, Nocedal & Zhu 1995, https://doi.org/10.1137/0916069
    """
    beta, intercept = logistic_ridge(x, y, w, 2, penalty)
    if keeps(beta[:, 0], signs):
        return beta, intercept
    strength = penalty * w.sum()
    scale = 1.0 / w.sum()

    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        eta = x @ at[:-1] + at[-1]
        p = 0.5 + 0.5 * np.tanh(0.5 * eta)
        value = w @ (np.logaddexp(0.0, eta) - y * eta)
        value += 0.5 * strength * at[:-1] @ at[:-1]
        slope = w * (p - y)
        gradient = np.append(x.T @ slope + strength * at[:-1], slope.sum())
        return float(value) * scale, gradient * scale

    free = [(None, None)]
    ways = {0: (None, None), 1: (0.0, None), -1: (None, 0.0)}
    found = minimize(
        loss,
        np.append(np.where(signs * beta[:, 0] < 0, 0.0, beta[:, 0]), intercept),
        jac=True,
        bounds=[ways[int(s)] for s in signs] + free,
        method="L-BFGS-B",
        options={"maxiter": STEPS, "ftol": 1e-12, "gtol": 1e-7},
    )
    return found.x[:-1, None], found.x[-1:]
