"""Columns with which the function must rise or fall.

A column carries its direction to every encoding and family (`Column.monotone`).
Families that cannot be held to it are left out of the climb.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mapsto import catalogue
from mapsto.data.table import Column
from mapsto.errors import OptionError
from mapsto.families import MONOTONE
from mapsto.families.family import Family

COMPOSITION = "composition"  # one that is climbed can be held (`composing`)
ORDERED = ("number", "date")


def held(
    columns: Sequence[Column],
    aside: Sequence[Column],
    monotone: Mapping[str, int] | None,
    classes: int,
) -> tuple[Column, ...]:
    """The columns with their directions.

    monotone: {"area": +1, "age": -1}; 0 is as not named. aside: columns that are not
    learned from, for the error's sake.
    """
    wanted = {name: int(way) for name, way in (monotone or {}).items() if way}
    kinds = {c.name: c.kind for c in (*columns, *aside)}
    for name in wanted:
        _check_column(name, kinds)
    if wanted and classes > 2:
        raise _bad(
            dict(wanted),
            f"the target has {classes} classes, and only a quantity or the probability "
            "of one of two classes can rise or fall",
        )
    return tuple(replace(c, monotone=wanted.get(c.name, 0)) for c in columns)


def _check_column(name: str, kinds: Mapping[str, str]) -> None:
    if name not in kinds:
        raise OptionError(
            "column-unknown",
            option="monotone",
            column=name,
            near=catalogue.near(str(name), list(kinds)),
            columns=catalogue.listed(list(kinds)),
        )
    if kinds[name] not in ORDERED:
        raise _bad(
            name,
            f"the column is of kind {kinds[name]}, and only numbers and dates have "
            'an order. If it is a number, kinds={"'
            + str(name)
            + '": "number"} says so',
        )


def _bad(value: Any, problem: str) -> OptionError:
    return OptionError("option-bad", option="monotone", value=value, problem=problem)


def that_keep_order(
    families: Sequence[Family], columns: Sequence[Column]
) -> tuple[tuple[Family, ...], tuple[str, ...]]:
    """The families to climb, and the names of those that are left out."""
    if not any(c.monotone for c in columns):
        return tuple(families), ()
    keeping = (*MONOTONE, COMPOSITION)
    kept = tuple(f for f in families if f.name in keeping)
    left = tuple(f.name for f in families if f.name not in keeping)
    if left and all(f.name == "constant" for f in kept):
        raise OptionError(
            "option-bad",
            option="families",
            value=catalogue.listed(list(left)),
            problem="with monotone, choose from "
            + catalogue.listed([n for n in MONOTONE if n != "constant"]),
        )
    return kept, left
