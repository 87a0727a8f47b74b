"""Where a curve needs points: an adaptive mesh, as fine as the curve is difficult."""

from collections.abc import Callable

import numpy as np

Array = np.ndarray

NODES = 8
SMALLEST = 1e-15  # cells of [-1, 1] are not split below this width
MOST_CELLS = 4000
# Cells are cut off the middle, so that no kink at a round number stays unseen on an
# edge: a curve that is smooth on both sides still needs fine cells around its kink.
FIRST = np.array([-1.0, -0.71, -0.43, -0.152, 0.139, 0.427, 0.713, 1.0])
CUT = 0.487
ROUNDING = 1e-14  # relative: closer values are equal


def chebyshev(count: int) -> Array:
    """The Chebyshev nodes of (-1, 1), ascending."""
    return -np.cos(np.pi * (np.arange(count) + 0.5) / count)


def _interpolation() -> tuple[Array, Array]:
    """Points of [-1, 1], and the matrix from values at the nodes to values there.

    The ends are among them: a jump in a cell is always between two points of it.
    """
    points = np.linspace(-1.0, 1.0, 13)
    vander = np.polynomial.chebyshev.chebvander
    at_nodes = vander(chebyshev(NODES), NODES - 1)
    at_points: Array = vander(points, NODES - 1)
    return points, at_points @ np.linalg.inv(at_nodes)


def adaptive(value: Callable[[Array], Array], accuracy: float) -> Array:
    """Edges of cells of [-1, 1] on each of which a polynomial of degree 7 is accurate.

    Bisects until interpolation at 8 Chebyshev nodes meets `accuracy`, or the cell is
    so small that the curve must jump there.
    """
    points, matrix = _interpolation()
    left, right = FIRST[:-1], FIRST[1:]
    done = [np.array([1.0])]
    count = 0
    while len(left):
        width = right - left
        at = (left + right)[:, None] / 2
        nodes = value((at + width[:, None] / 2 * chebyshev(NODES)).ravel())
        exact = value((at + width[:, None] / 2 * points).ravel())
        guess = nodes.reshape(len(left), -1) @ matrix.T
        exact = exact.reshape(guess.shape)
        off = np.abs(guess - exact).max(axis=1)
        # of the values, and of the points where the curve is steep
        noise = np.abs(exact).max(axis=1) + 0.1 * np.ptp(exact, axis=1) / width
        rough = (off > np.maximum(accuracy, ROUNDING * noise)) & (width > SMALLEST)
        count += len(left)
        if count > MOST_CELLS:
            rough[:] = False
        done.append(left[~rough])
        cut = left[rough] + CUT * width[rough]
        left, right = (
            np.concatenate([left[rough], cut]),
            np.concatenate([cut, right[rough]]),
        )
    return np.sort(np.concatenate(done))


def linear(value: Callable[[Array], Array], accuracy: float) -> Array:
    """Points of [-1, 1] between which the curve is straight within `accuracy`."""
    inside = np.linspace(0.0, 1.0, 9)[1:-1]
    left, right = FIRST[:-1], FIRST[1:]
    done, count = [np.array([1.0])], 0
    while len(left):
        width = right - left
        y0, y1 = value(left)[:, None], value(right)[:, None]
        exact = value((left[:, None] + width[:, None] * inside).ravel())
        guess = y0 + (y1 - y0) * inside
        off = np.abs(guess - exact.reshape(guess.shape)).max(axis=1)
        rough = (off > accuracy) & (width > SMALLEST)
        count += len(left)
        if count > 20 * MOST_CELLS:
            rough[:] = False
        done.append(left[~rough])
        cut = left[rough] + CUT * width[rough]
        left, right = (
            np.concatenate([left[rough], cut]),
            np.concatenate([cut, right[rough]]),
        )
    return np.sort(np.concatenate(done))


def spread(edges: Array, count: int) -> Array:
    """`count` Chebyshev points in every cell."""
    half = np.diff(edges)[:, None] / 2
    return np.asarray((edges[:-1, None] + half + half * chebyshev(count)).ravel())
