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

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from flint import arb, ctx

from mapsto.approximation.claim import Claim, Verdict, precision
from mapsto.approximation.enclosure import Cell, Rough, ball_over, enclose
from mapsto.approximation.network_enclosure import Enclosed

ORDER = 4  # K; higher ones lose on steep units
FIRST_CELLS = 64
MOST_CELLS, FEW_CELLS = 20_000, 2_000
"""How many a proof may take, and how many once someone waits for its end."""


def prove(claim: Claim, stopping: Callable[[], bool] = lambda: False) -> Verdict:
    """Look for cells that prove the claim."""
    with ctx.workprec(precision(claim)):
        return _marched(_Cells(claim), stopping)


def check(claim: Claim, edges: tuple[float, ...]) -> Verdict:
    """Prove the claim again on cells that were found before."""
    if not claim.bound > 0.0:
        return Verdict(problem="its bound is not above 0")
    covers = len(edges) > 1 and (edges[0], edges[-1]) == (*claim.low, *claim.high)
    if not covers or any(a >= b for a, b in pairwise(edges)):
        return Verdict(problem="its cells do not cover the domain")
    with ctx.workprec(precision(claim)):
        cells = _Cells(claim)
        for low, high in pairwise(edges):
            if not cells.holds(low, high):
                if cells.fails(low, high):
                    return Verdict(refuted=(low + (high - low) / 2,))
                problem = f"the cell from {low!r} to {high!r} does not hold"
                return Verdict(problem=problem)
    return Verdict(edges)


def _marched(cells: "_Cells", stopping: Callable[[], bool]) -> Verdict:
    """From left to right, by cells that grow while they hold and shrink if not."""
    claim = cells.claim
    (start,), (end,) = claim.low, claim.high
    edges, step = [start], (end - start) / FIRST_CELLS
    while edges[-1] < end:
        low, high = edges[-1], min(edges[-1] + step, end)
        if cells.holds(low, high):
            edges.append(high)
            step *= 2.0  # halved and doubled only: edges stay on round numbers
            continue
        if cells.fails(low, high):
            return Verdict(refuted=(low + (high - low) / 2,))
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
        (self.name,), (self.end,) = claim.names, claim.high
        self.network = Enclosed(claim.network)
        self.bound = arb(claim.bound)

    def holds(self, low: float, high: float) -> bool:
        """True only if the claim is true on the whole cell."""
        whole = ball_over(low, high, high == self.end)
        centre = arb(low + (high - low) / 2)
        radius = (whole - centre).abs_upper()
        cell = (self.name, low, high)
        try:
            error = self._taylor(centre, whole, radius, cell)
        except Rough:
            error = self._range(centre, whole, radius, cell)
        return error is not None and bool(error <= self._allowed(whole, cell))

    def fails(self, low: float, high: float) -> bool:
        """True only if the claim is false in the middle of the cell."""
        centre = arb(low + (high - low) / 2)
        try:
            f = enclose(self.claim.tree, {self.name: centre}, 1)[0]
        except Rough:
            return False
        error = abs(f - self.network.series(centre, 1)[0])
        return bool(error > self._allowed(centre))

    def _allowed(self, whole: Any, cell: Cell | None = None) -> Any:
        if not self.claim.relative:
            return self.bound
        try:
            f = enclose(self.claim.tree, {self.name: whole}, 1, cell)[0]
        except Rough:
            return arb(0)
        return self.bound * f.abs_lower() if f.is_finite() else arb(0)

    def _taylor(self, centre: Any, whole: Any, radius: Any, cell: Cell) -> Any:
        """An upper bound of |e| by Taylor's theorem."""
        f = enclose(self.claim.tree, {self.name: centre}, ORDER)
        n = self.network.series(centre, ORDER)
        e = [a - b for a, b in zip(f, n, strict=True)]
        rest = enclose(self.claim.tree, {self.name: whole}, ORDER + 1, cell)[ORDER]
        rest = rest - self.network.series(whole, ORDER + 1)[ORDER]
        return _largest([*e, rest], radius)

    def _range(self, centre: Any, whole: Any, radius: Any, cell: Cell) -> Any:
        """An upper bound of |e| from the range of f on the cell."""
        try:
            f = enclose(self.claim.tree, {self.name: whole}, 1, cell)[0]
        except Rough:
            return None
        slope = self.network.series(whole, 2)[1]
        step = arb(0, 1) * radius * slope
        return (f - self.network.series(centre, 1)[0] - step).abs_upper()


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
