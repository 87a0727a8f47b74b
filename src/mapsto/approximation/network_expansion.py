"""Taylor expansions of a network of two inputs, on its weights as they are stored.

Around a centre c, for |hᵢ| ≤ rᵢ, with sᵢ = hᵢ / rᵢ:

    N(c + h) = Σ_{k<K} Σᵢ n[k][i] s₁ᵏ⁻ⁱ s₂ⁱ + R,    |R| ≤ rest

For one hidden layer each unit is expanded along u = w·h, |u| ≤ ρ = |w₁| r₁ + |w₂| r₂,
and what is beyond the order is bounded without looking at the box:

    tanh: |cₖ| ≤ M / Rᵏ (Cauchy), M the largest |tanh - const| on the complex disc of
          radius R around z
    sin:  |cₖ| ≤ 1 / k!

Other networks are expanded along several directions, as expressions are.
"""

from collections.abc import Callable, Sequence
from functools import cache
from math import comb, factorial
from typing import Any

import numpy as np
from flint import arb, arb_mat, arb_series, ctx, fmpq

from mapsto.approximation.enclosure import Rough, capped, sin_jet
from mapsto.approximation.network import GELU, Network

Array = np.ndarray
Coefficients = list[list[Any]]
"""c[k][i]: of s₁ᵏ⁻ⁱ s₂ⁱ, as balls."""

MORE = 4  # terms of a series beyond the order, before the rest is estimated
DISC = 1.25  # R for units that bend in the box; tanh has its nearest pole at π/2
UP = 1.0 + 1e-10
"""Far more than what the roundings of a sum of positive doubles can take away."""
TINY = 1e-290  # more than what underflow can

DIRECTIONS = ((1, 0), (0, 1), (1, 1), (1, -1), (2, 1), (2, -1), (1, 2), (1, -2))
"""Homogeneous polynomials of degree k are known by their values at the first k + 1."""
ORDER = len(DIRECTIONS)


def directions() -> list[tuple[Any, Any]]:
    """Those of DIRECTIONS, with 1 as the larger coordinate."""
    longest = [max(abs(a), abs(b)) for a, b in DIRECTIONS]
    return [
        (arb(fmpq(a, m)), arb(fmpq(b, m)))
        for (a, b), m in zip(DIRECTIONS, longest, strict=True)
    ]


@cache
def _from_values(precision: int) -> list[Any]:
    """For each degree k the matrix from values at k + 1 directions to coefficients."""
    at = directions()
    return [
        arb_mat(
            [[a ** (k - i) * b**i for i in range(k + 1)] for a, b in at[: k + 1]]
        ).inv()
        for k in range(ORDER)
    ]


def interpolated(series: Sequence[Sequence[Any]]) -> Coefficients:
    """Coefficients from those of the series along each of the directions."""
    return [
        (matrix * arb_mat([[along[k]] for along in series[: k + 1]])).entries()
        for k, matrix in enumerate(_from_values(ctx.prec))
    ]


def expanded(
    series: Callable[[list[Any], int], list[Any]],
    centre: Sequence[Any],
    whole: Sequence[Any],
    radii: Sequence[Any],
) -> tuple[Coefficients, Any]:
    """Coefficients, and a bound of what is beyond them, of any function of two inputs.

    series(x, length): its coefficients along x(t), (two series of this length). Beyond
    the order a few terms are bounded for all directions from the centre, and the last
    one for all directions from every point of the box.
    """
    reach = [arb(0, 1) * r for r in radii]
    length = ORDER + MORE + 1
    # the whole box first: it decides the sides of kinks
    last, near = (
        series(
            [arb_series([u, v], length) for u, v in zip(x, reach, strict=True)], length
        )
        for x in (whole, centre)
    )
    along = [
        series(
            [
                arb_series([c, s * r], ORDER)
                for c, s, r in zip(centre, direction, radii, strict=True)
            ],
            ORDER,
        )
        for direction in directions()
    ]
    found = interpolated(along)
    rest = sum((abs(c) for c in near[ORDER:-1]), abs(last[-1])).abs_upper()
    if not (rest.is_finite() and all(c.is_finite() for row in found for c in row)):
        raise Rough
    return found, rest


class Expanded:
    """N with exact weights, expanded around one centre after the other."""

    def __init__(self, network: Network):
        self.layers = [
            ([list(map(_exact, row)) for row in la.weights], list(map(_exact, la.bias)))
            for la in network.layers
        ]
        self.activation = network.activation
        single = len(network.layers) == 2
        known = single and network.activation in ("tanh", "sigmoid", "sin")
        self._units = _Units(self.layers, network) if known else None

    def around(
        self, centre: Sequence[Any], whole: Sequence[Any], radii: Sequence[Any]
    ) -> tuple[Coefficients, Any]:
        """n and rest, on the box `whole` with this centre and these radii."""
        if self._units is not None:
            return self._units.around(centre, radii)
        return expanded(self._along, centre, whole, radii)

    def _along(self, x: list[Any], length: int) -> list[Any]:
        try:
            with capped(length):
                value = self._value(x)
                return [value[k] for k in range(length)]
        except (ValueError, ZeroDivisionError, OverflowError) as error:
            raise Rough from error

    def _value(self, values: list[Any]) -> Any:
        """N(x(t)) as a series."""
        for k, (weights, bias) in enumerate(self.layers):
            if k:
                values = [_ACTIVATED[self.activation](z) for z in values]
            values = [
                sum((w * v for w, v in zip(row, values, strict=True)), arb_series([b]))
                for row, b in zip(weights, bias, strict=True)
            ]
        return values[0]


class _Units:
    """Σ a σ(w·x + b) + c with σ = tanh or sin."""

    def __init__(self, layers: list[Any], network: Network):
        (self.rows, self.bias), (out, end) = layers
        self.out, self.end = out[0], end[0]
        self.jets: Callable[[Any, int], list[Any]] = _tanh_jet
        self.tail: Callable[[Array, Array, int], Array] = _tanh_tail
        if network.activation == "sin":
            self.jets, self.tail = sin_jet, _sin_tail
        if network.activation == "sigmoid":  # (1 + tanh(z/2)) / 2
            self.rows = [[w / 2 for w in row] for row in self.rows]
            self.bias = [b / 2 for b in self.bias]
            self.out = [a / 2 for a in self.out]
            self.end = sum(self.out, self.end)
        self.steep = np.array([[float(abs(w)) for w in row] for row in self.rows])
        self.large = np.array([float(abs(a)) for a in self.out])
        self.products = [
            arb_mat(
                [
                    [
                        a * comb(k, i) * row[0] ** (k - i) * row[1] ** i
                        for i in range(k + 1)
                    ]
                    for row, a in zip(self.rows, self.out, strict=True)
                ]
            )
            for k in range(ORDER)
        ]

    def around(
        self, centre: Sequence[Any], radii: Sequence[Any]
    ) -> tuple[Coefficients, Any]:
        x, y = centre
        z = [
            row[0] * x + row[1] * y + b
            for row, b in zip(self.rows, self.bias, strict=True)
        ]
        jets = [self.jets(v, ORDER + MORE) for v in z]
        powers = [[r**k for k in range(ORDER)] for r in radii]
        found = []
        for k, products in enumerate(self.products):
            sums = (arb_mat([[jet[k] for jet in jets]]) * products).entries()
            found.append(
                [c * powers[0][k - i] * powers[1][i] for i, c in enumerate(sums)]
            )
        found[0][0] = found[0][0] + self.end
        return found, arb(self._rest(z, jets, radii))

    def _rest(self, z: list[Any], jets: list[list[Any]], radii: Sequence[Any]) -> float:
        """Σ |a| Σ_{k≥K} |cₖ| ρᵏ, rounded up."""
        r = np.array([float(v.abs_upper()) for v in radii]) * UP
        rho = self.steep @ r * UP
        total = self.tail(
            np.array([float(v.abs_lower()) for v in z]), rho, ORDER + MORE
        )
        for k in range(ORDER, ORDER + MORE):
            size = np.array([float(jet[k].abs_upper()) for jet in jets]) * UP
            total = total + size * rho**k * UP
        used = self.large > 0.0
        rest = float(self.large[used] @ (total[used] + TINY)) * UP
        if not np.isfinite(rest):
            raise Rough
        return rest


def _exact(value: Any) -> Any:
    return arb(float(value))


def _tanh_jet(z: Any, length: int) -> list[Any]:
    """tanh z = 1 - 2 / (1 + exp(2z)), by series arithmetic."""
    with capped(length):
        found = 1 - 2 / (1 + arb_series([2 * z, arb(2)], length).exp())
    return [found[k] for k in range(length)]


def _tanh_tail(z: Array, rho: Array, first: int) -> Array:
    """Σ_{k≥first} |cₖ| ρᵏ around places of which |z| is known from below.

    On the disc of radius R around a real z, |tanh| ≤ tan R for R < π/2, and where
    m = |z| - R > 0, |tanh ∓ 1| ≤ 2 exp(-2m) / (1 - exp(-2m)).
    """
    close = _geometric(np.full_like(z, 3.01), rho, np.full_like(z, DISC), first)
    radius = np.maximum(0.75 * z, DISC)
    fading = np.exp(-2.0 * np.maximum(z - radius, 0.0)) * UP
    far = _geometric(
        2.0 * fading / np.maximum(1.0 - fading, 1e-300), rho, radius, first
    )
    return np.minimum(close, np.where(fading < 0.5, far, np.inf))


def _geometric(size: Array, rho: Array, radius: Array, first: int) -> Array:
    """Σ_{k≥first} size (ρ/R)ᵏ, infinite if ρ ≥ R/2."""
    q = rho / radius * UP
    with np.errstate(over="ignore"):
        return np.where(q <= 0.5, 2.0 * size * q**first * UP, np.inf)


def _sin_tail(z: Array, rho: Array, first: int) -> Array:
    """Σ_{k≥first} ρᵏ / k! ≤ exp(ρ) ρᶠ / f!"""
    with np.errstate(over="ignore"):
        return np.exp(rho) * rho**first / factorial(first) * UP


def _tanh(z: Any) -> Any:
    return 1 - 2 / (1 + (2 * z).exp())


def _gelu(z: Any) -> Any:
    """z/2 (1 + tanh v) = z - z / (1 + exp(2v)),  v = k (z + c z³)"""
    k, c = arb(GELU[0]), arb(GELU[1])
    return z - z / (1 + (2 * k * (z + c * z * z * z)).exp())


_ACTIVATED: dict[str, Callable[[Any], Any]] = {
    "tanh": _tanh,
    "sigmoid": lambda z: 1 - 1 / (1 + z.exp()),
    "sin": lambda z: z.sin(),
    "gelu": _gelu,
}
