"""The activations of a neuron: what it answers to the weighted sum of its inputs.

Each is written once in the array-API style: it runs on NumPy and JAX traces it. The
exponential is taken of bounded arguments only, so nothing overflows, and only
operations with double-precision kernels everywhere are used.

`for_training` gives the same function with its slope stored on the way forward, so
that the way back is one multiplication per neuron.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp

Activation = Callable[[Any], Any]


def identity(x: Any) -> Any:
    """x."""
    return x


def threshold(x: Any) -> Any:
    """1 where x > 0, else 0: the first neuron (McCulloch & Pitts 1943)."""
    xp = x.__array_namespace__()
    return xp.astype(x > 0, x.dtype)


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)), written with tanh, which cannot overflow."""
    xp = x.__array_namespace__()
    return 0.5 + 0.5 * xp.tanh(0.5 * x)


def tanh(x: Any) -> Any:
    """tanh(x)."""
    return x.__array_namespace__().tanh(x)


def relu(x: Any) -> Any:
    """max(x, 0)."""
    return x.__array_namespace__().maximum(x, 0.0)


def leaky_relu(x: Any) -> Any:
    """x where x > 0, else x / 100."""
    return x.__array_namespace__().where(x > 0, x, 0.01 * x)


def elu(x: Any) -> Any:
    """x where x > 0, else exp(x) - 1 (https://arxiv.org/abs/1511.07289)."""
    xp = x.__array_namespace__()
    return xp.where(x > 0, x, xp.exp(xp.minimum(x, 0.0)) - 1.0)


def selu(x: Any) -> Any:
    """1.0507 · (x where x > 0, else 1.6733 · (exp(x) - 1)): keeps mean 0 and
    variance 1 from layer to layer (https://arxiv.org/abs/1706.02515)."""
    xp = x.__array_namespace__()
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    below = alpha * (xp.exp(xp.minimum(x, 0.0)) - 1.0)
    return scale * xp.where(x > 0, x, below)


def gelu(x: Any) -> Any:
    """x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))), the tanh form of x · Φ(x)
    (https://arxiv.org/abs/1606.08415)."""
    xp = x.__array_namespace__()
    inner = math.sqrt(2.0 / math.pi) * x * (1.0 + 0.044715 * x * x)
    return 0.5 * x * (1.0 + xp.tanh(inner))


def silu(x: Any) -> Any:
    """x · sigmoid(x), also called swish."""
    return x * sigmoid(x)


def mish(x: Any) -> Any:
    """x · tanh(log(1 + eˣ)) = x · n / (n + 2) with n = eˣ (eˣ + 2): one exponential
    (https://arxiv.org/abs/1908.08681). Beyond 20 the fraction is 1 in double."""
    xp = x.__array_namespace__()
    e = xp.exp(xp.minimum(x, 20.0))
    n = e * (e + 2.0)
    return x * (n / (n + 2.0))


ACTIVATIONS: dict[str, Activation] = {
    "identity": identity,
    "threshold": threshold,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": relu,
    "leaky_relu": leaky_relu,
    "elu": elu,
    "selu": selu,
    "gelu": gelu,
    "silu": silu,
    "mish": mish,
}


@cache
def for_training(name: str) -> Activation:
    """The activation with its slope f'(x) computed beside f(x) and kept.

    The slope of the threshold is 0 almost everywhere, which teaches nothing; the
    straight-through estimate 1 where |x| ≤ 1 stands in for it
    (https://arxiv.org/abs/1602.02830).
    """
    value = ACTIVATIONS[name]

    @jax.custom_vjp
    def activation(x: jax.Array) -> jax.Array:
        return value(x)

    def forward(x: jax.Array) -> tuple[jax.Array, jax.Array]:
        if name == "threshold":
            return value(x), (jnp.abs(x) <= 1).astype(x.dtype)
        return jax.jvp(value, (x,), (jnp.ones_like(x),))

    def backward(slope: jax.Array, cotangent: jax.Array) -> tuple[jax.Array]:
        return (cotangent * slope,)

    activation.defvjp(forward, backward)
    return activation
