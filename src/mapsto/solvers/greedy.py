"""Shares of a mean, found by adding one function at a time.

Caruana, Niculescu-Mizil, Crew & Ksikes 2004, https://doi.org/10.1145/1015330.1015432
"""

from collections.abc import Callable, Sequence

import numpy as np

DRAWS = 10


def greedy_shares(
    told: Sequence[np.ndarray], loss: Callable[[np.ndarray], float]
) -> np.ndarray:
    """Shares (functions,) that sum to 1, whole multiples of 1/draws.

    told: what each function says of the same rows. Of DRAWS functions, drawn one
    after the other and repeatedly, each makes the loss of the mean as small as it
    can; the best of these means is taken. Few draws fit little of the rows' noise.
    """
    drawn: list[int] = []
    total, losses = np.zeros_like(told[0]), []
    for k in range(1, DRAWS + 1):
        means = [loss((total + one) / k) for one in told]
        best = int(np.argmin(means))
        total = total + told[best]
        drawn.append(best)
        losses.append(means[best])
    kept = drawn[: int(np.argmin(losses)) + 1]
    return np.bincount(kept, minlength=len(told)) / len(kept)
