"""A structure that the user declares becomes a family of the ladder."""

from collections.abc import Mapping, Sequence
from typing import Any

from mapsto import catalogue
from mapsto.errors import OptionError
from mapsto.events import Noticed, RungSkipped, Watch
from mapsto.families.composition import Composition
from mapsto.families.composition_classes import check_classes
from mapsto.families.composition_dials import MONOTONE, check
from mapsto.families.family import Family
from mapsto.families.structure import PartOf, Structure, read_structure
from mapsto.families.structure_order import Unheld, order_of
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
    the structure. A column that no part uses is told as a notice, and a structure that
    cannot be held to a direction (monotone) is left out with the reason."""
    if text is None:
        return tuple(families), None
    structure = _read(text, problem, origin)
    if problem.task.classes > 2:
        check_classes(structure)
    dials = given.get(Composition.name, {})
    check(dials, structure, dials_of(Composition(structure)))
    directions = {
        name: _own_directions(structure.part(name), dials.get(name, {}), problem)
        for name in structure.names
    }
    try:
        order = order_of(
            structure,
            {c.name: c.monotone for c in problem.columns if c.monotone},
            directions,
            [c.name for c in problem.columns if c.kind == "boolean"],
        )
    except Unheld as unheld:
        return _without(families, structure, unheld, watch), structure
    family = Composition(structure, order)
    unused = [c.name for c in problem.columns if c.name not in structure.columns]
    if unused:
        told = {"columns": catalogue.listed(unused)}
        watch.tell(Noticed("columns-in-no-part", told))
    place = next((k for k, f in enumerate(families) if f.name in ABOVE), len(families))
    return (*families[:place], family, *families[place:]), structure


def _own_directions(
    declared: PartOf, dials: Mapping[str, Any], problem: Problem
) -> dict[str, int]:
    """With which of its own numbers a part is asked to rise or fall."""
    ways = dict(dials.get(MONOTONE) or {})
    kinds = {c.name: c.kind for c in problem.columns if c.name in declared.columns}
    option = f"composition.{declared.name}.{MONOTONE}"
    for name in ways:
        if name not in kinds:
            raise OptionError(
                "column-unknown",
                option=option,
                column=name,
                near=catalogue.near(str(name), list(kinds)),
                columns=catalogue.listed(list(kinds)),
            )
        if kinds[name] != "number":
            wrong = f"the column {name!r} is of kind {kinds[name]}, and only numbers "
            wrong += "have an order that a part can keep"
            raise OptionError("option-bad", option=option, value=ways, problem=wrong)
    return ways


def _without(
    families: Sequence[Family], structure: Structure, unheld: Unheld, watch: Watch
) -> tuple[Family, ...]:
    """The families without the composition; an error where it was all there is."""
    reason = catalogue.NOTICES[unheld.code].format(**unheld.told)
    if all(f.name == "constant" for f in families):
        problem = f"with monotone it cannot be learned: {reason}"
        raise OptionError(
            "option-bad", option="compose", value=structure.text, problem=problem
        )
    told = {"reason": reason}
    watch.tell(RungSkipped(Composition.name, "composition-not-monotone", told))
    return tuple(families)


def _read(text: Any, problem: Problem, origin: Origin) -> Structure:
    if not isinstance(text, str):
        expected = 'write it as text, such as "size(area) + place(district)"'
        raise OptionError("option-bad", option="compose", value=text, problem=expected)
    aside = [c.name for c in origin.aside]
    return read_structure(text, problem.columns, aside, origin.target.name)
