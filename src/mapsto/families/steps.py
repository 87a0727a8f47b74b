"""Steps: sums of step functions, found by gradient-boosted trees.

    eta = Σ_k a_k Σ_t value of the leaf that x falls into, in tree t of kind k

Piecewise-constant functions can approximate anything, and on jumpy tables they win.
No one kind of tree is best everywhere: few rows like small ones, jumpy tables large
ones, smooth tables thresholds drawn at random (Geurts, Ernst & Wehenkel 2006,
https://doi.org/10.1007/s10994-006-6226-1). So several kinds are boosted, and the
inner rows choose the share of each.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np

from mapsto.data.encoding import Plan
from mapsto.data.target import Target
from mapsto.errors import OptionError
from mapsto.events import Progress, Stopped, Watch
from mapsto.families.checks import Check, number, some_of, whole, yes_or_no
from mapsto.families.family import Dial, Family, Fitted, Sample, Task
from mapsto.graph.trees import Trees, from_lightgbm, trees, weighted_sum
from mapsto.scores import negative_log_likelihood
from mapsto.solvers.boosting import Rows, Tick, Trial, boost, parameters, trial
from mapsto.solvers.greedy import greedy_shares
from mapsto.threads import side_by_side

KINDS: dict[str, dict[str, Any]] = {
    "medium": {"leaves": 31},
    "small": {"leaves": 12, "pace": 1.3},
    "random": {
        "leaves": 64,
        "column_share": 1.0,
        "random_thresholds": True,
        "thresholds": 63,
    },
    "tiny": {"leaves": 5, "column_share": 1.0, "penalty": 1.0, "pace": 2.0},
    "large": {"leaves": 95, "column_share": 0.5, "penalty": 5.0, "smoothing": 10.0},
}
PLAIN = {
    "row_share": 0.8,
    "column_share": 0.7,
    "penalty": 3.0,
    "smoothing": 0.0,
    "random_thresholds": False,
    "thresholds": 255,
    "pace": 1.0,
}
"""What the trees of a kind are like, and of all kinds where nothing else is said.
`thresholds`: how many of a column are looked at; where one of them is drawn at random,
fewer are as good. `pace`: the learning rate over the effort's."""

TRIED = {
    "quick": ("medium", "random", "tiny"),
    "normal": ("medium", "small", "random", "tiny"),
    "thorough": tuple(KINDS),
}
LONGEST = {"quick": 120, "normal": 1500, "thorough": 4000}
RATE = {"quick": 0.25, "normal": 0.06, "thorough": 0.03}
FEW_COLUMNS = 8
MANY_CLASSES = (
    10  # above, each round is as many trees: one kind is all there is time for
)
LEAST_SHARE = 0.05  # a kind with less is not worth carrying along
TRIAL_PART = 0.55  # of the work, about
CHOSEN = ("trees", "rounds", "shares")
Result = TypeVar("Result")


def _by_kind(check: Check) -> Check:
    """The same of one value, or of a mapping from kinds to values."""

    def each(value: Any) -> str:
        if not isinstance(value, Mapping):
            return check(value)
        unknown = [k for k in value if k not in KINDS]
        if unknown or not value:
            return f"its kinds must be among {', '.join(KINDS)}"
        return next((p for v in value.values() if (p := check(v))), "")

    return each


class Steps(Family):
    """Gradient-boosted trees of several kinds; rounds and shares from the inner rows.

    A dial that is given holds for every kind.
    """

    name = "steps"
    dials: tuple[Dial, ...] = (
        Dial(
            "trees", "kinds of trees, " + ", ".join(KINDS), None, some_of(list(KINDS))
        ),
        Dial(
            "rounds",
            "number of trees (per class), of all or of each kind",
            None,
            _by_kind(whole(1)),
        ),
        Dial("shares", "share of each kind", None, _by_kind(number(0, 1))),
        Dial("learning_rate", "shrinkage of each tree", None, number(1e-4, 1)),
        Dial("leaves", "most leaves of a tree", None, whole(2, 4096)),
        Dial("leaf_rows", "fewest rows in a leaf", None, whole(1)),
        Dial("row_share", "rows that each tree sees", None, number(0.1, 1)),
        Dial("column_share", "columns that each tree sees", None, number(0.05, 1)),
        Dial("penalty", "ridge penalty of the leaf values", None, number(0)),
        Dial("smoothing", "pull of a leaf to its parent, rows", None, number(0)),
        Dial("random_thresholds", "one random threshold a column", None, yes_or_no),
    )
    rehearsal = {"rounds": 120, "learning_rate": 0.1}

    def sees(self, given: Mapping[str, Any]) -> Plan:
        return Plan(clip=False, one_hot=8, many="mean")

    def fit(
        self,
        samples: Sequence[Sample],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Fitted]:
        fits = [_Fit(sample, task, given, effort, seed) for sample in samples]
        tried = _Stretch(self.name, watch, 0.0, TRIAL_PART)
        learned = _Stretch(self.name, watch, TRIAL_PART, 1.0)
        trials = _of_each_kind(fits, [f.to_try for f in fits], _Fit.trial, tried)
        plans = [f.planned(t) for f, t in zip(fits, trials, strict=True)]
        rounds = [plan.rounds for plan in plans]
        boosters = _of_each_kind(fits, rounds, _Fit.boosted, learned)
        parts = zip(fits, plans, boosters, strict=True)
        return side_by_side(lambda part: part[0].mixed(*part[1:]), parts)

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
        """The folds' mean shares, each kind with its mean rounds."""
        told = [f.hyperparameters for f in fits]
        shares = {
            k: float(np.mean([t["shares"].get(k, 0.0) for t in told])) for k in KINDS
        }
        rounds = {
            k: round(float(np.mean([_of(t, k) for t in told if k in t["shares"]])))
            for k, share in shares.items()
            if share > 0
        }
        fit, plan = _Fit(sample, task, given, effort, seed), _Plan.of(rounds, shares)

        def tick(number: int) -> None:
            if watch.stopping:
                raise Stopped

        boosters = {k: fit.boosted(k, n, tick) for k, n in plan.rounds.items()}
        return fit.mixed(plan, boosters)


def _of(told: Mapping[str, Any], kind: str) -> int:
    """The rounds of a kind, where they may be those of all."""
    rounds = told["rounds"]
    return int(rounds[kind] if isinstance(rounds, Mapping) else rounds)


@dataclass(frozen=True)
class _Plan:
    """How many rounds of which kinds, and their shares, which sum to 1."""

    rounds: Mapping[str, int]
    shares: Mapping[str, float]

    @classmethod
    def of(cls, rounds: Mapping[str, int], shares: Mapping[str, float]) -> "_Plan":
        """Without the kinds that are not worth carrying along."""
        least = LEAST_SHARE * sum(shares.values())
        kept = [k for k in rounds if shares.get(k, 0.0) >= least]
        total = sum(shares[k] for k in kept)
        return cls({k: rounds[k] for k in kept}, {k: shares[k] / total for k in kept})


@dataclass
class _Stretch:
    """A stretch of the work, from `begin` to `end` of the whole, in equal pieces."""

    name: str
    watch: Watch
    begin: float
    end: float

    def ticks(self, pieces: Sequence[tuple[str, int]]) -> list[Tick]:
        """What each piece, of a kind and at most so many rounds, calls in each."""
        done = [0.0] * len(pieces)

        def tick(number: int, piece: int) -> None:
            if self.watch.stopping:
                raise Stopped
            if number % 20 == 0:
                kind, most = pieces[piece]
                done[piece] = number / most
                share = self.begin + (self.end - self.begin) * float(np.mean(done))
                state = f"{kind} trees, round {number}"
                self.watch.tell(Progress(self.name, share, state))

        return [partial(tick, piece=k) for k in range(len(pieces))]


def _of_each_kind(
    fits: Sequence["_Fit"],
    rounds: Sequence[Mapping[str, int]],
    work: Callable[["_Fit", str, int, Tick], Result],
    stretch: _Stretch,
) -> list[dict[str, Result]]:
    """For each fit {kind: work(fit, kind, rounds, tick)}, all of them side by side."""
    pieces = [(k, kind) for k, kinds in enumerate(rounds) for kind in kinds]
    pieces.sort(key=lambda piece: -KINDS[piece[1]]["leaves"])  # the slow ones first
    ticks = stretch.ticks([(kind, rounds[k][kind]) for k, kind in pieces])

    def done(number: int) -> Result:
        k, kind = pieces[number]
        return work(fits[k], kind, rounds[k][kind], ticks[number])

    results = dict(zip(pieces, side_by_side(done, range(len(pieces))), strict=True))
    return [
        {kind: results[k, kind] for kind in kinds} for k, kinds in enumerate(rounds)
    ]


class _Fit:
    """The trees of one sample."""

    def __init__(
        self,
        sample: Sample,
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
    ):
        self._sample, self._task, self._effort = sample, task, effort
        self._given = {k: v for k, v in given.items() if v is not None}
        self._seed = seed
        self._rows = Rows(sample.x, sample.y, sample.w)

    @property
    def to_try(self) -> dict[str, int]:
        """The kinds whose rounds the inner rows choose, with the most that may be."""
        if "rounds" in self._given:
            return {}
        longest = LONGEST[self._effort] // (3 if self._task.classes > 2 else 1)
        return dict.fromkeys(self._kinds(), longest)

    def trial(self, kind: str, longest: int, tick: Tick) -> Trial:
        """On the other rows, judged on the inner ones."""
        rest = self._rows.part(~self._sample.inner)
        return trial(rest, self._inner(), self._settings(kind), longest, tick)

    def _inner(self) -> Rows:
        return self._rows.part(self._sample.inner)

    def planned(self, trials: Mapping[str, Trial]) -> _Plan:
        """Rounds and shares as they are given, or as the inner rows choose them."""
        rounds, shares = self._given.get("rounds"), self._given.get("shares")
        if rounds is not None:
            each = {k: _of({"rounds": rounds}, k) for k in self._kinds()}
            return _Plan.of(each, shares or dict.fromkeys(each, 1.0))
        if shares is None:
            etas = [t.eta for t in trials.values()]
            found = greedy_shares(etas, self._loss(self._inner()))
            shares = dict(zip(trials, found.tolist(), strict=True))
        return _Plan.of({k: t.rounds for k, t in trials.items()}, shares)

    def boosted(self, kind: str, rounds: int, tick: Tick) -> Any:
        """So many rounds on all rows."""
        return boost(self._rows, self._settings(kind), rounds, tick)

    def mixed(self, plan: _Plan, boosters: Mapping[str, Any]) -> Fitted:
        """The weighted sum of these trees."""
        kinds, weights = list(plan.shares), list(plan.shares.values())
        learned = [boosters[k] for k in kinds]
        function = weighted_sum([from_lightgbm(b) for b in learned], weights)
        hyperparameters = {
            "trees": kinds,
            "rounds": {k: plan.rounds[k] for k in kinds},
            "shares": {k: round(a, 3) for k, a in plan.shares.items()},
            **{k: v for k, v in self._given.items() if k != "shares"},
        }
        gains = [b.feature_importance("gain") for b in learned]
        details = self._details(kinds, function, np.average(gains, 0, weights))
        return Fitted(trees, function, _size(function), hyperparameters, details)

    def _kinds(self) -> list[str]:
        """The kinds to try: the given, those of given rounds, or the effort's."""
        rounds = self._given.get("rounds")
        if "trees" in self._given:
            return list(self._given["trees"])
        if rounds is not None:
            return list(rounds) if isinstance(rounds, Mapping) else ["medium"]
        if self._task.classes > MANY_CLASSES:
            return ["medium"]
        return list(TRIED[self._effort])

    def _settings(self, kind: str) -> dict[str, Any]:
        """All dials of a kind: the given, and what follows from the data."""
        rows, columns = self._sample.x.shape
        dials = {**PLAIN, **KINDS[kind]}
        dials["learning_rate"] = dials.pop("pace") * RATE[self._effort]
        dials["leaf_rows"] = int(np.clip(rows // 200, 3, 20))
        dials |= {k: v for k, v in self._given.items() if k not in CHOSEN}
        if columns <= FEW_COLUMNS and "column_share" not in self._given:
            # A tree that sees one of two columns cannot see how they act together.
            dials["column_share"] = 1.0
        ways = [f.monotone for f in self._sample.features]
        if any(ways) and self._given.get("smoothing"):
            raise OptionError(
                "option-bad",
                option="steps.smoothing",
                value=self._given["smoothing"],
                problem="with monotone it must be 0, for it may break the order",
            )
        return parameters(dials, self._task.classes, self._seed, ways)

    def _loss(self, inner: Rows) -> Callable[[np.ndarray], float]:
        """The mean loss of eta (m, outputs) on the inner rows."""
        if not self._task.classes:
            return lambda eta: float(inner.w @ (eta[:, 0] - inner.y) ** 2)
        link = Target(classes=self._task.classes)
        return lambda eta: float(
            inner.w @ negative_log_likelihood(inner.y, link.decode(eta))
        )

    def _details(
        self, kinds: Sequence[str], function: Trees, gains: np.ndarray
    ) -> dict[str, Any]:
        features = self._sample.features
        order = np.argsort(-gains, kind="stable")[:20]
        total = max(float(gains.sum()), 1e-300)
        mixed = f", {' and '.join(kinds)}" if len(kinds) > 1 else ""
        return {
            "words": f"a sum of {len(function.root)} trees of steps{mixed}",
            "gain": {features[i].name: float(gains[i]) / total for i in order},
        }


def _size(function: Trees) -> int:
    """Leaf values and thresholds."""
    return len(function.value) + len(function.threshold)
