"""The space: a function that is bent here is flat in a space of more dimensions.

Two doors lead there. The *lift* writes the new coordinates out (`lift`); the *Hilbert
space* has them implied by a kernel, whose metric is learned (`hilbert`). Columns that
live on a circle or a sphere are put there where that helps (`geometry`).
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np

from mapsto.data.encoding import Feature, Plan
from mapsto.errors import OptionError
from mapsto.events import Progress, Stopped, Watch
from mapsto.families.checks import number, one_of, whole
from mapsto.families.doors import Rows, Tick, shuffled_rows
from mapsto.families.family import Dial, Family, Fitted, Sample, Task
from mapsto.families.geometry import Figure, figures_of
from mapsto.families.hilbert import (
    LOGISTIC,
    METRICS,
    MOST_CENTRES,
    Metric,
    affordable_centres,
    held_centres,
    hilbert,
    mass,
    solved,
)
from mapsto.families.lift import (
    MAPS,
    MOST_FEATURES,
    Lift,
    affordable,
    best_lift,
    lifted,
    solved_lift,
)
from mapsto.families.metric_search import WORK, Learner, learned_again, searched
from mapsto.families.ranks import ranks_of
from mapsto.threads import in_two_strides

DOORS = ("lift", "hilbert")
KERNELS = ("laplace", "gaussian")
BEHIND = {
    "lift": ("map", "degree"),
    "hilbert": ("kernel", "bandwidth", "exponent", "metric", "centres"),
}
REHEARSAL = dict.fromkeys(BEHIND["hilbert"]) | {
    "door": "lift",
    "map": "fourier",
    "degree": 2,
}
GLANCE = 0.4  # of a trial's size is enough to see which inputs are relevant
JUDGED = 2000  # inner rows that a search looks at, at most
SMOOTH = 1.98  # an exponent from here on is taken for Gauss's
TOLD = 20  # inputs whose share of the metric is told
Result = TypeVar("Result")
Solve = Callable[[], Fitted]


class Space(Family):
    """Ridge or logistic regression in a lift or in a Hilbert space.

    What is not given is chosen on the inner rows, the door among it.
    """

    name = "space"
    dials: tuple[Dial, ...] = (
        Dial("door", "how the space is entered", None, one_of(DOORS)),
        Dial("map", "lift: which new coordinates", None, one_of(MAPS)),
        Dial("degree", "lift: degree, or frequencies", None, whole(1, 6)),
        Dial("kernel", "hilbert: how nearness fades", None, one_of(KERNELS)),
        Dial(
            "bandwidth",
            "hilbert: how far it reaches, in units of the rows' median distance",
            None,
            number(1e-3, 1e6),
        ),
        Dial("exponent", "hilbert: q of exp(-distance^q)", None, number(0.2, 2)),
        Dial("metric", "hilbert: what is learned of it", None, one_of(METRICS)),
        Dial(
            "centres",
            "hilbert: most rows to be near",
            None,
            whole(1, MOST_CENTRES),
        ),
        Dial("penalty", "ridge penalty per row, λ/n", None, number(1e-9)),
    )
    rehearsal = REHEARSAL

    def sees(self, given: Mapping[str, Any]) -> Plan:
        _check_together(given)
        return Plan(clip=True, one_hot=30, many="mean", pictures="patches")

    def fit(
        self,
        samples: Sequence[Sample],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Fitted]:
        done: list[int] = []

        def told(work: Callable[[], Result]) -> Result:
            result = work()
            done.append(1)
            watch.tell(Progress(self.name, len(done) / (2 * len(samples) + 1)))
            return result

        def search(k: int) -> Solve:
            rng = np.random.default_rng([seed, k])
            fit = _Fit(samples[k], task, given, effort, rng, watch)
            return told(fit.searched)

        return in_two_strides(search, told, range(len(samples)))

    def refit(
        self,
        sample: Sample,
        fits: Sequence[Fitted],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> Fitted:
        rng = np.random.default_rng([seed, len(fits)])
        return _Fit(sample, task, given, effort, rng, watch).again(fits)


def _check_together(given: Mapping[str, Any]) -> None:
    """Raises OptionError for values that exclude each other."""
    door = given.get("door")
    other = {"lift": "hilbert", "hilbert": "lift"}.get(str(door), "")
    for dial in BEHIND.get(other, ()):
        if given.get(dial) is not None:
            raise OptionError(
                "option-bad",
                option=f"space.{dial}",
                value=given[dial],
                problem=f"it belongs to the door {other!r}, and door is {door!r}",
            )
    if given.get("kernel") == "gaussian" and given.get("exponent") not in (None, 2):
        raise OptionError(
            "option-bad",
            option="space.exponent",
            value=given["exponent"],
            problem="the Gaussian kernel has exponent 2",
        )


def _doors(given: Mapping[str, Any]) -> tuple[str, ...]:
    """The doors to try: the one that is given, or those whose dials are, or both."""
    if given.get("door") is not None:
        return (given["door"],)
    asked = [d for d in DOORS if any(given.get(n) is not None for n in BEHIND[d])]
    return tuple(asked) or DOORS


class _Fit:
    """One sample: search, then solve on all of its rows."""

    def __init__(
        self,
        sample: Sample,
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        rng: np.random.Generator,
        watch: Watch,
    ):
        self._sample, self._task, self._rng = sample, task, rng
        self._given = dict(given)
        if given.get("kernel") == "gaussian":
            self._given["exponent"] = 2.0
        self._work, self._most = WORK[effort], MOST_FEATURES[effort]

        def tick() -> None:
            if watch.stopping:
                raise Stopped

        self._tick: Tick = tick

    # ── choosing ──

    def searched(self) -> Solve:
        """The door and its hyperparameters from the inner rows: what is then solved
        on all rows."""
        rest = shuffled_rows(self._sample, self._task, self._rng, inner=False)
        inner = shuffled_rows(self._sample, self._task, self._rng, inner=True)
        inner = inner.part(slice(JUDGED))
        learner = self._learner(rest, inner, self._given)
        found = []
        if "lift" in _doors(self._given):
            found.append(self._lift(learner, rest, inner))
        if "hilbert" in _doors(self._given):
            found.append(self._hilbert(learner))
        _, solve = min(found, key=lambda pair: pair[0])
        return lambda: solve(shuffled_rows(self._sample, self._task, self._rng))

    def _learner(
        self, rest: Rows, inner: Rows | None, given: Mapping[str, Any]
    ) -> Learner:
        return Learner(rest, inner, given, self._work, self._rng, self._tick)

    def _lift(self, learner: Learner, rest: Rows, inner: Rows) -> Any:
        some = rest.part(slice(self._work.rows))
        lifts = self._lifts(learner)
        penalty, steps = self._given.get("penalty"), self._work.newton
        best = best_lift(lifts, some, inner, penalty, steps, self._tick)
        return best.loss, partial(self._of_lift, best.lift, best.verdict.penalty)

    def _lifts(self, learner: Learner) -> list[Lift]:
        given, task = self._given, self._task
        even = learner.trial(learner.even(()), GLANCE)
        relevance = np.diag(learner.gradients(even)) * self._sample.x.var(axis=0)
        maps = MAPS if given.get("map") is None else (given["map"],)
        degrees = None if given.get("degree") is None else (given["degree"],)
        most = max(50, self._most // max(1, task.outputs // 4))
        return affordable(maps, degrees, relevance, most)

    def _hilbert(self, learner: Learner) -> Any:
        figures = _figures(self._sample)
        asked = self._given.get("metric")
        kinds = self._work.kinds if asked is None else (asked,)
        best = searched(learner, figures, kinds)
        verdict = best.verdict
        if 0 < self._task.classes <= LOGISTIC:
            verdict = learner.logistic_verdict(best.metric)
        of_metric = partial(self._of_hilbert, _smooth(best.metric))
        return verdict.loss, partial(of_metric, verdict.penalty, verdict.sharpness)

    # ── the same again, on all rows ──

    def again(self, fits: Sequence[Fitted]) -> Fitted:
        """What most folds chose, learned on all rows."""
        door = _most_common([f.hyperparameters["door"] for f in fits])
        alike = [f for f in fits if f.hyperparameters["door"] == door]
        logs = [np.log(f.hyperparameters["penalty"]) for f in alike]
        penalty = float(np.exp(np.mean(logs)))
        rows = shuffled_rows(self._sample, self._task, self._rng)
        if door == "lift":
            return self._lift_again(alike, rows, penalty)
        return self._hilbert_again(alike, rows, penalty)

    def _lift_again(self, fits: Sequence[Fitted], rows: Rows, penalty: float) -> Fitted:
        told = [(f.hyperparameters["map"], f.hyperparameters["degree"]) for f in fits]
        self._given |= dict(zip(("map", "degree"), _most_common(told), strict=True))
        learner = self._learner(rows, None, {"penalty": penalty})
        return self._of_lift(self._lifts(learner)[0], penalty, rows)

    def _hilbert_again(
        self, fits: Sequence[Fitted], rows: Rows, penalty: float
    ) -> Fitted:
        ways = [f.details["metric"] for f in fits]
        way = _most_common([(w["kind"], w["start"], w["long"]) for w in ways])
        alike = [f for f in fits if f.details["metric"]["kind"] == way[0]]
        told = [w for f in fits for w in f.details["metric"]["figures"]]
        figures = tuple(
            figure
            for figure in _figures(self._sample)
            if 2 * told.count(figure.words) > len(fits)
        )
        exponents = [f.hyperparameters["exponent"] for f in alike]
        given = self._given | {
            "penalty": penalty,
            "exponent": float(np.mean(exponents)),
        }
        learner = self._learner(rows, None, given)
        kind, start, long = way
        metric = _smooth(learned_again(learner, kind, start, long, figures))
        sharp = [w["sharpness"] for w in ways if w["sharpness"]]
        sharpness = float(np.exp(np.mean(np.log(sharp)))) if sharp else None
        return self._of_hilbert(metric, penalty, sharpness, rows)

    # ── the function ──

    def _of_lift(self, lift: Lift, penalty: float, rows: Rows) -> Fitted:
        self._tick()
        parameters = solved_lift(lift, rows, penalty, self._tick)
        size = parameters["beta"].size + parameters["intercept"].size
        hyperparameters = {
            "door": "lift",
            "map": lift.map,
            "degree": lift.degree,
            "penalty": self._given.get("penalty") or penalty,
        }
        flat = "line" if not rows.classes else "border"
        words = (
            f"a straight {flat} in the space of {lift.words} of the inputs, "
            f"{len(parameters['beta'])} dimensions"
        )
        function = partial(lifted, lift=lift)
        return Fitted(function, parameters, size, hyperparameters, {"words": words})

    def _of_hilbert(
        self, metric: Metric, penalty: float, sharpness: float | None, rows: Rows
    ) -> Fitted:
        self._tick()
        exponent, given = metric.shape.exponent, self._given.get("centres")
        centres = (
            affordable_centres(self._work.kept, rows)
            if given is None
            else held_centres(given, rows)
        )
        parameters = solved(metric, rows, penalty, sharpness, centres, self._tick)
        hyperparameters = {
            "door": "hilbert",
            "kernel": self._given.get("kernel") or _kernel(exponent),
            "exponent": exponent,
            "bandwidth": self._given.get("bandwidth") or metric.bandwidth(rows.x),
            "metric": metric.kind,
            "centres": centres,
            "penalty": self._given.get("penalty") or penalty,
        }
        function = partial(hilbert, figures=metric.figures, exponent=exponent)
        size = sum(parameters[k].size for k in ("alpha", "intercept"))
        turned = metric.rotation
        size += metric.shape.groups.size if turned is None else turned.size
        details = _told(metric, rows, self._sample.features, centres)
        details["metric"]["sharpness"] = sharpness
        return Fitted(function, parameters, size, hyperparameters, details)


def _figures(sample: Sample) -> list[Figure]:
    """What may stand for inputs, or beside them, in a metric."""
    ranks = ranks_of(sample.features, sample.x)
    figures = figures_of(sample.features, sample.x)
    return figures if ranks is None else [*figures, ranks]


def _told(
    metric: Metric, rows: Rows, features: Sequence[Feature], centres: int
) -> dict[str, Any]:
    """What the function says of itself: the metric, and each input's share of it."""
    learned = {
        "isotropic": "all inputs counting alike",
        "diagonal": "each input counting as much as it was learned to",
        "full": "inputs and their mixtures counting as they were learned to",
    }[metric.kind]
    words = f"nearness to {centres} known rows, {learned}"
    told = [f.words for f in metric.figures]
    shares = mass(metric, rows.x)
    order = np.argsort(-shares, kind="stable")[:TOLD]
    return {
        "words": "; ".join([words, *told]),
        "metric": {
            "kind": metric.kind,
            "start": metric.start,
            "long": metric.long,
            "figures": told,
            "shares": {features[i].name: float(shares[i]) for i in order},
        },
    }


def _kernel(exponent: float) -> str:
    return "gaussian" if exponent == 2 else "laplace"


def _smooth(metric: Metric) -> Metric:
    """Gauss's kernel where the exponent is nearly 2."""
    return metric.with_exponent(2.0) if metric.shape.exponent >= SMOOTH else metric


def _most_common(values: Sequence[Hashable]) -> Any:
    """The first of the most frequent ones in sorted order."""
    return max(sorted(set(values), key=str), key=values.count)
