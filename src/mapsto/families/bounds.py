"""The range of a target, beyond which nothing is predicted."""

from typing import Any

import numpy as np

MARGIN = 0.05  # of the range, at both of its ends


def seen_range(y: np.ndarray, dtype: Any, margin: float = MARGIN) -> dict[str, Any]:
    """The parameters of `within`: the range of y (n,), and a margin (its share)."""
    more = margin * np.ptp(y)
    return {"low": dtype(y.min() - more), "high": dtype(y.max() + more)}


def within(parameters: Any, eta: Any) -> Any:
    """eta, held to the range."""
    xp = eta.__array_namespace__()
    return xp.minimum(xp.maximum(eta, parameters["low"]), parameters["high"])
