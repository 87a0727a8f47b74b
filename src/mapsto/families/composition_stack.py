"""What the descent of a composition starts from: the parts of every member.

A structure that multiplies or bends its parts has no intercept to begin with, so
every part begins near a level at which the structure gives about the mean, and in a
unit in which it moves the prediction by about the target's spread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import jax
import numpy as np
from scipy.optimize import least_squares

from mapsto.data.encoding import Feature
from mapsto.expression import Name, walk
from mapsto.families.activations import ACTIVATIONS
from mapsto.families.batches import Batches
from mapsto.families.composition_form import Form, rectified, shown
from mapsto.families.family import Sample
from mapsto.families.inputs import ARGUMENT, NUMBERS, fit_inputs
from mapsto.families.layers import layers, start_layers
from mapsto.families.network_form import seen
from mapsto.families.network_monotone import directions
from mapsto.families.structure import PartOf, Structure
from mapsto.families.structure_order import Input
from mapsto.families.structure_terms import value_of
from mapsto.scores import TINY

START_ROWS = 1024  # rows to which the start is fitted
PULL = 1e-3  # how firmly a level is held at 1 where the rows do not tell it
FLAT = 1e-3  # a part that moves the whole by less than this share has no unit yet


class Parts:
    """The stacked arrays of every part."""

    def __init__(
        self,
        form: Form,
        samples: Sequence[Sample],
        dials: Mapping[str, Mapping[str, Any]],
        seed: int,
    ):
        self.form, self.samples, self.dials = form, samples, dials
        self.batches = Batches(samples, seed)
        self.fixed = {
            name: _Inputs(
                form.structure.part(name),
                samples,
                dials[name],
                seed,
                form.order.of(name),
            )
            for name in form.structure.order
        }

    def start(self, each: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """What is learned, and what stays as it is: pytrees of (members, ...)."""
        batches = self.batches
        crew = zip(batches.owner(each), batches.seeds(each), strict=True)
        levels = [_levels_of_all(self.form, s) for s in self.samples]
        both = [self._one(k, seed, *levels[k]) for k, seed in crew]
        learned, fixed = (
            jax.tree.map(lambda *arrays: np.stack(arrays), *[b[i] for b in both])
            for i in range(2)
        )
        for name, inputs in self.fixed.items():
            fixed["parts"][name] |= inputs.constants(batches.owner(each))
        return learned, fixed

    def _one(
        self,
        k: int,
        seed: int,
        level: Mapping[str, np.ndarray],
        unit: Mapping[str, np.ndarray],
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        rng = np.random.default_rng([seed, 0])
        sample, structure = self.samples[k], self.form.structure
        rows = rng.permutation(np.flatnonzero(~sample.inner))[:START_ROWS]
        x = sample.x[None, rows]
        values: dict[str, Any] = direct_values(self.form, sample, x)
        direct = {c: _center(self.form, sample, c) for c in structure.direct}
        fixed: dict[str, Any] = {
            "center": _array(sample.center),
            "scale": _array(sample.scale),
            "direct": direct,
            "parts": {},
        }
        learned = {}
        for name in structure.order:
            declared, dials = structure.part(name), self.dials[name]
            own: dict[str, Any] = self.fixed[name].constants(np.array([k]))
            own |= {"level": _array(level[name]), "unit": _array(unit[name])}
            if name in self.form.order.positive:
                own |= _positive(level[name], unit[name])
            own |= _standardised(declared, values, x)
            h = shown(declared, own, values, x)
            new: dict[str, Any] = {}
            if self.fixed[name].levels:
                shape = (self.fixed[name].levels, dials["embedding"])
                new["embedding"] = rng.standard_normal(shape).astype(np.float32)
            z = seen(
                {n: a[None] for n, a in new.items()}, own["inputs"], h, dials["inputs"]
            )
            kinds = (dials["activation"], dials["residual"])
            ways = self.fixed[name].ways
            widths = (*dials["hidden"], self.form.width(name))
            new["layers"] = start_layers(z[0], widths, *kinds, rng, ways)
            stacked = jax.tree.map(lambda a: a[None], new["layers"])
            bend = ACTIVATIONS[dials["activation"]]
            raw = layers(stacked, z, bend, dials["residual"])
            raw = rectified(raw + own["inside"]) if "inside" in own else raw
            values[name] = own["level"] + own["unit"] * raw
            learned[name] = new
            kept = ("level", "unit", "inside", "middle", "spread")
            fixed["parts"][name] = {n: own[n] for n in kept if n in own}
        return learned, fixed


class _Inputs:
    """How the columns and arguments of one part are shown to its first layer."""

    def __init__(
        self,
        declared: PartOf,
        samples: Sequence[Sample],
        dials: Mapping[str, Any],
        seed: int,
        ways: Mapping[Input, int],
    ):
        features = samples[0].features
        self.columns = [
            j for j, f in enumerate(features) if f.column in declared.columns
        ]
        arguments = tuple(
            Feature(n, n, ARGUMENT, monotone=ways.get(k, 0))
            for k, n in enumerate(declared.names)
        )
        own = (_held(features[j], ways) for j in self.columns)
        self.features = (*own, *arguments)
        empty = [np.zeros((len(s.x), len(arguments))) for s in samples]
        xs = [
            np.concatenate([s.x[:, self.columns], e], axis=1)
            for s, e in zip(samples, empty, strict=True)
        ]
        self.inputs = fit_inputs(xs, self.features, dials, seed)
        codes = [j for j, f in enumerate(self.features) if f.role == "code"]
        counts = [self.features[j].levels for j in codes]
        self.levels = sum(counts)
        if codes:
            self.inputs["code"] = np.array(codes, np.int32)
            self.inputs["start"] = np.cumsum([0, *counts[:-1]]).astype(np.int32)
        self.ways = directions(self.features, self.inputs, dials, spare=0)

    def constants(self, owner: np.ndarray) -> dict[str, Any]:
        """Of each member; what does not differ has no member axis."""
        each = {n: a[owner] if a.ndim == 3 else a for n, a in self.inputs.items()}
        found = {"columns": np.array(self.columns, np.int32), "inputs": each}
        if self.ways is not None:
            found["ways"] = [way[None] for way in self.ways]
        return found


def _held(feature: Feature, ways: Mapping[Input, int]) -> Feature:
    """The feature with the direction that this part has with its column."""
    moves = feature.role in NUMBERS
    return replace(feature, monotone=ways.get(feature.column, 0) if moves else 0)


def _array(numbers: Any) -> np.ndarray:
    """(1, width)."""
    return np.asarray(numbers, np.float32).reshape(1, -1)


def _positive(level: np.ndarray, unit: np.ndarray) -> dict[str, np.ndarray]:
    """unit · rectified(raw + level / unit), near level + unit · raw where the level is
    some units."""
    unit = np.abs(unit)
    inside = np.maximum(level, unit) / unit
    return {"level": _array(0.0), "unit": _array(unit), "inside": _array(inside)}


def _standardised(
    declared: PartOf, values: Mapping[str, Any], x: np.ndarray
) -> dict[str, np.ndarray]:
    """Mean and deviation of each argument at the start."""
    if not declared.arguments:
        return {}
    told = [
        np.broadcast_to(value_of(a, values), (*x.shape[:2], 1))
        for a in declared.arguments
    ]
    z = np.concatenate(told, axis=2)[0]
    spread = z.std(axis=0, keepdims=True)
    return {
        "middle": z.mean(axis=0, keepdims=True).astype(np.float32),
        "spread": np.where(spread > TINY, spread, 1.0).astype(np.float32),
    }


# ── columns that are calculated with ──


def _center(form: Form, sample: Sample, column: str) -> dict[str, np.ndarray]:
    feature = sample.features[form.direct[form.structure.direct.index(column)]]
    scale = feature.scale if np.isfinite(feature.scale) else 0.0
    return {"center": _array(feature.center), "scale": _array(scale)}


def direct_values(form: Form, sample: Sample, x: np.ndarray) -> dict[str, Any]:
    """The columns that are calculated with, in their own units: (1, n, 1)."""
    found = {}
    for name, at in zip(form.structure.direct, form.direct, strict=True):
        own = _center(form, sample, name)
        found[name] = x[:, :, at : at + 1] * own["scale"] + own["center"]
    return found


# ── levels and units ──


def _levels_of_all(
    form: Form, sample: Sample
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The level and the unit of each part, (width,)."""
    each = [_levels(form, sample, k) for k in range(form.outputs)]
    level, unit = (
        {n: np.array([e[i][n] for e in each][: form.width(n)]) for n in each[0][i]}
        for i in range(2)
    )
    return level, unit


def _levels(
    form: Form, sample: Sample, k: int
) -> tuple[dict[str, float], dict[str, float]]:
    """For output k, the constants that, in place of the parts, come nearest to the
    target; and by how much each part must move for the whole to move by the target's
    spread."""
    structure = form.structure
    rows = np.flatnonzero(~sample.inner)[:START_ROWS]
    x = sample.x[None, rows]
    direct = direct_values(form, sample, x)
    inside = {n.name for p in structure.parts for n in _names(p)}
    outer = [n for n in structure.names if n not in inside or _in_body(structure, n)]
    y = _aim(form, sample, rows, k)
    spread = sample.scale

    def whole(c: np.ndarray) -> np.ndarray:
        constant = {
            n: np.full((1, len(rows), 1), v) for n, v in zip(outer, c, strict=True)
        }
        found = value_of(structure.body, {**direct, **constant})
        return np.broadcast_to(found, (1, len(rows), 1))[0, :, 0]

    def missed(c: np.ndarray) -> np.ndarray:
        return np.append((whole(c) - y) / spread, PULL * (c - 1))

    c = least_squares(missed, np.ones(len(outer)), max_nfev=200).x
    level, unit = (
        dict.fromkeys(structure.names, 0.0),
        dict.fromkeys(structure.names, 1.0),
    )
    for j, name in enumerate(outer):
        step = np.zeros(len(c))
        step[j] = 1e-4 * max(1.0, abs(c[j]))
        slope = (whole(c + step) - whole(c - step)) / (2 * step[j])
        moves = float(np.sqrt(np.mean(slope**2)))
        level[name] = float(c[j])
        known = moves * max(1.0, abs(c[j])) > FLAT * spread
        unit[name] = (
            spread / moves / len(outer) ** 0.5 if known else max(1.0, abs(c[j]))
        )
    return level, unit


def _names(declared: PartOf) -> list[Any]:
    return [n for a in declared.arguments for n in walk(a) if isinstance(n, Name)]


def _in_body(structure: Structure, name: str) -> bool:
    return Name(name) in set(walk(structure.body))


def _aim(form: Form, sample: Sample, rows: np.ndarray, k: int) -> np.ndarray:
    """The target in its units, or the log-odds of all rows, or the score of class k."""
    if not form.classes:
        return sample.y[rows] * sample.scale + sample.center
    if form.outputs > 1:
        counts = np.bincount(sample.y.astype(int), sample.w, form.classes)
        scores = np.log(np.maximum(counts / counts.sum(), 0.01))
        return np.full(len(rows), scores[k] - scores.mean())
    share = float(np.clip(np.average(sample.y, weights=sample.w), 0.01, 0.99))
    return np.full(len(rows), np.log(share / (1 - share)))
