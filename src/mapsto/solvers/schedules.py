"""How the size of a step changes while training goes from t = 0 to t = 1.

Each maps an array of t to factors in [0, 1], and all but `constant` end at 0.
"""

from collections.abc import Callable

import numpy as np

CYCLE_ENDS = (1 / 15, 3 / 15, 7 / 15, 1.0)
"""Where the four cycles of `coslog4` come down to 0."""


def coslog4(t: np.ndarray) -> np.ndarray:
    """½ (1 - cos(2π log₂(1 + 15 t))): four cycles, each twice as long as the one
    before it, so that four lengths of training are tried in one run (RealMLP,
    https://arxiv.org/abs/2407.04491)."""
    return 0.5 * (1 - np.cos(2 * np.pi * np.log2(1 + 15 * t)))


def cosine(t: np.ndarray) -> np.ndarray:
    """Up within the first twentieth, then along half a cosine down to 0."""
    return np.minimum(20 * t, 0.5 * (1 + np.cos(np.pi * t)))


def flat_cosine(t: np.ndarray) -> np.ndarray:
    """1 in the first half, then along half a cosine down to 0."""
    return np.where(t < 0.5, 1.0, 0.5 * (1 - np.cos(2 * np.pi * t)))


def constant(t: np.ndarray) -> np.ndarray:
    """1 throughout."""
    return np.ones_like(t)


SCHEDULES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "coslog4": coslog4,
    "cosine": cosine,
    "flat_cosine": flat_cosine,
    "constant": constant,
}
