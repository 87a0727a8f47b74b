"""Samples × members as stacked arrays: what the descent of a network starts from.

Rows, features and steps are padded up to few sizes, so that tables of a like size
share one compilation. Padding rows are never drawn; padding features are zero, and
their weights start and stay at zero.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import jax
import numpy as np

from mapsto.families.family import Sample
from mapsto.families.inputs import expanded, fit_inputs
from mapsto.families.layers import embedded, start_layers
from mapsto.solvers.descent import Examples

HELD_ROWS = 16_384  # at most so many inner rows judge an epoch
START_ROWS = 1024  # rows to which the start is fitted


def roomy(size: int) -> int:
    """The next of few sizes: 4, 5, 6 or 7 times a power of two, and at least 16.

    >>> roomy(100)
    112
    """
    step = max(4, 1 << max(0, (size - 1).bit_length() - 3))
    return max(16, -(-size // step) * step)


class Stack:
    """The stacked arrays, and the way back to one sample's."""

    def __init__(self, samples: Sequence[Sample], dials: Mapping[str, Any], seed: int):
        self.samples, self.dials = samples, dials
        self.owner = np.tile(np.arange(len(samples), dtype=np.int32), dials["members"])
        states = [
            np.random.SeedSequence([seed, m]).generate_state(1)
            for m in range(len(self.owner))
        ]
        self.seeds = [int(s[0]) for s in states]
        self.features = samples[0].features
        codes = [j for j, f in enumerate(self.features) if f.role == "code"]
        levels = [self.features[j].levels for j in codes]
        self.levels = sum(levels)
        self.inputs = fit_inputs([s.x for s in samples], self.features, dials, seed)
        if codes:
            start = np.cumsum([0, *levels[:-1]])
            self.inputs["code"] = np.array(codes, np.int32)
            self.inputs["start"] = start.astype(np.int32)
        self.inputs_seen = sum(
            len(self.inputs.get(name, ())) * each
            for name, each in (("column", 1), ("wave", 1), ("code", dials["embedding"]))
        )

    def inputs_of(self, k: int) -> dict[str, np.ndarray]:
        """The expansion of sample k, with a member axis of length 1."""
        return {n: a[k : k + 1] if a.ndim == 3 else a for n, a in self.inputs.items()}

    def constants(self) -> dict[str, np.ndarray]:
        """The expansion of every member, padded with columns that read a zero."""
        spare = roomy(self.inputs_seen) - self.inputs_seen
        found = {}
        for name, a in self.inputs.items():
            if name == "column":
                a = np.pad(a, (0, spare), constant_values=len(self.features))
            elif name in ("left", "slope", "low", "high"):
                a = np.pad(a, ((0, 0), (0, 0), (0, spare)))
            found[name] = a[self.owner] if a.ndim == 3 else a
        return found

    def start(self, outputs: int) -> dict[str, Any]:
        """The parameters before the first step, (members, ...)."""
        members = [self._start_one(m, outputs) for m in range(len(self.owner))]
        return jax.tree.map(lambda *arrays: np.stack(arrays), *members)

    def _start_one(self, m: int, outputs: int) -> dict[str, Any]:
        rng = np.random.default_rng([self.seeds[m], 0])
        sample, inputs = self.samples[self.owner[m]], self.inputs_of(self.owner[m])
        rest = np.flatnonzero(~sample.inner)
        rows = rng.permutation(rest)[:START_ROWS]
        x = sample.x[None, rows]
        h = expanded(inputs, x, self.dials["inputs"])
        found: dict[str, Any] = {}
        if self.levels:
            shape = (self.levels, self.dials["embedding"])
            found["embedding"] = rng.standard_normal(shape).astype(np.float32)
            codes = x[:, :, inputs["code"]].astype(np.int32) + inputs["start"]
            h = np.concatenate([embedded(found["embedding"][None], codes), h], axis=2)
        widths = (*self.dials["hidden"], outputs)
        kinds = (self.dials["activation"], self.dials["residual"])
        found["layers"] = start_layers(h[0], widths, *kinds, rng)
        spare = roomy(self.inputs_seen) - self.inputs_seen
        first = found["layers"][0]
        first["w"] = np.pad(first["w"], ((0, spare), (0, 0)))
        return found

    def trimmed(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """The same parameters without the weights of padding features."""
        first, *others = parameters["layers"]
        first = {**first, "w": first["w"][:, : self.inputs_seen]}
        return {**parameters, "layers": [first, *others]}

    def examples(self) -> Examples:
        """Training rows first, then padding; inner rows for validation."""
        rest = [np.flatnonzero(~s.inner) for s in self.samples]
        inner = [_spaced(np.flatnonzero(s.inner), HELD_ROWS) for s in self.samples]
        held = self._gathered(inner) if all(len(rows) for rows in inner) else None
        counts = np.array([len(rows) for rows in rest])
        return Examples(self._gathered(rest), held, counts, self.owner)

    def _gathered(self, rows: list[np.ndarray]) -> dict[str, np.ndarray]:
        """x, y, w of these rows of each sample, padded with rows of zero weight."""
        most = roomy(max(len(r) for r in rows))
        wide = roomy(len(self.features) + 1)
        found = {
            "x": np.zeros((len(rows), most, wide), np.float32),
            "y": np.zeros((len(rows), most), np.float32),
            "w": np.zeros((len(rows), most), np.float32),
        }
        for k, (sample, r) in enumerate(zip(self.samples, rows, strict=True)):
            found["x"][k, : len(r), : sample.x.shape[1]] = sample.x[r]
            found["y"][k, : len(r)] = sample.y[r]
            found["w"][k, : len(r)] = sample.w[r]
        return found


def _spaced(rows: np.ndarray, most: int) -> np.ndarray:
    """At most so many of the rows, evenly spaced."""
    return rows[:: -(-len(rows) // most)] if len(rows) > most else rows
