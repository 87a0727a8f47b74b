"""What is told of each part of a composition, and the part as a function of T."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mapsto.data.table import Column, positions
from mapsto.families.composition_convention import role
from mapsto.families.composition_form import Form, eta_of, part, values_of
from mapsto.families.member import Member, in_chunks
from mapsto.selection.crossval import Candidate
from mapsto.selection.problem import Problem

GRID = 33  # points at which a part is drawn along a number
MOST_LEVELS = 40
BINS = 24  # between which the rows along a curve are counted
BACKGROUND = 64  # rows over whose other inputs a part is averaged
JUDGED = 4096  # rows by which importance and range are told


def parts_of(candidate: Candidate, problem: Problem) -> dict[str, dict[str, Any]]:
    """Of each part: how it is declared, its importance, range and curves."""
    member = candidate.members[0]
    form = form_of(member)
    rows = problem.t[:: -(-len(problem.t) // JUDGED)]
    importance = _importance(member, rows)
    told = {}
    for declared in form.structure.parts:
        name = declared.name
        values = in_chunks(part_of(member, name), rows)
        columns = [c for c in problem.columns if c.name in declared.reaches]
        told[name] = {
            "declared": str(declared),
            "columns": [c.name for c in columns],
            "role": role(form.structure, name, form.order.positive),
            "hyperparameters": candidate.hyperparameters[name],
            "importance": importance[name],
            "range": [float(values.min()), float(values.max())],
            "curves": [
                curve
                for c in columns
                if (curve := _curve(candidate, problem, name, c)) is not None
            ],
        }
    return told


def form_of(member: Member) -> Form:
    """The form of a fitted composition."""
    function: Any = member.fitted.function
    found: Form = function.keywords["form"]
    return found


def part_of(member: Member, name: str) -> Callable[[Any], Any]:
    """T (n, width) -> the value of a part, (n,), in the units of the target; of more
    than two classes, that of each, (n, classes)."""
    form, parameters = form_of(member), member.fitted.parameters
    return lambda t: part(parameters, member.encoding(t), form, name)


def with_error(candidate: Candidate, name: str) -> Callable[[Any], tuple[Any, Any]]:
    """T -> the value of a part and its standard error, each as of `part_of`.

    The folds' functions are each learned without a K-th of the rows; their spread
    tells the error of the whole by the delete-a-group jackknife,
    (K - 1)/K · Σ (f_k - mean)² (Shao & Tu 1995,
    https://doi.org/10.1007/978-1-4612-0795-5).
    """
    whole = part_of(candidate.members[0], name)
    others = [part_of(member, name) for (member,) in candidate.folded]

    def both(t: Any) -> tuple[Any, Any]:
        xp = t.__array_namespace__()
        told = xp.stack([f(t) for f in others], axis=0)
        gaps = told - xp.mean(told, axis=0, keepdims=True)
        share = (len(others) - 1) / len(others)
        error = xp.sqrt(share * xp.sum(gaps * gaps, axis=0))
        return xp.astype(whole(t), t.dtype), xp.astype(error, t.dtype)

    return both


def own_columns(candidate: Candidate, problem: Problem, name: str) -> list[Column]:
    """The columns that a part depends on."""
    declared = form_of(candidate.members[0]).structure.part(name)
    return [c for c in problem.columns if c.name in declared.reaches]


def widened(columns: Sequence[Column], own: Sequence[Column], t: Any) -> Any:
    """T of all columns, from that of some; the others, which do not matter, are 0."""
    xp = t.__array_namespace__()
    place = positions(own)
    blocks = [
        t[:, place[c.name]] if c.name in place else xp.zeros((t.shape[0], c.width))
        for c in columns
    ]
    return xp.concat(blocks, axis=1)


# ── importance, and curves ──


def _importance(member: Member, t: np.ndarray) -> dict[str, float]:
    """How far the whole moves when a part is held at its mean, in deviations of the
    whole: sqrt(mean (eta - eta_held)² / var eta)."""
    form, parameters = form_of(member), member.fitted.parameters
    x = member.encoding(t)[None].astype(np.float32)
    values = values_of(parameters, x, form)
    eta = _between_classes(eta_of(parameters, values, form))
    total = max(float(eta.var()), 1e-30)
    found = {}
    for name in form.structure.names:
        mean = np.broadcast_to(
            values[name].mean(axis=1, keepdims=True), values[name].shape
        )
        others = values_of(parameters, x, form, held={name: mean})
        held = _between_classes(eta_of(parameters, others, form))
        found[name] = float(np.sqrt(((eta - held) ** 2).mean() / total))
    return found


def _between_classes(eta: np.ndarray) -> np.ndarray:
    """(members, n, outputs) without what the scores of all classes have in common."""
    return eta - eta.mean(axis=2, keepdims=True) if eta.shape[2] > 1 else eta


def _curve(
    candidate: Candidate, problem: Problem, name: str, column: Column
) -> dict[str, Any] | None:
    """The mean of a part along one column, over the rows' other columns."""
    at = positions(problem.columns)[column.name]
    grid = _grid(column, problem.t[:, at.start])
    if grid is None:
        return None
    rows = problem.t[:: -(-len(problem.t) // BACKGROUND)]
    t = np.repeat(rows[None], len(grid), axis=0)
    t[:, :, at.start] = grid[:, None]
    t = t.reshape(-1, t.shape[2])

    def mean(member: Member) -> np.ndarray:
        told = in_chunks(part_of(member, name), t)
        return np.asarray(told.reshape(len(grid), len(rows), *told.shape[1:]).mean(1))

    folds = np.stack([mean(m) for (m,) in candidate.folded])
    share = (len(folds) - 1) / len(folds)
    error = np.sqrt(share * ((folds - folds.mean(axis=0)) ** 2).sum(axis=0))
    shown: Sequence[Any] = grid.tolist()
    if column.kind == "category":
        shown = [column.levels[int(k)] for k in grid]
    return {
        "column": column.name,
        "kind": column.kind,
        "at": shown,
        "density": _density(problem.t[:, at.start], grid, column.kind),
        "value": mean(candidate.members[0]).tolist(),
        "standard_error": error.tolist(),
    }


def _density(values: np.ndarray, grid: np.ndarray, kind: str) -> dict[str, Any]:
    """How many rows lie where: at each point, or between even edges."""
    if kind in ("category", "boolean"):
        return {"counts": [int((values == v).sum()) for v in grid]}
    known = values[(values >= grid[0]) & (values <= grid[-1])]
    counts, edges = np.histogram(known, BINS)
    return {"counts": counts.tolist(), "edges": edges.tolist()}


def _grid(column: Column, values: np.ndarray) -> np.ndarray | None:
    """Where a part is drawn along a column; None for text."""
    known = values[~np.isnan(values)]
    if column.kind == "category":
        codes, counts = np.unique(known[known >= 0], return_counts=True)
        return np.sort(codes[np.argsort(-counts, kind="stable")[:MOST_LEVELS]])
    if column.kind.endswith("text"):
        return None
    distinct = np.unique(known)
    if len(distinct) <= GRID:
        return distinct
    low, high = np.quantile(known, [0.005, 0.995])
    return np.linspace(float(low), float(high), GRID)
