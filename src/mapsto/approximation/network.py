"""The network that is handed over: layers of weights, and one pure function.

h⁰ = x,   hˡ = σ(Wˡ hˡ⁻¹ + bˡ),   N(x) = W h + b
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray

# gelu in its tanh form: z Φ(z) within 5e-4, and made of elementary operations only
# (Hendrycks & Gimpel 2016, https://arxiv.org/abs/1606.08415)
GELU = (0.7978845608028654, 0.044715)  # √(2/π), and the cubic's coefficient


def _gelu(xp: Any, z: Any) -> Any:
    return 0.5 * z * (1.0 + xp.tanh(GELU[0] * (z + GELU[1] * z * z * z)))


ACTIVATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "tanh": lambda xp, z: xp.tanh(z),
    "sigmoid": lambda xp, z: 0.5 * (1.0 + xp.tanh(0.5 * z)),
    "relu": lambda xp, z: xp.maximum(z, xp.zeros_like(z)),
    "sin": lambda xp, z: xp.sin(z),
    "gelu": _gelu,
}


@dataclass(frozen=True, eq=False)
class Layer:
    """W (outputs, inputs) and b (outputs,)."""

    weights: Array
    bias: Array


@dataclass(frozen=True, eq=False)
class Network:
    """Hidden layers with one activation, and a linear layer at the end."""

    activation: str
    layers: tuple[Layer, ...]

    @property
    def neurons(self) -> int:
        """Hidden units."""
        return sum(len(layer.bias) for layer in self.layers[:-1])

    @property
    def parameters(self) -> int:
        """Numbers in the network."""
        return sum(layer.weights.size + layer.bias.size for layer in self.layers)

    @property
    def largest(self) -> float:
        """The largest weight or bias, in absolute value."""
        return max(float(np.abs(a).max()) for a in self.arrays() if a.size)

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.layers[0].weights.dtype

    def arrays(self) -> list[Array]:
        """W¹, b¹, W², b², …: the parameters of `evaluate`."""
        return [a for layer in self.layers for a in (layer.weights, layer.bias)]

    def shifted(self, offset: float) -> "Network":
        """N + offset."""
        last = self.layers[-1]
        last = Layer(last.weights, last.bias + offset)
        return Network(self.activation, (*self.layers[:-1], last))

    def cast(self, dtype: Any) -> "Network":
        """The same network with rounded parameters."""
        return rebuilt(self.activation, [a.astype(dtype) for a in self.arrays()])

    def __call__(self, x: Array) -> Array:
        """N at the points x (m, d), computed in the network's own precision: (m,)."""
        return np.asarray(evaluate(self.activation, self.arrays(), x))


def rebuilt(activation: str, arrays: Sequence[Array]) -> Network:
    """The network whose `arrays()` these are."""
    pairs = zip(arrays[::2], arrays[1::2], strict=True)
    return Network(activation, tuple(Layer(w, b) for w, b in pairs))


def evaluate(activation: str, parameters: Sequence[Any], x: Any) -> Any:
    """N(x) for x (m, d), in the array-API style: (m,)."""
    xp = x.__array_namespace__()
    act, h = ACTIVATIONS[activation], x
    *hidden, weights, bias = parameters
    for w, b in zip(hidden[::2], hidden[1::2], strict=True):
        h = act(xp, h @ w.T + b)
    return (h @ weights.T + bias)[:, 0]


def as_sigmoid(network: Network) -> Network:
    """The same function with sigmoids: tanh z = 2 sigmoid(2z) - 1."""
    layers = [network.layers[0]]
    for layer in network.layers[1:]:
        bias = layer.bias - layer.weights.sum(axis=1)
        layers.append(Layer(2.0 * layer.weights, bias))
    inner = [Layer(2.0 * la.weights, 2.0 * la.bias) for la in layers[:-1]]
    return Network("sigmoid", (*inner, layers[-1]))
