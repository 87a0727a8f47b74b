"""Columns and tables: what every other room knows of the data.

A `Column` is what is remembered of one column: enough to turn a new raw value into
a typed one. A `Table` holds typed values. `Table.matrix()` is the *typed matrix* T,
float64 with one block per column, and every learned function starts from it:

| kind             | block in T                                                    |
|------------------|---------------------------------------------------------------|
| number, boolean  | the value (booleans 0 and 1); NaN where missing               |
| date             | microseconds since 1970-01-01 UTC; NaN where missing          |
| category         | index into `levels`; -1 for an unseen level; NaN where missing |
| short, long text | the vector of the fitted vocabulary (one number per n-gram)   |
| picture          | its pixels row by row, 0 to 255: side · side · channels;      |
|                  | or the features that a backbone tells of it                   |
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

Kind = Literal[
    "number",
    "boolean",
    "category",
    "date",
    "short text",
    "long text",
    "picture",
    "identifier",
    "constant",
]
LEARNABLE: tuple[Kind, ...] = (
    "number",
    "boolean",
    "category",
    "date",
    "short text",
    "long text",
    "picture",
)


@dataclass(frozen=True)
class Column:
    """One column as the model remembers it (JSON-serialisable).

    `parse` holds how raw text becomes a value, e.g. {"decimal": ",", "thousands":
    ".", "unit": "€"} for numbers, {"format": "%d/%m/%Y"} for dates, {"true": [...],
    "false": [...]} for booleans, {"ngrams": [...], "idf": [...]} for text, {"side":
    64, "channels": 3} for pictures (and {"backbone": "f.onnx", "features": 512} where
    one looks at them first); empty when raw values are already typed.
    `monotone`: +1 or -1 where the function must rise or fall with the column, else 0.
    """

    name: str
    kind: Kind
    levels: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    has_missing: bool = False
    parse: Mapping[str, Any] = field(default_factory=dict)
    monotone: int = 0

    @property
    def width(self) -> int:
        """How many columns its block in T has."""
        if self.kind in ("short text", "long text"):
            return len(self.parse["ngrams"])
        if self.kind == "picture":
            return int(self.parse.get("features", self.pixels))
        return 1

    @property
    def pixels(self) -> int:
        """Numbers of one of its pictures, as they are decoded."""
        if self.kind != "picture":
            return 0
        return int(self.parse["side"] ** 2 * self.parse["channels"])

    @property
    def seen_through(self) -> str:
        """The backbone that looks at its pictures first, or ""."""
        return str(self.parse.get("backbone", ""))

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "kind": self.kind,
            "levels": list(self.levels),
            "low": self.low,
            "high": self.high,
            "has_missing": self.has_missing,
            "parse": dict(self.parse),
            **({"monotone": self.monotone} if self.monotone else {}),
        }

    @staticmethod
    def from_dict(record: Mapping[str, Any]) -> "Column":
        return Column(**{**record, "levels": tuple(record["levels"])})


@dataclass(frozen=True, eq=False)
class Table:
    """Typed values, one array per column.

    number, boolean, date: float64 (rows,), NaN missing. category: object array of
    str, "" missing. text: float32 (rows, width). picture: uint8 (rows, pixels); where
    a backbone has looked at them already, float32 (rows, width).
    """

    columns: tuple[Column, ...]
    values: Mapping[str, np.ndarray]
    rows: int

    def matrix(self) -> np.ndarray:
        """The typed matrix T, float64 (rows, sum of widths)."""
        blocks = [_block(c, self.values[c.name]) for c in self.columns]
        return np.concatenate([np.empty((self.rows, 0)), *blocks], axis=1)


def positions(columns: Sequence[Column]) -> dict[str, slice]:
    """Where each column's block stands in T."""
    found, start = {}, 0
    for column in columns:
        found[column.name] = slice(start, start + column.width)
        start += column.width
    return found


def _block(column: Column, values: np.ndarray) -> np.ndarray:
    if column.kind == "category":
        return level_codes(values, column.levels)[:, None]
    return values.reshape(len(values), column.width).astype(np.float64, copy=False)


def level_codes(values: np.ndarray, levels: Sequence[str]) -> np.ndarray:
    """Index of each value in `levels`: -1 where unseen, NaN where missing ("")."""
    code = {level: float(i) for i, level in enumerate(levels)}
    code[""] = np.nan
    return np.fromiter((code.get(v, -1.0) for v in values), float, len(values))
