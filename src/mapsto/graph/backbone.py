"""A backbone: a network for pictures that the user has, as a part of our graphs.

Whoever has a network that was trained on millions of pictures lets it look first, and
the ladder learns from what it tells of each picture. It comes as an ONNX file:

    picture --resize--> pixels --(v/255 - mean)/std--> its nodes --flatten--> features

Its nodes are written into every graph of the model, so that a `.mapsto` file needs no
other. `backbone_file` reads and tries it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from mapsto.data.table import Column
from mapsto.errors import FileError
from mapsto.graph import vet
from mapsto.graph.builder import ROWS, Graph
from mapsto.graph.nodes import resized
from mapsto.threads import cores

FULL = 255.0
GREY = (0.5, 0.5, 0.5)
CLIP = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
PIXELS: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "imagenet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "clip": CLIP,
    "0..1": ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
    "-1..1": (GREY, GREY),
    "0..255": ((0.0, 0.0, 0.0), (1 / FULL, 1 / FULL, 1 / FULL)),
}
"""How pixels are told to a backbone: mean and standard deviation of each colour, as
fractions of 1. "imagenet" is the convention of torchvision and timm, "clip" that of
https://github.com/openai/CLIP."""

AUTO, PLAIN, IMAGENET = "auto", "0..255", "imagenet"
AT_ONCE = 16  # pictures that go through it together


@dataclass(frozen=True)
class Backbone:
    """A network that looks at pictures before the ladder does.

    file: an ONNX file with one input, pictures as (n, channels, height, width) or (n,
    height, width, channels); "features.onnx::name" takes the output, or the inner
    value, of that name, else it is the first output. pixels: how it wants them,
    "imagenet", "clip", "0..1", "-1..1" or "0..255"; "auto" is "0..255" for a network
    that takes bytes, "imagenet" for others. side: how wide and how high the pictures
    are to be, where the file leaves it open.
    """

    file: Any
    pixels: str = AUTO
    side: int | None = None


@dataclass(frozen=True, eq=False)
class Extractor:
    """A backbone that was read, vetted and tried.

    model: its graph in our operator set. height, width, channels: of the pictures that
    it takes, first: channels first. batch: how many pictures its own `Reshape`s were
    written for, or 0. features: numbers that it tells of a picture.
    """

    name: str
    pixels: str
    model: Any
    input: str
    output: str
    height: int
    width: int
    channels: int
    first: bool
    takes: int
    batch: int = 0
    features: int = 0

    @property
    def side(self) -> int:
        """Pictures are decoded no larger than this, and made squares of it."""
        return max(self.height, self.width)

    def known(self, columns: Sequence[Column]) -> tuple[Column, ...]:
        """The columns, those of pictures as seen through this backbone."""
        seen = {
            "side": self.side,
            "channels": self.channels,
            "features": self.features,
            "backbone": self.name,
        }
        return tuple(
            replace(c, parse=seen) if c.kind == "picture" else c for c in columns
        )

    def to_dict(self) -> dict[str, Any]:
        """What a record tells of it."""
        return {
            "file": self.name,
            "pixels": self.pixels,
            "height": self.height,
            "width": self.width,
            "features": self.features,
        }

    def __call__(self, pictures: np.ndarray) -> np.ndarray:
        """uint8 (n, side, side, channels) -> float32 (n, features).

        Errors: FileError where it tells infinite numbers.
        """
        parts = range(0, len(pictures), AT_ONCE)
        told = [
            self._session.run(None, {"pictures": pictures[k : k + AT_ONCE]})[0]
            for k in parts
        ]
        found = np.concatenate(told)
        if not np.isfinite(found).all():
            raise FileError("backbone-infinite", path=self.name, pixels=self.pixels)
        return found

    @cached_property
    def _session(self) -> Any:
        graph = Graph()
        shape = (ROWS, self.side, self.side, self.channels)
        pictures = graph.input("pictures", np.uint8, shape)
        seen = self.append(graph, graph.node("Cast", pictures, to=TensorProto.FLOAT))
        graph.output("features", seen, np.float32, [ROWS, self.features or "d"])
        written = graph.model()
        vet.check(written)
        return running(written)

    # ── writing ──

    def append(self, graph: Graph, pictures: str) -> str:
        """Write it, of float32 (N, side, side, channels) from 0 to 255: float32 (N,
        features)."""
        if self.height != self.width:
            pictures = resized(graph, pictures, self.height, self.width)
        names = {"": "", self.input: self.prepared(graph, pictures)}
        own = self.model.graph
        for tensor in own.initializer:
            names[tensor.name] = graph.constant(numpy_helper.to_array(tensor))
        for node in own.node:
            self._write(graph, node, names)
        told = graph.node("Cast", names[self.output], to=TensorProto.FLOAT)
        if not self.features:
            return told
        shape = graph.constant(np.array([-1, self.features], np.int64))
        return graph.node("Reshape", told, shape)

    def prepared(self, graph: Graph, pictures: str) -> str:
        mean, std = (np.array(v) for v in PIXELS[self.pixels])
        if self.channels == 1:
            mean, std = mean.mean(keepdims=True), std.mean(keepdims=True)
        if self.pixels != PLAIN:
            middle, per = np.float32(mean * FULL), np.float32(1 / (std * FULL))
            pictures = graph.node("Sub", pictures, graph.constant(middle))
            pictures = graph.node("Mul", pictures, graph.constant(per))
        if self.first:
            pictures = graph.node("Transpose", pictures, perm=[0, 3, 1, 2])
        if self.takes == TensorProto.UINT8:
            pictures = graph.node(
                "Cast", graph.node("Round", pictures), to=TensorProto.UINT8
            )
        return pictures

    def _write(self, graph: Graph, node: Any, names: dict[str, str]) -> None:
        if node.op_type == "Constant":
            names[node.output[0]] = graph.constant(_value(node))
            return
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        copy.ClearField("name")
        copy.ClearField("output")
        copy.ClearField("doc_string")
        copy.input[:] = [names[name] for name in node.input]
        if self.batch and node.op_type == "Reshape":
            copy.input[1] = self._freed(graph, copy.input[1])
        outputs = [name for name in node.output if name]
        if outputs != list(node.output[: len(outputs)]):
            raise FileError(
                "backbone-operators", path=self.name, operators=node.op_type
            )
        told = graph.add(copy, len(outputs))
        names.update(zip(outputs, told, strict=True))

    def _freed(self, graph: Graph, shape: str) -> str:
        """A shape for `batch` pictures becomes one for as many as there are."""
        sizes = graph.known(shape)
        if sizes is None or not len(sizes) or sizes[0] != self.batch:
            return shape
        rest = sizes[1:]
        return graph.constant(np.array([0 if (rest == -1).any() else -1, *rest]))


def _value(node: Any) -> np.ndarray:
    """The value of a node of type Constant."""
    (attribute,) = node.attribute
    told = helper.get_attribute_value(attribute)
    if attribute.type == onnx.AttributeProto.TENSOR:
        return np.asarray(numpy_helper.to_array(told))
    whole = attribute.type in (onnx.AttributeProto.INT, onnx.AttributeProto.INTS)
    return np.array(told, np.int64 if whole else np.float32)


# ── running ──


def running(model: bytes) -> Any:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # what goes wrong is raised
    options.intra_op_num_threads = cores()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # ONNX Runtime's errors have no common base
        problem = reason(error)
        raise FileError("graph-refused", problem=problem) from None


def reason(error: Exception) -> str:
    """The first line, without ONNX Runtime's own mark."""
    told = str(error).strip().partition("\n")[0].rstrip(".")
    return re.sub(r"^\[ONNXRuntimeError\] : \d+ : \w+ : ", "", told)
