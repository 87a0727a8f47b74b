"""What sets each group apart, in words and effect sizes; its typical and its doubtful
rows; and a map of the rows.

Pure functions of arrays. The effect of a number is Cohen's d, the difference of means
in spreads within; of a level, Cohen's h, the difference of angles 2 asin √share (Cohen
1988, Statistical power analysis for the behavioral sciences, sections 2.2 and 6.2).
Both are small at 0.2, medium at 0.5, large at 0.8.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mapsto.data.raw import word
from mapsto.data.table import Column, positions

LEAST_EFFECT = 0.5  # medium
MOST_EFFECTS = 6
MOST_DOUBT = 0.9  # a row is borderline only if its group is less sure
EXAMPLES = 3
MAP_ROWS = 1000
SAME = 0.9  # of what there is to know about a row's group, one column tells it
MOST_LEVELS = 20


Look = tuple[str, str, np.ndarray]
"""A column of pictures, what is looked at, and its number for each row."""


def effects(
    columns: Sequence[Column],
    t: np.ndarray,
    labels: np.ndarray,
    group: int,
    looks: Sequence[Look] = (),
) -> list[dict[str, Any]]:
    """The columns that set the group apart, the largest effect first; of pictures,
    how they look as a whole."""
    mine, place = labels == group, positions(columns)
    if mine.all():
        return []
    found: list[dict[str, Any]] = []
    for name, look, values in looks:
        found += [
            e | {"kind": "look", "look": look}
            for e in _of_number(Column(name, "number"), values, labels, mine)
        ]
    for column in columns:
        if column.kind.endswith("text") or column.kind == "picture":
            continue
        values = t[:, place[column.name].start]
        found += _of_gaps(column, values, mine)
        if column.kind == "category":
            found += _of_levels(column, values, mine)
        elif column.kind == "boolean":
            found += _of_share(column.name, "yes", values == 1, mine)
        else:
            found += _of_number(column, values, labels, mine)
    found.sort(key=lambda e: -abs(e["effect"]))
    return [e for e in found if abs(e["effect"]) >= LEAST_EFFECT][:MOST_EFFECTS]


def _of_number(
    column: Column, values: np.ndarray, labels: np.ndarray, mine: np.ndarray
) -> list[dict[str, Any]]:
    known = ~np.isnan(values)
    here, there = values[known & mine], values[known & ~mine]
    if len(here) < 2 or len(there) < 2:
        return []
    kept = values[known]
    means = np.bincount(labels[known], kept) / np.maximum(np.bincount(labels[known]), 1)
    within = float((kept - means[labels[known]]).std())
    within = max(within, 1e-6 * float(kept.std()), 1e-300)
    difference = float(here.mean() - there.mean())
    effect = float(np.clip(difference / within, -99, 99))
    return [
        {
            "column": column.name,
            "kind": column.kind,
            "here": float(here.mean()),
            "elsewhere": float(there.mean()),
            "effect": effect,
        }
    ]


def _of_levels(
    column: Column, codes: np.ndarray, mine: np.ndarray
) -> list[dict[str, Any]]:
    """The level whose share differs the most upwards, or else downwards."""
    told = [
        e
        for k, level in enumerate(column.levels)
        for e in _of_share(column.name, level, codes == k, mine)
    ]
    if not told:
        return []
    most = max(told, key=lambda e: e["effect"])
    if most["effect"] >= LEAST_EFFECT:
        return [most]
    return [max(told, key=lambda e: abs(e["effect"]))]


def _of_gaps(
    column: Column, values: np.ndarray, mine: np.ndarray
) -> list[dict[str, Any]]:
    gaps = np.isnan(values)
    return _of_share(column.name, "missing", gaps, mine) if gaps.any() else []


def _of_share(
    name: str, level: str, yes: np.ndarray, mine: np.ndarray
) -> list[dict[str, Any]]:
    here, there = float(yes[mine].mean()), float(yes[~mine].mean())
    effect = 2 * np.arcsin(here**0.5) - 2 * np.arcsin(there**0.5)
    told = {"column": name, "kind": "share", "level": level}
    return [told | {"here": here, "elsewhere": there, "effect": float(effect)}]


def told_by_one_column(
    columns: Sequence[Column], t: np.ndarray, labels: np.ndarray
) -> tuple[str, float] | None:
    """The column whose few values are the groups, and how much of them it tells.

    1 - H(group | value) / H(group), with gaps as a value of their own.
    """
    place = positions(columns)
    best: tuple[str, float] | None = None
    for column in columns:
        if column.kind.endswith("text") or column.kind == "picture":
            continue
        values = np.nan_to_num(t[:, place[column.name].start], nan=-9e99)
        different, code = np.unique(values, return_inverse=True)
        if not 2 <= len(different) <= MOST_LEVELS:
            continue
        known = _told(code, labels)
        if known >= SAME and (best is None or known > best[1]):
            best = (column.name, known)
    return best


def _told(code: np.ndarray, labels: np.ndarray) -> float:
    table = np.zeros((code.max() + 1, labels.max() + 1))
    np.add.at(table, (code, labels), 1)
    table /= table.sum()
    return 1 - _entropy_within(table) / max(_entropy(table.sum(axis=0)), 1e-12)


def _entropy(p: np.ndarray) -> float:
    p = p[p > 0]
    return float(-(p * np.log(p)).sum())


def _entropy_within(table: np.ndarray) -> float:
    return _entropy(table.ravel()) - _entropy(table.sum(axis=1))


def typical_rows(x: np.ndarray, p: np.ndarray, group: int) -> np.ndarray:
    """The rows nearest to the group's middle, weighted by its probability."""
    weight = p[:, group] + 1e-12
    middle = (weight[:, None] * x).sum(axis=0) / weight.sum()
    mine = np.flatnonzero(p.argmax(axis=1) == group)
    far = ((x[mine] - middle) ** 2).sum(axis=1)
    return mine[np.argsort(far, kind="stable")[:EXAMPLES]]


def borderline_rows(p: np.ndarray, group: int) -> np.ndarray:
    """The rows of the group that are the least sure of it, the most doubtful first."""
    mine = np.flatnonzero(p.argmax(axis=1) == group)
    sure = p[mine, group]
    order = np.argsort(sure, kind="stable")[:EXAMPLES]
    return mine[order][sure[order] < MOST_DOUBT]


def row_values(raw: Any, row: int, names: Sequence[str]) -> dict[str, str]:
    """The row's own values in these columns, as text; gaps are left out."""
    told = {name: raw.columns[name][row : row + 1].tolist()[0] for name in names}
    words = {name: word(value) for name, value in told.items()}
    return {name: w for name, w in words.items() if w is not None}


def plane(x: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Each row's place on the plane that parts the groups the most: (n, 2).

    The leading directions of the spread between the groups, as seen from the spread
    within (Fisher 1936, https://doi.org/10.1111/j.1469-1809.1936.tb02137.x), filled
    up with those of the spread of all rows.
    """
    centred = x - x.mean(axis=0)
    groups = np.unique(labels)
    means = np.array([centred[labels == g].mean(axis=0) for g in groups])
    rest = centred - means[np.searchsorted(groups, labels)]
    within = rest.T @ rest / len(x)
    within += (0.1 * np.trace(within) / len(within) + 1e-9) * np.eye(len(within))
    root = np.linalg.cholesky(within)
    white = np.linalg.solve(root, centred.T).T
    middles = np.array([white[labels == g].mean(axis=0) for g in groups])
    size = np.array([(labels == g).sum() for g in groups]) ** 0.5
    between = np.linalg.svd(middles * size[:, None], full_matrices=False)[2]
    axes = between[: min(2, len(groups) - 1)]
    left = white - white @ axes.T @ axes
    spread = np.linalg.svd(left, full_matrices=False)[2][:2]
    axes = np.concatenate([axes, spread])[:2]
    signs = np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])
    told = white @ (axes * signs[:, None]).T
    return np.column_stack([told, np.zeros((len(x), 2 - told.shape[1]))])
