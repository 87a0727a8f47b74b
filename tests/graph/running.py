"""What the tests of graphs share: lower a function, and run its graph."""

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import onnxruntime

from mapsto.graph import vet
from mapsto.graph.lower import lower


def model_of(function: Callable[..., Any], *arrays: np.ndarray) -> bytes:
    """The ONNX file of a function of arrays whose first dimension is the rows."""
    inputs = {f"x{k}": (a.dtype, (None, *a.shape[1:])) for k, a in enumerate(arrays)}
    model = lower(lambda *xs: {"y": function(*xs)}, inputs).model()
    onnx.checker.check_model(model, full_check=True)
    vet.check(model)
    return model


def run(model: bytes, *arrays: np.ndarray) -> np.ndarray:
    """The single output of the graph on these arrays."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"]
    )
    (found,) = session.run(None, {f"x{k}": a for k, a in enumerate(arrays)})
    return found


def graph(function: Callable[..., Any], *arrays: np.ndarray) -> np.ndarray:
    """What the graph of the function gives on these arrays."""
    return run(model_of(function, *arrays), *arrays)


def operators(model: bytes) -> list[str]:
    """The nodes' operators, in order."""
    return [node.op_type for node in onnx.load_model_from_string(model).graph.node]
