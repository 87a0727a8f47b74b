"""Convolutions of a trace, as ONNX Runtime computes them."""

import jax.numpy as jnp
import numpy as np
import onnxruntime
import pytest
from jax import lax

from mapsto.errors import GraphError
from mapsto.graph.lower import lower

ORDER = ("NHWC", "HWIO", "NHWC")


def run(function, x):
    graph = lower(lambda a: {"y": function(a)}, {"x": (x.dtype, (None, *x.shape[1:]))})
    session = onnxruntime.InferenceSession(graph.model())
    return session.run(["y"], {"x": x})[0]


@pytest.mark.parametrize(
    "options",
    [
        {"window_strides": (1, 1), "padding": "SAME"},
        {"window_strides": (2, 2), "padding": "SAME"},
        {"window_strides": (1, 2), "padding": ((1, 2), (0, 3))},
        {"window_strides": (1, 1), "padding": "VALID", "rhs_dilation": (2, 1)},
        {"window_strides": (1, 1), "padding": "SAME", "feature_group_count": 2},
    ],
    ids=["same", "strides", "uneven", "dilated", "groups"],
)
def test_a_convolution_is_the_same_in_the_graph(options):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((3, 8, 9, 4)).astype(np.float32)
    w = rng.standard_normal((3, 3, 4, 6)).astype(np.float32)
    if "feature_group_count" in options:
        w = w[:, :, :2]

    def convolved(a):
        return lax.conv_general_dilated(a, w, dimension_numbers=ORDER, **options)

    assert np.allclose(run(convolved, x), convolved(x), atol=1e-5)


def test_channels_first_is_left_as_it_is():
    rng = np.random.default_rng(1)
    x = rng.standard_normal((2, 4, 6, 6)).astype(np.float32)
    w = rng.standard_normal((5, 4, 3, 3)).astype(np.float32)

    def convolved(a):
        return lax.conv(a, w, (1, 1), "SAME")

    assert np.allclose(run(convolved, x), convolved(x), atol=1e-5)


@pytest.mark.parametrize("what", ["float64", "transposed"])
def test_what_has_no_kernel_is_a_clear_error(what):
    def in_double(a):
        w = jnp.ones((3, 3, 2, 2), jnp.float64)
        return lax.conv_general_dilated(
            a.astype(jnp.float64), w, (1, 1), "SAME", dimension_numbers=ORDER
        )

    def transposed(a):
        w = jnp.ones((3, 3, 2, 2), jnp.float32)
        return lax.conv_transpose(a, w, (2, 2), "SAME", dimension_numbers=ORDER)

    function = in_double if what == "float64" else transposed
    with pytest.raises(GraphError, match=r"conv_general_dilated .*convolution"):
        run(function, np.zeros((1, 4, 4, 2), np.float32))
