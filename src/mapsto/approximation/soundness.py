"""Is f a finite, continuous function on its box? If not, where not?

A network is continuous and bounded, so a pole, a jump or a NaN is told before the
search, with its place.
"""

from collections.abc import Iterator

import numpy as np

from mapsto.approximation.curve import Curve
from mapsto.approximation.frame import Frame
from mapsto.approximation.target import Target
from mapsto.errors import OptionError

Array = np.ndarray
TINY = 1e-9  # cells this small surround something that is not smooth
LEAST = 1e-12  # growth that is more than rounding
LOOKED_AT, HALVINGS = 200, 48
FAR = 100.0  # times the values on the grid: a pole, not a jump


def check_values(target: Target, t: Array) -> None:
    """Raise OptionError where f is not a finite number, at points t (m, d)."""
    centre, half = (target.high + target.low) / 2, (target.high - target.low) / 2
    x = np.clip(centre + half * t, target.low, target.high)
    y = target.value(x)
    bad = ~np.isfinite(y)
    if bad.any():
        i = int(np.argmax(bad))
        raise OptionError(
            "approximate-not-finite", f=target.words, where=target.where(x[i]), y=y[i]
        )


def check_not_zero(target: Target, y: Array) -> None:
    """Raise OptionError where f has a zero, for relative tolerances."""
    least = np.abs(y).min()
    if least <= 1e-9 * np.abs(y).max() or y.min() * y.max() < 0.0:
        raise OptionError("approximate-relative", f=target.words)


def check_continuous(curve: Curve, goal: float) -> None:
    """Raise OptionError at a pole, or at a jump that is wider than the goal allows."""
    for left, right in _tiny_cells(curve):
        place = (left + right) / 2
        where = curve.frame.target.where(curve.frame.points(np.array([[place]]))[0])
        if _is_pole(curve, left, right):
            words = curve.frame.target.words
            raise OptionError("approximate-pole", f=words, where=where)
        values = curve.frame.value(np.array([[left], [right]]))
        jump = float(abs(values[1] - values[0]) * curve.frame.weight(values).min())
        if right - left < 1e-13 and jump > 2.0 * goal:
            raise _jumps(curve.frame, np.array([[place]]), jump)


def check_box(frame: Frame, t: Array, goal: float) -> None:
    """Raise OptionError at a jump, or where f grows beyond all its values at t, for
    several inputs.

    Looks between the neighbours of a grid t between which f changes most: halves the
    way between them, and keeps the half with the larger change.
    """
    g = frame.value(t)
    left, right = _steepest(t, g)
    wider = np.zeros(len(left))
    for halving in range(HALVINGS):
        middle = (left + right) / 2.0
        a, b, c = (frame.value(p) for p in (left, middle, right))
        with np.errstate(invalid="ignore"):
            first = np.abs(b - a) >= np.abs(c - b)
        left = np.where(first[:, None], left, middle)
        right = np.where(first[:, None], middle, right)
        if halving == HALVINGS // 2:
            wider = np.abs(np.nan_to_num(c - a))
    values = np.stack([frame.value(left), frame.value(right)])
    with np.errstate(invalid="ignore"):
        change = np.abs(values[1] - values[0])
    if not np.isfinite(change).all() or (np.abs(values) > FAR * np.abs(g).max()).any():
        k = int(np.argmax(np.where(np.isfinite(change), change, np.inf)))
        where = frame.target.where(frame.points(left[[k]])[0])
        raise OptionError("approximate-pole", f=frame.target.words, where=where)
    # a root is steep as well, but less so on the wider way
    jumps = change * frame.weight(values).min(axis=0) * (change > 0.9 * wider)
    k = int(np.argmax(jumps))
    if jumps[k] > 2.0 * goal:
        raise _jumps(frame, left[[k]], float(jumps[k]))


def _steepest(t: Array, g: Array) -> tuple[Array, Array]:
    """Neighbours on a full grid between which g changes most, (k, d) each."""
    d = t.shape[1]
    side = round(len(t) ** (1.0 / d))
    index = np.arange(len(t)).reshape((side,) * d)
    pairs = [
        (
            np.moveaxis(index, axis, 0)[:-1].ravel(),
            np.moveaxis(index, axis, 0)[1:].ravel(),
        )
        for axis in range(d)
    ]
    first, second = (np.concatenate(some) for some in zip(*pairs, strict=True))
    most = np.argsort(-np.abs(g[first] - g[second]))[:LOOKED_AT]
    return t[first[most]], t[second[most]]


def _jumps(frame: Frame, t: Array, jump: float) -> OptionError:
    size = 1.0 if frame.relative else frame.size
    return OptionError(
        "approximate-jump",
        f=frame.target.words,
        where=frame.target.where(np.round(frame.points(t)[0], 12) + 0.0),
        jump=jump * size,
        reachable=jump * size / 2.0,
    )


def _tiny_cells(curve: Curve) -> Iterator[tuple[float, float]]:
    """Of each cluster of tiny cells the one on which g changes most."""
    edges = curve.edges
    if curve.parity and edges[1] < TINY:
        edges = np.append(-edges[1], edges[1:])
    width = np.diff(edges)
    tiny = np.flatnonzero(width < TINY)
    groups = np.split(tiny, np.flatnonzero(np.diff(tiny) > 3) + 1)
    for group in groups:
        if len(group):
            change = np.abs(np.diff(curve.value(edges[group[0] : group[-1] + 2])))
            i = group[0] + int(np.argmax(change))
            yield float(edges[i]), float(edges[i + 1])


def _is_pole(curve: Curve, left: float, right: float) -> bool:
    """|f| grows without an end towards the place, from one side at least."""
    away = 10.0 ** -np.arange(3.0, 13.0)
    for start, sign in ((left, -1.0), (right, 1.0)):
        t = start + sign * away
        t = t[np.abs(t) <= 1.0]
        if len(t) < 10:
            continue
        g = np.abs(curve.frame.value(t[:, None]))
        steps = np.diff(g)
        # a logarithm grows by as much at each step, a pole by more
        if (steps > 0.0).all() and steps[-3:].sum() > 0.5 * steps[:3].sum() > LEAST:
            return True
    return False
