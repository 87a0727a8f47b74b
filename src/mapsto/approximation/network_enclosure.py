"""Enclosures of a network of one input, on its weights as they are stored."""

from bisect import bisect_left
from typing import Any

from flint import arb, arb_mat, arb_series

from mapsto.approximation.enclosure import Rough, sin_jet, tanh_jet
from mapsto.approximation.network import GELU, Network

Series = list[Any]
"""Taylor coefficients, as balls."""


class Enclosed:
    """N with exact weights."""

    def __init__(self, network: Network):
        self.activation = network.activation
        self.layers = [
            ([list(map(_exact, row)) for row in la.weights], list(map(_exact, la.bias)))
            for la in network.layers
        ]
        self._lines = _Lines(self.layers) if _is_polygon(network) else None

    def series(self, x: Any, length: int) -> Series:
        """Taylor coefficients of N, valid for every real number in the ball x.

        A ReLU network of one hidden layer has them for length <= 2 everywhere, in
        the sense of its difference quotients; other kinks raise Rough.
        """
        if self._lines is not None:
            return self._lines.series(x, length)
        zero = [arb(0)] * length
        first = zip(*self.layers[0], strict=True)
        values = [[w * x + b, w, *zero][:length] for (w,), b in first]
        for weights, bias in self.layers[1:]:
            values = [_activated(self.activation, z, length) for z in values]
            values = [_affine(w, values, b) for w, b in zip(weights, bias, strict=True)]
        return values[0]


def _exact(value: Any) -> Any:
    return arb(float(value))


def _affine(w: list[Any], values: list[Series], b: Any) -> Series:
    total = (arb_mat([w]) * arb_mat(values)).entries()
    total[0] = total[0] + b
    return total


def _activated(activation: str, z: Series, length: int) -> Series:
    match activation:
        case "tanh":
            return _composed(tanh_jet(z[0], length), z)
        case "sin":
            return _composed(sin_jet(z[0], length), z)
        case "sigmoid":
            half = [c / 2 for c in z]
            tanh = _composed(tanh_jet(half[0], length), half)
            return [(1 + tanh[0]) / 2, *[c / 2 for c in tanh[1:]]]
        case "gelu":
            return _gelu(z, length)
    return _relu(z, length)


def _gelu(z: Series, length: int) -> Series:
    """z/2 (1 + tanh(k (z + c z³)))"""
    k, c = arb(GELU[0]), arb(GELU[1])
    cube = _times(z, _times(z, z))
    inner = [k * (a + c * b) for a, b in zip(z, cube, strict=True)]
    tanh = _composed(tanh_jet(inner[0], length), inner)
    return _times([a / 2 for a in z], [1 + tanh[0], *tanh[1:]])


def _relu(z: Series, length: int) -> Series:
    if z[0] > 0:
        return z
    if z[0] < 0:
        return [arb(0)] * length
    if length > 1:
        raise Rough
    return [z[0].max(arb(0))]


def _times(u: Series, v: Series) -> Series:
    length = len(u)
    product = arb_series(u, length) * arb_series(v, length)
    return [product[k] for k in range(length)]


def _composed(outer: Series, z: Series) -> Series:
    """outer(z), where z is nearly always linear: then it is outerₖ z₁ᵏ."""
    if all(c == 0 for c in z[2:]):
        power, found = arb(1), []
        for c in outer:
            found.append(c * power)
            power = power * z[1] if len(z) > 1 else power
        return found
    inner = arb_series([arb(0), *z[1:]], len(z))
    value = arb_series(outer, len(z))(inner)
    return [value[k] for k in range(len(z))]


# ── ReLU networks of one hidden layer: polygons ──


def _is_polygon(network: Network) -> bool:
    return network.activation == "relu" and len(network.layers) == 2


class _Lines:
    """A polygon: sums of slopes and heights over the units that are on.

    Units are sorted by their knots -b/w (as doubles); those near enough to a ball
    that they may be on in one part of it and off in another are looked at one by one.
    """

    def __init__(self, layers: list[Any]):
        (rows, bias), (out, end) = layers
        self.units = []
        self.rest = end[0]
        for (w,), b, a in zip(rows, bias, out[0], strict=True):
            if w == 0:
                self.rest = self.rest + a * b.max(arb(0))
            else:
                self.units.append((float((-b / w).mid()), w, b, a))
        self.units.sort(key=lambda unit: unit[0])
        self.knots = [unit[0] for unit in self.units]
        self.rising = self._sums([w > 0 for _, w, _, _ in self.units])
        self.falling = self._sums([w < 0 for _, w, _, _ in self.units])

    def _sums(self, chosen: list[bool]) -> list[tuple[Any, Any]]:
        """Σ a w and Σ a b over the chosen of the first k units, for every k."""
        slope, height = arb(0), arb(0)
        sums = [(slope, height)]
        for (_, w, b, a), take in zip(self.units, chosen, strict=True):
            if take:
                slope, height = slope + a * w, height + a * b
            sums.append((slope, height))
        return sums

    def series(self, x: Any, length: int) -> Series:
        """[N(x), slope, 0, …]; where the ball holds a knot, the slope is a hull."""
        margin = 1e-9 * (1.0 + abs(float(x.mid())))
        first = bisect_left(self.knots, float(x.lower()) - margin)
        last = bisect_left(self.knots, float(x.upper()) + margin)
        slope = self.rising[first][0] + self.falling[-1][0] - self.falling[last][0]
        height = self.rising[first][1] + self.falling[-1][1] - self.falling[last][1]
        value = self.rest + height + slope * x
        for _, w, b, a in self.units[first:last]:
            z = w * x + b
            value = value + a * z.max(arb(0))
            if z > 0:
                slope = slope + a * w
            elif not z < 0:
                if length > 2:
                    raise Rough
                slope = slope + (a * w).union(arb(0))
        return [value, slope, *[arb(0)] * length][:length]
