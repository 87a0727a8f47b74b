"""Groups around centres: the line among the families of groups.

    score of group k = -‖x - c_k‖² / (2 σ²)

Each row belongs to the nearest centre, so the borders are straight. Lloyd 1982,
https://doi.org/10.1109/TIT.1982.1056489. The softmax of the scores is the probability
under round heaps of equal size and spread σ.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn import cluster

from mapsto.catalogue import GROUPINGS
from mapsto.events import Stopped, Watch
from mapsto.families.clusters.family import Grouping, squared_distances

STARTS = {"quick": 4, "normal": 10, "thorough": 30}


def nearest_centre(parameters: Any, x: Any) -> Any:
    """x: (n, d) -> (n, groups)."""
    squared = squared_distances(x, parameters["centres"])
    return squared * (-0.5 / parameters["variance"])


def centres_of(
    x: np.ndarray, groups: int, starts: int, seed: int
) -> dict[str, np.ndarray]:
    """The centres (groups, d) and the variance per direction around them."""
    found = cluster.KMeans(groups, n_init=starts, random_state=seed).fit(x)
    spread = found.inertia_ / max(x.size, 1)
    return {
        "centres": found.cluster_centers_.astype(np.float64),
        "variance": np.array(max(spread, 1e-12)),
    }


class KMeans:
    """k-means on the encoded columns."""

    name = "kmeans"
    words = GROUPINGS["kmeans"]
    counts = True

    def fit(
        self,
        x: np.ndarray,
        numbers: Sequence[int],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Grouping | None]:
        found: list[Grouping | None] = []
        for groups in numbers:
            if watch.stopping:
                raise Stopped
            parameters = centres_of(x, groups, STARTS[effort], seed)
            found.append(Grouping(nearest_centre, parameters))
        return found
