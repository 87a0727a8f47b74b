"""How much each column matters: the loss that shuffling it adds, on unseen rows.

Permutation importance (Breiman 2001, https://doi.org/10.1023/A:1010933404324), with
each fold's function on the rows that were held out of its training. Of two columns
that tell the same, each looks dispensable.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from mapsto.data.table import positions
from mapsto.families.member import weighted_prediction
from mapsto.scores import Score
from mapsto.selection.crossval import Candidate
from mapsto.selection.problem import Problem
from mapsto.threads import side_by_side

EVALUATIONS = 10_000  # predictions in all: this is what bounds the time
LEAST_ROWS, MOST_ROWS = 20, 1500
AT_ONCE = 2_000_000  # numbers of T in one batch
MOST_COLUMNS = 200


def importance(
    problem: Problem, candidate: Candidate, rng: np.random.Generator
) -> dict[str, Any]:
    """{"columns": [{column, rise, error}], "rows"}, the largest rise first.

    rise: how much further from perfect the score of the shuffled rows is, in the
    score's units; error: its standard error over the rows.
    """
    fresh = problem.fresh
    names = [c.name for c in problem.columns]
    rows = int(np.clip(EVALUATIONS // len(names), LEAST_ROWS, MOST_ROWS))
    parts = [
        np.sort(rng.permutation(f.test)[: max(rows // len(fresh.folds), 2)])
        for f in fresh.folds
    ]
    shuffles = [rng.permutation(len(p)) for p in parts]

    def of_fold(k: int) -> tuple[np.ndarray, np.ndarray]:
        """Predictions of the rows as they are (m, …) and shuffled (columns, m, …)."""
        t = problem.t[fresh.rows[parts[k]]]

        def told(some: np.ndarray) -> np.ndarray:
            return weighted_prediction(
                candidate.folded[k], candidate.fold_weights, some
            )

        return told(t), _of_shuffled(problem, t, shuffles[k], told)

    found = side_by_side(of_fold, range(len(parts)))
    rows_of = np.concatenate(parts)
    y, w = fresh.y[rows_of], fresh.w[rows_of]
    base = problem.score.losses(y, np.concatenate([b for b, _ in found]), w)
    shuffled = np.concatenate([s for _, s in found], axis=1)
    rises = [
        _rise(problem.score, base, problem.score.losses(y, told, w), w)
        for told in shuffled
    ]
    order = sorted(range(len(names)), key=lambda j: -rises[j]["rise"])
    told = [{"column": names[j], **rises[j]} for j in order[:MOST_COLUMNS]]
    return {"columns": told, "of": len(names), "rows": len(base)}


def _of_shuffled(
    problem: Problem,
    t: np.ndarray,
    shuffle: np.ndarray,
    told: Callable[[np.ndarray], np.ndarray],
) -> np.ndarray:
    """(columns, m, …): a batch holds several columns' shuffled copies of the rows."""
    blocks = list(positions(problem.columns).values())
    each = max(1, AT_ONCE // max(t.size, 1))
    found = []
    for start in range(0, len(blocks), each):
        some = blocks[start : start + each]
        batch = np.tile(t, (len(some), 1, 1))
        for copy, block in zip(batch, some, strict=True):
            copy[:, block] = t[shuffle][:, block]
        answers = told(batch.reshape(-1, t.shape[1]))
        found.append(answers.reshape(len(some), len(t), *answers.shape[1:]))
    return np.concatenate(found)


def _rise(
    score: Score, base: np.ndarray, shuffled: np.ndarray, w: np.ndarray
) -> dict[str, float]:
    """How much further from perfect, and its error at the shuffled rows' mean loss."""
    mean, worse = np.average(base, weights=w), np.average(shuffled, weights=w)
    gap = shuffled - base
    around = gap - np.average(gap, weights=w) + max(mean, worse)
    rise = score.error(score.tell(float(worse))) - score.error(score.tell(float(mean)))
    return {"rise": float(rise), "error": float(score.standard_error(around, w))}
