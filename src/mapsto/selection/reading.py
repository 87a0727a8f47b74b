"""From the caller's data to the rows to learn from."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from mapsto import catalogue
from mapsto.data.columns import find_columns, infinities
from mapsto.data.pictures import SIDE
from mapsto.data.read import Raw, read
from mapsto.data.split import Fold
from mapsto.data.table import LEARNABLE, Column
from mapsto.data.target_values import TargetValues, target_values
from mapsto.data.typed import type_table
from mapsto.errors import DataError
from mapsto.events import DataRead, Noticed, Watch
from mapsto.families.family import Task
from mapsto.graph.backbone import Extractor
from mapsto.selection.monotone import held
from mapsto.selection.pictures import are_costly, decoded_rows, twins
from mapsto.selection.problem import Origin, Problem
from mapsto.selection.scorers import score_of
from mapsto.selection.validation import ONE_FIFTH, deal_folds, deals_rows, mentioned

LEAST_ROWS = 8
MOST_ROWS = 1_000_000
"""Of a longer table so many rows are drawn at random: the rest would add more waiting
than accuracy, and a file may be larger than the memory."""


def read_problem(
    data: Any,
    target: str | None,
    task: str,
    kinds: Mapping[str, str] | None,
    weights: Any,
    validation: Any,
    score: Any,
    monotone: Mapping[str, int] | None,
    effort: str,
    seed: int,
    watch: Watch,
    extractor: Extractor | None = None,
) -> tuple[Problem, Origin]:
    """Read, type, drop the rows without a target, and deal the folds."""
    drawable = weights is None or isinstance(weights, str)
    side = extractor.side if extractor else SIDE
    raw = read(data, target, MOST_ROWS if drawable else None, seed, side)
    name = _target_name(raw, target)
    w, weight_column = row_weights(raw, weights)
    raw, seen, of_pictures = decoded_rows(raw, kinds, name, seed, extractor)
    w = w[seen]
    weighted = w > 0  # a row of no weight is as no row
    raw, w = _rows(raw, weighted), w[weighted]
    values = target_values(raw, name, task)
    known = _known(values)
    _enough(values, known)
    of_target = (*_drawn(raw), *infinities(raw, name), *values.notices)
    of_target = (*raw.notices, *of_pictures, *of_target)
    raw, w = _rows(raw, known), w[known]
    source = seen[weighted][known]
    skip = {name, *([weight_column] if weight_column else []), *mentioned(validation)}
    with _numbering(source):
        kept, aside, of_columns = learnable(raw, kinds, skip)
    kept = kept if extractor is None else extractor.known(kept)
    t = type_table(raw, kept).matrix()
    y = values.values[known].astype(float)
    free = deals_rows(validation)
    alike, of_twins = twins(kept, raw, y, values.labels) if free else (None, ())
    notices = (*of_target, *(_numbered(n, source) for n in of_columns), *of_twins)
    for notice in notices:
        watch.tell(notice)
    watch.tell(DataRead(raw.rows, len(kept), name, values.task))
    classes = len(values.labels)
    kept = held(kept, aside, monotone, classes)
    costly = are_costly(kept, len(y))
    folds, whole, how = deal_folds(
        validation, raw, y, classes, effort, seed, alike, costly
    )
    if classes:
        _check_classes(values.labels, y, folds, how)
    if how.startswith(ONE_FIFTH):
        told = Noticed("pictures-held-out", {"how": how})
        notices = (*notices, told)
        watch.tell(told)
    problem = Problem(
        kept,
        t,
        y,
        w / w.mean(),
        Task("classification" if classes else "regression", classes),
        folds,
        whole,
        score_of(score, values.labels),
        seed,
        extractor,
    )
    print_of = hashlib.sha256(t.tobytes() + y.tobytes()).hexdigest()
    return problem, Origin(values, aside, notices, print_of, how)


def _drawn(raw: Raw) -> tuple[Noticed, ...]:
    """What to tell where not all rows were read."""
    if raw.total <= MOST_ROWS:
        return ()
    return (Noticed("rows-drawn", {"total": raw.total, "rows": MOST_ROWS}),)


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
    if target is None:
        raise DataError("target-unnamed", columns=catalogue.listed(names))
    if target not in raw.columns:
        raise DataError(
            "target-missing",
            target=target,
            near=catalogue.near(str(target), names),
            columns=catalogue.listed(names),
        )
    return str(target)


@contextmanager
def _numbering(source: np.ndarray) -> Iterator[None]:
    """Errors tell the row of the caller's table. `source`: where each row was there."""
    try:
        yield
    except DataError as error:
        if "row" not in error.parameters:
            raise
        row = int(source[error.parameters["row"] - 1]) + 1
        raise DataError(error.code, **{**error.parameters, "row": row}) from None


def _numbered(notice: Noticed, source: np.ndarray) -> Noticed:
    if "row" not in notice.parameters:
        return notice
    row = int(source[notice.parameters["row"] - 1]) + 1
    return Noticed(notice.code, {**notice.parameters, "row": row})


def _check_classes(
    labels: np.ndarray, y: np.ndarray, folds: tuple[Fold, ...], how: str
) -> None:
    """No fold learns from rows of one class only."""
    for k, fold in enumerate(folds):
        learned = np.unique(y[fold.train[~fold.inner]]).astype(int)
        if len(learned) < 2:
            value = labels[learned[0]] if len(learned) else None
            raise DataError("fold-of-one-class", how=how, fold=k + 1, value=str(value))


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
            "column-unknown",
            option="weights",
            column=column,
            near=catalogue.near(column, names),
            columns=catalogue.listed(names),
        )
    w = _as_numbers(raw.columns[column] if column else weights)
    if w.shape != (raw.rows,):
        problem = f"{raw.rows} are needed, but an array of shape {w.shape} came"
        raise DataError("weights-bad", problem=problem)
    bad = ~np.isfinite(w) | (w < 0)
    if bad.any():
        row = int(np.argmax(bad))
        raise DataError("weights-bad", problem=f"row {row + 1} has weight {w[row]:g}")
    if w.sum() == 0:
        raise DataError("weights-bad", problem="they are all zero")
    return w, column


def _as_numbers(weights: Any) -> np.ndarray:
    try:
        return np.asarray(weights).astype(float)
    except (TypeError, ValueError):
        raise DataError("weights-bad", problem="not all are numbers") from None
