"""The function as a pair of eyes sees it: a few outputs, on a few typical rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mapsto.data.table import Column, positions
from mapsto.families.member import in_chunks
from mapsto.honesty import conformal
from mapsto.selection.crossval import Candidate
from mapsto.selection.problem import Problem

TYPICAL_ROWS = 40
MOST_CLASSES = 4
COVERAGE = 0.9


@dataclass(frozen=True, eq=False)
class Seen:
    """A candidate, the rows on which it is looked at, and which outputs are shown.

    `rows`: (r, width) of T, drawn at random. `outputs`: columns of the
    probabilities, or none for regression.
    """

    problem: Problem
    candidate: Candidate
    rows: np.ndarray
    outputs: tuple[int, ...]

    @staticmethod
    def of(problem: Problem, candidate: Candidate, rng: np.random.Generator) -> "Seen":
        some = rng.permutation(len(problem.t))[:TYPICAL_ROWS]
        return Seen(problem, candidate, problem.t[some], shown_outputs(problem))

    def __call__(self, t: np.ndarray) -> np.ndarray:
        """The shown outputs: (n, shown)."""
        told = in_chunks(self.candidate, t)
        return told[:, list(self.outputs)] if self.outputs else told[:, None]

    def whole(self, t: np.ndarray) -> np.ndarray:
        """The prediction (n,), or the probabilities (n, classes)."""
        return in_chunks(self.candidate, t)

    def shown(self, labels: Sequence[Any]) -> list[str]:
        """What each shown output is called: "" for a regression's only one."""
        return [str(labels[k]) for k in self.outputs] if self.outputs else [""]

    def column(self, name: str) -> Column:
        return next(c for c in self.problem.columns if c.name == name)

    def place(self, name: str) -> slice:
        return positions(self.problem.columns)[name]

    def values(self, name: str) -> np.ndarray:
        """The column's values among all rows: (n,), for columns of one number."""
        return self.problem.t[:, self.place(name)][:, 0]

    def interval(self, prediction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper bounds at 90 %, as the model gives them; regression."""
        fresh = self.problem.fresh
        tails = conformal.fit_intervals(fresh.y, self.candidate.oof, fresh.folds)
        return conformal.interval(tails, prediction, np.float64(COVERAGE))


def shown_outputs(problem: Problem) -> tuple[int, ...]:
    """Two classes: the second. More: the most frequent ones."""
    classes = problem.task.classes
    if classes <= 2:
        return (1,) if classes else ()
    counts = np.bincount(problem.y.astype(int), minlength=classes)
    return tuple(np.argsort(-counts, kind="stable")[:MOST_CLASSES].tolist())
