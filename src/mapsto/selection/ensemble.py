"""The blend: a weighted mean of the rungs, weights from out-of-fold predictions.

    ŷ = Σ_r a_r ŷ_r,   a_r ≥ 0,  Σ a_r = 1

Caruana et al. 2004, https://doi.org/10.1145/1015330.1015432; Breiman 1996,
https://doi.org/10.1007/BF00117832. Its own out-of-fold predictions are cross-fitted:
each fold is blended with the weights of the other folds.
"""

import time
from collections.abc import Sequence

import numpy as np
from scipy.optimize import nnls

from mapsto.scores import TINY
from mapsto.selection.crossval import Candidate, judged
from mapsto.selection.problem import Problem

LEAST = 0.02  # a smaller weight is not worth carrying its function along
STEPS = 500


def blend(problem: Problem, candidates: Sequence[Candidate]) -> Candidate | None:
    """The blend of the rungs above the constant; None if fewer than two have weight."""
    began = time.monotonic()
    rungs = [c for c in candidates if c.family != "constant"]
    told = np.stack([c.oof for c in rungs]) if rungs else np.empty((0, 0))
    every = np.arange(len(problem.fresh.y))
    weights = _kept(_weights(problem, told, every)) if len(rungs) > 1 else np.zeros(1)
    if (weights > 0).sum() < 2:
        return None
    oof = np.empty_like(rungs[0].oof)
    for fold in problem.fresh.folds:
        of_fold = _kept(_weights(problem, told, fold.train))
        oof[fold.test] = np.tensordot(of_fold, told[:, fold.test], axes=1)
    train = [
        sum(a * c.train[k] for a, c in zip(weights, rungs, strict=True))
        for k in range(len(problem.folds))
    ]
    used = [(a, c) for a, c in zip(weights.tolist(), rungs, strict=True) if a > 0]
    shares = {c.family: round(a, 3) for a, c in used}
    words = " + ".join(f"{a:.2f} {c.family}" for a, c in used)
    return judged(
        problem,
        "blend",
        [m for _, c in used for m in c.members],
        [a * b for a, c in used for b in c.weights],
        [tuple(m for _, c in used for m in c.folded[k]) for k in range(len(train))],
        [a * b for a, c in used for b in c.fold_weights],
        oof,
        train,
        hyperparameters={"weights": shares},
        given=(),
        seconds=time.monotonic() - began,
        details={"words": words},
    )


def _weights(problem: Problem, told: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The best weights on these rows. told: (rungs, m) or (rungs, m, classes)."""
    y, w = problem.fresh.y[rows], problem.fresh.w[rows]
    if problem.task.classes:
        of_truth = told[:, rows, y.astype(int)]
        return mixture_weights(np.maximum(of_truth, TINY), w)
    return simplex_least_squares(told[:, rows].T, y, w)


def _kept(weights: np.ndarray) -> np.ndarray:
    """Without the weights that are nearly nothing."""
    kept = np.where(weights < LEAST, 0.0, weights)
    return kept / kept.sum()


def simplex_least_squares(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """argmin Σ w (y - x a)² over the simplex. x: (n, rungs).

    On the simplex, y - x a = (y 1' - x) a: a non-negative least-squares problem with
    the row Σ a = 1 added at a large weight.
    """
    gaps = (y[:, None] - x) * np.sqrt(w)[:, None]
    gram = gaps.T @ gaps
    root = np.linalg.cholesky(gram + 1e-10 * np.trace(gram) * np.eye(len(gram))).T
    stiff = 1e4 * np.sqrt(np.trace(gram))
    system = np.vstack([root, np.full(len(gram), stiff)])
    a, _ = nnls(system, np.append(np.zeros(len(gram)), stiff))
    return a / a.sum()


def mixture_weights(p: np.ndarray, w: np.ndarray) -> np.ndarray:
    """argmax Σ w log Σ_r a_r p_r over the simplex, by EM. p: (rungs, n).

    Dempster, Laird & Rubin 1977, §4.3,
    https://doi.org/10.1111/j.2517-6161.1977.tb01600.x
    """
    a = np.full(len(p), 1 / len(p))
    for _ in range(STEPS):
        shares = a[:, None] * p
        new = (shares / shares.sum(axis=0)) @ w / w.sum()
        if np.abs(new - a).max() < 1e-6:
            return new
        a = new
    return a
