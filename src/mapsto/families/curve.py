"""The curve: a sum of bent lines, one per number, and a few surfaces of two columns.

    eta = b + Σ_j β_j x_j + Σ_s f_s(x_s) + Σ_{(s,t)} f_st(x_s, x_t)

Penalised cubic B-splines (Eilers & Marx 1996, https://doi.org/10.1214/ss/1038425655)
and, from effort normal on, the steps of a random walk, each with a strength of its
own, found by REML (`solvers.penalised`): what is smooth stays smooth, and what jumps
at a price, an hour or a zero may jump, surfaces too. A useless curve shrinks to
nothing, since its straight part is penalised too (Marra & Wood 2011,
https://doi.org/10.1016/j.csda.2011.02.004). Levels of a category share one strength.
Surfaces of two numbers, two categories or one of each are screened on what the sum
gets wrong (`curve_pairs`); their straight parts, their bent parts and their steps are
shrunk apart.

A curve that must rise has rising B-spline coefficients, which is enough for its slope
to be positive everywhere (as in Pya & Wood 2015,
https://doi.org/10.1007/s11222-013-9448-7); such a column has no surface.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np

from mapsto.data.encoding import Feature, Plan
from mapsto.data.target import Target
from mapsto.events import Progress, Stopped, Watch
from mapsto.families.bounds import seen_range
from mapsto.families.checks import number, whole
from mapsto.families.curve_columns import (
    REACH,
    SIDE,
    Bend,
    Columns,
    Side,
    Source,
    bending,
    columns_of,
    steps,
)
from mapsto.families.curve_pairs import acting_together
from mapsto.families.family import Dial, Family, Fitted, Sample, Task
from mapsto.families.smooths import Tile, additive, laid, packed, widened
from mapsto.solvers.penalised import Solution, gaussian, least_squares
from mapsto.solvers.penalised_logistic import logistic
from mapsto.solvers.splines import Pieces, b_splines
from mapsto.threads import side_by_side

PIECES, FEWEST_PIECES, MOST_PIECES = 240, 8, 40  # of all curves together; of each
JUMPS = {"quick": 0, "normal": 240, "thorough": 480}  # of all curves together
FEWEST_JUMPS, MOST_JUMPS = 8, 32
ROWS_PER_PIECE = 12
SURFACES = {"quick": 2, "normal": 16, "thorough": 24}
FEW_OUTPUTS = 5  # more classes than this have no surfaces and no jumps
SURFACE = SIDE**2  # functions of a surface of two numbers
GRID = 48  # points at which a curve is told


class Curve(Family):
    """Additive models with automatic smoothness."""

    name = "curve"
    dials: tuple[Dial, ...] = (
        Dial("segments", "cubic pieces of each curve", None, whole(1)),
        Dial(
            "jumps",
            "places where each curve may jump, and with 0 no surface may either",
            None,
            whole(0),
        ),
        Dial("smoothness", "factor on the penalties found", 1.0, number(0)),
        Dial(
            "surfaces",
            "most pairs of columns that act together",
            None,
            whole(0),
        ),
    )
    rehearsal = {"surfaces": 0, "jumps": 16}

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
            fitted = _fit(samples[k], task, given, effort, watch)
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
        return _fit(sample, task, given, effort, watch)


def _dials(
    given: Mapping[str, Any], sample: Sample, task: Task, effort: str
) -> dict[str, Any]:
    """Every hyperparameter: what is given, else the default for these rows."""
    rows, curves = len(sample.y), max(len(bending(sample)) * task.outputs, 1)

    def share(total: int, fewest: int, most: int) -> int:
        """What each curve has of the total; no more in all than rows."""
        each = int(np.clip(total // curves, fewest, most))
        return min(each, rows // ROWS_PER_PIECE, rows // curves)

    many = task.outputs > FEW_OUTPUTS
    jump = JUMPS[effort] and not many
    follow = {
        "segments": max(2, share(PIECES, FEWEST_PIECES, MOST_PIECES)),
        "jumps": share(JUMPS[effort], FEWEST_JUMPS, MOST_JUMPS) if jump else 0,
        "surfaces": 0 if many else SURFACES[effort],
    }
    dials = {dial.name: dial.default for dial in Curve.dials} | follow
    dials |= {name: value for name, value in given.items() if value is not None}
    dials["jumps"] = min(dials["jumps"], rows // curves)
    return dials


# ── fitting ──


def _fit(
    sample: Sample, task: Task, given: Mapping[str, Any], effort: str, watch: Watch
) -> Fitted:
    def tick() -> None:
        if watch.stopping:
            raise Stopped

    tick()
    dials = _dials(given, sample, task, effort)
    segments, jumps, smoothness = dials["segments"], dials["jumps"], dials["smoothness"]
    columns = columns_of(sample, task, segments, jumps)
    found = _solve(columns, sample, task, smoothness, tick)
    pairs: list[tuple[Source, Source]] = []
    surfaces = min(dials["surfaces"], len(sample.y) // SURFACE)
    if surfaces:
        wrong = _residual(columns, found, sample, task)
        target = _centred(sample, task)
        pairs = acting_together(sample, target, wrong, surfaces)
    if pairs:
        columns = columns_of(sample, task, segments, jumps, pairs)
        found = _solve(columns, sample, task, smoothness, tick, found)
    parameters = _parameters(columns, found)
    if not task.classes:
        parameters |= seen_range(sample.y, np.float64, REACH)
    return Fitted(
        additive,
        parameters,
        int(found.beta.size),
        dials,
        _details(columns, found, sample.features),
    )


def _solve(
    columns: Columns,
    sample: Sample,
    task: Task,
    smoothness: float,
    tick: Any,
    start: Solution | None = None,
) -> Solution:
    """Strengths by REML, from those of `start` on, then times `smoothness`."""

    def solve(strengths: np.ndarray | None) -> Solution:
        asked = tick, strengths, columns.rising, start
        if task.name == "regression":
            return gaussian(problem, columns.groups, *asked)
        target = _one_hot(sample, task)
        return logistic(columns, target, sample.w, columns.groups, *asked)

    if task.name == "regression":
        problem = least_squares(columns, sample.y, sample.w)
    found = solve(None)
    return found if smoothness == 1.0 else solve(found.strengths * smoothness)


def _one_hot(sample: Sample, task: Task) -> np.ndarray:
    """(n, 1) for two classes, else (n, classes)."""
    whole = np.eye(task.classes)[sample.y.astype(int)]
    return whole[:, 1:] if task.classes == 2 else whole


def _centred(sample: Sample, task: Task) -> np.ndarray:
    """(n, outputs) y less its mean."""
    y = _one_hot(sample, task) if task.classes else sample.y[:, None]
    return np.asarray(y - np.average(y, axis=0, weights=sample.w))


def _residual(
    columns: Columns, found: Solution, sample: Sample, task: Task
) -> np.ndarray:
    """y - prediction, (n, outputs)."""
    eta = np.concatenate([x @ found.beta for _, x in columns])
    if not task.classes:
        return np.asarray(sample.y[:, None] - eta)
    share = Target(classes=task.classes).decode(eta)
    return _one_hot(sample, task) - (share[:, 1:] if task.classes == 2 else share)


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
        part = beta[at : at + s.size]
        way = columns.ways[s.column]
        mixed.append(_held(s, part, way) if way else s.pieces.mixed(part))
        at += s.size
    if mixed:
        parameters["curves"] = packed(mixed, [s.column for s in columns.curves])
    if columns.surfaces:
        size = sum(a.size * b.size for a, b in columns.surfaces)
        parameters |= _surfaces(columns, beta[at : at + size])
        at += size
    if columns.tiles:
        parameters["tiles"] = _tiles(columns, beta[at:])
    return parameters


def _surfaces(columns: Columns, beta: np.ndarray) -> dict[str, Any]:
    """All surfaces as one quadratic form of their sides' functions, see `additive`.

    beta: (products, outputs).
    """
    bent: dict[tuple[int, int, bool], Side] = {}
    plain: dict[tuple[int, int, bool], Side] = {}
    for side in chain.from_iterable(columns.surfaces):
        (plain if side.pieces is None else bent)[side.key] = side
    widest = max((s.size for s in bent.values()), default=0)
    place = {key: k * widest for k, key in enumerate(bent)}
    total = len(bent) * widest
    for key, side in plain.items():
        place[key], total = total, total + side.size
    form = np.zeros((beta.shape[1], total, total))
    at = 0
    for a, b in columns.surfaces:
        i, j, count = place[a.key], place[b.key], a.size * b.size
        block = beta[at : at + count].T.reshape(-1, a.size, b.size)
        form[:, i : i + a.size, j : j + b.size] = block
        at += count
    told: dict[str, Any] = {"surfaces": form}
    if bent:
        pieces = [widened(s.pieces, widest) for s in bent.values() if s.pieces]
        told["sides"] = packed(pieces, [s.source[0] for s in bent.values()])
    if plain:
        told["plain"] = np.array([j for s in plain.values() for j in s.source])
    return told


def _tiles(columns: Columns, beta: np.ndarray) -> dict[str, np.ndarray]:
    """The surfaces in steps as tables of their heights. beta: (products, outputs)."""
    found, at = [], 0
    for a, b in columns.tiles:
        assert a.pieces is not None
        assert b.pieces is not None
        part = beta[at : at + a.size * b.size].reshape(a.size, b.size, -1)
        at += a.size * b.size
        levels = a.pieces.coefs[:, 0], b.pieces.coefs[:, 0]
        heights = np.einsum("ia,jb,abk->ijk", *levels, part)
        at_both = a.source[0], b.source[0], a.pieces.knots, b.pieces.knots
        found.append(Tile(*at_both, heights))
    return laid(found)


def _held(bend: Bend, beta: np.ndarray, way: int) -> Pieces:
    """The curve, its B-spline coefficients made to rise or fall to the last bit."""
    found = steps(bend) @ beta
    climb = way * np.maximum(way * np.diff(found, axis=0), 0.0)
    exact = np.concatenate([found[:1], found[:1] + np.cumsum(climb, axis=0)])
    return b_splines(bend.pieces.knots, REACH).mixed(exact)


def _details(
    columns: Columns, found: Solution, features: Sequence[Feature]
) -> dict[str, Any]:
    """Each curve on a grid in the column's own units, with its standard error."""
    parts: dict[int, list[tuple[Bend, slice]]] = {}
    at = 1 + len(columns.linear)
    for s in columns.curves:
        parts.setdefault(s.column, []).append((s, slice(at, at + s.size)))
        at += s.size
    told = [_curve(each, found, features[column]) for column, each in parts.items()]
    told.sort(key=lambda t: -t["spread"])
    named = [
        (_name(a.source, features), _name(b.source, features))
        for a, b in (*columns.surfaces, *columns.tiles)
    ]
    pairs = [list(pair) for pair in dict.fromkeys(named)]
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
    parts: Sequence[tuple[Bend, slice]], found: Solution, feature: Feature
) -> dict[str, Any]:
    """The sum of a column's parts, each with its place in β."""
    knots = parts[0][0].pieces.knots
    grid = np.linspace(knots[0], knots[-1], GRID)
    basis = np.concatenate([bend.pieces(grid) for bend, _ in parts], axis=1)
    at = np.concatenate([np.arange(p.start, p.stop) for _, p in parts])
    values = basis @ found.beta[at]
    spread = np.einsum("ij,jk,ik->i", basis, found.covariance[0][np.ix_(at, at)], basis)
    return {
        "feature": feature.name,
        "edf": float(found.edf[at].sum() / found.beta.shape[1]),
        "spread": float(values.std(axis=0).max()),
        "at": np.round(grid * feature.scale + feature.center, 10).tolist(),
        "value": values[:, 0].round(6).tolist(),
        "standard_error": np.sqrt(np.maximum(spread, 0)).round(6).tolist(),
    }


def _name(source: Source, features: Sequence[Feature]) -> str:
    """The column's name where a source is its levels, else the feature's."""
    first = features[source[0]]
    return first.column if len(source) > 1 else first.name
