"""A kind that the user asked for, or why the values cannot have it."""

from typing import cast

import numpy as np

from mapsto.data import date_numbers, dates, kinds, words
from mapsto.data.kinds import Found, Look
from mapsto.data.numbers_in_text import NO_VALUE, find_reading, number_of
from mapsto.data.pictures import are_pictures, remembered
from mapsto.data.raw import missing, word
from mapsto.data.table import Kind
from mapsto.errors import DataError

ENOUGH = 0.5
"""Who asks for a kind accepts more gaps than `kinds` would: half may be unreadable."""


def force_kind(look: Look, kind: str) -> Found:
    """How the values are read as the kind asked for."""
    rules = {"number": _number, "boolean": _boolean, "date": _date, "picture": _picture}
    if len(look.distinct) == 0 or kind not in rules:
        return Found(cast(Kind, kind))
    rule = rules[kind]
    found = rule(look)
    if found is None:
        raise _impossible(look, kind)
    return found


def _number(look: Look) -> Found | None:
    if look.values.dtype.kind in "fb":
        return Found("number")
    if look.values.dtype.kind == "M":
        return None
    if reading := find_reading(look.distinct, look.comma, ENOUGH):
        return kinds.number_text(look, reading)
    return kinds.clock(look) if dates.find_clock(look.distinct, ENOUGH) else None


def _boolean(look: Look) -> Found | None:
    dtype = look.values.dtype.kind
    if dtype == "b" or (dtype == "f" and set(look.distinct) <= {0.0, 1.0}):
        return Found("boolean")
    if dtype != "O" or not words.are_boolean(look.distinct):
        return None
    return Found("boolean", words.boolean_words(look.distinct))


def _date(look: Look) -> Found | None:
    dtype = look.values.dtype.kind
    if dtype == "M":
        return Found("date")
    if dtype == "f":
        form = date_numbers.find_form(look.values, look.name, forced=True)
        return kinds.number_dates(look, form) if form else None
    order = dates.find_order(look.distinct, ENOUGH) if dtype == "O" else None
    return kinds.date_text(look, *order) if order else None


def _picture(look: Look) -> Found | None:
    if not are_pictures(look.values):
        return None
    return Found("picture", remembered(look.distinct))


def _impossible(look: Look, kind: str) -> DataError:
    """The error, with the first value that does not fit."""
    rows = np.flatnonzero(~missing(look.values))
    reads = {"number": _is_number, "date": _is_date, "boolean": _is_boolean}
    bad = (row for row in rows if kind in reads and not reads[kind](look.values[row]))
    row = int(next(bad, rows[0]))
    value = word(look.values[row])
    return DataError(
        "kind-impossible", column=look.name, kind=kind, row=row + 1, value=value
    )


def _is_number(value: object) -> bool:
    text = word(value) or ""
    return text in NO_VALUE or not np.isnan(number_of(text, {"decimal": "."}))


def _is_date(value: object) -> bool:
    return dates.moment_of(word(value), "dmy") is not None


def _is_boolean(value: object) -> bool:
    return not np.isnan(words.truth(word(value)))
