r"""A proof that |f(x) - N(x)| ≤ bound for every real x of an interval.

The interval is cut into cells c + [-r, r]. On each, with e = f - N and Taylor's
theorem,

    e(c + h) = e₀ + e₁ h + … + e_{K-1} h^{K-1} + R h^K,    |h| ≤ r,

where the eₖ are derivatives at the centre (there f and N cancel) and R encloses the
K-th coefficient over the whole cell. Every operation is an enclosure, in ball
arithmetic, on the weights as they are stored: nothing is assumed of the search that
found the network. Where f is not known to be smooth, its range replaces the series;
such cells shrink towards the kink.

The proof speaks of all x where f is defined, and of exact arithmetic; what the
network's own rounding adds is bounded in `rounding.py`.
"""

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flint import arb, ctx

from mapsto.approximation.enclosure import Rough, enclose
from mapsto.approximation.network import Network
from mapsto.approximation.network_enclosure import Enclosed
from mapsto.expression import Node, variables

RADIUS = 30  # bits of a ball's radius
ORDER = 4  # K; higher ones lose on steep units
FIRST_CELLS = 64
MOST_CELLS, FEW_CELLS = 20_000, 2_000
"""How many a proof may take, and how many once someone waits for its end."""


@dataclass(frozen=True)
class Claim:
    """|f - N| ≤ bound (times |f| if relative) for x in [low, high]."""

    tree: Node
    network: Network
    low: float
    high: float
    bound: float
    relative: bool


@dataclass(frozen=True)
class Verdict:
    """`edges` of cells that prove the claim; or where it is `refuted`; or neither."""

    edges: tuple[float, ...] = ()
    refuted: float | None = None
    problem: str = ""
    stopped: bool = False

    @property
    def proved(self) -> bool:
        return bool(self.edges)


def prove(claim: Claim, stopping: Callable[[], bool] = lambda: False) -> Verdict:
    """Look for cells that prove the claim."""
    with ctx.workprec(_bits(claim)):
        return _marched(_Cells(claim), stopping)


def check(claim: Claim, edges: tuple[float, ...]) -> Verdict:
    """Prove the claim again on cells that were found before."""
    if not claim.bound > 0.0:
        return Verdict(problem="its bound is not above 0")
    covers = len(edges) > 1 and edges[0] == claim.low and edges[-1] == claim.high
    if not covers or any(a >= b for a, b in pairwise(edges)):
        return Verdict(problem="its cells do not cover the domain")
    with ctx.workprec(_bits(claim)):
        cells = _Cells(claim)
        for low, high in pairwise(edges):
            if not cells.holds(low, high):
                if cells.fails(low, high):
                    return Verdict(refuted=low + (high - low) / 2)
                problem = f"the cell from {low!r} to {high!r} does not hold"
                return Verdict(problem=problem)
    return Verdict(edges)


def digest(network: Network) -> str:
    """The name of a network: a hash of its activation and of every weight."""
    told = hashlib.sha256(network.activation.encode())
    for array in network.arrays():
        told.update(f"{array.dtype.str}{array.shape}".encode())
        told.update(array.tobytes())
    return told.hexdigest()


def _bits(claim: Claim) -> int:
    """Enough that the cancellation in e leaves 30 good bits."""
    size = sum(float(abs(w).sum()) for w in claim.network.arrays())
    return int(min(90 + max(0.0, math.log2(size / claim.bound)), 400))


def _marched(cells: "_Cells", stopping: Callable[[], bool]) -> Verdict:
    """From left to right, by cells that grow while they hold and shrink if not."""
    claim = cells.claim
    edges, step = [claim.low], (claim.high - claim.low) / FIRST_CELLS
    while edges[-1] < claim.high:
        low, high = edges[-1], min(edges[-1] + step, claim.high)
        if cells.holds(low, high):
            edges.append(high)
            step *= 2.0  # halved and doubled only: edges stay on round numbers
            continue
        if cells.fails(low, high):
            return Verdict(refuted=low + (high - low) / 2)
        if math.nextafter(low, math.inf) >= high:
            return Verdict(problem=f"no cell is small enough at {low!r}")
        if len(edges) > FEW_CELLS and stopping():
            return Verdict(problem="it was stopped", stopped=True)
        if len(edges) > MOST_CELLS:
            return Verdict(problem="it takes too many cells")
        step = (high - low) / 2
    return Verdict(tuple(edges))


class _Cells:
    """Decides cells for one claim, at the current precision."""

    def __init__(self, claim: Claim):
        self.claim = claim
        (self.name,) = variables(claim.tree)
        self.network = Enclosed(claim.network)
        self.bound = arb(claim.bound)

    def holds(self, low: float, high: float) -> bool:
        """True only if the claim is true on the whole cell."""
        whole = _ball(low, high, high == self.claim.high)
        centre = arb(low + (high - low) / 2)
        radius = (whole - centre).abs_upper()
        try:
            error = self._taylor(centre, whole, radius)
        except Rough:
            error = self._range(centre, whole, radius)
        return error is not None and bool(error <= self._allowed(whole))

    def fails(self, low: float, high: float) -> bool:
        """True only if the claim is false in the middle of the cell."""
        centre = arb(low + (high - low) / 2)
        try:
            f = enclose(self.claim.tree, {self.name: centre}, 1)[0]
        except Rough:
            return False
        error = abs(f - self.network.series(centre, 1)[0])
        return bool(error > self._allowed(centre))

    def _allowed(self, whole: Any) -> Any:
        if not self.claim.relative:
            return self.bound
        try:
            f = enclose(self.claim.tree, {self.name: whole}, 1)[0]
        except Rough:
            return arb(0)
        return self.bound * f.abs_lower() if f.is_finite() else arb(0)

    def _taylor(self, centre: Any, whole: Any, radius: Any) -> Any:
        """An upper bound of |e| by Taylor's theorem."""
        f = enclose(self.claim.tree, {self.name: centre}, ORDER)
        n = self.network.series(centre, ORDER)
        e = [a - b for a, b in zip(f, n, strict=True)]
        rest = enclose(self.claim.tree, {self.name: whole}, ORDER + 1)[ORDER]
        rest = rest - self.network.series(whole, ORDER + 1)[ORDER]
        return _largest([*e, rest], radius)

    def _range(self, centre: Any, whole: Any, radius: Any) -> Any:
        """An upper bound of |e| from the range of f on the cell."""
        try:
            f = enclose(self.claim.tree, {self.name: whole}, 1)[0]
        except Rough:
            return None
        slope = self.network.series(whole, 2)[1]
        step = arb(0, 1) * radius * slope
        return (f - self.network.series(centre, 1)[0] - step).abs_upper()


def _ball(low: float, high: float, from_right: bool) -> Any:
    """A ball over [low, high] that ends exactly at low, or at high: beyond the domain's
    edge another piece of f may begin.

    Radii have 30 bits, and a new one is rounded up by one unit of the last of them; so
    one unit less is asked for. Whether the ball holds the cell is checked, not assumed.
    """
    mantissa, exponent = math.frexp((high - low) / 2)
    units, exponent = math.ceil(math.ldexp(mantissa, RADIUS)), exponent - RADIUS
    radius = arb(math.ldexp(units, exponent))
    if units == 1 << (RADIUS - 1):
        units, exponent = 2 * units, exponent - 1
    centre = arb(high) - radius if from_right else arb(low) + radius
    ball = centre + arb(0, math.ldexp(units - 1, exponent))
    if ball.contains(arb(low)) and ball.contains(arb(high)):
        return ball
    return arb(low).union(arb(high))


def _largest(e: list[Any], r: Any) -> Any:
    """max |e₀ + e₁ h + e₂ h²| over |h| ≤ r, plus Σ |eₖ| rᵏ for the higher terms."""
    square = r * r
    sides = [abs(e[0] + s * e[1] * r + e[2] * square) for s in (1, -1)]
    bound = sides[0].max(sides[1])
    if not abs(e[1]) > 2 * abs(e[2]) * r:  # the vertex may be inside
        away = e[2] > 0 or e[2] < 0
        drop = e[1] * e[1] / (4 * e[2]) if away else arb(0, 1) * e[1] * r / 2
        bound = bound.max(abs(e[0] - drop))
    power = square
    for higher in e[3:]:
        power = power * r
        bound = bound + abs(higher) * power
    if not bound.is_finite():
        raise Rough
    return bound
