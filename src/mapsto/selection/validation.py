"""Which rows judge: from what the user asked for to folds."""

from typing import Any

import numpy as np

from mapsto import catalogue
from mapsto.catalogue import DEALT, HELD_OUT
from mapsto.data import split
from mapsto.data.raw import Raw
from mapsto.data.split import Fold, Validation
from mapsto.errors import DataError, OptionError

FOLDS = {"quick": 4, "normal": 5, "thorough": 8}
FEW_ROWS, FOLDS_FOR_FEW = 200, 10
MANY_ROWS = 2000
FOLDS_FOR_MANY = {"quick": 3}
FOLDS_FOR_MANY_OF_CLASSES = FOLDS_FOR_MANY | {"normal": 4}  # they take longer
ONE_FIFTH = HELD_OUT["fifth"].partition(",")[0]


def mentioned(validation: Any) -> tuple[str, ...]:
    """Columns that say which rows belong together: they are not learned from."""
    if isinstance(validation, Validation) and validation.group_on:
        return (validation.group_on,)
    return ()


def _usual(effort: str, rows: int, classes: int) -> int:
    """How many folds, where nobody says so."""
    if rows < FEW_ROWS:
        return min(FOLDS_FOR_FEW, rows)
    if rows <= MANY_ROWS:
        return FOLDS[effort]
    many = FOLDS_FOR_MANY_OF_CLASSES if classes else FOLDS_FOR_MANY
    return many.get(effort, FOLDS[effort])


def deal_folds(
    validation: Any,
    raw: Raw,
    y: np.ndarray,
    classes: int,
    effort: str,
    seed: int,
    twins: np.ndarray | None = None,
    costly: bool = False,
) -> tuple[tuple[Fold, ...], Fold, str]:
    """The outer folds, the fold of all rows, and how they were dealt, in words.

    `twins`: (n,) rows of equal number are (nearly) the same and stay together.
    `costly`: learning is to be done once, if the user does not say otherwise.
    """
    asked = validation if isinstance(validation, Validation) else Validation()
    usual = _usual(effort, len(y), classes)
    count = usual if asked.folds is None else asked.folds
    _check_count(count, len(y))
    if asked.time_on:
        when = _order(raw, asked.time_on)
        folds, whole = split.forward_folds(when, count), split.all_rows_in_time(when)
        how = DEALT["forward"].format(column=asked.time_on)
        return _two_at_least(folds), whole, _in_folds(folds, how)
    deal, how = _deal(asked, raw, y, classes, count, twins)
    whole = split.all_rows(deal, len(y), seed)
    if validation is None or isinstance(validation, Validation):
        if costly and asked.folds is None:
            told = HELD_OUT["fifth"].format(how=how)
            return split.held_out(deal, len(y), seed), whole, told
        folds = split.make_folds(deal, len(y), count, seed)
        return _two_at_least(folds), whole, _in_folds(folds, how)
    if isinstance(validation, (str, bytes)) or not hasattr(validation, "split"):
        raise OptionError(
            "option-bad",
            option="validation",
            value=validation,
            problem="give a mapsto.Validation or a scikit-learn splitter",
        )
    folds = split.splitter_folds(validation, y, deal, seed)
    how = DEALT["splitter"].format(splitter=repr(validation))
    return _two_at_least(folds), whole, _in_folds(folds, how)


def _in_folds(folds: tuple[Fold, ...], how: str) -> str:
    return HELD_OUT["folds"].format(folds=len(folds), how=how)


def _deal(
    asked: Validation,
    raw: Raw,
    y: np.ndarray,
    classes: int,
    count: int,
    twins: np.ndarray | None,
) -> tuple[split.Deal, str]:
    """How the rows are dealt, and the same in words."""
    if asked.group_on:
        groups = _labels(raw, asked.group_on)
        return split.grouped(groups), DEALT["together"].format(column=asked.group_on)
    by, column = ("column" if asked.stratify_on else "target"), asked.stratify_on
    strata = (
        _labels(raw, asked.stratify_on)
        if asked.stratify_on
        else split.target_strata(y, classes, count)
    )
    if twins is not None:
        how = DEALT[f"twins-by-{by}"].format(column=column)
        return split.together(twins, strata), how
    return split.stratified(strata), DEALT[f"by-{by}"].format(column=column)


def deals_rows(validation: Any) -> bool:
    """May rows be dealt freely: no groups, no time, no splitter says where they go?"""
    if isinstance(validation, Validation):
        return not (validation.group_on or validation.time_on)
    return validation is None


def _column(raw: Raw, name: str) -> np.ndarray:
    if name not in raw.columns:
        names = list(raw.columns)
        raise DataError(
            "column-unknown",
            option="validation",
            column=name,
            near=catalogue.near(name, names),
            columns=catalogue.listed(names),
        )
    return raw.columns[name]


def _labels(raw: Raw, name: str) -> np.ndarray:
    """Each row's level as a number; missing values are a level of their own."""
    return np.unique(_column(raw, name).astype(str), return_inverse=True)[1]


def _order(raw: Raw, name: str) -> np.ndarray:
    """Moments or numbers to sort by."""
    values = _column(raw, name)
    if values.dtype.kind == "M":
        values = values.astype("datetime64[us]").astype(np.int64)
    if values.dtype.kind == "O":
        # ISO dates as text sort as they should.
        values = np.unique(values.astype(str), return_inverse=True)[1]
    return values.astype(float)


def _check_count(count: Any, rows: int) -> None:
    if not isinstance(count, int | np.integer) or not 2 <= count <= rows:
        raise OptionError(
            "option-bad",
            option="validation.folds",
            value=count,
            problem=f"it must be a whole number, from 2 to the {rows} rows",
        )


def _two_at_least(folds: tuple[Fold, ...]) -> tuple[Fold, ...]:
    if len(folds) < 2:
        raise OptionError(
            "option-bad",
            option="validation",
            value=f"{len(folds)} fold(s)",
            problem="at least 2 folds are needed: are there enough groups or dates?",
        )
    return folds
