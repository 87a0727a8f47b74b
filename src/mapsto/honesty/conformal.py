"""Intervals and prediction sets from out-of-fold predictions.

Cross-validation conformal prediction: the scores of all out-of-fold rows are pooled
and their quantiles stored, so that any coverage can be asked for later (Vovk 2015,
https://doi.org/10.1007/s10472-013-9368-4). The tails below are array-API functions
that become part of the graph.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mapsto.data.piecewise import interpolate
from mapsto.data.split import Fold

COVERAGES = np.concatenate([np.arange(0.02, 0.9, 0.04), np.arange(0.9, 0.995, 0.01)])
BINS, ROWS_PER_BIN = 10, 60


# ── regression ──


def fit_intervals(
    y: np.ndarray, oof: np.ndarray, folds: Sequence[Fold]
) -> dict[str, np.ndarray]:
    """What `interval` needs. y, oof: (n,) target and out-of-fold prediction.

    score = (y - ŷ) / s(ŷ), with the scale s cross-fitted: a fold's scores use the
    scale of the other folds.
    """
    scores = np.empty(len(y))
    for fold in folds:
        rest = fold.train if len(fold.train) else fold.test  # of two folds, one is left
        scale = _fit_scale(oof[rest], y[rest])
        scores[fold.test] = (y - oof)[fold.test] / _scale(scale, oof[fold.test])
    return {**_fit_scale(oof, y), **_score_quantiles(scores)}


def interval(state: Any, prediction: Any, coverage: Any) -> tuple[Any, Any]:
    """Lower and upper bounds, (n,) each, for a scalar coverage in (0, 1)."""
    scale = _scale(state, prediction)
    lower = interpolate(coverage, state["coverages"], state["below"])
    upper = interpolate(coverage, state["coverages"], state["above"])
    return prediction + lower * scale, prediction + upper * scale


def _score_quantiles(scores: np.ndarray) -> dict[str, np.ndarray]:
    """The quantiles of the scores that leave (1 - coverage)/2 on each side.

    With the finite-sample correction: the ceil((n + 1) q)-th smallest score.
    """
    ordered, n = np.sort(scores), len(scores)
    tail = (1 - COVERAGES) / 2
    above = np.ceil((n + 1) * (1 - tail)).astype(int).clip(1, n) - 1
    below = n - 1 - above
    return {"coverages": COVERAGES, "below": ordered[below], "above": ordered[above]}


def _fit_scale(prediction: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
    """Mean absolute residual as a piecewise-linear function of the prediction."""
    bins = max(1, min(BINS, len(y) // ROWS_PER_BIN))
    order = np.argsort(prediction, kind="stable")
    parts = np.array_split(order, bins)
    knots = np.array([prediction[p].mean() for p in parts])
    sizes = np.array([np.abs((y - prediction)[p]).mean() for p in parts])
    overall = max(float(np.abs(y - prediction).mean()), 1e-300)
    # A bin's mean is noisy: draw it towards the overall mean by 10 rows' worth.
    weight = np.array([len(p) for p in parts]) / (
        np.array([len(p) for p in parts]) + 10
    )
    sizes = np.maximum(weight * sizes + (1 - weight) * overall, 0.05 * overall)
    distinct = np.concatenate([[True], np.diff(knots) > 1e-12 * (np.ptp(knots) or 1.0)])
    knots, sizes = knots[distinct], sizes[distinct]
    if len(knots) == 1:
        step = max(1.0, abs(knots[0]))
        knots, sizes = np.array([knots[0], knots[0] + step]), np.repeat(overall, 2)
    return {"knots": knots, "sizes": sizes}


def _scale(state: Any, prediction: Any) -> Any:
    return interpolate(prediction, state["knots"], state["sizes"])


# ── classification ──


def fit_sets(y: np.ndarray, oof: np.ndarray) -> dict[str, np.ndarray]:
    """What `prediction_set` needs. y: class indices (n,), oof: (n, classes)."""
    scores = adaptive_scores(oof)[np.arange(len(y)), y.astype(int)]
    ordered, n = np.sort(scores), len(scores)
    rank = np.ceil((n + 1) * COVERAGES).astype(int).clip(1, n) - 1
    return {"coverages": COVERAGES, "thresholds": ordered[rank]}


def prediction_set(state: Any, probability: Any, coverage: Any) -> Any:
    """Which classes belong to the set: bool (n, classes), never empty."""
    xp = probability.__array_namespace__()
    threshold = interpolate(coverage, state["coverages"], state["thresholds"])
    most = probability >= xp.max(probability, axis=1, keepdims=True)
    return (adaptive_scores(probability) <= threshold) | most


def adaptive_scores(probability: Any) -> Any:
    """The mass of the more probable classes, plus half of the class's own.

    The adaptive score of Romano, Sesia & Candès 2020
    (https://arxiv.org/abs/2006.02544), its random share of the own mass set to ½ so
    that the same row always gets the same set.
    """
    xp = probability.__array_namespace__()
    more = probability[:, None, :] > probability[:, :, None]
    above = xp.sum(xp.where(more, probability[:, None, :], 0.0), axis=2)
    return above + 0.5 * probability


# ── what was measured ──


def measured_coverage(
    y: np.ndarray, oof: np.ndarray, folds: Sequence[Fold], classes: int, coverage: float
) -> tuple[float, float]:
    """Coverage on each fold of intervals made from the other folds, and mean size.

    Size: mean width of the intervals, or mean number of classes in the sets.
    """
    inside, size = covered_rows(y, oof, folds, classes, coverage)
    return float(inside.mean()), float(size.mean())


def covered_rows(
    y: np.ndarray, oof: np.ndarray, folds: Sequence[Fold], classes: int, coverage: float
) -> tuple[np.ndarray, np.ndarray]:
    """1 where the row lies in its interval or set, else 0; and its size. (n,) each."""
    inside, size = np.empty(len(y)), np.empty(len(y))
    for fold in folds:
        rows, rest = fold.test, fold.train
        if classes:
            chosen = prediction_set(
                fit_sets(y[rest], oof[rest]), oof[rows], np.float64(coverage)
            )
            inside[rows] = chosen[np.arange(len(rows)), y[rows].astype(int)]
            size[rows] = chosen.sum(axis=1)
        else:
            state = fit_intervals(y[rest], oof[rest], _refolded(folds, fold))
            lower, upper = interval(state, oof[rows], np.float64(coverage))
            inside[rows] = (lower <= y[rows]) & (y[rows] <= upper)
            size[rows] = upper - lower
    return inside, size


def _refolded(folds: Sequence[Fold], out: Fold) -> list[Fold]:
    """The other folds, renumbered to the rows that remain when `out` is left out."""
    place = np.full(len(out.train) + len(out.test), -1)
    place[out.train] = np.arange(len(out.train))
    return [
        Fold(place[f.train][place[f.train] >= 0], place[f.test], f.inner)
        for f in folds
        if f is not out
    ]
