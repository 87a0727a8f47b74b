"""What a declared structure costs, and what it leaves open."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mapsto.catalogue import PAIRS
from mapsto.data.split import Fold
from mapsto.families.structure_doubts import chained, sharing
from mapsto.scores import Score
from mapsto.selection.crossval import Candidate
from mapsto.selection.ladder import paired_difference
from mapsto.selection.parts import form_of
from mapsto.verdict import Verdict

STEP = 1e-4  # of a loss, over which the slope of its score is taken


def price(
    rungs: Sequence[Candidate], w: np.ndarray, folds: Sequence[Fold], score: Score
) -> dict[str, Any] | None:
    """How much worse, in percent of the score, the composition is than the free
    network (where none was climbed, than the best free rung) and the standard error.

    Both are told by the same out-of-fold rows, so that their losses are paired; the
    error of the score's difference is the slope of the score times that of the loss's.
    """
    named = {r.family: r for r in rungs}
    free = [r for r in rungs if r.family not in ("composition", "constant", "blend")]
    if "composition" not in named or not free:
        return None
    own = named["composition"]
    rival = named.get("network", min(free, key=lambda r: r.error))
    _, error = paired_difference(own.losses, rival.losses, w, folds)
    mean = float(np.average(rival.losses, weights=w))
    slope = (score.tell(mean * (1 + STEP)) - score.tell(mean)) / (mean * STEP)
    return {
        "rival": rival.family,
        "percent": 100 * (own.error - rival.error) / rival.error,
        "error": 100 * abs(slope) * error / rival.error,
    }


def doubts(composed: Candidate) -> list[Verdict]:
    """A verdict for what the structure of a composition leaves open."""
    structure = form_of(composed.members[0]).structure
    found = []
    shared = sharing(structure)
    if shared:
        told = PAIRS["share"]
        pairs = "; ".join(
            told.format(first=a, second=b, columns=", ".join(c)) for a, b, c in shared
        )
        found.append(Verdict("parts-share", "warning", {"pairs": pairs}))
    bent = [
        (inner, outer)
        for inner, outer in chained(structure)
        if composed.hyperparameters[outer]["family"] != "line"
    ]
    if bent:
        told = PAIRS["bent"]
        pairs = "; ".join(told.format(inner=a, outer=b) for a, b in bent)
        found.append(Verdict("parts-bent", "note", {"pairs": pairs}))
    return found
