"""The terms that a formula is made of: their value, and their length.

    term = Π_i x_i^(p_i) · g(rate · Π_j x_j^(q_j))

with g one of 1, log, exp, cos, sin, cos², sin², and x the columns in their own units.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, reduce
from operator import mul
from typing import Any

Powers = tuple[tuple[int, float], ...]
"""(column, exponent) of each factor of a monomial."""

Columns = Callable[[int, bool], Any]
"""columns(i, held) is column i (n,), `held` to the range that it was learned on."""

FUNCTIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "log": lambda xp, u: xp.log(u),
    "exp": lambda xp, u: xp.exp(u),
    "cos": lambda xp, u: xp.cos(u),
    "sin": lambda xp, u: xp.sin(u),
    "cos²": lambda xp, u: xp.cos(u) ** 2,
    "sin²": lambda xp, u: xp.sin(u) ** 2,
}
WAVES = ("cos", "sin", "cos²", "sin²")
RATED = ("exp", *WAVES)
"""Functions whose argument has a rate."""


@dataclass(frozen=True)
class Term:
    """One term: a monomial, times a function of a monomial where there is one."""

    powers: Powers = ()
    function: str = ""
    inner: Powers = ()
    rate: float = 1.0

    def __mul__(self, other: "Term") -> "Term":
        """The product; at most one of the two may have a function."""
        exponents = dict(self.powers)
        for column, exponent in other.powers:
            exponents[column] = exponents.get(column, 0.0) + exponent
        powers = tuple(sorted((c, e) for c, e in exponents.items() if e))
        return replace(other if other.function else self, powers=powers)

    @property
    def plain(self) -> bool:
        """Whether it is a column as it stands."""
        return not self.function and len(self.powers) == 1 and self.powers[0][1] == 1


ONE = Term()
"""The empty product."""


def evaluate(term: Term, columns: Columns, seen: Any = None) -> Any:
    """The term's value (n,). `seen`: the range that the argument of exp is held to."""
    factors = [monomial(term.powers, columns)] if term.powers else []
    if term.function:
        u = term.rate * monomial(term.inner, columns, held=term.function == "log")
        xp = u.__array_namespace__()
        if seen is not None and term.function == "exp":
            u = xp.minimum(xp.maximum(u, seen[0]), seen[1])
        factors.append(FUNCTIONS[term.function](xp, u))
    return reduce(mul, factors)


def monomial(powers: Powers, columns: Columns, held: bool = False) -> Any:
    """Π x^p.

    Where 1/x, √x or log x is asked for, x is held to its seen range, so that no new
    row meets a pole or the end of a domain; x, x² and x³ go on beyond it.
    """
    return reduce(mul, [_power(columns(i, held or _ends(p)), p) for i, p in powers])


def _ends(exponent: float) -> bool:
    """Whether x^p has a pole or an end."""
    return exponent < 0 or exponent != int(exponent)


def _power(x: Any, exponent: float) -> Any:
    """x^p, in the plainest operations that give it."""
    if exponent < 0:
        return 1.0 / _power(x, -exponent)
    if exponent == 0.5:
        return x.__array_namespace__().sqrt(x)
    if exponent == 1:
        return x
    return x ** (int(exponent) if exponent == int(exponent) else exponent)


# ── length: the negative logarithm of a prior over all terms ──
#
# So chosen that of all the terms that are looked at in pure noise, a twentieth of a
# term is expected to pass the criterion with 200 rows.

EXPONENTS = {1: 0.0, -1: 0.7, 2: 0.7, 0.5: 1.1, -2: 1.4, 3: 1.8, -0.5: 1.8}
LONG_EXPONENT = 2.5
FACTOR = 0.7  # each factor beyond the first
TERM = 0.5  # each term
COMPOSITE = 1.5  # not to be a column as it stands
LENGTHS = {"": 0.0, "log": 1.1, "exp": 2.5, "cos": 2.5, "sin": 2.5}
LONG_FUNCTION = 3.5

NATURAL = {"exp": (-1.0, 1.0, -0.5), "wave": (1.0, 2.0, math.pi, 2 * math.pi)}
"""Rates that need no fitting: they come with the laws of nature."""


@cache
def length(term: Term, columns: int) -> float:
    """Nats that it takes to name the term, where there are so many columns."""
    factors = [*term.powers, *term.inner]
    return (
        TERM
        + len(factors) * math.log(max(columns, 2))
        + (len(factors) - 1) * FACTOR
        + sum(EXPONENTS.get(p, LONG_EXPONENT) for _, p in factors)
        + LENGTHS.get(term.function, LONG_FUNCTION)
        + (0.0 if term.plain else COMPOSITE)
    )


def fitted_numbers(term: Term) -> int:
    """How many numbers inside the term were fitted: rates, and exponents."""
    odd = sum(2 * p != int(2 * p) for _, p in (*term.powers, *term.inner))
    if term.function not in RATED:
        return odd
    return odd + (term.rate not in natural_rates(term))


def natural_rates(term: Term) -> tuple[float, ...]:
    """The rates of such a term that need no fitting."""
    return NATURAL["wave" if term.function in WAVES else "exp"]
