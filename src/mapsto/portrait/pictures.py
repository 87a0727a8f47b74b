"""The pictures that are told worst and best, and where in them the function looks.

Answers and maps are those of the fold's function that was not trained on the picture.
"""

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np

from mapsto.data.png import lightened, png
from mapsto.data.table import positions
from mapsto.evidence import looked
from mapsto.families.member import in_chunks, weighted_prediction
from mapsto.selection.crossval import Candidate
from mapsto.selection.problem import Problem

MOST_TOLD = 4
"""Classes of one picture, the most probable first."""
DIGITS = 3


def pictures(
    problem: Problem, candidate: Candidate, extremes: Mapping[str, Any]
) -> dict[str, Any] | None:
    """{"column", "worst": pictures, "best": pictures}; None where there are none, or
    where a backbone looks first, which would take minutes.

    Of each: row (from 1), truth, told, picture (a PNG file in base64, a dark one
    lightened), map (places, places), and of classes p: [[class, probability], …].
    """
    column = next((c for c in problem.columns if c.kind == "picture"), None)
    if column is None or column.seen_through:
        return None
    fresh, block = problem.fresh, positions(problem.columns)[column.name]
    side, channels = column.parse["side"], column.parse["channels"]

    def one(row: Mapping[str, Any]) -> dict[str, Any] | None:
        t = problem.t[row["row"] - 1]
        if np.isnan(t[block]).any():
            return None
        i = int(np.searchsorted(fresh.rows, row["row"] - 1))
        fold = next(k for k, f in enumerate(fresh.folds) if i in f.test)
        shown = t[block].astype(np.uint8).reshape(side, side, channels)

        def told(some: np.ndarray) -> np.ndarray:
            rows = np.repeat(t[None], len(some), axis=0)
            rows[:, block] = some.reshape(len(some), -1)
            return in_chunks(
                lambda t: weighted_prediction(
                    candidate.folded[fold], candidate.fold_weights, t
                ),
                rows,
            )

        _, maps = looked(shown, told)
        kept = {k: row[k] for k in ("row", "truth", "told")} | {
            "picture": base64.b64encode(png(lightened(shown))).decode(),
            "map": np.round(maps[row["told"] if problem.task.classes else 0], DIGITS),
        }
        if not problem.task.classes:
            return kept
        p = candidate.oof[i]
        first = np.argsort(-p, kind="stable")[:MOST_TOLD]
        return kept | {"p": [[int(k), float(p[k])] for k in first]}

    found = {which: [*filter(None, map(one, rows))] for which, rows in extremes.items()}
    return {"column": column.name, **found} if any(found.values()) else None
