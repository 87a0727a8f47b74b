"""The space in which rows are near or far: the encoded columns, each with its weight.

    typed matrix T --encoding--> features --weights--> x

A number is centred at its median, scaled by its quartiles and clipped smoothly, a
level is 0 or 1, and gaps have a column of their own. No column has more weight than
another for being told in many features. Numbers of one unit (pixels, marks from 1 to
5) keep their relative spread, which tells how much each matters. Of a picture, small
ones are seen pixel by pixel, others by the patterns in each quarter, on their leading
directions; or by what a backbone tells.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mapsto.data.encoding import Encoding, Feature, Plan, fit_encoding
from mapsto.data.table import Column

PLAN = Plan(clip=True, many="one-hot")
SMALL = 16  # pixels: larger pictures of one thing may differ in every pixel
GAP = 0.5  # weight of "is missing": a gap says less than a value
MOST_SPREAD = 0.5  # variance of a column in many features: that of a scaled number
LEAST_OF_A_UNIT = 8  # so many columns make a unit


@dataclass(frozen=True, eq=False)
class GroupSpace:
    """A function from T (n, width) to x (n, d). weights: (d,)."""

    encoding: Encoding
    weights: np.ndarray

    @property
    def features(self) -> tuple[Feature, ...]:
        return self.encoding.features

    def __call__(self, t: Any) -> Any:
        return self.encoding(t) * self.weights


def fit_space(columns: Sequence[Column], t: np.ndarray) -> tuple[GroupSpace, bool]:
    """The space of these rows, and whether the numbers are of one unit."""
    n = len(t)
    unit = of_one_unit(columns)
    sides = [c.parse["side"] for c in columns if c.kind == "picture"]
    look = "pixels" if max(sides, default=0) <= SMALL else "patches"
    plan = replace(PLAN, clip=not unit, pictures=look)
    encoding, x = fit_encoding(columns, t, np.zeros(n), np.ones(n), plan, 0)
    features = encoding.features
    gaps = np.array([f.role == "missing" for f in features])
    weights = np.where(gaps, GAP, 1.0)
    if unit:
        scales = np.array([f.scale for f in features])
        numbers = np.array([f.role == "number" for f in features])
        numbers &= np.isfinite(scales)
        weights[numbers] = scales[numbers] / scales[numbers].max()
    owners = np.array([f.column for f in features])
    if len(columns) == 1 and sides:
        weights /= max(float(x.std(axis=0).max()), 1e-12)
        return GroupSpace(encoding, weights), unit
    for name in np.unique(owners):
        mine = owners == name
        if mine.sum() > 1:
            spread = (x[:, mine] * weights[mine]).var(axis=0).sum()
            weights[mine] /= max(1.0, float((spread / MOST_SPREAD) ** 0.5))
    return GroupSpace(encoding, weights), unit


def of_one_unit(columns: Sequence[Column]) -> bool:
    """Do most numbers have the same least and greatest value, and none another reach?

    So it is with pixels, marks and counts out of a fixed number.
    """
    numbers = [c for c in columns if c.kind == "number"]
    if len(numbers) < LEAST_OF_A_UNIT:
        return False
    ends = Counter((c.low, c.high) for c in numbers)
    (low, high), count = ends.most_common(1)[0]
    if low is None or high is None or count < len(numbers) / 2:
        return False
    known = [(c.low, c.high) for c in numbers if c.low is not None]
    return all(low <= a and b is not None and b <= high for a, b in known)
