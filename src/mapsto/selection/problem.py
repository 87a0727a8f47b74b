"""The rows to learn from, the rows that judge, and where they came from."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from mapsto.data.encoding import Encoding
from mapsto.data.split import Fold, among
from mapsto.data.table import Column
from mapsto.data.target_values import TargetValues
from mapsto.events import Noticed
from mapsto.families.family import Task
from mapsto.graph.backbone import Extractor
from mapsto.scores import Score

MOST_KNOWN, LEAST_KNOWN = 2000, 200
KNOWN_NUMBERS = 8_000_000  # of T, at most so many are told again


@dataclass(frozen=True, eq=False)
class Fresh:
    """The rows that are predicted out of fold: what every judgement looks at.

    `rows`: their indices, all rows unless the folds go forward in time. y, w: (m,).
    `folds`: the same folds among these rows, for what is cross-fitted on them.
    """

    rows: np.ndarray
    y: np.ndarray
    w: np.ndarray
    folds: tuple[Fold, ...]


@dataclass(frozen=True, eq=False)
class Problem:
    """The rows to learn from: T (n, width), y (n,), weights w (n,) with mean 1.

    `whole` trains on every row, for the functions that are refitted. `extractor`: the
    backbone that looked at its pictures.
    """

    columns: tuple[Column, ...]
    t: np.ndarray
    y: np.ndarray
    w: np.ndarray
    task: Task
    folds: tuple[Fold, ...]
    whole: Fold
    score: Score
    seed: int
    extractor: Extractor | None = None
    cache: dict[Any, tuple[Encoding, np.ndarray]] = field(default_factory=dict)

    @cached_property
    def fresh(self) -> Fresh:
        rows = np.sort(np.concatenate([f.test for f in self.folds]))
        return Fresh(rows, self.y[rows], self.w[rows], among(self.folds, rows))

    @cached_property
    def known(self) -> tuple[np.ndarray, ...]:
        """Of each fold's training rows, those that its train score is measured on:
        all, or MOST_KNOWN that are evenly spaced (fewer, where rows are pictures)."""
        every = [f.train for f in self.folds]
        most = min(MOST_KNOWN, max(LEAST_KNOWN, KNOWN_NUMBERS // self.t.shape[1]))
        return tuple(rows[:: -(-len(rows) // most)] for rows in every)


@dataclass(frozen=True, eq=False)
class Origin:
    """Where a problem came from: what a model remembers besides its functions."""

    target: TargetValues
    aside: tuple[Column, ...]
    notices: tuple[Noticed, ...]
    fingerprint: str
    validation: str
