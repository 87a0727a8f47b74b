"""Steps: sums of step functions, found by gradient-boosted trees.

    eta = Σ_k a_k Σ_t value of the leaf that x falls into, in tree t of kind k

Piecewise-constant functions can approximate anything, and on jumpy tables they win.
No one kind of tree is best everywhere: few rows like small ones, jumpy tables large
ones, smooth tables thresholds drawn at random (Geurts, Ernst & Wehenkel 2006,
https://doi.org/10.1007/s10994-006-6226-1). So several kinds are boosted, and the
inner rows choose the share of each.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from mapsto.data.encoding import Plan
from mapsto.data.target import Target
from mapsto.errors import OptionError
from mapsto.events import Progress, Stopped, Watch
from mapsto.families.checks import Check, number, some_of, whole, yes_or_no
from mapsto.families.family import Dial, Fitted, Sample, Task
from mapsto.graph.trees import Trees, from_lightgbm, trees, weighted_sum
from mapsto.scores import negative_log_likelihood
from mapsto.solvers.boosting import Rows, boost, parameters, trial
from mapsto.solvers.greedy import greedy_shares
from mapsto.threads import side_by_side

KINDS: dict[str, dict[str, Any]] = {
    "medium": {"leaves": 31},
    "small": {"leaves": 12, "pace": 1.3},
    "random": {"leaves": 64, "column_share": 1.0, "random_thresholds": True},
    "tiny": {"leaves": 5, "column_share": 1.0, "penalty": 1.0, "pace": 2.0},
    "large": {"leaves": 95, "column_share": 0.5, "penalty": 5.0, "smoothing": 10.0},
}
PLAIN = {
    "row_share": 0.8,
    "column_share": 0.7,
    "penalty": 3.0,
    "smoothing": 0.0,
    "random_thresholds": False,
    "pace": 1.0,
}
"""What the trees of a kind are like, and of all kinds where nothing else is said.
`pace`: the learning rate over the effort's."""

TRIED = {
    "quick": ("medium", "random", "tiny"),
    "normal": ("medium", "small", "random", "tiny"),
    "thorough": tuple(KINDS),
}
LONGEST = {"quick": 200, "normal": 1500, "thorough": 4000}
RATE = {"quick": 0.15, "normal": 0.06, "thorough": 0.03}
FEW_COLUMNS = 8
MANY_CLASSES = (
    10  # above, each round is as many trees: one kind is all there is time for
)
LEAST_SHARE = 0.05  # a kind with less is not worth carrying along
CHOSEN = ("trees", "rounds", "shares")


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


class Steps:
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
    rehearsal: Mapping[str, Any] | None = {"rounds": 120, "learning_rate": 0.1}

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
        done = dict.fromkeys(range(len(samples)), 0.0)

        def one(k: int) -> Fitted:
            def tell(part: float, state: str) -> None:
                done[k] = part
                share = sum(done.values()) / len(samples)
                watch.tell(Progress(self.name, share, state))

            return _Fit(samples[k], task, given, effort, seed, watch, tell).chosen()

        return side_by_side(one, range(len(samples)))

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
        fit = _Fit(sample, task, given, effort, seed, watch, lambda part, state: None)
        return fit.mixed(rounds, shares)


def _of(told: Mapping[str, Any], kind: str) -> int:
    """The rounds of a kind, where they may be those of all."""
    rounds = told["rounds"]
    return int(rounds[kind] if isinstance(rounds, Mapping) else rounds)


class _Fit:
    """The trees of one sample."""

    def __init__(
        self,
        sample: Sample,
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
        tell: Callable[[float, str], None],
    ):
        self._sample, self._task, self._effort = sample, task, effort
        self._given = {k: v for k, v in given.items() if v is not None}
        self._seed, self._watch, self._tell = seed, watch, tell
        self._rows = Rows(sample.x, sample.y, sample.w)

    def chosen(self) -> Fitted:
        """Rounds and shares as they are given, or as the inner rows choose them."""
        rounds, shares = self._given.get("rounds"), self._given.get("shares")
        kinds = self._kinds()
        if rounds is not None:
            each = {k: _of({"rounds": rounds}, k) for k in kinds}
            return self.mixed(each, shares or dict.fromkeys(kinds, 1.0))
        rest = self._rows.part(~self._sample.inner)
        inner = self._rows.part(self._sample.inner)
        longest = LONGEST[self._effort] // (3 if self._task.classes > 2 else 1)
        trials = []
        for n, kind in enumerate(kinds):
            settings = self._settings(kind)
            tick = self._ticking(kind, n / (n + 1), longest)
            trials.append(trial(rest, inner, settings, longest, tick))
        if shares is None:
            found = greedy_shares([t.eta for t in trials], self._loss(inner))
            shares = dict(zip(kinds, found.tolist(), strict=True))
        return self.mixed(
            {k: t.rounds for k, t in zip(kinds, trials, strict=True)}, shares
        )

    def mixed(self, rounds: Mapping[str, int], shares: Mapping[str, float]) -> Fitted:
        """All rows, so many rounds of each kind that has a share."""
        total = sum(shares.values())
        kinds = [k for k in rounds if shares.get(k, 0.0) >= LEAST_SHARE * total]
        total = sum(shares[k] for k in kinds)
        shares = {k: shares[k] / total for k in kinds}
        boosters = []
        for kind in kinds:
            tick = self._ticking(kind, 0.9, rounds[kind])
            boosters.append(boost(self._rows, self._settings(kind), rounds[kind], tick))
        self._tell(1.0, f"{sum(b.num_trees() for b in boosters)} trees")
        weights = list(shares.values())
        function = weighted_sum([from_lightgbm(b) for b in boosters], weights)
        hyperparameters = {
            "trees": kinds,
            "rounds": {k: rounds[k] for k in kinds},
            "shares": {k: round(a, 3) for k, a in shares.items()},
            **{k: v for k, v in self._given.items() if k != "shares"},
        }
        gains = [b.feature_importance("gain") for b in boosters]
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

    def _ticking(self, kind: str, part: float, longest: int) -> Callable[[int], None]:
        def tick(number: int) -> None:
            if self._watch.stopping:
                raise Stopped
            if number % 20 == 0:
                self._tell(part * number / longest, f"{kind} trees, round {number}")

        return tick

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
