"""Arrays of a trace as values of an ONNX graph.

A traced array has a shape; the value that stands for it may be smaller, as long as
it broadcasts to that shape. So `broadcast_in_dim` costs nothing, and only an
operation that needs the true size pays for it (`Writer.full`).

All integers are int64 in the graph: ONNX Runtime has every kernel for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from onnx import helper

from mapsto.graph.builder import Graph

Dimension = Any  # int, or a symbolic dimension of jax.export
Shape = tuple[Dimension, ...]

INT64 = np.dtype(np.int64)
BOOL = np.dtype(bool)


@dataclass(frozen=True)
class Array:
    """A value of the graph: its name, and the shape and dtype that it really has."""

    name: str
    shape: Shape
    dtype: np.dtype


def graph_dtype(dtype: Any) -> np.dtype:
    """bool, int64, float32 or float64, whichever stands for `dtype` in the graph."""
    found = np.dtype(dtype)
    if found.kind in "iu":
        return INT64
    if found in (BOOL, np.dtype(np.float32), np.dtype(np.float64)):
        return found
    raise Unwritable(f"numbers of type {found}")


class Unwritable(Exception):
    """What has no counterpart in the graph; becomes a GraphError with its place."""


class Writer:
    """Writes nodes into a graph and remembers their shapes.

    `arguments` are the values that are there already; the first whose first
    dimension is symbolic tells the number of rows.
    """

    def __init__(self, graph: Graph, arguments: Sequence[Array]):
        self.graph = graph
        self._arrays = {a.name: a for a in arguments}
        sized = (a for a in arguments if a.shape and not isinstance(a.shape[0], int))
        self._rows = next(sized, None)

    # ── nodes ──

    def constant(self, value: Any, dtype: Any = None) -> Array:
        array = np.asarray(value)
        array = array.astype(graph_dtype(dtype or array.dtype))
        return self.adopt(self.graph.constant(array), array.shape, array.dtype)

    def node(
        self,
        op: str,
        *inputs: Array,
        shape: Shape,
        dtype: Any = None,
        **attributes: Any,
    ) -> Array:
        """One node; its dtype is the first input's unless told."""
        names = [i.name for i in inputs]
        name = self.graph.node(op, *names, **attributes)
        return self.adopt(name, shape, dtype or inputs[0].dtype)

    def elementwise(
        self, op: str, *inputs: Array, dtype: Any = None, **attributes: Any
    ) -> Array:
        """One node whose inputs broadcast against each other."""
        shape = broadcast_shape([i.shape for i in inputs])
        return self.node(op, *inputs, shape=shape, dtype=dtype, **attributes)

    def several(
        self,
        op: str,
        *inputs: Array,
        results: Sequence[tuple[Shape, Any]],
        **attributes: Any,
    ) -> list[Array]:
        """One node of several outputs, whose shapes and dtypes are told."""
        node = helper.make_node(op, [i.name for i in inputs], [], **attributes)
        names = self.graph.add(node, len(results))
        pairs = zip(names, results, strict=True)
        return [self.adopt(name, *shape_dtype) for name, shape_dtype in pairs]

    def cast(self, array: Array, dtype: Any) -> Array:
        target = graph_dtype(dtype)
        if target == array.dtype:
            return array
        to = helper.np_dtype_to_tensor_dtype(target)
        return self.node("Cast", array, shape=array.shape, dtype=target, to=to)

    # ── reading back ──

    def known(self, array: Array) -> np.ndarray | None:
        """The value, if it is a constant."""
        return self.graph.known(array.name)

    def made_by(self, array: Array, op: str) -> list[Array] | None:
        """The inputs of the node that made this array, if it is an `op`."""
        node = self.graph.producer(array.name)
        if node is None or node.op_type != op:
            return None
        if any(name not in self._arrays for name in node.input):
            return None
        return [self._arrays[name] for name in node.input]

    # ── shapes ──

    def reshape(self, array: Array, shape: Shape) -> Array:
        """The same elements in another shape, with at most one symbolic dimension."""
        source = self.made_by(array, "Reshape")
        array = source[0] if source else array
        if array.shape == shape:
            return array
        symbolic = [i for i, d in enumerate(shape) if not isinstance(d, int)]
        if len(symbolic) > 1:
            raise Unwritable(f"a reshape to {shape}")
        sizes = [d if isinstance(d, int) else -1 for d in shape]
        return self.node("Reshape", array, self.sizes(sizes), shape=shape)

    def ranked(self, array: Array, rank: int) -> Array:
        """With ones in front, so that there are `rank` dimensions."""
        return self.reshape(array, (1,) * (rank - len(array.shape)) + array.shape)

    def transpose(self, array: Array, order: Sequence[int]) -> Array:
        if list(order) == sorted(order):
            return array
        shape = tuple(array.shape[i] for i in order)
        return self.node("Transpose", array, shape=shape, perm=list(order))

    def full(self, array: Array, shape: Shape) -> Array:
        """With exactly this shape, to which it broadcasts."""
        array = self.ranked(array, len(shape))
        if array.shape == shape:
            return array
        # Expand broadcasts both ways: a 1 asks for the size that is there already.
        pairs = zip(array.shape, shape, strict=True)
        asked = [1 if same(have, want) else want for have, want in pairs]
        return self.node("Expand", array, self._size_vector(asked), shape=shape)

    def sizes(self, sizes: Sequence[int]) -> Array:
        """A constant vector of int64."""
        return self.constant(np.array(sizes, np.int64))

    def dimension(self, dimension: Dimension) -> Array:
        """The size of a dimension as a vector of one int64."""
        if isinstance(dimension, int):
            return self.sizes([dimension])
        if self._rows is None or not same(dimension, self._rows.shape[0]):
            raise Unwritable(f"a dimension of size {dimension}")
        return self.node("Shape", self._rows, shape=(1,), dtype=INT64, start=0, end=1)

    def _size_vector(self, shape: Sequence[Dimension]) -> Array:
        if all(isinstance(d, int) for d in shape):
            return self.sizes(shape)
        parts = [self.dimension(d) for d in shape]
        if len(parts) == 1:
            return parts[0]
        return self.node("Concat", *parts, shape=(len(parts),), axis=0)

    def adopt(self, name: str, shape: Shape, dtype: Any) -> Array:
        """The array that a value of the graph is."""
        self._arrays[name] = Array(name, shape, np.dtype(dtype))
        return self._arrays[name]


def same(a: Dimension, b: Dimension) -> bool:
    """Whether two dimensions are equal for every number of rows."""
    return isinstance(a, int) == isinstance(b, int) and bool(a == b)


def broadcast_shape(shapes: Sequence[Shape]) -> Shape:
    """The shape to which all of them broadcast."""
    rank = max(map(len, shapes))
    padded = [(1,) * (rank - len(s)) + s for s in shapes]
    return tuple(
        next((d for d in sizes if not same(d, 1)), 1)
        for sizes in zip(*padded, strict=True)
    )
