"""Large constants that graphs share, kept once.

Every rung's graph holds the whole function, and so the same backbone. In a `.mapsto`
file, and in memory, constants of a megabyte or more stand in one piece of bytes, which
graphs refer to as ONNX's external data
(https://onnx.ai/onnx/repo-docs/ExternalData.html): unpacked, they find it beside them.
"""

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import onnx
from onnx import TensorProto, helper

SHARED = "shared.bin"
"""The name of the piece, beside the graphs."""

LARGE = 1 << 20
PLACE = ("location", "offset", "length")


class Graphs(Mapping[str, bytes]):
    """ONNX files by name, each made whole when it is asked for.

    lean: the files without their large constants; shared: these.
    """

    def __init__(self, lean: Mapping[str, bytes], shared: bytes):
        self.lean, self.shared = dict(lean), shared

    @staticmethod
    def of(graphs: Iterable[tuple[str, bytes]]) -> "Graphs":
        """From whole files, one after the other."""
        lean: dict[str, bytes] = {}
        shared = bytearray()
        places: dict[bytes, int] = {}
        for name, graph in graphs:
            lean[name] = _without_large(graph, shared, places)
        return Graphs(lean, bytes(shared))

    def __getitem__(self, name: str) -> bytes:
        return _whole(self.lean[name], self.shared) if self.shared else self.lean[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.lean)

    def __len__(self) -> int:
        return len(self.lean)


def _without_large(graph: bytes, shared: bytearray, places: dict[bytes, int]) -> bytes:
    if len(graph) < LARGE:
        return graph
    model = onnx.load_model_from_string(graph)
    large = [t for t in model.graph.initializer if len(t.raw_data) >= LARGE]
    for tensor in large:
        mark = hashlib.blake2b(tensor.raw_data).digest()
        if mark not in places:
            places[mark] = len(shared)
            shared.extend(tensor.raw_data)
        told = (SHARED, places[mark], len(tensor.raw_data))
        for key, value in zip(PLACE, told, strict=True):
            tensor.external_data.add(key=key, value=str(value))
        tensor.data_location = TensorProto.EXTERNAL
        tensor.ClearField("raw_data")
    return model.SerializeToString(deterministic=True) if large else graph


def _whole(graph: bytes, shared: bytes) -> bytes:
    model = onnx.load_model_from_string(graph)
    for tensor in model.graph.initializer:
        if tensor.data_location == TensorProto.EXTERNAL:
            start, length = place_of(tensor)
            tensor.ClearField("external_data")
            tensor.ClearField("data_location")
            tensor.raw_data = shared[start : start + length]
    return model.SerializeToString(deterministic=True)


def place_of(tensor: Any) -> tuple[int, int]:
    """Where a constant stands in the shared piece, and its length. Errors: ValueError,
    it stands elsewhere, or is of another length than its shape says."""
    told = {entry.key: entry.value for entry in tensor.external_data}
    if set(told) != set(PLACE) or told["location"] != SHARED:
        raise ValueError("a constant stands outside the file")
    start, length = int(told["offset"]), int(told["length"])
    each = helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize
    if start < 0 or length != each * math.prod(tensor.dims):
        raise ValueError("a shared constant is of another length than its shape says")
    return start, length
