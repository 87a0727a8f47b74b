"""Write an ONNX graph node by node.

A value of the graph is known by its name. Each node costs about a microsecond in
every prediction, so a node whose inputs are all constants is computed at once (by
ONNX's own NumPy reference), a node that is there already is not written twice, and
`model` leaves out what no output needs.

Operators: https://onnx.ai/onnx/operators/
"""

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from onnx import NodeProto, checker, helper, numpy_helper
from onnx.reference.ops import load_op

from mapsto.graph.vet import OPSETS

IR_VERSION = 9
ROWS = "N"
"""The name of the first dimension of every input and output: the rows."""

Shape = Sequence[int | str]


class Graph:
    """A graph under construction.

    Inner values have names that nobody else can use, and get their final ones in
    `model`: those of the outputs that they are, or v0, v1, …
    """

    def __init__(self) -> None:
        self._count = 0
        self._inputs: dict[str, Any] = {}
        self._outputs: dict[str, Any] = {}
        self._results: dict[str, str] = {}
        self._notes: dict[str, str] = {}
        self._nodes: list[NodeProto] = []
        self._producers: dict[str, NodeProto] = {}
        self._constants: dict[str, np.ndarray] = {}
        self._written: dict[Any, tuple[str, ...]] = {}

    # ── writing ──

    def input(self, name: str, dtype: Any, shape: Shape) -> str:
        """Declare an input; a dimension of unknown size is given by a name."""
        self._inputs[name] = _value_info(name, dtype, shape)
        return name

    def constant(self, value: Any) -> str:
        """A constant of the value's own dtype."""
        array = np.ascontiguousarray(value).reshape(np.shape(value))
        key = (array.dtype.str, array.shape, hashlib.blake2b(array.tobytes()).digest())
        if key not in self._written:
            (name,) = self._written[key] = self._fresh(1)
            self._constants[name] = array
        return self._written[key][0]

    def node(self, op: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Write a node of one output, and return the output's name."""
        node = helper.make_node(op, inputs, [], domain=domain, **attributes)
        return self.add(node, 1)[0]

    def add(self, node: NodeProto, outputs: int) -> tuple[str, ...]:
        """Write a node that has no output names yet, and return them."""
        key = (node.SerializeToString(deterministic=True), outputs)
        if key not in self._written:
            known = [self.known(name) for name in node.input]
            if node.domain == "" and all(k is not None for k in known):
                values = _computed(node, known, outputs)
                self._written[key] = tuple(self.constant(v) for v in values)
            else:
                self._written[key] = self._append(node, outputs)
        return self._written[key]

    def output(self, name: str, value: str, dtype: Any, shape: Shape) -> None:
        """Make a value an output of the graph, under its own name."""
        self._outputs[name] = _value_info(name, dtype, shape)
        self._results[name] = value

    def note(self, key: str, text: str) -> None:
        """Keep a text with the graph (`metadata_props`)."""
        self._notes[key] = text

    # ── reading back ──

    def known(self, name: str) -> np.ndarray | None:
        """The value, if it is a constant."""
        return self._constants.get(name)

    def producer(self, name: str) -> NodeProto | None:
        """The node that computes this value, if one does."""
        return self._producers.get(name)

    def model(self) -> bytes:
        """The finished ONNX file, checked."""
        nodes, needed = self._live()
        constants = {n: v for n, v in self._constants.items() if n in needed}
        final = self._final_names([*constants, *(o for n in nodes for o in n.output)])
        graph = helper.make_graph(
            [*_renamed(nodes, final), *self._copies(final)],
            "mapsto",
            list(self._inputs.values()),
            list(self._outputs.values()),
            [numpy_helper.from_array(v, final[n]) for n, v in constants.items()],
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid(d, v) for d, v in OPSETS.items()],
            ir_version=IR_VERSION,
            producer_name="mapsto",
        )
        helper.set_model_props(model, self._notes)
        checker.check_model(model)
        return model.SerializeToString(deterministic=True)

    # ── inner ──

    def _fresh(self, count: int) -> tuple[str, ...]:
        self._count += count
        return tuple(f"\0{k}" for k in range(self._count - count, self._count))

    def _append(self, node: NodeProto, outputs: int) -> tuple[str, ...]:
        names = self._fresh(outputs)
        node.output.extend(names)
        self._nodes.append(node)
        self._producers.update(dict.fromkeys(names, node))
        return names

    def _live(self) -> tuple[list[NodeProto], set[str]]:
        needed, live = set(self._results.values()), []
        for node in reversed(self._nodes):
            if not needed.isdisjoint(node.output):
                live.append(node)
                needed.update(node.input)
        return live[::-1], needed

    def _final_names(self, inner: Iterable[str]) -> dict[str, str]:
        """An output's name for the value that it is (the first, if there are two)."""
        names = {name: name for name in self._inputs}
        for name, value in self._results.items():
            if value in self._producers:
                names.setdefault(value, name)
        numbered = (f"v{k}" for k in itertools.count())
        free = (v for v in numbered if v not in {*self._inputs, *self._outputs})
        for value in inner:
            if value not in names:
                names[value] = next(free)
        return names

    def _copies(self, final: dict[str, str]) -> list[NodeProto]:
        """Outputs that are an input, a constant, or another output."""
        return [
            helper.make_node("Identity", [final[value]], [name])
            for name, value in self._results.items()
            if final[value] != name
        ]


def _renamed(nodes: Iterable[NodeProto], names: dict[str, str]) -> Iterator[NodeProto]:
    for node in nodes:
        named = NodeProto()
        named.CopyFrom(node)
        named.input[:] = [names[i] if i else "" for i in node.input]
        named.output[:] = [names[o] for o in node.output]
        yield named


def _computed(node: NodeProto, inputs: Sequence[Any], outputs: int) -> Sequence[Any]:
    """What the node computes from constant inputs, by ONNX's reference in NumPy."""
    operator = load_op(node.domain, node.op_type, OPSETS[node.domain])
    attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
    with np.errstate(all="ignore"):
        values = operator.eval(*inputs, n_outputs=outputs, **attributes)
    return values if isinstance(values, tuple) else (values,)


def _value_info(name: str, dtype: Any, shape: Shape) -> Any:
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    return helper.make_tensor_value_info(name, kind, list(shape))
