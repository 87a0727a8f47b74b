"""What rounding adds: a bound on |N as run - N exact| over a box.

Standard model of floating-point arithmetic with unit roundoff u: a sum of k products
is off by at most γ Σ|terms|, γ = k u / (1 - k u), in any order (Higham 2002, Accuracy
and Stability of Numerical Algorithms, §3.1). The library's tanh, sin and exp are
assumed to be within 4 units in the last place, as those in use are
(https://members.loria.fr/PZimmermann/papers/accuracy.pdf).
"""

import numpy as np

from mapsto.approximation.network import Network

Array = np.ndarray
LIBRARY = 8.0  # 4 units in the last place, in units of u
SLACK = 1.01  # the bound itself is computed in float64


def rounding_bound(network: Network, low: Array, high: Array) -> float:
    """An upper bound of the rounding error of `evaluate` on the box, absolute."""
    unit = float(np.finfo(network.dtype).eps) / 2.0
    underflow = float(np.finfo(network.dtype).smallest_subnormal)
    size = np.maximum(np.abs(low), np.abs(high))
    off = np.zeros(len(size))
    for k, layer in enumerate(network.layers):
        weights, bias = np.abs(layer.weights.astype(float)), np.abs(layer.bias)
        terms = weights.shape[1] + 1
        gamma = terms * unit / (1.0 - terms * unit)
        total = weights @ (size + off) + bias
        off, size = weights @ off + gamma * total + terms * underflow, total
        if k + 1 < len(network.layers):
            off, size = _activated(network.activation, off, size, unit)
    return SLACK * float(off[0])


def _activated(
    activation: str, off: Array, size: Array, unit: float
) -> tuple[Array, Array]:
    """The error and the size of σ(z), from those of z."""
    one = np.ones_like(size)
    match activation:
        case "tanh" | "sin":
            return np.minimum(off, 2.0) + LIBRARY * unit, one
        case "sigmoid":  # (1 + tanh(z/2)) / 2
            return np.minimum(off / 4.0, 1.0) + (LIBRARY + 2.0) * unit, one
        case "gelu":  # z/2 (1 + tanh v): |v tanh'(v)| < 0.45, and v is off by 6u |v|
            return 1.13 * off + size * (LIBRARY / 2.0 + 6.0) * unit, size
    return off, size
