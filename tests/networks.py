"""Small networks for pictures that tests write, as files that users have."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE = 20


def weights(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 0.5, shape).astype(np.float32)


def network(
    path: Path,
    *,
    shape: Any = ("n", 3, SIDE, SIDE),
    opset: int = 18,
    kind: int = TensorProto.FLOAT,
    tail: Any = None,
    channels: int = 3,
    features: int = 8,
    **more: Any,
) -> Path:
    """Convolution, ReLU, mean over places: a vector for each picture.

    `tail`: nodes after the means "m" (n, features, 1, 1), ending in "out"; `more`:
    arrays that they use. Pictures with their channels last are turned first.
    """
    last = shape[-1] == channels and shape[1] != channels
    nodes = []
    source = "pictures"
    if kind == TensorProto.UINT8:
        nodes.append(helper.make_node("Cast", [source], ["c"], to=TensorProto.FLOAT))
        source = "c"
    if last:
        nodes.append(helper.make_node("Transpose", [source], ["t"], perm=[0, 3, 1, 2]))
        source = "t"
    nodes += [
        helper.make_node("Conv", [source, "w", "b"], ["x"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["x"], ["r"]),
        helper.make_node("GlobalAveragePool", ["r"], ["m"]),
        *(tail or [helper.make_node("Flatten", ["m"], ["out"])]),
    ]
    arrays = {
        "w": weights(features, channels, 3, 3),
        "b": weights(features, seed=1),
        **more,
    }
    outputs = [helper.make_tensor_value_info("out", TensorProto.FLOAT, None)]
    return written(path, nodes, arrays, shape, outputs, opset, kind)


def written(
    path: Path,
    nodes: Any,
    arrays: dict[str, np.ndarray],
    shape: Any,
    outputs: Any,
    opset: int = 18,
    kind: int = TensorProto.FLOAT,
    inputs: Any = (),
    domains: Any = (),
) -> Path:
    """A file of these nodes, behind one input "pictures" and any further ones."""
    source = helper.make_tensor_value_info("pictures", kind, list(shape))
    graph = helper.make_graph(
        nodes,
        "features",
        [source, *inputs],
        outputs,
        [numpy_helper.from_array(np.asarray(a), name) for name, a in arrays.items()],
    )
    opsets = [helper.make_opsetid("", opset), *domains]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), path)
    return path
