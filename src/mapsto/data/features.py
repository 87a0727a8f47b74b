"""What an encoding is made of: blocks, each of which gives some columns of x."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Feature:
    """One column of x.

    `role`: "number", "missing" (indicator), "level" (one-hot), "mean" (target mean
    of the level), "code" (level index, for embeddings; 0 is missing or unseen),
    "elapsed" and "cycle" (dates), "text"; "area", "patch" and "pixel" (pictures, with
    their side as `levels`), "told" (by a backbone). A raw number v is in x as
    (v - center) / scale (clipped smoothly when the plan says so).

    `monotone`: +1 or -1 where eta must rise or fall with it, else 0. Such a number is
    shown as it is, rising with v, and such a date without its cycles. An indicator of
    missing values is free: a missing value stands outside the order.
    """

    name: str
    column: str
    role: str
    center: float = 0.0
    scale: float = 1.0
    levels: int = 0
    monotone: int = 0


@dataclass(frozen=True, eq=False)
class Block:
    """One encoder: `function(state, T)` gives its columns of x.

    `function` is a module-level function of `encoding` or `picture_encoding`, and
    `state` its arrays.
    """

    function: Callable[[Any, Any], Any]
    state: dict[str, np.ndarray]
    features: tuple[Feature, ...]
