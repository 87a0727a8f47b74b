"""From the caller's data to the rows to learn from."""

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from mapsto import catalogue
from mapsto.data.columns import find_columns
from mapsto.data.read import Raw, read
from mapsto.data.table import LEARNABLE, Column
from mapsto.data.target_values import TargetValues, target_values
from mapsto.data.typed import type_table
from mapsto.errors import DataError, OptionError
from mapsto.events import DataRead, Noticed, Watch
from mapsto.families.family import Task
from mapsto.scores import CLASSIFICATION, REGRESSION, Score, named
from mapsto.selection.problem import Origin, Problem
from mapsto.selection.validation import deal_folds, mentioned

LEAST_ROWS = 10


def read_problem(
    data: Any,
    target: str | None,
    task: str,
    kinds: Mapping[str, str] | None,
    weights: Any,
    validation: Any,
    score: str,
    effort: str,
    seed: int,
    watch: Watch,
) -> tuple[Problem, Origin]:
    """Read, type, drop the rows without a target, and deal the folds."""
    raw = read(data, target)
    name = _target_name(raw, target)
    values = target_values(raw, name, task)
    w, weight_column = row_weights(raw, weights)
    known = _known(values)
    _enough(values, known)
    raw, w = _rows(raw, known), w[known]
    skip = {name, *([weight_column] if weight_column else []), *mentioned(validation)}
    kept, aside, notices = learnable(raw, kinds, skip)
    for notice in (*values.notices, *notices):
        watch.tell(notice)
    watch.tell(DataRead(raw.rows, len(kept), name, values.task))
    t = type_table(raw, kept).matrix()
    y = values.values[known].astype(float)
    classes = len(values.labels)
    folds, whole, how = deal_folds(validation, raw, y, classes, effort, seed)
    problem = Problem(
        kept,
        t,
        y,
        w / w.mean(),
        Task("classification" if classes else "regression", classes),
        folds,
        whole,
        _score(score, classes),
        seed,
    )
    print_of = hashlib.sha256(t.tobytes() + y.tobytes()).hexdigest()
    told = (*values.notices, *notices)
    return problem, Origin(values, aside, told, print_of, how)


def _score(name: str, classes: int) -> Score:
    found = named(name, classes)
    if found is None:
        known = CLASSIFICATION if classes else REGRESSION
        raise OptionError(
            "option-unknown",
            option="score",
            value=name,
            near=catalogue.near(name, list(known)),
            choices=f"auto, {', '.join(known)}",
        )
    return found


def learnable(
    raw: Raw, kinds: Mapping[str, str] | None, skip: Collection[str] = ()
) -> tuple[tuple[Column, ...], tuple[Column, ...], tuple[Noticed, ...]]:
    """The columns that can be learned from, those set aside, and what to tell."""
    columns, notices = find_columns(raw, kinds, skip)
    kept = tuple(c for c in columns if c.kind in LEARNABLE)
    aside = tuple(c for c in columns if c.kind not in LEARNABLE)
    if not kept:
        why = f" Set aside: {', '.join(c.name for c in aside)}." if aside else ""
        raise DataError("columns-none", why=why)
    return kept, aside, notices


def _target_name(raw: Raw, target: str | None) -> str:
    names = list(raw.columns)
    if target is None and raw.target is not None:
        return raw.target
    if target not in raw.columns:
        raise DataError(
            "target-missing",
            target=target,
            near=catalogue.near(str(target), names),
            columns=catalogue.listed(names),
        )
    return str(target)


def _known(values: TargetValues) -> np.ndarray:
    return values.values >= 0 if len(values.labels) else ~np.isnan(values.values)


def _enough(values: TargetValues, known: np.ndarray) -> None:
    rows = int(known.sum())
    if rows < LEAST_ROWS:
        raise DataError("too-few-rows", rows=rows, least=LEAST_ROWS)


def _rows(raw: Raw, known: np.ndarray) -> Raw:
    return raw if known.all() else raw.take(known)


def row_weights(raw: Raw, weights: Any) -> tuple[np.ndarray, str | None]:
    """The weights of all rows, and the column they came from."""
    if weights is None:
        return np.ones(raw.rows), None
    column = weights if isinstance(weights, str) else None
    if column is not None and column not in raw.columns:
        names = list(raw.columns)
        raise DataError(
            "weights-bad",
            problem=f"there is no column {column!r}.{catalogue.near(column, names)}",
        )
    w = np.asarray(raw.columns[column] if column else weights)
    if w.dtype.kind not in "fiub" or w.shape != (raw.rows,):
        raise DataError("weights-bad", problem=f"got {w.dtype} of shape {w.shape}")
    w = w.astype(float)
    if not np.isfinite(w).all() or (w < 0).any() or w.sum() <= 0:
        bad = int(np.argmax(~np.isfinite(w) | (w < 0)))
        raise DataError("weights-bad", problem=f"row {bad} has weight {w[bad]}")
    return w, column
