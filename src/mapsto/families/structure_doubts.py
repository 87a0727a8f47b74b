"""What a structure leaves open, whatever the data: where two parts can trade."""

from itertools import combinations

from mapsto.expression import Name, walk
from mapsto.families.structure import PartOf, Structure, bare_summands
from mapsto.families.structure_terms import summed


def sharing(structure: Structure) -> list[tuple[str, str, tuple[str, ...]]]:
    """(part, other, columns) that both depend on, where the convention for shared
    inputs does not part them: they are no two summands, or share more than one."""
    summands = set(bare_summands(structure))
    found = []
    for one, other in combinations(structure.parts, 2):
        both = _common(structure, one, other)
        settled = {one.name, other.name} <= summands and len(both) < 2
        whole = set(both) <= {*one.columns} & {*other.columns}
        if both and not (settled and whole):
            found.append((one.name, other.name, both))
    return found


def chained(structure: Structure) -> list[tuple[str, str]]:
    """(inner, outer): parts that are seen only through another one."""
    return [
        (argument.name, outer.name)
        for outer in structure.parts
        for argument in outer.arguments
        if isinstance(argument, Name)
        and argument.name in structure.names
        and structure.times(argument.name) == 1
    ]


def _common(structure: Structure, one: PartOf, other: PartOf) -> tuple[str, ...]:
    """Columns of both: those that each part reaches and, of parts in different terms,
    those that its term is multiplied with."""
    if _inside(structure, one, other) or _inside(structure, other, one):
        inner, outer = (one, other) if _inside(structure, one, other) else (other, one)
        return tuple(c for c in inner.reaches if c in outer.columns)
    a, b = set(one.reaches), set(other.reaches)
    if _term(structure, one) != _term(structure, other):
        a, b = a | _beside(structure, one), b | _beside(structure, other)
    return tuple(c for c in structure.columns if c in a & b)


def _inside(structure: Structure, inner: PartOf, outer: PartOf) -> bool:
    """Does the value of `inner` reach `outer`?"""
    seen = {n.name for a in outer.arguments for n in walk(a) if isinstance(n, Name)}
    below = [structure.part(name) for name in structure.names if name in seen]
    return inner in below or any(_inside(structure, inner, p) for p in below)


def _term(structure: Structure, part: PartOf) -> int:
    """Which term of the sum the part stands in; -1 where it is another's input."""
    for k, (_, term) in enumerate(summed(structure.body)):
        if Name(part.name) in set(walk(term)):
            return k
    return -1


def _beside(structure: Structure, part: PartOf) -> set[str]:
    """The columns that the part's term is calculated with."""
    terms = summed(structure.body)
    at = _term(structure, part)
    if at < 0:
        return set()
    names = {n.name for n in walk(terms[at][1]) if isinstance(n, Name)}
    return names & set(structure.direct)
