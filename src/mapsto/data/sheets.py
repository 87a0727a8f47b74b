"""Spreadsheets (.xlsx, .xls, .xlsb, .ods), read by python-calamine."""

from pathlib import Path
from typing import Any

from mapsto import catalogue
from mapsto.data.dialect import named
from mapsto.data.raw import Raw, assemble, cells
from mapsto.errors import ExtraMissing, FileError


def read_sheet(path: Path, part: str | None = None) -> Raw:
    """One sheet of a file: the one named, or the first that is not empty.

    The first row that is more than half as full as the fullest is the header.
    """
    calamine = _calamine()
    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
        if part is not None and part not in book.sheet_names:
            found = "the sheets " + catalogue.listed(book.sheet_names)
            raise FileError("file-part", path=str(path), found=found)
        names = book.sheet_names if part is None else [part]
        sheets = (book.get_sheet_by_name(name).to_python() for name in names)
        rows = next((sheet for sheet in sheets if any(map(_filled, sheet))), None)
    except calamine.CalamineError as error:
        problem = str(error).rstrip(".")
        raise FileError("file-unreadable", path=str(path), problem=problem) from None
    if rows is None:
        raise FileError("file-empty", path=str(path))
    return _table(rows)


def _calamine() -> Any:
    try:
        import python_calamine
    except ImportError:
        raise ExtraMissing(
            "extra-missing",
            what="Reading a spreadsheet",
            package="python-calamine",
            extra="excel",
        ) from None
    return python_calamine


def _table(rows: list[list[Any]]) -> Raw:
    """The header and the rows below it, without rows and columns that are empty."""
    most = max(map(_filled, rows))
    at = next(i for i, row in enumerate(rows) if _filled(row) * 2 > most)
    header, names = rows[at], named(rows[at])
    body = [row for row in rows[at + 1 :] if _filled(row)]
    columns = [
        [None if row[i] == "" else row[i] for row in body] for i in range(len(header))
    ]
    used = [i for i in range(len(header)) if _filled([header[i], *columns[i]])]
    return assemble([names[i] for i in used], [cells(columns[i]) for i in used], "file")


def _filled(row: list[Any]) -> int:
    return sum(cell not in ("", None) for cell in row)
