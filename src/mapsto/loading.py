"""`mapsto.load`: what a .mapsto file holds, as the object that was saved."""

from typing import Any

from mapsto.graph import archive
from mapsto.groups import Groups
from mapsto.model import Model


def load(path: Any) -> Any:
    """Read a .mapsto file: a `Model`, or `Groups`.

    Errors: FileError for a damaged, foreign or newer file.
    """
    record, graphs = archive.read(path)
    kind = Groups if record.get("what") == "groups" else Model
    return kind(record, graphs)
