"""Which rows are trained on and which are held out.

Outer folds give out-of-fold predictions. Inside each fold's training rows, one
inner part is set aside for hyperparameters and early stopping, so that the held-out
rows are seen by nothing that was chosen. Rows that belong together stay together,
and time is split forwards, in both.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

INNER_SHARE = 0.2
LEAST_PAST = 5  # rows to learn from, before the first that are foretold
HELD_SHARE = 0.2  # of the rows, where learning again for each fold would take too long
PARTS = 5
WHOLE = 999  # stands for "all rows" among the fold numbers that seed the inner split


@dataclass(frozen=True)
class Validation:
    """How rows are held out.

    `folds`: how many (default: by effort). `group_on`: a column whose equal values
    must not be split apart (one customer, one building). `time_on`: a column in
    whose order the past predicts the future. `stratify_on`: a column whose levels
    have their share in every fold (default: the target).
    """

    folds: int | None = None
    group_on: str | None = None
    time_on: str | None = None
    stratify_on: str | None = None


@dataclass(frozen=True, eq=False)
class Fold:
    """Row indices of one fold; `inner` marks the inner validation rows of `train`."""

    train: np.ndarray
    test: np.ndarray
    inner: np.ndarray


Deal = Callable[[np.ndarray, int, np.random.Generator], np.ndarray]
"""deal(rows, hands, rng) -> which hand, 0 … hands-1, each of these rows goes to."""


def make_folds(deal: Deal, rows: int, folds: int, seed: int) -> tuple[Fold, ...]:
    """Every row is tested once. `deal` says which rows go where."""
    part = deal(np.arange(rows), folds, np.random.default_rng(seed))
    return tuple(
        _fold(deal, np.flatnonzero(part != k), np.flatnonzero(part == k), seed, k)
        for k in range(folds)
        if (part == k).any()
    )


def held_out(deal: Deal, rows: int, seed: int) -> tuple[Fold, ...]:
    """One part of the rows judges functions that were learned once, from the rest.

    The part is told in PARTS folds of the same training rows, so that what is learned
    from out-of-fold predictions can be cross-fitted.
    """
    rng = np.random.default_rng(seed)
    judging = deal(np.arange(rows), round(1 / HELD_SHARE), rng) == 0
    train, test = np.flatnonzero(~judging), np.flatnonzero(judging)
    whole = _fold(deal, train, test, seed, 0)
    part = deal(test, PARTS, rng)
    return tuple(
        Fold(train, test[part == k], whole.inner)
        for k in range(PARTS)
        if (part == k).any()
    )


def all_rows(deal: Deal, rows: int, seed: int) -> Fold:
    """The 'fold' that trains on every row, for refitting."""
    return _fold(deal, np.arange(rows), np.arange(0), seed, WHOLE)


def forward_folds(when: np.ndarray, folds: int) -> tuple[Fold, ...]:
    """The past predicts the future: part k is tested by what is before it.

    `when`: (n,) moments. The earliest of folds + 1 parts is only ever trained on.
    Equal moments stay in one part. The inner rows are the latest of the training
    rows. (Hyndman & Athanasopoulos, *Forecasting*, §5.10, https://otexts.com/fpp3)
    """
    distinct, place = np.unique(when, return_inverse=True)
    folds = min(folds, len(distinct) - 1)
    count = np.cumsum(np.bincount(place))
    part = ((count - 1) * (folds + 1) // count[-1])[place]
    return tuple(
        _latest_inner(when, np.flatnonzero(part < k), np.flatnonzero(part == k))
        for k in range(1, folds + 1)
        if (part == k).any() and (part < k).sum() >= LEAST_PAST
    )


def all_rows_in_time(when: np.ndarray) -> Fold:
    """The 'fold' that trains on every row, its inner rows the latest."""
    return _latest_inner(when, np.arange(len(when)), np.arange(0))


def splitter_folds(
    splitter: Any, y: np.ndarray, deal: Deal, seed: int
) -> tuple[Fold, ...]:
    """The folds of a scikit-learn splitter (anything with `split(X, y)`)."""
    pairs = splitter.split(np.zeros((len(y), 1)), y)
    return tuple(_fold(deal, a, b, seed, k) for k, (a, b) in enumerate(pairs))


def stratified(strata: np.ndarray) -> Deal:
    """Each stratum's rows go round the hands, going on where the last one ended."""

    def deal(rows: np.ndarray, hands: int, rng: np.random.Generator) -> np.ndarray:
        order = rng.permutation(len(rows))
        order = order[np.argsort(strata[rows][order], kind="stable")]
        dealt = np.empty(len(rows), int)
        dealt[order] = np.arange(len(rows)) % hands
        return dealt

    return deal


def grouped(groups: np.ndarray) -> Deal:
    """Whole groups, the largest first, each to the hand with the fewest rows."""

    def deal(rows: np.ndarray, hands: int, rng: np.random.Generator) -> np.ndarray:
        _, place, sizes = np.unique(
            groups[rows], return_inverse=True, return_counts=True
        )
        order = rng.permutation(len(sizes))
        held, hand = np.zeros(hands, int), np.empty(len(sizes), int)
        for g in order[np.argsort(-sizes[order], kind="stable")]:
            hand[g] = int(np.argmin(held))
            held[hand[g]] += sizes[g]
        return hand[place]

    return deal


def together(groups: np.ndarray, strata: np.ndarray) -> Deal:
    """Each group goes where its first row is dealt to, by its stratum."""

    def deal(rows: np.ndarray, hands: int, rng: np.random.Generator) -> np.ndarray:
        _, first, place = np.unique(
            groups[rows], return_index=True, return_inverse=True
        )
        return stratified(strata)(rows[first], hands, rng)[place]

    return deal


def target_strata(y: np.ndarray, classes: int, folds: int) -> np.ndarray:
    """The class; of a quantity, strata of neighbours, a few rows for each fold."""
    if classes:
        return y.astype(int)
    rank = np.argsort(np.argsort(y, kind="stable"), kind="stable")
    return rank * max(1, len(y) // (4 * folds)) // len(y)


def _fold(deal: Deal, train: np.ndarray, test: np.ndarray, seed: int, k: int) -> Fold:
    hands = round(1 / INNER_SHARE)
    rng = np.random.default_rng([seed, k])
    inner = deal(train, hands, rng) == 0
    if len(train) and inner.all():  # a single group, and rows to learn from are needed
        inner = stratified(np.zeros(train.max() + 1))(train, hands, rng) == 0
    return Fold(train, test, inner)


def _latest_inner(when: np.ndarray, train: np.ndarray, test: np.ndarray) -> Fold:
    order = np.argsort(when[train], kind="stable")
    inner = np.zeros(len(train), bool)
    inner[order[int((1 - INNER_SHARE) * len(train)) :]] = True
    return Fold(train, test, inner)


def among(folds: Sequence[Fold], rows: np.ndarray) -> tuple[Fold, ...]:
    """The folds seen from `rows` alone: each tests its own and trains on the rest.

    Used to cross-fit what is learned from out-of-fold predictions. `rows`: indices
    that the folds test, ascending.
    """
    place = np.full(int(rows.max()) + 1, -1)
    place[rows] = np.arange(len(rows))
    every = np.arange(len(rows))
    parts = [place[np.intersect1d(f.test, rows)] for f in folds]
    return tuple(
        Fold(np.setdiff1d(every, part), part, np.zeros(len(rows) - len(part), bool))
        for part in parts
        if len(part)
    )
