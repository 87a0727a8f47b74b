"""Rational approximation by the AAA algorithm.

Nakatsukasa, Sète & Trefethen 2018, https://arxiv.org/abs/1612.00337.

    r(x) = Σ wₖ fₖ / (x - zₖ)  /  Σ wₖ / (x - zₖ)
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg

Array = np.ndarray


@dataclass(frozen=True)
class Rational:
    """Support points z, values f and weights w, each (degree + 1,)."""

    z: Array
    f: Array
    w: Array

    def __call__(self, x: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            cauchy = 1.0 / (x[:, None] - self.z)
            r = cauchy @ (self.w * self.f) / (cauchy @ self.w)
        at, support = np.nonzero(x[:, None] == self.z)
        r[at] = self.f[support]
        return np.asarray(r)

    def poles(self) -> Array:
        """The zeros of the denominator: finite eigenvalues of an arrowhead pencil."""
        size = len(self.w)
        left = np.zeros((size + 1, size + 1))
        left[0, 1:], left[1:, 0] = self.w, 1.0
        left[1 + np.arange(size), 1 + np.arange(size)] = self.z
        right = np.eye(size + 1)
        right[0, 0] = 0.0
        poles = linalg.eigvals(left, right)
        return np.asarray(poles[np.isfinite(poles) & (np.abs(poles) < 1e8)])


def aaa(x: Array, y: Array, degree: int, tolerance: float = 1e-14) -> Rational:
    """A rational function of at most this degree, by greedy choice of support points.

    x, y: (m,), x without repetition. At each step the worst point becomes a support
    point, and the weights are the last right singular vector of the Loewner matrix.
    """
    chosen: list[int] = []
    r = np.full(len(y), y.mean())
    free = np.ones(len(y), dtype=bool)
    scale = np.abs(y).max()
    rational = Rational(x[:1], y[:1], np.ones(1))
    for _ in range(min(degree + 1, len(y) // 2)):
        worst = int(np.argmax(np.abs(y - r) * free))
        chosen.append(worst)
        free[worst] = False
        z, f = x[chosen], y[chosen]
        cauchy = 1.0 / (x[free][:, None] - z)
        loewner = (y[free][:, None] - f) * cauchy
        w = np.linalg.svd(loewner, full_matrices=False)[2][-1]
        rational = Rational(z, f, w)
        r = y.copy()
        r[free] = cauchy @ (w * f) / (cauchy @ w)
        if np.abs(y - r).max() <= tolerance * scale:
            break
    return rational
