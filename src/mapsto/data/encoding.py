"""From the typed matrix T to the features x that a family sees.

`fit_encoding` learns the encoders of one training set; the `Encoding` it returns is
a pure function of T in the array-API style: it runs on NumPy, and JAX traces it
into the graph. Every encoder is a block: it reads some columns of T and gives some
columns of x.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mapsto.data.features import Block, Feature
from mapsto.data.picture_encoding import PICTURES, told_features
from mapsto.data.table import Column, positions

__all__ = ["Block", "Encoding", "Feature", "Plan", "fit_encoding"]

SECOND = 1e6  # T holds microseconds
DAY = 86_400 * SECOND
PERIODS = {"day": DAY, "week": 7 * DAY, "year": 365.2425 * DAY}
TEXT_DIMENSIONS = 24
POOLED_LEVELS = 48
MEAN_FOLDS = 5


@dataclass(frozen=True)
class Plan:
    """Which encoders a family wants.

    `clip`: scale by quantiles and squash smoothly into (-3, 3). `one_hot`:
    categories of up to this many levels become one column per level. `many`: what
    becomes of larger ones: "mean" (smoothed out-of-fold target means), "code" (an
    index for an embedding), or "one-hot" all the same (rare levels pooled).
    `pictures`: what is seen of them: "areas" (the mean colour of each part),
    "patches" (what patterns are where), "pixels", or "" for nothing; what a backbone
    tells of them is seen by all.
    """

    clip: bool = False
    one_hot: int = 16
    many: str = "mean"
    pictures: str = ""


@dataclass(frozen=True, eq=False)
class Encoding:
    """The fitted encoders of one training set: a function from T to x."""

    blocks: tuple[Block, ...]

    @property
    def features(self) -> tuple[Feature, ...]:
        return tuple(f for block in self.blocks for f in block.features)

    def __call__(self, t: Any) -> Any:
        """t: (n, width of T) -> x: (n, len(features))."""
        xp = t.__array_namespace__()
        columns = [block.function(block.state, t) for block in self.blocks]
        return columns[0] if len(columns) == 1 else xp.concat(columns, axis=1)


def fit_encoding(
    columns: Sequence[Column],
    t: np.ndarray,
    y: np.ndarray,
    w: np.ndarray,
    plan: Plan,
    seed: int,
) -> tuple[Encoding, np.ndarray]:
    """Learn the encoders of `plan` on one training set.

    t: (n, width of T); y: (n,) or (n, classes) numbers whose level means are taken;
    w: (n,) weights. Returns the encoding and x for these very rows, in which target
    means are out-of-fold, so that no row has seen its own target.
    """
    place = positions(columns)
    start = {c.name: place[c.name].start for c in columns}
    few = [c for c in columns if c.kind == "category" and _is_one_hot(c, plan)]
    large = [c for c in columns if c.kind == "category" and not _is_one_hot(c, plan)]
    blocks = [
        _numbers(
            [c for c in columns if c.kind in ("number", "boolean")], t, start, plan
        ),
        _missing([c for c in columns if c.has_missing and c.width == 1], start),
        *[_dates(c, t, start[c.name]) for c in columns if c.kind == "date"],
        _levels(few, t, start),
        *[_text(c, t, place[c.name]) for c in columns if c.kind.endswith("text")],
    ]
    for column in (c for c in columns if c.kind == "picture"):
        at = place[column.name]
        if column.seen_through:
            blocks.append(told_features(column, t[:, at], at, seed))
        elif plan.pictures:
            blocks.append(PICTURES[plan.pictures](column, t[:, at], at, seed))
    if plan.many == "code":
        blocks.append(_codes(large, start))
    elif plan.many == "mean":
        blocks.extend(_means(c, t, y, w, start[c.name]) for c in large)
    encoding = Encoding(tuple(b for b in blocks if b is not None and b.features))
    x = encoding(t)
    if plan.many == "mean" and large:
        x = _with_crossfitted_means(encoding, x, t, y, w, seed)
    return encoding, x


def _is_one_hot(column: Column, plan: Plan) -> bool:
    return len(column.levels) <= plan.one_hot or plan.many == "one-hot"


# ── numbers ──


def _numbers(
    columns: list[Column], t: np.ndarray, start: dict[str, int], plan: Plan
) -> Block | None:
    if not columns:
        return None
    index = np.array([start[c.name] for c in columns])
    values = t[:, index]
    known = ~np.isnan(values)
    some = known.any(axis=0)
    values = np.where(some, values, 0.0)
    fill = np.nanmedian(values, axis=0)
    filled = np.where(np.isnan(values), fill, values)
    center, scale = _robust(filled) if plan.clip else _standard(filled)
    features = tuple(
        Feature(c.name, c.name, "number", float(m), float(s), monotone=c.monotone)
        for c, m, s in zip(columns, center, scale, strict=True)
    )
    state = {"index": index, "fill": fill, "center": center, "scale": scale}
    return Block(clipped_numbers if plan.clip else scaled_numbers, state, features)


def _standard(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    scale = values.std(axis=0)
    # A column that is constant here is rounding noise around its mean: leave it at 0.
    flat = scale <= 1e-12 * np.maximum(np.abs(values).max(axis=0), 1e-300)
    return values.mean(axis=0), np.where(flat, np.inf, scale)


def _robust(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Median and interquartile range, with fallbacks for columns of few values.

    Holzmüller, Grinsztajn & Steinwart 2024, https://arxiv.org/abs/2407.04491
    """
    low, middle, high = np.quantile(values, [0.25, 0.5, 0.75], axis=0)
    reach = (values.max(axis=0) - values.min(axis=0)) / 2
    scale = np.where(high > low, high - low, reach)
    return middle, np.where(scale > 0, scale, np.inf)


def scaled_numbers(state: Any, t: Any) -> Any:
    """(v - center) / scale, missing values filled with the median."""
    xp = t.__array_namespace__()
    v = xp.take(t, xp.asarray(state["index"]), axis=1)
    v = xp.where(xp.isnan(v), state["fill"], v)
    return (v - state["center"]) * (1.0 / state["scale"])


def clipped_numbers(state: Any, t: Any) -> Any:
    """z / sqrt(1 + (z/3)²) with z = (v - center) / scale: a smooth clip to (-3, 3).

    Holzmüller, Grinsztajn & Steinwart 2024, https://arxiv.org/abs/2407.04491
    """
    xp = t.__array_namespace__()
    z = scaled_numbers(state, t)
    return z / xp.sqrt(1.0 + (z / 3.0) ** 2)


# ── missing values ──


def _missing(columns: list[Column], start: dict[str, int]) -> Block | None:
    if not columns:
        return None
    features = tuple(
        Feature(f"{c.name} is missing", c.name, "missing") for c in columns
    )
    state = {"index": np.array([start[c.name] for c in columns])}
    return Block(missing_indicators, state, features)


def missing_indicators(state: Any, t: Any) -> Any:
    """1 where the value is missing, else 0."""
    xp = t.__array_namespace__()
    return xp.astype(
        xp.isnan(xp.take(t, xp.asarray(state["index"]), axis=1)), xp.float64
    )


# ── dates ──


def _dates(column: Column, t: np.ndarray, at: int) -> Block:
    values = t[:, at]
    known = values[~np.isnan(values)]
    if len(known) == 0:
        known = np.zeros(1)
    fill = float(np.median(known))
    span = max(float(known.max() - known.min()), DAY)
    has_time = bool((known % DAY != 0).any())
    names = [n for n in PERIODS if (n != "day" or has_time) and span > PERIODS[n] / 2]
    names = [] if column.monotone else names
    way = column.monotone
    features = [
        Feature(column.name, column.name, "elapsed", fill, span / 2, monotone=way)
    ]
    for name in names:
        features += [
            Feature(f"{column.name}: {wave} of the {name}", column.name, "cycle")
            for wave in ("cosine", "sine")
        ]
    state = {
        "at": np.array(at),
        "center": np.array(fill),
        "scale": np.array(span / 2),
        "periods": np.array([PERIODS[n] for n in names]),
    }
    return Block(date_parts, state, tuple(features))


def date_parts(state: Any, t: Any) -> Any:
    """Elapsed time, then cos and sin of 2π t/period for each period."""
    xp = t.__array_namespace__()
    v = t[:, int(state["at"])]
    v = xp.where(xp.isnan(v), state["center"], v)
    parts = [(v - state["center"]) / state["scale"]]
    for period in state["periods"]:
        angle = 2 * np.pi * (v / period - xp.floor(v / period))
        parts += [xp.cos(angle), xp.sin(angle)]
    return xp.stack(parts, axis=1)


# ── categories ──


def _levels(
    columns: list[Column], t: np.ndarray, start: dict[str, int]
) -> Block | None:
    index, value, features = [], [], []
    for column in columns:
        for code in _kept_levels(column, t[:, start[column.name]]):
            index.append(start[column.name])
            value.append(float(code))
            name = f"{column.name} = {column.levels[code]}"
            features.append(Feature(name, column.name, "level"))
    if not features:
        return None
    state = {"index": np.array(index), "value": np.array(value)}
    return Block(level_indicators, state, tuple(features))


def _kept_levels(column: Column, codes: np.ndarray) -> list[int]:
    """All levels; one of two; of very many, the most frequent (the rest is pooled)."""
    levels = len(column.levels)
    if levels == 2 and not column.has_missing:
        return [1]
    if levels <= POOLED_LEVELS:
        return list(range(levels))
    counts = np.bincount(codes[codes >= 0].astype(int), minlength=levels)
    return sorted(np.argsort(-counts, kind="stable")[:POOLED_LEVELS].tolist())


def level_indicators(state: Any, t: Any) -> Any:
    """1 where the row has the level, else 0 (also for missing and unseen)."""
    xp = t.__array_namespace__()
    codes = xp.take(t, xp.asarray(state["index"]), axis=1)
    return xp.astype(codes == state["value"], xp.float64)


def _codes(columns: list[Column], start: dict[str, int]) -> Block | None:
    if not columns:
        return None
    features = tuple(
        Feature(c.name, c.name, "code", levels=len(c.levels) + 1) for c in columns
    )
    return Block(
        level_indices,
        {"index": np.array([start[c.name] for c in columns])},
        features,
    )


def level_indices(state: Any, t: Any) -> Any:
    """1 + index of the level; 0 for missing and unseen."""
    xp = t.__array_namespace__()
    codes = xp.take(t, xp.asarray(state["index"]), axis=1)
    return xp.where(xp.isnan(codes), 0.0, codes + 1.0)


# ── target means ──


def _means(
    column: Column, t: np.ndarray, y: np.ndarray, w: np.ndarray, at: int
) -> Block:
    y = y.reshape(len(y), -1)
    table = level_means(t[:, at], len(column.levels), y, w)
    center, scale = table.mean(axis=0), table.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    many = [""] if y.shape[1] == 1 else [f" of class {k}" for k in range(y.shape[1])]
    features = tuple(
        Feature(f"{column.name} (target mean{m})", column.name, "mean", c, s)
        for m, c, s in zip(many, center.tolist(), scale.tolist(), strict=True)
    )
    state = {"at": np.array(at), "table": table, "center": center, "scale": scale}
    return Block(looked_up_means, state, features)


def level_means(
    codes: np.ndarray, levels: int, y: np.ndarray, w: np.ndarray
) -> np.ndarray:
    """Smoothed weighted mean of y per level: (levels + 2, outputs).

    Row 0 is for unseen levels (the overall mean), the last row for missing values.
    mean_l = (Σ w y + m·mean) / (Σ w + m), with m = within / between variance
    (empirical Bayes; Micci-Barreca 2001, https://doi.org/10.1145/507533.507538).
    """
    slot = np.where(np.isnan(codes), levels + 1, codes + 1).astype(int)
    weight = np.bincount(slot, w, levels + 2)[:, None]
    total = np.stack([np.bincount(slot, w * k, levels + 2) for k in y.T], axis=1)
    prior = np.average(y, axis=0, weights=w)
    raw = np.where(weight > 0, total / np.maximum(weight, 1e-12), prior)
    within = np.average((y - raw[slot]) ** 2, axis=0, weights=w)
    between = np.average((raw[slot] - prior) ** 2, axis=0, weights=w)
    m = np.clip(within / np.maximum(between, 1e-12), 1.0, 100.0)
    return (total + m * prior) / (weight + m)


def looked_up_means(state: Any, t: Any) -> Any:
    """The table's row for each level, standardised."""
    xp = t.__array_namespace__()
    codes = t[:, int(state["at"])]
    last = state["table"].shape[0] - 1
    slot = xp.astype(xp.where(xp.isnan(codes), float(last), codes + 1.0), xp.int64)
    table = (state["table"] - state["center"]) / state["scale"]
    return xp.take(xp.asarray(table), slot, axis=0)


def _with_crossfitted_means(
    encoding: Encoding,
    x: np.ndarray,
    t: np.ndarray,
    y: np.ndarray,
    w: np.ndarray,
    seed: int,
) -> np.ndarray:
    """x with each row's target means computed from the other folds' rows."""
    x, y = x.copy(), y.reshape(len(y), -1)
    part = np.random.default_rng(seed).permutation(len(x)) % MEAN_FOLDS
    start = 0
    for block in encoding.blocks:
        stop = start + len(block.features)
        if block.function is looked_up_means:
            codes, levels = t[:, int(block.state["at"])], len(block.state["table"]) - 2
            for k in range(MEAN_FOLDS):
                rest, rows = part != k, part == k
                table = level_means(codes[rest], levels, y[rest], w[rest])
                state = {**block.state, "table": table}
                x[rows, start:stop] = looked_up_means(state, t[rows])
        start = stop
    return x


# ── text ──


def _text(column: Column, t: np.ndarray, place: slice) -> Block:
    """The n-gram vector, projected on its leading principal directions.

    Latent semantic analysis: Deerwester et al. 1990,
    https://doi.org/10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9
    """
    vectors = t[:, place]
    values, directions = np.linalg.eigh(vectors.T @ vectors)
    keep = [i for i in np.argsort(-values) if values[i] > 1e-8 * values[-1]]
    basis = directions[:, keep[:TEXT_DIMENSIONS]]
    signs = np.where(
        basis[np.abs(basis).argmax(axis=0), range(basis.shape[1])] < 0, -1, 1
    )
    scores = vectors @ (basis * signs)
    state = {
        "at": np.array([place.start, place.stop]),
        "basis": basis * signs,
        "center": scores.mean(axis=0),
        "scale": np.maximum(scores.std(axis=0), 1e-12),
    }
    features = tuple(
        Feature(f"{column.name} (direction {k + 1})", column.name, "text")
        for k in range(basis.shape[1])
    )
    return Block(text_directions, state, features)


def text_directions(state: Any, t: Any) -> Any:
    """(vector @ basis - center) / scale."""
    start, stop = state["at"].tolist()
    return (t[:, start:stop] @ state["basis"] - state["center"]) / state["scale"]
