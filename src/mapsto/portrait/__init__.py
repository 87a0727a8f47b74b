"""The portrait: what a model keeps of its data, so that it can be looked at later.

A model file holds no rows. What a picture of the function needs of them (how dense
they are, what the function does along each column, what it gets wrong) is measured
once, at the end of a fit, and kept in bounded size: counts, curves and quantiles.
Single values are kept in three places only: the points of a function of one or two
numbers, and (prediction, residual) pairs, at most `MOST_POINTS` of each; and of
pictures the five that are told worst and the five that are told best.

Everything that judges is out of fold: predicted by a function that was not trained
on the row.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mapsto.portrait.effects import effects, pair_effect
from mapsto.portrait.errors import (
    confusion,
    coverage,
    extremes,
    reliability,
    residuals,
    target_counts,
)
from mapsto.portrait.importance import importance
from mapsto.portrait.network import wiring
from mapsto.portrait.pictures import pictures
from mapsto.portrait.seeing import Seen
from mapsto.selection.crossval import Candidate
from mapsto.selection.problem import Problem

MOST_POINTS = 300
TYPICAL = (0.1, 0.5, 0.9)


def portrait(
    problem: Problem, candidates: Sequence[Candidate], best: str, labels: Sequence[Any]
) -> dict[str, Any]:
    """What is kept for the pictures of the most accurate function."""
    candidate = next(c for c in candidates if c.family == best)
    rng = np.random.default_rng([problem.seed, 9])
    seen = Seen.of(problem, candidate, rng)
    ranked = importance(problem, candidate, rng)
    order = [row["column"] for row in ranked["columns"]]
    told: dict[str, Any] = {
        "rung": best,
        "shown": seen.shown(labels),
        "importance": ranked,
        "effects": effects(seen, order),
        "pair": pair_effect(seen, order),
        "points": points(problem, rng),
        "target": target_counts(problem),
        "coverage": coverage(problem, candidate),
        "extremes": extremes(problem, candidate),
    }
    looked = pictures(problem, candidate, told["extremes"])
    if looked is not None:
        told["pictures"] = looked
    network = next((c for c in candidates if c.family == "network"), None)
    if network is not None:
        told["network"] = wiring(problem, network, order)
    if problem.task.classes:
        told["reliability"] = reliability(problem, candidate)
        told["confusion"] = confusion(problem, candidate)
    else:
        told["residuals"] = residuals(problem, candidate, rng, MOST_POINTS)
        told["typical"] = typical(seen)
    return told


def typical(seen: Seen) -> list[dict[str, float]]:
    """A low, a middle and a high prediction, each with its 90 % interval."""
    told = np.quantile(seen.candidate.oof, TYPICAL)
    lower, upper = seen.interval(told)
    return [
        {"value": value, "low": low, "high": high}
        for value, low, high in zip(told, lower, upper, strict=True)
    ]


def points(problem: Problem, rng: np.random.Generator) -> dict[str, Any] | None:
    """Rows of a table of one date, or of one or two numbers.

    {"x": columns, "y": target, "of": how many rows there are}
    """
    kinds = [c.kind for c in problem.columns]
    if kinds not in (["number"], ["date"], ["number", "number"]):
        return None
    known = np.flatnonzero(~np.isnan(problem.t).any(axis=1))
    some = np.sort(rng.permutation(known)[:MOST_POINTS])
    return {"x": problem.t[some].T, "y": problem.y[some], "of": len(problem.y)}
