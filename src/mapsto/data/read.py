"""Reading: whatever the caller has becomes a `Raw` table, and results go back.

Each source's library is imported when that source comes, because a prediction
should not wait for libraries that it does not use.
"""

import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from mapsto import catalogue
from mapsto.data.paths import find_files, format_of
from mapsto.data.picture_folders import (
    OF_PICTURES,
    PICTURE,
    are_some_pictures,
    is_picture,
    listed_pictures,
    pictures_of,
    read_folder,
)
from mapsto.data.pictures import SIDE, in_memory, placed, whole_range, with_pictures
from mapsto.data.raw import Raw, assemble, cells, one_row
from mapsto.data.table import Column
from mapsto.errors import DataError, FileError, OptionError
from mapsto.events import Noticed

__all__ = ["Raw", "give_back", "give_back_series", "read"]


def read(
    data: Any,
    target: str | None = None,
    most_rows: int | None = None,
    seed: int = 0,
    side: int = SIDE,
) -> Raw:
    """A raw table from anything that holds one.

    `data`: a path or glob (CSV and TSV, Parquet, JSON lines, Excel "book.xlsx" or
    "book.xlsx::sheet", SQLite "shop.db::table"), "-" for CSV on standard input, a
    pair (SQL query, connection string), a dataframe of any library, a DuckDB
    relation, a dict of columns, a dict of single values (one row), a list of row
    dicts, a 2-D array, a pair (X, y), or a `Raw`, as it is. Pictures: a folder (of
    folders, one for each class), a file or glob, an array (n, height, width[, 3]),
    PIL images, or a list of either or of paths. `target` names the
    column of y; else it is `y.name` or "y". `most_rows`: read a random sample of so
    many rows, in their order; of CSV, Parquet and JSON it never holds more in memory.
    `side`: pictures in memory are made no larger.

    Errors: FileError, DataError, ExtraMissing.
    """
    if isinstance(data, (str, Path)):
        return _read_path(str(data), target, most_rows, seed)
    raw = _read_memory(data, target, side).sample(most_rows, seed)
    return in_memory(raw, side)


def ready(data: Any, columns: Sequence[Column]) -> tuple[Raw, tuple[Noticed, ...]]:
    """`read` for a function of these columns, and what is to be told.

    The pictures of a folder or glob are decoded, and those that cannot be read are
    left out. Of pictures alone, the only column has the name that it is known by, and
    an array (height, width) is one grey picture.
    """
    alone = [c.kind for c in columns] == ["picture"]
    if alone and isinstance(data, np.ndarray) and data.ndim == 2:
        data = data[None]
    shown = [c.name for c in columns if c.kind == "picture"]
    side = max([c.parse["side"] for c in columns if c.kind == "picture"], default=SIDE)
    raw = read(data, side=side)
    if raw.frame not in OF_PICTURES or not shown:
        return raw, ()
    if shown[0] not in raw.columns and PICTURE in raw.columns:
        renamed = {shown[0] if n == PICTURE else n: v for n, v in raw.columns.items()}
        raw = replace(raw, columns=renamed)
    if raw.frame == "pictures":
        return raw, ()
    raw, _, told = with_pictures(raw, shown[:1], side)
    return raw, told


def of_command_line(written: Sequence[str]) -> Raw:
    """One table, or pictures: files, folders and globs, as many as there are."""
    if len(written) == 1:
        return read(written[0])
    parts = [read(part) for part in written]
    if any(part.frame != "folder" for part in parts):
        told = catalogue.listed(list(written), 3)
        raise OptionError(
            "option-bad",
            option="DATA",
            value=told,
            problem="only pictures can be several: give one table",
        )
    files = [file for part in parts for file in part.columns[PICTURE]]
    return pictures_of(files, "folder")


def _read_path(
    written: str, target: str | None, most_rows: int | None, seed: int
) -> Raw:
    if written == "-":
        return _read_stdin(target, most_rows, seed)
    folder = Path(written).expanduser()
    if folder.is_dir():
        return read_folder(folder)
    paths, part = find_files(written)
    try:
        raw = _read_files(paths, part, target, most_rows, seed)
        return raw if raw.frame == "folder" else placed(raw, paths[0].parent)
    except FileError:
        raise
    except OSError as error:
        problem = error.strerror or str(error)
        raise FileError("file-unreadable", path=written, problem=problem) from None


def _read_stdin(target: str | None, most_rows: int | None, seed: int) -> Raw:
    from mapsto.data.csv_files import read_csv

    with TemporaryDirectory() as folder:
        path = Path(folder, "standard input")
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        return read_csv([path], target, most_rows, seed)


def _read_files(
    paths: list[Path],
    part: str | None,
    target: str | None,
    most_rows: int | None,
    seed: int,
) -> Raw:
    form = format_of(paths[0])
    if form == "picture":
        return pictures_of([p for p in paths if is_picture(p)], "folder")
    if form in ("sheet", "sqlite") and len(paths) > 1:
        listed = ", ".join(map(str, paths[:3]))
        problem = "give one spreadsheet or database at a time"
        raise FileError("file-unreadable", path=listed, problem=problem)
    if form == "sheet":
        from mapsto.data.sheets import read_sheet

        return read_sheet(paths[0], part).sample(most_rows, seed)
    if form == "sqlite":
        from mapsto.data.databases import read_sqlite

        return read_sqlite(paths[0], part).sample(most_rows, seed)
    if form == "csv":
        from mapsto.data.csv_files import read_csv

        return read_csv(paths, target, most_rows, seed)
    from mapsto.data import typed_files

    reader = {"parquet": typed_files.read_parquet, "json": typed_files.read_json}[form]
    return reader(paths, most_rows, seed)


def _read_memory(data: Any, target: str | None, side: int = SIDE) -> Raw:
    if isinstance(data, Raw):
        return data
    if isinstance(data, Mapping):
        return _read_mapping(data)
    if isinstance(data, tuple) and len(data) == 2:
        return _read_pair(*data, target, side)
    if are_some_pictures(data):
        return listed_pictures(data, side)
    if isinstance(data, np.ndarray):
        return _read_array(data)
    if isinstance(data, list):
        return _read_rows(data)
    from mapsto.data import frames

    if type(data).__module__.partition(".")[0] in ("duckdb", "_duckdb"):
        from mapsto.data.typed_files import read_relation

        return read_relation(data)
    if frames.is_frame(data):
        return frames.read_frame(data)
    if hasattr(data, "__arrow_c_stream__"):
        from mapsto.data.typed_files import read_stream

        return read_stream(data)
    if hasattr(data, "__array__"):
        return _read_array(np.asarray(data))
    raise DataError("data-unknown", type=type(data).__name__)


def _read_mapping(data: Mapping[Any, Any]) -> Raw:
    if data and all(map(_is_single, data.values())):
        return Raw(one_row(data), 1, "row", total=1)
    return assemble(list(data), [_cells(values) for values in data.values()], "dict")


def _is_single(value: Any) -> bool:
    if isinstance(value, np.ndarray) and value.ndim > 1:
        return value.shape[2:] in ((1,), (3,), (4,))  # one picture in colour
    return isinstance(value, (str, bytes)) or not hasattr(value, "__len__")


def _cells(values: Any) -> np.ndarray:
    if not isinstance(values, (list, tuple, np.ndarray)):
        values = np.asarray(values)
    if isinstance(values, np.ndarray) and values.ndim in (3, 4):
        return cells(list(whole_range(values)))  # pictures
    if isinstance(values, np.ndarray) and values.ndim != 1:
        raise DataError("array-shape", shape=values.shape)
    return cells(values)


def _read_pair(x: Any, y: Any, target: str | None, side: int) -> Raw:
    """(X, y), or a query and its connection string."""
    if isinstance(x, str) and isinstance(y, str):
        from mapsto.data.databases import read_query

        return read_query(x, y)
    table = _read_memory(_as_rows(x), None, side)
    name = target or getattr(y, "name", None) or "y"
    y = np.array(y, dtype=object) if isinstance(y, list) else np.asarray(y)
    y = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    names = [*table.columns, name]
    whole = assemble(names, [*table.columns.values(), _cells(y)], table.frame)
    return replace(whole, index=table.index, declared=table.declared, target=str(name))


def _as_rows(x: Any) -> Any:
    """A single input (n,) is a table of one column."""
    if are_some_pictures(x):
        return x
    if isinstance(x, list):
        rows = all(isinstance(row, (list, tuple, np.ndarray, Mapping)) for row in x)
        return x if rows else np.array(x, dtype=object)[:, None]
    return np.asarray(x)[:, None] if getattr(x, "ndim", 2) == 1 else x


def _read_rows(data: list[Any]) -> Raw:
    """Row dicts, or rows of equal length."""
    if not data or not all(isinstance(row, Mapping) for row in data):
        return _read_array(np.array(data, dtype=object))
    names = list(dict.fromkeys(name for row in data for name in row))
    columns = [cells([row.get(name) for row in data]) for name in names]
    return assemble(names, columns, "rows")


def _read_array(data: np.ndarray) -> Raw:
    """(n, d): columns x0, x1, ...; a structured array has names of its own."""
    if data.dtype.names:
        columns = [_cells(data[name]) for name in data.dtype.names]
        return assemble(data.dtype.names, columns, "numpy")
    if data.ndim != 2:
        raise DataError("array-shape", shape=data.shape)
    names = [f"x{i}" for i in range(data.shape[1])]
    return assemble(names, [cells(column) for column in data.T], "numpy")


def give_back(
    raw: Raw | str, columns: Mapping[str, np.ndarray], like: Any = None
) -> Any:
    """Result columns in the caller's type: `raw` (or its `frame`) says which.

    Frames come back as frames (pandas with its index, which a bare name takes from
    `like`), arrays as an array (n,) or (n, columns), row dicts as row dicts, a
    single row as a dict of values, files and dicts as a dict of arrays.
    """
    frame = raw if isinstance(raw, str) else raw.frame
    index = getattr(like, "index", None) if isinstance(raw, str) else raw.index
    if frame in OF_PICTURES or frame == "numpy":
        arrays = list(columns.values())
        return arrays[0] if len(arrays) == 1 else np.column_stack(arrays)
    if frame in ("row", "rows"):
        names, lists = list(columns), [values.tolist() for values in columns.values()]
        rows = [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]
        return rows[0] if frame == "row" else rows
    if frame in ("dict", "file", "duckdb"):
        return dict(columns)
    from mapsto.data import frames

    return frames.to_native(columns, frame, index if frame == "pandas" else None)


def give_back_series(raw: Raw, name: str, values: np.ndarray) -> Any:
    """One result column in the caller's type: a series, array, list or value."""
    if raw.frame in (*OF_PICTURES, "numpy", "dict", "file", "duckdb"):
        return values
    if raw.frame == "row":
        return values.tolist()[0]
    if raw.frame == "rows":
        return values.tolist()
    return give_back(raw, {name: values})[name]
