"""Folds hold every row once, and every class everywhere."""

import numpy as np
import pytest

from mapsto.data.split import all_rows, make_folds


@pytest.mark.parametrize("classes", [0, 3])
def test_each_row_is_tested_once(classes):
    y = np.random.default_rng(0).integers(0, 3, 103).astype(float)

    folds = make_folds(y, classes, 5, seed=1)

    assert sorted(np.concatenate([f.test for f in folds])) == list(range(103))
    for fold in folds:
        assert not set(fold.train) & set(fold.test)
        assert len(fold.train) + len(fold.test) == 103
        assert len(fold.inner) == len(fold.train)


def test_classes_have_their_share_in_every_fold():
    y = np.repeat([0, 1, 2], [70, 20, 10]).astype(float)

    for fold in make_folds(y, 3, 5, seed=0):
        assert np.bincount(y[fold.test].astype(int)).tolist() == [14, 4, 2]
        assert (
            np.bincount(y[fold.train][fold.inner].astype(int), minlength=3).min() >= 1
        )


def test_a_class_of_two_rows_is_in_every_training_set():
    y = np.array([0] * 50 + [1] * 2, float)

    assert all((y[f.train] == 1).any() for f in make_folds(y, 2, 5, seed=0))


def test_regression_folds_share_the_range_of_the_target():
    y = np.random.default_rng(0).standard_cauchy(500)

    medians = [np.median(y[f.test]) for f in make_folds(y, 0, 5, seed=0)]

    assert np.ptp(medians) < 0.3


def test_same_seed_same_folds_and_another_seed_others():
    y = np.arange(50.0)
    once, again, other = (make_folds(y, 0, 5, seed=s) for s in (0, 0, 1))

    assert all((a.test == b.test).all() for a, b in zip(once, again, strict=True))
    assert any((a.test != b.test).any() for a, b in zip(once, other, strict=True))


def test_all_rows_trains_on_every_row():
    fold = all_rows(np.arange(50.0), 0, seed=0)

    assert fold.train.tolist() == list(range(50))
    assert fold.inner.sum() == 10
