"""What the first layer of a network sees of the encoded features.

raw        z = x
quantile   z = clip((x - left) / width, 0, 1) for each interval between neighbouring
           quantiles: a number becomes a vector in which every straight piece of a
           piecewise-linear curve has an entry of its own (PLE, Gorishniy et al. 2022,
           https://arxiv.org/abs/2203.05556)
periodic   z = cos(2π f x + φ), x; random f and φ, several for each number (random
           Fourier features, Rahimi & Recht 2007); of a monotone number x alone

Only numbers are expanded; indicators and levels stay as they are. Features with the
role "code" are left out: they are looked up in a table of learned vectors.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mapsto.data.encoding import Feature

KINDS = ("raw", "quantile", "periodic")
NUMBERS = ("number", "mean", "elapsed")
NARROWEST = 1e-3  # of a feature's range: narrower intervals would amplify rounding
BIN_ROWS = 12  # fewest rows between two edges, but for values that many rows share
BEYOND = 1e30  # a bound that bounds nothing

Arrays = dict[str, np.ndarray]


def expanded(inputs: Any, x: Any, kind: str) -> Any:
    """x: (members, n, d) -> z: (members, n, width)."""
    xp = x.__array_namespace__()
    z = xp.take(x, inputs["column"], axis=2)
    if kind == "quantile":
        piece = (z - inputs["left"]) * inputs["slope"]
        return xp.minimum(xp.maximum(piece, inputs["low"]), inputs["high"])
    if kind == "periodic":
        wave = xp.take(x, inputs["wave"], axis=2) * inputs["frequency"]
        return xp.concat([xp.cos(wave + inputs["phase"]), z], axis=2)
    return z


def fit_inputs(
    xs: Sequence[np.ndarray],
    features: Sequence[Feature],
    dials: Mapping[str, Any],
    seed: int,
) -> Arrays:
    """Learn the expansion on each sample's rows; all samples get the same width.

    xs: one (n, d) per sample. dials: "inputs", "bins", "frequencies", "spread".
    Returns float32 arrays (samples, 1, width) and the columns of x (width,) that
    they read.
    """
    plain = [j for j, f in enumerate(features) if f.role != "code"]
    if dials["inputs"] == "quantile":
        return _quantile(xs, features, plain, dials["bins"])
    found: Arrays = {"column": np.array(plain, np.int32)}
    if dials["inputs"] == "periodic":
        numbers = [
            j for j in plain if features[j].role in NUMBERS and not features[j].monotone
        ]
        rng = np.random.default_rng([seed, 2])
        waves = np.repeat(np.array(numbers, np.int32), dials["frequencies"])
        shape = (len(xs), 1, len(waves))
        normal = rng.standard_normal(shape)
        found["wave"] = waves
        found["frequency"] = _float(2 * math.pi * dials["spread"] * normal)
        found["phase"] = _float(rng.uniform(-math.pi, math.pi, shape))
    return found


def _quantile(
    xs: Sequence[np.ndarray],
    features: Sequence[Feature],
    plain: Sequence[int],
    bins: int,
) -> Arrays:
    blocks, columns = [], []
    for j in plain:
        cut = bins if features[j].role in NUMBERS else 1
        edges = [_edges(x[:, j], cut) for x in xs]
        most = max(len(e) for e in edges) - 1
        blocks.append(np.stack([_pieces(e, max(most, 1)) for e in edges]))
        columns += [j] * max(most, 1)
    pieces = np.concatenate(blocks, axis=2)[:, :, None, :]
    left, slope, low, high = (_float(pieces[:, k]) for k in range(4))
    found = {"left": left, "slope": slope, "low": low, "high": high}
    return {"column": np.array(columns, np.int32)} | found


def _edges(x: np.ndarray, bins: int) -> np.ndarray:
    """The distinct quantiles of x, no nearer to each other than NARROWEST.

    A value that alone holds more than an interval's share of the rows (the zeros of
    a sum that is mostly zero) is an edge of its own, and the others share the
    remaining intervals, each of at least BIN_ROWS rows.
    """
    values, counts = np.unique(x, return_counts=True)
    heavy = counts >= len(x) / bins
    rest = np.repeat(values[~heavy], counts[~heavy])
    pieces = min(bins - int(heavy.sum()), len(rest) // BIN_ROWS)
    cuts = np.quantile(rest, np.linspace(0, 1, pieces + 1)) if pieces > 0 else rest[:0]
    edges = np.unique(np.concatenate([values[[0, -1]], values[heavy], cuts]))
    least = NARROWEST * (edges[-1] - edges[0])
    kept = [edges[0]]
    for edge in edges[1:]:
        if edge - kept[-1] >= least > 0:
            kept.append(edge)
    return np.array(kept)


def _pieces(edges: np.ndarray, most: int) -> np.ndarray:
    """left, slope, low, high of each interval, (4, most); dead ones give 0.

    A feature with one interval only is left as it is.
    """
    pieces = np.zeros((4, most))
    if len(edges) <= 2:
        pieces[1:, 0] = 1.0, -BEYOND, BEYOND
        return pieces
    used = len(edges) - 1
    pieces[0, :used] = edges[:-1]
    pieces[1, :used] = 1 / np.diff(edges)
    pieces[3, :used] = 1.0
    return pieces


def _float(a: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(a, np.float32)
