"""A declared structure: which parts a function is made of, and how they join.

    size(area, floor) + place(district, school) * age

A name that is called and is no function of the language is a *part*, a function to
be learned. Its arguments are columns, or expressions of columns and of other parts.
Everything else is arithmetic, read by `mapsto.expression`, never evaluated as code.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from mapsto import catalogue
from mapsto.data.table import Column
from mapsto.errors import ExpressionError
from mapsto.expression import CONSTANTS, FUNCTIONS, Call, Name, Node, parse, walk, write
from mapsto.expression.functions import ALIASES
from mapsto.expression.tokens import tokens
from mapsto.expression.tree import rewritten
from mapsto.families.structure_terms import summed

MOST_PARTS = 32
MOST_NESTED = 4  # parts inside one another
DIRECT = ("number", "boolean")  # kinds of columns that can be calculated with

GIVEN = (
    *("exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "abs"),
    *("sin", "cos", "tanh", "sigmoid", "softplus", "relu", "min", "max", "where"),
)
"""The functions of the language that a structure may use: smooth, or nearly, and
each can be written into the graph."""


@dataclass(frozen=True)
class PartOf:
    """A part as it is declared.

    `columns`: those it sees whole, whatever their kind. `arguments`: expressions, in
    which `Name(part)` stands for the value of another part. `names`: what each
    argument is called. `reaches`: every column that it depends on.
    """

    name: str
    columns: tuple[str, ...]
    arguments: tuple[Node, ...]
    names: tuple[str, ...]
    reaches: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name}({', '.join([*self.columns, *self.names])})"


@dataclass(frozen=True)
class Structure:
    """A structure that has been read: `text` as it is written back, the parts in the
    order in which they are named, and the `body`, in which `Name(part)` stands for the
    value of a part. `order`: the parts' names, each after those inside it. `direct`:
    the columns that are calculated with.
    """

    text: str
    body: Node
    parts: tuple[PartOf, ...]
    order: tuple[str, ...]
    direct: tuple[str, ...]

    def part(self, name: str) -> PartOf:
        return next(p for p in self.parts if p.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(p.name for p in self.parts)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that is used."""
        reached = [c for p in self.parts for c in p.reaches]
        return tuple(dict.fromkeys([*reached, *self.direct]))

    @property
    def expressions(self) -> tuple[Node, ...]:
        """The body, and the arguments of every part."""
        return (self.body, *(a for p in self.parts for a in p.arguments))

    def times(self, name: str) -> int:
        """How often the value of a part is used."""
        nodes = (n for e in self.expressions for n in walk(e))
        return sum(n == Name(name) for n in nodes)


def read_structure(
    text: str,
    columns: Sequence[Column],
    aside: Collection[str] = (),
    target: str = "",
) -> Structure:
    """Read a structure over these columns.

    `aside`: columns that cannot be learned from; `target`: what is predicted. Raises
    ExpressionError, whose sentence says what was expected and what came.
    """
    kinds = {c.name: c.kind for c in columns}
    called = _called(text, kinds)
    _check_names(text, kinds, aside, target)
    whole = parse(text, [*kinds], called)
    calls = _calls(whole, called)
    if not calls:
        raise ExpressionError("compose-no-part", text=text)
    if len(calls) > MOST_PARTS:
        raise ExpressionError("compose-many", parts=len(calls), most=MOST_PARTS)
    parts = tuple(_part(call, called, calls) for call in calls.values())
    body = _with_names(whole, called)
    found = Structure(write(whole), body, parts, _order(parts), ())
    direct = [
        n.name
        for e in found.expressions
        for n in walk(e)
        if isinstance(n, Name) and n.name in kinds
    ]
    _check_direct(direct, kinds)
    _check_told_apart(found)
    return replace(found, direct=tuple(dict.fromkeys(direct)))


def _called(text: str, kinds: Collection[str]) -> list[str]:
    """The names of the parts, in the order of their first call."""
    if not text.strip():
        raise ExpressionError("compose-empty")
    every = list(tokens(text))
    names: dict[str, None] = {}
    for token, after in pairwise(every):
        if token.kind not in ("name", "quoted") or after.text != "(":
            continue
        if token.kind == "name" and ALIASES.get(token.text, token.text) in GIVEN:
            continue
        _check_part(token.text, kinds)
        closing = every[every.index(after) + 1]
        if closing.text == ")":
            raise ExpressionError("compose-part-empty", part=token.text)
        names[token.text] = None
    return list(names)


def _check_part(name: str, kinds: Collection[str]) -> None:
    """A name that can be one of a part."""
    if name in kinds:
        raise ExpressionError("compose-part-is-column", part=name)
    if name in CONSTANTS or ALIASES.get(name, name) in FUNCTIONS:
        functions = catalogue.listed(list(GIVEN), len(GIVEN))
        raise ExpressionError("compose-part-is-function", part=name, choices=functions)
    if not name.isidentifier():
        raise ExpressionError("compose-part-name", part=name)


def _check_names(
    text: str, kinds: Collection[str], aside: Collection[str], target: str
) -> None:
    """A word about columns that are there, but cannot be used."""
    for token, after in pairwise(tokens(text)):
        if token.kind not in ("name", "quoted") or after.text == "(":
            continue
        if token.text == target:
            raise ExpressionError("compose-target", column=target)
        if token.text in aside and token.text not in kinds:
            raise ExpressionError("compose-aside", column=token.text)


def _calls(whole: Node, called: Collection[str]) -> dict[str, Call]:
    """The one call of each part, in the order in which they are named."""
    calls: dict[str, Call] = {}
    for node in walk(whole):
        if not isinstance(node, Call) or node.function not in called:
            continue
        before = calls.setdefault(node.function, node)
        if _inside(node, node.function):
            raise ExpressionError("compose-circular", part=node.function)
        if before != node:
            told = {"part": node.function, "first": write(before)}
            raise ExpressionError("compose-part-twice", **told, second=write(node))
    return {name: calls[name] for name in called}


def _inside(call: Call, name: str) -> bool:
    below = (n for a in call.arguments for n in walk(a))
    return any(isinstance(n, Call) and n.function == name for n in below)


def _part(call: Call, called: Collection[str], calls: Collection[str]) -> PartOf:
    columns = [a.name for a in call.arguments if isinstance(a, Name)]
    others = [a for a in call.arguments if not isinstance(a, Name)]
    reached = [n.name for n in walk(call) if isinstance(n, Name)]
    if _nested(call, called) > MOST_NESTED:
        raise ExpressionError("compose-deep", part=call.function, most=MOST_NESTED)
    every = [*columns, *map(write, others)]
    double = next((c for c in every if every.count(c) > 1), None)
    if double is not None:
        raise ExpressionError("compose-argument-twice", part=call.function, name=double)
    if not reached:
        raise ExpressionError("compose-part-empty", part=call.function)
    return PartOf(
        call.function,
        tuple(columns),
        tuple(_with_names(a, called) for a in others),
        tuple(map(write, others)),
        tuple(dict.fromkeys(reached)),
    )


def _nested(node: Node, called: Collection[str]) -> int:
    """How many parts stand inside one another."""
    own = int(isinstance(node, Call) and node.function in called)
    below = node.arguments if isinstance(node, Call) else list(_below(node))
    return own + max((_nested(n, called) for n in below), default=0)


def _below(node: Node) -> Iterator[Node]:
    nodes = walk(node)
    next(nodes)
    yield from (n for n in nodes if isinstance(n, Call))


def _with_names(node: Node, called: Collection[str]) -> Node:
    """Each call of a part becomes its name."""

    def named(n: Node) -> Node | None:
        return (
            Name(n.function) if isinstance(n, Call) and n.function in called else None
        )

    return rewritten(node, named)


def _order(parts: Sequence[PartOf]) -> tuple[str, ...]:
    """Each part after those whose values it needs."""
    needs = {
        p.name: {n.name for a in p.arguments for n in walk(a) if isinstance(n, Name)}
        for p in parts
    }
    done: list[str] = []
    while len(done) < len(parts):
        done += [
            p for p in needs if p not in done and not (needs[p] & set(needs)) - {*done}
        ]
    return tuple(done)


def _check_direct(direct: Sequence[str], kinds: Mapping[str, str]) -> None:
    for name in direct:
        if kinds[name] not in DIRECT:
            raise ExpressionError("compose-not-a-number", column=name, kind=kinds[name])


# ── what can be told apart ──


def _check_told_apart(structure: Structure) -> None:
    """Of two summands, a later one must see something that the earlier does not."""
    summands = [structure.part(n) for n in bare_summands(structure)]
    for k, later in enumerate(summands):
        for first in summands[:k]:
            if set(later.reaches) <= set(first.columns):
                told = {"first": str(first), "later": str(later)}
                raise ExpressionError("compose-same-inputs", **told)


def bare_summands(structure: Structure) -> list[str]:
    """The parts that are added to the prediction, as they are or times a number, in
    the order in which they are named."""
    from_terms = [t.name for _, t in summed(structure.body) if isinstance(t, Name)]
    alone = {n for n in from_terms if structure.times(n) == 1}
    return [n for n in structure.names if n in alone]
