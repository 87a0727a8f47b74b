"""What the function gets wrong on rows it had not seen."""

from typing import Any

import numpy as np

from mapsto.honesty import conformal
from mapsto.portrait.seeing import COVERAGE
from mapsto.selection.crossval import Candidate
from mapsto.selection.problem import Problem

BINS = 31
ASKED = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
GROUPS = 5
RELIABILITY_BINS, ROWS_PER_BIN = 10, 20
TREND_BINS, ROWS_PER_TREND = 12, 8
MOST_CLASSES = 30
EXTREMES = 5
Z = 1.645  # 90 % of a normal distribution


def target_counts(problem: Problem) -> dict[str, Any]:
    """A histogram of the target, or the rows of each class."""
    if problem.task.classes:
        classes = np.arange(problem.task.classes)
        return {"counts": (problem.y[:, None] == classes).sum(axis=0)}
    counts, edges = np.histogram(problem.y, BINS)
    return {"edges": edges, "counts": counts}


def residuals(
    problem: Problem, candidate: Candidate, rng: np.random.Generator, most: int
) -> dict[str, Any]:
    """y - ŷ: its histogram, a sample of (ŷ, y - ŷ), and its mean along ŷ."""
    fresh, told = problem.fresh, candidate.oof
    wrong = fresh.y - told
    low, high = np.quantile(wrong, (0.002, 0.998))
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts, edges = np.histogram(np.clip(wrong, low, high), BINS, (low, high))
    some = np.sort(rng.permutation(len(wrong))[:most])
    bins = max(1, min(TREND_BINS, len(told) // ROWS_PER_TREND))
    parts = np.array_split(np.argsort(told, kind="stable"), bins)
    trend = [[told[p].mean(), wrong[p].mean(), wrong[p].std()] for p in parts]
    return {
        "edges": edges,
        "counts": counts,
        "points": np.stack([told[some], wrong[some]], axis=1),
        "trend": trend,
        "of": len(wrong),
    }


def coverage(problem: Problem, candidate: Candidate) -> dict[str, Any]:
    """Asked against measured coverage, and that of 90 % by group.

    Groups: fifths of the prediction, or the classes.
    """
    fresh, classes = problem.fresh, problem.task.classes
    told = []
    inside = np.empty(0)
    for asked in ASKED:
        rows, _ = conformal.covered_rows(
            fresh.y, candidate.oof, fresh.folds, classes, asked
        )
        told.append([asked, rows.mean()])
        inside = rows if asked == COVERAGE else inside
    if classes:
        parts = [np.flatnonzero(fresh.y == k) for k in range(classes)]
    else:
        order = np.argsort(candidate.oof, kind="stable")
        parts = np.array_split(order, GROUPS)
    groups = [
        {
            "measured": inside[p].mean() if len(p) else None,
            "rows": len(p),
            "low": candidate.oof[p].min() if not classes and len(p) else None,
            "high": candidate.oof[p].max() if not classes and len(p) else None,
        }
        for p in parts[:MOST_CLASSES]
    ]
    return {"levels": told, "groups": groups}


def reliability(problem: Problem, candidate: Candidate) -> list[dict[str, float]]:
    """Probability told against share that came true, in bins of as many rows.

    Two classes: the probability of the second. More: that of the told class.
    """
    fresh, told = problem.fresh, candidate.oof
    if problem.task.classes == 2:
        p, true = told[:, 1], fresh.y == 1
    else:
        p, true = told.max(axis=1), told.argmax(axis=1) == fresh.y
    bins = max(1, min(RELIABILITY_BINS, len(p) // ROWS_PER_BIN))
    parts = np.array_split(np.argsort(p, kind="stable"), bins)
    return [_bin(p[rows], true[rows]) for rows in parts]


def _bin(p: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """With Wilson's 90 % interval (Wilson 1927,
    https://doi.org/10.1080/01621459.1927.10502953)."""
    n, share = len(p), float(true.mean())
    middle = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return {
        "told": float(p.mean()),
        "share": share,
        "low": float(middle - half),
        "high": float(middle + half),
        "rows": n,
    }


def confusion(problem: Problem, candidate: Candidate) -> dict[str, Any]:
    """counts[true][told] of at most MOST_CLASSES classes, the most frequent."""
    classes, y = problem.task.classes, problem.fresh.y.astype(int)
    told = candidate.oof.argmax(axis=1)
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (y, told), 1)
    frequent = np.argsort(-counts.sum(axis=1), kind="stable")[:MOST_CLASSES]
    kept = np.sort(frequent)
    return {"classes": kept, "counts": counts[np.ix_(kept, kept)], "of": classes}


def extremes(problem: Problem, candidate: Candidate) -> dict[str, Any]:
    """The rows with the largest and the smallest losses: number, truth, told.

    Rows are counted from 1, among those with a known target and a weight.
    """
    fresh, order = problem.fresh, np.argsort(candidate.losses, kind="stable")
    oof = candidate.oof

    def row(i: int) -> dict[str, Any]:
        told = {"row": int(fresh.rows[i]) + 1, "truth": fresh.y[i]}
        if not problem.task.classes:
            return told | {"told": oof[i]}
        k = int(oof[i].argmax())
        return told | {"told": k, "p": oof[i, k], "p_truth": oof[i, int(fresh.y[i])]}

    return {
        "worst": [row(i) for i in order[::-1][:EXTREMES]],
        "best": [row(i) for i in order[:EXTREMES]],
    }
