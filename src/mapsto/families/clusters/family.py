"""What every family of groups gives, and what it is given.

A family says which space makes the groups plain. There is no target:

    typed matrix T --encoding--> x --function(parameters, ·)--> one score per group

A `function(parameters, x)` is pure and written once, in the array-API style, like
those of the other families: it groups rows that were never seen, runs on NumPy, and
is traced into the graph that is shipped. The softmax of its scores are the
probabilities of the groups.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from mapsto.events import Watch


@dataclass(frozen=True, eq=False)
class Grouping:
    """A fitted function from encoded rows to groups.

    `function(parameters, x)` maps (n, d) to scores (n, groups); `parameters` is a
    pytree of NumPy arrays.
    """

    function: Callable[[Any, Any], Any]
    parameters: Any
    hyperparameters: Mapping[str, Any] = field(default_factory=dict)

    def scores(self, x: np.ndarray) -> np.ndarray:
        """(n, d) -> (n, groups)."""
        starts = range(0, max(len(x), 1), CHUNK)
        parts = [self.function(self.parameters, x[s : s + CHUNK]) for s in starts]
        return np.concatenate(parts)

    def labels(self, x: np.ndarray) -> np.ndarray:
        """(n, d) -> (n,), the most probable group of each row, from 0."""
        return self.scores(x).argmax(axis=1)


CHUNK = 4096  # rows at once, so that memory stays bounded


class GroupFamily(Protocol):
    """A form of groups and how to find them."""

    name: str
    words: str
    counts: bool
    """Whether it is quick enough to be asked for every number of groups."""

    def fit(
        self,
        x: np.ndarray,
        numbers: Sequence[int],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Grouping | None]:
        """A grouping of the rows x (n, d) for each number of groups; None where this
        family finds no such groups. Raises `events.Stopped` when asked to stop."""
        ...


def squared_distances(x: Any, centres: Any) -> Any:
    """‖x - c‖² = ‖x‖² - 2 x·c + ‖c‖²: (n, d), (m, d) -> (n, m), never negative."""
    xp = x.__array_namespace__()
    long = xp.sum(x * x, axis=1, keepdims=True)
    squared = long - 2.0 * (x @ centres.T) + xp.sum(centres * centres, axis=1)
    return xp.maximum(squared, 0.0)
