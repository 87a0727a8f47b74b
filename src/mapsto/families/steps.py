"""Steps: a sum of step functions, found by gradient-boosted trees.

    eta = Σₜ value of the leaf that x falls into, in tree t

Piecewise-constant functions can approximate anything, and on jumpy tables they win.
The trees are LightGBM's (Ke et al. 2017, https://papers.nips.cc/paper/6907).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import lightgbm
import numpy as np

from mapsto.data.encoding import Plan
from mapsto.events import Progress, Stopped, Watch
from mapsto.families.family import Dial, Fitted, Sample, Task
from mapsto.graph.trees import from_lightgbm, trees
from mapsto.threads import side_by_side

LONGEST = {"quick": 200, "normal": 1500, "thorough": 4000}
PATIENCE = 40
RATE = {"quick": 0.15, "normal": 0.06, "thorough": 0.03}
OBJECTIVES = {
    "regression": "regression",
    "binary": "binary",
    "multiclass": "multiclass",
}


def _at_least(least: float, most: float = np.inf, whole: bool = False) -> Any:
    def check(value: Any) -> str:
        kind = int if whole else (int, float)
        good = isinstance(value, kind) and not isinstance(value, bool)
        if good and least <= value <= most:
            return ""
        what = "a whole number" if whole else "a number"
        top = "" if most == np.inf else f" and at most {most:g}"
        return f"it must be {what}, at least {least:g}{top}"

    return check


class Steps:
    """Gradient-boosted trees; the number of rounds is chosen on the inner rows."""

    name = "steps"
    dials: tuple[Dial, ...] = (
        Dial("rounds", "number of trees (per class)", None, _at_least(1, whole=True)),
        Dial("learning_rate", "shrinkage of each tree", None, _at_least(1e-4, 1)),
        Dial("leaves", "most leaves of a tree", 31, _at_least(2, 4096, whole=True)),
        Dial("leaf_rows", "fewest rows in a leaf", None, _at_least(1, whole=True)),
        Dial("row_share", "rows that each tree sees", 0.8, _at_least(0.1, 1)),
        Dial("column_share", "columns that each tree sees", None, _at_least(0.05, 1)),
        Dial("penalty", "ridge penalty of the leaf values", 1.0, _at_least(0)),
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
            dials = _dials(given, effort, samples[k])

            def tell(part: float, state: str) -> None:
                done[k] = part
                share = sum(done.values()) / len(samples)
                watch.tell(Progress(self.name, share, state))

            if dials["rounds"] is None:
                dials["rounds"] = _best_rounds(
                    samples[k], task, dials, effort, seed, watch, tell
                )
            fitted = _boost(samples[k], task, dials, seed, watch)
            tell(1.0, f"{dials['rounds']} rounds")
            return fitted

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
        dials = _dials(given, effort, sample)
        chosen = [f.hyperparameters["rounds"] for f in fits]
        dials["rounds"] = dials["rounds"] or round(float(np.mean(chosen)))
        return _boost(sample, task, dials, seed, watch)


def _dials(given: Mapping[str, Any], effort: str, sample: Sample) -> dict[str, Any]:
    """All hyperparameters: the given, the defaults, and what follows from the data."""
    rows, columns = sample.x.shape
    dials = {dial.name: dial.default for dial in Steps.dials} | dict(given)
    dials["learning_rate"] = dials["learning_rate"] or RATE[effort]
    # A tree that sees one of two columns cannot see how they act together.
    dials["column_share"] = dials["column_share"] or (0.7 if columns > 8 else 1.0)
    dials["leaf_rows"] = dials["leaf_rows"] or int(np.clip(rows // 200, 3, 20))
    return dials


def _parameters(task: Task, dials: Mapping[str, Any], seed: int) -> dict[str, Any]:
    kind = (
        "regression" if not task.classes else ("binary", "multiclass")[task.classes > 2]
    )
    return {
        "objective": OBJECTIVES[kind],
        "num_class": task.classes if task.classes > 2 else 1,
        "learning_rate": dials["learning_rate"],
        "num_leaves": dials["leaves"],
        "min_data_in_leaf": dials["leaf_rows"],
        "min_sum_hessian_in_leaf": 1e-3,
        "bagging_fraction": dials["row_share"],
        "bagging_freq": 1,
        "feature_fraction": dials["column_share"],
        "lambda_l2": dials["penalty"],
        "deterministic": True,
        "force_col_wise": True,
        "num_threads": 1,  # the folds run side by side
        "seed": seed,
        "verbosity": -1,
        "use_missing": False,
        "feature_pre_filter": False,
    }


def _data(sample: Sample, rows: np.ndarray) -> lightgbm.Dataset:
    return lightgbm.Dataset(sample.x[rows], sample.y[rows], weight=sample.w[rows])


def _best_rounds(
    sample: Sample,
    task: Task,
    dials: Mapping[str, Any],
    effort: str,
    seed: int,
    watch: Watch,
    tell: Any,
) -> int:
    """Rounds at which a fit to the other rows is best on the inner rows."""
    losses: list[float] = []
    longest = LONGEST[effort] if task.classes <= 2 else LONGEST[effort] // 3

    def follow(env: Any) -> None:
        if watch.stopping:
            raise Stopped
        losses.append(env.evaluation_result_list[0][2])
        best = int(np.argmin(losses))
        if env.iteration % 20 == 0:
            tell(0.7 * env.iteration / longest, f"round {env.iteration}")
        if env.iteration - best >= PATIENCE:
            raise lightgbm.callback.EarlyStopException(best, env.evaluation_result_list)

    parameters = _parameters(task, dials, seed)
    rest = _data(sample, ~sample.inner)
    inner = lightgbm.Dataset(
        sample.x[sample.inner],
        sample.y[sample.inner],
        weight=sample.w[sample.inner],
        reference=rest,
    )
    lightgbm.train(parameters, rest, longest, valid_sets=[inner], callbacks=[follow])
    return int(np.argmin(losses)) + 1


def _boost(
    sample: Sample, task: Task, dials: dict[str, Any], seed: int, watch: Watch
) -> Fitted:
    """All rows of the sample, a fixed number of rounds."""

    def follow(env: Any) -> None:
        if watch.stopping:
            raise Stopped

    booster = lightgbm.train(
        _parameters(task, dials, seed),
        _data(sample, np.ones(len(sample.y), bool)),
        dials["rounds"],
        callbacks=[follow],
    )
    parameters = from_lightgbm(booster)
    gains = booster.feature_importance("gain")
    order = np.argsort(-gains, kind="stable")[:20]
    total = max(float(gains.sum()), 1e-300)
    details = {
        "words": f"a sum of {booster.num_trees()} trees of steps",
        "gain": {sample.features[i].name: float(gains[i]) / total for i in order},
    }
    return Fitted(trees, parameters, _size(booster), dict(dials), details)


def _size(booster: lightgbm.Booster) -> int:
    """Leaf values and thresholds."""
    leaves = sum(t["num_leaves"] for t in booster.dump_model()["tree_info"])
    return 2 * leaves - booster.num_trees()
