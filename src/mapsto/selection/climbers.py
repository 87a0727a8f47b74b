"""Which families climb the ladder of a problem, and a word about each that does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mapsto.events import RungSkipped, Watch
from mapsto.families.composition import Composition
from mapsto.families.family import Family
from mapsto.families.structure import Structure
from mapsto.selection.composing import with_composition
from mapsto.selection.monotone import that_keep_order
from mapsto.selection.pictures import that_can_see
from mapsto.selection.problem import Origin, Problem


@dataclass(frozen=True)
class Climbers:
    """families: in the order of the ladder. structure: what `compose` declares.
    left_out: the names of those that cannot be held to a direction (monotone)."""

    families: tuple[Family, ...]
    structure: Structure | None
    left_out: tuple[str, ...]


def climbers(
    families: Sequence[Family],
    asked: bool,
    compose: str | None,
    problem: Problem,
    origin: Origin,
    given: Mapping[str, Mapping[str, Any]],
    watch: Watch,
) -> Climbers:
    """The declared composition joins; who cannot see pictures, or cannot keep an
    order, is left out, and it is told. `asked`: the user chose the families.

    Errors: OptionError, where a family that was asked for cannot climb, or none can.
    """
    climbed, structure = with_composition(
        families, compose, problem, origin, given, watch
    )
    climbed, told = that_can_see(climbed, given, problem.columns, asked)
    for notice in told:
        watch.tell(notice)
    climbed, left_out = that_keep_order(climbed, problem.columns)
    for name in left_out:
        watch.tell(RungSkipped(name, "rung-not-monotone"))
    if structure and Composition.name not in [family.name for family in climbed]:
        left_out = (*left_out, Composition.name)
    return Climbers(climbed, structure, left_out)
