"""ReLU networks for a curve: the fewest segments at a tolerance, or the closest
polygon of a given number of segments."""

from collections.abc import Callable

import numpy as np

from mapsto.approximation import mesh
from mapsto.approximation.curve import Curve
from mapsto.approximation.network import Network
from mapsto.approximation.relu import Tube, fewest_links, network_of, polygon

Array = np.ndarray
MOST = 3000  # segments
FINE = 0.01  # between grid points, f departs from a straight line by this share of ε
HALVINGS = 22
LEAST = 1e-12  # narrower tubes are lost in rounding


def fewest(curve: Curve, goal: float, most: int) -> Network | None:
    """The ReLU network of fewest segments within the goal; None: more than `most`."""
    t = mesh.linear(_weighed(curve), FINE * goal)
    if len(t) > 100 * most + 1000:
        return None
    share = 1.0 - FINE
    while (found := _within(curve, t, share * goal, most)) is not None:
        # beside a singular point f bends more than the grid shows
        if curve.error(found)[0] <= goal or share < 0.9:
            return found
        share -= FINE
    return None


def least(curve: Curve, goal: float, most: int) -> int | None:
    """No polygon within the goal has fewer segments than this; None: not known.

    A polygon within the goal of f is within 1.01 goals of f's chords on the mesh, so
    a shortest path through that wider tube bounds its segments from below.
    """
    if curve.frame.relative:
        return None
    t = mesh.linear(_weighed(curve), FINE * goal)
    g = curve.frame.value(t[:, None])
    width = (1.0 + FINE) * goal
    links = fewest_links(Tube(t, g - width, g + width), most)
    return None if links is None else len(links)


def closest(
    curve: Curve, segments: int, stopping: Callable[[], bool] = lambda: False
) -> Network | None:
    """The ReLU network of this many segments with the least largest error."""
    high, best = 1.0, None
    while best is None and high < 1e3:
        best = fewest(curve, high, segments)
        high *= 2.0
    low = LEAST
    for _ in range(HALVINGS):
        if stopping():
            break
        middle = float(np.sqrt(low * high)) if high > 4.0 * low else (low + high) / 2.0
        found = fewest(curve, middle, segments)
        if found is None:
            low = middle
        else:
            high, best = middle, found
    return best


def _weighed(curve: Curve) -> Callable[[Array], Array]:
    def value(t: Array) -> Array:
        g = curve.frame.value(t[:, None])
        return g * float(np.median(curve.frame.weight(g)))

    return value


def _within(curve: Curve, t: Array, goal: float, most: int) -> Network | None:
    g = curve.frame.value(t[:, None])
    width = goal / curve.frame.weight(g)
    links = fewest_links(Tube(t, g - width, g + width), most)
    return None if links is None else network_of(*polygon(links))
