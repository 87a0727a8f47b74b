"""`Clusterer`: `mapsto.cluster` as a scikit-learn estimator."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np
from sklearn.base import ClusterMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from mapsto.clustering import cluster
from mapsto.estimating import Rows, dense, estimator, named, seed_of
from mapsto.selection.grouping import LEAST_ROWS


@estimator
class Clusterer(ClusterMixin, Rows):  # type: ignore[misc]
    """Groups that come back on other rows; one group, when there are none.

    `labels_` (n,) counts from 0, the largest group first; `n_clusters_` says how many
    there are, `groups_` is what `mapsto.cluster` returns, and `notices_` tells what was
    noticed in the columns.
    """

    n_clusters: int | None = None
    families: str | Sequence[str] = "auto"
    budget: float | None = None

    def fit(self, X: Any, y: Any = None) -> Self:
        """Find the groups in the rows of X, an array or a frame; y is not looked at."""
        X = dense(self, X, LEAST_ROWS)
        validate_data(self, X, reset=True, skip_check_array=True)
        raw = replace(named(self, X), frame="numpy")
        self.groups_ = cluster(
            raw,
            groups=self.n_clusters,
            families=self.families,
            effort=self.effort,
            budget=self.budget,
            kinds=self.kinds,
            seed=seed_of(self.random_state),
        )
        self.n_clusters_ = self.groups_.count
        self.notices_ = list(self.groups_.to_dict()["notices"])
        self.labels_ = self.groups_.predict(raw) - 1
        return self

    def predict(self, X: Any) -> np.ndarray:
        """The group of each row, from 0: (n,)."""
        return self._shares(X).argmax(axis=1)

    def predict_proba(self, X: Any) -> np.ndarray:
        """The probability of each group: (n, groups)."""
        return self._shares(X)

    def _shares(self, X: Any) -> np.ndarray:
        check_is_fitted(self)
        p = self.groups_.predict_proba(self._rows(X))
        return p if p.ndim == 2 else p[:, None]

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "groups_")
