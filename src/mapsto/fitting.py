"""`mapsto.fit`: from a table to a function. This page is the table of contents.

read → type the columns → deal the folds → climb the ladder → choose and judge
→ write each function as a graph → the model
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from itertools import chain
from typing import Any

import numpy as np

from mapsto.errors import NothingKept
from mapsto.events import (
    Event,
    Finished,
    RungFinished,
    RungSkipped,
    RungStarted,
    Stopped,
    Watch,
)
from mapsto.families.family import Family
from mapsto.garbage import collector_of_the_new
from mapsto.graph.backbone_file import opened
from mapsto.graph.sharing import Graphs
from mapsto.honesty.structure import doubts, price
from mapsto.honesty.underfitting import structure_left
from mapsto.honesty.verdicts import judge
from mapsto.interrupt import interruptible
from mapsto.model import Model
from mapsto.portrait import portrait
from mapsto.record import function_graph, make_record, part_graphs
from mapsto.selection import options
from mapsto.selection.climbers import climbers
from mapsto.selection.costs import cost_matrix, to_record
from mapsto.selection.crossval import (
    Candidate,
    Refit,
    choose_transforms,
    cross_validate,
    residual,
    warm_up,
)
from mapsto.selection.ensemble import blend
from mapsto.selection.ladder import choose
from mapsto.selection.problem import Origin, Problem
from mapsto.selection.reading import read_problem
from mapsto.threads import one_thread_each

Rung = tuple[Candidate, bytes]
"""A candidate and its function as a graph."""

SMALL = 2_000_000  # numbers of a table
LOW = 2  # rungs that take no time to speak of


def fit(
    data: Any,
    target: str | None = None,
    *,
    task: str = "auto",
    families: str | Sequence[str] = "auto",
    hyperparameters: Mapping[str, Mapping[str, Any]] | None = None,
    score: Any = "auto",
    effort: str = "normal",
    budget: float | None = None,
    validation: Any = None,
    weights: Any = None,
    kinds: Mapping[str, str] | None = None,
    monotone: Mapping[str, int] | None = None,
    costs: Mapping[Any, float] | None = None,
    compose: str | None = None,
    adequate: float = 0.05,
    use: str = "best",
    backbone: Any = None,
    like: Model | None = None,
    seed: int = 0,
    on_event: Callable[[Event], Any] | None = None,
) -> Model:
    """Learn the function that gives `target` from the other columns of `data`.

    data: path or glob (CSV, TSV, Parquet, JSON lines, Excel, SQLite), pandas, polars
    or pyarrow frame, DuckDB relation, dict of columns, or arrays (X, y).
    task: "regression", "classification" or "auto". families: "auto" or a sequence
    such as ("line", "network"). hyperparameters: {"network": {"hidden": (64, 64)}};
    what is given is used, the rest is chosen. score: what choices are made by: "rmse"
    or "mae"; "log_loss", "brier" or "error_rate"; or a scorer of scikit-learn, by its
    name or as an object. effort: "quick", "normal" or
    "thorough", a fixed amount of work, so that the same seed gives the same model.
    budget: seconds after which the climb stops and keeps the best so far. validation:
    a `mapsto.Validation` (folds, group_on, time_on, stratify_on) or a scikit-learn
    splitter. weights: a column's name or an array. kinds: {"zip": "category"}.
    monotone: {"area": 1, "age": -1}, numbers or dates with which the prediction (of two
    classes, the probability of the second) must rise or fall, for every pair of rows.
    costs: {"yes": 5.0}, the cost of missing a yes, or {("yes", "no"): 5.0}, of saying
    "no" where it is "yes"; others cost 1, and the label of least expected cost is said.
    compose: what the target is made of, such as "size(area, floor) + place(district)
    * age": each named part is learned, all together, as a rung of its own.
    adequate: the share of the best's gain that the simplest adequate function may
    lose. use: which function `predict` uses, "best" or "simplest". backbone: an ONNX
    file, or a `mapsto.Backbone`, that looks at pictures first; the ladder learns from
    the features that it tells. like: an earlier
    model, whose choices are taken where none are given here. on_event: called with
    each of `mapsto.events`; it may raise `events.Stopped` to end the climb and
    keep what is finished.

    Errors: DataError (the table cannot be used), OptionError (an argument is not one
    of the choices), FileError (a file cannot be read, or is no backbone), NothingKept
    (stopped before the first rung was finished).
    """
    began = time.monotonic()
    options.check_plain(
        task=task,
        effort=effort,
        use=use,
        adequate=adequate,
        seed=seed,
        budget=budget,
        kinds=kinds,
        monotone=monotone,
        costs=costs,
        hyperparameters=hyperparameters,
        like=like,
        backbone=backbone,
        on_event=on_event,
    )
    if like is not None:
        earlier = options.choices_of(like.record)
        target = target or earlier["target"]
        task = earlier["task"] if task == "auto" else task
        auto = isinstance(score, str) and score == "auto"
        score = earlier["score"] if auto else score
        kinds = {**earlier["kinds"], **(kinds or {})}
        monotone = {**earlier["monotone"], **(monotone or {})}
        costs = earlier["costs"] if costs is None else costs
        families = earlier["families"] if families == "auto" else families
        compose = earlier["compose"] if compose is None else compose
        hyperparameters = {**earlier["hyperparameters"], **(hyperparameters or {})}
    climbed = options.chosen_families(families, compose)
    given = options.checked_hyperparameters(hyperparameters, compose)
    extractor = opened(backbone)
    watch = Watch(on_event, budget)
    with interruptible(watch), one_thread_each(), collector_of_the_new():
        problem, origin = read_problem(
            data,
            target,
            task,
            kinds,
            weights,
            validation,
            score,
            monotone,
            effort,
            seed,
            watch,
            extractor,
        )
        matrix = cost_matrix(costs, origin.target.labels)
        asked = families != "auto"
        who = climbers(climbed, asked, compose, problem, origin, given, watch)
        rungs = climb(who.families, problem, given, effort, watch)
        chosen = {"adequate": adequate, "use": use, "effort": effort, "seed": seed}
        chosen |= {"left_out": who.left_out} if who.left_out else {}
        chosen |= to_record(matrix)
        chosen |= {"compose": who.structure.text} if who.structure else {}
        model = conclude(problem, origin, rungs, chosen)
    seconds = time.monotonic() - began
    watch.tell(Finished(model.record["simplest"], model.record["best"], seconds))
    return model


def climb(
    families: Sequence[Family],
    problem: Problem,
    given: Mapping[str, Mapping[str, Any]],
    effort: str,
    watch: Watch,
) -> list[Rung]:
    """One candidate per family, in the ladder's order, and their blend.

    While the folds of a rung are fitted, the function of the rung below is learned
    from all rows and written down. What has to be compiled is compiled beside the
    lowest rungs. A stop keeps what is finished.
    """
    with ThreadPoolExecutor(1) as beside:
        warming = _warming(families, problem, given, effort, beside)
        ahead = _rungs(families, problem, given, effort, watch, warming, beside)
        rungs = [rung.result() for rung in ahead]
    if not rungs:
        raise NothingKept("nothing-kept")
    blended = blend(problem, [candidate for candidate, _ in rungs])
    return [*rungs, _written(lambda: blended, problem)] if blended else rungs


def _warming(
    families: Sequence[Family],
    problem: Problem,
    given: Mapping[str, Mapping[str, Any]],
    effort: str,
    beside: Executor,
) -> dict[str, Future[None]]:
    """The families that compile something, doing so. Of much data that is a small
    part of the wait, and without rungs below there is nothing to do it beside."""
    if problem.t.size > SMALL:
        return {}
    return {
        f.name: beside.submit(warm_up, f, problem, given.get(f.name, {}), effort)
        for f in families[LOW:]
        if f.warming and not f.warming.keys() & given.get(f.name, {}).keys()
    }


def _written(refit: Refit, problem: Problem) -> Rung:
    candidate = refit()
    return candidate, function_graph(candidate, problem)


def _rungs(
    families: Sequence[Family],
    problem: Problem,
    given: Mapping[str, Mapping[str, Any]],
    effort: str,
    watch: Watch,
    warming: Mapping[str, Future[None]],
    beside: Executor,
) -> list[Future[Rung]]:
    """Each family in every fold, and on its way to the function of all rows."""
    rungs: list[Future[Rung]] = []
    transforms: list[tuple[str, ...]] = []
    for family in families:
        watch.tell(RungStarted(family.name))
        dials = given.get(family.name, {})
        try:
            if watch.stopping:
                raise Stopped
            ways = choose_transforms(family, problem, dials, transforms, watch)
            wait([warming[family.name]] if family.name in warming else [])
            candidate, refit = cross_validate(
                family, problem, dials, ways, effort, watch
            )
            problem.cache.clear()  # encodings are as large as the table, once a fold
        except Stopped:
            watch.tell(RungSkipped(family.name, "rung-stopped"))
            break
        if "target" not in (family.rehearsal or {}):
            transforms.append(ways)
        rungs.append(beside.submit(_written, refit, problem))
        watch.tell(
            RungFinished(
                family.name,
                candidate.score,
                candidate.standard_error,
                candidate.seconds,
            )
        )
    return rungs


def conclude(
    problem: Problem,
    origin: Origin,
    rungs: Sequence[Rung],
    chosen: Mapping[str, Any],
) -> Model:
    """Choose, judge and portray."""
    fresh, candidates = problem.fresh, [candidate for candidate, _ in rungs]
    choice = choose(
        [c.family for c in candidates],
        [c.losses for c in candidates],
        fresh.w,
        fresh.folds,
        problem.score,
        chosen["adequate"],
    )
    best = next(c for c in candidates if c.family == choice.best)
    wrong, rows = residual(problem, best), plainly(candidates[0], problem)
    left = structure_left(rows, wrong, fresh.w, problem.seed)
    verdicts = judge(
        candidates, fresh.w, fresh.folds, choice.best, left, len(problem.y)
    )
    composed = next((c for c in candidates if c.family == "composition"), None)
    if composed is not None:
        verdicts += doubts(composed)
        cost = price(candidates, fresh.w, fresh.folds, problem.score)
        chosen = {**chosen, "price": cost}
    labels = origin.target.labels.tolist()
    seen = portrait(problem, candidates, choice.best, labels)
    record = make_record(problem, origin, candidates, choice, verdicts, seen, chosen)
    parts = {} if composed is None else part_graphs(composed, problem)
    written = ((candidate.family, graph) for candidate, graph in rungs)
    return Model(record, Graphs.of(chain(written, parts.items())))


def plainly(lowest: Candidate, problem: Problem) -> np.ndarray:
    """The fresh rows as numbers that small trees can look at: T itself, or where it
    holds pictures, the mean colours of their parts that the lowest rung sees."""
    t = problem.t[problem.fresh.rows]
    if any(c.kind == "picture" for c in problem.columns):
        return np.asarray(lowest.members[0].encoding(t))
    return t
