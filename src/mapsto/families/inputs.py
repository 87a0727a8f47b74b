"""What the first layer of a network sees of the encoded features.

raw        z = x
quantile   z = clip((x - left) / width, 0, 1) for each interval between neighbouring
           quantiles: a number becomes a vector in which every straight piece of a
           piecewise-linear curve has an entry of its own (PLE, Gorishniy et al. 2022,
           https://arxiv.org/abs/2203.05556)
periodic   z = cos(2π f x + φ), x; random f and φ, several for each number (random
           Fourier features, Rahimi & Recht 2007); of a monotone number x alone
spline     z = B(t - j), t rising with x from 0 to the number of segments: a smooth
           bump over each four segments, of which sums make smooth curves (cubic
           B-splines on even knots, Eilers & Marx 1996,
           https://doi.org/10.1214/ss/1038425655); of a monotone number the sums of the
           bumps from j on, smooth steps that rise (I-splines, Ramsay 1988,
           https://doi.org/10.1214/ss/1177012761)

Only numbers are expanded; indicators and levels stay as they are. Features with the
role "code" are left out: they are looked up in a table of learned vectors.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mapsto.data.encoding import Feature

KINDS = ("raw", "quantile", "periodic")
SPLINE = "spline"  # for the parts of a composition
NUMBERS = ("number", "mean", "elapsed")
ARGUMENT = "argument"  # the role of a number that is another function's value
REACH = 3.0  # within which numbers are squashed before even knots are laid
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
    if kind == SPLINE and "bend" in inputs:
        return xp.concat([bumps(inputs, x), z], axis=2)
    return z


def bumps(inputs: Any, x: Any) -> Any:
    """x: (members, n, d) -> B(t - j), (members, n, numbers · bumps).

    B(u) = ((2 - |u|)₊³ - 4 (1 - |u|)₊³) / 6
    """
    xp = x.__array_namespace__()
    v = (xp.take(x, inputs["bend"], axis=2) - inputs["middle"]) * inputs["per"]
    v = v / xp.sqrt(1.0 + (v / REACH) ** 2)
    t = xp.maximum((v - inputs["low"]) * inputs["pace"], 0.0)
    t = xp.minimum(t, inputs["knots"][-1] - 1.0)
    u = xp.abs(t[:, :, :, None] - inputs["knots"])
    near, far = xp.maximum(1.0 - u, 0.0), xp.maximum(2.0 - u, 0.0)
    b = (far**3 - 4.0 * near**3) / 6.0
    b = xp.reshape(b, (*b.shape[:2], b.shape[2] * b.shape[3]))
    return b @ inputs["summed"] if "summed" in inputs else b


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
    if dials["inputs"] == SPLINE:
        return _spline(xs, features, plain, dials["bins"])
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


def _spline(
    xs: Sequence[np.ndarray],
    features: Sequence[Feature],
    plain: Sequence[int],
    segments: int,
) -> Arrays:
    """Numbers of more than two values are bent, the others left as they are."""
    bent = [
        j
        for j in plain
        if features[j].role == ARGUMENT
        or (features[j].role in NUMBERS and len(np.unique(xs[0][:, j])) > 2)
    ]
    others = [j for j in plain if j not in bent]
    found: Arrays = {"column": np.array(others, np.int32)}
    if bent:
        axes = np.array(
            [[_axis(x[:, j], features[j].role, segments) for j in bent] for x in xs]
        )
        for k, name in enumerate(("middle", "per", "low", "pace")):
            found[name] = _float(axes[:, None, :, k])
        found["bend"] = np.array(bent, np.int32)
        found["knots"] = _float(np.arange(-1, segments + 2))
        ways = [features[j].monotone for j in bent]
        if any(ways):
            found["summed"] = _float(_summed(ways, len(found["knots"])))
    return found


def _summed(ways: Sequence[int], bumps: int) -> np.ndarray:
    """What makes steps of the bumps of monotone numbers, and leaves the others:
    (numbers · bumps, numbers · bumps), a block for each number."""
    steps, same = np.tril(np.ones((bumps, bumps))), np.eye(bumps)
    whole = np.zeros((len(ways), bumps, len(ways), bumps))
    for k, way in enumerate(ways):
        whole[k, :, k] = steps if way else same
    return whole.reshape(len(ways) * bumps, len(ways) * bumps)


def _axis(x: np.ndarray, role: str, segments: int) -> tuple[float, ...]:
    """Where the knots of a number lie: v = squash((x - middle) · per), and
    t = (v - low) · pace from 0 to the number of segments."""
    if role == ARGUMENT:
        return 0.0, 1.0, -REACH, segments / (2 * REACH)
    low, middle, high = np.quantile(x, [0.25, 0.5, 0.75])
    per = 1 / (high - low if high > low else max(np.ptp(x) / 2, 1e-12))
    ends = (np.array([x.min(), x.max()]) - middle) * per
    ends = ends / np.sqrt(1.0 + (ends / REACH) ** 2)
    return middle, per, ends[0], segments / max(ends[1] - ends[0], 1e-12)


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
