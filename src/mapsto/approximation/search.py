"""From many starts of one size to the best network that they lead to.

    start → ridge annealed (all) → the better half → … → points exchanged where the
    error peaks → long polish with a vanishing ridge (a few) → levelled to minimax

Without the ridge the output weights grow to 1e11 and the search stalls within a few
steps; with it annealed, they grow only as far as accuracy asks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from mapsto.approximation.network import Network
from mapsto.approximation.units import Units
from mapsto.solvers.variable_projection import Fit, minimise

Array = np.ndarray

STAGES = ((1e-10, 20), (1e-12, 20), (1e-15, 30))
"""Ridge per point, and steps."""
BEHIND = 3.0
FAR, HOPELESS = 30.0, 3000.0
"""Times the goal: less is done for a size that is so far off, or nothing more."""
STEEPEST = 1e13  # a steeper unit is a jump at the resolution of float64


class Problem(Protocol):
    """A function to approximate, scaled to the box [-1, 1]^d and to values near 1."""

    def training(self, unknowns: int, extra: Array) -> tuple[Array, Array, Array]:
        """Points (m, d), values (m,) and weights (m,) to fit so many unknowns to;
        `extra` among them."""
        ...

    def error(self, network: Network) -> tuple[float, Array]:
        """The largest weighted error on a check grid, and where the errors peak."""
        ...

    def final(self, network: Network) -> Network:
        """The network in the user's coordinates."""
        ...


@dataclass(frozen=True)
class Candidate:
    """A network under way: units at θ on a problem, with extra points (k, d) to fit."""

    problem: Problem
    units: Units
    theta: Array
    extra: Array = field(default_factory=lambda: np.zeros((0, 1)))
    fit: Fit | None = None
    network: Network | None = None
    error: float = np.inf
    peaks: Array = field(default_factory=lambda: np.zeros((0, 1)))

    @property
    def mean_square(self) -> float:
        return np.inf if self.fit is None else self.fit.square / len(self.fit.residual)


@dataclass(frozen=True)
class Aim:
    """When to stop, and the rounding of the precision: `unit` is 2⁻⁵³ or 2⁻²⁴."""

    goal: float
    unit: float
    stopping: Callable[[], bool] = lambda: False

    def over(self, c: Candidate) -> bool:
        return c.error <= self.goal or self.stopping()

    def far(self, c: Candidate, times: float) -> bool:
        """Is the error so many times the goal? Without a goal nothing is far."""
        return 0.0 < times * self.goal < c.error

    def ridge(self, c: Candidate) -> float:
        """A hundredth of |r|²/|a|²; never below what rounding adds to the error,
        which is about (2u)² |a|² per point."""
        if c.fit is None:
            return STAGES[-1][0]
        size = float(c.fit.a @ c.fit.a) or 1.0
        return max(0.01 * c.mean_square / size, 4.0 * self.unit**2)


def improve(
    c: Candidate,
    aim: Aim,
    ridge: float,
    steps: int,
    patience: int = 12,
    level: Array | None = None,
) -> Candidate:
    """Fit by at most `steps` steps. `level` multiplies the weights."""
    x, y, w = c.problem.training(len(c.theta), c.extra)
    weights = w if level is None else w * level
    ridge = max(ridge, 4.0 * aim.unit**2) * len(y)
    with np.errstate(all="ignore"):
        fit = minimise(
            c.units.on(x), y, c.theta, ridge, steps, patience, weights, aim.stopping
        )
    return c if fit is None else replace(c, theta=fit.theta, fit=fit)


def judged(c: Candidate) -> Candidate:
    """The candidate with its network and that network's largest error."""
    if c.fit is None:
        return c
    network = c.units.network(c.theta, c.fit.a)
    if not network.largest < STEEPEST:
        return replace(c, network=network, error=np.inf)
    with np.errstate(all="ignore"):
        error, peaks = c.problem.error(network)
    return replace(c, network=network, error=error, peaks=peaks)


def exchanged(c: Candidate) -> Candidate:
    """The candidate with the places of its largest errors among its points."""
    if c.network is None:
        return c
    return replace(c, extra=np.unique(np.concatenate([c.extra, c.peaks]), axis=0))


def best_of(pool: Sequence[Candidate]) -> Candidate:
    return min(pool, key=lambda c: c.error)


def search(
    pool: Sequence[Candidate], aim: Aim, keep: int = 3, first: int = 0
) -> Candidate:
    """The best network that the starts lead to; the ridge begins at stage `first`."""
    kept = list(pool)
    for ridge, steps in STAGES[first:]:
        kept = [improve(c, aim, ridge, steps) for c in kept]
        kept.sort(key=lambda c: c.mean_square)
        kept = kept[: max(keep, (len(kept) + 1) // 2)]
    kept = [judged(c) for c in kept[:keep]]
    best = best_of(kept)
    for c in sorted(kept, key=lambda c: c.error):
        if not aim.over(best):
            best = best_of([best, polished(c, aim, best.error)])
    # levelling gains a factor of 1.1 to 4
    near = best.error <= 5.0 * aim.goal or aim.goal == 0.0
    return best if aim.over(best) or not near else levelled(best, aim)


def polished(
    c: Candidate, aim: Aim, behind: float = np.inf, rounds: int = 10
) -> Candidate:
    """Fitted on and on with a vanishing ridge, while that pays; a candidate with more
    than BEHIND times the error `behind`, or FAR from the goal, must gain in every
    round."""
    best, idle = c, 0
    for _ in range(rounds):
        c = judged(improve(exchanged(c), aim, aim.ridge(c), 80, patience=40))
        idle = 0 if c.error < 0.7 * best.error else idle + 1
        best = best_of([best, c])
        slow = best.error > BEHIND * behind or aim.far(best, FAR)
        if aim.over(best) or idle == (1 if slow else 2):
            break
    return best


def levelled(c: Candidate, aim: Aim, rounds: int = 8) -> Candidate:
    """Reweighted towards equal peaks of the error: Lawson's algorithm.

    The weight of a point is multiplied by its error again and again, so that least
    squares tends to minimax (Rice & Usow 1968,
    https://doi.org/10.1090/S0025-5718-1968-0220476-X).
    """
    best = c = exchanged(c)
    x, y, w = c.problem.training(len(c.theta), c.extra)
    level = np.ones(len(y))
    for _ in range(rounds):
        if c.network is None or aim.over(best):
            break
        level = level * np.abs(c.network(x) - y) * w
        level = np.maximum(level / level.mean(), 1e-3)
        c = judged(improve(c, aim, aim.ridge(c), 12, level=np.sqrt(level)))
        best = best_of([best, c])
    return best
