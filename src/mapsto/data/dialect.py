"""How a CSV file is written: its delimiter, where its header is, its names."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

DELIMITERS = ",;\t|"
RARE = "\x1f\x1e\x1d\x1c\x01\x02"
"""For a file of one column: control characters, which text hardly ever holds."""

MOST_ROWS = 1000


@dataclass(frozen=True)
class Dialect:
    """`skip` rows precede the first row of data, the header among them."""

    delimiter: str
    skip: int
    names: tuple[str, ...]


def find_dialect(sample: str, whole: bool, target: str | None = None) -> Dialect:
    """The dialect of a file that begins with `sample` (the `whole` of it or not)."""
    splits = {d: _split(sample, d, whole) for d in DELIMITERS}
    delimiter = max(splits, key=lambda d: _fit(splits[d]))
    if _fit(splits[delimiter]) == (0.0, 0):
        delimiter = next((c for c in RARE if c not in sample), RARE[0])
        splits[delimiter] = _split(sample, delimiter, whole)
    return _dialect(delimiter, splits[delimiter], target)


def named(header: Sequence[object]) -> tuple[str, ...]:
    """Column names from header cells: 'column 3' for one without a name."""
    words = ["" if cell is None else str(cell).strip() for cell in header]
    return tuple(w or f"column {i}" for i, w in enumerate(words, start=1))


Rows = list[tuple[int, list[str]]]
"""The cells of each row that is not blank, with its number, blank ones counted."""


def _split(sample: str, delimiter: str, whole: bool) -> Rows:
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    rows: Rows = []
    try:
        for number, row in enumerate(reader, start=1):
            if row:
                rows.append((number, row))
            if len(rows) == MOST_ROWS:
                return rows
    except csv.Error:  # a field beyond the module's limit: no table this way
        return rows
    return rows if whole or len(rows) < 2 else rows[:-1]


def _width(rows: Rows) -> int:
    """The usual number of cells in a row; of equally usual ones, the larger."""
    counts = Counter(len(row) for _, row in rows)
    return max(counts, key=lambda width: (counts[width], width), default=0)


def _fit(rows: Rows) -> tuple[float, int]:
    """How well a delimiter fits: the share of rows of usual width, then that width.

    The first row of usual width is the header, and a header far below the first
    line is a sign of a wrong delimiter.
    """
    width = _width(rows)
    if width < 2:
        return (0.0, 0)
    usual = [len(row) == width for _, row in rows]
    late = usual.index(True)
    return (sum(usual) / len(usual) / (1 + late), width)


def _dialect(delimiter: str, rows: Rows, target: str | None) -> Dialect:
    if not rows:
        return Dialect(delimiter, 0, ())
    width = _width(rows)
    sizes = [len(row) for _, row in rows]
    at = sizes.index(width)
    if at == 1 and sizes[0] == width - 1 and any(map(_is_number, rows[1][1])):
        # R's write.table leaves out the name of the row names
        return Dialect(delimiter, rows[0][0], ("row", *named(rows[0][1])))
    number, header = rows[at]
    if target not in named(header) and all(_is_number(cell) for cell in header):
        before = rows[at - 1][0] if at else 0
        return Dialect(delimiter, before, tuple(f"x{i}" for i in range(width)))
    return Dialect(delimiter, number, named(header))


def _is_number(cell: str) -> bool:
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return False
    return True
