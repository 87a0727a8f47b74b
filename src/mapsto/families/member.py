"""One learned function from the typed matrix to the prediction.

    T --encoding--> x --function(parameters, ·)--> eta --target.decode--> prediction

A rung keeps one member (refitted on all rows), the mean of several (one per fold),
or a weighted sum of other rungs' members (the blend).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mapsto.data.encoding import Encoding
from mapsto.data.target import Target
from mapsto.families.family import Fitted

CHUNK = 16_384  # rows evaluated at once, so that memory stays bounded,
NUMBERS = 1 << 27  # and at most so many numbers of T


@dataclass(frozen=True, eq=False)
class Member:
    """An encoding, a fitted function and the way back to the target."""

    encoding: Encoding
    fitted: Fitted
    target: Target

    def eta(self, t: Any) -> Any:
        return self.fitted.function(self.fitted.parameters, self.encoding(t))

    def __call__(self, t: Any) -> Any:
        return self.target.decode(self.eta(t))


def weighted_prediction(
    members: Sequence[Member], weights: Sequence[float], t: Any
) -> Any:
    """Σ weight · prediction: (n,) or (n, classes)."""
    total = members[0](t) * weights[0]
    for member, weight in zip(members[1:], weights[1:], strict=True):
        total = total + member(t) * weight
    return total


def in_chunks(function: Any, t: np.ndarray) -> np.ndarray:
    """function(t), a chunk of rows at a time."""
    size = max(1, min(CHUNK, NUMBERS // max(t.shape[1], 1)))
    starts = range(0, max(len(t), 1), size)
    return np.concatenate([function(t[s : s + size]) for s in starts])
