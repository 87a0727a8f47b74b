"""One family fitted to every row: no outer folds, so no score and no interval.

For callers that hold rows out themselves, as scikit-learn's searches do.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jax
import numpy as np

from mapsto.data import split
from mapsto.data.raw import Raw
from mapsto.data.target import fit_target
from mapsto.data.typed import type_table
from mapsto.events import Noticed, Watch
from mapsto.families.family import Family, Task
from mapsto.families.member import Member
from mapsto.scores import default_score
from mapsto.selection.crossval import choose_transforms, prepare, rehearsed
from mapsto.selection.monotone import held
from mapsto.selection.problem import Problem
from mapsto.selection.reading import learnable
from mapsto.threads import one_thread_each

STRATA = 5


def whole_problem(
    raw: Raw,
    y: np.ndarray,
    w: np.ndarray,
    classes: int,
    kinds: Mapping[str, str] | None,
    monotone: Mapping[str, int] | None,
    seed: int,
) -> tuple[Problem, tuple[Noticed, ...]]:
    """All rows as one fold, and what to tell about the columns.

    y: (n,) quantities, or the index of each row's class; w: (n,) weights.
    """
    columns, aside, notices = learnable(raw, kinds)
    columns = held(columns, aside, monotone, classes)
    strata = _by_size(y) if classes else split.target_strata(y, classes, STRATA)
    whole = split.all_rows(split.stratified(strata), len(y), seed)
    if classes:
        whole = replace(whole, inner=_without_singles(y, whole.inner))
    problem = Problem(
        columns,
        type_table(raw, columns).matrix(),
        y.astype(float),
        w / w.mean(),
        Task("classification" if classes else "regression", classes),
        (whole,),
        whole,
        default_score(classes),
        seed,
    )
    return problem, notices


def _by_size(y: np.ndarray) -> np.ndarray:
    """The classes as strata, the largest first: it always has an inner row."""
    return np.argsort(np.argsort(-np.bincount(y), kind="stable"))[y]


def _without_singles(y: np.ndarray, inner: np.ndarray) -> np.ndarray:
    """The only row of a class is better learned from than chosen by."""
    kept = inner & (np.bincount(y)[y] > 1)
    return kept if kept.any() else inner


def fit_whole(
    family: Family, problem: Problem, given: Mapping[str, Any], effort: str
) -> Member:
    """The function of one family, learned from every row of the problem.

    `given`: hyperparameters set by the user ("target" among them); the inner rows
    choose the others. In log space the smearing factor comes from the inner rows of
    a second fit, to the rest.
    """
    with one_thread_each():
        return _fit_whole(family, problem, given, effort, Watch())


def _fit_whole(
    family: Family,
    problem: Problem,
    given: Mapping[str, Any],
    effort: str,
    watch: Watch,
) -> Member:
    (how,) = choose_transforms(family, problem, given, [], watch)
    dials = {name: value for name, value in given.items() if name != "target"}
    target = fit_target(problem.y, problem.w, problem.task.classes, how)
    sample, encoding = prepare(problem, problem.whole, target, family.sees(dials))
    (fitted,) = family.fit([sample], problem.task, dials, effort, problem.seed, watch)
    if how == "log":
        other, _ = rehearsed(family, problem, problem.whole, how, dials, effort, watch)
        target = replace(target, smear=other.smear)
    fitted = replace(fitted, parameters=_double(fitted.parameters))
    return Member(encoding, fitted, target)


def _double(parameters: Any) -> Any:
    """In float64, so that a row's prediction does not depend on the rows beside it."""
    return jax.tree.map(
        lambda a: a.astype(np.float64) if a.dtype == np.float32 else a, parameters
    )
