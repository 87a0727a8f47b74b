"""Operations along whole dimensions: sums, extremes, orders, products of matrices."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mapsto.graph.primitives.arrays import (
    BOOL,
    INT64,
    Array,
    Dimension,
    Shape,
    Unwritable,
    Writer,
)

REDUCTIONS = {
    "reduce_max": "ReduceMax",
    "reduce_min": "ReduceMin",
    "reduce_prod": "ReduceProd",
    "reduce_sum": "ReduceSum",
}


def reduction(op: str) -> Callable[..., Array]:
    def rule(g: Writer, eqn: Any, x: Array) -> Array:
        return _reduced(g, op, _true(g, eqn, x), eqn.params["axes"])

    return rule


def logical_reduction(op: str) -> Callable[..., Array]:
    """Of booleans, as the greatest or the least of 0 and 1."""

    def rule(g: Writer, eqn: Any, x: Array) -> Array:
        numbers = g.cast(_true(g, eqn, x), INT64)
        return g.cast(_reduced(g, op, numbers, eqn.params["axes"]), BOOL)

    return rule


def _reduced(g: Writer, op: str, x: Array, axes: Sequence[int]) -> Array:
    if not axes:
        return x
    shape = tuple(d for i, d in enumerate(x.shape) if i not in axes)
    return g.node(op, x, g.sizes(axes), shape=shape, keepdims=0)


def place_of_extreme(op: str) -> Callable[..., Array]:
    def rule(g: Writer, eqn: Any, x: Array) -> Array:
        (axis,) = eqn.params["axes"]
        x = _true(g, eqn, x)
        shape = x.shape[:axis] + x.shape[axis + 1 :]
        return g.node(op, x, shape=shape, dtype=INT64, axis=axis, keepdims=0)

    return rule


def cumulative_sum(g: Writer, eqn: Any, x: Array) -> Array:
    axis, x = g.constant(eqn.params["axis"]), _true(g, eqn, x)
    backward = int(eqn.params["reverse"])
    return g.node("CumSum", x, axis, shape=x.shape, reverse=backward)


def _true(g: Writer, eqn: Any, x: Array) -> Array:
    return g.full(x, eqn.invars[0].aval.shape)


# ── orders ──


def sort(g: Writer, eqn: Any, *operands: Array) -> list[Array]:
    """By the first operand; the others follow it. NaN must not be among the keys."""
    if eqn.params["num_keys"] != 1:
        raise Unwritable("a sort by several keys")
    axis = eqn.params["dimension"]
    shape = eqn.invars[0].aval.shape
    if not isinstance(shape[axis], int):
        raise Unwritable("a sort of the rows")
    key = g.full(operands[0], shape)
    values, places = _top(g, key, shape[axis], axis, largest=False)
    return [values, *[_follow(g, o, places, shape, axis) for o in operands[1:]]]


def _follow(g: Writer, x: Array, places: Array, shape: Shape, axis: int) -> Array:
    counting = g.known(x)
    if counting is not None and np.array_equal(
        np.squeeze(counting), np.arange(shape[axis])
    ):
        return places  # argsort carries 0, 1, 2, … along
    x = g.full(x, shape)
    return g.node("GatherElements", x, places, shape=shape, axis=axis)


def top_k(g: Writer, eqn: Any, x: Array) -> list[Array]:
    return _top(g, _true(g, eqn, x), eqn.params["k"], -1, largest=True)


def _top(g: Writer, x: Array, k: int, axis: int, largest: bool) -> list[Array]:
    axis %= len(x.shape)
    shape = (*x.shape[:axis], k, *x.shape[axis + 1 :])
    results = [(shape, x.dtype), (shape, INT64)]
    return g.several(
        "TopK", x, g.sizes([k]), results=results, axis=axis, largest=int(largest)
    )


# ── products ──


def dot_general(g: Writer, eqn: Any, a: Array, b: Array) -> Array:
    """Σ over shared dimensions: both sides as matrices, then MatMul.

    a becomes (batch, free of a, summed), b (batch, summed, free of b).
    """
    (sum_a, sum_b), (batch_a, batch_b) = eqn.params["dimension_numbers"]
    a = g.full(a, eqn.invars[0].aval.shape)
    b = g.full(b, eqn.invars[1].aval.shape)
    free_a = [i for i in range(len(a.shape)) if i not in (*sum_a, *batch_a)]
    free_b = [i for i in range(len(b.shape)) if i not in (*sum_b, *batch_b)]
    a = g.transpose(a, [*batch_a, *free_a, *sum_a])
    b = g.transpose(b, [*batch_b, *sum_b, *free_b])
    batch, count = a.shape[: len(batch_a)], len(batch_a)
    rows, summed = a.shape[count : len(a.shape) - len(sum_a)], len(sum_a)
    columns = b.shape[count + summed :]
    if batch or summed != 1 or len(columns) > 1:
        left = (*batch, _product(rows), _product(a.shape[count + len(rows) :]))
        right = (*batch, left[-1], _product(columns))
        a, b = g.reshape(a, left), g.reshape(b, right)
    shape = (*a.shape[:-1], *b.shape[len(batch) + 1 :])
    product = g.node("MatMul", a, b, shape=shape)
    product = g.reshape(product, (*batch, *rows, *columns))
    return g.cast(product, eqn.outvars[0].aval.dtype)


def _product(sizes: Sequence[Dimension]) -> Dimension:
    return math.prod(sizes)


RULES: dict[str, Callable[..., Array | list[Array]]] = {
    **{name: reduction(op) for name, op in REDUCTIONS.items()},
    "argmax": place_of_extreme("ArgMax"),
    "argmin": place_of_extreme("ArgMin"),
    "cumsum": cumulative_sum,
    "dot_general": dot_general,
    "reduce_and": logical_reduction("ReduceMin"),
    "reduce_or": logical_reduction("ReduceMax"),
    "sort": sort,
    "top_k": top_k,
}
