"""Out-of-fold predictions of one family, and the function it keeps.

Everything that is learned, encoders and target means included, is learned from a
fold's training rows; hyperparameters are chosen on its inner rows; its held-out
rows are only predicted.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from mapsto.data.encoding import Encoding, Plan, fit_encoding
from mapsto.data.split import Fold
from mapsto.data.target import (
    Target,
    fit_target,
    transforms_worth_trying,
)
from mapsto.errors import OptionError
from mapsto.events import Stopped, Watch
from mapsto.families.family import Family, Fitted, Sample
from mapsto.families.member import Member, in_chunks, weighted_prediction
from mapsto.selection.calibration import calibrated
from mapsto.selection.problem import Problem
from mapsto.threads import side_by_side


@dataclass(frozen=True, eq=False)
class Candidate:
    """A family with its hyperparameters, fitted: what a rung is made of.

    `oof`: out-of-fold predictions of the fresh rows, (m,) or (m, classes), with their
    `losses` (m,), `score` and its standard error. `train`: each fold function's
    predictions of the rows it knows (`Problem.known`), and `train_score` their mean
    score. `error` and `train_error` are the two scores as distances from perfect.
    `members` with their `weights`: the kept function. `folded` with `fold_weights`:
    the function of each fold, which gave its out-of-fold predictions.
    """

    family: str
    members: tuple[Member, ...]
    weights: tuple[float, ...]
    folded: tuple[tuple[Member, ...], ...]
    fold_weights: tuple[float, ...]
    oof: np.ndarray
    losses: np.ndarray
    score: float
    standard_error: float
    train: tuple[np.ndarray, ...]
    train_score: float
    hyperparameters: Mapping[str, Any]
    given: tuple[str, ...]
    seconds: float
    details: Mapping[str, Any]
    error: float
    train_error: float

    @property
    def size(self) -> int:
        """How many parameters the kept function has."""
        return sum(m.fitted.size for m in self.members)

    def __call__(self, t: Any) -> Any:
        return weighted_prediction(self.members, self.weights, t)


Refit = Callable[[], Candidate]


def cross_validate(
    family: Family,
    problem: Problem,
    given: Mapping[str, Any],
    transforms: Sequence[str],
    effort: str,
    watch: Watch,
) -> tuple[Candidate, Refit]:
    """Fit `family` in every fold: the mean of their functions as a candidate, and the
    work by which the function of all rows takes their place.

    `given`: hyperparameters set by the user ("target" among them). `transforms`:
    the target transform of each fold. The work may be done on another thread; it
    leaves the candidate as it is when the watch is stopping.
    """
    began = time.monotonic()
    given = {k: v for k, v in given.items() if k != "target"}
    targets = _targets(problem, transforms)
    fits, encodings = _fits(family, problem, targets, given, effort, watch)
    members = [Member(*parts) for parts in zip(encodings, fits, targets, strict=True)]
    members, oof, whole = _finished(problem, members)
    train = _told_of_known(problem, members)
    kept = [m for m, enough in zip(members, _enough(problem), strict=True) if enough]
    candidate = judged(
        problem,
        family.name,
        kept,
        [1 / len(kept)] * len(kept),
        [(m,) for m in members],
        [1.0],
        oof,
        train,
        hyperparameters=_told(kept, transforms),
        given=tuple(given),
        seconds=time.monotonic() - began,
        details=kept[0].fitted.details,
    )
    own = replace(problem, cache={})
    refit = partial(_refit, family, own, given, members, whole, effort, watch)
    return candidate, partial(_refitted, candidate, refit, transforms)


def _enough(problem: Problem) -> np.ndarray:
    """(folds,) bool: learned from at least half as many rows as any other. Where folds
    go forward in time, the first ones know little, and what is long ago."""
    rows = np.array([len(fold.train) for fold in problem.folds])
    return 2 * rows >= rows.max()


def _every_row_is_known(problem: Problem) -> bool:
    """Whether each is among the training rows of a fold. Those of the latest time are
    not, where folds go forward, nor those that one part of the rows is held out by."""
    known = np.unique(np.concatenate([fold.train for fold in problem.folds]))
    return len(known) == len(problem.y)


def warm_up(
    family: Family, problem: Problem, given: Mapping[str, Any], effort: str
) -> None:
    """A fit that does little more than compile what the real one will need."""
    dials = {**given, **(family.warming or {})}
    dials.pop("target", None)
    targets = _targets(problem, ["identity"] * len(problem.folds))
    _fits(family, replace(problem, cache={}), targets, dials, effort, Watch())


def _targets(problem: Problem, transforms: Sequence[str]) -> list[Target]:
    """Each fold's target, from its training rows."""
    return [
        fit_target(problem.y[f.train], problem.w[f.train], problem.task.classes, how)
        for f, how in zip(problem.folds, transforms, strict=True)
    ]


def _fits(
    family: Family,
    problem: Problem,
    targets: Sequence[Target],
    given: Mapping[str, Any],
    effort: str,
    watch: Watch,
) -> tuple[list[Fitted], list[Encoding]]:
    """The family on each fold's training rows; on the same rows it is fitted once."""
    plan = family.sees(given)
    prepared = [
        prepare(problem, fold, target, plan)
        for fold, target in zip(problem.folds, targets, strict=True)
    ]
    apart = {id(sample.x): sample for sample, _ in prepared}
    learned = family.fit(
        list(apart.values()), problem.task, given, effort, problem.seed, watch
    )
    of_sample = dict(zip(apart, learned, strict=True))
    fits = [of_sample[id(sample.x)] for sample, _ in prepared]
    return fits, [encoding for _, encoding in prepared]


def _refitted(
    candidate: Candidate,
    refit: Callable[[], Member | None],
    transforms: Sequence[str],
) -> Candidate:
    """The candidate with the function of all rows, where the family has one."""
    began = time.monotonic()
    try:
        member = refit()
    except Stopped:
        member = None
    if member is None:
        return candidate
    return replace(
        candidate,
        members=(member,),
        weights=(1.0,),
        hyperparameters=_told([member], transforms),
        details=member.fitted.details,
        seconds=candidate.seconds + time.monotonic() - began,
    )


def judged(
    problem: Problem,
    name: str,
    members: Sequence[Member],
    weights: Sequence[float],
    folded: Sequence[tuple[Member, ...]],
    fold_weights: Sequence[float],
    oof: np.ndarray,
    train: Sequence[np.ndarray],
    *,
    hyperparameters: Mapping[str, Any],
    given: tuple[str, ...],
    seconds: float,
    details: Mapping[str, Any],
) -> Candidate:
    """A candidate with its scores: out of fold, and on the training rows."""
    fresh, score = problem.fresh, problem.score
    losses = score.losses(fresh.y, oof, fresh.w)
    known = [
        score.of(problem.y[rows], told, problem.w[rows])
        for rows, told in zip(problem.known, train, strict=True)
    ]
    shown, of_train = score.of(fresh.y, oof, fresh.w), float(np.mean(known))
    return Candidate(
        name,
        tuple(members),
        tuple(weights),
        tuple(folded),
        tuple(fold_weights),
        oof,
        losses,
        shown,
        score.standard_error(losses, fresh.w),
        tuple(train),
        of_train,
        hyperparameters,
        given,
        seconds,
        details,
        score.error(shown),
        score.error(of_train),
    )


def prepare(
    problem: Problem, fold: Fold, target: Target, plan: Plan
) -> tuple[Sample, Encoding]:
    """The fold's training rows as a family sees them. Encodings are cached."""
    rows = fold.train
    y = target.encode(problem.y[rows])
    key = (id(fold.train), plan, target.transform)
    if key not in problem.cache:
        shown = (
            np.eye(problem.task.classes)[y.astype(int)] if problem.task.classes else y
        )
        if problem.task.classes == 2:
            shown = shown[:, 1]
        problem.cache[key] = fit_encoding(
            problem.columns, problem.t[rows], shown, problem.w[rows], plan, problem.seed
        )
    encoding, x = problem.cache[key]
    unit = (target.center, target.scale)
    w = problem.w[rows]
    return Sample(x, y, w, fold.inner, encoding.features, *unit), encoding


def choose_transforms(
    family: Family,
    problem: Problem,
    given: Mapping[str, Any],
    lower: Sequence[Sequence[str]],
    watch: Watch,
) -> tuple[str, ...]:
    """The target transform of each fold: identity or log, judged in original units.

    A family with a rehearsal (hyperparameters that make it cheap) is fitted both
    ways on the rest of each fold's training rows and judged on its inner rows. One
    without follows the last of `lower`, the choices of the rungs below.
    """
    fixed = {**(family.rehearsal or {}), **given}.get("target")
    if fixed:
        _check_logarithm(family, problem, fixed)
        return (fixed,) * len(problem.folds)
    worth = [transforms_worth_trying(problem.y[f.train]) for f in problem.folds]
    if problem.task.classes or all(len(w) == 1 for w in worth):
        return ("identity",) * len(problem.folds)
    if family.rehearsal is None:
        return tuple(lower[-1]) if lower else ("log",) * len(problem.folds)
    dials = {**given, **family.rehearsal}

    def better(k: int) -> str:
        fold = problem.folds[k]
        scores = {
            how: rehearsed(family, problem, fold, how, dials, "quick", watch)[1]
            for how in worth[k]
        }
        return min(scores, key=lambda how: problem.score.error(scores[how]))

    return tuple(side_by_side(better, range(len(problem.folds))))


def _check_logarithm(family: Family, problem: Problem, transform: str) -> None:
    if transform == "log" and not problem.task.classes and problem.y.min() <= 0:
        raise OptionError(
            "option-bad",
            option=f"{family.name}.target",
            value=transform,
            problem="the target has values of 0 or less",
        )


def rehearsed(
    family: Family,
    problem: Problem,
    fold: Fold,
    transform: str,
    dials: Mapping[str, Any],
    effort: str,
    watch: Watch,
) -> tuple[Target, float]:
    """A fit to the rest of a fold's training rows, judged on its inner rows: the
    target with the smearing factor of these rows, and their score."""
    rest, inner = fold.train[~fold.inner], fold.train[fold.inner]
    part = replace(fold, train=rest, test=inner, inner=_inner_again(len(rest)))
    target = fit_target(problem.y[rest], problem.w[rest], 0, transform)
    sample, encoding = prepare(
        replace(problem, cache={}), part, target, family.sees(dials)
    )
    (fitted,) = family.fit([sample], problem.task, dials, effort, problem.seed, Watch())
    if watch.stopping:
        raise Stopped
    member = Member(encoding, fitted, target)
    eta = in_chunks(member.eta, problem.t[inner])
    target = target.smeared(eta, problem.y[inner], problem.w[inner])
    told = target.decode(eta)
    return target, problem.score.of(problem.y[inner], told, problem.w[inner])


def _inner_again(rows: int) -> np.ndarray:
    inner = np.zeros(rows, bool)
    inner[::5] = True
    return inner


def _finished(
    problem: Problem, members: Sequence[Member]
) -> tuple[list[Member], np.ndarray, Target | None]:
    """Out-of-fold predictions, and the members with what only those can teach.

    Each fold's smearing factor or calibration comes from the other folds. For classes
    the calibration of a function learned from all rows is given as well.
    """
    fresh = problem.fresh
    etas = side_by_side(
        lambda pair: in_chunks(pair[1].eta, problem.t[fresh.rows[pair[0].test]]),
        zip(fresh.folds, members, strict=True),
    )
    every = np.empty((len(fresh.y), problem.task.outputs))
    ratio = np.full(len(fresh.y), np.nan)  # y over its unsmeared prediction
    for fold, member, eta in zip(fresh.folds, members, etas, strict=True):
        every[fold.test] = eta
        if member.target.transform == "log":
            ratio[fold.test] = fresh.y[fold.test] / member.target.decode(eta)
    if problem.task.classes:
        classes = problem.task.classes
        targets, oof, whole = calibrated(every, fresh.y, fresh.w, fresh.folds, classes)
        pairs = zip(members, targets, strict=True)
        return [replace(m, target=t) for m, t in pairs], oof, whole
    oof, done = np.empty(len(fresh.y)), []
    for fold, member, eta in zip(fresh.folds, members, etas, strict=True):
        rows, w = fold.train, fresh.w[fold.train]
        target = replace(member.target, smear=_mean_of_known(ratio[rows], w))
        oof[fold.test] = target.decode(eta)
        done.append(replace(member, target=target))
    return done, oof, None


def _told_of_known(
    problem: Problem, members: Sequence[Member]
) -> tuple[np.ndarray, ...]:
    """What each fold's function says of the rows it knows."""
    both = list(zip(problem.known, members, strict=True))
    apart = {id(member.fitted): (rows, member) for rows, member in reversed(both)}
    etas = side_by_side(
        lambda pair: in_chunks(pair[1].eta, problem.t[pair[0]]), apart.values()
    )
    known = dict(zip(apart, etas, strict=True))
    return tuple(m.target.decode(known[id(m.fitted)]) for m in members)


def _mean_of_known(ratio: np.ndarray, w: np.ndarray) -> float:
    known = ~np.isnan(ratio)
    return float(np.average(ratio[known], weights=w[known])) if known.any() else 1.0


def _refit(
    family: Family,
    problem: Problem,
    given: Mapping[str, Any],
    members: Sequence[Member],
    calibration: Target | None,
    effort: str,
    watch: Watch,
) -> Member | None:
    """The function on all rows, in the transform that most folds chose; None where
    the mean of the folds' functions is kept."""
    if family.averaged and _every_row_is_known(problem):
        return None
    ways = [m.target.transform for m in members]
    transform = max(sorted(set(ways)), key=ways.count)
    target = fit_target(problem.y, problem.w, problem.task.classes, transform)
    sample, encoding = prepare(problem, problem.whole, target, family.sees(given))
    fits = [m.fitted for m in members]
    fitted = family.refit(
        sample, fits, problem.task, given, effort, problem.seed, watch
    )
    if calibration is not None:
        return Member(encoding, fitted, calibration)
    alike = [m.target for m in members if m.target.transform == transform]
    target = replace(target, smear=float(np.mean([t.smear for t in alike])))
    return Member(encoding, fitted, target)


def _told(members: Sequence[Member], transforms: Sequence[str]) -> dict[str, Any]:
    """The hyperparameters of the kept function; the transform where it was a choice,
    and the calibration where it is more than a temperature."""
    told = dict(members[0].fitted.hyperparameters)
    if "log" in transforms:
        told["target"] = members[0].target.transform
    if members[0].target.knots:
        told["calibration"] = "isotonic"
    return told


def residual(problem: Problem, candidate: Candidate) -> np.ndarray:
    """y - ŷ out of fold, (n,); for classes, of the class that is hardest to tell."""
    y = problem.fresh.y
    if not problem.task.classes:
        return y - candidate.oof
    gaps = np.eye(problem.task.classes)[y.astype(int)] - candidate.oof
    return gaps[:, int(np.argmax(gaps.var(axis=0)))]
