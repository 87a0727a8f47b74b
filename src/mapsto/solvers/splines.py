"""Cubic splines of one number, written as local polynomials.

A `Pieces` is k functions that are cubic between knots, twice continuously
differentiable, linear outside the outer knots, and constant beyond `low` and `high`
(a line that is followed for ever would promise what nobody has seen):

    f(x) = c₀ + c₁ t + c₂ t² + c₃ t³,   t = clip(x, low, high) − (left end of segment)

`smooth_basis` turns the B-splines of a set of knots into one straight line and a
set of pure wiggles, whose coefficients have the curvature penalty Σ β². The pieces of
`step_basis` are constants that do not join: what jumps is written in the same form.
"""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import BSpline

ROUNDING = 1e-9  # of a share of the weight
CHUNK = 8192
"""Rows worked on at a time, so that memory stays bounded for any table."""


@dataclass(frozen=True)
class Pieces:
    """k piecewise cubic functions of one number.

    knots: (m + 1,), rising; at a knot the segment on its right holds. coefs: (m + 2,
    4, k), one polynomial per segment, the first and last being the lines outside.
    low, high: where x is clipped.
    """

    knots: np.ndarray
    coefs: np.ndarray
    low: float
    high: float

    @property
    def lefts(self) -> np.ndarray:
        """(m + 2,): the point from which each segment measures t."""
        return np.concatenate([self.knots[:1], self.knots])

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Values (n, k) at x (n,)."""
        x = np.clip(x, self.low, self.high)
        segment = np.searchsorted(self.knots, x, side="right")
        t = (x - self.lefts[segment])[:, None]
        c = self.coefs[segment]
        return ((c[:, 3] * t + c[:, 2]) * t + c[:, 1]) * t + c[:, 0]

    def mixed(self, mix: np.ndarray) -> "Pieces":
        """The functions' linear combinations, mix: (k, k')."""
        return Pieces(self.knots, self.coefs @ mix, self.low, self.high)


def place_knots(values: np.ndarray, segments: int) -> np.ndarray:
    """Knots (segments + 1,) for sorted distinct values.

    Half of them follow the values, half are spread evenly: knots are quantiles of
    the mixture ½ (empirical) + ½ (uniform), so that neither a crowd nor a gap is
    left with one segment. The few values far outside the rest (beyond three times
    the distance from the median to the 2 % and 98 % quantiles) get no knots; there
    the function is a line.
    """
    q02, q50, q98 = np.quantile(values, [0.02, 0.5, 0.98])
    low = max(values[0], q50 - 3 * (q50 - q02))
    high = min(values[-1], q50 + 3 * (q98 - q50))
    inside = np.concatenate([[low], values[(values > low) & (values < high)], [high]])
    rank = np.linspace(0.0, 1.0, len(inside))
    even = (inside - low) / (high - low)
    return np.interp(
        np.linspace(0.0, 1.0, segments + 1), 0.5 * rank + 0.5 * even, inside
    )


def b_splines(knots: np.ndarray, reach: float = 1.0) -> Pieces:
    """The m + 3 cubic B-splines on knots (m + 1,), followed `reach` spans outside."""
    padded = np.concatenate([[knots[0]] * 3, knots, [knots[-1]] * 3])
    spline = BSpline(padded, np.eye(len(knots) + 2), 3)
    inner = np.stack(
        [
            spline.derivative(q)(knots[:-1]) / factor if q else spline(knots[:-1])
            for q, factor in enumerate((1, 1, 2, 6))
        ],
        axis=1,
    )
    ends = np.zeros((2, 4, inner.shape[2]))
    ends[:, 0] = spline(knots[[0, -1]])
    ends[:, 1] = spline.derivative()(knots[[0, -1]])
    span = reach * (knots[-1] - knots[0])
    coefs = np.concatenate([ends[:1], inner, ends[1:]])
    return Pieces(knots, coefs, knots[0] - span, knots[-1] + span)


def curvature(pieces: Pieces) -> np.ndarray:
    """S (k, k) with β'Sβ = Σ over segments of h³ ∫ f''(x)² dx, h its width.

    Each segment measures curvature in its own width, so that f may bend more where
    the knots, hence the data, are dense; with even knots this is the cubic
    smoothing spline's penalty. Straight lines cost nothing.
    """
    h = np.diff(pieces.knots)[:, None]
    c2, c3 = pieces.coefs[1:-1, 2], pieces.coefs[1:-1, 3]
    start, end = 2 * c2 * h**2, (2 * c2 + 6 * c3 * h) * h**2
    # ∫ of a squared line from a to b over a unit step is (a² + ab + b²) / 3
    cross = start.T @ end
    return (start.T @ start + end.T @ end + (cross + cross.T) / 2) / 3


def line_basis(x: np.ndarray, w: np.ndarray) -> Pieces:
    """The one function (x − mean) / deviation, constant outside the values seen."""
    low, high = x[w > 0].min(), x[w > 0].max()
    mean = np.average(x, weights=w)
    deviation = np.sqrt(np.average((x - mean) ** 2, weights=w))
    line = np.array([low - mean, 1.0, 0.0, 0.0]) / deviation
    after = np.array([high - mean, 1.0, 0.0, 0.0]) / deviation
    coefs = np.stack([line, line, after])[:, :, None]
    return Pieces(np.array([low, high]), coefs, low, high)


def smooth_basis(
    x: np.ndarray, w: np.ndarray, segments: int, reach: float = 1.0
) -> Pieces:
    """One line and m + 1 wiggles for x (n,) with weights w (n,).

    Column 0 is x, centred and scaled; the others are orthogonal to it and to
    constants in the weighted data, and a unit coefficient has unit `curvature`:
    with β the wiggles' coefficients, the penalty on f is Σ β². (Wood 2017,
    Generalized Additive Models, §5.4.2 and §5.8; the line's own penalty is that of
    Marra & Wood 2011, https://doi.org/10.1016/j.csda.2011.02.004)
    """
    knots = place_knots(np.unique(x[w > 0]), segments)
    pieces = b_splines(knots, reach)
    eigenvalues, vectors = np.linalg.eigh(curvature(pieces))
    wiggles = pieces.mixed(vectors[:, 2:] / np.sqrt(eigenvalues[2:]))
    # B-splines sum to one, and with their Greville abscissae as coefficients to x.
    padded = np.concatenate([[knots[0]] * 3, knots, [knots[-1]] * 3])
    greville = (padded[1:-3] + padded[2:-2] + padded[3:-1]) / 3
    both = np.stack([np.ones_like(greville), greville - knots.mean()], axis=1)
    plain = Pieces(
        knots,
        np.concatenate([pieces.mixed(both).coefs, wiggles.coefs], axis=2),
        pieces.low,
        pieces.high,
    )
    return _orthogonal(plain, x, w)


def step_basis(x: np.ndarray, w: np.ndarray, steps: int) -> Pieces:
    """Steps of height 1, each between two values of x (n,), less its mean.

    About `steps` of them. A value with more than its share of the weight (the zero of
    a column that is mostly zero) has one on both sides; the others have even weight
    of the remaining rows between them. With β the heights, Σ β² is the penalty of a
    random walk. w: (n,) weights; rows of none are not looked at.
    """
    values, inverse = np.unique(x[w > 0], return_inverse=True)
    share = np.bincount(inverse, w[w > 0]) / w.sum()
    reached = np.cumsum(share)
    heavy = share > 1 / (steps + 1)
    places = np.union1d(np.flatnonzero(heavy), np.flatnonzero(heavy) - 1)
    places = places[(places >= 0) & (places < len(values) - 1)]
    light = np.cumsum(np.where(heavy, 0.0, share))
    more = max(steps - len(places), 0)
    if more and light[-1] > 0:
        shares = np.linspace(0.0, light[-1], more + 2)[1:-1]
        between = np.searchsorted(light, shares - ROUNDING)
        places = np.union1d(places, np.minimum(between, len(values) - 2))
    knots = (values[places] + values[places + 1]) / 2
    coefs = np.zeros((len(knots) + 1, 4, len(knots)))
    coefs[:, 0] = np.tri(len(knots) + 1, len(knots), -1)
    coefs[:, 0] -= 1 - reached[places]
    return Pieces(knots, coefs, values[0], values[-1])


def coefficients(pieces: Pieces, reach: float) -> np.ndarray:
    """Of `b_splines(pieces.knots, reach)` in each function: (m + 3, k).

    Where they rise, the function rises: its slope is Σ of B-splines of degree two,
    which are not negative, with the differences as coefficients (de Boor 1978, *A
    Practical Guide to Splines*, chapter XI).
    """
    knots = pieces.knots
    padded = np.concatenate([[knots[0]] * 3, knots, [knots[-1]] * 3])
    greville = (padded[1:-3] + padded[2:-2] + padded[3:-1]) / 3
    return np.linalg.solve(b_splines(knots, reach)(greville), pieces(greville))


def _orthogonal(pieces: Pieces, x: np.ndarray, w: np.ndarray) -> Pieces:
    """[1, line, wiggles] → [line, wiggles], the wiggles orthogonal to [1, line]."""
    k = pieces.coefs.shape[2]
    gram = np.zeros((2, k))
    for rows in chunks(len(x)):
        values = pieces(x[rows])
        gram += (w[rows, None] * values[:, :2]).T @ values
    mean = gram[0, 1] / gram[0, 0]
    deviation = np.sqrt(gram[1, 1] / gram[0, 0] - mean**2)
    mix = np.zeros((k, k - 1))
    mix[1, 0], mix[0, 0] = 1 / deviation, -mean / deviation
    mix[2:, 1:] = np.eye(k - 2)
    mix[:2, 1:] = -np.linalg.solve(gram[:, :2], gram[:, 2:])
    return pieces.mixed(mix)


def chunks(n: int) -> list[slice]:
    """The rows 0…n in slices of at most `CHUNK`."""
    return [slice(i, min(i + CHUNK, n)) for i in range(0, n, CHUNK)]
