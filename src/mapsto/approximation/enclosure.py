"""Enclosures of an expression: its range on an interval, or its Taylor coefficients.

Everything is computed with balls (Arb, https://arblib.org): a ball that comes out
contains the true value for every real number in the balls that went in. Decimal
literals are taken as the real numbers that they write.

    length 1:  the range of f on the ball x
    length L:  f(x), f'(x), f''(x)/2, … f⁽ᴸ⁻¹⁾(x)/(L-1)!, for every x in the ball

`Rough` is raised where no enclosure of the coefficients is found: at a kink, at the
end of a root, or on a ball that is too wide.

On a box across a kink f is one of several smooth functions at every point: |u| is u
or -u. `Sides` goes through them.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flint import arb, arb_series, ctx

from mapsto.expression import tree, variables

Ball = Any
"""arb (length 1) or arb_series."""
Cell = tuple[str, float, float]
"""A variable, and the ends of what it runs over."""


FAR = 8  # tanh is nearly ±1 beyond
RADIUS = 30  # bits of a ball's radius


class Rough(Exception):
    """The expression is not known to be smooth on this ball."""


def ball_over(low: float, high: float, from_right: bool) -> Any:
    """A ball over [low, high] that ends exactly at low, or at high: beyond the domain's
    edge another piece of f may begin.

    Radii have 30 bits, and a new one is rounded up by one unit of the last of them; so
    one unit less is asked for. Whether the ball holds the cell is checked, not assumed.
    """
    mantissa, exponent = math.frexp((high - low) / 2)
    units, exponent = math.ceil(math.ldexp(mantissa, RADIUS)), exponent - RADIUS
    radius = arb(math.ldexp(units, exponent))
    if units == 1 << (RADIUS - 1):
        units, exponent = 2 * units, exponent - 1
    centre = arb(high) - radius if from_right else arb(low) + radius
    ball = centre + arb(0, math.ldexp(units - 1, exponent))
    if ball.contains(arb(low)) and ball.contains(arb(high)):
        return ball
    return arb(low).union(arb(high))


class Sides:
    """Which side of its kinks f is taken on, where the ball lies on both.

    `all_of(box)` yields one Sides for each smooth function that f may be on the box;
    the same Sides then takes the same function on smaller balls.
    """

    MOST = 3  # kinks in one box

    def __init__(self, forced: tuple[bool, ...] = ()):
        self.forced = forced
        self.open: list[bool] = []
        self.taken: dict[Any, bool] = {}

    def side(self, kink: Any, known: bool | None) -> bool:
        """The side of this kink: as before, or as it is known, or as it is forced."""
        if kink not in self.taken:
            if known is None:
                if len(self.open) == self.MOST:
                    raise Rough
                at = len(self.open)
                known = self.forced[at] if at < len(self.forced) else False
                self.open.append(known)
            self.taken[kink] = known
        return self.taken[kink]

    def next(self) -> "Sides | None":
        """Those that come after, counting in twos."""
        path = list(self.open)
        while path and path[-1]:
            path.pop()
        return Sides((*path[:-1], True)) if path else None


def enclose(
    node: tree.Node, at: Mapping[str, Any], length: int, cell: Cell | None = None
) -> list[Any]:
    """Coefficients of f along the first variable of `at`, as a list of `length` balls.

    at: a ball for each variable; for length > 1, and with a `cell`, there is one
    variable. The cell lies in the ball, and only it counts where f has a step.
    """
    if length == 1:
        return enclose_along(node, at, 1, cell=cell)
    ((name, x),) = at.items()
    series = {name: arb_series([x, 1], length)}
    return enclose_along(node, series, length, cell=cell)


def enclose_along(
    node: tree.Node,
    at: Mapping[str, Ball],
    length: int,
    sides: Sides | None = None,
    cell: Cell | None = None,
) -> list[Any]:
    """Coefficients of t ↦ f(x(t)), as a list of `length` balls.

    at: x(t) for each variable, as series of this length (as balls for length 1).
    sides: how kinks are decided; without them a kink is Rough.
    """
    try:
        with capped(length):
            value = _Walk(at, length, sides, cell).value(node)
            if length == 1:
                return [value]
            return [value[k] for k in range(length)]
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise Rough from error


@contextmanager
def capped(length: int) -> Iterator[None]:
    """Series have so many coefficients inside."""
    before = ctx.cap
    ctx.cap = length
    try:
        yield
    finally:
        ctx.cap = before


class _Walk:
    """One walk over the tree, bottom up."""

    def __init__(
        self,
        values: Mapping[str, Ball],
        length: int,
        sides: Sides | None = None,
        cell: Cell | None = None,
    ):
        self.values = values
        self.length = length
        self.sides = sides
        self.cell = cell
        self.place = 0  # of the call that is looked at

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
                return self.where(id(node), condition, yes, no)
            case tree.Call("floor", (operand,)):
                return self.floor(operand)
            case tree.Call("ceil", (operand,)):
                return -self.floor(tree.Negate(operand))
            case tree.Call("mod", (left, right)):
                # a division by 1 would widen the ball
                one = self.constant(self.value(right)) == 1
                turns = left if one else tree.Binary("/", left, right)
                return self.value(left) - self.value(right) * self.floor(turns)
            case tree.Call(name, arguments):
                return self.call(name, [self.value(a) for a in arguments], id(node))
        raise Rough

    def lifted(self, x: Any) -> Ball:
        return x if self.length == 1 else arb_series([x], self.length)

    def constant(self, x: Ball) -> Any:
        """The ball of the value itself."""
        return x if self.length == 1 else x[0]

    def call(self, name: str, u: list[Ball], place: int) -> Ball:
        if name in _NATIVE:
            return getattr(u[0], _NATIVE[name])()
        if name in _FORMULAS:
            return _FORMULAS[name](*u)
        if name in _JETS:
            return self.composed(_JETS[name], u)
        self.place = place
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
            n = int(whole)
            return self.whole_power(u, n) if n >= 0 else 1 / self.whole_power(u, -n)
        if self.length == 1 and p > 0:
            return _root(u, lambda x: (p * x.log()).exp())
        return (p * u.log()).exp()

    def whole_power(self, u: Ball, n: int) -> Ball:
        """uⁿ by squaring: Arb's own is NaN on some balls around 0."""
        if self.length == 1 and n % 2 == 0:
            u = abs(u)
        found = self.lifted(arb(1))
        while n:
            found = found * u if n % 2 else found
            n //= 2
            u = u * u if n else u
        return found

    def _sqrt(self, u: Ball) -> Ball:
        return _root(u, lambda x: x.sqrt()) if self.length == 1 else u.sqrt()

    def _hypot(self, u: Ball, v: Ball) -> Ball:
        if self.length == 1:
            return _root(abs(u) * abs(u) + abs(v) * abs(v), lambda x: x.sqrt())
        return (u * u + v * v).sqrt()

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

    def side(self, kink: Any, known: bool | None) -> bool | None:
        """The side that is known, or chosen; None where only the range can be told."""
        return known if self.sides is None else self.sides.side(kink, known)

    def _abs(self, u: Ball) -> Ball:
        x = self.constant(u)
        positive = self.side(self.place, True if x >= 0 else False if x <= 0 else None)
        if positive is not None:
            return u if positive else -u
        self.flat()
        return abs(u)

    def _max(self, *u: Ball) -> Ball:
        largest = u[0]
        for k, v in enumerate(u[1:]):
            largest = self._larger(largest, v, k)
        return largest

    def _min(self, *u: Ball) -> Ball:
        return -self._max(*(-v for v in u))

    def _relu(self, u: Ball) -> Ball:
        return self._larger(u, self.lifted(arb(0)))

    def _larger(self, u: Ball, v: Ball, k: int = 0) -> Ball:
        x, y = self.constant(u), self.constant(v)
        first = True if x >= y else False if y >= x else None
        first = self.side((self.place, k), first)
        if first is not None:
            return u if first else v
        self.flat()
        return x.max(y)

    def _sign(self, u: Ball) -> Ball:
        x = self.constant(u)
        if x > 0 or x < 0:
            return self.lifted(arb(1 if x > 0 else -1))
        self.flat()
        return arb(0, 1)

    def floor(self, operand: tree.Node) -> Ball:
        u = self.constant(self.value(operand))
        low, high = u.lower().floor(), u.upper().floor()
        if low != high:
            ends = self.ends(operand) or (u.lower(), u.upper())
            low, high = (end.floor() for end in ends)
        if low == high:
            return self.lifted(low)
        self.flat()
        return low.union(high)

    def ends(self, operand: tree.Node) -> tuple[Any, Any] | None:
        """The lowest and the highest value on the cell, where that is rising or
        falling: no wider than its values at the ends, which may be exact."""
        if self.cell is None:
            return None
        name, *ends = self.cell
        x = self.constant(self.values[name])
        try:
            slope = _Walk({name: arb_series([x, 1], 2)}, 2).value(operand)[1]
            first, last = (_Walk({name: arb(x)}, 1).value(operand) for x in ends)
        except Rough:
            return None
        if slope >= 0:
            return first.lower(), last.upper()
        return (last.lower(), first.upper()) if slope <= 0 else None

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

    def where(
        self, place: int, condition: tree.Node, yes: tree.Node, no: tree.Node
    ) -> Ball:
        holds = self.side(place, self.holds(condition))
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
                if not (x.is_finite() and y.is_finite()):
                    return None
                known = _compared(symbol, x, y)
                if known is None and (ends := self.ends(tree.Binary("-", left, right))):
                    known = _compared_ends(symbol, *ends)
                return known
        raise Rough


def _compared(symbol: str, x: Any, y: Any) -> bool | None:
    opposite = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "==": "!=", "!=": "=="}
    if _ORDERS[symbol](x, y):
        return True
    return False if _ORDERS[opposite[symbol]](x, y) else None


def _compared_ends(symbol: str, low: Any, high: Any) -> bool | None:
    """A difference compared with 0, when its lowest and highest values are known."""
    sides = {_compared(symbol, end, arb(0)) for end in (low, high)}
    if symbol in ("==", "!=") and not (low > 0 or high < 0 or low == high):
        return None
    return sides.pop() if len(sides) == 1 else None


def _root(x: Any, root: Callable[[Any], Any]) -> Any:
    """The range of an increasing root on the part of x where it is defined."""
    if x > 0:
        return root(x)
    top = x.upper()
    if top < 0 or not x.is_finite():
        raise Rough
    return arb(0).union(root(top)) if top > 0 else arb(0)


def tanh_jet(z: Any, length: int) -> list[Any]:
    """Taylor coefficients of tanh at z: t' = 1 - t² again and again.

    The first five are written out, which is tighter on a wide ball.
    """
    t = z.tanh()
    square = t * t
    # far out, 1 - t² would be no smaller than the rounding of 1
    slope = 1 - square
    if abs(z) > FAR:
        slope = z.sech() * z.sech()
    bend = t * slope
    jet = [t, slope, -bend, slope * (3 * square - 1) / 3, bend * (2 - 3 * square) / 3]
    for k in range(4, length - 1):
        squared = sum((jet[i] * jet[k - i] for i in range(k + 1)), arb(0))
        jet.append(-squared / (k + 1))
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
    with capped(length + 1):
        series = arb_series([x, 1], length + 1).lgamma().derivative()
    return [series[k] for k in range(length)]


def _bessel_jet(kind: str, sign: int) -> Callable[..., list[Any]]:
    """2ᵏ J⁽ᵏ⁾ₙ = Σⱼ (-1)ʲ C(k, j) Jₙ₋ₖ₊₂ⱼ; for I without the sign.
    https://dlmf.nist.gov/10.6.E7, https://dlmf.nist.gov/10.29.E5"""

    def jet(n: Any, x: Any, length: int) -> list[Any]:
        bessel, found, factorial = getattr(x, kind), [], 1
        for k in range(length):
            factorial *= max(k, 1)
            terms = (
                sign**j * math.comb(k, j) * bessel(n - k + 2 * j) for j in range(k + 1)
            )
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
