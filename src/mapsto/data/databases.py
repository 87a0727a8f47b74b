"""Tables of databases: SQLite by the standard library, others by ADBC or SQLAlchemy."""

import importlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from mapsto import catalogue
from mapsto.data.raw import Raw, assemble, cells
from mapsto.errors import DataError, ExtraMissing, FileError

_SQLITE = "sqlite:///"
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
    "AND name NOT LIKE 'sqlite_%' ORDER BY name"
)


def read_sqlite(path: Path, part: str | None = None) -> Raw:
    """One table or view of a SQLite file: the one named, or the only one."""
    try:
        with closing(_open(path)) as connection:
            tables = [row[0] for row in connection.execute(_TABLES)]
            if part is None and len(tables) == 1:
                part = tables[0]
            if part not in tables:
                found = "the tables " + (catalogue.listed(tables) or "(none)")
                raise FileError("file-part", path=str(path), found=found)
            name = str(part).replace('"', '""')
            return _fetch(connection, f'SELECT * FROM "{name}"')
    except sqlite3.Error as error:
        problem = str(error).rstrip(".")
        raise FileError("file-unreadable", path=str(path), problem=problem) from None


def read_query(query: str, address: str) -> Raw:
    """The rows that a SQL query gives, from the database at a connection string."""
    try:
        with closing(_connect(address)) as connection:
            return _fetch(connection, query)
    except (DataError, ExtraMissing, FileError):
        raise
    except Exception as error:  # each driver has its own exceptions
        problem = (str(error).splitlines() or [repr(error)])[0]
        raise DataError("query-failed", query=query, problem=problem) from None


def _connect(address: str) -> Any:
    """A connection as of PEP 249 (https://peps.python.org/pep-0249/)."""
    if address.startswith(_SQLITE):
        return _open(Path(address.removeprefix(_SQLITE)))
    scheme = address.partition("://")[0]
    try:
        return importlib.import_module(f"adbc_driver_{scheme}.dbapi").connect(address)
    except ImportError:
        pass
    try:
        from sqlalchemy import NullPool, create_engine
    except ImportError:
        raise ExtraMissing(
            "extra-missing",
            what=f"A query to {scheme!r}",
            package="sqlalchemy",
            extra="sql",
        ) from None
    return create_engine(address, poolclass=NullPool).raw_connection()


def _open(path: Path) -> sqlite3.Connection:
    if not path.exists():
        raise FileError("data-missing", path=str(path), near="")
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _fetch(connection: Any, query: str) -> Raw:
    with closing(connection.cursor()) as cursor:
        cursor.execute(query)
        if cursor.description is None:
            problem = "it gives no rows (is it a SELECT?)"
            raise DataError("query-failed", query=query, problem=problem)
        names = [column[0] for column in cursor.description]
        columns = list(zip(*cursor.fetchall(), strict=True)) or [()] * len(names)
    return assemble(names, [cells(values) for values in columns], "file")
