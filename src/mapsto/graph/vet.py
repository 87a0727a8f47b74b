"""Refuse a graph that mapsto cannot have written.

A file may come from anywhere, and a graph is a program: only the operators that
`graph/` writes may be in it, no control flow, nothing outside the file, and no
constant that asks for unbounded memory.
"""

import math
from collections.abc import Iterator
from typing import Any

import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from onnx import AttributeProto, TensorProto, numpy_helper

from mapsto.errors import FileError

OPSETS = {"": 18, "ai.onnx.ml": 3}
CORE = """
    Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh Cast Ceil Concat Conv Cos
    Cosh CumSum Div Equal Erf Exp Expand Floor Gather GatherElements GatherND
    Greater GreaterOrEqual Identity IsNaN Less LessOrEqual Log MatMul Max Min Mod
    Mul Neg Not Or Pad Pow Range Reciprocal ReduceMax ReduceMin ReduceProd ReduceSum
    Reshape Resize Round Shape Sigmoid Sign Sin Sinh Slice Split Sqrt Sub Tan Tanh Tile
    TopK Transpose Where Xor
"""
OPERATORS = {
    "": frozenset(CORE.split()),
    "ai.onnx.ml": frozenset(("LabelEncoder", "TreeEnsembleRegressor")),
}
BROKEN = (DecodeError, onnx.checker.ValidationError, ValueError, IndexError)
"""What damaged bytes raise: no protobuf, no ONNX, no UTF-8, no such input."""

MOST_NODES = 100_000
MOST_ELEMENTS = 1 << 27
GROWING = {
    "Expand": (1,),
    "Pad": (1,),
    "Range": (0, 1, 2),
    "Resize": (3,),
    "Tile": (1,),
}
"""Operators whose result may be larger than what they get, and which inputs say so."""


def check(model: bytes) -> None:
    """Raise FileError("graph-refused") unless the graph is one that mapsto writes."""
    problem = next(_problems(model), None)
    if problem is not None:
        raise FileError("graph-refused", problem=problem)


def _problems(model: bytes) -> Iterator[str]:
    try:
        proto = onnx.load_model_from_string(model)
        yield from _strange_model(proto)
        yield from _strange_nodes(proto.graph)
        yield from _strange_constants(proto.graph)
        onnx.checker.check_model(proto)
    except BROKEN as error:
        yield f"it is not a valid ONNX file: {str(error).partition(chr(10))[0]}"


def _strange_model(model: Any) -> Iterator[str]:
    for opset in model.opset_import:
        if OPSETS.get(opset.domain) != opset.version:
            yield f"operator set {opset.domain or 'ai.onnx'} {opset.version}"
    if model.functions or model.training_info:
        yield "functions of its own"
    if model.graph.sparse_initializer:
        yield "sparse constants"
    if len(model.graph.node) > MOST_NODES:
        yield f"{len(model.graph.node)} nodes"


def _strange_nodes(graph: Any) -> Iterator[str]:
    for node in graph.node:
        if node.op_type not in OPERATORS.get(node.domain, ()):
            yield f"the operator {node.op_type!r}"
        for attribute in node.attribute:
            if attribute.type in (AttributeProto.GRAPH, AttributeProto.GRAPHS):
                yield "control flow"
            if attribute.ref_attr_name or _is_outside(attribute.t):
                yield "a constant outside the file"


def _strange_constants(graph: Any) -> Iterator[str]:
    for tensor in graph.initializer:
        if _is_outside(tensor):
            yield "a constant outside the file"
            return
    constants = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        for place in GROWING.get(node.op_type, ()):
            sizes = constants.get(node.input[place])
            if sizes is not None and _elements(sizes) > MOST_ELEMENTS:
                yield f"a constant that makes {node.op_type} enormous"


def _elements(sizes: Any) -> int:
    values = numpy_helper.to_array(sizes).ravel().tolist()
    return math.prod(max(1, abs(int(v))) for v in values)


def _is_outside(tensor: Any) -> bool:
    external = tensor.data_location == TensorProto.EXTERNAL
    return external or len(tensor.external_data) > 0
