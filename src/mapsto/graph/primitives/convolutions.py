"""Convolutions: JAX's in any order of dimensions, ONNX's channels first."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mapsto.graph.primitives.arrays import Array, Unwritable, Writer


def convolution(g: Writer, eqn: Any, x: Array, w: Array) -> Array:
    """x: rows, channels and places as told; w: likewise -> `Conv`."""
    p = eqn.params
    if x.dtype != np.dtype(np.float32):
        raise Unwritable(f"a convolution of {x.dtype}: only float32 has a kernel")
    if p["batch_group_count"] != 1 or any(d != 1 for d in p["lhs_dilation"]):
        raise Unwritable("a transposed convolution")
    order = p["dimension_numbers"]
    planes = g.transpose(g.full(x, eqn.invars[0].aval.shape), order.lhs_spec)
    kernel = g.transpose(g.full(w, eqn.invars[1].aval.shape), order.rhs_spec)
    true = eqn.outvars[0].aval.shape
    told = g.node(
        "Conv",
        planes,
        kernel,
        shape=tuple(true[d] for d in order.out_spec),
        strides=list(p["window_strides"]),
        dilations=list(p["rhs_dilation"]),
        group=p["feature_group_count"],
        pads=[low for low, _ in p["padding"]] + [high for _, high in p["padding"]],
    )
    return g.transpose(told, _inverse(order.out_spec))


def _inverse(order: Sequence[int]) -> list[int]:
    return np.argsort(order).tolist()


RULES = {"conv_general_dilated": convolution}
