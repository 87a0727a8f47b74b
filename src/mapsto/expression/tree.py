"""What an expression is: a tree of frozen nodes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True)
class Number:
    """A decimal literal, kept as written: the real number, not its nearest double."""

    text: str


@dataclass(frozen=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True)
class Constant:
    """π or e."""

    name: str


@dataclass(frozen=True)
class Negate:
    """-operand."""

    operand: "Node"


@dataclass(frozen=True)
class Binary:
    """left + right, and the like."""

    operator: Literal["+", "-", "*", "/", "**"]
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Compare:
    """left < right, and the like: a condition."""

    operator: Literal["<", "<=", ">", ">=", "==", "!="]
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Logic:
    """`and` or `or` of two conditions."""

    operator: Literal["and", "or"]
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Not:
    """The opposite of a condition."""

    operand: "Node"


@dataclass(frozen=True)
class Call:
    """function(arguments)."""

    function: str
    arguments: tuple["Node", ...]


Node = Number | Name | Constant | Negate | Binary | Compare | Logic | Not | Call


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below."""
    match node:
        case Negate(operand) | Not(operand):
            return (operand,)
        case Binary(_, left, right) | Compare(_, left, right) | Logic(_, left, right):
            return (left, right)
        case Call(_, arguments):
            return arguments
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def variables(node: Node) -> tuple[str, ...]:
    """The free names, each once, in the order of their first appearance."""
    return tuple(dict.fromkeys(n.name for n in walk(node) if isinstance(n, Name)))


def is_condition(node: Node) -> bool:
    """True for what is true or false, rather than a number."""
    return isinstance(node, Compare | Logic | Not)


def levels(node: Node) -> int:
    """The height of the tree, counted without recursion."""
    level, here = 0, [node]
    while here:
        level, here = level + 1, [below for n in here for below in children(n)]
    return level


def rewritten(node: Node, change: Callable[[Node], Node | None]) -> Node:
    """The tree with some nodes replaced, from the top down; None leaves one as it is,
    and goes on below it."""
    changed = change(node)
    if changed is not None:
        return changed
    match node:
        case Negate(operand) | Not(operand):
            return replace(node, operand=rewritten(operand, change))
        case Binary() | Compare() | Logic():
            left, right = rewritten(node.left, change), rewritten(node.right, change)
            return replace(node, left=left, right=right)
        case Call(function, arguments):
            return Call(function, tuple(rewritten(a, change) for a in arguments))
    return node
