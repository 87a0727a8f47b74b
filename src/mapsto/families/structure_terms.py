"""What is added and what is multiplied in an expression, and its value on arrays."""

from collections.abc import Callable, Mapping
from typing import Any

from mapsto.expression import Call, Node, evaluate
from mapsto.expression.tree import Binary, Negate, Number, rewritten

TINY = 1e-9  # nearer to the edge of a domain than this, no value is taken
MOST_EXPONENT = 40.0  # e to it, squared, is still a number in 32 bits


def summed(node: Node) -> list[tuple[float, Node]]:
    """The terms of a sum with the numbers before them: 2*f - g is 2 f and -1 g."""
    match node:
        case Negate(operand):
            return [(-c, n) for c, n in summed(operand)]
        case Binary("+", left, right):
            return summed(left) + summed(right)
        case Binary("-", left, right):
            return summed(left) + [(-c, n) for c, n in summed(right)]
        case Binary("*", Number(text), other) | Binary("*", other, Number(text)):
            return [(float(text) * c, n) for c, n in summed(other)]
        case Binary("/", other, Number(text)) if float(text) != 0:
            return [(c / float(text), n) for c, n in summed(other)]
    return [(1.0, node)]


def multiplied(node: Node) -> list[tuple[int, Node]]:
    """The factors of a product with their powers: f * g / h is f, g and h to the -1."""
    match node:
        case Binary("*", left, right):
            return multiplied(left) + multiplied(right)
        case Binary("/", left, right):
            return multiplied(left) + [(-p, n) for p, n in multiplied(right)]
    return [(1, node)]


def value_of(node: Node, values: Mapping[str, Any]) -> Any:
    """The value of an expression on arrays; where its functions are not defined, that
    of the nearest place where they are: log(x) is log(1e-9) for x < 1e-9."""
    some = next(iter(values.values()))
    return evaluate(_guarded(node), values, _functions(some.__array_namespace__()))


def _guarded(node: Node) -> Node:
    """Divisions and powers as calls of functions that are defined everywhere."""

    def change(n: Node) -> Node | None:
        match n:
            case Binary("/", left, right):
                return Call("divide", (_guarded(left), _guarded(right)))
            case Binary("**", base, exponent) if not _is_whole(exponent):
                return Call("power", (_guarded(base), _guarded(exponent)))
        return None

    return rewritten(node, change)


def _is_whole(exponent: Node) -> bool:
    match exponent:
        case Number(text):
            return text.isdigit() and len(text) < 3
    return False


def _functions(xp: Any) -> dict[str, Callable[..., Any]]:
    def above(x: Any, least: float) -> Any:
        return xp.maximum(x, xp.asarray(least, dtype=x.dtype))

    def divide(a: Any, b: Any) -> Any:
        far = xp.abs(b) >= TINY
        return a / xp.where(far, b, xp.asarray(TINY, dtype=b.dtype))

    def below(x: Any) -> Any:
        return xp.minimum(x, xp.asarray(MOST_EXPONENT, dtype=x.dtype))

    return {
        "divide": divide,
        "power": lambda base, exponent: above(base, TINY) ** exponent,
        "exp": lambda x: xp.exp(below(x)),
        "expm1": lambda x: xp.expm1(below(x)),
        "log": lambda x: xp.log(above(x, TINY)),
        "log2": lambda x: xp.log2(above(x, TINY)),
        "log10": lambda x: xp.log10(above(x, TINY)),
        "log1p": lambda x: xp.log1p(above(x, TINY - 1)),
        "sqrt": lambda x: xp.sqrt(above(x, TINY)),
    }
