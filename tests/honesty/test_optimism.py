"""The score of the chosen, corrected for the choice."""

import numpy as np
import pytest

from mapsto.honesty.optimism import corrected_score
from mapsto.scores import LOG_LOSS, RMSE

RNG = np.random.default_rng(0)
W = np.ones(300)


def test_the_winner_of_equals_is_corrected_upwards():
    """Of 20 rungs of the same true loss, the lowest is luck."""
    losses = list(RNG.normal(1.0, 0.5, (20, 300)))

    corrected = corrected_score(losses, W, LOG_LOSS, seed=0)

    naive = min(loss.mean() for loss in losses)
    assert naive < 0.97
    assert corrected == pytest.approx(1.0, abs=0.03)
    assert corrected > naive + 0.02


def test_a_clear_winner_keeps_its_score():
    losses = [RNG.normal(mean, 0.1, 300) ** 2 for mean in (1.0, 2.0, 3.0)]

    corrected = corrected_score(losses, W, RMSE, seed=0)

    assert corrected == pytest.approx(losses[0].mean() ** 0.5, rel=0.01)
