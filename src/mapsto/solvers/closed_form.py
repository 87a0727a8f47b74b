"""Least squares with a ridge, its penalty chosen by leave-one-out.

    minimise Σ wᵢ (yᵢ - b - xᵢ'β)² + λ |β|²

The leave-one-out residual is (yᵢ - ŷᵢ) / (1 - hᵢ) with the leverage hᵢ, so every λ
is judged from one eigendecomposition (Hastie, Tibshirani & Friedman, *The Elements
of Statistical Learning*, 2nd ed., §7.10 and §3.4.1).
"""

from dataclasses import dataclass

import numpy as np

GRID = np.logspace(-6, 3, 37)  # λ per row
ROWS_AT_ONCE = 65_536


@dataclass(frozen=True)
class Ridge:
    """β (d,), intercept, λ per row, covariance of β for residual variance 1 (d, d),
    effective degrees of freedom (without the intercept), leave-one-out mean square."""

    beta: np.ndarray
    intercept: float
    penalty: float
    covariance: np.ndarray
    freedom: float
    loo: float
    variance: float


def ridge(
    x: np.ndarray, y: np.ndarray, w: np.ndarray, penalties: np.ndarray = GRID
) -> Ridge:
    """Fit with the best of `penalties` by weighted leave-one-out error.

    x: (n, d), y: (n,), w: (n,) weights. λ is penalty · Σw.
    """
    total = w.sum()
    x_mean, y_mean = w @ x / total, float(w @ y / total)
    xc, yc = x - x_mean, y - y_mean
    gram = (xc * w[:, None]).T @ xc
    moment, vectors = np.linalg.eigh(gram)
    moment = np.maximum(moment, 0.0)
    scores = vectors.T @ (xc.T @ (w * yc))
    z = xc @ vectors
    loo = [_loo(z, yc, w, moment, scores, p * total) for p in penalties]
    best = int(np.argmin(loo))
    penalty = float(penalties[best])
    shrunk = moment + penalty * total
    # Directions without any spread carry no information: leave them at zero.
    inverse = np.where(moment > 1e-12 * max(moment.max(), 1e-300), 1 / shrunk, 0.0)
    beta = vectors @ (inverse * scores)
    freedom = float((moment * inverse).sum())
    residual = yc - xc @ beta
    variance = float((w * residual**2).sum() / max(total - freedom - 1, 1.0))
    covariance = (vectors * (inverse**2 * moment)) @ vectors.T
    intercept = y_mean - float(x_mean @ beta)
    return Ridge(beta, intercept, penalty, covariance, freedom, loo[best], variance)


def _loo(
    z: np.ndarray,
    y: np.ndarray,
    w: np.ndarray,
    moment: np.ndarray,
    scores: np.ndarray,
    penalty: float,
) -> float:
    """Weighted mean square of the leave-one-out residuals."""
    inverse = 1 / (moment + penalty)
    squares = 0.0
    for start in range(0, len(z), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        leverage = w[part] * (z[part] ** 2 @ inverse + 1 / w.sum())
        residual = y[part] - z[part] @ (inverse * scores)
        squares += float(
            (w[part] * (residual / np.maximum(1 - leverage, 1e-6)) ** 2).sum()
        )
    return squares / float(w.sum())
