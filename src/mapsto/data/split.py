"""Which rows are trained on and which are held out.

Outer folds give out-of-fold predictions. Inside each fold's training rows, one
inner part is set aside for hyperparameters and early stopping, so that the held-out
rows are seen by nothing that was chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

INNER_SHARE = 0.2


@dataclass(frozen=True, eq=False)
class Fold:
    """Row indices of one fold; `inner` marks the inner validation rows of `train`."""

    train: np.ndarray
    test: np.ndarray
    inner: np.ndarray


def make_folds(y: np.ndarray, classes: int, folds: int, seed: int) -> tuple[Fold, ...]:
    """Shuffled folds, stratified by class (classes > 0) or by target quantiles.

    y: (n,) target values or class indices. Fold sizes differ by at most one per
    stratum, and every fold's training rows hold every class that has two rows.
    """
    strata = y.astype(int) if classes else _quantile_strata(y, folds)
    part = _deal(strata, folds, np.random.default_rng(seed))
    return tuple(
        _fold(part, k, strata, np.random.default_rng([seed, k])) for k in range(folds)
    )


def all_rows(y: np.ndarray, classes: int, seed: int) -> Fold:
    """The 'fold' that trains on every row, for refitting."""
    strata = y.astype(int) if classes else _quantile_strata(y, 5)
    part = np.zeros(len(y), int)
    return _fold(part, 1, strata, np.random.default_rng([seed, 999]))


def _fold(
    part: np.ndarray, k: int, strata: np.ndarray, rng: np.random.Generator
) -> Fold:
    train = np.flatnonzero(part != k)
    inner = _deal(strata[train], round(1 / INNER_SHARE), rng) == 0
    return Fold(train, np.flatnonzero(part == k), inner)


def _deal(strata: np.ndarray, hands: int, rng: np.random.Generator) -> np.ndarray:
    """Deal the rows of each stratum to `hands` hands, going on where the last ended."""
    order = rng.permutation(len(strata))
    order = order[np.argsort(strata[order], kind="stable")]
    dealt = np.empty(len(strata), int)
    dealt[order] = np.arange(len(strata)) % hands
    return dealt


def _quantile_strata(y: np.ndarray, folds: int) -> np.ndarray:
    """Strata of neighbours in y, a few times as many rows each as there are folds."""
    rank = np.argsort(np.argsort(y, kind="stable"), kind="stable")
    return rank * max(1, len(y) // (4 * folds)) // len(y)


def rows_of(folds: Sequence[Fold]) -> int:
    """How many rows the folds cover."""
    return sum(len(f.test) for f in folds)
