"""Enclosures of an expression: its range on an interval, or its Taylor coefficients.

Everything is computed with balls (Arb, https://arblib.org): a ball that comes out
contains the true value for every real number in the balls that went in. Decimal
literals are taken as the real numbers that they write.

    length 1:  the range of f on the ball x
    length L:  f(x), f'(x), f''(x)/2, … f⁽ᴸ⁻¹⁾(x)/(L-1)!, for every x in the ball

`Rough` is raised where no enclosure of the coefficients is found: at a kink, at the
end of a root, or on a ball that is too wide.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from math import comb
from typing import Any

from flint import arb, arb_series, ctx

from mapsto.expression import tree, variables

Ball = Any
"""arb (length 1) or arb_series."""


class Rough(Exception):
    """The expression is not known to be smooth on this ball."""


def enclose(node: tree.Node, at: Mapping[str, Any], length: int) -> list[Any]:
    """Coefficients of f along the first variable of `at`, as a list of `length` balls.

    at: a ball for each variable; for length > 1 there is one variable.
    """
    cap = ctx.cap
    ctx.cap = length
    try:
        values = dict(at)
        if length > 1:
            ((name, x),) = at.items()
            values = {name: arb_series([x, 1], length)}
        value = _Walk(values, length).value(node)
        if length == 1:
            return [value]
        return [value[k] for k in range(length)]
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise Rough from error
    finally:
        ctx.cap = cap


class _Walk:
    """One walk over the tree, bottom up."""

    def __init__(self, values: Mapping[str, Ball], length: int):
        self.values = values
        self.length = length

    def value(self, node: tree.Node) -> Ball:
        match node:
            case tree.Number(text):
                return self.lifted(arb(text))
            case tree.Constant(name):
                return self.lifted(arb.const_e() if name == "e" else arb.pi())
            case tree.Name(name):
                return self.values[name]
            case tree.Negate(operand):
                return -self.value(operand)
            case tree.Binary("**", base, exponent):
                return self.power(base, exponent)
            case tree.Binary(symbol, left, right):
                return _OPERATORS[symbol](self.value(left), self.value(right))
            case tree.Call("where", (condition, yes, no)):
                return self.where(condition, yes, no)
            case tree.Call(name, arguments):
                return self.call(name, [self.value(a) for a in arguments])
        raise Rough

    def lifted(self, x: Any) -> Ball:
        return x if self.length == 1 else arb_series([x], self.length)

    def constant(self, x: Ball) -> Any:
        """The ball of the value itself."""
        return x if self.length == 1 else x[0]

    def call(self, name: str, u: list[Ball]) -> Ball:
        if name in _NATIVE:
            return getattr(u[0], _NATIVE[name])()
        if name in _FORMULAS:
            return _FORMULAS[name](*u)
        if name in _JETS:
            return self.composed(_JETS[name], u)
        kinked: Callable[..., Ball] = getattr(self, f"_{name}", self._unknown)
        return kinked(*u)

    def _unknown(self, *u: Ball) -> Ball:
        raise Rough

    def composed(self, jet: Callable[..., list[Any]], u: list[Ball]) -> Ball:
        """outer(inner) from the outer function's own coefficients."""
        *parameters, inner = u
        if self.length == 1:
            return jet(*parameters, inner, 1)[0]
        if not all(p[k] == 0 for p in parameters for k in range(1, self.length)):
            raise Rough  # the jet is along the last argument only
        outer = jet(*(p[0] for p in parameters), inner[0], self.length)
        change = [arb(0), *(inner[k] for k in range(1, self.length))]
        return arb_series(outer, self.length)(arb_series(change, self.length))

    # powers and roots

    def power(self, base: tree.Node, exponent: tree.Node) -> Ball:
        u, p = self.value(base), self.value(exponent)
        if variables(exponent):
            return (p * u.log()).exp()
        p = self.constant(p)
        whole = p.unique_fmpz()
        if whole is not None and p.is_exact():
            return u ** int(whole) if whole >= 0 else 1 / u ** int(-whole)
        if self.length == 1 and p > 0:
            return _root(u, lambda x: (p * x.log()).exp())
        return (p * u.log()).exp()

    def _sqrt(self, u: Ball) -> Ball:
        return _root(u, lambda x: x.sqrt()) if self.length == 1 else u.sqrt()

    def _cbrt(self, u: Ball) -> Ball:
        x, third = self.constant(u), arb(1) / 3
        if x > 0:
            return (u.log() * third).exp()
        if x < 0:
            return -((-u).log() * third).exp()
        self.flat()
        bound = _root(x.abs_upper(), lambda v: (v.log() * third).exp())
        return bound.union(-bound)

    # kinks and steps: smooth only on balls that stay on one side

    def flat(self) -> None:
        """Only the range can be told here."""
        if self.length > 1:
            raise Rough

    def _abs(self, u: Ball) -> Ball:
        x = self.constant(u)
        if x > 0 or x < 0:
            return u if x > 0 else -u
        self.flat()
        return abs(u)

    def _max(self, *u: Ball) -> Ball:
        return reduce(self._larger, u)

    def _min(self, *u: Ball) -> Ball:
        return -reduce(self._larger, [-v for v in u])

    def _relu(self, u: Ball) -> Ball:
        return self._larger(u, self.lifted(arb(0)))

    def _larger(self, u: Ball, v: Ball) -> Ball:
        x, y = self.constant(u), self.constant(v)
        if x >= y or y >= x:
            return u if x >= y else v
        self.flat()
        return x.max(y)

    def _sign(self, u: Ball) -> Ball:
        x = self.constant(u)
        if x > 0 or x < 0:
            return self.lifted(arb(1 if x > 0 else -1))
        self.flat()
        return arb(0, 1)

    def _floor(self, u: Ball) -> Ball:
        low, high = self.constant(u).lower().floor(), self.constant(u).upper().floor()
        if low == high:
            return self.lifted(low)
        self.flat()
        return low.union(high)

    def _ceil(self, u: Ball) -> Ball:
        return -self._floor(-u)

    def _mod(self, u: Ball, v: Ball) -> Ball:
        if self.constant(v) == 1:  # a division would widen the ball
            return u - self._floor(u)
        return u - v * self._floor(u / v)

    def _sinc(self, u: Ball) -> Ball:
        if self.length == 1:
            return u.sinc()
        return u.sin() / u

    def _atan2(self, y: Ball, x: Ball) -> Ball:
        up, right = self.constant(y), self.constant(x)
        if right > 0:
            return (y / x).atan()
        if up > 0 or up < 0:
            quarter = arb.pi() / 2
            return (quarter if up > 0 else -quarter) - (x / y).atan()
        self.flat()
        return arb.atan2(y, x)

    def where(self, condition: tree.Node, yes: tree.Node, no: tree.Node) -> Ball:
        holds = self.holds(condition)
        if holds is not None:
            return self.value(yes if holds else no)
        self.flat()
        return self.value(yes).union(self.value(no))

    def holds(self, node: tree.Node) -> bool | None:
        """Whether a condition is true for all of the ball, for none, or unknown."""
        match node:
            case tree.Not(operand):
                inner = self.holds(operand)
                return None if inner is None else not inner
            case tree.Logic(symbol, left, right):
                sides = (self.holds(left), self.holds(right))
                decided = symbol == "or"
                if decided in sides:
                    return decided
                return None if None in sides else not decided
            case tree.Compare(symbol, left, right):
                x, y = (self.constant(self.value(n)) for n in (left, right))
                return _compared(symbol, x, y)
        raise Rough


def _compared(symbol: str, x: Any, y: Any) -> bool | None:
    opposite = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "==": "!=", "!=": "=="}
    if _ORDERS[symbol](x, y):
        return True
    return False if _ORDERS[opposite[symbol]](x, y) else None


def _root(x: Any, root: Callable[[Any], Any]) -> Any:
    """The range of an increasing root on the part of x where it is defined."""
    if x > 0:
        return root(x)
    top = x.upper()
    if top < 0:
        raise Rough
    return arb(0).union(root(top)) if top > 0 else arb(0)


def tanh_jet(z: Any, length: int) -> list[Any]:
    """Taylor coefficients of tanh at z, at most five: t' = 1 - t² again and again."""
    t = z.tanh()
    square = t * t
    slope = 1 - square
    bend = t * slope
    jet = [t, slope, -bend, slope * (3 * square - 1) / 3, bend * (2 - 3 * square) / 3]
    return jet[:length]


def sin_jet(z: Any, length: int) -> list[Any]:
    """Taylor coefficients of sin at z."""
    sine, cosine = z.sin_cos()
    cycle, factorial = (sine, cosine, -sine, -cosine), 1
    jet = []
    for k in range(length):
        factorial *= max(k, 1)
        jet.append(cycle[k % 4] / factorial)
    return jet


def _digamma_jet(x: Any, length: int) -> list[Any]:
    """ψ = (log Γ)'."""
    if length == 1:
        return [x.digamma()]
    ctx.cap = length + 1
    series = arb_series([x, 1], length + 1).lgamma().derivative()
    ctx.cap = length
    return [series[k] for k in range(length)]


def _bessel_jet(kind: str, sign: int) -> Callable[..., list[Any]]:
    """2ᵏ J⁽ᵏ⁾ₙ = Σⱼ (-1)ʲ C(k, j) Jₙ₋ₖ₊₂ⱼ; for I without the sign.
    https://dlmf.nist.gov/10.6.E7, https://dlmf.nist.gov/10.29.E5"""

    def jet(n: Any, x: Any, length: int) -> list[Any]:
        bessel, found, factorial = getattr(x, kind), [], 1
        for k in range(length):
            factorial *= max(k, 1)
            terms = (sign**j * comb(k, j) * bessel(n - k + 2 * j) for j in range(k + 1))
            found.append(sum(terms, arb(0)) / (2**k * factorial))
        return found

    return jet


_OPERATORS: Mapping[str, Callable[[Ball, Ball], Ball]] = {
    "+": lambda u, v: u + v,
    "-": lambda u, v: u - v,
    "*": lambda u, v: u * v,
    "/": lambda u, v: u / v,
}
_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda x, y: x < y,
    "<=": lambda x, y: x <= y,
    ">": lambda x, y: x > y,
    ">=": lambda x, y: x >= y,
    "==": lambda x, y: x == y,
    "!=": lambda x, y: x != y,
}
_NATIVE: Mapping[str, str] = {
    **{n: n for n in ("exp", "log", "sin", "cos", "tan", "asin", "acos", "atan")},
    **{n: n for n in ("erf", "erfc", "erfi", "gamma", "lgamma", "zeta", "lambertw")},
    **{n: n for n in ("si", "ci", "ei")},
    "airyai": "airy_ai",
    "airybi": "airy_bi",
    "fresnels": "fresnel_s",
    "fresnelc": "fresnel_c",
}
_FORMULAS: Mapping[str, Callable[..., Ball]] = {
    "expm1": lambda u: u.exp() - 1,
    "log1p": lambda u: (1 + u).log(),
    "log2": lambda u: u.log() / arb(2).log(),
    "log10": lambda u: u.log() / arb(10).log(),
    "sinh": lambda u: (u.exp() - (-u).exp()) / 2,
    "cosh": lambda u: (u.exp() + (-u).exp()) / 2,
    "asinh": lambda u: (u + (u * u + 1).sqrt()).log(),
    "acosh": lambda u: (u + (u * u - 1).sqrt()).log(),
    "atanh": lambda u: ((1 + u) / (1 - u)).log() / 2,
    "hypot": lambda u, v: (u * u + v * v).sqrt(),
    "softplus": lambda u: (1 + u.exp()).log(),
    "sigmoid": lambda u: 1 / (1 + (-u).exp()),
    "normcdf": lambda u: (-u / arb(2).sqrt()).erfc() / 2,
}
_JETS: Mapping[str, Callable[..., list[Any]]] = {
    "tanh": tanh_jet,
    "digamma": _digamma_jet,
    "besselj": _bessel_jet("bessel_j", -1),
    "besseli": _bessel_jet("bessel_i", 1),
}
