"""Which part carries which constant: the convention that makes parts comparable.

The data tell the sum f + g, the product f · g and the chain f(g), but not how a
constant, a factor or a unit is shared between f and g. So that each part means the
same in every fold and every fit, these are settled after training, over the rows it
was trained on; the function as a whole stays as it is:

sum       parts that are added to the prediction have mean 0, and their levels are
          the intercept; in a sum inside something else, the first keeps the level
product   the first factor carries the unit, every later one has root mean square 1
          and a mean that is not negative
chain     an argument of a part has mean 0 and deviation 1, and rises with the part

A part whose value is used in several places is left as it is trained; one that must be
nowhere negative is not shifted, and no sign is turned that another is held to.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mapsto.expression import Call, Name, Node, walk
from mapsto.expression.tree import children
from mapsto.families.structure import Structure
from mapsto.families.structure_order import Order
from mapsto.families.structure_terms import multiplied, summed, value_of

SMALLEST = 1e-12


class Freedom:
    """Where a factor or a constant can be moved through a structure."""

    def __init__(self, structure: Structure, positive: Collection[str] = ()):
        self.structure, self.positive = structure, positive
        self.free = {n for n in structure.names if structure.times(n) == 1}

    def can_scale(self, node: Node) -> bool:
        """Can a factor be drawn out of every term?"""
        match node:
            case Name(name):
                return name in self.free
            case Call("exp", (inner,)):
                return self.can_shift(inner)
        terms = summed(node)
        if len(terms) > 1 or terms[0][1] is not node:
            return all(self.can_scale(t) for _, t in terms)
        return any(p == 1 and self.can_scale(f) for p, f in self.factors(node))

    def can_shift(self, node: Node) -> bool:
        match node:
            case Name(name):
                return name in self.free and name not in self.positive
            case Call("log", (inner,)):
                return self.can_scale(inner)
        terms = summed(node)
        if len(terms) > 1 or terms[0][1] is not node:
            return any(self.can_shift(t) for _, t in terms)
        return False

    def factors(self, node: Node) -> list[tuple[int, Node]]:
        """Those of a product; none of what is no product."""
        factors = multiplied(node)
        return factors if len(factors) > 1 else []

    def levelled(self, node: Node) -> list[tuple[float, Node]]:
        """The terms of a sum that a constant can be moved between."""
        return [(c, t) for c, t in summed(node) if self.can_shift(t)]

    def united(self, node: Node) -> list[tuple[int, Node]]:
        """The factors of a product that a unit can be moved between."""
        return [(p, f) for p, f in self.factors(node) if self.can_scale(f)]


def role(structure: Structure, name: str, positive: Collection[str] = ()) -> str:
    """By which convention a part is settled: "summand", "factor", "argument",
    "carrier" (of the level or unit of others) or "trained"."""
    freedom, own = Freedom(structure, positive), Name(name)
    if name not in freedom.free:
        return "trained"
    if any(own in p.arguments for p in structure.parts):
        return "argument"
    if any(t == own for _, t in summed(structure.body)):
        return "summand"
    nodes = [n for e in structure.expressions for n in walk(e)]
    if any(own in [f for _, f in freedom.united(n)[1:]] for n in nodes):
        return "factor"
    inside = [*(t for _, t in summed(structure.body)), *structure.expressions[1:]]
    inner = [n for i in inside for n in walk(i)]
    if any(own in [t for _, t in freedom.levelled(n)[1:]] for n in inner):
        return "summand"
    return "carrier"


@dataclass
class Settling:
    """The values of one trained composition on its rows, and how they are rescaled.

    raw: (n, 1) of each part, before; columns: (n, 1) of those calculated with.
    `scale`, `shift`: part = scale · raw + shift. `middle`, `spread` of each part's
    arguments, by the same constants: z = (argument - middle) / spread.
    """

    structure: Structure
    raw: Mapping[str, np.ndarray]
    columns: Mapping[str, np.ndarray]
    w: np.ndarray
    order: Order = field(default_factory=Order)
    intercept: float = 0.0
    scale: dict[str, float] = field(default_factory=dict)
    shift: dict[str, float] = field(default_factory=dict)
    argument: dict[tuple[str, int], tuple[float, float]] = field(default_factory=dict)
    """(part, argument) -> (a, c): the argument became a · argument + c."""

    def __post_init__(self) -> None:
        names = self.structure.names
        self.scale = dict.fromkeys(names, 1.0)
        self.shift = dict.fromkeys(names, 0.0)
        self.freedom = Freedom(self.structure, self.order.positive)

    def settle(self) -> "Settling":
        """All of it, from the outside in."""
        self._inside(self.structure.body)
        for coefficient, term in summed(self.structure.body):
            if self.freedom.can_shift(term):
                mean = self._mean(self._value(term))
                self._shift(term, -mean)
                self.intercept += coefficient * mean
        for name in reversed(self.structure.order):
            for k, argument in enumerate(self.structure.part(name).arguments):
                self._inside(argument)
                self._level(argument)
                if self.freedom.can_scale(argument) and self.freedom.can_shift(
                    argument
                ):
                    way = self.order.of(name).get(k, 0)
                    self.argument[name, k] = self._standardise(name, argument, way)
        return self

    # ── moving it ──

    def _multiply(self, node: Node, factor: float) -> None:
        match node:
            case Name(name):
                self.scale[name] *= factor
                self.shift[name] *= factor
                return
            case Call("exp", (inner,)):
                self._shift(inner, float(np.log(factor)))
                return
        terms = summed(node)
        if len(terms) > 1 or terms[0][1] is not node:
            for _, term in terms:
                self._multiply(term, factor)
            return
        first = next(
            f
            for p, f in self.freedom.factors(node)
            if p == 1 and self.freedom.can_scale(f)
        )
        self._multiply(first, factor)

    def _shift(self, node: Node, by: float) -> None:
        match node:
            case Name(name):
                self.shift[name] += by
                return
            case Call("log", (inner,)):
                self._multiply(inner, float(np.exp(by)))
                return
        coefficient, term = next(
            t for t in summed(node) if self.freedom.can_shift(t[1])
        )
        self._shift(term, by / coefficient)

    # ── the three conventions ──

    def _inside(self, node: Node) -> None:
        """Sums and products below the top of an expression."""
        terms = summed(node)
        if len(terms) > 1 or terms[0][1] is not node:
            for _, term in terms:
                self._inside(term)
            return
        factors = self.freedom.factors(node)
        for _, factor in factors:
            self._inside(factor)
            self._level(factor)
        self._unit(self.freedom.united(node))
        if not factors:
            for child in children(node):
                self._inside(child)
                self._level(child)

    def _level(self, node: Node) -> None:
        """Of a sum that is part of something else: the first keeps the level."""
        movable = self.freedom.levelled(node)
        for coefficient, term in movable[1:]:
            mean = self._mean(self._value(term))
            self._shift(term, -mean)
            self._shift(movable[0][1], coefficient * mean / movable[0][0])

    def _unit(self, scaled: list[tuple[int, Node]]) -> None:
        """Of a product: the first keeps the unit."""
        if not scaled:
            return
        first_power, first = scaled[0]
        for power, factor in scaled[1:]:
            value = self._value(factor)
            size = float(np.sqrt(self._mean(value**2)))
            mean = self._mean(value)
            if size < SMALLEST:
                continue
            turned = -size if mean < 0 and not _positive(factor, first) else size
            self._multiply(factor, 1 / turned)
            self._multiply(first, turned ** (power * first_power))

    def _standardise(self, name: str, argument: Node, way: int) -> tuple[float, float]:
        """way: how the part is held to move with its argument, 0 where it is not."""
        value = self._value(argument)
        mean = self._mean(value)
        deviation = float(np.sqrt(self._mean((value - mean) ** 2)))
        if deviation < SMALLEST:
            return 1.0, 0.0
        outer = self._value(Name(name))
        together = self._mean((value - mean) * (outer - self._mean(outer)))
        a = (-1.0 if (way or together) < 0 else 1.0) / deviation
        self._multiply(argument, a)
        self._shift(argument, -a * mean)
        return a, -a * mean

    # ── values ──

    def value(self, name: str) -> np.ndarray:
        """(n, 1)."""
        return self.scale[name] * self.raw[name] + self.shift[name]

    def _value(self, node: Node) -> np.ndarray:
        values: dict[str, Any] = {n: self.value(n) for n in self.raw}
        found = value_of(node, {**self.columns, **values})
        return np.broadcast_to(found, (len(self.w), 1))

    def _mean(self, value: np.ndarray) -> float:
        return float(np.average(value[:, 0], weights=self.w))


def _positive(*nodes: Node) -> bool:
    """Is there an exponential in one of these, whose sign cannot be turned?"""
    return any(isinstance(n, Call) for node in nodes for n in walk(node))
