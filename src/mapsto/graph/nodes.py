"""The door of a graph: typed columns in, the typed matrix T out.

One input per column, of N rows:

| kind             | input                                           | missing     |
|------------------|-------------------------------------------------|-------------|
| number, boolean  | double [N, 1]                                   | NaN         |
| date             | int64 [N, 1], microseconds since 1970-01-01 UTC | least int64 |
| category         | string [N, 1]                                   | ""          |
| short, long text | float [N, width], the fitted vocabulary's vector |            |
| picture          | uint8 [N, height, width, channels], any size    |             |

T is as `data.table` says. An input has the name of its column (`input_names`); the
file's metadata tells all of them under "columns", as a JSON list of {"column",
"input", "kind"}.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from onnx import TensorProto

from mapsto.data.table import Column, positions
from mapsto.graph.builder import ROWS, Graph
from mapsto.graph.lower import append, write_outputs
from mapsto.graph.run import COVERAGE, ERROR, NO_DATE


class Extractor(Protocol):
    """What writes a network that looks at pictures first (see `graph.backbone`)."""

    def append(self, graph: Graph, pictures: str) -> str:
        """float32 (N, side, side, channels) -> float32 (N, features), by name."""
        ...


OUTPUTS = ("prediction", "probability", "lower", "upper", "set", "outside", ERROR)


def model_graph(
    columns: Sequence[Column],
    function: Callable[[Any, Any], Mapping[str, Any]],
    called: str = "",
    extractor: Extractor | None = None,
) -> bytes:
    """The ONNX file of `function(T, coverage)` behind the door of `columns`.

    T: float64 (n, width); coverage: float64 scalar, a further input. The outputs
    have the names in the dict that the function returns. Errors call the function as
    it is `called`, such as by its family. `extractor`: what looks at pictures first.

    Errors: GraphError("no-lowering") for an operation that has no counterpart.
    """
    graph = Graph()
    coverage = graph.input(COVERAGE, np.float64, [])
    t = door(graph, columns, extractor)
    width = sum(c.width for c in columns)
    arguments = {t: (np.float64, (None, width)), coverage: (np.float64, ())}
    write_outputs(graph, append(graph, function, arguments, called))
    return graph.model()


def input_names(columns: Iterable[str]) -> dict[str, str]:
    """The input of each column: its name, or "column <name>" where that is empty or
    belongs to the coverage, an output, or an earlier column's input."""
    taken, names = {"", COVERAGE, *OUTPUTS}, {}
    for column in columns:
        name = column.encode("utf-8", "replace").decode().replace("\0", " ")
        while name in taken:
            name = f"column {name}"
        taken.add(name)
        names[column] = name
    return names


def door(
    graph: Graph, columns: Sequence[Column], extractor: Extractor | None = None
) -> str:
    """Write the inputs and the nodes that make T of them; its name is returned.

    Columns of a kind are joined before they are cast, so that the price per column is
    that of its input (and of its LabelEncoder), about a microsecond.
    """
    names = input_names(c.name for c in columns)
    _note(graph, columns, names)
    inputs = {c.name: _input(graph, c, names[c.name]) for c in columns}
    groups: dict[str, list[Column]] = {
        "number": [],
        "date": [],
        "level": [],
        "text": [],
        "picture": [],
    }
    for column in columns:
        groups[_group(column)].append(column)
    found = [inputs[c.name] for c in groups["number"]]
    if groups["date"]:
        found.append(_dates(graph, [inputs[c.name] for c in groups["date"]]))
    if groups["level"]:
        coded = [_level_code(graph, c, inputs[c.name]) for c in groups["level"]]
        found.append(_double(graph, _joined(graph, coded)))
    if groups["text"]:
        vectors = [inputs[c.name] for c in groups["text"]]
        found.append(_double(graph, _joined(graph, vectors)))
    shown = groups["picture"]
    found += [_pixels(graph, c, inputs[c.name], extractor) for c in shown]
    grouped = [c for group in groups.values() for c in group]
    return _in_order(graph, _joined(graph, found), grouped, columns)


def _group(column: Column) -> str:
    if column.kind in ("short text", "long text"):
        return "text"
    named = {"date": "date", "category": "level", "picture": "picture"}
    return named.get(column.kind, "number")


def _input(graph: Graph, column: Column, name: str) -> str:
    kinds = {
        "number": np.float64,
        "date": np.int64,
        "level": np.str_,
        "text": np.float32,
    }
    if column.kind == "picture":
        sizes = [f"height of {name}", f"width of {name}", column.parse["channels"]]
        return graph.input(name, np.uint8, [ROWS, *sizes])
    return graph.input(name, kinds[_group(column)], [ROWS, column.width])


def _note(graph: Graph, columns: Sequence[Column], names: Mapping[str, str]) -> None:
    told = [
        {"column": c.name, "input": names[c.name], "kind": c.kind}
        | ({"shape": shape_of(c)} if c.kind == "picture" else {})
        for c in columns
    ]
    graph.note("columns", json.dumps(told))


def shape_of(column: Column) -> list[int]:
    """(height, width, channels) of a column's pictures in T."""
    side = column.parse["side"]
    return [side, side, column.parse["channels"]]


def _pixels(
    graph: Graph, column: Column, name: str, extractor: Extractor | None
) -> str:
    """The picture at the size of T, pixel by pixel; or what a backbone tells of it."""
    side, _, channels = shape_of(column)
    numbers = graph.node("Cast", name, to=TensorProto.FLOAT)
    fitted = resized(graph, numbers, side, side)
    if extractor is not None:
        return _double(graph, extractor.append(graph, fitted))
    shape = graph.constant(np.array([-1, side * side * channels], np.int64))
    return _double(graph, graph.node("Reshape", fitted, shape))


def resized(graph: Graph, pictures: str, tall: int, wide: int) -> str:
    """float32 (N, height, width, c) at this size: each pixel the mean of those it
    covers, as the door makes it; of pictures that have this size already, themselves.
    """
    return graph.node(
        "Resize",
        pictures,
        "",
        "",
        graph.constant(np.array([tall, wide], np.int64)),
        axes=[1, 2],
        mode="linear",
        antialias=1,
        coordinate_transformation_mode="half_pixel",
    )


def _joined(graph: Graph, parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else graph.node("Concat", *parts, axis=1)


def _double(graph: Graph, value: str) -> str:
    return graph.node("Cast", value, to=TensorProto.DOUBLE)


def _dates(graph: Graph, inputs: Sequence[str]) -> str:
    joined = _joined(graph, inputs)
    missing = graph.node("Equal", joined, graph.constant(np.int64(NO_DATE)))
    nan = graph.constant(np.float64(np.nan))
    return graph.node("Where", missing, nan, _double(graph, joined))


def _level_code(graph: Graph, column: Column, name: str) -> str:
    """Index of the level, -1 unseen, NaN missing: `data.table.level_codes`."""
    code = {level: float(i) for i, level in enumerate(column.levels)}
    code[""] = float("nan")
    return graph.node(
        "LabelEncoder",
        name,
        domain="ai.onnx.ml",
        keys_strings=list(code),
        values_floats=list(code.values()),
        default_float=-1.0,
    )


def _in_order(
    graph: Graph, value: str, grouped: Sequence[Column], columns: Sequence[Column]
) -> str:
    """The blocks in the order of the columns."""
    if list(grouped) == list(columns):
        return value
    place = positions(grouped)
    order = [i for c in columns for i in range(place[c.name].start, place[c.name].stop)]
    return graph.node("Gather", value, graph.constant(np.array(order)), axis=1)
