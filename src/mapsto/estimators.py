"""The scikit-learn face: each family, and the ladder, as a regressor and a classifier.

    make_pipeline(StandardScaler(), LineRegressor())
    GridSearchCV(StepsClassifier(), {"leaves": [7, 31]})

A family's estimator fits its function to every row and holds none out: whoever
searches or cross-validates does that. A ladder's estimator is `mapsto.fit`. The
arguments are the families' dials; None means that it is chosen on the data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from mapsto import catalogue
from mapsto.data.raw import Raw, cells, missing
from mapsto.data.target_values import LEAST_PER_CLASS
from mapsto.estimating import (
    DIAL,
    Classifier,
    Estimator,
    OneFamily,
    Regressor,
    arguments,
    estimator,
    seed_of,
)
from mapsto.events import Noticed
from mapsto.fitting import fit
from mapsto.selection.costs import cost_matrix


class _Terms(OneFamily):
    """A sum of terms tells them and their coefficients."""

    @property
    def terms_(self) -> list[str]:
        """What each coefficient multiplies: a column, a level, x0², …"""
        return list(self.details_["terms"]["features"])

    @property
    def coef_(self) -> np.ndarray:
        """Per unit of each term, in the target's units (of its logarithm, where the
        target is fitted in log space): (terms,). Of log-odds: (outputs, terms)."""
        beta = np.array(self.details_["terms"]["coefficients"])
        beta = beta.T * self.member_.target.scale
        return beta if self.member_.target.classes else beta[0]

    @property
    def intercept_(self) -> Any:
        """A number; of log-odds: (outputs,)."""
        target = self.member_.target
        b = np.array(self.details_["terms"]["intercept"]) * target.scale + target.center
        return b if target.classes else float(b[0])


@arguments
class _Line(_Terms):
    family = "line"
    penalty: float | None = DIAL
    monotone: Mapping[str, int] | None = None


@estimator
class LineRegressor(Regressor, _Line):
    """Ridge regression; the penalty is chosen by leaving one row out."""

    target: str | None = None


@estimator
class LineClassifier(Classifier, _Line):
    """Logistic regression, of two classes or more, with a ridge."""


@arguments
class _Formula(_Terms):
    family = "formula"
    terms: int | None = DIAL
    parsimony: float = DIAL
    functions: Sequence[str] = DIAL


@estimator
class FormulaRegressor(Regressor, _Formula):
    """A short sum of powers, logarithms, exponentials, waves and their products."""

    target: str | None = None


@estimator
class FormulaClassifier(Classifier, _Formula):
    """Log-odds that are a short sum of powers, logarithms, waves and products."""


@arguments
class _Curve(OneFamily):
    family = "curve"
    segments: int | None = DIAL
    jumps: int | None = DIAL
    smoothness: float = DIAL
    surfaces: int | None = DIAL
    monotone: Mapping[str, int] | None = None


@estimator
class CurveRegressor(Regressor, _Curve):
    """A sum of curves, one per number, smooth or with jumps, and surfaces of two."""

    target: str | None = None


@estimator
class CurveClassifier(Classifier, _Curve):
    """Log-odds that are a sum of curves, smooth or with jumps."""


@arguments
class _Steps(OneFamily):
    family = "steps"
    trees: Sequence[str] | None = DIAL
    rounds: int | Mapping[str, int] | None = DIAL
    shares: Mapping[str, float] | None = DIAL
    learning_rate: float | None = DIAL
    leaves: int | None = DIAL
    leaf_rows: int | None = DIAL
    row_share: float | None = DIAL
    column_share: float | None = DIAL
    penalty: float | None = DIAL
    smoothing: float | None = DIAL
    random_thresholds: bool | None = DIAL
    monotone: Mapping[str, int] | None = None


@estimator
class StepsRegressor(Regressor, _Steps):
    """A sum of step functions: gradient-boosted trees."""

    target: str | None = None


@estimator
class StepsClassifier(Classifier, _Steps):
    """Log-odds that are a sum of step functions: gradient-boosted trees."""


@arguments
class _Space(OneFamily):
    family = "space"
    door: str | None = DIAL
    map: str | None = DIAL
    degree: int | None = DIAL
    kernel: str | None = DIAL
    bandwidth: float | None = DIAL
    exponent: float | None = DIAL
    metric: str | None = DIAL
    centres: int | None = DIAL
    penalty: float | None = DIAL


@estimator
class SpaceRegressor(Regressor, _Space):
    """Ridge regression in a lift, or by nearness with a metric that is learned."""

    target: str | None = None


@estimator
class SpaceClassifier(Classifier, _Space):
    """Logistic regression in a lift, or by nearness with a metric that is learned."""


@arguments
class _Network(OneFamily):
    family = "network"
    solver: str | None = DIAL
    hidden: Sequence[int] | None = DIAL
    activation: str | None = DIAL
    inputs: str | None = DIAL
    bins: int | None = DIAL
    frequencies: int = DIAL
    spread: float = DIAL
    embedding: int = DIAL
    residual: bool = DIAL
    learning_rate: float | None = DIAL
    schedule: str = DIAL
    epochs: int | None = DIAL
    stopping: str | None = DIAL
    batch: int | None = DIAL
    dropout: float = DIAL
    weight_decay: float = DIAL
    label_smoothing: float = DIAL
    averaging: int = DIAL
    members: int | None = DIAL
    monotone: Mapping[str, int] | None = None


@estimator
class NetworkRegressor(Regressor, _Network):
    """Layers of neurons, trained by descent; the epoch is chosen on held-out rows."""

    target: str | None = None


@estimator
class NetworkClassifier(Classifier, _Network):
    """Layers of neurons that give log-odds, trained by descent."""


# ── the ladder ──


@arguments
class _Ladder(Estimator):
    """`mapsto.fit` on the same rows; `model_` is the model it returns."""

    families: str | Sequence[str] = "auto"
    hyperparameters: Mapping[str, Mapping[str, Any]] | None = None
    score_by: Any = "auto"
    budget: float | None = None
    validation: Any = None
    monotone: Mapping[str, int] | None = None
    adequate: float = 0.05
    use: str = "best"

    def _climb(
        self,
        raw: Raw,
        y: np.ndarray,
        w: np.ndarray,
        name: str,
        task: str,
        costs: Mapping[Any, float] | None = None,
    ) -> None:
        self.model_ = fit(
            replace(raw, columns={**raw.columns, name: cells(y)}),
            name,
            task=task,
            families=self.families,
            hyperparameters=self.hyperparameters,
            score=self.score_by,
            effort=self.effort,
            budget=self.budget,
            validation=self.validation,
            weights=w,
            kinds=self.kinds,
            monotone=self.monotone,
            costs=costs,
            adequate=self.adequate,
            use=self.use,
            seed=seed_of(self.random_state),
        )
        self.notices_ = list(self.model_.to_dict()["notices"])

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")


@estimator
class LadderRegressor(Regressor, _Ladder):
    """Climbs from a constant to a network and predicts with the best function."""

    def _learn(self, raw: Raw, y: np.ndarray, w: np.ndarray, name: str) -> None:
        self._climb(raw, y, w, name, "regression")

    def _told(self, rows: Raw) -> np.ndarray:
        return self.model_.predict(rows)


@estimator
class LadderClassifier(Classifier, _Ladder):
    """Climbs from a constant to a network and predicts with the best function.

    A class of very few rows cannot be judged: its probability is its share of the
    rows, whatever the columns say, and `notices_` tells it.
    """

    costs: Mapping[Any, float] | None = None

    def _learn(self, raw: Raw, y: np.ndarray, w: np.ndarray, name: str) -> None:
        many = np.bincount(y) >= LEAST_PER_CLASS
        many |= many.sum() < 2  # too few to choose from: `fit` says what is wrong
        seen = many[y]
        kept = _kept_as_they_are(self.classes_)
        told = self.classes_[y] if kept else y
        self.costs_ = cost_matrix(self.costs, self.classes_)
        costs = self.costs if kept and many.all() else None
        self._climb(raw.take(seen), told[seen], w[seen], name, "classification", costs)
        self._learned = np.flatnonzero(many)
        self._shares = np.where(many, 0.0, np.bincount(y, w) / w.sum())
        if not many.all():
            few = catalogue.listed([str(c) for c in self.classes_[~many]])
            told = {"classes": few, "least": LEAST_PER_CLASS}
            self.notices_.append(Noticed("classes-of-few-rows", told).sentence)

    def _told(self, rows: Raw) -> np.ndarray:
        learned = self.model_.predict_proba(rows)
        told = np.tile(self._shares, (len(learned), 1))
        told[:, self._learned] = learned * (1 - self._shares.sum())
        return told


def _kept_as_they_are(labels: np.ndarray) -> bool:
    """Does a table tell these labels apart, in this order? Not " a" from "a", and
    "NA" is no value there. Otherwise it is given their places instead."""
    told = cells(labels)
    values = told.tolist()
    return not missing(told).any() and values == sorted(set(values))
