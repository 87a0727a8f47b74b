"""Which terms a formula may be made of, given the columns: a library of products.

    term = left · right

`left` is a monomial of up to three columns; `right` is a monomial of other columns,
or a function of a monomial. The shortest of each are listed, as many as the work
allows, so that up to some hundred thousand products are looked at.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from mapsto.families.formula_terms import (
    EXPONENTS,
    NATURAL,
    ONE,
    WAVES,
    Powers,
    Term,
    fitted_numbers,
    length,
    monomial,
)

TINY, HUGE = 1e-100, 1e100  # between them, squares and their sums are finite
KINDS = ("power", "root", "log", "exp", "cosine", "product", "ratio")
LEFT_COLUMNS, RIGHT_COLUMNS = 3, 2
A_RATE = 3.0  # nats
BALANCE = 6  # how many times more right factors than left ones
GROWTHS = (0.5, 1.5, 4.0)  # of exp, over one standard deviation of its argument
LEAST_GROWTH, MOST_GROWTH = 0.3, 20.0  # of exp's argument, over its range
HALF_WAVES = 16  # at most, of cos and sin, over the range of their argument
VALUES_PER_HALF_WAVE = 4


@dataclass(frozen=True)
class Variable:
    """A number column: where it stands in x, and what values it takes on."""

    index: int
    low: float
    high: float
    distinct: int

    def takes(self, exponent: float) -> bool:
        """Whether x^p is finite on all of its values, and not a copy of x."""
        if self.distinct < 3:
            return exponent == 1
        if exponent != int(exponent):
            return self.low > 0 or (self.low == 0 and exponent > 0)
        return exponent > 0 or self.low > 0 or self.high < 0


@dataclass(frozen=True)
class Library:
    """Terms whose products are looked at: all of `left` with all of `right`."""

    left: tuple[Term, ...]
    right: tuple[Term, ...]

    def apart(self) -> np.ndarray:
        """(A, B): whether the product is a term that is not written otherwise."""
        every = [i for t in (*self.left, *self.right) for i, _ in t.powers]
        width = max(every, default=0) + 1
        shared = _uses(self.left, width) @ _uses(self.right, width).T
        empty = [t == ONE for t in self.left], [t == ONE for t in self.right]
        return (shared == 0) & ~np.logical_and.outer(*empty)


def _uses(terms: Sequence[Term], width: int) -> np.ndarray:
    """(terms, columns): 1 where the term's monomial has the column."""
    uses = np.zeros((len(terms), width))
    for k, term in enumerate(terms):
        uses[k, [i for i, _ in term.powers]] = 1.0
    return uses


def library(
    variables: Sequence[Variable],
    raw: np.ndarray,
    kinds: Sequence[str],
    most: int,
) -> Library:
    """The shortest terms over these variables, at most `most` products of them.

    raw: (n, d), all columns in their own units.
    """
    width = raw.shape[1]
    lefts = shortest(monomials(variables, kinds, LEFT_COLUMNS), width)
    rights = shortest(
        [
            *monomials(variables, kinds, RIGHT_COLUMNS),
            *functions(variables, raw, kinds),
        ],
        width,
    )
    count = max(min(len(lefts), int(math.sqrt(most / BALANCE))), 1)
    if not {"product", "ratio"} & set(kinds):
        count = 1
    right = rights[: max(most // count - 1, 1)]
    return Library((ONE, *lefts[: count - 1]), (ONE, *right))


def shortest(terms: Iterable[Term], width: int) -> list[Term]:
    """The shortest first; a rate that is to be fitted makes a term longer."""
    return sorted(terms, key=lambda t: length(t, width) + A_RATE * fitted_numbers(t))


def monomials(
    variables: Sequence[Variable], kinds: Sequence[str], most: int
) -> Iterator[Term]:
    """Π x^p of up to `most` columns; three and more with exponents 1 and -1 only."""
    exponents = [float(p) for p in EXPONENTS if _allowed(p, kinds)]
    for size in range(1, most + 1):
        few = [p for p in exponents if size < 3 or abs(p) == 1]
        for chosen in combinations(variables, size):
            choices = [[p for p in few if v.takes(p)] for v in chosen]
            for powers in product(*choices):
                if size == 1 or _joined(powers, kinds):
                    yield Term(_powers(chosen, powers))


def _powers(variables: Sequence[Variable], exponents: Sequence[float]) -> Powers:
    return tuple((v.index, p) for v, p in zip(variables, exponents, strict=True))


def _allowed(exponent: float, kinds: Sequence[str]) -> bool:
    if exponent != int(exponent):
        return "root" in kinds
    if abs(exponent) == 1:
        return exponent == 1 or "power" in kinds or "ratio" in kinds
    return "power" in kinds


def _joined(exponents: Sequence[float], kinds: Sequence[str]) -> bool:
    """Whether factors with these exponents may stand side by side."""
    mixed = min(exponents) < 0 < max(exponents)
    return ("ratio" if mixed else "product") in kinds


def asked(term: Term, kinds: Sequence[str]) -> bool:
    """Whether a product of two terms is of these kinds."""
    exponents = [p for _, p in term.powers]
    if len(exponents) > 1 and not _joined(exponents, kinds):
        return False
    if term.function and exponents and not {"product", "ratio"} & set(kinds):
        return False
    return all(_allowed(p, kinds) for p in exponents)


def functions(
    variables: Sequence[Variable], raw: np.ndarray, kinds: Sequence[str]
) -> Iterator[Term]:
    """log, exp and the waves of x, x², 1/x, x·y and x/y, over a grid of rates."""
    for inner in _inners(variables, kinds):
        with np.errstate(all="ignore"):
            u = monomial(inner, lambda i, held: raw[:, i])
        if not (np.isfinite(u).all() and TINY < np.ptp(u) < HUGE):
            continue
        alone = len(inner) == 1 and inner[0][1] == 1
        ratio = len(inner) == 2 and inner[1][1] == -1
        if "log" in kinds and (alone or ratio) and u.min() > 0:
            yield Term((), "log", inner)
        if "exp" in kinds:
            yield from (Term((), "exp", inner, rate) for rate in _growths(u))
        if "cosine" in kinds and inner[0][1] > 0:
            for rate, wave in product(_frequencies(u, 2 if alone else 1), WAVES):
                if "²" not in wave or rate in NATURAL["wave"]:
                    yield Term((), wave, inner, rate)


def _inners(variables: Sequence[Variable], kinds: Sequence[str]) -> Iterator[Powers]:
    many = [v for v in variables if v.distinct > 2]
    for v in many:
        yield from (((v.index, p),) for p in (1.0, 2.0, -1.0) if v.takes(p))
    for a, b in combinations(many, 2):
        if "product" in kinds:
            yield ((a.index, 1.0), (b.index, 1.0))
        for over, under in ((a, b), (b, a)):
            if "ratio" in kinds and under.takes(-1):
                yield ((over.index, 1.0), (under.index, -1.0))


def _growths(u: np.ndarray) -> list[float]:
    spread, reach = float(u.std()), float(np.ptp(u))
    rates = {sign * g / spread for g in GROWTHS for sign in (-1, 1)}
    rates |= set(NATURAL["exp"])
    good = (r for r in rates if LEAST_GROWTH < abs(r) * reach < MOST_GROWTH)
    return sorted(good, key=lambda r: (abs(r), r))


def _frequencies(u: np.ndarray, steps: int) -> list[float]:
    """Half waves over the range of u, so many `steps` to each.

    A wave that turns faster than the values of u stand is not seen by them.
    """
    half = math.pi / float(np.ptp(u))
    most = min(HALF_WAVES, len(np.unique(u)) // VALUES_PER_HALF_WAVE)
    rates = {m * half / steps for m in range(1, most * steps + 1)}
    rates |= set(NATURAL["wave"])
    return sorted(r for r in rates if 0.5 * half < r <= most * half)
