"""What a curve's sum is made of, as the columns of a matrix.

    1 | linear features | functions of each curve | products of each surface's sides

A curve is a line with its wiggles and, beside them, steps where it may jump. A *side*
of a surface is some functions of one table column: the few splines of a number, a
line of one that has few values, or the levels of a category. Where curves may jump,
surfaces may too: beside the product of the smooth sides stands one of steps, the
finer, the more the pair explains.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mapsto.data.encoding import Feature
from mapsto.families.family import Sample, Task
from mapsto.solvers.penalised import FREE
from mapsto.solvers.splines import (
    Pieces,
    chunks,
    coefficients,
    line_basis,
    smooth_basis,
    step_basis,
)

BENDS = ("number", "mean", "elapsed")  # roles that may bend
DISTINCT = 6  # fewer different values than this make no curve
SIDE, SIDE_OF_FEW = 6, 12  # segments of a number's side, beside numbers and levels
BESIDE_STEPS = 2  # instead of SIDE, where a surface may jump as well
STEPS = {
    "regression": (12, 12, 8, 8, 8, 8, 6),
    "classification": (8, 8, 6, 6, 6, 6, 4),
}
"""Steps of a number's side: of the first pair, the second, …, and of the rest. Classes
are fitted over and over, and coarser steps serve them as well."""
FEW_FUNCTIONS = 4  # a side with so few leaves room for a finer one
REACH = 0.25  # of the range: how far beyond it a curve goes on as a line
IN_MEMORY = 20_000_000  # entries of the matrix, 160 MB

Source = tuple[int, ...]
"""The columns of x that tell one table column to a surface: one, or its levels."""


@dataclass(frozen=True, eq=False)
class Bend:
    """Functions of one column of x: a line and its wiggles, or steps."""

    column: int
    pieces: Pieces
    jumps: bool = False

    @property
    def size(self) -> int:
        return int(self.pieces.coefs.shape[2])

    @property
    def apart(self) -> np.ndarray:
        """(size,) bool: which functions have a penalty apart from the first's."""
        return (np.arange(self.size) > 0) & (not self.jumps)


@dataclass(frozen=True, eq=False)
class Side:
    """Functions of one source: pieces of its column, smooth ones or steps, or its
    columns as they are."""

    source: Source
    pieces: Pieces | None
    jumps: bool = False

    @property
    def key(self) -> tuple[int, int, bool]:
        """Sides of equal keys are the same functions."""
        return self.source[0], self.size, self.jumps

    @property
    def size(self) -> int:
        return len(self.source) if self.pieces is None else self.pieces.coefs.shape[2]

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Values (n, size)."""
        if self.pieces is None:
            return x[:, list(self.source)]
        return self.pieces(x[:, self.source[0]])

    @property
    def straight(self) -> np.ndarray:
        """(size,) bool: which functions are lines or levels, and which are not."""
        line = (np.arange(self.size) == 0) & (not self.jumps)
        return line | (self.pieces is None)


Sides = tuple[Side, Side]


@dataclass(frozen=True, eq=False)
class Columns:
    """The matrix, given some rows at a time.

    `tiles` are the surfaces of two numbers in steps. `groups` says which columns share
    a penalty, and `ways` whether the sum must rise (+1) or fall (-1) with a column
    of x.
    """

    x: np.ndarray
    linear: list[int]
    curves: list[Bend]
    surfaces: list[Sides]
    tiles: list[Sides]
    groups: np.ndarray
    ways: tuple[int, ...]

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.x), len(self.groups)

    def __iter__(self) -> Iterator[tuple[slice, np.ndarray]]:
        if self.shape[0] * self.shape[1] <= IN_MEMORY:
            yield slice(0, len(self.x)), self.whole
            return
        for rows in chunks(len(self.x)):
            yield rows, self.at(self.x[rows])

    @cached_property
    def whole(self) -> np.ndarray:
        """The matrix, where it is small: iterations need not make it again."""
        return self.at(self.x)

    @cached_property
    def rising(self) -> np.ndarray | None:
        """A (q, p) with Aβ ≥ 0 where the sum rises and falls as it must; None where
        nothing is asked. A row for each line, and for each step between neighbouring
        B-spline coefficients of a curve."""
        if not any(self.ways):
            return None
        rows, at = [], 1
        for j in self.linear:
            if self.ways[j]:
                rows.append(self._row(at, np.array([[self.ways[j]]])))
            at += 1
        for s in self.curves:
            if way := self.ways[s.column]:
                rows.append(self._row(at, way * np.diff(steps(s), axis=0)))
            at += s.size
        return np.concatenate(rows) if rows else None

    def _row(self, at: int, block: np.ndarray) -> np.ndarray:
        wide = np.zeros((len(block), len(self.groups)))
        wide[:, at : at + block.shape[1]] = block
        return wide

    def at(self, x: np.ndarray) -> np.ndarray:
        parts = [np.ones((len(x), 1)), x[:, self.linear]]
        parts += [s.pieces(x[:, s.column]) for s in self.curves]
        for a, b in (*self.surfaces, *self.tiles):
            u, v = a(x), b(x)
            parts.append((u[:, :, None] * v[:, None, :]).reshape(len(x), -1))
        return np.concatenate(parts, axis=1)


def steps(bend: Bend) -> np.ndarray:
    """The B-spline coefficients of each function of a curve: (m + 3, k)."""
    return coefficients(bend.pieces, REACH)


def columns_of(
    sample: Sample,
    task: Task,
    segments: int,
    jumps: int,
    pairs: Sequence[tuple[Source, Source]] = (),
) -> Columns:
    """The sum of all features, with a surface for each pair of sources, those that
    explain most first.

    segments, jumps: of each curve; a curve that must rise has no jumps. Without jumps
    there are none in the surfaces either, and those of a number with a category have
    none for several outputs, which would take long.
    """
    x, w = sample.x, sample.w
    bent = bending(sample)
    linear = [j for j in range(x.shape[1]) if j not in bent]
    curves = [
        Bend(j, smooth_basis(x[:, j], w, fitting(x[:, j], segments), REACH))
        for j in bent
    ]
    if jumps:
        free = [j for j in bent if not sample.features[j].monotone]
        curves += [Bend(j, step_basis(x[:, j], w, jumps), jumps=True) for j in free]
    smooth = BESIDE_STEPS if jumps else SIDE
    surfaces = [_sides(sample, bent, pair, smooth) for pair in pairs]
    tiles: list[Sides] = []
    fine = STEPS[task.name]
    for k, pair in enumerate(pairs if jumps else ()):
        numbers = sum(source[0] in bent for source in pair)
        if numbers == 2 or (numbers and task.outputs == 1):
            found = _sides(sample, bent, pair, fine[min(k, len(fine) - 1)], True)
            (tiles if numbers == 2 else surfaces).append(found)
    groups = [FREE, *_linear_groups(sample.features, linear)]
    for s in curves:
        groups += (max(groups) + 1 + s.apart).tolist()
    for a, b in (*surfaces, *tiles):
        straight = (a.straight[:, None] & b.straight[None, :]).ravel()
        groups += (max(groups) + 1 + (straight.any() & ~straight)).tolist()
    ways = tuple(f.monotone for f in sample.features)
    return Columns(x, linear, curves, surfaces, tiles, np.array(groups), ways)


def sources(sample: Sample) -> list[Source]:
    """What a surface can be made of."""
    found: dict[tuple[str, str], list[int]] = {}
    for j, feature in enumerate(sample.features):
        if feature.role in (*BENDS, "level", "missing") and not feature.monotone:
            name = feature.column if feature.role == "level" else feature.name
            found.setdefault((feature.role, name), []).append(j)
    return [tuple(columns) for columns in found.values()]


def _sides(
    sample: Sample,
    bent: Sequence[int],
    pair: tuple[Source, Source],
    segments: int,
    jumps: bool = False,
) -> Sides:
    """Both sides of a surface: so many segments of a number, or so many steps."""
    few = [len(s) for s in pair if s[0] not in bent]
    if few and few[0] <= FEW_FUNCTIONS:
        segments = SIDE_OF_FEW
    elif few and not jumps:
        segments = SIDE

    def side(source: Source) -> Side:
        values = sample.x[:, source[0]]
        if source[0] not in bent:
            few = sample.features[source[0]].role in BENDS
            return Side(source, line_basis(values, sample.w) if few else None)
        if jumps:
            return Side(source, step_basis(values, sample.w, segments), True)
        pieces = smooth_basis(values, sample.w, fitting(values, segments), 0.0)
        return Side(source, pieces)

    first, second = pair
    return side(first), side(second)


def bending(sample: Sample) -> list[int]:
    """The columns of x that get a curve."""
    found = []
    for j, feature in enumerate(sample.features):
        values = sample.x[sample.w > 0, j]
        if feature.role in BENDS and len(np.unique(values)) >= DISTINCT:
            found.append(j)
    return found


def fitting(values: np.ndarray, segments: int) -> int:
    """No more segments than the values can tell apart."""
    return max(1, min(segments, len(np.unique(values)) // 2 - 1))


def _linear_groups(features: Sequence[Feature], linear: Sequence[int]) -> list[int]:
    """Levels, waves and text of one column share a penalty; others have their own."""
    names: dict[tuple[str, str], int] = {}
    keys = [
        (f.column, f.role if f.role in ("level", "cycle", "text") else f.name)
        for f in (features[j] for j in linear)
    ]
    return [names.setdefault(key, len(names)) for key in keys]
