"""Samples × members as stacked arrays: what the descent of a network starts from.

Features are padded up to few sizes, so that tables of a like size share one
compilation. Padding features are zero, and their weights start and stay at zero.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import jax
import numpy as np

from mapsto.families.batches import Batches
from mapsto.families.family import Sample
from mapsto.families.inputs import expanded, fit_inputs
from mapsto.families.layers import embedded, start_layers
from mapsto.families.network_monotone import directions, held
from mapsto.solvers.descent import roomy

START_ROWS = 1024  # rows to which the start is fitted


class Stack:
    """The stacked arrays, and the way back to one sample's."""

    def __init__(self, samples: Sequence[Sample], dials: Mapping[str, Any], seed: int):
        self.samples, self.dials = samples, dials
        self.batches = Batches(samples, seed)
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

        spare = roomy(self.inputs_seen) - self.inputs_seen
        self.ways = directions(self.features, self.inputs, dials, spare)

    def inputs_of(self, k: int) -> dict[str, np.ndarray]:
        """The expansion of sample k, with a member axis of length 1."""
        return {n: a[k : k + 1] if a.ndim == 3 else a for n, a in self.inputs.items()}

    def constants(self, each: int) -> dict[str, Any]:
        """The expansion of every member, padded with columns that read a zero, and the
        directions of the neurons where there are any. What does not differ between
        members has no axis for them."""
        spare = roomy(self.inputs_seen) - self.inputs_seen
        found: dict[str, Any] = {}
        for name, a in self.inputs.items():
            if name == "column":
                a = np.pad(a, (0, spare), constant_values=len(self.features))
            elif name in ("left", "slope", "low", "high"):
                a = np.pad(a, ((0, 0), (0, 0), (0, spare)))
            found[name] = a[self.batches.owner(each)] if a.ndim == 3 else a
        if self.ways is not None:
            found["ways"] = [way[None] for way in self.ways]
        return found

    def start(self, each: int, outputs: int) -> dict[str, Any]:
        """The parameters before the first step, (members, ...)."""
        crew = zip(self.batches.owner(each), self.batches.seeds(each), strict=True)
        members = [self._start_one(k, seed, outputs) for k, seed in crew]
        return jax.tree.map(lambda *arrays: np.stack(arrays), *members)

    def _start_one(self, k: int, seed: int, outputs: int) -> dict[str, Any]:
        rng = np.random.default_rng([seed, 0])
        sample, inputs = self.samples[k], self.inputs_of(k)
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
        ways = self.ways and [self.ways[0][: self.inputs_seen], *self.ways[1:]]
        found["layers"] = start_layers(h[0], widths, *kinds, rng, ways)
        spare = roomy(self.inputs_seen) - self.inputs_seen
        first = found["layers"][0]
        first["w"] = np.pad(first["w"], ((0, spare), (0, 0)))
        return found

    def trimmed(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """The weights as they act, in double where directions must hold to the last
        bits, and without those of padding features."""
        first, *others = self._acting(parameters["layers"])
        first = {**first, "w": first["w"][:, : self.inputs_seen]}
        return {**parameters, "layers": [first, *others]}

    def _acting(self, layers: list[Any]) -> list[Any]:
        if self.ways is None:
            return layers
        return held(jax.tree.map(np.float64, layers), self.ways)
