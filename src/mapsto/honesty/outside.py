"""Which rows lie outside what was seen in training."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mapsto.data.table import Column


def fit_limits(columns: Sequence[Column]) -> dict[str, np.ndarray]:
    """For each column of T: the lowest and highest value seen, and whether missing
    values were. A category's index is -1 for an unseen level, so its lowest is 0."""
    low, high, missing = [], [], []
    for column in columns:
        text = column.kind.endswith("text") or column.kind == "picture"
        unlimited = text or column.kind == "category"
        floor = 0.0 if column.kind == "category" else column.low
        low += [-np.inf if text or floor is None else floor] * column.width
        high += [
            np.inf if unlimited or column.high is None else column.high
        ] * column.width
        missing += [column.has_missing or text] * column.width
    return {"low": np.array(low), "high": np.array(high), "missing": np.array(missing)}


def outside(limits: Any, t: Any) -> Any:
    """True where a number is beyond the range seen, a level is new, or a value is
    missing in a column that was always known. t: (n, width) -> bool (n,)."""
    xp = t.__array_namespace__()
    beyond = (t < limits["low"]) | (t > limits["high"])
    unknown = xp.isnan(t) & ~xp.asarray(limits["missing"])
    return xp.any(beyond | unknown, axis=1)
