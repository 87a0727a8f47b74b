"""The polygon of fewest segments in a tube: a ReLU network without training.

A continuous polygon of n segments is a ReLU network of n units: one for the first
slope, one for each knot. A polygon within ±ε of f is a path in the tube between f - ε
and f + ε, and greedy visibility finds the one of fewest links (Imai & Iri 1986,
https://doi.org/10.1016/S0734-189X(86)80027-5): from what is reached so far, take the
line that goes furthest.

All lines that a link may follow satisfy linear inequalities in their values at two
places, so they form a convex polygon in that plane, which each point of the tube
clips (O'Rourke 1981, https://doi.org/10.1145/358746.358758).
"""

from dataclasses import dataclass

import numpy as np

from mapsto.approximation.network import Layer, Network

Array = np.ndarray
SAME = 1e-13
Corner = tuple[float, float]
"""The values of a line at two places."""


@dataclass(frozen=True)
class Tube:
    """x (m,) ascending; lower < upper at each x, straight between them."""

    x: Array
    lower: Array
    upper: Array


@dataclass(frozen=True)
class Line:
    """y = y0 + slope (x - x0), used from `start` to `end`."""

    x0: float
    y0: float
    slope: float
    start: float
    end: float

    def at(self, x: float) -> float:
        return self.y0 + self.slope * (x - self.x0)


def fewest_links(tube: Tube, most: int) -> list[Line] | None:
    """The links of a shortest path through the tube; None: more than `most`."""
    links = [_first(tube)]
    while links[-1].end < tube.x[-1]:
        if len(links) >= most:
            return None
        links.append(_next(tube, links[-1]))
    return links


def polygon(links: list[Line]) -> tuple[Array, Array]:
    """The corners (x, y) of the path."""
    x = [links[0].start, *(link.start for link in links[1:]), links[-1].end]
    y = [links[0].at(x[0]), *(b.at(b.start) for b in links[1:]), links[-1].at(x[-1])]
    return np.array(x), np.array(y)


def network_of(x: Array, y: Array) -> Network:
    """The ReLU network of the polygon with corners (x, y)."""
    slopes = np.diff(y) / np.diff(x)
    out = np.append(slopes[0], np.diff(slopes))
    hidden = Layer(np.ones((len(out), 1)), -x[:-1])
    return Network("relu", (hidden, Layer(out[None, :], y[:1])))


def _first(tube: Tube) -> Line:
    """The line that goes furthest from the left end."""
    a, b = tube.x[0], tube.x[1]
    corners = _box(tube.lower[0], tube.upper[0], tube.lower[1], tube.upper[1])
    return _furthest(tube, corners, float(a), float(b), 2, float(a), None)


def _next(tube: Tube, last: Line) -> Line:
    """The line that goes furthest of those that cross the last link.

    Where the last link leaves through the top, the new one crosses it downwards: it
    is above it at its start and below it at its end, above the lower side from there
    on, and below the upper side beyond the end.
    """
    beyond = int(np.searchsorted(tube.x, last.end, side="right"))
    a, b = last.end, float(tube.x[beyond])
    top = abs(last.at(a) - np.interp(a, tube.x, tube.upper)) <= abs(
        last.at(a) - np.interp(a, tube.x, tube.lower)
    )
    flip = 1.0 if top else -1.0
    near, far = (tube.lower, tube.upper) if top else (-tube.upper, -tube.lower)
    corners = _box(
        float(np.interp(a, tube.x, near)), flip * last.at(a), near[beyond], far[beyond]
    )
    # the last link itself passes here, so only rounding can leave no line
    corners = _above(corners, a, b, last.start, flip * last.at(last.start)) or corners
    begin = int(np.searchsorted(tube.x, last.start, side="right"))
    for i in range(begin, beyond):
        corners = _above(corners, a, b, float(tube.x[i]), float(near[i])) or corners
    flipped = Tube(tube.x, near, far)
    line = _furthest(flipped, corners, a, b, beyond + 1, None, (last, flip))
    return Line(line.x0, flip * line.y0, flip * line.slope, line.start, line.end)


def _box(low_a: float, high_a: float, low_b: float, high_b: float) -> list[Corner]:
    return [(low_a, low_b), (high_a, low_b), (high_a, high_b), (low_a, high_b)]


def _above(
    corners: list[Corner], a: float, b: float, x: float, y: float
) -> list[Corner]:
    """The lines, given by their values at a and b, that pass above (x, y)."""
    t = (x - a) / (b - a)
    over = [(1.0 - t) * u + t * v - y for u, v in corners]
    if min(over, default=0.0) >= 0.0:
        return corners
    kept: list[Corner] = []
    for i, (u, v) in enumerate(corners):
        p, q = over[i - 1], over[i]
        if (p < 0.0) != (q < 0.0):
            s = p / (p - q)
            u0, v0 = corners[i - 1]
            kept.append((u0 + s * (u - u0), v0 + s * (v - v0)))
        if q >= 0.0:
            kept.append((u, v))
    return _distinct(kept)


def _distinct(corners: list[Corner]) -> list[Corner]:
    """Without corners that only rounding keeps apart: along a straight stretch of
    the tube they would become ever more."""
    return [
        (u, v)
        for i, (u, v) in enumerate(corners)
        if i == 0
        or abs(u - corners[i - 1][0]) > SAME * (1.0 + abs(u))
        or abs(v - corners[i - 1][1]) > SAME * (1.0 + abs(v))
    ]


def _below(
    corners: list[Corner], a: float, b: float, x: float, y: float
) -> list[Corner]:
    mirrored = [(-u, -v) for u, v in corners]
    return [(-u, -v) for u, v in _above(mirrored, a, b, x, -y)]


def _furthest(
    tube: Tube,
    corners: list[Corner],
    a: float,
    b: float,
    first: int,
    start: float | None,
    crossed: tuple[Line, float] | None,
) -> Line:
    """Clip by one point of the tube after another until no line is left."""
    for i in range(first, len(tube.x)):
        x = float(tube.x[i])
        low = _above(corners, a, b, x, float(tube.lower[i]))
        kept = _below(low, a, b, x, float(tube.upper[i])) if low else []
        if not kept:
            line, end = _leaving(tube, corners, a, b, i, bool(low))
            break
        corners = kept
    else:
        line, end = _through(corners), float(tube.x[-1])
    u, v = line
    slope = (v - u) / (b - a)
    begin = start if crossed is None else _crossing(a, u, slope, *crossed)
    assert begin is not None
    return Line(a, u, slope, begin, end)


def _through(corners: list[Corner]) -> Corner:
    """The middle of what is left: the path has arrived."""
    u, v = np.mean(corners, axis=0)
    return float(u), float(v)


def _leaving(
    tube: Tube, corners: list[Corner], a: float, b: float, i: int, through_top: bool
) -> tuple[Corner, float]:
    """The line that leaves the tube last, between points i - 1 and i, and where."""
    side = tube.upper if through_top else tube.lower
    x0, x1 = float(tube.x[i - 1]), float(tube.x[i])
    best = (-1.0, corners[0])
    for u, v in corners:
        slope = (v - u) / (b - a)
        d0 = abs(u + slope * (x0 - a) - side[i - 1])
        d1 = abs(u + slope * (x1 - a) - side[i])
        best = max(best, (d0 / (d0 + d1) if d0 + d1 > 0 else 1.0, (u, v)))
    return best[1], x0 + best[0] * (x1 - x0)


def _crossing(a: float, u: float, slope: float, last: Line, flip: float) -> float:
    """Where the new line crosses the last one."""
    apart = flip * last.slope - slope
    if apart == 0.0:
        return last.end
    x = a + (u - flip * last.at(a)) / apart
    return min(max(x, last.start), last.end)
