"""Shares of a mean, one function at a time."""

import numpy as np
import pytest

from mapsto.solvers.greedy import greedy_shares

RNG = np.random.default_rng(0)
TRUTH = RNG.standard_normal(500)


def loss(told):
    return float(np.mean((told - TRUTH) ** 2))


def test_errors_of_opposite_sign_are_halved():
    noise = RNG.standard_normal(500)

    shares = greedy_shares([TRUTH + noise, TRUTH - noise], loss)

    assert shares == pytest.approx([0.5, 0.5])


def test_the_better_one_has_the_larger_share():
    good, bad = (TRUTH + s * RNG.standard_normal(500) for s in (0.5, 1.0))

    shares = greedy_shares([bad, good], loss)

    assert shares[1] == pytest.approx(0.8, abs=0.11)  # 1 / variance: 0.8 to 0.2
    assert shares.sum() == pytest.approx(1)


def test_one_that_only_harms_has_none():
    assert greedy_shares([TRUTH, TRUTH + 100], loss).tolist() == [1, 0]


def test_it_is_never_worse_than_the_best_alone():
    told = [TRUTH + RNG.standard_normal(500) * s for s in (0.3, 1, 2, 4)]

    shares = greedy_shares(told, loss)

    assert loss(sum(a * t for a, t in zip(shares, told, strict=True))) <= loss(told[0])
