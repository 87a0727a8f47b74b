"""Numbers counted by their place among the rows: a step between neighbours is one
step, however far apart their values are.

A number becomes a vector with an entry for each interval between neighbouring
quantiles, which rises from 0 to 1 across that interval (`inputs`). The squared
distance of two such vectors is the share of the rows that lie between the two
values, so exp(-‖·‖²) of several is the product of exp(-|rank differences|), which
knows the axes as trees do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mapsto.data.encoding import Feature
from mapsto.families.inputs import NUMBERS, fit_inputs

INTERVALS = 8  # of a number, at most
COORDINATES = 160  # of all numbers together, at most
LEAST_INTERVALS = 3


@dataclass(frozen=True, eq=False)
class Ranks:
    """clip((x - left) · slope, 0, 1) · height, height = 1/√intervals. Each: (width,).

    It stands beside the inputs and replaces none of them. One group for each number.
    """

    index: np.ndarray
    left: np.ndarray
    slope: np.ndarray
    height: np.ndarray
    columns: tuple[tuple[int, ...], ...]
    sizes: tuple[int, ...]
    replaces: tuple[int, ...] = ()
    words: str = "numbers by value and by rank"

    def __call__(self, x: Any) -> Any:
        xp = x.__array_namespace__()
        rise = (xp.take(x, xp.asarray(self.index), axis=1) - self.left) * self.slope
        return xp.minimum(xp.maximum(rise, 0.0), 1.0) * self.height


def ranks_of(features: Sequence[Feature], x: np.ndarray) -> Ranks | None:
    """The ranks of the numbers in x (n, d); None where there is nothing to rank."""
    numbers = [
        i
        for i, f in enumerate(features)
        if f.role in NUMBERS and len(np.unique(x[:, i])) > LEAST_INTERVALS
    ][: COORDINATES // LEAST_INTERVALS]
    if not numbers:
        return None
    most = min(INTERVALS, COORDINATES // len(numbers))
    dials = {"inputs": "quantile", "bins": most}
    found = fit_inputs([x[:, numbers]], [features[i] for i in numbers], dials, 0)
    sizes = np.bincount(found["column"], minlength=len(numbers))
    ranked = sizes > 1
    if not ranked.any():
        return None
    kept = ranked[found["column"]]
    left, slope = (found[k][0, 0].astype(float)[kept] for k in ("left", "slope"))
    height = 1 / np.sqrt(sizes[found["column"]][kept])
    columns = tuple((numbers[k],) for k in np.flatnonzero(ranked))
    index = np.array(numbers)[found["column"]][kept]
    return Ranks(index, left, slope, height, columns, tuple(sizes[ranked].tolist()))
