"""Scores of scikit-learn, as numbers to choose by.

A scorer such as r2 or roc_auc judges all rows at once. Each row's part in it is its
influence, found by leaving rows out (the jackknife: Efron & Tibshirani 1993, *An
Introduction to the Bootstrap*, chapter 11):

    S + (S − S₋g) (W − W_g) / W_g ,   W the sum of weights, g a group of rows

Minus this is the row's loss. For a mean of losses it is that loss itself; for other
scores, standard errors and paired differences are those of the linearised score.
Of many rows, those that are alike (in the target and in what is missed) are left out
together.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import get_scorer, get_scorer_names

from mapsto import catalogue
from mapsto.errors import OptionError
from mapsto.scores import CLASSIFICATION, REGRESSION, Score, named, spread_of_mean

GROUPS, GROUPS_OF_MANY = 300, 40
ROWS = 3_000_000  # judged in all, whatever the number of groups
STRATA = 15  # of the target, within which rows are alike by what is missed
FOR_QUANTITIES, FOR_CLASSES = ("_regression",), ("_classification", "_ranking")
SOME = {
    0: ("r2", "neg_mean_absolute_error", "neg_median_absolute_error"),
    1: ("accuracy", "roc_auc", "f1", "average_precision"),
}


def score_of(score: Any, labels: np.ndarray) -> Score:
    """The score that was asked for: a name of ours, a name of scikit-learn's, or a
    scorer, which is called with (estimator, rows, truth). labels: none for quantities.

    A scorer that is named sees classes as 0, 1, …, so that of two the second is the
    positive one; a scorer that is given sees the labels.
    """
    classes = len(labels)
    if isinstance(score, str):
        if known := named(score, classes):
            return known
        if score not in get_scorer_names():
            raise _unknown(score, classes)
        shown: Any = np.arange(classes)
        return _checked(Scorer(score, get_scorer(score), shown), classes)
    if not callable(score):
        raise _unknown(score, classes)
    return _checked(Scorer(_name(score), score, labels), classes)


def _name(scorer: Any) -> str:
    function = getattr(scorer, "_score_func", scorer)
    name = str(getattr(function, "__name__", type(function).__name__))
    return f"neg_{name}" if getattr(scorer, "_sign", 1) < 0 else name


def _checked(scorer: "Scorer", classes: int) -> "Scorer":
    function = getattr(scorer.scorer, "_score_func", None)
    room = str(getattr(function, "__module__", "")).rpartition(".")[2]
    fitting = FOR_CLASSES if classes else FOR_QUANTITIES
    other = FOR_QUANTITIES if classes else FOR_CLASSES
    if room in other or (room.startswith("_") and room not in fitting):
        what = "classes" if classes else "quantities"
        raise _bad(scorer.name, f"it does not judge predictions of {what}")
    return scorer


def _unknown(score: Any, classes: int) -> OptionError:
    own = list(CLASSIFICATION if classes else REGRESSION)
    some = ", ".join(SOME[min(classes, 1)])
    return OptionError(
        "option-unknown",
        option="score",
        value=score,
        near=catalogue.near(str(score), [*own, *get_scorer_names()]),
        choices=f"auto, {', '.join(own)}, or a scorer of scikit-learn ({some}, …)",
    )


def _bad(name: str, problem: str) -> OptionError:
    return OptionError("option-bad", option="score", value=name, problem=problem)


@dataclass(frozen=True, eq=False)
class Scorer:
    """A scorer of scikit-learn's kind, of which more is better.

    `labels`: how the classes are told to it; empty for quantities.
    """

    name: str
    scorer: Any
    labels: np.ndarray

    def of(self, y: np.ndarray, prediction: np.ndarray, w: np.ndarray) -> float:
        """The scorer's own value on these rows."""
        try:
            value = float(self._value(y, prediction, w))
        except (TypeError, ValueError) as error:
            problem = str(error).strip().rstrip(".").partition("\n")[0]
            raise _bad(self.name, problem) from error
        if not np.isfinite(value):
            raise _bad(self.name, "it gives no number for these rows")
        return value

    def losses(
        self, y: np.ndarray, prediction: np.ndarray, w: np.ndarray
    ) -> np.ndarray:
        """Minus each row's part in the score, so that their mean is minus the score."""
        whole, total = self.of(y, prediction, w), w.sum()
        influence = np.zeros(len(y))
        most = int(np.clip(ROWS // len(y), GROUPS_OF_MANY, GROUPS))
        for group in np.array_split(self._alike(y, prediction), min(most, len(y))):
            rest = np.delete(np.arange(len(y)), group)
            own = w[group].sum()
            if own == 0 or not self._judges(y, rest):
                continue
            without = self.of(y[rest], prediction[rest], w[rest])
            influence[group] = (whole - without) * (total - own) / own
        return -(whole + influence - np.average(influence, weights=w))

    def tell(self, mean: float) -> float:
        return -mean

    def error(self, shown: float) -> float:
        """How far it is from perfect, which is 0 for what is negated and else 1."""
        return (0.0 if self.name.startswith("neg_") else 1.0) - shown

    def standard_error(self, losses: np.ndarray, w: np.ndarray) -> float:
        return spread_of_mean(losses, w)

    def _judges(self, y: np.ndarray, rows: np.ndarray) -> bool:
        """Is no class gone, so that the score is defined?"""
        return len(rows) > 1 and (
            not len(self.labels) or len(np.unique(y[rows])) == len(np.unique(y))
        )

    def _alike(self, y: np.ndarray, prediction: np.ndarray) -> np.ndarray:
        """The rows in an order in which neighbours are alike."""
        if len(self.labels):
            return np.lexsort((prediction[np.arange(len(y)), y.astype(int)], y))
        rank = np.argsort(np.argsort(y, kind="stable"), kind="stable")
        return np.lexsort((y - prediction, rank * STRATA // len(y)))

    def _value(self, y: np.ndarray, prediction: np.ndarray, w: np.ndarray) -> Any:
        """Weights are handed on where they differ."""
        given: Mapping[str, Any] = {} if np.ptp(w) == 0 else {"sample_weight": w}
        rows = np.arange(len(y))[:, None]
        with warnings.catch_warnings():
            # Of a constant prediction, precision and its like are told as 0.
            warnings.simplefilter("ignore", UndefinedMetricWarning)
            if not len(self.labels):
                return self.scorer(_Quantities(prediction), rows, y, **given)
            truth = self.labels[y.astype(int)]
            return self.scorer(_Classes(prediction, self.labels), rows, truth, **given)


class _Quantities(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """Known predictions, as the estimator that a scorer asks for them."""

    def __init__(self, told: np.ndarray):
        self.told = told

    def predict(self, rows: np.ndarray) -> np.ndarray:
        return self.told[rows[:, 0]]


class _Classes(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Known probabilities (n, classes), as the estimator that a scorer asks."""

    def __init__(self, told: np.ndarray, labels: np.ndarray):
        self.told, self.classes_ = told, labels

    def predict_proba(self, rows: np.ndarray) -> np.ndarray:
        return self.told[rows[:, 0]]

    def predict(self, rows: np.ndarray) -> np.ndarray:
        return self.classes_[self.told[rows[:, 0]].argmax(axis=1)]
