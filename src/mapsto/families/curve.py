"""The curve: a sum of bent lines, one per number, and a few surfaces of two.

    eta = b + Σ_j β_j x_j + Σ_s f_s(x_s) + Σ_{(s,t)} f_st(x_s, x_t)

Penalised cubic B-splines (Eilers & Marx 1996, https://doi.org/10.1214/ss/1038425655),
each with a strength of its own, found by REML (`solvers.penalised`). A useless curve
shrinks to nothing, since its straight part is penalised too (Marra & Wood 2011,
https://doi.org/10.1016/j.csda.2011.02.004). Levels of a category share one strength.
Surfaces are screened on what the sum gets wrong, as in GA²M (Lou et al. 2013,
https://doi.org/10.1145/2487575.2487579).

A curve that must rise has rising B-spline coefficients, which is enough for its slope
to be positive everywhere (as in Pya & Wood 2015,
https://doi.org/10.1007/s11222-013-9448-7); such a column has no surface.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from mapsto.data.encoding import Feature, Plan
from mapsto.data.target import Target
from mapsto.events import Progress, Stopped, Watch
from mapsto.families.checks import number, whole
from mapsto.families.family import Dial, Fitted, Sample, Task
from mapsto.families.smooths import additive, packed
from mapsto.solvers.penalised import FREE, Solution, gaussian, least_squares
from mapsto.solvers.penalised_logistic import logistic
from mapsto.solvers.splines import (
    Pieces,
    b_splines,
    chunks,
    coefficients,
    smooth_basis,
)
from mapsto.threads import side_by_side

BENDS = ("number", "mean", "elapsed")  # roles that may bend
DISTINCT = 6  # fewer different values than this make no curve
SEGMENTS, SEGMENTS_OF_MANY, MANY = 12, 8, 30
ROWS_PER_SEGMENT = 12
SIDE = 3  # segments of a surface's side
REACH = 0.25  # of the range: how far beyond it a curve goes on as a line
SURFACES = {"quick": 2, "normal": 8, "thorough": 20}
SCREENED, CELLS = 24, 8
IN_MEMORY = 20_000_000  # entries of the matrix, 160 MB
FEW_OUTPUTS = 5  # with more classes than this, curves are plainer
GRID = 48  # points at which a curve is told


class Curve:
    """Additive models with automatic smoothness."""

    name = "curve"
    dials: tuple[Dial, ...] = (
        Dial("segments", "cubic pieces of each curve", None, whole(1)),
        Dial("smoothness", "factor on the penalties found", 1.0, number(0)),
        Dial(
            "surfaces",
            "most pairs of numbers that act together",
            None,
            whole(0),
        ),
    )
    rehearsal: Mapping[str, Any] | None = {"surfaces": 0, "segments": 6}

    def sees(self, given: Mapping[str, Any]) -> Plan:
        return Plan(clip=False, one_hot=64, many="mean")

    def fit(
        self,
        samples: Sequence[Sample],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Fitted]:
        done: list[int] = []

        def one(k: int) -> Fitted:
            fitted = _fit(samples[k], task, _dials(given, task, effort), watch)
            done.append(k)
            watch.tell(Progress(self.name, len(done) / len(samples)))
            return fitted

        return side_by_side(one, range(len(samples)))

    def refit(
        self,
        sample: Sample,
        fits: Sequence[Fitted],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> Fitted:
        return _fit(sample, task, _dials(given, task, effort), watch)


def _dials(given: Mapping[str, Any], task: Task, effort: str) -> dict[str, Any]:
    dials = {dial.name: dial.default for dial in Curve.dials} | dict(given)
    if dials["surfaces"] is None:
        dials["surfaces"] = SURFACES[effort] if task.outputs <= FEW_OUTPUTS else 0
    return dials


# ── the columns of the sum ──


@dataclass(frozen=True, eq=False)
class Side:
    """Some functions of one column of x."""

    column: int
    pieces: Pieces


@dataclass(frozen=True, eq=False)
class Columns:
    """What the sum is made of, as a matrix given some rows at a time.

    Its columns: 1, the linear features, the curves' functions, and the products of
    each surface's sides. `groups` says which share a penalty, and `ways` whether the
    sum must rise (+1) or fall (-1) with a column of x.
    """

    x: np.ndarray
    linear: list[int]
    curves: list[Side]
    surfaces: list[tuple[Side, Side]]
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
                rows.append(self._row(at, way * np.diff(_steps(s), axis=0)))
            at += s.pieces.coefs.shape[2]
        return np.concatenate(rows) if rows else None

    def _row(self, at: int, block: np.ndarray) -> np.ndarray:
        wide = np.zeros((len(block), len(self.groups)))
        wide[:, at : at + block.shape[1]] = block
        return wide

    def at(self, x: np.ndarray) -> np.ndarray:
        parts = [np.ones((len(x), 1)), x[:, self.linear]]
        parts += [s.pieces(x[:, s.column]) for s in self.curves]
        for a, b in self.surfaces:
            u, v = a.pieces(x[:, a.column]), b.pieces(x[:, b.column])
            parts.append((u[:, :, None] * v[:, None, :]).reshape(len(x), -1))
        return np.concatenate(parts, axis=1)


def _steps(side: Side) -> np.ndarray:
    """The B-spline coefficients of each function of a curve: (m + 3, k)."""
    return coefficients(side.pieces, REACH)


def _columns(
    sample: Sample, segments: int, pairs: Sequence[tuple[int, int]]
) -> Columns:
    x, w = sample.x, sample.w
    bent = _bending(sample)
    linear = [j for j in range(x.shape[1]) if j not in bent]
    curves = [
        Side(j, smooth_basis(x[:, j], w, _fitting(x[:, j], segments), REACH))
        for j in bent
    ]
    side = {j: Side(j, smooth_basis(x[:, j], w, SIDE, 0.0)) for p in pairs for j in p}
    surfaces = [(side[a], side[b]) for a, b in pairs]
    groups = [FREE, *_linear_groups(sample.features, linear)]
    for s in curves:
        start = max(groups, default=FREE) + 1
        groups += [start] + [start + 1] * (s.pieces.coefs.shape[2] - 1)
    for a, b in surfaces:
        size = a.pieces.coefs.shape[2] * b.pieces.coefs.shape[2]
        groups += [max(groups) + 1] * size
    ways = tuple(f.monotone for f in sample.features)
    return Columns(x, linear, curves, surfaces, np.array(groups), ways)


def _bending(sample: Sample) -> list[int]:
    """The columns of x that get a curve."""
    found = []
    for j, feature in enumerate(sample.features):
        values = sample.x[sample.w > 0, j]
        if feature.role in BENDS and len(np.unique(values)) >= DISTINCT:
            found.append(j)
    return found


def _fitting(values: np.ndarray, segments: int) -> int:
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


def _segments(sample: Sample, task: Task, given: int | None) -> int:
    if given is not None:
        return given
    plain = len(_bending(sample)) > MANY or task.outputs > FEW_OUTPUTS
    most = SEGMENTS_OF_MANY if plain else SEGMENTS
    return int(np.clip(len(sample.y) // ROWS_PER_SEGMENT, 2, most))


# ── fitting ──


def _fit(sample: Sample, task: Task, dials: dict[str, Any], watch: Watch) -> Fitted:
    def tick() -> None:
        if watch.stopping:
            raise Stopped

    tick()
    segments = _segments(sample, task, dials["segments"])
    columns = _columns(sample, segments, [])
    found = _solve(columns, sample, task, dials["smoothness"], tick)
    pairs: list[tuple[int, int]] = []
    if dials["surfaces"] and len(columns.curves) > 1:
        pairs = _screened(columns, found, sample, task, dials["surfaces"])
    if pairs:
        columns = _columns(sample, segments, pairs)
        found = _solve(columns, sample, task, dials["smoothness"], tick)
    used = {"segments": segments, "surfaces": dials["surfaces"]}
    return Fitted(
        additive,
        _parameters(columns, found),
        int(found.beta.size),
        {**used, "smoothness": dials["smoothness"]},
        _details(columns, found, sample.features),
    )


def _solve(
    columns: Columns, sample: Sample, task: Task, smoothness: float, tick: Any
) -> Solution:
    """Strengths by REML, then times `smoothness`."""

    def solve(strengths: np.ndarray | None) -> Solution:
        if task.name == "regression":
            return gaussian(problem, columns.groups, tick, strengths, columns.rising)
        return logistic(
            columns,
            _one_hot(sample, task),
            sample.w,
            columns.groups,
            tick,
            None,
            strengths,
            columns.rising,
        )

    if task.name == "regression":
        problem = least_squares(columns, sample.y, sample.w)
    found = solve(None)
    return found if smoothness == 1.0 else solve(found.strengths * smoothness)


def _one_hot(sample: Sample, task: Task) -> np.ndarray:
    """(n, 1) for two classes, else (n, classes)."""
    whole = np.eye(task.classes)[sample.y.astype(int)]
    return whole[:, 1:] if task.classes == 2 else whole


def _screened(
    columns: Columns, found: Solution, sample: Sample, task: Task, most: int
) -> list[tuple[int, int]]:
    """The pairs whose cells explain most of what the sum gets wrong.

    Each number is cut at its quantiles; the gain of a pair is the residual sum of
    squares that its cells' means take away, less what chance would.
    """
    wrong = _residual(columns, found, sample, task)
    places = {
        s.column: _cells(sample.x[:, s.column])
        for s in columns.curves
        if not columns.ways[s.column]
    }
    if len(places) > SCREENED:
        single = {
            j: _gain(place, CELLS, wrong, sample.w) for j, place in places.items()
        }
        strength = _straightness(columns, found)
        order = sorted(places, key=lambda j: -(strength[j] + 1e-9 * single[j]))
        places = {j: places[j] for j in order[:SCREENED]}
    gains = {
        (a, b): _gain(places[a] * CELLS + places[b], CELLS**2, wrong, sample.w)
        for a, b in combinations(sorted(places), 2)
    }
    order2 = sorted(gains, key=lambda pair: -gains[pair])[:most]
    return [pair for pair in order2 if gains[pair] > 0]


def _residual(
    columns: Columns, found: Solution, sample: Sample, task: Task
) -> np.ndarray:
    """y - prediction, (n, outputs)."""
    eta = np.concatenate([x @ found.beta for _, x in columns])
    if task.name == "regression":
        return sample.y[:, None] - eta
    share = Target(classes=task.classes).decode(eta)
    gap: np.ndarray = np.eye(task.classes)[sample.y.astype(int)] - share
    return gap[:, 1:] if task.classes == 2 else gap


def _cells(values: np.ndarray) -> np.ndarray:
    edges = np.unique(np.quantile(values, np.linspace(0, 1, CELLS + 1)[1:-1]))
    return np.searchsorted(edges, values, side="right")


def _gain(place: np.ndarray, cells: int, wrong: np.ndarray, w: np.ndarray) -> float:
    """Σ over cells of (Σ w r)² / Σ w, less cells · variance."""
    weight = np.bincount(place, w, cells)
    taken = sum(
        (np.bincount(place, w * r, cells) ** 2 / np.maximum(weight, 1e-12)).sum()
        for r in wrong.T
    )
    chance = (weight > 0).sum() * np.average(wrong**2, axis=0, weights=w).sum()
    return float(taken - 1.5 * chance)


def _straightness(columns: Columns, found: Solution) -> dict[int, float]:
    """How much each curve moves eta: the spread of its part of the sum."""
    sizes, at = {}, 1 + len(columns.linear)
    for s in columns.curves:
        k = s.pieces.coefs.shape[2]
        values = s.pieces(columns.x[:2000, s.column]) @ found.beta[at : at + k]
        sizes[s.column] = float(values.var(axis=0).sum())
        at += k
    return sizes


# ── the function, and what is told of it ──


def _parameters(columns: Columns, found: Solution) -> dict[str, Any]:
    beta, at = found.beta, 1 + len(columns.linear)
    ways = np.array([columns.ways[j] for j in columns.linear], int)[:, None]
    slopes = np.where(ways * beta[1:at] < 0, 0.0, beta[1:at])  # rounding
    parameters: dict[str, Any] = {
        "intercept": beta[0],
        "linear": np.array(columns.linear, int),
        "slopes": slopes,
    }
    mixed = []
    for s in columns.curves:
        k = s.pieces.coefs.shape[2]
        part = beta[at : at + k]
        way = columns.ways[s.column]
        mixed.append(_held(s, part, way) if way else s.pieces.mixed(part))
        at += k
    if mixed:
        parameters["curves"] = packed(mixed, [s.column for s in columns.curves])
    if columns.surfaces:
        sides = {s.column: s for pair in columns.surfaces for s in pair}
        order = {column: k for k, column in enumerate(sides)}
        parameters["sides"] = packed([s.pieces for s in sides.values()], list(sides))
        parameters["first"] = np.array([order[a.column] for a, _ in columns.surfaces])
        parameters["second"] = np.array([order[b.column] for _, b in columns.surfaces])
        parameters["surfaces"] = beta[at:]
    return parameters


def _held(side: Side, beta: np.ndarray, way: int) -> Pieces:
    """The curve, its B-spline coefficients made to rise or fall to the last bit."""
    found = _steps(side) @ beta
    climb = way * np.maximum(way * np.diff(found, axis=0), 0.0)
    exact = np.concatenate([found[:1], found[:1] + np.cumsum(climb, axis=0)])
    return b_splines(side.pieces.knots, REACH).mixed(exact)


def _details(
    columns: Columns, found: Solution, features: Sequence[Feature]
) -> dict[str, Any]:
    """Each curve on a grid in the column's own units, with its standard error."""
    told, at = [], 1 + len(columns.linear)
    for s in columns.curves:
        k = s.pieces.coefs.shape[2]
        part = slice(at, at + k)
        told.append(_curve(s, found, part, features[s.column]))
        at += k
    told.sort(key=lambda t: -t["spread"])
    pairs = [
        [features[a.column].name, features[b.column].name] for a, b in columns.surfaces
    ]
    bent = sum(t["edf"] > 1.5 for t in told)
    also = f" and {len(pairs)} surfaces" if pairs else ""
    return {
        "words": f"a sum of {bent} curves, {len(told) - bent + len(columns.linear)} "
        f"lines{also}",
        "edf": float(found.edf.sum()),
        "curves": told[:40],
        "surfaces": pairs,
    }


def _curve(
    side: Side, found: Solution, part: slice, feature: Feature
) -> dict[str, Any]:
    grid = np.linspace(side.pieces.knots[0], side.pieces.knots[-1], GRID)
    basis = side.pieces(grid)
    values = basis @ found.beta[part]
    spread = np.einsum("ij,jk,ik->i", basis, found.covariance[0][part, part], basis)
    return {
        "feature": feature.name,
        "edf": float(found.edf[part].sum() / found.beta.shape[1]),
        "spread": float(values.std(axis=0).max()),
        "at": np.round(grid * feature.scale + feature.center, 10).tolist(),
        "value": values[:, 0].round(6).tolist(),
        "standard_error": np.sqrt(np.maximum(spread, 0)).round(6).tolist(),
    }
