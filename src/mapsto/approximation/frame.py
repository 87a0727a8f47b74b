"""Between the user's coordinates and those of the search.

    t = (x - centre) / half in [-1, 1]^d,      g(t) = f(x) / size

The search sees t and g only; errors are measured in x, on the network as it is
handed over, in its own precision.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mapsto.approximation.network import Layer, Network
from mapsto.approximation.target import Target

Array = np.ndarray


@dataclass(frozen=True)
class Frame:
    """The box, the size of f, how errors are weighed, and the precision."""

    target: Target
    size: float
    relative: bool
    dtype: Any

    @property
    def centre(self) -> Array:
        return np.asarray((self.target.low + self.target.high) / 2.0)

    @property
    def half(self) -> Array:
        return np.asarray((self.target.high - self.target.low) / 2.0)

    def points(self, t: Array) -> Array:
        """x of t (m, d): numbers of the network's precision, inside the box."""
        x = (self.centre + self.half * t).astype(self.dtype).astype(np.float64)
        return np.asarray(np.clip(x, self.target.low, self.target.high))

    def value(self, t: Array) -> Array:
        """g(t), (m,)."""
        return np.asarray(self.target.value(self.points(t)) / self.size)

    def weight(self, g: Array) -> Array:
        """What an error is multiplied with where f / size = g."""
        return 1.0 / np.abs(g) if self.relative else np.ones_like(g)

    def final(self, network: Network, offset: float = 0.0) -> Network:
        """The network x ↦ size · (N(t) + offset), in its precision."""
        first, *middle, last = network.layers
        w = first.weights / self.half
        first = Layer(w, first.bias - w @ self.centre)
        last = Layer(self.size * last.weights, self.size * (last.bias + offset))
        return replace(network, layers=(first, *middle, last)).cast(self.dtype)

    def off(self, final: Network, t: Array, g: Array) -> Array:
        """|f - N| / size at t, times the weight."""
        y = final(self.points(t).astype(self.dtype)).astype(np.float64)
        return np.asarray(np.abs(g - y / self.size) * self.weight(g))
