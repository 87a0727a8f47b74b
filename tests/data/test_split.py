"""Folds hold every row once, every class everywhere, and groups and time together."""

import numpy as np
import pytest
from sklearn.model_selection import KFold

from mapsto.data import split

RNG = np.random.default_rng(0)


def shuffled(y: np.ndarray, classes: int = 0, folds: int = 5, seed: int = 0):
    deal = split.stratified(split.target_strata(y, classes, folds))
    return split.make_folds(deal, len(y), folds, seed)


@pytest.mark.parametrize("classes", [0, 3])
def test_each_row_is_tested_once(classes):
    folds = shuffled(RNG.integers(0, 3, 103).astype(float), classes)

    assert sorted(np.concatenate([f.test for f in folds])) == list(range(103))
    for fold in folds:
        assert not set(fold.train) & set(fold.test)
        assert len(fold.train) + len(fold.test) == 103
        assert len(fold.inner) == len(fold.train)


def test_classes_have_their_share_in_every_fold():
    y = np.repeat([0, 1, 2], [70, 20, 10]).astype(float)

    for fold in shuffled(y, 3):
        assert np.bincount(y[fold.test].astype(int)).tolist() == [14, 4, 2]
        assert (
            np.bincount(y[fold.train][fold.inner].astype(int), minlength=3).min() >= 1
        )


def test_a_class_of_two_rows_is_in_every_training_set():
    y = np.array([0] * 50 + [1] * 2, float)

    assert all((y[f.train] == 1).any() for f in shuffled(y, 2))


def test_regression_folds_share_the_range_of_the_target():
    y = RNG.standard_cauchy(500)

    medians = [np.median(y[f.test]) for f in shuffled(y)]

    assert np.ptp(medians) < 0.3


def test_same_seed_same_folds_and_another_seed_others():
    y = np.arange(50.0)
    once, again, other = (shuffled(y, seed=s) for s in (0, 0, 1))

    assert all((a.test == b.test).all() for a, b in zip(once, again, strict=True))
    assert any((a.test != b.test).any() for a, b in zip(once, other, strict=True))


def test_all_rows_trains_on_every_row():
    y = np.arange(50.0)

    fold = split.all_rows(split.stratified(split.target_strata(y, 0, 5)), 50, seed=0)

    assert fold.train.tolist() == list(range(50))
    assert fold.inner.sum() == 10


def test_groups_are_never_split():
    groups = RNG.integers(0, 40, 300)

    folds = split.make_folds(split.grouped(groups), 300, 5, seed=0)

    assert sorted(np.concatenate([f.test for f in folds])) == list(range(300))
    for fold in folds:
        inner, rest = fold.train[fold.inner], fold.train[~fold.inner]
        assert not set(groups[fold.train]) & set(groups[fold.test])
        assert not set(groups[inner]) & set(groups[rest])
        assert 40 <= len(fold.test) <= 80


def test_time_goes_forward():
    when = RNG.integers(0, 100, 300).astype(float)

    folds = split.forward_folds(when, 5)

    assert len(folds) == 5
    for fold in folds:
        inner, rest = fold.train[fold.inner], fold.train[~fold.inner]
        assert when[fold.train].max() < when[fold.test].min()
        assert when[rest].max() <= when[inner].min()


def test_a_splitter_of_scikit_learn_is_taken_as_it_is():
    y = np.arange(60.0)
    deal = split.stratified(split.target_strata(y, 0, 3))

    folds = split.splitter_folds(KFold(3), y, deal, seed=0)

    expected = [test.tolist() for _, test in KFold(3).split(y)]
    assert [f.test.tolist() for f in folds] == expected


def test_folds_among_the_tested_rows():
    """Forward folds never test the earliest part: the others are renumbered."""
    folds = split.forward_folds(np.arange(60.0), 5)
    rows = np.sort(np.concatenate([f.test for f in folds]))

    seen = split.among(folds, rows)

    assert sorted(np.concatenate([f.test for f in seen])) == list(range(50))
    assert (rows[seen[0].test] == folds[0].test).all()
    assert all(len(f.train) + len(f.test) == 50 for f in seen)
