"""Functions in the Hilbert space of a kernel, spanned by some centres.

    f(u) = Σ_j α_j k(u, c_j) ,   k(u, v) = exp(-‖u - v‖^q) ,   0 < q ≤ 2

q = 1 is Laplace's kernel, q = 2 Gauss's; all of them are positive definite
(Schoenberg 1938, https://doi.org/10.2307/1989894). With K the kernel's matrix of the
centres and LL' = K, the features z(u) = L⁻¹ k(c, u) turn the norm of the Hilbert
space into the ordinary one: f = β'z has ‖f‖ = |β|, and α = L'⁻¹ β. When every row is
a centre nothing is lost; with fewer it is Nyström's approximation (Williams & Seeger
2000, https://papers.nips.cc/paper/1866).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mapsto.solvers import triangular
from mapsto.solvers.penalised import cholesky

ROWS_AT_ONCE = 2048
FEW = 400  # rows that tell how far apart rows are
EXACT = 1 - 1e-13  # squared norms less their rounding
JITTER = {np.dtype(np.float32): 3e-6, np.dtype(np.float64): 1e-9}
"""Added to the diagonal of K: what rounding may have taken from it."""


def squared_distances(u: Any, v: Any) -> Any:
    """‖u_i - v_j‖² = ‖u_i‖² + ‖v_j‖² - 2 u_i'v_j. u: (n, r), v: (m, r) -> (n, m).

    Distances that are nothing but rounding become 0: a root would magnify them.
    """
    xp = u.__array_namespace__()
    of_u, of_v = xp.sum(u * u, axis=1) * EXACT, xp.sum(v * v, axis=1) * EXACT
    return xp.maximum(of_u[:, None] + of_v[None, :] - 2.0 * (u @ v.T), 0.0)


def kernel(u: Any, v: Any, exponent: float) -> Any:
    """exp(-‖u_i - v_j‖^q): (n, m)."""
    xp = u.__array_namespace__()
    squares = squared_distances(u, v)
    if exponent == 2.0:
        return xp.exp(-squares)
    return xp.exp(-(squares ** (exponent / 2)))


def kernel_matrix(
    u: np.ndarray, v: np.ndarray, exponent: float, dtype: Any
) -> np.ndarray:
    """`kernel` in place and in `dtype`; the distances, whose sums cancel, in double."""
    squares = u @ (-2.0 * v.T)
    squares += (u * u).sum(axis=1)[:, None] * EXACT
    squares += (v * v).sum(axis=1) * EXACT
    np.maximum(squares, 0.0, out=squares)
    told = squares.astype(dtype, copy=False)
    if exponent != 2.0:
        np.power(told, told.dtype.type(exponent / 2), out=told)
    np.negative(told, out=told)
    return np.exp(told, out=told)


@dataclass(frozen=True, eq=False)
class Basis:
    """The features z(u) = L⁻¹ k(c, u) of some centres. centres: (m, r)."""

    centres: np.ndarray
    exponent: float
    factor: np.ndarray

    def __call__(self, u: np.ndarray) -> np.ndarray:
        """z(u), (n, m), in the precision of the factor."""
        k = kernel_matrix(u, self.centres, self.exponent, self.factor.dtype)
        return triangular.solve(self.factor, k.T, reuse=True).T

    def chunks(
        self, x: np.ndarray, seen: Callable[[np.ndarray], np.ndarray] = np.asarray
    ) -> Iterator[tuple[slice, np.ndarray]]:
        """z(u) of u = seen(x), some rows at a time."""
        for start in range(0, len(x), ROWS_AT_ONCE):
            rows = slice(start, min(start + ROWS_AT_ONCE, len(x)))
            yield rows, self(seen(x[rows]))

    def weights(self, beta: np.ndarray) -> np.ndarray:
        """α = L'⁻¹ β: (m, outputs)."""
        return triangular.solve(self.factor.astype(float), beta, transposed=True)


def make_basis(centres: np.ndarray, exponent: float, dtype: Any) -> Basis:
    """Factorise the kernel's matrix of the centres. centres: float64 (m, r)."""
    k = kernel_matrix(centres, centres, exponent, np.float64)
    k.flat[:: len(k) + 1] = 1.0 + JITTER[np.dtype(dtype)]
    return Basis(centres, exponent, cholesky(k).astype(dtype, copy=False))


def typical_distance(u: np.ndarray) -> float:
    """The median distance between two of the first FEW rows; 1 where all are one."""
    some = u[:FEW]
    squares = squared_distances(some, some)[np.triu_indices(len(some), 1)]
    return float(np.sqrt(np.median(squares))) or 1.0
