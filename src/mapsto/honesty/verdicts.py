"""What the numbers mean, in words: each verdict is a code with its evidence."""

from collections.abc import Sequence

import numpy as np

from mapsto.data.split import Fold
from mapsto.selection.crossval import Candidate
from mapsto.selection.ladder import paired_difference
from mapsto.verdict import Severity, Verdict

FEW_ROWS = 100
ROWS_PER_PARAMETER = 10
LEFT = 0.05  # of the residuals' variance: below this, structure left is not worth words
GAP = 0.10  # of the out-of-fold score: below this, train and fresh rows agree


def judge(
    rungs: Sequence[Candidate],
    w: np.ndarray,
    folds: Sequence[Fold],
    best: str,
    left: tuple[float, float],
    rows: int,
) -> list[Verdict]:
    """All verdicts that apply, the constant first among `rungs`.

    `w`, `folds`: of the rows that judge; `rows`: how many there are to learn from.
    `left`: share of the best's residual variance that is still structure, and its
    standard error (`underfitting.structure_left`).
    """
    found = [
        _learned(rungs, w, folds, best),
        _line_is_all(rungs, w, folds, best),
        _underfitting(best, left),
        _overfitting(rungs, best),
        _climbed_too_far(rungs, w, folds, best),
        _rows(rungs, rows),
    ]
    return [v for v in found if v is not None]


def _named(rungs: Sequence[Candidate], name: str) -> Candidate | None:
    return next((r for r in rungs if r.family == name), None)


def _learned(
    rungs: Sequence[Candidate], w: np.ndarray, folds: Sequence[Fold], best: str
) -> Verdict | None:
    """Underfitting in the extreme: nothing is better than the constant."""
    floor, top = rungs[0], _named(rungs, best)
    if len(rungs) == 1 or top is None or floor.family != "constant":
        return None
    gain, error = paired_difference(floor.losses, top.losses, w, folds)
    if gain > 2 * error and top.family != "constant":
        return None
    rung = min(rungs[1:], key=lambda r: r.error)
    parameters = {"constant": floor.score, "score": rung.score, "rung": rung.family}
    return Verdict("nothing-learned", "warning", parameters)


def _line_is_all(
    rungs: Sequence[Candidate], w: np.ndarray, folds: Sequence[Fold], best: str
) -> Verdict | None:
    """No bend, step or lift beats the straight line by more than its error."""
    straight, floor = _named(rungs, "line"), rungs[0]
    higher = [r for r in rungs if r.family not in ("constant", "line")]
    if straight is None or not higher:
        return None
    gain, error = paired_difference(floor.losses, straight.losses, w, folds)
    if gain <= 2 * error:
        return None
    rival = min(higher, key=lambda r: r.error)
    more, error = paired_difference(straight.losses, rival.losses, w, folds)
    if more > error:
        return None
    parameters = {"line": straight.score, "score": rival.score, "rung": rival.family}
    return Verdict("line-is-all", "note", parameters)


def _underfitting(best: str, left: tuple[float, float]) -> Verdict | None:
    """What the best function gets wrong is not chance."""
    share, error = left
    if share < LEFT or share < 2.5 * error:
        return None
    return Verdict(
        "underfitting", "warning", {"rung": best, "percent": round(100 * share)}
    )


def _overfitting(rungs: Sequence[Candidate], best: str) -> Verdict | None:
    """The best function fits the past better than the future."""
    top = _named(rungs, best)
    if top is None or top.family == "constant":
        return None
    gap = top.error - top.train_error
    if top.error <= 0 or gap <= GAP * top.error or gap <= 2 * top.standard_error:
        return None
    parameters = {
        "rung": top.family,
        "train": top.train_score,
        "score": top.score,
        "percent": round(100 * gap / top.error),
    }
    return Verdict("fits-past-better", "note", parameters)


def _climbed_too_far(
    rungs: Sequence[Candidate], w: np.ndarray, folds: Sequence[Fold], best: str
) -> Verdict | None:
    """A rung above the best is worse on fresh rows although it knows the old better."""
    names = [r.family for r in rungs]
    top = _named(rungs, best)
    if top is None or best not in names:
        return None
    worse = []
    for rung in rungs[names.index(best) + 1 :]:
        loss, error = paired_difference(rung.losses, top.losses, w, folds)
        if loss > 2 * error and rung.train_error < top.train_error:
            worse.append(rung)
    if not worse:
        return None
    rung = max(worse, key=lambda r: r.error)
    parameters = {
        "rung": rung.family,
        "best": best,
        "train": rung.train_score,
        "score": rung.score,
        "best_train": top.train_score,
        "best_score": top.score,
    }
    return Verdict("overfitting", "warning", parameters)


def _rows(rungs: Sequence[Candidate], rows: int) -> Verdict | None:
    """Too few rows for what is asked of them."""
    straight = _named(rungs, "line")
    size = straight.size if straight else 1
    if rows >= FEW_ROWS and rows >= ROWS_PER_PARAMETER * size:
        return None
    severity: Severity = "warning" if rows < max(FEW_ROWS, 2 * size) else "note"
    parameters = {"rows": rows, "parameters": size, "least": max(FEW_ROWS, 10 * size)}
    return Verdict("few-rows", severity, parameters)
