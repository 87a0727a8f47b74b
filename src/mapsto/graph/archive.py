"""The `.mapsto` file: a zip of one JSON record and one ONNX graph per function.

    model.json               {"schema", "written_by", "functions", "record"}
    functions/<name>.onnx
    functions/shared.bin     the large constants of the graphs, if they have any

There is no pickle in it. The same content gives the same bytes. Whatever is wrong
with a file ends in a FileError:

| code            | the file                                                        |
|-----------------|-----------------------------------------------------------------|
| file-missing    | is not there                                                    |
| file-unreadable | cannot be read (a folder, no permission)                        |
| file-foreign    | is no zip, or a zip of something else                           |
| file-damaged    | is cut off, or its checksums do not match                       |
| file-too-large  | would unpack to more than any model is                          |
| file-newer      | was written with a schema that this version does not know       |
| graph-refused   | holds a graph that mapsto cannot have written (`vet`)           |
| file-unwritable | cannot be written                                               |
"""

import io
import json
import os
import secrets
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NoReturn

from mapsto.errors import FileError
from mapsto.graph import vet
from mapsto.graph.sharing import SHARED, Graphs

SCHEMA = 1
RECORD = "model.json"
SHARED_ENTRY = f"functions/{SHARED}"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can hold
IN_MEMORY = "<bytes>"

COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
MOST_ENTRIES = 256
MOST_BYTES = 1 << 30
MOST_RATIO = 200
FREE_BYTES = 1 << 20  # a small file may have any ratio

DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,  # an encrypted entry; RecursionError in JSON
    ValueError,  # text that is not UTF-8, JSON that is none
)
"""What Python's zip and JSON readers raise on damaged bytes."""


# ── writing ──


def write(path: Any, record: Mapping[str, Any], graphs: Mapping[str, bytes]) -> None:
    """Write the file: all of it or nothing."""
    target, data = Path(os.path.realpath(path)), to_bytes(record, graphs)
    temporary = _beside(target)
    with _telling(path):
        try:
            with open(temporary, "xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        finally:
            with suppress(OSError):
                temporary.unlink()


def check_writable(path: Any) -> None:
    """Raise FileError("file-unwritable") if `write` could not write there."""
    target = Path(os.path.realpath(path))
    with _telling(path):
        if target.is_dir():
            raise IsADirectoryError("it is a folder")
        temporary = _beside(target)
        temporary.touch(exist_ok=False)
        temporary.unlink()


def _beside(target: Path) -> Path:
    return target.with_name(f".{secrets.token_hex(8)}.tmp")


@contextmanager
def _telling(path: Any) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        problem = _reason(error)
        raise FileError("file-unwritable", path=str(path), problem=problem) from error


def to_bytes(record: Mapping[str, Any], graphs: Mapping[str, bytes]) -> bytes:
    """The file as bytes. The record must be JSON without NaN and infinities."""
    told = {
        "schema": SCHEMA,
        "written_by": _version(),
        "functions": list(graphs),
        "record": record,
    }
    text = json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1)
    kept = graphs if isinstance(graphs, Graphs) else Graphs.of(graphs.items())
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        _put(archive, RECORD, text.encode())
        for name, graph in kept.lean.items():
            _put(archive, f"functions/{name}.onnx", graph)
        if kept.shared:
            _put(archive, SHARED_ENTRY, kept.shared)
    return file.getvalue()


def _put(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # the same bytes on every system
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)


def _version() -> str:
    try:
        return version("mapsto")
    except PackageNotFoundError:
        return "unknown"


# ── reading ──


def read(path: Any) -> tuple[dict[str, Any], Mapping[str, bytes]]:
    """The record and the graphs of a file."""
    try:
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise FileError("file-missing", path=str(path)) from error
    except OSError as error:
        problem = _reason(error)
        raise FileError("file-unreadable", path=str(path), problem=problem) from error
    return from_bytes(data, str(path))


def from_bytes(
    data: bytes, path: str = IN_MEMORY
) -> tuple[dict[str, Any], Mapping[str, bytes]]:
    """The record and the graphs of a file's bytes; `path` is what errors tell."""
    try:
        return _unpacked(data, path)
    except FileError:
        raise
    except DAMAGE as error:
        raise FileError("file-damaged", path=path, problem=_reason(error)) from error


def _unpacked(data: bytes, path: str) -> tuple[dict[str, Any], Mapping[str, bytes]]:
    if len(data) > MOST_BYTES:
        problem = f"it has more than {MOST_BYTES} bytes"
        raise FileError("file-too-large", path=path, problem=problem)
    if not data.startswith(b"PK"):
        what = "it is not a zip" if data else "it is empty"
        raise FileError("file-foreign", path=path, problem=what)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _check_size(archive, len(data), path)
        names = archive.namelist()
        if RECORD not in names:
            problem = f"the zip holds no {RECORD}"
            raise FileError("file-foreign", path=path, problem=problem)
        told = json.loads(archive.read(RECORD), parse_constant=_no_number)
        _check_record(told, path)
        functions = [f"functions/{name}.onnx" for name in told["functions"]]
        beside = [n for n in names if n == SHARED_ENTRY]
        if sorted(names) != sorted([RECORD, *functions, *beside]):
            raise ValueError("its functions are not those that its record lists")
        graphs = {
            name: archive.read(entry)
            for name, entry in zip(told["functions"], functions, strict=True)
        }
        shared = archive.read(SHARED_ENTRY) if beside else b""
    for graph in graphs.values():
        vet.check(graph, len(shared))
    return told["record"], Graphs(graphs, shared) if shared else graphs


def _check_size(archive: zipfile.ZipFile, size: int, path: str) -> None:
    """Before anything is unpacked: what the zip says of itself must be bounded.

    Python reads no more of an entry than the zip says that it holds.
    """
    entries = archive.infolist()
    if any(e.compress_type not in COMPRESSIONS for e in entries):
        raise ValueError("an entry is compressed in an unknown way")
    total = sum(e.file_size for e in entries)
    if len(entries) > MOST_ENTRIES:
        problem = f"it has {len(entries)} entries"
    elif total > min(MOST_BYTES, MOST_RATIO * size + FREE_BYTES):
        problem = f"its {size} bytes would unpack to {total}"
    else:
        return
    raise FileError("file-too-large", path=path, problem=problem)


def _check_record(told: Any, path: str) -> None:
    if not isinstance(told, dict) or not isinstance(told.get("schema"), int):
        problem = f"its {RECORD} tells no schema"
        raise FileError("file-foreign", path=path, problem=problem)
    if told["schema"] > SCHEMA:
        raise FileError(
            "file-newer",
            path=path,
            version=told.get("written_by", "of a later version"),
            schema=told["schema"],
            known=SCHEMA,
        )
    functions, record = told.get("functions"), told.get("record")
    if not isinstance(functions, list) or not isinstance(record, dict):
        raise ValueError(f"its {RECORD} is not complete")


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


def _reason(error: Exception) -> str:
    told = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return str(told).rstrip(".")
