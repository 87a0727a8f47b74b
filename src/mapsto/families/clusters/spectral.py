"""Groups in a lifted space: rows that are linked through others lie close there.

Each row is told by its few nearest landmarks, and the lift is the leading eigenvectors
of the graph that links rows with landmarks in common:

    z_j = exp(-‖x - c_j‖² / h²) for the r nearest landmarks c_j, 0 for the others
    u   = (z / Σz) D^(-1/2) V Λ^(-1/2),   Λ, V of D^(-1/2) Zᵀ Z D^(-1/2)

h is the distance of the r-th landmark, so that dense and thin regions are linked
alike. A row that was never seen has its z and so its place u: this is Nyström's
extension of the eigenvectors (Williams & Seeger 2000,
https://papers.nips.cc/paper/1866), in the landmark form of Chen & Cai 2011,
https://doi.org/10.1609/aaai.v25i1.7900. Groups are heaps of directions u / ‖u‖ (Ng,
Jordan & Weiss 2001, https://papers.nips.cc/paper/2092).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn import cluster

from mapsto.catalogue import GROUPINGS
from mapsto.events import Stopped, Watch
from mapsto.families.clusters.family import CHUNK, Grouping, squared_distances
from mapsto.families.clusters.kmeans import STARTS, nearest_centre

LANDMARKS = {"quick": 700, "normal": 1000, "thorough": 1500}
LINKS = 5  # landmarks that tell a row
TINY = 1e-12


def linked(parameters: Any, x: Any) -> Any:
    """z / Σz: (n, d) -> (n, landmarks)."""
    xp = x.__array_namespace__()
    squared = squared_distances(x, parameters["landmarks"])
    last = xp.sort(squared, axis=1)[:, LINKS - 1 : LINKS]
    z = xp.where(squared <= last, xp.exp(-squared / (last + TINY)), 0.0)
    return z / xp.sum(z, axis=1, keepdims=True)


def lifted(parameters: Any, x: Any) -> Any:
    """The direction of u: (n, d) -> (n, groups)."""
    xp = x.__array_namespace__()
    u = linked(parameters, x) @ parameters["lift"]
    return u / xp.sqrt(xp.sum(u * u, axis=1, keepdims=True) + TINY)


def nearest_direction(parameters: Any, x: Any) -> Any:
    """x: (n, d) -> (n, groups)."""
    return nearest_centre(parameters, lifted(parameters, x))


class Spectral:
    """Spectral clustering through landmarks."""

    name = "spectral"
    words = GROUPINGS["spectral"]
    counts = True

    def fit(
        self,
        x: np.ndarray,
        numbers: Sequence[int],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Grouping | None]:
        if watch.stopping:
            raise Stopped
        most = min(LANDMARKS[effort], max(len(x) // 2, LINKS + 1), len(x))
        landmarks = _landmarks(x, most, seed)
        if len(landmarks) < max(LINKS, *numbers):
            return [None for _ in numbers]
        lift = _lift(landmarks, x, max(numbers))
        found: list[Grouping | None] = []
        for groups in numbers:
            if watch.stopping:
                raise Stopped
            parameters = {"landmarks": landmarks, "lift": lift[:, :groups]}
            starts = range(0, len(x), CHUNK)
            u = np.concatenate([lifted(parameters, x[s : s + CHUNK]) for s in starts])
            directions = cluster.KMeans(
                groups, n_init=STARTS[effort], random_state=seed
            ).fit(u)
            spread = max(directions.inertia_ / u.size, 1e-4)
            centres = directions.cluster_centers_.astype(np.float64)
            parameters |= {"centres": centres, "variance": np.array(spread)}
            told = {"landmarks": len(landmarks)}
            found.append(Grouping(nearest_direction, parameters, told))
        return found


def _landmarks(x: np.ndarray, most: int, seed: int) -> np.ndarray:
    """A few rounds of k-means place them where the rows are: (landmarks, d)."""
    different = np.unique(x, axis=0)
    if len(different) <= most:
        return different
    found = cluster.KMeans(
        most, init="random", n_init=1, max_iter=5, random_state=seed, tol=0.0
    )
    return found.fit(x).cluster_centers_.astype(np.float64)


def _lift(landmarks: np.ndarray, x: np.ndarray, most: int) -> np.ndarray:
    """D^(-1/2) V Λ^(-1/2) for the leading directions: (landmarks, most)."""
    gram, degree = np.zeros((len(landmarks),) * 2), np.zeros(len(landmarks))
    for start in range(0, len(x), CHUNK):
        z = linked({"landmarks": landmarks}, x[start : start + CHUNK])
        gram += z.T @ z
        degree += z.sum(axis=0)
    scale = 1 / np.sqrt(np.maximum(degree, TINY))
    values, vectors = np.linalg.eigh(gram * scale[:, None] * scale)
    values, vectors = values[::-1][:most], vectors[:, ::-1][:, :most]
    signs = np.sign(vectors[np.abs(vectors).argmax(axis=0), range(most)])
    return scale[:, None] * vectors * signs / np.sqrt(np.maximum(values, TINY))
