"""A structure that the user declares becomes a family of the ladder."""

from collections.abc import Mapping, Sequence
from typing import Any

from mapsto import catalogue
from mapsto.errors import OptionError
from mapsto.events import Noticed, Watch
from mapsto.families.composition import Composition
from mapsto.families.composition_dials import check
from mapsto.families.family import Family
from mapsto.families.structure import Structure, read_structure
from mapsto.selection.options import dials_of
from mapsto.selection.problem import Origin, Problem

ABOVE = ("network",)
"""A composition of parts is a network whose inputs are told apart: it has less
capacity, and says more. So it stands before the free network, and is the simplest
adequate wherever the declared structure costs little."""


def with_composition(
    families: Sequence[Family],
    text: str | None,
    problem: Problem,
    origin: Origin,
    given: Mapping[str, Mapping[str, Any]],
    watch: Watch,
) -> tuple[tuple[Family, ...], Structure | None]:
    """The families to climb, with the composition of this structure among them, and
    the structure. A column that no part uses is told as a notice."""
    if text is None:
        return tuple(families), None
    if problem.task.classes > 2:
        raise OptionError(
            "compose-classes", target=origin.target.name, classes=problem.task.classes
        )
    structure = _read(text, problem, origin)
    family = Composition(structure)
    check(given.get(family.name, {}), structure, dials_of(family))
    unused = [c.name for c in problem.columns if c.name not in structure.columns]
    if unused:
        told = {"columns": catalogue.listed(unused)}
        watch.tell(Noticed("columns-in-no-part", told))
    place = next((k for k, f in enumerate(families) if f.name in ABOVE), len(families))
    return (*families[:place], family, *families[place:]), structure


def _read(text: Any, problem: Problem, origin: Origin) -> Structure:
    if not isinstance(text, str):
        expected = 'write it as text, such as "size(area) + place(district)"'
        raise OptionError("option-bad", option="compose", value=text, problem=expected)
    aside = [c.name for c in origin.aside]
    return read_structure(text, problem.columns, aside, origin.target.name)
