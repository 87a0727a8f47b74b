r"""Nonlinear least squares with Bayesian regularisation, by Levenberg–Marquardt.

    minimise over w   F = β E_D + α E_W ,   E_D = Σ r_i(w)² ,   E_W = |w|²

(Marquardt 1963, https://doi.org/10.1137/0111030). Each step solves

    (JᵀJ + (α/β + μ) I) Δ = -(Jᵀr + α/β w)

with μ raised until F falls. How strongly w is held is found on the way, by the
evidence (MacKay 1992, https://doi.org/10.1162/neco.1992.4.3.448), with 2β JᵀJ + 2α I
for the Hessian H (Foresee & Hagan 1997, https://doi.org/10.1109/ICNN.1997.614194):

    γ = N - 2α tr(H⁻¹) ,   α ← γ / (2 E_W) ,   β ← (n - γ) / (2 E_D)

γ is the effective number of parameters: how many of the N are told by the data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

Array = np.ndarray

FIRST, LEAST, MOST = 1e-3, 1e-20, 1e10  # μ, in units of the largest curvature
FALL, RISE = 0.3, 2.0  # gentler than the usual 0.1 and 10: narrow valleys are followed
SETTLED, PATIENCE = 1e-3, 15  # relative change, for so many steps on end
EXACT = 1e-20  # E_D below this share of the first is rounding


class LeastSquares(Protocol):
    """A sum of squares over `rows` rows (a weighted count), as a function of w (N,)."""

    @property
    def rows(self) -> float:
        """How many rows tell, weighted."""
        ...

    def square(self, w: Array) -> float:
        """Σ r²."""
        ...

    def normal(self, w: Array) -> tuple[Array, Array, float]:
        """JᵀJ (N, N), Jᵀr (N,) and Σ r², with J = ∂r/∂w."""
        ...


@dataclass(frozen=True, eq=False)
class Fit:
    """w (N,); α and β; γ; the log of the evidence, up to what all fits to the same
    rows share; and how many steps were made."""

    w: Array
    alpha: float
    beta: float
    effective: float
    evidence: float
    steps: int


def minimise(
    problem: LeastSquares,
    start: Array,
    steps: int,
    stopping: Callable[[], bool] = lambda: False,
    before: Fit | None = None,
) -> Fit:
    """From a start (N,), which is not 0 throughout, at most `steps` steps; ends when
    E_D and γ have settled.

    `before`: the fit whose w this goes on from.
    """
    at = _Point.of(problem, start)
    floor = max(EXACT * at.square, 1e-300)
    effective = float(len(start)) if before is None else before.effective
    alpha, beta, effective = _strengths(at, problem.rows, effective, floor)
    damping, idle, done = FIRST * max(float(at.curvatures[-1]), 1e-300), 0, 0
    while done < steps and idle < PATIENCE and at.square > floor and not stopping():
        new, damping = _step(problem, at, alpha / beta, damping)
        if new is None:
            break
        settled = at.square - new.square < SETTLED * at.square
        at, done, last = new, done + 1, effective
        effective = at.effective(alpha / beta)
        alpha, beta, effective = _strengths(at, problem.rows, effective, floor)
        settled = settled and abs(effective - last) < SETTLED * max(last, 1.0)
        idle = idle + 1 if settled else 0
    evidence = _evidence(at, problem.rows, alpha, beta)
    return Fit(at.w, alpha, beta, effective, evidence, done)


@dataclass(frozen=True, eq=False)
class _Point:
    """JᵀJ = V diag(curvatures) Vᵀ at w; `slope`: Jᵀr in the coordinates of V."""

    w: Array
    square: float
    curvatures: Array
    directions: Array
    slope: Array

    @staticmethod
    def of(problem: LeastSquares, w: Array) -> "_Point":
        gram, cross, square = problem.normal(w)
        curvatures, directions = np.linalg.eigh(gram)
        slope = directions.T @ cross
        return _Point(w, square, np.maximum(curvatures, 0.0), directions, slope)

    def effective(self, ridge: float) -> float:
        """γ = Σ λ / (λ + α/β), which is N - 2α tr(H⁻¹)."""
        return float((self.curvatures / (self.curvatures + ridge)).sum())


def _strengths(
    at: _Point, rows: float, effective: float, floor: float
) -> tuple[float, float, float]:
    """α, β, and γ as it is."""
    alpha = effective / (2 * max(float(at.w @ at.w), 1e-300))
    beta = max(rows - effective, 1.0) / (2 * max(at.square, floor))
    return max(alpha, 1e-300), beta, effective


def _step(
    problem: LeastSquares, at: _Point, ridge: float, damping: float
) -> tuple[_Point | None, float]:
    """The first damped step by which E_D + α/β E_W falls, and the next μ."""
    largest = max(float(at.curvatures[-1]), 1e-300)
    cost = at.square + ridge * float(at.w @ at.w)
    gradient = at.slope + ridge * (at.directions.T @ at.w)
    while damping < MOST * largest:
        along = gradient / (at.curvatures + ridge + damping)
        w = at.w - at.directions @ along
        if problem.square(w) + ridge * float(w @ w) < cost:
            return _Point.of(problem, w), max(FALL * damping, LEAST * largest)
        damping *= RISE
    return None, damping


def _evidence(at: _Point, rows: float, alpha: float, beta: float) -> float:
    """log p(rows | α, β) by Laplace's approximation (MacKay 1992):

    -F - ½ log |H| + N/2 log 2α + n/2 log 2β, up to constants.
    """
    misfit = beta * at.square + alpha * float(at.w @ at.w)
    curvature = np.log(2 * beta * at.curvatures + 2 * alpha).sum()
    priors = len(at.w) * np.log(2 * alpha) + rows * np.log(2 * beta)
    return float(-misfit - curvature / 2 + priors / 2)
