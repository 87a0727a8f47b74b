"""`mapsto.load`: what a .mapsto file holds, whichever kind of function it is."""

from typing import Any

from mapsto.approximation import filing
from mapsto.approximation.result import KIND, Approximation
from mapsto.graph import archive
from mapsto.model import Model


def load(path: Any) -> Model | Approximation:
    """Read a .mapsto file: a model that was fitted, or an approximation.

    Errors: FileError for a damaged, foreign or newer file.
    """
    record, graphs = archive.read(path)
    if record.get("kind") == KIND:
        return filing.read_record(record, str(path))
    return Model(record, graphs)
