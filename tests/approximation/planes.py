"""Proved networks of two inputs, made without a search: random units, and the best
output weights."""

from functools import cache

import numpy as np

from mapsto.approximation.network import ACTIVATIONS, Layer, Network
from mapsto.approximation.proof import certify
from mapsto.approximation.result import Approximation
from mapsto.approximation.target import read

PLANES = {
    "tanh": ("exp(-x**2)*y", "tanh", (20,), {}),
    "sigmoid": ("x*y", "sigmoid", (12,), {}),
    "sin": ("sin(2*y + x)", "sin", (20,), {}),
    "gelu": ("y*sigmoid(2*x)", "gelu", (9,), {}),
    "layers": ("x*y", "tanh", (3, 4), {}),
    "single": ("x*y", "tanh", (8,), {"precision": np.float32}),
    "relative": ("exp(y - x)", "tanh", (10,), {"relative": True}),
}
"""f, and the units of the hidden layers."""


@cache
def plane(name):
    """A network for f on [-1, 1]², with a certificate close above its error."""
    f, activation, sizes, options = PLANES[name]
    relative = options.get("relative", False)
    target = read(f, {"x": (-1, 1), "y": (-1, 1)})
    side = np.linspace(-1.0, 1.0, 101)
    x = np.stack([v.ravel() for v in np.meshgrid(side, side)], axis=1)
    y = target.value(x)
    network = fitted(x, y, activation, sizes).cast(options.get("precision", np.float64))
    off = np.abs(y - network(x.astype(network.dtype)))
    error = float((off / np.abs(y) if relative else off).max())
    bounds = (1.02 * error, 1.05 * error)
    certificate, unproved = certify(target, network, relative, bounds)
    return Approximation(
        function=target.words,
        names=target.names,
        low=(-1.0, -1.0),
        high=(1.0, 1.0),
        network=network,
        tol=None,
        relative=relative,
        error=error,
        where=(0.0, 0.0),
        certificate=certificate,
        unproved=unproved,
        least=None,
        tried=(),
        yardsticks={},
        samples={},
    )


def fitted(x, y, activation, sizes):
    """Random hidden layers, and the best weights after them."""
    rng, h, layers = np.random.default_rng(1), x, []
    for size in sizes:
        layer = Layer(rng.normal(size=(size, h.shape[1])), rng.normal(size=size))
        h = ACTIVATIONS[activation](np, h @ layer.weights.T + layer.bias)
        layers.append(layer)
    h = np.append(h, np.ones((len(x), 1)), axis=1)
    *a, b = np.linalg.lstsq(h, y, rcond=None)[0]
    return Network(activation, (*layers, Layer(np.array([a]), np.array([b]))))
