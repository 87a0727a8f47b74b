"""The Hilbert space: a function made of nearness to known rows.

    eta = b + Σ_j α_j exp(-‖A'(x - c_j)‖^q)

M = A A' is the metric, which `metric_search` learns; A holds the bandwidth too.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mapsto.families.doors import LEAST_PENALTY, Rows, Tick, paced, sharpened
from mapsto.families.geometry import Figure, embedded
from mapsto.solvers.kernel import FEW, kernel, make_basis, typical_distance
from mapsto.solvers.metric import Shape
from mapsto.solvers.on_features import (
    Logits,
    in_parts,
    least_squares,
    logistic,
    moments,
)

METRICS = ("isotropic", "diagonal", "full")
LARGEST = 1e8  # rows × centres that logistic regression holds in memory, in float32
MOST_CENTRES = 5000  # a matrix of 200 MB
DROWNS_ROUNDING = 9e-8  # a penalty of one and a half times single precision's rounding
MANY_ROWS = 8000  # with more, there are fewer centres
NEWTON_STEPS = 80
LOGISTIC = 4  # of more classes each step takes long: they are fitted by least squares


def hilbert(
    parameters: Any, x: Any, figures: tuple[Figure, ...], exponent: float
) -> Any:
    """eta = k(A'x, centres) α + b. centres: (m, r), α: (m, outputs), A: (e, r) of the
    e inputs and their figures' coordinates; (e,) where it is diagonal.
    """
    inputs, a = embedded(figures, x), parameters["metric"]
    u = inputs * a if a.ndim == 1 else inputs @ a
    k = kernel(u, parameters["centres"], exponent)
    return k @ parameters["alpha"] + parameters["intercept"]


@dataclass(frozen=True, eq=False)
class Metric:
    """Coordinates u = (x · P) · scales, P a rotation or nothing, and the exponent.

    `start` and `long` say how it was found: from "even" scales or from "gradients",
    with a long descent or a short one.
    """

    kind: str
    figures: tuple[Figure, ...]
    rotation: np.ndarray | None
    shape: Shape
    start: str = "even"
    long: bool = False

    @property
    def matrix(self) -> np.ndarray:
        """A: (d + the figures' coordinates, r)."""
        scales = self.shape.scales
        return np.diag(scales) if self.rotation is None else self.rotation * scales

    def turned(self, x: np.ndarray) -> np.ndarray:
        """The inputs that the scales belong to."""
        x = embedded(self.figures, x)
        return x if self.rotation is None else x @ self.rotation

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return self.turned(x) * self.shape.scales

    def of_length(self, x: np.ndarray, length: float) -> "Metric":
        """The same with bandwidth `length`, in units of the rows' median distance."""
        now = typical_distance(self(x[:FEW]))
        scale = self.shape.scale / (now * length)
        return replace(self, shape=replace(self.shape, scale=scale))

    def with_exponent(self, exponent: float) -> "Metric":
        return replace(self, shape=replace(self.shape, exponent=exponent))

    def bandwidth(self, x: np.ndarray) -> float:
        """L in units of the rows' median distance."""
        return 1 / typical_distance(self(x[:FEW]))


def solved(
    metric: Metric,
    rows: Rows,
    penalty: float,
    sharpness: float | None,
    centres: int,
    tick: Tick,
) -> dict[str, np.ndarray]:
    """The parameters of the function on all rows; the first of them are centres.

    With a sharpness, classes are fitted by least squares as well.
    """
    first, exponent = metric(rows.x[:centres]), metric.shape.exponent
    if rows.classes and sharpness is None:
        basis = make_basis(first, exponent, np.float32)
        z = np.empty((len(rows), centres), np.float32)
        for part, of_part in paced(basis.chunks(rows.x, metric), tick):
            z[part] = of_part
        gram = moments(paced(in_parts(z), tick), rows.y, rows.w).gram
        of_classes = rows.labels, rows.w, rows.classes
        at = logistic(z, *of_classes, gram, penalty, tick, steps=NEWTON_STEPS)
    else:
        basis = make_basis(first, exponent, _precision(penalty))
        m = moments(paced(basis.chunks(rows.x, metric), tick), rows.y, rows.w)
        (beta,) = least_squares(m, [max(penalty, LEAST_PENALTY)])
        at = Logits(beta, m.mean)
        if sharpness is not None:
            at = sharpened(at, sharpness, rows.classes)
    return {
        "metric": metric.shape.scales if metric.rotation is None else metric.matrix,
        "centres": basis.centres,
        "alpha": basis.weights(at.beta),
        "intercept": at.intercept,
    }


def _precision(penalty: float) -> Any:
    """Single where the penalty drowns its rounding: half the time."""
    return np.float32 if penalty >= DROWNS_ROUNDING else np.float64


def held_centres(given: int, rows: Rows) -> int:
    """As many as are given, as far as memory goes."""
    most = min(given, len(rows))
    held = 0 < rows.classes <= LOGISTIC
    return max(1, min(most, int(LARGEST / len(rows)))) if held else most


def affordable_centres(most: int, rows: Rows) -> int:
    """Fewer with very many rows, so that the work stays bounded too."""
    slower = (MANY_ROWS / max(len(rows), MANY_ROWS)) ** (1 / 3)
    return held_centres(max(1, int(most * slower)), rows)


def mass(metric: Metric, x: np.ndarray) -> np.ndarray:
    """How much each input says of what is near: its share of Σ M_ii, (d,).

    A figure's share is split among the inputs that it replaces.
    """
    diagonal = (metric.matrix**2).sum(axis=1)
    d = x.shape[1]
    shares, at = diagonal[:d].copy(), d
    for figure in metric.figures:
        for size, columns in zip(figure.sizes, figure.columns, strict=True):
            shares[list(columns)] += diagonal[at : at + size].sum() / len(columns)
            at += size
    return shares / max(float(shares.sum()), 1e-300)
