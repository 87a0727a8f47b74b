"""DuckDB at the door: a closed connection, and its result columns as raw columns.

Only readers that are compiled into DuckDB are used: it neither loads nor downloads
an extension.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from glob import escape
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from mapsto.data.raw import NOTHING, cells
from mapsto.errors import FileError

CLOSED: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def connection() -> duckdb.DuckDBPyConnection:
    """An in-memory database."""
    return duckdb.connect(config=CLOSED)


@contextmanager
def naming(paths: Sequence[Path]) -> Iterator[None]:
    """Turns DuckDB's errors into a FileError that names the files."""
    try:
        yield
    except duckdb.Error as error:
        names = ", ".join(map(str, paths[:3]))
        problem = str(error).splitlines()[0].rstrip(".")
        raise FileError("file-unreadable", path=names, problem=problem) from None


def literal(text: str) -> str:
    """A string of SQL."""
    return "'" + text.replace("'", "''") + "'"


def one_file(path: Path) -> str:
    """The path of an existing file, as a string of SQL: "[1]" in it is no pattern."""
    return literal(escape(str(path)))


def name(column: str) -> str:
    """A column name of SQL."""
    return '"' + column.replace('"', '""') + '"'


def numbered(terms: Iterable[str]) -> str:
    """A select list whose columns are named c0, c1, ... whatever they were."""
    return ", ".join(f"{term} AS c{i}" for i, term in enumerate(terms))


def fetch(
    con: duckdb.DuckDBPyConnection, query: str, most_rows: int | None, seed: int
) -> list[np.ndarray]:
    """The raw columns of a query, or of a random sample of its rows in their order."""
    if most_rows is not None:
        con.execute("SET threads = 1")  # a sample is the same every time on one only
        numbered = f"SELECT *, row_number() OVER () AS place FROM ({query})"
        query = (
            f"SELECT * EXCLUDE (place) FROM (SELECT * FROM ({numbered}) USING SAMPLE "
            f"reservoir({most_rows} ROWS) REPEATABLE ({seed})) ORDER BY place"
        )
    found = con.execute(query).fetchnumpy()
    return [raw_column(values) for values in found.values()]


def column_expression(column: str, kind: str) -> str:
    """SQL that turns a column of a DuckDB type into one that `raw_column` takes."""
    term = name(column)
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return f"CAST({term} AS VARCHAR)"
    if kind.startswith("DECIMAL") or kind.endswith(("INT", "INTEGER")):
        return f"CAST({term} AS DOUBLE)"
    if kind in ("FLOAT", "DOUBLE"):
        return f"CAST({term} AS DOUBLE)"
    if kind in ("BOOLEAN", "TIMESTAMP WITH TIME ZONE"):
        return term
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return f"CAST({term} AS TIMESTAMP)"
    if kind == "INTERVAL":
        return f"epoch({term})"
    if kind == "JSON":
        return f"json_extract_string({term}, '$')"
    return f"CAST({term} AS VARCHAR)"


def raw_column(values: np.ndarray) -> np.ndarray:
    """One column of `fetchnumpy` (masked where NULL) as a raw column."""
    if not isinstance(values, np.ma.MaskedArray):
        return cells(values)
    data, mask = values.data, np.ma.getmaskarray(values)
    if data.dtype.kind in "bO":
        return cells(np.where(mask, NOTHING, data.astype(object)))
    moments = data.dtype.kind == "M"
    filled = data.astype("datetime64[us]" if moments else np.float64)
    filled[mask] = np.datetime64("NaT") if moments else np.nan
    return filled
