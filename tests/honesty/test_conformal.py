"""Intervals and sets cover what they promise."""

import numpy as np
import pytest
from scipy.stats import betabinom

from mapsto.data.split import make_folds, stratified, target_strata
from mapsto.honesty import conformal

N = 500


def folded(y: np.ndarray):
    return make_folds(stratified(target_strata(y, 0, 5)), len(y), 5, seed=0)


def noisy(seed: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """A prediction, and a target that is noisier where the prediction is larger."""
    rng = np.random.default_rng(seed)
    told = rng.uniform(0, 1, rows)
    return told, told + (0.1 + told) * rng.standard_normal(rows)


@pytest.mark.parametrize("coverage", [0.5, 0.8, 0.9, 0.95])
def test_coverage_is_within_beta_binomial_bounds(coverage):
    """Split conformal coverage on m new rows is beta-binomial (Vovk 2012)."""
    told, y = noisy(0, N)
    state = conformal.fit_intervals(y, told, folded(y))
    fresh, truth = noisy(1, 4000)

    lower, upper = conformal.interval(state, fresh, np.float64(coverage))

    inside = int(((lower <= truth) & (truth <= upper)).sum())
    kept = round((N + 1) * (1 - coverage))
    law = betabinom(4000, N + 1 - kept, kept)
    assert law.ppf(0.0005) <= inside <= law.ppf(0.9995)


def test_width_follows_the_noise():
    told, y = noisy(0, 4000)
    state = conformal.fit_intervals(y, told, folded(y))

    lower, upper = conformal.interval(state, np.array([0.1, 0.9]), np.float64(0.9))

    width = upper - lower
    assert 3 < width[1] / width[0] < 8  # the noise is 5 times as large


def test_more_coverage_is_wider():
    told, y = noisy(0, N)
    state = conformal.fit_intervals(y, told, folded(y))
    widths = [
        np.subtract(*conformal.interval(state, told, np.float64(c))[::-1]).mean()
        for c in np.linspace(0.05, 0.99, 30)
    ]

    assert np.all(np.diff(widths) >= 0)


def probabilities(seed: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(5, 0.6), rows)
    return p, (p.cumsum(1) > rng.random((rows, 1))).argmax(1)


@pytest.mark.parametrize("coverage", [0.8, 0.9])
def test_sets_cover_and_are_never_empty(coverage):
    p, y = probabilities(0, 2000)
    state = conformal.fit_sets(y, p)
    fresh, truth = probabilities(1, 4000)

    chosen = conformal.prediction_set(state, fresh, np.float64(coverage))

    covered = chosen[np.arange(4000), truth].mean()
    assert covered >= coverage - 3 * np.sqrt(coverage * (1 - coverage) / 2000)
    assert chosen.any(axis=1).all()
    assert 1 < chosen.sum(axis=1).mean() < 4


def test_adaptive_scores_by_hand():
    """0.5, 0.3, 0.2: half of the own mass plus all that is more probable."""
    scores = conformal.adaptive_scores(np.array([[0.3, 0.5, 0.2]]))

    assert scores == pytest.approx(np.array([[0.65, 0.25, 0.9]]))


def test_measured_coverage_of_good_predictions():
    told, y = noisy(0, 3000)

    covered, width = conformal.measured_coverage(
        y, told, folded(y), classes=0, coverage=0.9
    )

    assert covered == pytest.approx(0.9, abs=0.02)
    assert width == pytest.approx(2 * 1.645 * 0.6, rel=0.1)


def test_interpolation_meets_its_knots_and_is_constant_beyond():
    knots, values = np.array([0.0, 1.0, 3.0]), np.array([2.0, 4.0, 0.0])
    x = np.array([-1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 9.0])

    assert conformal.interpolate(x, knots, values) == pytest.approx(
        np.interp(x, knots, values)
    )
