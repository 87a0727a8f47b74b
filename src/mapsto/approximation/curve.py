"""A function of one input, ready to fit: where its points are, and how far we are."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mapsto.approximation import mesh
from mapsto.approximation.frame import Frame
from mapsto.approximation.network import Network

Array = np.ndarray
SAME = 1e-13  # relative: values closer than this are mirror images


@dataclass(frozen=True)
class Curve:
    """g - offset on [-1, 1].

    `edges`: cells on which g is simple. `parity`: g(-t) - offset = ±(g(t) - offset);
    then only t >= 0 is looked at. 0: no symmetry is used.
    """

    frame: Frame
    edges: Array
    parity: int = 0
    offset: float = 0.0

    @property
    def inputs(self) -> int:
        return 1

    @property
    def low(self) -> float:
        return float(self.edges[0])

    def value(self, t: Array) -> Array:
        """g(t) - offset, (m,)."""
        return self.frame.value(t[:, None]) - self.offset

    def plain(self) -> "Curve":
        """The same curve with its symmetry forgotten."""
        if not self.parity:
            return self
        edges = np.unique(np.concatenate([-self.edges, self.edges]))
        return Curve(self.frame, edges)

    def training(self, unknowns: int, extra: Array) -> tuple[Array, Array, Array]:
        """Points (m, 1), values (m,) and weights (m,), for so many unknowns."""
        cells = len(self.edges) - 1
        count = int(np.clip(np.ceil(5 * unknowns / cells), 4, mesh.NODES))
        inside = mesh.spread(self.edges, count)
        even = np.linspace(self.low, 1.0, max(60, 2 * unknowns))
        extra = extra[extra >= self.low]
        t = np.unique(np.concatenate([inside, even, extra]))
        y = self.value(t)
        return t[:, None], y, self.frame.weight(y + self.offset)

    def final(self, network: Network) -> Network:
        """The network in the user's coordinates."""
        return self.frame.final(network, self.offset)

    def error(self, network: Network, nodes: int = 12) -> tuple[float, Array]:
        """The largest weighted error on a grid, and where the errors peak."""
        t, g = self._grid(nodes)
        final, near = self.final(network), _around(network, self.low)
        t = np.concatenate([t, near])
        g = np.concatenate([g, self.frame.value(near[:, None])])
        off = self.frame.off(final, t[:, None], g)
        if not np.isfinite(off).all():
            return np.inf, np.zeros((0, 1))
        order = np.argsort(t)
        t, off = t[order], off[order]
        higher = (off >= np.append(off[1:], 0.0)) & (off >= np.append(0.0, off[:-1]))
        peaks = np.flatnonzero(higher)
        peaks = peaks[np.argsort(-off[peaks])]
        return float(off[peaks[0]]), t[peaks[: 6 * network.neurons + 20], None]

    def measure(self, network: Network) -> tuple[float, Array]:
        """The largest weighted error, found with care, and the point t of it."""
        final = self.final(network)
        error, peaks = self.error(network, nodes=40)
        if not len(peaks):
            return error, np.zeros(1)
        t, step = peaks[:40, 0], 0.02 * float(np.diff(self.edges).max())
        for _ in range(5):
            near = np.clip(t[:, None] + step * np.linspace(-1.0, 1.0, 33), -1.0, 1.0)
            g = self.frame.value(near.reshape(-1, 1))
            off = self.frame.off(final, near.reshape(-1, 1), g).reshape(near.shape)
            best = np.argmax(off, axis=1)
            rows = np.arange(len(t))
            t, step = near[rows, best], step / 12.0
            error = max(error, float(off.max()))
        return error, t[[int(np.argmax(off[rows, best]))]]

    def _grid(self, nodes: int) -> tuple[Array, Array]:
        return self._coarse if nodes == 12 else self._made(nodes)

    @cached_property
    def _coarse(self) -> tuple[Array, Array]:
        return self._made(12)

    def _made(self, nodes: int) -> tuple[Array, Array]:
        t = np.unique(np.concatenate([self.edges, mesh.spread(self.edges, nodes)]))
        return t, self.frame.value(t[:, None])


def _around(network: Network, low: float) -> Array:
    """Points around the place where each unit bends, as close as it is steep."""
    first = network.layers[0]
    w, b = first.weights[:, 0], first.bias
    steep = np.abs(w) > 1.0
    w, b = w[steep][:, None], b[steep][:, None]
    at = ((np.sinh(np.linspace(-4.0, 4.0, 17)) - b) / w).ravel()
    return at[(at >= low) & (at <= 1.0)]


def curve(frame: Frame, accuracy: float) -> Curve:
    """The curve with a mesh of this accuracy, and its symmetry if it has one."""
    plain = Curve(frame, np.array([-1.0, 1.0]))
    edges = mesh.adaptive(plain.value, accuracy)
    parity = parity_of(plain.value)
    if parity:
        edges = np.append(0.0, edges[edges > 0.0])
    offset = float(plain.value(np.zeros(1))[0]) if parity < 0 else 0.0
    return Curve(frame, edges, parity, offset)


def parity_of(value: Callable[[Array], Array]) -> int:
    """+1 for an even function on [-1, 1], -1 for an odd one (up to g(0)), or 0."""
    t = np.linspace(0.0, 1.0, 1024)
    right, left, centre = value(t), value(-t), value(np.zeros(1))[0]
    size = SAME * np.abs(right).max()
    if np.abs(right - left).max() <= size:
        return 1
    return -1 if np.abs(right + left - 2.0 * centre).max() <= size else 0
