"""Rows as they would be without groups: one hump in every column, the same spread.

Whether groups are more than a way of cutting a heap is judged against such rows. The
numbers keep their covariance, and each is smoothed until its histogram has one hump
(Silverman 1981, https://doi.org/10.1111/j.2517-6161.1981.tb01155.x); levels are drawn
afresh, column by column.
"""

import numpy as np
from scipy.ndimage import gaussian_filter1d

GRID = 256
MOST_VALUES = 2  # a column of so many different values is one of levels


def is_level(x: np.ndarray) -> np.ndarray:
    """bool (d,): columns that say yes or no. x: (n, d)."""
    return np.array([len(np.unique(column)) <= MOST_VALUES for column in x.T], bool)


def blurred(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """x with so much noise on its levels that those of one column alone have one hump.

    Two levels differ in two features, by √2 gaps, and two heaps run into one when their
    middles are at most two spreads apart. What still stands apart does so in several
    columns.
    """
    levels = is_level(x)
    gap = np.where(levels, x.max(axis=0) - x.min(axis=0), 0.0)
    return x + rng.standard_normal(x.shape) * gap / 2**0.5


def without_groups(
    x: np.ndarray, blocks: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Rows like x (n, d), but of one heap.

    blocks: (d,) the column of the table that each feature came from: the levels of
    one are drawn together.
    """
    n, made = len(x), np.empty_like(x)
    levels = is_level(x)
    for block in np.unique(blocks[levels]):
        mine = levels & (blocks == block)
        made[:, mine] = x[rng.permutation(n)][:, mine]
    made[:, ~levels] = _humps(x[:, ~levels], rng)
    return made


def _humps(v: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Correlated like v: Gaussian rows, each number sent to its column's smoothed
    value of the same rank."""
    n, d = v.shape
    if d == 0:
        return v
    spread = v.std(axis=0)
    z = (v - v.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    size, right = np.linalg.svd(z, full_matrices=False)[1:]
    drawn = rng.standard_normal((n, len(size))) * size @ right
    order = drawn.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    smooth = np.column_stack([np.sort(_one_hump(c, rng)) for c in v.T])
    return np.take_along_axis(smooth, order, axis=0)


def _one_hump(v: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The values with as much noise as leaves one hump, and their own variance."""
    spread = v.std()
    if spread == 0:
        return v
    h = _least_width((v - v.mean()) / spread)
    z = rng.choice((v - v.mean()) / spread, len(v))
    z = (z + h * rng.standard_normal(len(v))) / np.sqrt(1 + h * h)
    return v.mean() + spread * z


def _least_width(z: np.ndarray) -> float:
    """The least kernel width at which the density of z has one hump."""
    z = np.clip(z, -6, 6)
    counts, edges = np.histogram(z, GRID, (-8, 8))
    step, low, high = float(edges[1] - edges[0]), 0.02, 2.0
    for _ in range(12):
        middle = (low * high) ** 0.5
        density = gaussian_filter1d(counts.astype(float), middle / step, truncate=6)
        slopes = np.diff(density)
        slopes = slopes[np.abs(slopes) > 1e-6 * density.max()]
        humps = int(((slopes[:-1] > 0) & (slopes[1:] < 0)).sum())
        low, high = (low, middle) if humps <= 1 else (middle, high)
    return high
