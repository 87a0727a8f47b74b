"""From raw values to typed ones, by what was remembered of each column.

A column whose values were typed when it was learned is strict: a value that cannot
be read is an error that names it. A column that was learned from text (`parse` is
not empty) is lenient: such a value counts as missing, as it did then.
"""

from collections.abc import Sequence

import numpy as np

from mapsto import catalogue
from mapsto.data import date_numbers, dates, text
from mapsto.data.numbers_in_text import NO_VALUE, find_reading, read_numbers
from mapsto.data.pictures import Picture, alike, are_pictures, decoded_column
from mapsto.data.raw import Raw, missing, objects, word
from mapsto.data.table import Column, Table
from mapsto.data.words import read_booleans
from mapsto.errors import DataError

LARGEST = 1e50
"""Whatever is beyond counts as infinite: its square could not be summed."""


def type_table(raw: Raw, columns: Sequence[Column]) -> Table:
    """The remembered columns of a raw table, typed; any others are ignored.

    Errors: DataError for a column that is missing, or a value that cannot be read.
    """
    values = {column.name: typed(column, _of(raw, column.name)) for column in columns}
    return Table(tuple(columns), values, raw.rows)


def typed(column: Column, values: np.ndarray) -> np.ndarray:
    """The typed values of one raw column (see `Table`)."""
    return _TYPED[column.kind](column, values)


def _of(raw: Raw, name: str) -> np.ndarray:
    try:
        return raw.columns[name]
    except KeyError:
        names = list(raw.columns)
        raise DataError(
            "column-missing",
            column=name,
            near=catalogue.near(name, names),
            columns=catalogue.listed(names),
        ) from None


def _numbers(column: Column, values: np.ndarray) -> np.ndarray:
    kind = values.dtype.kind
    if kind == "f":
        return finite(values)
    if kind == "b":
        return values.astype(np.float64)
    if kind == "M":
        return _none_of(column, values, "numbers")
    if "clock" in column.parse:
        return dates.read_clock(values)
    if column.parse:
        return finite(read_numbers(values, column.parse))
    reading = {"decimal": "."}
    numbers = read_numbers(values, reading)
    if unreadable(values, numbers).any():
        distinct = [v for v in dict.fromkeys(values.tolist()) if v is not None]
        reading = find_reading(distinct) or reading
        numbers = read_numbers(values, reading)
    return finite(_strict(column, values, numbers, "numbers"))


def _booleans(column: Column, values: np.ndarray) -> np.ndarray:
    kind = values.dtype.kind
    if kind == "b":
        return values.astype(np.float64)
    if kind == "M":
        return _none_of(column, values, "yes or no")
    if kind == "f":
        truths = np.where((values == 0) | (values == 1), values, np.nan)
        return _strict(column, values, truths, "0 or 1")
    truths = read_booleans(values)
    return truths if column.parse else _strict(column, values, truths, "yes or no")


def _dates(column: Column, values: np.ndarray) -> np.ndarray:
    kind = values.dtype.kind
    form = column.parse.get("numbers")
    if kind == "M":
        moments = values.astype(np.float64)
        return np.where(np.isnat(values), np.nan, moments)
    if kind == "O" and form:
        values = read_numbers(values, {"decimal": "."})
    if kind != "b" and form:
        return date_numbers.read_date_numbers(finite(values), form)
    if kind != "O":
        return _none_of(column, values, "dates")
    if "order" in column.parse:
        return dates.read_dates(values, column.parse["order"])
    distinct = [v for v in dict.fromkeys(values.tolist()) if v is not None]
    order, _ = dates.find_order(distinct) or ("dmy", False)
    return _strict(column, values, dates.read_dates(values, order), "dates")


def _category(column: Column, values: np.ndarray) -> np.ndarray:
    """object (rows,) of str: a level, another word, or "" where missing."""
    names = values.tolist()
    if values.dtype.kind != "O":
        names = map(word, names)
    return objects((_level(name) for name in names), len(values))


def _level(name: str | None) -> str:
    """ "3.0" is what some writers make of the level 3 in a column with gaps."""
    if name is None:
        return ""
    return name[:-2] if name.endswith(".0") and name[:-2].isdecimal() else name


def _text(column: Column, values: np.ndarray) -> np.ndarray:
    if values.dtype.kind != "O":
        values = objects(map(word, values.tolist()), len(values))
    return text.vectors(values, column.parse)


def _pictures(column: Column, values: np.ndarray) -> np.ndarray:
    """uint8 (rows, pixels), of names of files, too; or the features that a backbone has
    told already, float32 (rows, width)."""
    side, channels = column.parse["side"], column.parse["channels"]
    cells = values if are_pictures(values) else decoded_column(values, side)[0]
    for row, cell in enumerate(cells):
        if not isinstance(cell, Picture):
            raise DataError(
                "picture-unreadable",
                column=column.name,
                row=row + 1,
                problem="there is none" if cell is None else str(cell),
            )
    if column.seen_through and all(cell.features is not None for cell in cells):
        return np.stack([cell.features for cell in cells])
    told = np.empty((len(values), column.pixels), np.uint8)
    for row, cell in enumerate(cells):
        told[row] = alike(cell, side, channels).ravel()
    return told


_TYPED = {
    "number": _numbers,
    "boolean": _booleans,
    "date": _dates,
    "category": _category,
    "short text": _text,
    "long text": _text,
    "picture": _pictures,
}


def infinite(values: np.ndarray) -> np.ndarray:
    """bool (rows,): beyond what can be calculated with, such as 1.8e308 for 'none'."""
    return np.abs(values) > LARGEST


def finite(values: np.ndarray) -> np.ndarray:
    """NaN for what is infinite."""
    beyond = infinite(values)
    return np.where(beyond, np.nan, values) if beyond.any() else values


def unreadable(values: np.ndarray, read: np.ndarray) -> np.ndarray:
    """bool (rows,): where a raw value gave nothing, though it does not say so."""
    lost = np.isnan(read)
    if lost.any():
        lost &= ~missing(values)
    if values.dtype.kind == "O" and lost.any():
        lost[lost] = [v not in NO_VALUE for v in values[lost]]
    return lost


def _strict(
    column: Column, values: np.ndarray, read: np.ndarray, expected: str
) -> np.ndarray:
    lost = unreadable(values, read)
    if lost.any():
        row = int(np.argmax(lost))
        value = values[row]
        raise DataError(
            "value-unreadable",
            column=column.name,
            expected=expected,
            row=row + 1,
            value=value if isinstance(value, str) else word(value),
        )
    return read


def _none_of(column: Column, values: np.ndarray, expected: str) -> np.ndarray:
    """All missing, or an error: values of this type are never what is expected."""
    return _strict(column, values, np.full(len(values), np.nan), expected)
