"""Groups as heaps of their own size, spread and tilt: a mixture of Gaussians.

    score of group k = log π_k + log N(x | μ_k, Σ_k)

Fitted by expectation and maximisation (Dempster, Laird & Rubin 1977,
https://doi.org/10.1111/j.2517-6161.1977.tb01600.x). Which shape the Σ_k share is
chosen by the Bayesian information criterion (Fraley & Raftery 2002,
https://doi.org/10.1198/016214502760047131).
"""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from mapsto.catalogue import GROUPINGS
from mapsto.events import Stopped, Watch
from mapsto.families.clusters.family import Grouping

SHAPES = ("full", "tied", "diag")
FLOOR = 1e-3  # of the variance of a standardised column: no heap collapses to a row
STARTS = {"quick": 1, "normal": 3, "thorough": 10}
MOST_ENTRIES = 4_000_000  # of all covariance matrices together, in the file


def heaps(parameters: Any, x: Any) -> Any:
    """x: (n, d) -> (n, groups). `root` U_k: (groups, d, d) with Σ_k⁻¹ = U_k U_kᵀ."""
    xp = x.__array_namespace__()
    told = []
    for centre, root, level in zip(
        parameters["centres"], parameters["root"], parameters["level"], strict=True
    ):
        z = (x - centre) @ root if root.ndim == 2 else (x - centre) * root
        told.append(level - 0.5 * xp.sum(z * z, axis=1))
    return xp.stack(told, axis=1)


class Mixture:
    """A mixture of Gaussians."""

    name = "mixture"
    words = GROUPINGS["mixture"]
    counts = True

    def fit(
        self,
        x: np.ndarray,
        numbers: Sequence[int],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Grouping | None]:
        many = len(numbers) > 1
        starts = 1 if many else STARTS[effort]
        shapes: tuple[str, ...] = SHAPES
        if many:  # the shape is chosen once, at a middle number of groups
            middle = numbers[min(1, len(numbers) - 1)]
            shapes = (self._best(x, middle, SHAPES, 1, seed, watch)[1],)
        found: list[Grouping | None] = []
        for groups in numbers:
            model, shape = self._best(x, groups, shapes, starts, seed, watch)
            found.append(Grouping(heaps, _parameters(model, shape), {"shape": shape}))
        return found

    def _best(
        self,
        x: np.ndarray,
        groups: int,
        shapes: Sequence[str],
        starts: int,
        seed: int,
        watch: Watch,
    ) -> tuple[GaussianMixture, str]:
        tried = []
        for shape in shapes:
            if watch.stopping:
                raise Stopped
            if shape == "full" and groups * x.shape[1] ** 2 > MOST_ENTRIES:
                continue
            model = GaussianMixture(
                groups,
                covariance_type=shape,
                n_init=starts,
                reg_covar=FLOOR,
                random_state=seed,
            )
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                tried.append((model.fit(x), shape))
        return min(tried, key=lambda m: m[0].bic(x)) if len(tried) > 1 else tried[0]


def _parameters(model: GaussianMixture, shape: str) -> dict[str, np.ndarray]:
    root = model.precisions_cholesky_
    if shape == "tied":
        root = np.broadcast_to(root, (model.n_components, *root.shape))
    diagonal = root if shape == "diag" else np.diagonal(root, axis1=1, axis2=2)
    level = np.log(np.maximum(model.weights_, 1e-12)) + np.log(diagonal).sum(axis=1)
    return {"centres": model.means_, "root": np.array(root), "level": level}
