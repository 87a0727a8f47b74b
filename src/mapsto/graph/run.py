"""Run a graph on typed tables, with ONNX Runtime.

Imports neither JAX nor the code that writes graphs: this is what `predict` needs.
"""

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import onnxruntime

from mapsto.data.table import Table
from mapsto.errors import FileError
from mapsto.threads import cores

COVERAGE = "coverage"
"""The name of the input for the coverage of intervals and sets."""

ERROR = "standard_error"
"""The name of the output for how far a part's value may be off."""

NO_DATE = int(np.iinfo(np.int64).min)
"""A missing date."""

ERRORS_ONLY = 3
CHUNK = 8192  # rows at once: enough to be fast, and memory stays bounded,
NUMBERS = 1 << 22  # and at most so many numbers of T, or pixels


class Runner:
    """One graph, ready to run. The session is made when it is first needed.

    Errors: FileError("graph-refused") when ONNX Runtime does not take the graph.
    """

    def __init__(self, model: bytes):
        self._model = model

    def run(
        self,
        table: Table,
        coverage: float = 0.9,
        outputs: Sequence[str] | None = None,
        chunk: int = CHUNK,
    ) -> dict[str, np.ndarray]:
        """The named outputs (default: all), each with one row per row of the table."""
        names = list(outputs or self.outputs)
        width = sum(max(c.width, c.pixels) for c in table.columns)
        chunk = max(1, min(chunk, NUMBERS // max(width, 1)))
        feeds, level = self.feeds(table), {COVERAGE: np.array(coverage, np.float64)}
        if table.rows <= chunk:
            found = self._session.run(names, feeds | level)
            return dict(zip(names, found, strict=True))
        parts = []
        for start in range(0, table.rows, chunk):
            some = {name: v[start : start + chunk] for name, v in feeds.items()}
            parts.append(self._session.run(names, some | level))
        joined = map(np.concatenate, zip(*parts, strict=True))
        return dict(zip(names, joined, strict=True))

    def feeds(self, table: Table) -> dict[str, np.ndarray]:
        """What the graph's inputs get, by input name."""
        return {
            name: _typed(kind, table.values[column], shape)
            for column, name, kind, shape in self._columns
        }

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """The names of the graph's outputs."""
        return tuple(o.name for o in self._session.get_outputs())

    @cached_property
    def _columns(self) -> list[tuple[str, str, str, Sequence[int]]]:
        told = self._session.get_modelmeta().custom_metadata_map["columns"]
        return [
            (c["column"], c["input"], c["kind"], c.get("shape", ()))
            for c in json.loads(told)
        ]

    @cached_property
    def _session(self) -> Any:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = ERRORS_ONLY
        options.intra_op_num_threads = cores()
        # Threads that wait in a loop for the next row would take the user's cores.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            return onnxruntime.InferenceSession(
                self._model, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # ONNX Runtime's errors have no common base
            raise FileError("graph-refused", problem=str(error)) from error


def _typed(kind: str, values: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """A column of a table as the graph's input: (rows, width), or (rows, *shape)."""
    if kind == "picture":
        return values.reshape(len(values), *shape)
    column = values if values.ndim == 2 else values[:, None]
    if kind == "category":
        return column
    if kind == "date":
        known = np.where(np.isnan(column), float(NO_DATE), column)
        return known.astype(np.int64)
    text = kind.endswith("text")
    return column.astype(np.float32 if text else np.float64, copy=False)
