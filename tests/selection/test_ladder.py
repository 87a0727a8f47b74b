"""The rule of best and simplest adequate."""

import numpy as np
import pytest

from mapsto.data.split import make_folds, stratified, target_strata
from mapsto.scores import RMSE
from mapsto.selection.ladder import choose, paired_difference

N = 200
Y = np.linspace(0, 1, N)
FOLDS = make_folds(stratified(target_strata(Y, 0, 5)), N, 5, seed=0)
W = np.ones(N)


def losses(mean: float, seed: int = 0, spread: float = 0.0) -> np.ndarray:
    return mean + spread * np.random.default_rng(seed).standard_normal(N)


def chosen(means: list[float], names: list[str], spread: float = 0.0):
    told = [losses(m, k, spread) for k, m in enumerate(means)]
    return choose(names, told, W, FOLDS, RMSE, adequate=0.05)


def test_best_is_the_lowest_loss():
    choice = chosen([4.0, 1.0, 0.25], ["constant", "line", "network"])

    assert choice.best == "network"


def test_simplest_keeps_95_percent_of_the_gain():
    """From rmse 2 to 0.5 the gain is 1.5; 0.57 keeps 95.3 % of it, 0.6 only 93.3 %."""
    enough = chosen([4.0, 0.57**2, 0.25], ["constant", "line", "network"])
    short = chosen([4.0, 0.60**2, 0.25], ["constant", "line", "network"])

    assert (enough.simplest, enough.clause) == ("line", "gain")
    assert enough.share == pytest.approx(1.43 / 1.5)
    assert short.simplest == "network"


def test_within_one_standard_error_is_adequate():
    choice = chosen([1.02, 1.01, 1.0], ["constant", "line", "network"], spread=1.0)

    assert choice.simplest == "constant"
    assert choice.clause == "error"


def test_blend_is_never_the_simplest():
    choice = chosen([4.0, 1.0, 0.25], ["constant", "line", "blend"])

    assert (choice.best, choice.simplest) == ("blend", "blend")
    assert choice.clause == "best"


def against_the_blend(rungs: list[np.ndarray], blend: float):
    names = ["constant", "line", "curve", "blend"]
    told = [losses(4.0), *rungs, losses(blend)]
    return choose(names, told, W, FOLDS, RMSE, adequate=0.05)


def test_the_blend_stands_against_picking_a_rung_as_it_was_made_itself():
    """Two rungs take turns at being the lowest, so that the other folds pick the
    wrong one: whoever picks one pays 1.2, and a blend at 1.05 is better."""
    turns = [losses(1.0), losses(1.0)]
    for k, fold in enumerate(FOLDS):
        turns[k % 2][fold.test] = 1.2
        turns[1 - k % 2][fold.test] = 0.8

    better = against_the_blend(turns, 1.05)
    worse = against_the_blend(turns, 1.25)

    assert better.best == "blend"
    assert worse.best in ("line", "curve")


def test_a_rung_that_all_folds_pick_is_better_than_a_blend_that_is_worse():
    choice = against_the_blend([losses(1.0), losses(2.0)], 1.01)

    assert choice.best == "line"


def test_paired_error_is_corrected_for_overlap():
    """Nadeau and Bengio: the variance of K means is (1/K + n_test/n_train) s²."""
    gaps = losses(0.0, 3, 1.0)

    mean, error = paired_difference(gaps, np.zeros(N), W, FOLDS)

    folds = np.array([gaps[f.test].mean() for f in FOLDS])
    assert mean == pytest.approx(gaps.mean())
    assert error == pytest.approx(np.sqrt((1 / 5 + 1 / 4) * folds.var(ddof=1)))
