r"""A proof that |f(x, y) - N(x, y)| ≤ bound for every real point of a rectangle.

The rectangle is halved, along one side or the other, until the claim holds on every
box. On a box c + h, |hᵢ| ≤ rᵢ, with e = f - N and Taylor's theorem,

    e(c + h) = Σ_{k<K} eₖ(h) + rest of f - rest of N,

where eₖ is the homogeneous polynomial of degree k of the derivatives at the centre
(there f and N cancel). Its coefficients are found from the Taylor series along k + 1
directions through the centre; the rests are enclosed by series along all directions at
once. The part of degree ≤ 2 is bounded exactly, the terms above by their absolute
values. Everything is ball arithmetic, but for sums of positive doubles that are rounded
up with room to spare.

Across a kink of abs, max, min, relu or where, f is one of two smooth functions at each
point, and the claim is shown for both. Where f has no series its range is taken.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from flint import arb, ctx

from mapsto.approximation.claim import Claim, Verdict, precision
from mapsto.approximation.enclosure import (
    Rough,
    Sides,
    ball_over,
    enclose,
    enclose_along,
)
from mapsto.approximation.network_expansion import (
    Coefficients,
    Expanded,
    expanded,
)

MOST_BOXES, FEW_BOXES = 30_000, 1_000
"""How many a proof may take, and how many before one looks whether it gets on."""
DEEPEST = 60  # halvings
FULL = "."
"""The sign of a box on which the claim holds; the others name the side to halve."""
Box = tuple[tuple[float, float], tuple[float, float]]


def prove(claim: Claim, stopping: Callable[[], bool] = lambda: False) -> Verdict:
    """Look for boxes that prove the claim: the halvings, from the first box on."""
    with ctx.workprec(precision(claim)):
        return _halved(_Boxes(claim), stopping)


def check(claim: Claim, cells: str) -> Verdict:
    """Prove the claim again on boxes that were found before."""
    if not claim.bound > 0.0:
        return Verdict(problem="its bound is not above 0")
    with ctx.workprec(precision(claim)):
        boxes = _Boxes(claim)
        todo = [boxes.first]
        for sign in cells:
            if not todo or sign not in (FULL, "0", "1"):
                return Verdict(problem="its cells do not cover the domain")
            box = todo.pop()
            if sign != FULL:
                todo += reversed(_halves(box, int(sign)))
            elif not boxes.decided(box)[0]:
                if boxes.fails(box):
                    return Verdict(refuted=_centre(box))
                return Verdict(problem=f"the cell {boxes.told(box)} does not hold")
        if todo or not cells:
            return Verdict(problem="its cells do not cover the domain")
    return Verdict(cells)


def _halved(boxes: "_Boxes", stopping: Callable[[], bool]) -> Verdict:
    """Depth first, from the lower left."""
    todo, signs, done, proved = [(boxes.first, 0)], [], 0, 0.0
    while todo:
        box, depth = todo.pop()
        holds, side = boxes.decided(box)
        if holds:
            signs.append(FULL)
            proved += 0.5**depth
        elif boxes.fails(box):
            return Verdict(refuted=_centre(box))
        else:
            signs.append(str(side))
            halves = _halves(box, side)
            if depth == DEEPEST or halves[0][side] == box[side]:
                return Verdict(problem=f"no box is small enough at {_centre(box)}")
            todo += [(half, depth + 1) for half in reversed(halves)]
        done += 1
        if stopping() and done > FEW_BOXES:
            return Verdict(problem="it was stopped", stopped=True)
        slow = done > FEW_BOXES and proved * 20 * MOST_BOXES < done
        if done > MOST_BOXES or slow:
            return Verdict(problem="it takes too many boxes")
    return Verdict("".join(signs))


def _halves(box: Box, side: int) -> tuple[Box, Box]:
    low, high = box[side]
    middle = low + (high - low) / 2
    other = box[1 - side]
    lower, upper = (low, middle), (middle, high)
    if side:
        return (other, lower), (other, upper)
    return (lower, other), (upper, other)


def _centre(box: Box) -> tuple[float, float]:
    (a, b), (c, d) = box
    return a + (b - a) / 2, c + (d - c) / 2


class _Boxes:
    """Decides boxes for one claim, at the current precision."""

    def __init__(self, claim: Claim):
        self.claim = claim
        (a, c), (b, d) = claim.low, claim.high
        self.first: Box = (a, b), (c, d)
        self.network = Expanded(claim.network)
        self.bound = arb(claim.bound)

    def decided(self, box: Box) -> tuple[bool, int]:
        """True only if the claim is true on the whole box; and the side along which
        more happens."""
        whole, centre = self._balls(box), [arb(v) for v in _centre(box)]
        radii = [arb((w - c).abs_upper()) for w, c in zip(whole, centre, strict=True)]
        allowed, side = self._allowed(whole), self._longer(box)
        try:
            network, rest = self.network.around(centre, whole, radii)
        except Rough:
            return False, side
        try:
            for f, beyond, kinked in self._functions(centre, whole, radii):
                e = [
                    [u - v for u, v in zip(row, other, strict=True)]
                    for row, other in zip(f, network, strict=True)
                ]
                if not _within(e, rest + beyond, allowed):
                    return False, _busier(e[1:2] if kinked else e[2:5])
        except Rough:
            return self._near(whole, network, rest, allowed), side
        return True, side

    def fails(self, box: Box) -> bool:
        """True only if the claim is false in the middle of the box."""
        centre = [arb(v) for v in _centre(box)]
        try:
            f = enclose(self.claim.tree, self._at(centre), 1)[0]
            n = self.network.around(centre, centre, [arb(0), arb(0)])[0][0][0]
        except Rough:
            return False
        return bool(abs(f - n) > self._allowed(centre))

    def _longer(self, box: Box) -> int:
        """The side that is longer, beside that of the first box."""
        across, along = (
            (high - low) / (b - a)
            for (low, high), (a, b) in zip(box, self.first, strict=True)
        )
        return int(along > across)

    def told(self, box: Box) -> str:
        """A box in words."""
        sides = zip(self.claim.names, box, strict=True)
        return ", ".join(f"{name} in [{a!r}, {b!r}]" for name, (a, b) in sides)

    def _balls(self, box: Box) -> list[Any]:
        ends = zip(box, self.claim.high, strict=True)
        return [ball_over(low, high, high == end) for (low, high), end in ends]

    def _at(self, values: list[Any]) -> dict[str, Any]:
        return dict(zip(self.claim.names, values, strict=True))

    def _allowed(self, whole: list[Any]) -> Any:
        if not self.claim.relative:
            return self.bound
        try:
            f = enclose(self.claim.tree, self._at(whole), 1)[0]
        except Rough:
            return arb(0)
        return self.bound * f.abs_lower() if f.is_finite() else arb(0)

    def _functions(
        self, centre: list[Any], whole: list[Any], radii: list[Any]
    ) -> Iterator[tuple[Coefficients, Any, bool]]:
        """Coefficients and a bound of the rest, for each smooth function that f may be;
        and whether there are several."""
        sides: Sides | None = Sides()
        while sides is not None:
            series = partial(self._series, sides)
            yield *expanded(series, centre, whole, radii), bool(sides.open)
            sides = sides.next()

    def _series(self, sides: Sides, x: list[Any], length: int) -> list[Any]:
        return enclose_along(self.claim.tree, self._at(x), length, sides)

    def _near(
        self, whole: list[Any], network: Coefficients, rest: Any, allowed: Any
    ) -> bool:
        """The claim from the ranges of f and of N."""
        try:
            f = enclose(self.claim.tree, self._at(whole), 1)[0]
        except Rough:
            return False
        spread = sum((abs(c) for row in network[1:] for c in row), rest)
        return bool(abs(f - network[0][0]) + spread <= allowed)


def _busier(terms: Coefficients) -> int:
    """The direction in which these terms of the error are larger."""
    first, second = (
        sum(float(abs(row[at]).upper()) for row in terms) for at in (0, -1)
    )
    return int(second > first)


def _within(e: Coefficients, rest: Any, allowed: Any) -> bool:
    """Is |Σ e[k][i] s₁ᵏ⁻ⁱ s₂ⁱ| + rest ≤ allowed for all |s| ≤ 1?"""
    above = sum((abs(c) for row in e[3:] for c in row), rest)
    left = allowed - above
    flat = [c for row in e[:3] for c in row]
    if sum((abs(c) for c in flat), arb(0)) <= left:
        return True
    if not left > 0 or not abs(flat[0]) <= left:
        return False
    return all(_top(sign, flat) <= left for sign in (1, -1))


def _top(sign: int, coefficients: list[Any]) -> Any:
    """An upper bound of ±(e + g s + h t + a s² + b s t + c t²) on |s|, |t| ≤ 1."""
    e, g, h, a, b, c = (sign * v for v in coefficients)
    edges = [_highest(e + s * g + a, h + s * b, c) for s in (1, -1)]
    edges += [_highest(e + t * h + c, g + t * b, a) for t in (1, -1)]
    top = edges[0].max(edges[1]).max(edges[2]).max(edges[3])
    # inside there is a highest point only where the gradient is 0 and it bends down
    away = abs(g) > 2 * abs(a) + abs(b) or abs(h) > abs(b) + 2 * abs(c)
    bent = 4 * a * c - b * b
    if away or a > 0 or c > 0 or bent < 0:
        return top
    inside = _highest(e, g, a) + _highest(arb(0), h, c) + abs(b)
    if bent > 0 and a < 0:
        inside = inside.min(e + (b * g * h - c * g * g - a * h * h) / bent)
    return top.max(inside)


def _highest(e: Any, g: Any, a: Any) -> Any:
    """An upper bound of e + g s + a s² on |s| ≤ 1."""
    ends = e + abs(g) + a
    if a >= 0 or abs(g) > 2 * abs(a):
        return ends
    if a < 0:
        return ends.max(e - g * g / (4 * a))
    return e + abs(g) + abs(a)
