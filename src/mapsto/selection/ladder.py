"""The ladder's two answers: the most accurate function, and the simplest adequate.

This file holds the rule, and nothing else does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mapsto.data.split import Fold
from mapsto.scores import Score


@dataclass(frozen=True)
class Choice:
    """Names of the two rungs, and which clause made the simplest adequate.

    `clause`: "best" (it is the best itself), "gain" (keeps at least 1 - adequate of
    the best's gain over the constant) or "error" (within one standard error).
    `share` is the part of the gain that it keeps.
    """

    best: str
    simplest: str
    clause: str
    share: float


def choose(
    names: Sequence[str],
    losses: Sequence[np.ndarray],
    w: np.ndarray,
    folds: Sequence[Fold],
    score: Score,
    adequate: float,
) -> Choice:
    """Best: the lowest out-of-fold loss. Simplest adequate: the lowest rung, never
    the blend, that keeps at least 1 - `adequate` of the best's gain over the
    constant, or whose paired loss difference from the best is within one standard
    error. `losses`: out-of-fold loss per row of each rung, in the ladder's order,
    the constant first.
    """
    means = [float(np.average(loss, weights=w)) for loss in losses]
    best = int(np.argmin(means))
    told = [score.error(score.tell(m)) for m in means]
    for k, name in enumerate(names):
        if name == "blend":
            continue
        share = _share(told[0], told[k], told[best])
        if k == best:
            return Choice(names[best], name, "best", 1.0)
        if share >= 1 - adequate and told[0] > told[best]:
            return Choice(names[best], name, "gain", share)
        difference, error = paired_difference(losses[k], losses[best], w, folds)
        if difference <= error:
            return Choice(names[best], name, "error", share)
    return Choice(names[best], names[best], "best", 1.0)


def _share(constant: float, rung: float, best: float) -> float:
    """The part of the best's gain over the constant that a rung keeps."""
    gain = constant - best
    return (constant - rung) / gain if gain > 0 else 1.0


def paired_difference(
    losses: np.ndarray, other: np.ndarray, w: np.ndarray, folds: Sequence[Fold]
) -> tuple[float, float]:
    """Mean difference of two losses over the folds, and its standard error.

    Corrected for overlapping training sets: variance (1/K + n_test/n_train)·s²
    (Nadeau & Bengio 2003, https://doi.org/10.1023/A:1024068626366).
    """
    gaps = losses - other
    means = np.array([np.average(gaps[f.test], weights=w[f.test]) for f in folds])
    ratio = float(np.mean([len(f.test) / len(f.train) for f in folds]))
    error = float(np.sqrt((1 / len(folds) + ratio) * means.var(ddof=1)))
    return float(np.average(gaps, weights=w)), error
