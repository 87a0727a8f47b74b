"""Inputs that several summands share give their main effect to the first part named.

f(x, z) + g(x, v) does not tell what of the effect of x alone is f's and what is g's.
The main effect of x in g is its mean over the rows' other inputs,

    m(x) = mean over rows i of g(x, vᵢ)

(the partial dependence, Friedman 2001, https://doi.org/10.1214/aos/1013203451). A
smooth curve through it, or one number for each level, is taken from g and given to f:
what is left of g is pure interaction, as in the functional analysis of variance.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from mapsto.families.composition_form import MOVED
from mapsto.families.family import Sample
from mapsto.families.inputs import expanded, fit_inputs
from mapsto.families.structure import Structure, bare_summands
from mapsto.families.structure_terms import summed

SEGMENTS = 12
RIDGE = 1e-8  # of the mean diagonal: bumps sum to one, so that one is redundant
POINTS, MOST_LEVELS = 48, 1000  # of a column, at which its main effect is computed
EVALUATED = 16_384  # evaluations for one main effect
FEWEST = 32  # rows whose other inputs are averaged over

Piece = dict[str, Any]
Evaluate = Callable[[np.ndarray], Mapping[str, np.ndarray]]


def shared(structure: Structure) -> list[tuple[str, str, tuple[str, ...]]]:
    """(first, later, columns): summands, and the columns that the later of them shares
    with an earlier one, each with the first that has it."""
    summands = [structure.part(n) for n in bare_summands(structure)]
    found = []
    for k, later in enumerate(summands):
        left = set(later.columns)
        for first in summands[:k]:
            both = tuple(c for c in later.columns if c in left and c in first.columns)
            left -= set(both)
            if both:
                found.append((first.name, later.name, both))
    return found


def moved(
    structure: Structure, evaluate: Evaluate, sample: Sample, dtype: Any
) -> dict[str, list[Piece]]:
    """Of each part, the main effects that it gives away (with a minus) or is given.

    evaluate: rows x (n, d) -> the value of each part, (n, width).
    """
    pieces: dict[str, list[Piece]] = {}
    weight = _weights(structure)
    for first, later, columns in shared(structure):
        for column in columns:
            effect = Effect(column, sample)
            beta = effect.of(partial(_one, evaluate, later))
            ratio = weight[later] / weight[first]
            pieces.setdefault(later, []).append(effect.piece(-beta, dtype))
            pieces.setdefault(first, []).append(effect.piece(ratio * beta, dtype))
    return pieces


def _one(evaluate: Evaluate, name: str, x: np.ndarray) -> np.ndarray:
    return evaluate(x)[name]


def _weights(structure: Structure) -> dict[str, float]:
    """The numbers before the summands."""
    named = [(getattr(t, "name", ""), c) for c, t in summed(structure.body)]
    return {n: c for n, c in named if n in structure.names}


class Effect:
    """The main effect of one column: as numbers, and as a part writes it."""

    def __init__(self, column: str, sample: Sample):
        pairs = [(j, f) for j, f in enumerate(sample.features) if f.column == column]
        self.sample, self.columns = sample, [j for j, _ in pairs]
        features = tuple(f for _, f in pairs)
        x = sample.x[:, self.columns]
        self.inputs = fit_inputs([x], features, {"inputs": MOVED, "bins": SEGMENTS}, 0)
        self.codes = [j for j, f in enumerate(features) if f.role == "code"]
        self.levels = sum(features[j].levels for j in self.codes)
        if self.codes:
            self.inputs["code"] = np.array(self.codes, np.int32)
            self.inputs["start"] = np.zeros(1, np.int32)

    def of(self, value: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """The coefficients of the curve through m, (design, width).
        value: x (n, d) -> (n, width)."""
        points = self._points()
        many = max(FEWEST, EVALUATED // len(points))
        every = np.arange(len(self.sample.x))
        rows = every[:: -(-len(every) // many)]
        x = np.repeat(self.sample.x[None, rows], len(points), axis=0)
        x[:, :, self.columns] = points[:, None, :]
        told = value(x.reshape(-1, x.shape[2])).reshape(len(points), len(rows), -1)
        m = np.average(told, axis=1, weights=self.sample.w[rows])
        z = self._design(points)
        gram, right = z.T @ z, z.T @ (m - m.mean(axis=0))
        gram[np.diag_indices_from(gram)] += RIDGE * np.trace(gram) / len(gram)
        return np.linalg.solve(gram, right)

    def _points(self) -> np.ndarray:
        """Values of the column's features: of some rows, spread over its range."""
        distinct = np.unique(self.sample.x[:, self.columns], axis=0)
        most = MOST_LEVELS if self.codes else POINTS
        take = np.linspace(0, len(distinct) - 1, min(most, len(distinct)))
        return distinct[take.round().astype(int)]

    def _design(self, x: np.ndarray) -> np.ndarray:
        z = expanded(self.inputs, x[None].astype(np.float32), MOVED)[0]
        if self.codes:
            z = np.concatenate([np.eye(self.levels)[x[:, 0].astype(int)], z], axis=1)
        return np.asarray(z, float)

    def piece(self, beta: np.ndarray, dtype: Any) -> Piece:
        """The curve, as a part of a composition writes it."""
        w = np.asarray(beta, dtype)
        width = w.shape[1]
        found: Piece = {
            "columns": np.array(self.columns, np.int32),
            "inputs": self.inputs,
        }
        if self.codes:
            found["embedding"] = w[None, : self.levels]
            w = np.concatenate([np.eye(width, dtype=dtype), w[self.levels :]])
        bias = np.zeros((1, 1, width), dtype)
        return found | {"layers": [{"w": w[None], "b": bias}]}
