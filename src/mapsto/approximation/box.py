"""A function of two to four inputs, or samples of one, ready to fit."""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from mapsto.approximation.frame import Frame
from mapsto.approximation.network import Network

Array = np.ndarray

GRID = {2: 91, 3: 23, 4: 12}  # check points along each side
LEAST, MOST = 500, 3000  # training points
ON_FACES = 0.3  # share of them: the largest errors are at the faces and corners
PEAKS = 24


@dataclass(frozen=True)
class Box:
    """g on [-1, 1]^d, d = 2, 3 or 4."""

    frame: Frame

    @property
    def inputs(self) -> int:
        return self.frame.target.inputs

    def value(self, t: Array) -> Array:
        return self.frame.value(t)

    def training(self, unknowns: int, extra: Array) -> tuple[Array, Array, Array]:
        """Even points inside and on the faces, the corners, and `extra`."""
        count = int(np.clip(8 * unknowns, LEAST, MOST))
        t = even_points(count, self.inputs)
        faces = int(ON_FACES * count)
        side = np.arange(faces) % (2 * self.inputs)
        t[np.arange(faces), side // 2] = 2.0 * (side % 2) - 1.0
        t = np.concatenate([t, corners(self.inputs), extra.reshape(-1, self.inputs)])
        g = self.frame.value(t)
        return t, g, self.frame.weight(g)

    def final(self, network: Network) -> Network:
        return self.frame.final(network)

    @cached_property
    def _grid(self) -> tuple[Array, Array]:
        t = grid(GRID[self.inputs], self.inputs)
        return t, self.frame.value(t)

    def error(self, network: Network) -> tuple[float, Array]:
        """The largest weighted error on a grid, and places of large error."""
        t, g = self._grid
        return _worst(self.frame, self.final(network), t, g)

    def measure(self, network: Network) -> tuple[float, Array]:
        """The largest weighted error on a finer grid, followed uphill; its place."""
        final = self.final(network)
        error, t = self.error(network)
        if not len(t):
            return error, np.zeros(self.inputs)
        fine = grid(int(1.5 * GRID[self.inputs]) + 1, self.inputs)
        more, peaks = _worst(self.frame, final, fine, self.frame.value(fine))
        t, error = np.concatenate([t, peaks]), max(error, more)
        rng, step = np.random.default_rng(0), 2.0 / GRID[self.inputs]
        for _ in range(8):
            cloud = rng.uniform(-step, step, (60, *t.shape))
            near = np.clip(np.concatenate([t[None], t[None] + cloud]), -1.0, 1.0)
            flat = near.reshape(-1, self.inputs)
            off = self.frame.off(final, flat, self.frame.value(flat))
            off = off.reshape(near.shape[:2])
            t = near[np.argmax(off, axis=0), np.arange(len(t))]
            error, step = max(error, float(off.max())), 0.5 * step
        return error, t[int(np.argmax(off.max(axis=0)))]


@dataclass(frozen=True)
class Scatter:
    """Samples g at t (m, d): nothing is known between them."""

    frame: Frame
    t: Array
    g: Array
    parity: int = 0

    @property
    def inputs(self) -> int:
        return self.t.shape[1]

    @property
    def low(self) -> float:
        return -1.0

    @property
    def edges(self) -> Array:
        """For one input: places as dense as the samples."""
        count = int(np.clip(len(self.t) // 6, 8, 400))
        inner = np.quantile(self.t[:, 0], np.linspace(0.0, 1.0, count)[1:-1])
        return np.unique(np.concatenate([[-1.0], inner, [1.0]]))

    def plain(self) -> "Scatter":
        return self

    def value(self, t: Array) -> Array:
        """For one input: straight lines between the samples."""
        order = np.argsort(self.t[:, 0])
        return np.interp(t, self.t[order, 0], self.g[order])

    def training(self, unknowns: int, extra: Array) -> tuple[Array, Array, Array]:
        return self.t, self.g, self.frame.weight(self.g)

    def final(self, network: Network) -> Network:
        return self.frame.final(network)

    def error(self, network: Network) -> tuple[float, Array]:
        """The largest weighted error at the samples."""
        off = self.frame.off(self.final(network), self.t, self.g)
        none = np.zeros((0, self.inputs))
        return (float(off.max()) if np.isfinite(off).all() else np.inf), none

    def measure(self, network: Network) -> tuple[float, Array]:
        off = self.frame.off(self.final(network), self.t, self.g)
        return float(off.max()), self.t[int(np.argmax(off))]


def even_points(count: int, inputs: int) -> Array:
    """Points of [-1, 1]^d of low discrepancy: multiples of powers of 1/φ, where
    φ^(d+1) = φ + 1 (the generalised golden ratio)."""
    ratio = 2.0
    for _ in range(60):
        ratio = (1.0 + ratio) ** (1.0 / (inputs + 1))
    step = ratio ** -np.arange(1.0, inputs + 1.0)
    return np.asarray(2.0 * ((0.5 + np.outer(np.arange(count), step)) % 1.0) - 1.0)


def corners(inputs: int) -> Array:
    return np.array(list(product((-1.0, 1.0), repeat=inputs)))


def grid(side: int, inputs: int) -> Array:
    """All points with coordinates cos(kπ/(side - 1)): dense towards the faces."""
    along = np.round(-np.cos(np.pi * np.arange(side) / (side - 1)), 15)
    axes = np.meshgrid(*[along] * inputs, indexing="ij")
    return np.stack([a.ravel() for a in axes], axis=1)


def _worst(frame: Frame, final: Network, t: Array, g: Array) -> tuple[float, Array]:
    """The largest error at the points, and some places of large error, apart."""
    off = frame.off(final, t, g)
    if not np.isfinite(off).all():
        return np.inf, t[:0]
    order = np.argsort(-off)[: 40 * PEAKS]
    kept: list[int] = []
    for i in order:
        if all(np.abs(t[i] - t[k]).max() > 0.08 for k in kept):
            kept.append(int(i))
        if len(kept) == PEAKS:
            break
    return float(off[order[0]]), t[kept]
