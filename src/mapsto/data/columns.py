"""The columns of a raw table: the kind of each, and what is remembered of it.

Raw --find_columns--> Columns        once, when a function is learned
Raw, Columns --type_table--> Table   then, and for all rows to come
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import get_args

import numpy as np

from mapsto import catalogue
from mapsto.data.forced_kinds import force_kind
from mapsto.data.kinds import Found, Look, find_kind, tell_unreadable, uses_comma
from mapsto.data.raw import Raw, objects, word
from mapsto.data.table import LEARNABLE, Column, Kind
from mapsto.data.target_values import TargetValues, target_values
from mapsto.data.text import fit_vocabulary
from mapsto.data.typed import finite, infinite, type_table, typed
from mapsto.errors import OptionError
from mapsto.events import Noticed

__all__ = ["TargetValues", "find_columns", "target_values", "type_table"]


def find_columns(
    raw: Raw,
    kinds: Mapping[str, str] | None = None,
    skip: Collection[str] = (),
) -> tuple[tuple[Column, ...], tuple[Noticed, ...]]:
    """A Column for each column that is not skipped, and what to tell about them.

    `kinds` overrides what would be found. Identifiers and constants are among the
    Columns, for the caller to set aside. Errors: OptionError for a column or a kind
    that does not exist, DataError for a kind that the values cannot have.
    """
    kinds = kinds or {}
    _check_kinds(raw, kinds)
    looks = _looks(raw, [name for name in raw.columns if name not in skip])
    columns, notices = [], []
    for look in looks:
        asked = kinds.get(look.name)
        found = force_kind(look, asked) if asked else find_kind(look)
        column, told = _remember(look, found)
        columns.append(column)
        notices += [*infinities(raw, look.name), *found.notices, *told]
    return tuple(columns), _gathered(notices)


def _gathered(notices: list[Noticed]) -> tuple[Noticed, ...]:
    """Columns that are set aside for the same reason, in one notice."""
    aside: dict[str, list[str]] = {}
    for notice in notices:
        if "columns" in notice.parameters:
            aside.setdefault(notice.code, []).append(notice.parameters["columns"])
    others = [notice for notice in notices if notice.code not in aside]
    lists = {code: catalogue.listed(names) for code, names in aside.items()}
    return (*others, *(Noticed(code, {"columns": v}) for code, v in lists.items()))


def _looks(raw: Raw, names: list[str]) -> list[Look]:
    comma = uses_comma(raw)
    return [
        Look(
            name,
            _finite(raw.columns[name]),
            comma=comma,
            total=raw.total,
            first=name == next(iter(raw.columns)),
            alone=len(names) == 1,
            declared=name in raw.declared,
            named=raw.frame != "numpy",
            tell_plain=raw.frame != "file",
        )
        for name in names
    ]


def _finite(values: np.ndarray) -> np.ndarray:
    return finite(values) if values.dtype.kind == "f" else values


def infinities(raw: Raw, name: str) -> list[Noticed]:
    """A word about infinite numbers in a column, and where they are."""
    values = raw.columns[name]
    if values.dtype.kind != "f" or not infinite(values).any():
        return []
    rows = np.flatnonzero(infinite(values))
    told = {"column": name, "count": len(rows), "row": int(rows[0]) + 1}
    return [Noticed("infinities", told)]


def _remember(look: Look, found: Found) -> tuple[Column, tuple[Noticed, ...]]:
    """The Column, and a word about values that its kind cannot hold."""
    gaps = look.present < len(look.values)
    column = Column(look.name, found.kind, has_missing=gaps, parse=found.parse)
    if found.kind not in LEARNABLE or found.kind == "picture":
        return column, ()
    if found.kind in ("short text", "long text"):
        return replace(column, parse=fit_vocabulary(_as_text(look.values))), ()
    values = typed(column, look.values)
    if found.kind == "category":
        return replace(column, levels=tuple(sorted(set(values) - {""}))), ()
    known = values[~np.isnan(values)]
    column = replace(column, has_missing=len(known) < len(values))
    if found.kind != "boolean" and len(known):
        column = replace(column, low=float(known.min()), high=float(known.max()))
    return column, tell_unreadable(look, values, f"{found.kind}s")


def _as_text(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind == "O":
        return values
    return objects(map(word, values.tolist()), len(values))


def _check_kinds(raw: Raw, kinds: Mapping[str, str]) -> None:
    names, choices = list(raw.columns), list(get_args(Kind))
    for column, kind in kinds.items():
        if column not in raw.columns:
            raise OptionError(
                "column-unknown",
                option="kinds",
                column=column,
                near=catalogue.near(str(column), names),
                columns=catalogue.listed(names),
            )
        if kind not in choices:
            raise OptionError(
                "option-unknown",
                option=f"kinds[{column!r}]",
                value=kind,
                near=catalogue.near(str(kind), choices),
                choices=", ".join(choices),
            )
