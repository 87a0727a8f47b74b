"""What the best score would be if the best had not been chosen by it.

The winner of several rungs on the same rows looks better than it is. Draw rows with
replacement, choose the winner on them, and judge it on the rows not drawn (BBC-CV:
Tsamardinos, Greasidou & Borboudakis 2018, https://doi.org/10.1007/s10994-018-5714-4).
"""

from collections.abc import Sequence

import numpy as np

from mapsto.scores import Score

DRAWS = 200


def corrected_score(
    losses: Sequence[np.ndarray], w: np.ndarray, score: Score, seed: int
) -> float:
    """The score to expect of "the best of these". losses: out of fold, (m,) each."""
    rng = np.random.default_rng(seed)
    table = np.stack(losses)
    rows = table.shape[1]
    told = []
    for _ in range(DRAWS):
        drawn = np.bincount(rng.integers(0, rows, rows), minlength=rows)
        left = w * (drawn == 0)
        if left.sum() > 0:
            winner = int(np.argmin(table @ (w * drawn)))
            told.append(score.tell(float(table[winner] @ left / left.sum())))
    return float(np.mean(told)) if told else score.tell(float(table.mean(axis=1).min()))
