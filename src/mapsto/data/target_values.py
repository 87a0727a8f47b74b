"""The target's own column: a quantity to predict, or classes to tell apart."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from mapsto import catalogue
from mapsto.data.kinds import Found, Look, find_kind, tell_unreadable, uses_comma
from mapsto.data.raw import Raw, missing, objects, word
from mapsto.data.table import Column
from mapsto.data.typed import finite, typed
from mapsto.errors import DataError, OptionError
from mapsto.events import Noticed

TASKS = ("auto", "regression", "classification")

MOST_NUMBERED, ROWS_EACH = 10, 10
"""Whole numbers 0, 1, 2, ... are classes when so few, with so many rows of each."""

LEAST_PER_CLASS = 3
"""One row to learn from, one to choose by and one to judge by."""

MANY_CLASSES, ROWS_PER_CLASS = 20, 5
"""More classes than this need so many rows each, or they are no classes."""


@dataclass(frozen=True)
class TargetValues:
    """What is to be predicted, row by row.

    regression: `values` float64 (rows,), NaN where missing; `labels` is empty.
    classification: `values` int64 (rows,), the place in `labels`, -1 where missing;
    `labels` are sorted and of their own type (str, int, float or bool).
    """

    name: str
    task: str
    values: np.ndarray
    labels: np.ndarray = field(default_factory=lambda: np.empty(0))
    notices: tuple[Noticed, ...] = ()


def target_values(raw: Raw, target: str, task: str = "auto") -> TargetValues:
    """The target as numbers or as classes; "auto" decides by its values.

    Text and yes/no are classes, numbers are quantities, and whole numbers are
    classes when there are two of them or when they number a few classes (0, 1, 2).
    Errors: DataError for a target that is missing, empty, constant, not numbers
    where numbers are asked for, or of too many or too small classes.
    """
    _check_task(task)
    values = _values(raw, target)
    declared = target in raw.declared
    look = Look(target, values, comma=uses_comma(raw), alone=True, declared=declared)
    _check_varies(look)
    found = Found("number") if values.dtype.kind in "fb" else find_kind(look)
    told: tuple[Noticed, ...] = ()
    if task == "auto":
        task, told = _choose_task(look, found)
    if task == "regression":
        return _quantity(look, found, told)
    return _classes(look, told)


def _check_task(task: str) -> None:
    if task not in TASKS:
        near = catalogue.near(str(task), list(TASKS))
        raise OptionError(
            "option-unknown",
            option="task",
            value=task,
            near=near,
            choices=", ".join(TASKS),
        )


def _values(raw: Raw, target: str) -> np.ndarray:
    if target not in raw.columns:
        names = list(raw.columns)
        raise DataError(
            "target-missing",
            target=target,
            near=catalogue.near(str(target), names),
            columns=catalogue.listed(names),
        )
    values = raw.columns[target]
    return finite(values) if values.dtype.kind == "f" else values


def _check_varies(look: Look) -> None:
    if len(look.distinct) == 0:
        raise DataError("target-empty", target=look.name)
    if len(look.distinct) == 1:
        value = word(look.distinct[0])
        raise DataError("target-constant", target=look.name, value=value)


def _choose_task(look: Look, found: Found) -> tuple[str, tuple[Noticed, ...]]:
    if found.kind == "date":
        return "regression", ()
    if found.kind != "number" or look.declared:
        return "classification", ()
    numbers = _numbers(look, found)
    distinct = np.unique(numbers[~np.isnan(numbers)])
    if len(distinct) > MOST_NUMBERED or (distinct % 1 != 0).any():
        return "regression", ()
    if np.array_equal(distinct, [0, 1]):
        return "classification", ()
    numbered = distinct[0] in (0, 1) and np.ptp(distinct) == len(distinct) - 1
    enough = look.present >= ROWS_EACH * len(distinct)
    told = {"target": look.name, "classes": len(distinct)}
    if len(distinct) == 2 or (numbered and enough):
        return "classification", (Noticed("classes-as-integers", told),)
    return "regression", (Noticed("integers-as-quantity", told),)


def _numbers(look: Look, found: Found) -> np.ndarray:
    return typed(Column(look.name, found.kind, parse=found.parse), look.values)


def _quantity(look: Look, found: Found, told: tuple[Noticed, ...]) -> TargetValues:
    if found.kind != "number":
        texts = [word(value) for value in look.distinct]
        bad = next((text for text in texts if not _is_number(text)), texts[0])
        raise DataError("target-not-a-number", target=look.name, value=bad)
    values = _numbers(look, found)
    notices = (*found.notices, *tell_unreadable(look, values, "numbers"), *told)
    return TargetValues(look.name, "regression", values, notices=notices)


def _is_number(text: str | None) -> bool:
    try:
        float(text or "")
    except ValueError:
        return False
    return True


def _classes(look: Look, told: tuple[Noticed, ...]) -> TargetValues:
    values, known = look.values.tolist(), ~missing(look.values)
    distinct = sorted({v for v, k in zip(values, known, strict=True) if k})
    place = {value: i for i, value in enumerate(distinct)}
    index = [place[v] if k else -1 for v, k in zip(values, known, strict=True)]
    labels = _labels(distinct, look.values.dtype.kind)
    _check_classes(look, labels, index)
    numbers = np.array(index, dtype=np.int64)
    return TargetValues(look.name, "classification", numbers, labels, told)


def _labels(distinct: list[object], dtype: str) -> np.ndarray:
    if dtype == "f":
        numbers = np.array(distinct)
        whole = (numbers % 1 == 0).all() and np.abs(numbers).max() < 2**53
        return numbers.astype(np.int64) if whole else numbers
    if dtype == "b" or distinct == ["False", "True"]:
        return np.array([False, True])
    return objects(map(word, distinct), len(distinct))


def _check_classes(look: Look, labels: np.ndarray, index: list[int]) -> None:
    if len(labels) > MANY_CLASSES and len(labels) * ROWS_PER_CLASS > look.present:
        raise DataError(
            "too-many-classes",
            target=look.name,
            classes=len(labels),
            rows=look.present,
        )
    rows = Counter(index)
    smallest = min(range(len(labels)), key=rows.__getitem__)
    if rows[smallest] < LEAST_PER_CLASS:
        raise DataError(
            "class-too-small",
            value=labels.tolist()[smallest],
            target=look.name,
            rows=rows[smallest],
            least=LEAST_PER_CLASS,
        )
