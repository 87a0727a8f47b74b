"""The numbers that functions are judged by.

A score is made of one loss per row, so that it has a standard error and two
functions can be compared row by row. Of losses, lower is better; the number that is
shown may be one of which more is better.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

TINY = 1e-15


class Score(Protocol):
    """What choices are made by."""

    @property
    def name(self) -> str: ...

    def of(self, y: np.ndarray, prediction: np.ndarray, w: np.ndarray) -> float:
        """The number shown for these rows. w: weights (n,)."""
        ...

    def losses(
        self, y: np.ndarray, prediction: np.ndarray, w: np.ndarray
    ) -> np.ndarray:
        """One per row, (n,); their weighted mean, told, is the number shown."""
        ...

    def tell(self, mean: float) -> float:
        """The number shown for a mean loss."""
        ...

    def error(self, shown: float) -> float:
        """How far a shown number is from perfect: lower is better."""
        ...

    def standard_error(self, losses: np.ndarray, w: np.ndarray) -> float:
        """Of the number shown, over rows."""
        ...


def spread_of_mean(losses: np.ndarray, w: np.ndarray) -> float:
    """The standard error of a weighted mean: sd(loss) · √Σw² / Σw."""
    mean = float(np.average(losses, weights=w))
    spread = float(np.average((losses - mean) ** 2, weights=w)) ** 0.5
    return spread * float(np.sqrt((w**2).sum()) / w.sum())


@dataclass(frozen=True)
class MeanLoss:
    """A score that is a mean of `loss(y, prediction)`, (n,), told in its own way.

    `told(mean loss)` is the number shown, e.g. the square root for rmse; `slope` is
    its derivative, for the standard error (delta method).
    """

    name: str
    loss: Callable[[np.ndarray, np.ndarray], np.ndarray]
    told: Callable[[float], float]
    slope: Callable[[float], float]

    def of(self, y: np.ndarray, prediction: np.ndarray, w: np.ndarray) -> float:
        return self.tell(float(np.average(self.loss(y, prediction), weights=w)))

    def losses(
        self, y: np.ndarray, prediction: np.ndarray, w: np.ndarray
    ) -> np.ndarray:
        return self.loss(y, prediction)

    def tell(self, mean: float) -> float:
        return self.told(mean)

    def error(self, shown: float) -> float:
        return shown

    def standard_error(self, losses: np.ndarray, w: np.ndarray) -> float:
        """By the delta method."""
        mean = float(np.average(losses, weights=w))
        return self.slope(mean) * spread_of_mean(losses, w)


def squared_error(y: np.ndarray, prediction: np.ndarray) -> np.ndarray:
    """(y - ŷ)² per row."""
    return (y - prediction) ** 2


def negative_log_likelihood(y: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """-log p(class of the row). y: class indices; probability: (n, classes)."""
    of_truth = probability[np.arange(len(y)), y.astype(int)]
    return -np.log(np.clip(of_truth, TINY, 1.0))


RMSE = MeanLoss(
    "rmse",
    squared_error,
    lambda mean: float(mean**0.5),
    lambda mean: 0.5 / max(mean, 1e-300) ** 0.5,
)


def absolute_error(y: np.ndarray, prediction: np.ndarray) -> np.ndarray:
    """|y - ŷ| per row."""
    return np.abs(y - prediction)


def brier_loss(y: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """Σ over classes of (p - truth)², per row (Brier 1950)."""
    truth = np.eye(probability.shape[1])[y.astype(int)]
    return ((probability - truth) ** 2).sum(axis=1)


def misclassified(y: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """1 where the most probable class is not the true one."""
    return (probability.argmax(axis=1) != y).astype(float)


def _mean_of(
    name: str, loss: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> MeanLoss:
    return MeanLoss(name, loss, lambda mean: mean, lambda mean: 1.0)


LOG_LOSS = _mean_of("log_loss", negative_log_likelihood)
REGRESSION = {s.name: s for s in (RMSE, _mean_of("mae", absolute_error))}
CLASSIFICATION = {
    s.name: s
    for s in (
        LOG_LOSS,
        _mean_of("brier", brier_loss),
        _mean_of("error_rate", misclassified),
    )
}


def default_score(classes: int) -> Score:
    """rmse for regression, log_loss for classification."""
    return LOG_LOSS if classes else RMSE


def named(name: str, classes: int) -> Score | None:
    """The score of that name, "auto" for the default; None where there is none."""
    if name == "auto":
        return default_score(classes)
    return (CLASSIFICATION if classes else REGRESSION).get(name)


def r2(y: np.ndarray, prediction: np.ndarray, w: np.ndarray) -> float:
    """1 - Σw(y-ŷ)² / Σw(y-ȳ)²."""
    total = np.average((y - np.average(y, weights=w)) ** 2, weights=w)
    return float(1 - np.average((y - prediction) ** 2, weights=w) / max(total, 1e-300))


def said(probability: np.ndarray, costs: Any = None) -> np.ndarray:
    """The place of the label that is said, (n,): the most probable, or the one of
    least expected cost. costs: (classes, classes), of saying b where the truth is a.
    """
    if costs is None:
        return probability.argmax(axis=1)
    return (probability @ np.asarray(costs, float)).argmin(axis=1)


def mean_cost(
    y: np.ndarray, probability: np.ndarray, w: np.ndarray, costs: Any, by: Any
) -> float:
    """What a row costs on average, when the labels are said by the costs `by`."""
    matrix = np.asarray(costs, float)
    return float(np.average(matrix[y.astype(int), said(probability, by)], weights=w))


def accuracy(y: np.ndarray, probability: np.ndarray, w: np.ndarray) -> float:
    """Share of rows whose most probable class is the true one."""
    return float(np.average(probability.argmax(axis=1) == y, weights=w))
