"""`mapsto.load`: what a .mapsto file holds, as the object that was saved."""

from typing import Any

from mapsto.approximation import filing
from mapsto.approximation.result import KIND
from mapsto.graph import archive
from mapsto.groups import Groups
from mapsto.model import Model


def load(path: Any) -> Any:
    """Read a .mapsto file: a `Model`, `Groups`, or an `Approximation`.

    Errors: FileError for a damaged, foreign or newer file.
    """
    record, graphs = archive.read(path)
    if record.get("kind") == KIND:
        return filing.read_record(record, str(path))
    kind = Groups if record.get("kind") == "groups" else Model
    return kind(record, graphs)
