"""From what the caller wrote to files that exist, and what kind of files they are."""

from glob import glob
from pathlib import Path

from mapsto import catalogue
from mapsto.data.pictures import SUFFIXES
from mapsto.errors import FileError

_SUFFIXES = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".xlsx": "sheet",
    ".xls": "sheet",
    ".xlsm": "sheet",
    ".xlsb": "sheet",
    ".ods": "sheet",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
    **dict.fromkeys(SUFFIXES, "picture"),
}
_FIRST_BYTES = {
    b"PAR1": "parquet",
    b"SQLite format 3": "sqlite",
    b"\xd0\xcf\x11\xe0": "sheet",
}


def find_files(written: str) -> tuple[list[Path], str | None]:
    """The files of a path, a glob or "FILE::PART", and the part."""
    path = Path(written).expanduser()
    if path.is_dir():
        raise FileError("file-folder", path=written)
    if path.exists():
        return [path], None
    if "://" in written:
        raise FileError("file-url", path=written)
    found = [Path(name) for name in sorted(glob(str(path), recursive=True))]
    if found:
        return found, None
    file, mark, part = written.rpartition("::")
    if mark:
        return find_files(file)[0], part
    beside = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
    near = catalogue.near(path.name, beside)
    raise FileError("data-missing", path=written, near=near)


def format_of(path: Path) -> str:
    """parquet, json, sheet, sqlite, picture, or csv for anything else."""
    known = _SUFFIXES.get(path.suffix.casefold())
    if known:
        return known
    with path.open("rb") as file:
        start = file.read(16)
    marks = (kind for mark, kind in _FIRST_BYTES.items() if start.startswith(mark))
    return next(marks, "csv")
