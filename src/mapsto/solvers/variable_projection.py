r"""Separable nonlinear least squares: variable projection with Levenberg–Marquardt.

The model is linear in a and nonlinear in θ:

    minimise over θ, a:   |y - Φ(θ) a|² + λ |a|²

For each θ the best a is a linear least-squares solution, so only θ is searched
(Golub & Pereyra 1973, https://doi.org/10.1137/0710036). With P the projection onto
what Φ cannot reach, the residual is r = P y, and its Jacobian is -P (∂Φ a), up to a
term of the size of r (Kaufman 1975, https://doi.org/10.1007/BF01932995).

Everything is solved by orthogonal factorisations: normal equations would square
condition numbers that are already near 1e8.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.linalg import lapack

Array = np.ndarray
BLOCK, MANY = 16, 100  # columns of a block; from so many columns on, twice as many


class Separable(Protocol):
    """A model Φ(θ) a."""

    def at(self, theta: Array) -> tuple[Array, Callable[[Array], Array]]:
        """Φ(θ), shape (m, p), and the function a ↦ ∂(Φ(θ) a)/∂θ, shape (m, q)."""
        ...


@dataclass(frozen=True)
class Fit:
    """θ (q,), a (p,), the weighted residual y - Φ(θ) a (m,), and how many steps."""

    theta: Array
    a: Array
    residual: Array
    steps: int

    @property
    def square(self) -> float:
        """|residual|²."""
        return float(self.residual @ self.residual)


@dataclass(frozen=True)
class _Point:
    """The projection at one θ. `factors`, `blocks`: Householder QR of [Φ; √λ I]."""

    theta: Array
    a: Array
    residual: Array  # of the stacked system, (m + p,)
    reduced: Array  # the same in the coordinates of the QR, without its p zeros
    factors: Array
    blocks: Array
    slopes: Callable[[Array], Array]

    @property
    def cost(self) -> float:
        return float(self.reduced @ self.reduced)


def minimise(
    model: Separable,
    y: Array,
    theta: Array,
    ridge: float,
    steps: int,
    patience: int = 12,
    weights: Array | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Fit | None:
    """Levenberg–Marquardt on θ from a start, at most `steps` steps.

    y: (m,). `weights` multiply the residuals (m,). Stops after `patience` steps that
    each lower the cost by less than a thousandth. None: the start has no finite cost.
    """
    search = _Search(model, y if weights is None else y * weights, ridge, weights)
    point = search.project(theta)
    if point is None:
        return None
    damping, scale, idle, done = 1e-2, np.zeros(len(theta)), 0, 0
    while done < steps and idle < patience and not stopping():
        jacobian = search.jacobian(point)
        norms = np.sqrt(np.einsum("ij,ij->j", jacobian, jacobian))
        scale = np.maximum(np.where(norms > 0, norms, 1.0), 0.5 * scale)
        new, damping = search.step(point, jacobian, scale, damping)
        if new is None:
            break
        idle = idle + 1 if new.cost > 0.999 * point.cost else 0
        point, done = new, done + 1
    return Fit(point.theta, point.a, point.residual[: len(y)], done)


@dataclass(frozen=True)
class _Search:
    """The problem, and the moves on it."""

    model: Separable
    y: Array
    ridge: float
    weights: Array | None

    def _stacked(self, columns: Array, size: int) -> Array:
        """The columns above `size` rows of zeros, in LAPACK's order."""
        rows = len(columns)
        stacked = np.empty((rows + size, columns.shape[1]), order="F")
        weights = 1.0 if self.weights is None else self.weights[:, None]
        np.multiply(columns, weights, out=stacked[:rows])
        stacked[rows:] = 0.0
        return stacked

    def project(self, theta: Array) -> _Point | None:
        """The best a for this θ; None where that is not finite."""
        columns, slopes = self.model.at(theta)
        rows, size = columns.shape
        stacked = self._stacked(columns, size)
        stacked[rows + np.arange(size), np.arange(size)] = np.sqrt(self.ridge)
        factors, blocks = _factor(stacked)
        rotated = _rotate(factors, blocks, np.append(self.y, np.zeros(size)), "T")
        diagonal = np.abs(np.diagonal(factors)[:size])
        if not (np.isfinite(rotated).all() and diagonal.min() > 0):
            return None
        a = _solve(factors[:size], rotated[:size])
        reduced = rotated[size:]
        residual = _rotate(factors, blocks, np.append(np.zeros(size), reduced), "N")
        return _Point(theta, a, residual, reduced, factors, blocks, slopes)

    def jacobian(self, point: _Point) -> Array:
        """P (∂Φ a) in the coordinates of the QR, (m, q)."""
        size = len(point.a)
        stacked = self._stacked(point.slopes(point.a), size)
        return _rotate(point.factors, point.blocks, stacked, "T")[size:]

    def step(
        self, point: _Point, jacobian: Array, scale: Array, damping: float
    ) -> tuple[_Point | None, float]:
        """The first damped step that lowers the cost, and the next damping."""
        q = len(scale)
        stacked = np.empty((len(jacobian), q + 1), order="F")
        stacked[:, :q], stacked[:, q] = jacobian, point.reduced
        triangle = np.asfortranarray(np.triu(_factor(stacked)[0][: q + 1]))
        growth = 4.0
        while damping < 1e8:
            damped = _damped(triangle, np.sqrt(damping) * scale)[:q]
            new = self._move(point, jacobian, damped, scale)
            if new is not None and new.cost < point.cost:
                return new, max(damping / 5.0, 1e-14)
            damping, growth = max(damping * growth, 1e-12), 2.0 * growth
        return None, damping

    def _move(
        self, point: _Point, jacobian: Array, damped: Array, scale: Array
    ) -> _Point | None:
        """The damped step with its geodesic acceleration.

        Valleys are narrow and bent; the second-order term along the step follows the
        bend (Transtrum & Sethna 2012, https://arxiv.org/abs/1201.5885).
        """
        upper = damped[:, :-1]
        velocity = _solve(upper, damped[:, -1])
        if not np.isfinite(velocity).all():
            return None  # a slope is not finite: the model is not asked further
        probe = self.project(point.theta + 0.1 * velocity)
        if probe is None:
            return None
        # r(θ + h v) = r - h B v + h²/2 r″, with B the projected Jacobian
        change = self._reduced(point, probe.residual - point.residual)
        bend = 200.0 * (change + 0.1 * (jacobian @ velocity))
        acceleration = _solve(upper, _solve(upper, jacobian.T @ bend, transposed=1))
        bent = np.linalg.norm(scale * acceleration)
        if not 2.0 * bent <= 0.75 * np.linalg.norm(scale * velocity):
            return None
        return self.project(point.theta + velocity + 0.5 * acceleration)

    def _reduced(self, point: _Point, residual: Array) -> Array:
        return _rotate(point.factors, point.blocks, residual, "T")[len(point.a) :]


def _factor(columns: Array) -> tuple[Array, Array]:
    """Householder QR, in place: the factors (R on and above the diagonal), and the
    triangles T of its blocks I - V T Vᵀ.

    `dgeqrt` always works by blocks, and is twice as fast as `dgeqrf` for the few
    hundred columns that there are.
    """
    width = min(columns.shape)
    block = min(width, BLOCK if width < MANY else 2 * BLOCK)
    factors, blocks, _ = lapack.dgeqrt(block, columns, overwrite_a=1)
    return factors, blocks


def _damped(triangle: Array, diagonal: Array) -> Array:
    """The triangle of the QR of [R y; D 0], from R with y beside it, (q + 1, q + 1).

    `dtpqrt` knows that both are triangles: a third of the work.
    """
    size = len(triangle)
    below = np.zeros((size, size), order="F")
    below[np.arange(size - 1), np.arange(size - 1)] = diagonal
    return np.asarray(lapack.dtpqrt(size, min(BLOCK, size), triangle, below)[0])


def _solve(upper: Array, y: Array, transposed: int = 0) -> Array:
    """R⁻¹ y, or R⁻ᵀ y; what is below the diagonal of `upper` is not read."""
    return lapack.dtrtrs(upper, y, trans=transposed)[0]


def _rotate(factors: Array, blocks: Array, columns: Array, way: str) -> Array:
    """Qᵀ (way "T") or Q ("N") times the columns, from Householder factors."""
    several = columns.reshape(len(columns), -1)
    rotated, _ = lapack.dgemqrt(factors, blocks, several, side="L", trans=way)
    return rotated.reshape(columns.shape)
