"""What each part must do for the whole structure to rise with a column.

    need(node, s):  with the column, the node does not fall (s = +1) or rise (s = -1)

From the outside in: a sum needs each term to, an exponential its inside, a product each
factor in the direction that the sign of the others gives, and so on, down to the parts,
which are then held to their directions one by one (`network_monotone`). So the whole
keeps the order for every pair of rows, whatever is learned. Where the sign of a factor
matters and the factor is a part, that part is held to be nowhere negative. What cannot
be held so is `Unheld`, with the reason; nothing is held by halves.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from mapsto.expression import Call, Name, Node, evaluate, walk, write
from mapsto.expression.tree import Binary, Constant, Negate, Number, is_condition
from mapsto.families.structure import Structure

RISING = (
    *("exp", "expm1", "log", "log1p", "log2", "log10", "sqrt"),
    *("tanh", "sigmoid", "softplus", "relu", "min", "max"),
)
"""Functions that rise with each of their arguments."""
POSITIVE = ("exp", "sqrt", "abs", "sigmoid", "softplus", "relu")
"""Functions that are nowhere negative."""

Input = str | int  # a column's name, or the number of an argument


class Unheld(Exception):
    """The structure cannot be held to the order. `code`: of the reason's sentence."""

    def __init__(self, code: str, **told: str):
        super().__init__(code)
        self.code, self.told = code, told


@dataclass(frozen=True)
class Order:
    """To what the parts are held.

    ways: (part, input, +1) where the part rises with the input, -1 where it falls.
    positive: the parts that are nowhere negative.
    """

    ways: frozenset[tuple[str, Input, int]] = frozenset()
    positive: frozenset[str] = frozenset()

    def of(self, part: str) -> dict[Input, int]:
        """The directions of one part by its inputs."""
        return {key: way for name, key, way in self.ways if name == part}

    def held(self, part: str, key: Input, way: int) -> "Order":
        """With one more direction. Raises Unheld where the opposite is asked."""
        if self.of(part).get(key, way) != way:
            raise Unheld("unheld-both", part=part)
        return replace(self, ways=self.ways | {(part, key, way)})


def order_of(
    structure: Structure,
    held: Mapping[str, int],
    parts: Mapping[str, Mapping[str, int]] | None = None,
    known: Collection[str] = (),
) -> Order:
    """What holds the whole to rise (+1) or fall (-1) with the columns `held`.

    parts: directions of some parts for their own sake, {"wear": {"age": -1}}. known:
    columns that are nowhere negative. Raises Unheld.
    """
    own = [(p, c, way) for p, ways in (parts or {}).items() for c, way in ways.items()]
    order = Order(frozenset(own))
    for column, way in held.items():
        order = _Holding(structure, column, frozenset(known)).need(
            structure.body, way, order
        )
    return order


@dataclass(frozen=True)
class _Holding:
    """One column, and what is needed to rise or fall with it."""

    structure: Structure
    column: str
    known: frozenset[str]

    def need(self, node: Node, way: int, order: Order) -> Order:
        """The order with what makes the node move in this direction."""
        if not self._moves(node):
            return order
        match node:
            case Name(name) if name == self.column:
                if way < 0:
                    raise Unheld("unheld-itself", column=name)
                return order
            case Name(name):
                return self._part(name, way, order)
            case Negate(operand):
                return self.need(operand, -way, order)
            case Binary("+", left, right):
                return self.need(right, way, self.need(left, way, order))
            case Binary("-", left, right):
                return self.need(right, -way, self.need(left, way, order))
            case Binary("*", left, right):
                order = self._factor(left, right, way, order)
                return self._factor(right, left, way, order)
            case Binary("/", left, right):
                order = self._not_negative(right, order)
                order = self.need(left, way, order)
                return self._factor(right, left, -way, order)
            case Binary("**", base, exponent):
                return self._power(node, base, exponent, way, order)
            case Call(function, arguments):
                return self._call(function, arguments, way, order)
        raise Unheld("unheld-bends", what=write(node))

    def _moves(self, node: Node) -> bool:
        """Does the node depend on the column?"""
        return any(
            isinstance(n, Name) and self.column in self._reaches(n.name)
            for n in walk(node)
        )

    def _reaches(self, name: str) -> tuple[str, ...]:
        part = next((p for p in self.structure.parts if p.name == name), None)
        return (name,) if part is None else part.reaches

    # ── parts ──

    def _part(self, name: str, way: int, order: Order) -> Order:
        """The part moves in this direction with everything that the column moves."""
        declared = self.structure.part(name)
        if self.column in declared.columns:
            order = order.held(name, self.column, way)
        for k, argument in enumerate(declared.arguments):
            if self._moves(argument):
                order = self._argument(name, k, argument, way, order)
        return order

    def _argument(
        self, name: str, k: int, argument: Node, way: int, order: Order
    ) -> Order:
        """The part rises with its argument, and the argument moves in this direction;
        or, where that cannot be held, the other way round."""
        before = order.of(name).get(k)
        try:
            return self.need(argument, way, order.held(name, k, 1))
        except Unheld:
            if before == 1:
                raise
        return self.need(argument, -way, order.held(name, k, -1))

    # ── products ──

    def _factor(self, factor: Node, other: Node, way: int, order: Order) -> Order:
        """The factor moves as the sign of the other asks for."""
        if not self._moves(factor):
            return order
        sign = self._sign(other, order)
        if not sign:
            order, sign = self._not_negative(other, order), 1
        return self.need(factor, sign * way, order)

    def _power(
        self, whole: Node, base: Node, exponent: Node, way: int, order: Order
    ) -> Order:
        """Of an exponent that is a number."""
        if any(isinstance(n, Name) for n in walk(exponent)):
            raise Unheld("unheld-bends", what=write(whole))
        power = float(evaluate(exponent, {}))
        if power < 0 or not power.is_integer():
            return self.need(base, way if power > 0 else -way, order)
        if power % 2:
            return self.need(base, way, order)
        sign = self._sign(base, order)
        if not sign:
            order, sign = self._not_negative(base, order), 1
        return self.need(base, sign * way, order)

    def _call(
        self, function: str, arguments: tuple[Node, ...], way: int, order: Order
    ) -> Order:
        if function == "abs":
            sign = self._sign(arguments[0], order)
            if not sign:
                order, sign = self._not_negative(arguments[0], order), 1
            return self.need(arguments[0], sign * way, order)
        if function == "where" and not self._moves(arguments[0]):
            arguments = arguments[1:]
        elif function not in RISING:
            told = write(Call(function, arguments))
            raise Unheld("unheld-bends", what=told)
        for argument in arguments:
            order = self.need(argument, way, order)
        return order

    # ── signs ──

    def _sign(self, node: Node, order: Order) -> int:
        """+1 where it is nowhere negative, -1 where nowhere positive, else 0."""
        match node:
            case Number() | Constant():
                return 1
            case Name(name):
                return int(name in order.positive or name in self.known)
            case Negate(operand):
                return -self._sign(operand, order)
            case Binary("+", left, right):
                return _same(self._sign(left, order), self._sign(right, order))
            case Binary("-", left, right):
                return _same(self._sign(left, order), -self._sign(right, order))
            case Binary("*" | "/", left, right):
                return self._sign(left, order) * self._sign(right, order)
            case Binary("**", base, exponent):
                return self._sign_of_power(base, exponent, order)
            case Call("max", arguments):
                return int(any(self._sign(a, order) > 0 for a in arguments))
            case Call("min", arguments):
                return int(all(self._sign(a, order) > 0 for a in arguments))
            case Call("where", (_, left, right)):
                return _same(self._sign(left, order), self._sign(right, order))
            case Call("tanh" | "log1p" | "expm1", (inner,)):
                return self._sign(inner, order)
            case Call(function, _):
                return int(function in POSITIVE)
        return int(is_condition(node))

    def _sign_of_power(self, base: Node, exponent: Node, order: Order) -> int:
        match exponent:
            case Number(text) if text.isdigit() and int(text) % 2:
                return self._sign(base, order)
        return 1

    def _not_negative(self, node: Node, order: Order) -> Order:
        """The order with what makes the node nowhere negative."""
        if self._sign(node, order) > 0:
            return order
        match node:
            case Name(name) if name in self.structure.names:
                return replace(order, positive=order.positive | {name})
            case Binary("+" | "*" | "/", left, right):
                return self._not_negative(right, self._not_negative(left, order))
            case Binary("**", base, _):
                return self._not_negative(base, order)
            case Call("min" | "tanh" | "log1p" | "expm1", arguments):
                for argument in arguments:
                    order = self._not_negative(argument, order)
                return order
        raise Unheld("unheld-sign", what=write(node))


def _same(one: int, other: int) -> int:
    return one if one == other else 0
