"""CSV files: any common delimiter and encoding, larger than memory if need be.

A first pass finds the columns that hold plain numbers everywhere; a second one
fetches them as numbers and the others as text. What the text means (dates, "1,200
€", decimal commas) is decided where kinds are found, once for every source.
"""

import csv
import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from mapsto import catalogue
from mapsto.data import duck
from mapsto.data.dialect import Dialect, find_dialect
from mapsto.data.raw import MISSING, Raw, assemble
from mapsto.data.transcode import as_utf8
from mapsto.errors import DataError, FileError

SAMPLE = 1 << 18
"""How many characters the dialect is found from."""


def read_csv(
    paths: Sequence[Path],
    target: str | None = None,
    most_rows: int | None = None,
    seed: int = 0,
) -> Raw:
    """Several files are one table when their headers have the same names."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        plain = [as_utf8(path, folder) for path in paths]
        dialects = [_dialect(p, u, target) for p, u in zip(paths, plain, strict=True)]
        _check_names(paths, dialects)
        stack.enter_context(duck.naming(paths))
        con = stack.enter_context(duck.connection())
        try:
            return _read(con, _scan(plain, dialects), dialects[0], most_rows, seed)
        except duckdb.InvalidInputException:
            pass  # rows of unequal length, or a quote out of place
        padded = [
            _pad(path, file, dialect, folder)
            for path, file, dialect in zip(paths, plain, dialects, strict=True)
        ]
        dialects = [replace(dialect, skip=0, delimiter=",") for dialect in dialects]
        return _read(con, _scan(padded, dialects), dialects[0], most_rows, seed)


def _pad(path: Path, plain: Path, dialect: Dialect, folder: Path) -> Path:
    """A copy whose rows all have the header's length; an error for a longer row."""
    width = len(dialect.names)
    copy = folder / f"{len(list(folder.iterdir()))}.csv"
    with (
        plain.open(encoding="utf-8-sig", errors="replace", newline="") as source,
        copy.open("w", encoding="utf-8", newline="") as sink,
    ):
        reader = csv.reader(source, delimiter=dialect.delimiter, strict=True)
        writer = csv.writer(sink)
        try:
            for row in filter(None, islice(reader, dialect.skip, None)):
                if len(row) > width:
                    raise DataError(
                        "csv-row",
                        path=str(path),
                        line=reader.line_num,
                        found=len(row),
                        expected=width,
                    )
                writer.writerow(row + [""] * (width - len(row)))
        except csv.Error as error:
            line = reader.line_num
            problem = f"line {line}: {error} (is a double quote out of place?)"
            raise FileError(
                "file-unreadable", path=str(path), problem=problem
            ) from None
    return copy


def _dialect(path: Path, plain: Path, target: str | None) -> Dialect:
    with plain.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        sample = file.read(SAMPLE)
        whole = not file.read(1)
    if not sample.strip():
        raise FileError("file-empty", path=str(path))
    return find_dialect(sample, whole, target)


def _check_names(paths: Sequence[Path], dialects: Sequence[Dialect]) -> None:
    first = set(dialects[0].names)
    for path, dialect in zip(paths, dialects, strict=True):
        if other := first ^ set(dialect.names):
            names = catalogue.listed(sorted(other))
            raise DataError(
                "files-differ", path=str(path), first=str(paths[0]), names=names
            )


def _scan(paths: Sequence[Path], dialects: Sequence[Dialect]) -> str:
    """SQL for the rows of all files, every column text, in the first file's order."""
    names = dialects[0].names
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(names)))
    parts = []
    for path, dialect in zip(paths, dialects, strict=True):
        places = [dialect.names.index(name) for name in names]
        parts.append(
            f"SELECT {duck.numbered(f'c{i}' for i in places)} FROM "
            f"read_csv({duck.one_file(path)}, auto_detect=false, header=false, "
            f"skip={dialect.skip}, delim={duck.literal(dialect.delimiter)}, "
            f"quote='\"', escape='\"', columns={{{columns}}})"
        )
    return "(" + " UNION ALL ".join(parts) + ")"


def _read(
    con: duckdb.DuckDBPyConnection,
    scan: str,
    dialect: Dialect,
    most_rows: int | None,
    seed: int,
) -> Raw:
    columns = [f"c{i}" for i in range(len(dialect.names))]
    tests = [_is_number(column, dialect.delimiter) for column in columns]
    found = con.execute(f"SELECT count(*), {', '.join(tests)} FROM {scan}").fetchall()
    total, *numbers = found[0]
    terms = [
        f"TRY_CAST(trim({column}) AS DOUBLE)" if number else column
        for column, number in zip(columns, numbers, strict=True)
    ]
    query = f"SELECT {duck.numbered(terms)} FROM {scan}"
    values = duck.fetch(con, query, most_rows, seed)
    return assemble(dialect.names, values, "file", total)


def _is_number(column: str, delimiter: str) -> str:
    """SQL: are all values plain numbers, or nothing?

    Left as text: 007 (a code), 1_000 (DuckDB would read it), and 1.234 in a file
    with semicolons (where the point may separate thousands).
    """
    fraction = "" if delimiter == ";" else r"(\.\d*)?"
    number = rf"[+-]?((0|[1-9]\d*){fraction}|\.\d+)([eE][+-]?\d+)?"
    nothing = "|".join(map(re.escape, sorted(MISSING)))
    pattern = rf"\s*({number}|[+-]?(?i:inf|infinity)|{nothing})\s*"
    matches = f"regexp_full_match({column}, {duck.literal(pattern)})"
    return f"coalesce(bool_and({matches}), true)"
