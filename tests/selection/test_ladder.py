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


def test_paired_error_is_corrected_for_overlap():
    """Nadeau and Bengio: the variance of K means is (1/K + n_test/n_train) s²."""
    gaps = losses(0.0, 3, 1.0)

    mean, error = paired_difference(gaps, np.zeros(N), W, FOLDS)

    folds = np.array([gaps[f.test].mean() for f in FOLDS])
    assert mean == pytest.approx(gaps.mean())
    assert error == pytest.approx(np.sqrt((1 / 5 + 1 / 4) * folds.var(ddof=1)))
