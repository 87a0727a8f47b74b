"""Groups as dense regions with thin ones between them: HDBSCAN.

Campello, Moulavi & Sander 2013, https://doi.org/10.1007/978-3-642-37456-2_14. It
finds how many groups there are by itself; the smallest size of a group is the dial,
and the one that gives the wanted number with the fewest stray rows is taken.

    score of group k = -min_j ‖x - x_j‖² / (2 h²) over rows x_j of group k

A row that it leaves out as stray, or that was never seen, goes to the group of the
nearest row; how near it is tells the probability.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn import cluster

from mapsto.catalogue import GROUPINGS
from mapsto.events import Stopped, Watch
from mapsto.families.clusters.family import Grouping, squared_distances

MOST_ROWS = 2000  # its memory grows with their square
SIZES = {
    "quick": (0.02, 0.05, 0.1),
    "normal": (0.005, 0.01, 0.02, 0.05, 0.1),
    "thorough": (0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15),
}
LEAST = 5  # rows of a group
SAMPLES = 5  # neighbours by which density is measured


def nearest_member(parameters: Any, x: Any) -> Any:
    """x: (n, d) -> (n, groups)."""
    xp = x.__array_namespace__()
    told = [
        xp.min(squared_distances(x, members), axis=1)
        for members in parameters["members"]
    ]
    return xp.stack(told, axis=1) * (-0.5 / parameters["variance"])


class Density:
    """HDBSCAN, and the nearest member for rows to come."""

    name = "density"
    words = GROUPINGS["density"]
    counts = False

    def fit(
        self,
        x: np.ndarray,
        numbers: Sequence[int],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Grouping | None]:
        rng = np.random.default_rng(seed)
        if len(x) > MOST_ROWS:
            x = x[np.sort(rng.choice(len(x), MOST_ROWS, replace=False))]
        sizes = sorted({max(LEAST, round(share * len(x))) for share in SIZES[effort]})
        tried = {}
        for smallest in sizes:
            if watch.stopping:
                raise Stopped
            tried[smallest] = cluster.HDBSCAN(
                min_cluster_size=smallest,
                min_samples=min(SAMPLES, len(x)),
                copy=True,
            ).fit_predict(x)
        return [_with(x, groups, tried) for groups in numbers]


def _with(x: np.ndarray, groups: int, tried: dict[int, np.ndarray]) -> Grouping | None:
    """Of the results with so many groups, the one of the fewest stray rows."""
    fitting = {size: r for size, r in tried.items() if r.max() + 1 == groups}
    if not fitting:
        return None
    smallest, labels = min(fitting.items(), key=lambda item: (item[1] < 0).mean())
    members = [x[labels == k] for k in range(groups)]
    near = [
        np.sort(squared_distances(some, some), axis=1)[:, 1:2].mean()
        for some in members
    ]
    return Grouping(
        nearest_member,
        {"members": members, "variance": np.array(max(np.median(near), 1e-9))},
        {"smallest": smallest, "stray": round(100 * float((labels < 0).mean()))},
    )
