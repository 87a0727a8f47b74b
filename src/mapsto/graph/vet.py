"""Refuse a graph that mapsto cannot have written.

A file may come from anywhere, and a graph is a program: only the operators that
`graph/` writes and those of backbones may be in it, no control flow, nothing outside
the file, and no constant that asks for unbounded memory.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from onnx import AttributeProto, TensorProto, helper, numpy_helper

from mapsto.errors import FileError
from mapsto.graph.sharing import place_of

OPSETS = {"": 18, "ai.onnx.ml": 3}
CORE = """
    Abs Acos Acosh Add And ArgMax ArgMin Asin Asinh Atan Atanh Cast Ceil Concat Conv Cos
    Cosh CumSum Div Equal Erf Exp Expand Floor Gather GatherElements GatherND
    Greater GreaterOrEqual Identity IsNaN Less LessOrEqual Log MatMul Max Min Mod
    Mul Neg Not Or Pad Pow Range Reciprocal ReduceMax ReduceMin ReduceProd ReduceSum
    Reshape Resize Round Shape Sigmoid Sign Sin Sinh Slice Split Sqrt Sub Tan Tanh Tile
    TopK Transpose Where Xor
"""
OF_BACKBONES = """
    AveragePool BatchNormalization Celu Clip Constant ConstantOfShape DepthToSpace
    Dropout Einsum Elu Flatten Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool
    GroupNormalization HardSigmoid HardSwish InstanceNormalization LRN
    LayerNormalization LeakyRelu LogSoftmax LpNormalization LpPool MaxPool Mean Mish
    PRelu ReduceL1 ReduceL2 ReduceLogSumExp ReduceMean ReduceSumSquare Relu Selu Size
    Softmax Softplus Softsign SpaceToDepth Squeeze Sum ThresholdedRelu Trilu Unsqueeze
"""
"""What networks for pictures are made of besides (`graph.backbone`): each gives as much
as it gets, but for those in GROWING and PADDED."""

OPERATORS = {
    "": frozenset((*CORE.split(), *OF_BACKBONES.split())),
    "ai.onnx.ml": frozenset(("LabelEncoder", "TreeEnsembleRegressor")),
}
BROKEN = (DecodeError, onnx.checker.ValidationError, ValueError, IndexError)
"""What damaged bytes raise: no protobuf, no ONNX, no UTF-8, no such input."""

MOST_NODES = 100_000
MOST_ELEMENTS = 1 << 27
GROWING = {
    "ConstantOfShape": (0,),
    "Expand": (1,),
    "Pad": (1,),
    "Range": (0, 1, 2),
    "Resize": (2, 3),
    "Tile": (1,),
}
"""Operators whose result may be larger than what they get, and which inputs say so."""

PADDED = ("dilations", "kernel_shape", "pads", "strides")
MOST_PADDED = 1 << 12
"""Of convolutions and pooling: attributes that say how far they reach."""


def check(model: bytes, shared: int = 0) -> None:
    """Raise FileError("graph-refused") unless the graph is one that mapsto writes.

    shared: bytes of the piece that holds constants for several graphs (`sharing`).
    """
    problem = next(_problems(model, shared), None)
    if problem is not None:
        raise FileError("graph-refused", problem=problem)


def _problems(model: bytes, shared: int = 0) -> Iterator[str]:
    try:
        proto = onnx.load_model_from_string(model)
        if shared:
            _set_aside(proto.graph, shared)
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


def _set_aside(graph: Any, shared: int) -> None:
    """The constants that stand in the shared piece become inputs: they are judged by
    their places. Errors: ValueError, a place that is not in it."""
    outside = [t for t in graph.initializer if t.data_location == TensorProto.EXTERNAL]
    for tensor in outside:
        start, length = place_of(tensor)
        if start + length > shared:
            raise ValueError("a shared constant is cut off")
        told = helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims)
        graph.input.append(told)
        graph.initializer.remove(tensor)


def strange_operators(graph: Any) -> list[str]:
    """The operators of a graph that may not be in one, each once, as "domain.Name"."""
    strange = (
        f"{node.domain}.{node.op_type}".lstrip(".")
        for node in graph.node
        if node.op_type not in OPERATORS.get(node.domain, ())
    )
    return list(dict.fromkeys(strange))


def _strange_nodes(graph: Any) -> Iterator[str]:
    for node in graph.node:
        if node.op_type not in OPERATORS.get(node.domain, ()):
            yield f"the operator {node.op_type!r}"
        for attribute in node.attribute:
            if attribute.type in (AttributeProto.GRAPH, AttributeProto.GRAPHS):
                yield "control flow"
            if attribute.ref_attr_name or _is_outside(attribute.t):
                yield "a constant outside the file"
            far = max(map(abs, attribute.ints), default=0)
            if attribute.name in PADDED and far > MOST_PADDED:
                yield f"{attribute.name} that make {node.op_type} enormous"


def _strange_constants(graph: Any) -> Iterator[str]:
    for tensor in graph.initializer:
        if _is_outside(tensor):
            yield "a constant outside the file"
            return
    constants = {tensor.name: tensor for tensor in graph.initializer}
    for node in graph.node:
        for place in GROWING.get(node.op_type, ()):
            if place >= len(node.input):
                continue
            sizes = constants.get(node.input[place])
            if sizes is not None and _elements(sizes) > MOST_ELEMENTS:
                yield f"a constant that makes {node.op_type} enormous"


def _elements(sizes: Any) -> int:
    values = np.nan_to_num(numpy_helper.to_array(sizes).astype(float)).ravel().tolist()
    return math.prod(max(1, abs(int(v))) for v in values)


def _is_outside(tensor: Any) -> bool:
    external = tensor.data_location == TensorProto.EXTERNAL
    return external or len(tensor.external_data) > 0
