"""From tree to text, with no more brackets than are needed."""

from mapsto.expression.functions import CONSTANTS
from mapsto.expression.tokens import ATOM, KEYWORDS, NOT, POWER, PRECEDENCE, SIGN
from mapsto.expression.tree import (
    Binary,
    Call,
    Compare,
    Constant,
    Logic,
    Name,
    Negate,
    Node,
    Not,
    Number,
)


def write(node: Node) -> str:
    """The expression as text, with no more brackets than it needs: parse(write(n))
    is n again."""
    return _written(node)[0]


def _written(node: Node) -> tuple[str, int]:
    """The text, and how tightly its outermost operator binds."""
    match node:
        case Number(text):
            return text, ATOM
        case Constant(name):
            return name, ATOM
        case Name(name):
            return _quoted(name), ATOM
        case Call(name, arguments):
            return f"{_quoted(name)}({', '.join(map(write, arguments))})", ATOM
        case Negate(operand):
            return f"-{_bracketed(operand, SIGN)}", SIGN
        case Not(operand):
            return f"not {_bracketed(operand, NOT)}", NOT
        case Binary("**", base, exponent):
            return f"{_bracketed(base, ATOM)}**{_bracketed(exponent, SIGN)}", POWER
        case Binary(symbol, left, right) | Logic(symbol, left, right):
            rank = PRECEDENCE[symbol]
            return (
                f"{_bracketed(left, rank)} {symbol} {_bracketed(right, rank + 1)}",
                rank,
            )
        case Compare(symbol, left, right):
            rank = PRECEDENCE[symbol]
            return (
                f"{_bracketed(left, rank + 1)} {symbol} {_bracketed(right, rank + 1)}",
                rank,
            )


def _bracketed(node: Node, least: int) -> str:
    text, rank = _written(node)
    return text if rank >= least else f"({text})"


def _quoted(name: str) -> str:
    plain = name.isidentifier() and name not in (*CONSTANTS, *KEYWORDS)
    return name if plain else f"`{name}`"
