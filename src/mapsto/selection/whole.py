"""One family fitted to every row: no outer folds, so no score and no interval.

For callers that hold rows out themselves, as scikit-learn's searches do.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from mapsto.data import split
from mapsto.data.raw import Raw
from mapsto.data.target import Target, best_temperature, fit_target
from mapsto.data.typed import type_table
from mapsto.events import Noticed, Watch
from mapsto.families.family import Family, Task
from mapsto.families.member import Member, in_chunks
from mapsto.scores import default_score
from mapsto.selection.crossval import choose_transforms, prepare, rehearsed
from mapsto.selection.problem import Problem
from mapsto.selection.reading import learnable

STRATA = 5


def whole_problem(
    raw: Raw,
    y: np.ndarray,
    w: np.ndarray,
    classes: int,
    kinds: Mapping[str, str] | None,
    seed: int,
) -> tuple[Problem, tuple[Noticed, ...]]:
    """All rows as one fold, and what to tell about the columns.

    y: (n,) quantities, or the index of each row's class; w: (n,) weights.
    """
    columns, _, notices = learnable(raw, kinds)
    deal = split.stratified(split.target_strata(y, classes, STRATA))
    whole = split.all_rows(deal, len(y), seed)
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


def fit_whole(
    family: Family, problem: Problem, given: Mapping[str, Any], effort: str
) -> Member:
    """The function of one family, learned from every row of the problem.

    `given`: hyperparameters set by the user ("target" among them). The inner rows
    choose the others; the factor that leads back from log space comes from rows that
    the function, or its like, was not fitted to.
    """
    watch = Watch()
    (how,) = choose_transforms(family, problem, given, [], watch)
    dials = {name: value for name, value in given.items() if name != "target"}
    target = fit_target(problem.y, problem.w, problem.task.classes, how)
    sample, encoding = prepare(problem, problem.whole, target, family.sees(dials))
    (fitted,) = family.fit([sample], problem.task, dials, effort, problem.seed, watch)
    member = Member(encoding, fitted, target)
    if family.averages_folds:
        return replace(member, target=_taught(problem, member))
    if how == "identity":
        return member
    target, _ = rehearsed(family, problem, problem.whole, how, dials, effort, watch)
    return replace(member, target=replace(member.target, smear=target.smear))


def _taught(problem: Problem, member: Member) -> Target:
    """The smearing factor or temperature, from inner rows: such a family is not
    fitted to them."""
    inner = problem.whole.inner
    eta = in_chunks(member.eta, problem.t[inner])
    y, w = problem.y[inner], problem.w[inner]
    if problem.task.classes:
        return replace(member.target, temperature=best_temperature(eta, y, w))
    return member.target.smeared(eta, y, w)
