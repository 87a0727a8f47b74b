"""CSV files: any common delimiter and encoding, larger than memory if need be.

A first pass finds the columns that hold plain numbers everywhere; a second one
fetches them as numbers and the others as text. What the text means (dates, "1,200
€", decimal commas) is decided where kinds are found, once for every source.
"""

import re
from collections.abc import Sequence
from contextlib import ExitStack
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
        con = stack.enter_context(duck.connection(most_rows))
        try:
            return _read(con, _scan(plain, dialects), dialects[0], most_rows, seed)
        except duckdb.Error:
            scan = _scan(plain, dialects, lenient=True)
        try:
            return _read(con, scan, dialects[0], most_rows, seed)
        except duckdb.Error as error:
            raise _row_error(paths, dialects[0], str(error)) from None


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


def _scan(
    paths: Sequence[Path], dialects: Sequence[Dialect], lenient: bool = False
) -> str:
    """SQL for the rows of all files, every column text, in the first file's order.

    `lenient` pads short rows and forgives stray quotes, on one thread because rows
    cannot be found in parallel then.
    """
    how = ", null_padding=true, strict_mode=false, parallel=false" if lenient else ""
    names = dialects[0].names
    parts = []
    for path, dialect in zip(paths, dialects, strict=True):
        places = [dialect.names.index(name) for name in names]
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(names)))
        parts.append(
            f"SELECT {duck.numbered(f'c{i}' for i in places)} FROM "
            f"read_csv({duck.literal(path)}, auto_detect=false, header=false, "
            f"skip={dialect.skip}, delim={duck.literal(dialect.delimiter)}, "
            f"quote='\"', escape='\"', columns={{{columns}}}{how})"
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
    """SQL: do all values cast to numbers without loss?

    Left as text: 007 (a code), 1_000 (DuckDB would read it), and 1.234 in a file
    with semicolons (where the point may separate thousands).
    """
    text = f"trim({column})"
    nothing = ", ".join(map(duck.literal, sorted(MISSING)))
    plain = (
        f"TRY_CAST({text} AS DOUBLE) IS NOT NULL AND NOT contains({text}, '_') "
        f"AND (NOT starts_with({text}, '0') OR length({text}) = 1 "
        f"OR starts_with({text}, '0.'))"
    )
    if delimiter == ";":
        plain += f" AND NOT contains({text}, '.')"
    return f"coalesce(bool_and({text} IN ({nothing}) OR ({plain})), true)"


def _row_error(paths: Sequence[Path], dialect: Dialect, message: str) -> Exception:
    """DuckDB's complaint about a row, in our words."""
    line = re.search(r"Line: (\d+)", message)
    widths = re.search(r"Columns: (\d+) Found: (\d+)", message)
    path = ", ".join(map(str, paths[:3]))
    if line is None or widths is None:
        problem = message.splitlines()[0]
        return FileError("file-unreadable", path=path, problem=problem)
    return DataError(
        "csv-row",
        path=path,
        line=int(line[1]),
        found=int(widths[2]),
        expected=len(dialect.names),
    )
