"""Operations that move elements, and compute nothing."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mapsto.graph.primitives.arrays import (
    Array,
    Shape,
    Unwritable,
    Writer,
    same,
)

END = sys.maxsize


def broadcast_in_dim(g: Writer, eqn: Any, x: Array, *sizes: Array) -> Array:
    """Ones where the new dimensions are; ONNX broadcasts when it is needed.

    A reduced dimension that comes back as 1 (softmax) is kept by the reduction.
    """
    target = eqn.params["shape"]
    x = g.ranked(x, len(eqn.invars[0].aval.shape))
    shape: list[Any] = [1] * len(target)
    for size, place in zip(x.shape, eqn.params["broadcast_dimensions"], strict=True):
        shape[place] = size
    smallest = _without_front(tuple(shape))
    if smallest == x.shape:
        return x
    return _kept_reduction(g, x, tuple(shape)) or g.reshape(x, smallest)


def _without_front(shape: Shape) -> Shape:
    """A shape without its leading ones, which broadcasting puts back."""
    ones = 0
    while ones < len(shape) and same(shape[ones], 1):
        ones += 1
    return shape[ones:]


def _kept_reduction(g: Writer, x: Array, shape: Shape) -> Array | None:
    for op in ("ReduceMax", "ReduceSum"):
        made = g.made_by(x, op)
        if made is None:
            continue
        source, axes = made
        reduced = g.known(axes)
        assert reduced is not None
        kept = tuple(
            1 if i in reduced.tolist() else d for i, d in enumerate(source.shape)
        )
        if kept == shape:
            return g.node(op, source, axes, shape=shape, keepdims=1)
    return None


def reshape(g: Writer, eqn: Any, x: Array, *sizes: Array) -> Array:
    old, new = eqn.invars[0].aval.shape, eqn.outvars[0].aval.shape
    return g.reshape(g.full(x, old), new)


def squeeze(g: Writer, eqn: Any, x: Array) -> Array:
    x = g.ranked(x, len(eqn.invars[0].aval.shape))
    gone = eqn.params["dimensions"]
    return g.reshape(x, tuple(d for i, d in enumerate(x.shape) if i not in gone))


def transpose(g: Writer, eqn: Any, x: Array) -> Array:
    order = eqn.params["permutation"]
    return g.transpose(g.ranked(x, len(order)), order)


def concatenate(g: Writer, eqn: Any, *parts: Array) -> Array:
    """Broadcast dimensions stay so where all parts agree that they are."""
    axis = eqn.params["dimension"]
    true = [v.aval.shape for v in eqn.invars]
    parts = tuple(g.ranked(p, len(t)) for p, t in zip(parts, true, strict=True))
    alike = [
        all(same(p.shape[i], parts[0].shape[i]) for p in parts) and i != axis
        for i in range(len(true[0]))
    ]
    parts = tuple(
        g.full(p, tuple(p.shape[i] if alike[i] else d for i, d in enumerate(t)))
        for p, t in zip(parts, true, strict=True)
    )
    result = eqn.outvars[0].aval.shape
    shape = tuple(parts[0].shape[i] if alike[i] else d for i, d in enumerate(result))
    return g.node("Concat", *parts, shape=shape, axis=axis)


def stack(g: Writer, eqn: Any, *parts: Array) -> Array:
    axis = eqn.params["axis"]
    result = eqn.outvars[0].aval.shape
    one = (*result[:axis], 1, *result[axis + 1 :])
    true = [v.aval.shape for v in eqn.invars]
    whole = [g.reshape(g.full(p, t), one) for p, t in zip(parts, true, strict=True)]
    return g.node("Concat", *whole, shape=result, axis=axis)


def split(g: Writer, eqn: Any, x: Array) -> list[Array]:
    x = g.full(x, eqn.invars[0].aval.shape)
    results = [(v.aval.shape, x.dtype) for v in eqn.outvars]
    sizes = g.sizes(eqn.params["sizes"])
    return g.several("Split", x, sizes, results=results, axis=eqn.params["axis"])


def tile(g: Writer, eqn: Any, x: Array) -> Array:
    x = g.full(x, eqn.invars[0].aval.shape)
    shape = eqn.outvars[0].aval.shape
    return g.node("Tile", x, g.sizes(eqn.params["reps"]), shape=shape)


def slice_(g: Writer, eqn: Any, x: Array) -> Array:
    p = eqn.params
    strides = p["strides"] or (1,) * len(p["start_indices"])
    x = g.full(x, eqn.invars[0].aval.shape)
    shape = eqn.outvars[0].aval.shape
    return cut(g, x, p["start_indices"], p["limit_indices"], strides, shape)


def cut(
    g: Writer,
    x: Array,
    starts: Sequence[int],
    stops: Sequence[Any],
    strides: Sequence[int],
    shape: Shape,
) -> Array:
    """x[start:stop:stride, ...], which has the given shape."""
    axes = [
        i
        for i, size in enumerate(x.shape)
        if starts[i] != 0 or strides[i] != 1 or not same(stops[i], size)
    ]
    if not axes:
        return x
    ends = [_end(stops[i], x.shape[i]) for i in axes]
    where = [[starts[i] for i in axes], ends, axes, [strides[i] for i in axes]]
    return g.node("Slice", x, *map(g.sizes, where), shape=shape)


def _end(stop: Any, size: Any) -> int:
    """A stop as a number: a symbolic one is counted from the end."""
    if isinstance(stop, int):
        return stop
    from_end = stop - size
    if not isinstance(from_end, int):
        raise Unwritable(f"a slice up to {stop}")
    return from_end if from_end < 0 else END


def reverse(g: Writer, eqn: Any, x: Array) -> Array:
    axes = eqn.params["dimensions"]
    x = g.ranked(x, len(eqn.invars[0].aval.shape))
    where = [[-1] * len(axes), [-END] * len(axes), list(axes), [-1] * len(axes)]
    return g.node("Slice", x, *map(g.sizes, where), shape=x.shape)


def pad(g: Writer, eqn: Any, x: Array, value: Array) -> Array:
    low, high, inner = zip(*eqn.params["padding_config"], strict=True)
    if any(inner):
        raise Unwritable("padding between elements")
    x = g.full(x, eqn.invars[0].aval.shape)
    pads = g.sizes([*low, *high])
    shape = eqn.outvars[0].aval.shape
    return g.node("Pad", x, pads, value, shape=shape, mode="constant")


def iota(g: Writer, eqn: Any, *sizes: Array) -> Array:
    """0, 1, 2, … along one dimension."""
    shape, axis = eqn.params["shape"], eqn.params["dimension"]
    lined = tuple(d if i == axis else 1 for i, d in enumerate(shape))
    if isinstance(shape[axis], int):
        numbers = g.constant(np.arange(shape[axis]).reshape(lined))
    else:
        size = g.reshape(g.dimension(shape[axis]), ())
        zero, one = g.constant(0), g.constant(1)
        numbers = g.node("Range", zero, size, one, shape=(shape[axis],))
        numbers = g.reshape(numbers, lined)
    return g.cast(numbers, eqn.params["dtype"])


def dimension_as_value(g: Writer, eqn: Any) -> Array:
    """The number of rows as a scalar."""
    return g.reshape(g.dimension(eqn.params["dim"]), ())


RULES: dict[str, Callable[..., Array | list[Array]]] = {
    "broadcast_in_dim": broadcast_in_dim,
    "concatenate": concatenate,
    "dim_as_value": dimension_as_value,
    "iota": iota,
    "pad": pad,
    "reshape": reshape,
    "rev": reverse,
    "slice": slice_,
    "split": split,
    "squeeze": squeeze,
    "stack": stack,
    "tile": tile,
    "transpose": transpose,
}
