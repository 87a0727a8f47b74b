"""Operations that pick elements by index.

`gather` covers x[:, i], x[:, a:b], x[:, [i, j]], take, take_along_axis and lookups
in tables of several dimensions. As in NumPy an index may count from the end and must
be in bounds; JAX's mode "clip" is kept, its "fill" is not.
https://docs.jax.dev/en/latest/_autosummary/jax.lax.gather.html
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jax.lax import GatherScatterMode

from mapsto.graph.primitives.arrays import (
    Array,
    Unwritable,
    Writer,
    broadcast_shape,
)
from mapsto.graph.primitives.shapes import cut


@dataclass(frozen=True)
class Pattern:
    """Which dimensions of the operand play which part in a gather."""

    indexed: tuple[int, ...]  # an index says where
    batch: tuple[int, ...]  # shared with the indices, position by position
    batch_of_indices: tuple[int, ...]
    dropped: tuple[int, ...]  # indexed, and gone from the result
    offset: tuple[int, ...]  # where the result has the operand's other dimensions
    sizes: tuple[Any, ...]

    @property
    def windows(self) -> tuple[int, ...]:
        """Indexed dimensions that stay: each index begins a window there."""
        return tuple(d for d in self.indexed if d not in self.dropped)


def gather(g: Writer, eqn: Any, x: Array, indices: Array) -> Array:
    p = _pattern(eqn)
    x = g.full(x, eqn.invars[0].aval.shape)
    true_shape = eqn.invars[1].aval.shape
    indices = g.full(indices, true_shape)
    clip = eqn.params["mode"] == GatherScatterMode.CLIP
    start = g.known(indices)
    if start is not None and start.ndim == 1 and not _is_take(x, p):
        return _window_at(g, x, start, p, clip, eqn.outvars[0].aval.shape)
    _check_whole(x, p)
    parts = [
        _bounded(g, part, x.shape[d], int(p.sizes[d]), clip)
        for part, d in zip(_components(g, indices), p.indexed, strict=True)
    ]
    parts = _with_windows(g, parts, p)
    if len(parts) == 1 and not p.batch:
        found, labels = _take(g, x, parts[0], p, true_shape)
    else:
        found, labels = _take_by_vectors(g, x, parts, p, true_shape)
    wanted = _labels_of_result(x, p, len(true_shape) - 1)
    return g.transpose(found, [labels.index(label) for label in wanted])


def _pattern(eqn: Any) -> Pattern:
    d = eqn.params["dimension_numbers"]
    return Pattern(
        indexed=d.start_index_map,
        batch=d.operand_batching_dims,
        batch_of_indices=d.start_indices_batching_dims,
        dropped=d.collapsed_slice_dims,
        offset=d.offset_dims,
        sizes=eqn.params["slice_sizes"],
    )


def _is_take(x: Array, p: Pattern) -> bool:
    """Whether one index picks along one dimension, which goes: a single Gather."""
    return len(p.indexed) == 1 and p.indexed == p.dropped and _is_whole(x, p)


def _is_whole(x: Array, p: Pattern) -> bool:
    special = (*p.indexed, *p.batch)
    return all(
        d in special or bool(size == p.sizes[d]) for d, size in enumerate(x.shape)
    )


def _check_whole(x: Array, p: Pattern) -> None:
    if not _is_whole(x, p) or not all(isinstance(p.sizes[d], int) for d in p.indexed):
        raise Unwritable("a gather of parts of a dimension")


# ── one window at a constant place ──


def _window_at(
    g: Writer, x: Array, start: np.ndarray, p: Pattern, clip: bool, shape: Any
) -> Array:
    starts = [0] * len(x.shape)
    for d, at in zip(p.indexed, start.tolist(), strict=True):
        starts[d] = at + x.shape[d] if at < 0 else at
        if clip:
            starts[d] = min(max(at, 0), x.shape[d] - p.sizes[d])
    stops = [a + s for a, s in zip(starts, p.sizes, strict=True)]
    window = cut(g, x, starts, stops, [1] * len(starts), p.sizes)
    return g.reshape(window, shape)


# ── the index of each dimension ──


def _components(g: Writer, indices: Array) -> list[Array]:
    """The index vectors' components, each without the last dimension."""
    shape, count = indices.shape[:-1], indices.shape[-1]
    if count == 1:
        return [g.reshape(indices, shape)]
    parts = g.made_by(indices, "Concat")
    if parts is not None and len(parts) == count:
        return [g.reshape(part, shape) for part in parts]
    axis = len(shape)
    return [
        g.node("Gather", indices, g.constant(k), shape=shape, axis=axis)
        for k in range(count)
    ]


def _bounded(g: Writer, index: Array, size: Any, window: int, clip: bool) -> Array:
    if not clip:
        return _unwrapped(g, index, size)
    low = g.elementwise("Max", index, g.constant(0))
    return g.elementwise("Min", low, g.constant(size - window))


def _unwrapped(g: Writer, index: Array, size: Any) -> Array:
    """i, where the index is `where(i < 0, i + size, i)`: ONNX does that itself."""
    where = g.made_by(index, "Where")
    if where is None:
        return index
    negative, wrapped, plain = where
    less, added = g.made_by(negative, "Less"), g.made_by(wrapped, "Add")
    if less is None or added is None or less[0] != plain or added[0] != plain:
        return index
    zero, by = g.known(less[1]), g.known(added[1])
    if zero is None or by is None or np.any(zero != 0) or np.any(by != size):
        return index
    return plain


def _with_windows(g: Writer, parts: list[Array], p: Pattern) -> list[Array]:
    """Each index followed by one dimension per window, along which it counts up."""
    if not p.windows:
        return parts
    spread = []
    for part, d in zip(parts, p.indexed, strict=True):
        part = g.reshape(part, part.shape + (1,) * len(p.windows))
        if d in p.windows and p.sizes[d] > 1:
            along = [1] * len(p.windows)
            along[p.windows.index(d)] = p.sizes[d]
            step = g.constant(np.arange(p.sizes[d]).reshape(along))
            part = g.elementwise("Add", part, step)
        spread.append(part)
    shape = broadcast_shape([part.shape for part in spread])
    return [g.full(part, shape) for part in spread]


# ── the two nodes ──

Label = tuple[str, int]


def _take(
    g: Writer, x: Array, index: Array, p: Pattern, true_shape: Any
) -> tuple[Array, list[Label]]:
    """One index along one dimension: Gather."""
    (axis,) = p.indexed
    shape = x.shape[:axis] + index.shape + x.shape[axis + 1 :]
    labels: list[Label] = [("x", d) for d in range(len(x.shape))]
    labels[axis : axis + 1] = _index_labels(p, range(len(true_shape) - 1))
    return g.node("Gather", x, index, shape=shape, axis=axis), labels


def _take_by_vectors(
    g: Writer, x: Array, parts: Sequence[Array], p: Pattern, true_shape: Any
) -> tuple[Array, list[Label]]:
    """Several indices, or dimensions shared with the indices: GatherND."""
    rest = [d for d in range(len(x.shape)) if d not in (*p.batch, *p.indexed)]
    x = g.transpose(x, [*p.batch, *p.indexed, *rest])
    other = [i for i in range(len(true_shape) - 1) if i not in p.batch_of_indices]
    order = [*p.batch_of_indices, *other]
    order += range(len(order), len(order) + len(p.windows))
    columns = [g.transpose(part, order) for part in parts]
    shape = columns[0].shape
    columns = [g.reshape(c, (*shape, 1)) for c in columns]
    vectors = columns[0]
    if len(columns) > 1:
        joined = (*shape, len(columns))
        vectors = g.node("Concat", *columns, shape=joined, axis=len(shape))
    picked = len(p.batch) + len(p.indexed)
    found = g.node(
        "GatherND",
        x,
        vectors,
        shape=shape + x.shape[picked:],
        batch_dims=len(p.batch),
    )
    return found, [*_index_labels(p, order[: len(true_shape) - 1]), *_of("x", rest)]


def _index_labels(p: Pattern, order: Sequence[int]) -> list[Label]:
    return [*_of("index", order), *_of("x", p.windows)]


def _of(kind: str, places: Sequence[int]) -> list[Label]:
    return [(kind, i) for i in places]


def _labels_of_result(x: Array, p: Pattern, indices: int) -> list[Label]:
    """Which dimension of x or of the indices stands at each place of the result."""
    gone = (*p.dropped, *p.batch)
    kept = iter(d for d in range(len(x.shape)) if d not in gone)
    running = iter(range(indices))
    rank = indices + len(p.offset)
    return [
        ("x", next(kept)) if i in p.offset else ("index", next(running))
        for i in range(rank)
    ]


# ── slices at a computed place ──


def dynamic_slice(g: Writer, eqn: Any, x: Array, *starts: Array) -> Array:
    """A window whose start is a constant."""
    known = [g.known(s) for s in starts]
    if any(k is None for k in known):
        raise Unwritable("a slice that starts at a computed place")
    x = g.full(x, eqn.invars[0].aval.shape)
    sizes = eqn.params["slice_sizes"]
    begin = [
        int(np.clip(int(k), 0, size - want)) if isinstance(size, int) else 0  # type: ignore[arg-type]
        for k, size, want in zip(known, x.shape, sizes, strict=True)
    ]
    stops = [b + s for b, s in zip(begin, sizes, strict=True)]
    return cut(g, x, begin, stops, [1] * len(begin), sizes)


RULES: dict[str, Callable[..., Array]] = {
    "dynamic_slice": dynamic_slice,
    "gather": gather,
}
