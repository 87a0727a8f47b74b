"""The numbers inside a formula's terms: rates and exponents, fitted and rounded.

They are found by variable projection (`solvers/variable_projection.py`), all of them
at once, the coefficients following.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mapsto.families.formula_library import HUGE, TINY
from mapsto.families.formula_rows import Rows, Working
from mapsto.families.formula_terms import (
    RATED,
    WAVES,
    Term,
    monomial,
    natural_rates,
)
from mapsto.solvers.variable_projection import minimise

STEPS = 15
NUDGE = 1e-5  # relative, of central differences
LEAST_REACH, MOST_REACH = 0.3, 200.0  # of a function's argument over its column
HEAVIEST = 0.4  # share of a term's square that a single row may have
FEW_ROWS = 10
AT_ONCE = 200  # terms that are judged together
SAME = 1e-9  # spread of a term, as a share of its size, that rounding hides
LARGEST_EXPONENT = 6.0
NEAR = 0.1  # relative distance at which a natural rate is tried
RATE = -1
"""The place of the rate among a term's numbers; 0, 1, … are its exponents."""

Number = tuple[int, int]
"""(term, place)."""


def number_of(term: Term, place: int) -> float:
    """The rate, or an exponent."""
    return term.rate if place == RATE else term.powers[place][1]


def with_number(term: Term, place: int, value: float) -> Term:
    """The term with another rate or exponent."""
    if place == RATE:
        return replace(term, rate=value)
    powers = list(term.powers)
    powers[place] = (powers[place][0], value)
    return replace(term, powers=tuple(powers))


def sound(rows: Rows, term: Term) -> bool:
    """Whether the term is finite and within measure, and no single row decides it."""
    return bool(sound_among(rows, [term]))


def sound_among(rows: Rows, terms: Sequence[Term]) -> list[Term]:
    """The terms that are sound, judged all at once."""
    new = [t for t in dict.fromkeys(terms) if t not in rows.judged]
    for k in range(0, len(new), AT_ONCE):
        some = new[k : k + AT_ONCE]
        rows.judged.update(zip(some, _sound(rows, some), strict=True))
    return [t for t in terms if rows.judged[t]]


def _sound(rows: Rows, terms: Sequence[Term]) -> list[bool]:
    values, w = rows.values(terms), rows.w
    finite = np.isfinite(values).all(axis=0)
    values = np.where(finite, values, 0.0)
    largest = np.abs(values).max(axis=0)
    good = finite & (largest > TINY) & (largest < HUGE)
    values = np.where(good, values, 0.0)
    square = (values - w @ values / w.sum()) ** 2 * w[:, None]
    total, heaviest = square.sum(axis=0), square.max(axis=0)
    good &= total > SAME**2 * (w @ values**2)
    even = heaviest <= max(HEAVIEST, FEW_ROWS / len(values)) * total
    return [
        bool(varies) and (term.plain or (bool(fair) and _in_reach(rows, term)))
        for term, varies, fair in zip(terms, good, even, strict=True)
    ]


def _in_reach(rows: Rows, term: Term) -> bool:
    """Neither as good as a straight line, nor faster than the rows can tell."""
    if any(abs(p) > LARGEST_EXPONENT for _, p in term.powers):
        return False
    if term.function not in RATED:
        return True
    with np.errstate(all="ignore"):
        u = monomial(term.inner, lambda i, held: rows.raw[:, i])
    return bool(LEAST_REACH <= abs(term.rate) * np.ptp(u) <= MOST_REACH)


def tuned(
    rows: Rows, terms: Sequence[Term], at: Working, free: Sequence[Number] = ()
) -> list[Term]:
    """The terms with the rates, and the `free` exponents, that suit the data best.

    Terms that share a rate, as the sine and the cosine of one argument do, keep
    sharing it. With several outputs nothing is tuned.
    """
    groups = [*_shared_rates(terms), *([n] for n in free)]
    if not groups or at.z.shape[1] > 1:
        return list(terms)
    model = Tunable(rows, tuple(terms), groups)
    with np.errstate(all="ignore"):
        fit = minimise(model, at.z[:, 0], model.start, 0.0, STEPS, 4, np.sqrt(at.v))
    if fit is None:
        return list(terms)
    pairs = zip(terms, model.terms_at(fit.theta), strict=True)
    return [new if sound(rows, new) else old for old, new in pairs]


def _shared_rates(terms: Sequence[Term]) -> list[list[Number]]:
    groups: dict[object, list[Number]] = {}
    for k, term in enumerate(terms):
        if term.function in RATED:
            kind = "wave" if term.function in WAVES else "exp"
            key = (kind, term.inner, term.rate)
            groups.setdefault(key, []).append((k, RATE))
    return list(groups.values())


@dataclass(frozen=True, eq=False)
class Tunable:
    """1 and the terms as functions of θ, one number per group."""

    rows: Rows
    terms: tuple[Term, ...]
    groups: Sequence[Sequence[Number]]

    @property
    def start(self) -> np.ndarray:
        return np.array([number_of(self.terms[k], p) for (k, p), *_ in self.groups])

    def terms_at(self, theta: np.ndarray) -> list[Term]:
        terms = list(self.terms)
        for group, value in zip(self.groups, theta.tolist(), strict=True):
            for k, place in group:
                terms[k] = with_number(terms[k], place, value)
        return terms

    def at(
        self, theta: np.ndarray
    ) -> tuple[np.ndarray, Callable[[np.ndarray], np.ndarray]]:
        """(n, 1 + k), and a ↦ the slope of their sum in each number of θ."""
        terms = self.terms_at(theta)
        ones = np.ones(len(self.rows.y))
        columns = np.stack([ones, *(self.rows.value(t) for t in terms)], axis=1)

        def slopes(a: np.ndarray) -> np.ndarray:
            total = np.zeros((len(ones), len(self.groups)))
            for j, group in enumerate(self.groups):
                for k, place in group:
                    total[:, j] += a[k + 1] * slope(self.rows, terms[k], place)
            return total

        return columns, slopes


def slope(rows: Rows, term: Term, place: int) -> np.ndarray:
    """∂ term / ∂ number, (n,), by central differences."""
    value = number_of(term, place)
    h = NUDGE * max(abs(value), 1e-6)
    up, down = (rows.value(with_number(term, place, value + s)) for s in (h, -h))
    return (up - down) / (2 * h)


def free_exponents(rows: Rows, term: Term) -> list[int]:
    """The places of exponents of columns that are positive throughout."""
    positive = {v.index for v in rows.variables if v.low > 0 and v.distinct > 2}
    return [place for place, (i, _) in enumerate(term.powers) if i in positive]


def fitted_groups(terms: Sequence[Term]) -> list[list[Number]]:
    """The numbers that were fitted: rates, shared or not, and exponents."""
    rates = [
        group
        for group in _shared_rates(terms)
        if number_of(terms[group[0][0]], RATE) not in natural_rates(terms[group[0][0]])
    ]
    exponents = [
        [(k, place)]
        for k, term in enumerate(terms)
        for place, (_, p) in enumerate(term.powers)
        if 2 * p != int(2 * p)
    ]
    return rates + exponents


def rounder(terms: Sequence[Term], group: Sequence[Number]) -> Iterator[list[Term]]:
    """The terms with one of their numbers rounded, the roundest first."""
    k, place = group[0]
    for value in _rounder(terms[k], place):
        new = list(terms)
        for j, at in group:
            new[j] = with_number(new[j], at, value)
        if value and len(set(new)) == len(new):
            yield new


def _rounder(term: Term, place: int) -> list[float]:
    value = number_of(term, place)
    figures = [float(f"{value:.{many}g}") for many in (1, 2, 3, 4)]
    if place != RATE:
        return [round(2 * value) / 2, *figures]
    natural = [r for r in natural_rates(term) if abs(r - value) < NEAR * abs(r)]
    turns = [round(2 * value / math.pi) * math.pi / 2] * (term.function in WAVES)
    return [*natural, figures[0], *turns, *figures[1:]]
