"""What the function does along a column, and over a plane of two.

Partial dependence: the column is set to a value in every typical row, and the
predictions are averaged (Friedman 2001, https://doi.org/10.1214/aos/1013203451).
Where rows answer differently, the average hides it, so the spread of the single
curves is kept beside it (Goldstein et al. 2015, https://arxiv.org/abs/1309.6392).
With one column there is nothing to average: the curve is the function itself.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mapsto.portrait.seeing import Seen
from mapsto.threads import side_by_side

MOST_COLUMNS = 9
GRID, FINE_GRID = 20, 160
PLANE, FINE_PLANE = 18, 50
PLANE_ROWS = 10
MOST_LEVELS = 12
BINS = 24
SPREAD = (0.1, 0.9)  # of the rows' own curves, each moved to the average height
ENDS = (0.005, 0.995)  # the range of values that is drawn
NUMERIC = ("number", "date")


def effects(seen: Seen, order: Sequence[str]) -> list[dict[str, Any]]:
    """The curves of the columns that matter most, in that order; text and pictures
    have none."""
    drawn = [n for n in order if seen.column(n).width == 1]
    return side_by_side(lambda name: _effect(seen, name), drawn[:MOST_COLUMNS])


def _effect(seen: Seen, name: str) -> dict[str, Any]:
    column = seen.column(name)
    alone = len(seen.problem.columns) == 1
    values = seen.values(name)
    if column.kind in NUMERIC:
        grid = _grid(values, FINE_GRID if alone else GRID)
        labels: list[str] = []
        density = _histogram(values, grid[0], grid[-1])
    else:
        grid, labels, density = _levels(values, column.kind, column.levels)
    rows = seen.rows[:1] if alone else seen.rows
    curves = _along(seen, rows, name, grid)
    mean = curves.mean(axis=0)
    told = {
        "column": name,
        "kind": column.kind,
        "x": labels or grid,
        "y": mean.T,
        "density": density,
    }
    return told | _band(seen, curves[:, :, 0], mean[:, 0], alone)


def _along(seen: Seen, rows: np.ndarray, name: str, grid: np.ndarray) -> np.ndarray:
    """(rows, grid, shown): each row's answer with the column set to each value."""
    t = np.repeat(rows, len(grid), axis=0)
    t[:, seen.place(name)] = np.tile(grid, len(rows))[:, None]
    return seen(t).reshape(len(rows), len(grid), -1)


def _band(
    seen: Seen, curves: np.ndarray, mean: np.ndarray, alone: bool
) -> dict[str, Any]:
    """The interval of the only column; else where most rows' own curves run."""
    if alone and seen.outputs:
        return {"band": "none"}
    if alone:
        low, high = seen.interval(mean)
        return {"band": "interval", "low": low, "high": high}
    moved = curves - curves.mean(axis=1, keepdims=True) + mean.mean()
    low, high = np.quantile(moved, SPREAD, axis=0)
    if seen.outputs:
        low, high = low.clip(0, 1), high.clip(0, 1)
    return {"band": "rows", "low": low, "high": high}


def _grid(values: np.ndarray, points: int) -> np.ndarray:
    """Distinct values, all where there are few; between the ends of the data."""
    known = values[~np.isnan(values)]
    distinct = np.unique(known)
    if len(distinct) <= points:
        return distinct if len(distinct) else np.zeros(1)
    low, high = np.quantile(known, ENDS)
    if low == high:
        low, high = distinct[0], distinct[-1]
    return np.linspace(low, high, points)


def _histogram(values: np.ndarray, low: float, high: float) -> dict[str, Any]:
    known = values[~np.isnan(values)]
    if low == high:
        return {"edges": [low, high], "counts": [len(known)]}
    counts, edges = np.histogram(known[(known >= low) & (known <= high)], BINS)
    return {"edges": edges, "counts": counts}


def _levels(
    values: np.ndarray, kind: str, levels: Sequence[str]
) -> tuple[np.ndarray, list[str], dict[str, Any]]:
    """The most frequent levels; "" stands for a missing value."""
    names = ["no", "yes"] if kind == "boolean" else list(levels)
    counts = [int((values == k).sum()) for k in range(len(names))]
    missing = int(np.isnan(values).sum())
    most = np.argsort(-np.array(counts), kind="stable")[:MOST_LEVELS]
    kept = sorted(most.tolist()) if kind == "boolean" else most.tolist()
    grid, labels = [float(k) for k in kept], [names[k] for k in kept]
    number = [counts[k] for k in kept]
    if missing:
        grid, labels, number = [*grid, np.nan], [*labels, ""], [*number, missing]
    density = {"counts": number, "levels": len(names) + bool(missing)}
    return np.array(grid), labels, density


def pair_effect(seen: Seen, order: Sequence[str]) -> dict[str, Any] | None:
    """The function over the two numbers that matter most: z[row of y][column of x].

    Two classes: the probability of the second. More: the most probable class `k`
    and its probability.
    """
    numbers = [n for n in order if seen.column(n).kind == "number"]
    numbers = [n for n in numbers if len(np.unique(seen.values(n))) > 2][:2]
    if len(numbers) < 2:
        return None
    exact = len(seen.problem.columns) == 2
    if exact:
        numbers = [c.name for c in seen.problem.columns]
    size = FINE_PLANE if exact else PLANE
    x, y = (_plane_axis(seen.values(n), size, exact) for n in numbers)
    rows = seen.rows[:1] if exact else seen.rows[:PLANE_ROWS]
    t = np.repeat(rows, size * size, axis=0)
    across, up = np.meshgrid(x, y)
    for name, values in zip(numbers, (across, up), strict=True):
        t[:, seen.place(name)] = np.tile(values.ravel(), len(rows))[:, None]
    told = {"columns": numbers, "x": x, "y": y, "exact": exact}
    mean = seen.whole(t).reshape(len(rows), size * size, -1).mean(axis=0)
    if seen.problem.task.classes > 2:
        return told | {
            "k": mean.argmax(axis=1).reshape(size, size),
            "z": mean.max(axis=1).reshape(size, size),
        }
    return told | {"z": mean[:, -1].reshape(size, size)}


def _plane_axis(values: np.ndarray, size: int, exact: bool) -> np.ndarray:
    known = values[~np.isnan(values)]
    ends = (0.0, 1.0) if exact else ENDS
    low, high = np.quantile(known, ends)
    if low == high:
        low, high = known.min(), known.max()
    return np.linspace(low, high, size)
