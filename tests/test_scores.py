"""The scores are those of scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics

from mapsto import scores

RNG = np.random.default_rng(0)
Y, TOLD = RNG.normal(size=(2, 200))
W = RNG.uniform(0.5, 2, 200)
K = RNG.integers(0, 3, 200)
P = RNG.dirichlet(np.ones(3), 200)


@pytest.mark.parametrize(
    ("name", "reference"),
    [("rmse", metrics.root_mean_squared_error), ("mae", metrics.mean_absolute_error)],
)
def test_regression(name, reference):
    score = scores.named(name, 0)

    assert score.of(Y, TOLD, W) == pytest.approx(reference(Y, TOLD, sample_weight=W))


def test_classification():
    log_loss, brier, error = (
        scores.named(n, 3) for n in ("log_loss", "brier", "error_rate")
    )

    assert log_loss.of(K, P, W) == pytest.approx(
        metrics.log_loss(K, P, sample_weight=W)
    )
    assert brier.of(K, P, W) == pytest.approx(
        np.average(((P - np.eye(3)[K]) ** 2).sum(1), weights=W)
    )
    accuracy = metrics.accuracy_score(K, P.argmax(1), sample_weight=W)
    assert error.of(K, P, W) == pytest.approx(1 - accuracy)
    assert scores.accuracy(K, P, W) == pytest.approx(accuracy)


def test_r2():
    assert scores.r2(Y, TOLD, W) == pytest.approx(
        metrics.r2_score(Y, TOLD, sample_weight=W)
    )


def test_standard_error_is_that_of_the_bootstrap():
    score, rng = scores.RMSE, np.random.default_rng(1)
    losses = score.loss(Y, TOLD)
    ones = np.ones(200)

    drawn = [score.tell(rng.choice(losses, 200).mean()) for _ in range(4000)]

    assert score.standard_error(losses, ones) == pytest.approx(np.std(drawn), rel=0.1)


def test_an_unknown_score_is_none():
    assert scores.named("rmse", classes=2) is None
    assert scores.named("auto", classes=2) is scores.LOG_LOSS
