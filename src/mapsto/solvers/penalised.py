"""Penalised least squares whose many penalties find their own strengths.

    minimise over β   ‖y − Xβ‖²_W / φ + Σ_j λ_j ‖β_j‖² / φ

where β_j are the coefficients of the columns in group j. Seen as a prior,
β_j ~ N(0, φ/λ_j), and the strengths λ maximise the likelihood with β integrated out
(REML: Wood 2011, https://doi.org/10.1111/j.1467-9868.2010.00749.x). The generalised
Fellner–Schall update needs no derivatives (Wood & Fasiolo 2017,
https://doi.org/10.1111/biom.12666); for disjoint groups it reads

    λ_j ← φ edf_j / ‖β_j‖² ,   edf_j = Σ_{i in j} (1 − λ_j V_ii),   V = (X'WX + Λ)⁻¹.

Everything works on X'WX and X'Wy, made once in one pass over the rows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.optimize import nnls

from mapsto.solvers import triangular

FREE = -1
"""The group of the columns without a penalty."""
DEAD = 1e-3
"""A group with fewer effective degrees of freedom than this is left out."""
WEAKEST = 1e-6
"""The least λ_j, in units of the mean of diag(X'WX) over the group."""
POWER = 1.5
"""Exponent that lengthens the Fellner–Schall update."""
SLOWEST = 0.1
"""The least factor by which one update may change a strength."""

SETTLED = 0.2
"""REML ends when −2 log likelihood changes by less than this."""

Tick = Callable[[], None]
"""Called a few times a second; raises to stop the work."""


class Design(Protocol):
    """The matrix X (n, p), given some rows at a time."""

    @property
    def shape(self) -> tuple[int, int]: ...

    def __iter__(self) -> Iterator[tuple[slice, np.ndarray]]: ...


@dataclass(frozen=True)
class Solution:
    """What was found, for K outputs.

    beta: (p, K). strengths: (groups,), the λ; infinite where a group was left out.
    edf: (p, K), effective degrees of freedom per column. covariance: K matrices
    (p, p), the posterior of β given the strengths. scale: φ, the residual variance
    (1 for logistic).
    """

    beta: np.ndarray
    strengths: np.ndarray
    edf: np.ndarray
    covariance: list[np.ndarray]
    scale: float


@dataclass(frozen=True)
class Quadratic:
    """Least squares as moments: ‖y − Xβ‖²_W = total − 2β'cross + β'gram β.

    gram: (p, p). cross: (p,). rows: Σw, the number of rows it came from.
    """

    gram: np.ndarray
    cross: np.ndarray
    total: float
    rows: float

    def part(self, columns: np.ndarray) -> "Quadratic":
        """The same problem with some of the columns only."""
        gram = self.gram[np.ix_(columns, columns)]
        return Quadratic(gram, self.cross[columns], self.total, self.rows)

    def misfit(self, beta: np.ndarray) -> float:
        """‖y − Xβ‖²_W."""
        squares = self.total - 2 * beta @ self.cross + beta @ self.gram @ beta
        return float(squares)

    @property
    def rounding(self) -> float:
        """A misfit below this cannot be told from 0."""
        return 1e-14 * self.total + 1e-300


@dataclass(frozen=True)
class Minimum:
    """Where a `Quadratic` plus Σ penalty_i β_i² is least.

    beta, edf: (p,). root: (q, q) with V = root'root on the q columns `kept`, whose
    penalty is finite; elsewhere β is 0. log_determinant: log |X'WX + Λ|.
    """

    beta: np.ndarray
    edf: np.ndarray
    root: np.ndarray
    kept: np.ndarray
    log_determinant: float

    def covariance(self, scale: float) -> np.ndarray:
        full = np.zeros((len(self.beta), len(self.beta)))
        full[np.ix_(self.kept, self.kept)] = scale * (self.root.T @ self.root)
        return full


def least_squares(design: Design, y: np.ndarray, w: np.ndarray) -> Quadratic:
    """The moments of weighted least squares, in one pass. y, w: (n,)."""
    gram, cross = moments(design, w, w * y, np.arange(design.shape[1]))
    return Quadratic(gram, cross, float(w @ y**2), float(w.sum()))


def gaussian(
    problem: Quadratic,
    groups: np.ndarray,
    tick: Tick,
    strengths: np.ndarray | None = None,
    rising: np.ndarray | None = None,
    start: Solution | None = None,
) -> Solution:
    """Penalised least squares. groups: (p,), each `FREE` or 0, 1, …

    The strengths are found by REML unless they are given. rising: (q, p), see
    `minimum`. start: what was found without the last groups, to begin with.
    """
    if strengths is None:
        strengths = fellner_schall(problem, groups, tick, rising, start)
    found = minimum(problem, spread(strengths, groups), rising)
    scale = residual_variance(problem, found)
    return Solution(
        found.beta[:, None],
        strengths,
        found.edf[:, None],
        [found.covariance(scale)],
        scale,
    )


def fellner_schall(
    problem: Quadratic,
    groups: np.ndarray,
    tick: Tick,
    rising: np.ndarray | None = None,
    start: Solution | None = None,
) -> np.ndarray:
    """Strengths λ (groups,) that maximise the restricted likelihood.

    Ends when −2 log likelihood changes by less than `SETTLED`. An infinite λ_j means
    that group j is left out.
    """
    usual = typical(problem, groups)
    strengths = begun(usual, start)
    least, power, before = WEAKEST * usual, POWER, np.inf
    for _ in range(60):
        tick()
        found = minimum(problem, spread(strengths, groups), rising)
        after = restricted(problem, found, spread(strengths, groups))
        if abs(before - after) <= SETTLED:
            break
        power, before = (1.0 if after > before else power), after
        beta, scale = found.beta[:, None], residual_variance(problem, found)
        strengths = updated(strengths, least, groups, [found], beta, scale, power)
    return strengths


def begun(usual: np.ndarray, start: Solution | None) -> np.ndarray:
    """Strengths to begin with: those found before, and the usual ones of the rest."""
    if start is None:
        return usual
    return np.append(start.strengths, usual[len(start.strengths) :])


def updated(
    strengths: np.ndarray,
    least: np.ndarray,
    groups: np.ndarray,
    found: Sequence[Minimum],
    beta: np.ndarray,
    scale: float = 1.0,
    power: float = POWER,
) -> np.ndarray:
    """One Fellner–Schall update, λ_j ← φ edf_j / ‖β_j‖², summed over K outputs."""
    edf = by_group(np.sum([f.edf for f in found], axis=0), groups)
    size = by_group((beta**2).sum(axis=1), groups)
    alive = edf > DEAD * len(found)
    now = strengths[alive]
    ratio = scale * edf[alive] / np.maximum(now * size[alive], 1e-100)
    new = np.full(len(strengths), np.inf)
    new[alive] = np.maximum(now * np.maximum(ratio**power, SLOWEST), least[alive])
    return new


def restricted(problem: Quadratic, at: Minimum, penalty: np.ndarray) -> float:
    """−2 log restricted likelihood, up to a constant, at the φ that makes it least.

    (n − m) log (‖y − Xβ‖² + β'Λβ) + log |X'WX + Λ| − log |Λ|₊ , m free columns
    (Wood 2011, eq. 4, with φ profiled out)
    """
    free = penalty == 0
    deviance = problem.misfit(at.beta) + ridge(penalty, at.beta)
    freedom = max(problem.rows - free.sum(), 1.0)
    prior = np.log(penalty[np.isfinite(penalty) & ~free]).sum()
    fit = freedom * np.log(max(deviance, problem.rounding))
    return float(fit + at.log_determinant - prior)


def minimum(
    problem: Quadratic, penalty: np.ndarray, rising: np.ndarray | None = None
) -> Minimum:
    """Minimise a quadratic plus Σ penalty_i β_i²; an infinite penalty means β_i = 0.

    rising: A (q, p), subject to Aβ ≥ 0. The rows of A that bind hold as equations, and
    V becomes that of the plane on which they do.
    """
    kept = np.flatnonzero(np.isfinite(penalty))
    part = problem.part(kept)
    part.gram.flat[:: len(kept) + 1] += penalty[kept]
    factor = cholesky(part.gram)
    root = triangular.inverse(factor)
    if rising is not None:
        root = on_the_plane(root, part.cross, rising[:, kept])
    beta, edf = np.zeros((2, len(penalty)))
    beta[kept] = root.T @ (root @ part.cross)
    edf[kept] = 1 - penalty[kept] * (root**2).sum(axis=0)
    return Minimum(beta, edf, root, kept, 2 * float(np.log(np.diag(factor)).sum()))


def on_the_plane(root: np.ndarray, cross: np.ndarray, a: np.ndarray) -> np.ndarray:
    """root (q, q) such that root'root cross is the minimum subject to aβ ≥ 0.

    With V = root'root, the minimum is V (cross + a'μ) for the μ ≥ 0 that makes
    |root (cross + a'μ)|² least: a non-negative least-squares problem (Lawson & Hanson
    1995, *Solving Least Squares Problems*, chapter 23). Where μ > 0 the row binds,
    and (I − QQ') root, Q spanning root a' of these rows, keeps it at 0.
    """
    goal = root @ cross
    if (a @ (root.T @ goal) >= 0).all():
        return root
    sides = root @ a.T
    lengths = np.linalg.norm(sides, axis=0)
    sides = sides[:, lengths > 0] / lengths[lengths > 0]
    force, _ = nnls(sides, -goal, maxiter=50 * sides.shape[1])
    span, triangle = np.linalg.qr(sides[:, force > 0])
    span = span[:, np.abs(np.diag(triangle)) > 1e-10]
    return np.asarray(root - span @ (span.T @ root))


def cholesky(matrix: np.ndarray) -> np.ndarray:
    """Lower factor; a hair is added to the diagonal when rounding spoils it."""
    hair = 1e-12 * np.diag(matrix).mean()
    for _ in range(4):
        factor = triangular.lower_factor(matrix)
        if factor is not None:
            return factor
        matrix.flat[:: len(matrix) + 1] += hair
        hair *= 100
    raise np.linalg.LinAlgError("the matrix is not positive definite")


def ridge(penalty: np.ndarray, beta: np.ndarray) -> float:
    """Σ penalty_i β_i², summed over outputs; β is 0 where the penalty is infinite."""
    finite = np.where(np.isfinite(penalty), penalty, 0.0)
    return float(finite @ (beta.reshape(len(penalty), -1) ** 2).sum(axis=1))


def residual_variance(problem: Quadratic, at: Minimum) -> float:
    """φ = ‖y − Xβ‖²_W / (rows − edf)."""
    misfit = max(problem.misfit(at.beta), problem.rounding)
    return misfit / max(problem.rows - at.edf.sum(), 1.0)


def moments(
    design: Design, curvature: np.ndarray, slope: np.ndarray, kept: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """X' diag(curvature) X and X' slope, some rows at a time; 0 but where `kept`."""
    p, few = design.shape[1], len(kept) < design.shape[1]
    inner, cross = np.zeros((len(kept), len(kept))), np.zeros(p)
    for rows, x in design:
        half = (x[:, kept] if few else x) * np.sqrt(curvature[rows, None])
        inner += half.T @ half
        cross += x.T @ slope[rows]
    if not few:
        return inner, cross
    gram = np.zeros((p, p))
    gram[np.ix_(kept, kept)] = inner
    return gram, cross


def times(design: Design, beta: np.ndarray) -> np.ndarray:
    """X β (n, K)."""
    product = np.empty((design.shape[0], beta.shape[1]))
    for rows, x in design:
        product[rows] = x @ beta
    return product


def transposed_times(design: Design, values: np.ndarray) -> np.ndarray:
    """X' values (p,)."""
    return np.sum([x.T @ values[rows] for rows, x in design], axis=0)


def typical(problem: Quadratic, groups: np.ndarray) -> np.ndarray:
    """Mean of diag(X'WX) over each group: the strength that weighs like the data."""
    diagonal = np.diag(problem.gram)
    mean = by_group(diagonal, groups) / by_group(np.ones(len(groups)), groups)
    return np.maximum(mean, 1e-12 * diagonal.max())


def spread(strengths: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Each column's penalty (p,): its group's strength, 0 where free."""
    return np.append(strengths, 0.0)[groups]


def by_group(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Sums (groups,) of a value per column (p,)."""
    inside = groups != FREE
    return np.bincount(groups[inside], values[inside], groups.max() + 1)
