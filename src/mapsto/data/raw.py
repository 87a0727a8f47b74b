"""Raw values: a table as it came in, column by column, before kinds are found.

Whatever the source was, a raw column is one of four arrays:

| array          | holds                                        | missing   |
|----------------|----------------------------------------------|-----------|
| float64        | numbers (integers too, and nullable ones)    | NaN       |
| bool           | truth values, none missing                   | (cannot)  |
| datetime64[us] | moments, in UTC where the source had a zone  | NaT       |
| object         | text (str), or pictures (`data.pictures`)    | None      |

`cells` makes such an array from any values; `Raw` holds the arrays together.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from mapsto import catalogue
from mapsto.errors import DataError
from mapsto.events import Noticed

MISSING = {
    *("", "?", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaT"),
    *("NaN", "nan", "NAN", "-nan", "null", "NULL", "Null"),
}
"""Text that means 'no value' in any column."""

NOTHING: Any = None
_NULLS = {"NoneType", "NAType", "NaTType"}  # None, pandas.NA, NaT: by name, no import
_NUMBERS = (int, float, np.integer, np.floating, Decimal)


@dataclass(frozen=True)
class Raw:
    """A table as it came in.

    `frame` names the caller's type ("pandas", "polars", "pyarrow", "numpy", "dict",
    "row", "rows", "duckdb", "file"; of pictures "folder", "pictures") and `index` is a
    pandas frame's index, so that results go back in kind. `declared` names the columns
    that the frame itself says are categories. `target` is the name that a separate y
    was given. `total` counts the source's rows before any sampling. `notices`: what
    reading has to tell.
    """

    columns: dict[str, np.ndarray]
    rows: int
    frame: str = "dict"
    index: Any = None
    declared: frozenset[str] = frozenset()
    target: str | None = None
    total: int = 0
    notices: tuple[Noticed, ...] = ()

    def take(self, rows: np.ndarray) -> "Raw":
        """The same table with some of its rows: bool (rows,) or indices."""
        columns = {name: values[rows] for name, values in self.columns.items()}
        index = None if self.index is None else self.index[rows]
        kept = len(np.arange(self.rows)[rows])
        return replace(self, columns=columns, rows=kept, index=index)

    def sample(self, most_rows: int | None, seed: int) -> "Raw":
        """At most this many rows, drawn at random, in their order."""
        if most_rows is None or self.rows <= most_rows:
            return self
        drawn = np.random.default_rng(seed).choice(self.rows, most_rows, replace=False)
        return self.take(np.sort(drawn))


def assemble(
    names: Sequence[Any],
    columns: Sequence[np.ndarray],
    frame: str,
    total: int | None = None,
) -> Raw:
    """Columns of equal length under different names, or a clear error."""
    words = check_names(names)
    lengths = {len(values): name for name, values in zip(words, columns, strict=True)}
    if len(lengths) > 1:
        told = ", ".join(f"{name!r} has {rows}" for rows, name in lengths.items())
        raise DataError("columns-uneven", lengths=told)
    rows = next(iter(lengths), 0)
    if rows == 0:
        raise DataError("rows-none", columns=catalogue.listed(words) or "none")
    by_name = dict(zip(words, columns, strict=True))
    return Raw(by_name, rows, frame, total=rows if total is None else total)


def check_names(names: Sequence[Any]) -> list[str]:
    """The names as text, each of them once."""
    words = [str(name) for name in names]
    twice = [name for name, times in Counter(words).items() if times > 1]
    if twice:
        raise DataError("columns-duplicate", names=catalogue.listed(twice))
    return words


def cells(values: Sequence[Any] | np.ndarray) -> np.ndarray:
    """A raw column from any values: text stays text until its kind is found."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiubMm":
        return _typed(values)
    return _from_objects(_as_list(values))


def one_row(record: Mapping[Any, Any]) -> dict[str, np.ndarray]:
    """Raw columns of a single row. The fast way in: about a microsecond a column."""
    columns = {}
    for name, value in record.items():
        kind = type(value)
        if kind is float or (kind is int and -(2**63) < value < 2**63):
            cell = np.empty(1)
            cell[0] = value
        elif kind is str:
            cell = np.empty(1, dtype=object)
            cell[0] = clean(value)
        else:
            cell = _from_objects([value])
        columns[str(name)] = cell
    return columns


def clean(text: str) -> str | None:
    """Text without surrounding blanks, or None where it means 'no value'."""
    text = text.strip()
    return None if text in MISSING else text


def word(value: Any) -> str | None:
    """Any single value as text, one way only: 3, 3.0 and '3' are all '3'."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, np.generic):
        value = value.item()
    if type(value).__name__ in _NULLS:
        return None
    if isinstance(value, float):
        return number_word(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)
    if isinstance(value, (bytes, bytearray)):
        value = value.decode("utf-8", errors="replace")
    return clean(str(value))


def number_word(value: float) -> str | None:
    """'3' for 3.0, '2.5' for 2.5, None for NaN."""
    if value != value:
        return None
    return str(int(value)) if abs(value) < 1e16 and value % 1 == 0 else repr(value)


def objects(values: Iterable[Any], rows: int) -> np.ndarray:
    """An object array of single cells (never a nested array)."""
    return np.fromiter(values, dtype=object, count=rows)


def missing(values: np.ndarray) -> np.ndarray:
    """bool (rows,): where a raw column has no value."""
    if values.dtype.kind == "O":
        return np.equal(values, NOTHING).astype(bool)
    if values.dtype.kind == "b":
        return np.zeros(len(values), dtype=bool)
    return np.isnan(values) if values.dtype.kind == "f" else np.isnat(values)


def _typed(values: np.ndarray) -> np.ndarray:
    if isinstance(values, np.ma.MaskedArray) and values.mask.any():
        return _from_objects(values.tolist())
    values = np.asarray(values)
    if values.dtype.kind == "M":
        return values.astype("datetime64[us]")
    if values.dtype.kind == "m":
        return _seconds(values)
    return values if values.dtype.kind == "b" else values.astype(np.float64)


def _as_list(values: Sequence[Any] | np.ndarray) -> list[Any]:
    return values.tolist() if isinstance(values, np.ndarray) else list(values)


def _from_objects(values: list[Any]) -> np.ndarray:
    types = set(map(type, values))
    nulls = {t for t in types if t.__name__ in _NULLS}
    types -= nulls
    if types == {str}:
        return _text(values)
    if not types:
        return np.full(len(values), np.nan)
    if not nulls and types <= {bool, np.bool_}:
        return np.array(values, dtype=bool)
    if _all(types, _NUMBERS) and bool not in types:
        return _numbers(values)
    if _all(types, (date, np.datetime64)):
        return _moments(values)
    if _all(types, (timedelta, np.timedelta64)):
        return _seconds(_moments(values, "timedelta64[us]"))
    if held_in_memory(values):
        kept = (v if is_held(v) else word(v) for v in values)
        return objects(kept, len(values))
    return objects(map(word, values), len(values))


def held_in_memory(values: Iterable[Any]) -> bool:
    """Is the first of these that is there a picture as memory holds it?"""
    first = next((v for v in values if type(v).__name__ not in _NULLS), None)
    return is_held(first)


def is_held(value: Any) -> bool:
    """A PIL image (by its class's module, no import), or an array of two dimensions
    and more."""
    if isinstance(value, np.ndarray):
        return value.ndim > 1
    modules = (c.__module__ for c in type(value).__mro__)
    return hasattr(value, "size") and any(m.startswith("PIL.") for m in modules)


def _all(types: set[type], wanted: tuple[type, ...]) -> bool:
    return all(issubclass(t, wanted) for t in types)


def _text(values: list[Any]) -> np.ndarray:
    known = {v: None if v is None else word(v) for v in set(values)}
    return objects((known[v] for v in values), len(values))


def _numbers(values: list[Any]) -> np.ndarray:
    return np.fromiter(map(_float, values), np.float64, len(values))


def _float(value: Any) -> float:
    if type(value).__name__ in _NULLS:
        return np.nan
    try:
        return float(value)
    except OverflowError:  # an integer beyond 1.8e308
        return np.inf if value > 0 else -np.inf


def _moments(values: list[Any], dtype: str = "datetime64[us]") -> np.ndarray:
    plain = [None if type(v).__name__ in _NULLS else v for v in values]
    plain = [in_utc(v) if isinstance(v, datetime) else v for v in plain]
    return np.array([np.array(v, dtype=dtype) for v in plain], dtype=dtype)


def in_utc(moment: datetime) -> datetime | None:
    """The moment without its zone, in UTC; None beyond the years 1 to 9999."""
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return None


def _seconds(values: np.ndarray) -> np.ndarray:
    spans = values.astype("timedelta64[us]")
    return np.where(np.isnat(spans), np.nan, spans.astype(np.int64) / 1e6)
