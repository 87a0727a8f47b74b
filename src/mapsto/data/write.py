"""Writing: a table of results as CSV, TSV, Parquet or JSON lines."""

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from mapsto.data import duck
from mapsto.errors import FileError

FORMS = {
    ".csv": "FORMAT csv, HEADER",
    ".tsv": "FORMAT csv, HEADER, DELIMITER '\t'",
    ".parquet": "FORMAT parquet",
    ".jsonl": "FORMAT json",
    ".ndjson": "FORMAT json",
}


def can_write(path: str | Path) -> None:
    """Ask before the work: FileError if a table could not be written here after it."""
    path = Path(path)
    if problem := _problem(path):
        raise FileError("file-unwritable", path=str(path), problem=problem)


def write(path: str | Path, columns: Mapping[str, np.ndarray]) -> None:
    """Write the columns (n,) in the form that the path's suffix says.

    The file is there whole or not at all: it is written under another name first.
    """
    can_write(path)
    path = Path(path)
    part = path.with_name(f".{path.name}.part{path.suffix}")
    arrays = {f"c{i}": _plain(values) for i, values in enumerate(columns.values())}
    names = (f"c{i} AS {duck.name(name)}" for i, name in enumerate(columns))
    try:
        with duck.connection() as con, duck.naming([path]):
            con.register("result", arrays)
            con.execute(
                f"COPY (SELECT {', '.join(names)} FROM result) "
                f"TO {duck.literal(str(part))} ({FORMS[path.suffix.casefold()]})"
            )
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _plain(values: np.ndarray) -> np.ndarray:
    return values.astype(object) if values.dtype.kind == "U" else values


def _problem(path: Path) -> str:
    folder = path.parent
    if path.suffix.casefold() not in FORMS:
        return f"choose a suffix of {', '.join(FORMS)}"
    if path.is_dir():
        return "it is a folder"
    if not folder.is_dir():
        return f"there is no folder {str(folder)!r}"
    if not os.access(path if path.exists() else folder, os.W_OK):
        return "you have no permission to write there"
    return ""
