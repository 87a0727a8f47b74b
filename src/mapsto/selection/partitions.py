"""How alike two groupings of the same rows are, and how well one is kept apart."""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_mutual_info_score


def cross_table(a: np.ndarray, b: np.ndarray, groups: int = 0) -> np.ndarray:
    """How many rows are in group i of a and j of b: (groups of a, groups of b)."""
    many = max(groups, int(a.max()) + 1), max(groups, int(b.max()) + 1)
    return np.bincount(a * many[1] + b, minlength=many[0] * many[1]).reshape(many)


def prediction_strength(told: np.ndarray, own: np.ndarray) -> float:
    """Of the pairs of rows in one group of `own`, how many are in one group of `told`:
    the mean share over the rows. A group of a single row has none to lose.

    Tibshirani & Walther 2005, https://doi.org/10.1198/106186005X59243, eq. (2).
    """
    table = cross_table(own, told)
    size = table.sum(axis=1)
    pairs, kept = size * (size - 1), (table * (table - 1)).sum(axis=1)
    shares = kept[pairs > 0] / pairs[pairs > 0]
    return float(np.average(shares, weights=size[pairs > 0])) if len(shares) else 0.0


def matched(reference: np.ndarray, other: np.ndarray, groups: int) -> np.ndarray:
    """For each group of `reference`, the group of `other` that is most like it, each
    taken once: (groups,)."""
    overlap = cross_table(reference, other, groups)
    return linear_sum_assignment(-overlap)[1][:groups]


def jaccard(a: np.ndarray, b: np.ndarray) -> float:
    """Rows in both over rows in either; bool (n,) twice."""
    either = int((a | b).sum())
    return float((a & b).sum() / either) if either else 0.0


def agreement(a: np.ndarray, b: np.ndarray) -> float:
    """Adjusted mutual information: 1 for the same groups, 0 for chance (Vinh, Epps &
    Bailey 2010, https://doi.org/10.5555/1756006.1953024)."""
    return float(adjusted_mutual_info_score(a, b))


def mean_agreement(one: np.ndarray, others: Sequence[np.ndarray]) -> float:
    """With each of the others, on average; 1 where there are none."""
    told = [agreement(one, other) for other in others]
    return float(np.mean(told)) if told else 1.0


def cut(labels: np.ndarray, near: np.ndarray) -> float:
    """The share of neighbours that are in another group, of what it would be if
    neighbours were strangers: 0 is apart, 1 is no border at all.

    near: (n, neighbours) indices of rows.
    """
    share = np.bincount(labels) / len(labels)
    strangers = 1 - float((share**2).sum())
    crossing = float((labels[near] != labels[:, None]).mean())
    return crossing / strangers if strangers > 0 else 1.0
