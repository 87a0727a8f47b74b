"""How alike groupings are, how far apart groups stand, and rows without groups."""

import numpy as np
import pytest
from sklearn.datasets import make_blobs

from mapsto.selection.grouping import gain, nearest
from mapsto.selection.partitions import (
    cut,
    jaccard,
    matched,
    mean_agreement,
    prediction_strength,
)
from mapsto.selection.unimodal import blurred, is_level, without_groups


def test_prediction_strength_counts_pairs_that_stay_together():
    """Groups of 3 and 2 rows: of the 3 pairs in the first, 1 stays; of the second's
    only pair, none. By rows: (3 · 1/3 + 2 · 0) / 5."""
    own, told = np.array([0, 0, 0, 1, 1]), np.array([5, 5, 2, 2, 0])

    assert prediction_strength(told, own) == pytest.approx(0.2)
    assert prediction_strength(own, own) == 1
    assert prediction_strength(own[[0, 3]], np.array([0, 1])) == 0  # no pairs


def test_groups_are_matched_each_once():
    a = np.array([0, 0, 0, 1, 1, 2])
    b = np.array([2, 2, 1, 0, 0, 1])

    assert matched(a, b, 3).tolist() == [2, 0, 1]


def test_jaccard():
    a, b = np.array([1, 1, 0, 0], bool), np.array([1, 0, 1, 0], bool)

    assert jaccard(a, b) == pytest.approx(1 / 3)
    assert jaccard(a & ~a, b & ~b) == 0


def test_agreement_does_not_depend_on_names():
    a = np.array([0, 0, 1, 1, 2, 2])

    assert mean_agreement(a, [(a + 1) % 3]) == pytest.approx(1)
    assert mean_agreement(a, []) == 1


def test_the_cut_is_none_between_islands_and_whole_among_strangers():
    rng = np.random.default_rng(0)
    x, y = make_blobs(400, centers=[[-9, 0], [9, 0]], random_state=0)

    assert cut(y, nearest(x)) == 0
    assert cut(rng.integers(0, 2, 400), nearest(x)) == pytest.approx(1, abs=0.1)
    assert cut(np.zeros(400, int), nearest(x)) == 1


def test_the_gain_is_that_of_knowing_the_heaps():
    """Two round heaps, far apart in one direction of spread s against spread 1: a row
    is foretold better by log(s / 1) - log 2 nats."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 4000)
    x = rng.standard_normal((4000, 2))
    x[:, 0] += 20 * y

    truth = np.log(np.sqrt(1 + 100)) - np.log(2)
    assert gain(x, y, 0) == pytest.approx(truth, abs=0.05)
    assert gain(x, rng.integers(0, 2, 4000), 0) < 0.01


def test_rows_without_groups_have_one_hump_and_the_same_covariance():
    x, _ = make_blobs(3000, centers=[[-4, -3], [4, 3]], random_state=0)

    made = without_groups(x, np.arange(2), np.random.default_rng(0))

    assert np.cov(made.T) == pytest.approx(np.cov(x.T), rel=0.15)
    counts = np.histogram(made[:, 0], 7)[0]
    assert (np.diff(counts[:4]) > 0).all()
    assert (np.diff(counts[3:]) < 0).all()


def test_levels_are_drawn_afresh_and_together_by_column():
    rng = np.random.default_rng(0)
    code = rng.integers(0, 3, 2000)
    one_hot = np.eye(3)[code]
    x = np.column_stack([one_hot, one_hot[:, 0], rng.standard_normal(2000)])
    blocks = np.array([0, 0, 0, 1, 2])

    made = without_groups(x, blocks, rng)

    assert is_level(x).tolist() == [True, True, True, True, False]
    assert (made[:, :3].sum(axis=1) == 1).all()
    assert made.mean(axis=0)[:4] == pytest.approx(x.mean(axis=0)[:4])
    assert abs(np.corrcoef(made[:, 0], made[:, 3])[0, 1]) < 0.1


def test_levels_are_blurred_and_numbers_are_not():
    rng = np.random.default_rng(0)
    x = np.column_stack([rng.integers(0, 2, 500), rng.standard_normal(500)])

    told = blurred(x, rng)

    assert (told[:, 1] == x[:, 1]).all()
    assert (told - x)[:, 0].std() == pytest.approx(0.5**0.5, rel=0.1)


def test_a_column_of_one_value_stays_as_it_is():
    x = np.column_stack([np.full(50, 3.0), np.arange(50.0)])

    made = without_groups(x, np.arange(2), np.random.default_rng(0))

    assert set(made[:, 0]) == {3.0}
    assert np.isfinite(made).all()
