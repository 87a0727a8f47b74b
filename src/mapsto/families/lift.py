"""The lift: inputs into a higher-dimensional space, where bent things are flat.

    eta = b + β'φ(x)

φ holds the inputs and their products up to some degree, or their waves; rings in two
dimensions are a plane's edge in three.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import comb
from typing import Any

import numpy as np

from mapsto.families.doors import (
    LEAST_PENALTY,
    PENALTIES,
    Rows,
    Tick,
    Verdict,
    judged_logistic,
    judged_squares,
    paced,
)
from mapsto.solvers.on_features import Logits, least_squares, logistic, moments

MAPS = ("polynomial", "fourier")
DEGREES = {"polynomial": (2, 3), "fourier": (1, 3)}
MOST_FEATURES = {"quick": 300, "normal": 500, "thorough": 1500}
REACH = 3.0  # inputs are within ±3; the slowest wave has this as its half period
ROWS_AT_ONCE = 512
STANDARD_ROWS = 20_000  # whose means and spreads the features are scaled by
LARGEST = 5e7  # rows × features that logistic regression holds in memory


@dataclass(frozen=True)
class Lift:
    """φ: which map, its degree, and the inputs that are bent (all are kept as they
    are besides)."""

    map: str
    degree: int
    bent: tuple[int, ...]

    def __call__(self, x: Any) -> Any:
        """(n, d) -> (n, size)."""
        xp = x.__array_namespace__()
        parts = self._waves(x) if self.map == "fourier" else self._products(x)
        return xp.concat([x, *parts], axis=1)

    def _products(self, x: Any) -> list[Any]:
        """x_i x_j, x_i x_j x_k, ...: the monomials of each degree."""
        xp, parts = x.__array_namespace__(), []
        for degree in range(2, self.degree + 1):
            told = np.array(list(combinations_with_replacement(self.bent, degree)))
            product = xp.take(x, xp.asarray(told[:, 0]), axis=1)
            for factor in told.T[1:]:
                product = product * xp.take(x, xp.asarray(factor), axis=1)
            parts.append(product)
        return parts

    def _waves(self, x: Any) -> list[Any]:
        """cos and sin of k π x / 3, k = 1, 2, ..., degree."""
        xp = x.__array_namespace__()
        bent = xp.take(x, xp.asarray(np.array(self.bent)), axis=1)
        angles = [k * np.pi / REACH * bent for k in range(1, self.degree + 1)]
        return [xp.concat([xp.cos(a), xp.sin(a)], axis=1) for a in angles]

    @property
    def words(self) -> str:
        if self.map == "fourier":
            return f"waves of {self.degree} frequencies"
        return f"products up to degree {self.degree}"


def lifted(parameters: Any, x: Any, lift: Lift) -> Any:
    """eta = φ(x) β + b."""
    return lift(x) @ parameters["beta"] + parameters["intercept"]


@dataclass(frozen=True, eq=False)
class Standard:
    """φ centred and scaled by what one set of rows has."""

    lift: Lift
    center: np.ndarray
    scale: np.ndarray

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return (self.lift(x) - self.center) / self.scale

    def chunks(self, x: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
        """Some rows at a time."""
        for start in range(0, len(x), ROWS_AT_ONCE):
            rows = slice(start, min(start + ROWS_AT_ONCE, len(x)))
            yield rows, self(x[rows])

    def parameters(self, at: Logits) -> dict[str, np.ndarray]:
        """The same function of φ as it is."""
        beta = at.beta / self.scale[:, None]
        return {"beta": beta, "intercept": at.intercept - self.center @ beta}


def standard(lift: Lift, rows: Rows) -> Standard:
    z = lift(rows.x)
    center = np.average(z, axis=0, weights=rows.w)
    scale = np.sqrt(np.average((z - center) ** 2, axis=0, weights=rows.w))
    flat = scale <= 1e-9 * np.maximum(np.abs(z).max(axis=0), 1e-300)
    return Standard(lift, center, np.where(flat, np.inf, scale))


def affordable(
    maps: Sequence[str], degrees: Sequence[int] | None, relevance: np.ndarray, most: int
) -> list[Lift]:
    """The lifts to try. Where all inputs would make more than `most` features, the
    most relevant of them are bent. relevance: (d,), 0 for inputs not to bend."""
    bendable = max(1, int((relevance > 0).sum()))
    order = np.argsort(-relevance, kind="stable")[:bendable]
    lifts = []
    for name in maps:
        for degree in degrees or DEGREES[name]:
            count = len(order)
            while count > 1 and _size(name, degree, count) > most:
                count -= 1
            bent = tuple(sorted(order[:count].tolist()))
            lifts.append(Lift(name, degree, bent))
    return lifts


def _size(name: str, degree: int, bent: int) -> int:
    if name == "fourier":
        return 2 * degree * bent
    return comb(bent + degree, degree) - bent - 1


@dataclass(frozen=True, eq=False)
class LiftTrial:
    """A lift and how it did on the inner rows."""

    lift: Lift
    verdict: Verdict

    @property
    def loss(self) -> float:
        return self.verdict.loss


def best_lift(
    lifts: Sequence[Lift],
    rest: Rows,
    inner: Rows,
    penalty: float | None,
    steps: int,
    tick: Tick,
) -> LiftTrial:
    """The lift and the penalty with the least loss on the inner rows."""
    penalties = PENALTIES.tolist() if penalty is None else [_enough(penalty)]

    def judged(lift: Lift) -> LiftTrial:
        tick()
        phi = standard(lift, rest)
        m = moments(phi.chunks(rest.x), rest.y, rest.w)
        verdict, _ = judged_squares(m, phi(inner.x), inner, penalties)
        return LiftTrial(lift, verdict)

    best = min(map(judged, lifts), key=lambda t: t.loss)
    if not rest.classes:
        return best
    phi = standard(best.lift, rest)
    z, z_inner = phi(rest.x), phi(inner.x)
    gram = moments([(slice(None), z)], rest.y, rest.w).gram
    verdict = judged_logistic(z, rest, z_inner, inner, gram, penalties, steps, tick)
    return LiftTrial(best.lift, verdict)


def solved_lift(
    lift: Lift, rows: Rows, penalty: float, tick: Tick
) -> dict[str, np.ndarray]:
    """The parameters of the function on all rows; of classes, on as many of them as
    memory holds."""
    phi = standard(lift, rows.part(slice(STANDARD_ROWS)))
    if rows.classes:
        rows = rows.part(slice(int(LARGEST / len(phi.center))))
    m = moments(paced(phi.chunks(rows.x), tick), rows.y, rows.w)
    if not rows.classes:
        (beta,) = least_squares(m, [_enough(penalty)])
        return phi.parameters(Logits(beta, m.mean))
    of_classes = rows.labels, rows.w, rows.classes
    return phi.parameters(logistic(phi(rows.x), *of_classes, m.gram, penalty, tick))


def _enough(penalty: float) -> float:
    return max(penalty, LEAST_PENALTY)
