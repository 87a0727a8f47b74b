"""The target's way in and out."""

import numpy as np
import pytest

from mapsto.data.target import fit_target, transforms_worth_trying

W = np.ones(400)
PRICES = np.exp(np.random.default_rng(0).normal(5, 1, 400))


@pytest.mark.parametrize("transform", ["identity", "log"])
def test_decode_undoes_encode(transform):
    target = fit_target(PRICES, W, 0, transform)

    assert target.decode(target.encode(PRICES)[:, None]) == pytest.approx(PRICES)


def test_encoded_target_is_standardised():
    z = fit_target(PRICES, W, 0, "log").encode(PRICES)

    assert z.mean() == pytest.approx(0, abs=1e-12)
    assert z.std() == pytest.approx(1)


def test_smearing_predicts_the_mean():
    """A constant in log space is the geometric mean; Duan's factor mends it."""
    target, eta = fit_target(PRICES, W, 0, "log"), np.zeros((400, 1))

    told = target.smeared(eta, PRICES, W).decode(eta)

    assert told[0] == pytest.approx(PRICES.mean())


def test_log_space_does_not_explode():
    target = fit_target(PRICES, W, 0, "log")

    assert target.decode(np.array([[50.0]]))[0] < 2 * PRICES.max()


def test_probabilities_sum_to_one():
    eta = np.random.default_rng(0).normal(0, 30, (50, 4))

    p = fit_target(np.zeros(1), np.ones(1), 4, "identity").decode(eta)
    q = fit_target(np.zeros(1), np.ones(1), 2, "identity").decode(eta[:, :1])

    assert p.sum(axis=1) == pytest.approx(1)
    assert q[:, 1] == pytest.approx(1 / (1 + np.exp(-eta[:, 0])))


def test_log_is_tried_for_skewed_positive_targets_only():
    assert transforms_worth_trying(PRICES) == ("identity", "log")
    assert transforms_worth_trying(-PRICES) == ("identity",)
    assert transforms_worth_trying(np.arange(1.0, 100)) == ("identity",)
