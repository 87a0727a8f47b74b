"""Where units of several inputs begin.

A unit σ(w·(t - p)) bends along a direction w through a place p. Half of them take
their direction from two points between which f changes much (as in Bolager et al.
2023, https://arxiv.org/abs/2306.16830), the others at random.
"""

from dataclasses import dataclass

import numpy as np

from mapsto.approximation.box import Box, Scatter
from mapsto.approximation.curve import Curve
from mapsto.approximation.search import Candidate
from mapsto.approximation.units import (
    Bends,
    Deep,
    Waves,
    gelu_units,
    tanh_units,
)

Array = np.ndarray
Rng = np.random.Generator
MODELS = {"tanh": tanh_units, "gelu": gelu_units}


@dataclass(frozen=True)
class BoxStarts:
    """Starts for functions of several inputs, or with two hidden layers."""

    problem: Curve | Box | Scatter
    layers: int = 1

    def start(self, activation: str, neurons: int, turn: int, rng: Rng) -> Candidate:
        d = self.problem.inputs
        none = np.zeros((1, d))
        if activation == "sin":
            high = rng.uniform(1.0, 6.0) * np.sqrt(neurons / 10.0)
            theta = (high * rng.normal(0.0, 1.0, (neurons, d))).ravel()
            return Candidate(self.problem, Waves(none), theta, none[:0])
        if self.layers == 2:
            return self._deep(neurons, rng)
        w, b = self._bends(neurons, turn % 2 == 0, rng)
        theta = np.concatenate([w.ravel(), b])
        return Candidate(self.problem, MODELS[activation](none), theta, none[:0])

    def _bends(self, neurons: int, guided: bool, rng: Rng) -> tuple[Array, Array]:
        d = self.problem.inputs
        steep = rng.uniform(0.5, 2.0) * neurons ** (1.0 / d)
        place = rng.uniform(-1.1, 1.1, (neurons, d))
        w = rng.normal(0.0, 1.0, (neurons, d))
        if guided:
            place, w = self._guided(neurons, rng)
        w = w / np.linalg.norm(w, axis=1, keepdims=True)
        w = w * steep * np.exp(rng.normal(0.0, 0.4, (neurons, 1)))
        return w, -(w * place).sum(axis=1)

    def _guided(self, neurons: int, rng: Rng) -> tuple[Array, Array]:
        """Midpoints and differences of pairs, drawn by how fast f changes."""
        none = np.zeros((0, self.problem.inputs))
        t, g, _ = self.problem.training(10 * neurons, none)
        i, j = rng.integers(0, len(t), (2, 20 * neurons))
        apart = np.linalg.norm(t[i] - t[j], axis=1)
        speed = np.where(apart > 0, np.abs(g[i] - g[j]) / np.maximum(apart, 0.05), 0.0)
        speed = speed + 1e-3 * speed.max() + 1e-12
        pick = rng.choice(len(i), neurons, p=speed / speed.sum())
        w = t[i[pick]] - t[j[pick]] + rng.normal(0.0, 0.01, (neurons, t.shape[1]))
        return (t[i[pick]] + t[j[pick]]) / 2.0, w

    def _deep(self, neurons: int, rng: Rng) -> Candidate:
        """Two layers of half the units each."""
        d, first = self.problem.inputs, max(neurons // 2, 1)
        second = max(neurons - first, 1)
        w, b = self._bends(first, True, rng)
        inner = rng.normal(0.0, 1.0, (second, first)) * np.sqrt(2.0 / first)
        bias = rng.normal(0.0, 0.7, second)
        theta = np.concatenate([w.ravel(), b, inner.ravel(), bias])
        units = Deep(np.zeros((1, d)), first, second)
        return Candidate(self.problem, units, theta, np.zeros((0, d)))

    def resized(self, c: Candidate, neurons: int, rng: Rng) -> Candidate | None:
        """Units that matter least left out, or new ones put in."""
        if not isinstance(c.units, Bends) or c.fit is None:
            return None
        w, b, _ = c.units.split(c.theta)
        order = np.argsort(-np.abs(c.fit.a[: len(b)]) * _noise(len(b), rng))[:neurons]
        new_w, new_b = self._bends(neurons, True, rng)
        missing = neurons - len(order)
        w = np.concatenate([w[order], new_w[:missing]])
        theta = np.concatenate([w.ravel(), b[order], new_b[:missing]])
        return Candidate(c.problem, c.units, theta, c.extra)


def _noise(count: int, rng: Rng) -> Array:
    return np.asarray(np.exp(rng.normal(0.0, 0.5, count)))
