"""Gradient-boosted trees: LightGBM's (Ke et al. 2017,
https://papers.nips.cc/paper/6907), one fit at a time and on one thread.

    eta(x) = Σ_t value of the leaf that x falls into, in tree t
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np

OBJECTIVES = ("regression", "binary", "multiclass")
MONOTONE = {"monotone_constraints_method": "advanced", "path_smooth": 0.0}
"""LightGBM's smoothing pulls leaves to their parents after it has put them in order,
and so may put them out of it."""
THREADS = 1
"""Of every call, since the folds run side by side and LightGBM keeps the number for the
whole process: a call that leaves it open lets another thread's use more than it has
room for, and the process dies."""
PATIENCE = 40  # rounds without gain after which a trial ends
Tick = Callable[[int], None]
"""Called with the number of each round; it may raise to end the work."""


@dataclass(frozen=True, eq=False)
class Rows:
    """x: (n, d), y: (n,) values or class indices, w: (n,) weights."""

    x: np.ndarray
    y: np.ndarray
    w: np.ndarray

    def part(self, chosen: np.ndarray) -> "Rows":
        return Rows(self.x[chosen], self.y[chosen], self.w[chosen])

    def dataset(self, reference: lightgbm.Dataset | None = None) -> lightgbm.Dataset:
        return lightgbm.Dataset(self.x, self.y, weight=self.w, reference=reference)


def parameters(
    dials: Mapping[str, Any], classes: int, seed: int, ways: Sequence[int] = ()
) -> dict[str, Any]:
    """LightGBM's names for the dials of `families.steps`. classes: 0, 2 or more.

    ways: (d,), +1 or -1 where every tree, and so their sum, must rise or fall with a
    column of x, else 0.
    """
    return {
        "objective": OBJECTIVES[0 if not classes else 1 + (classes > 2)],
        "num_class": classes if classes > 2 else 1,
        "learning_rate": dials["learning_rate"],
        "num_leaves": dials["leaves"],
        "max_bin": dials["thresholds"],
        "min_data_in_leaf": dials["leaf_rows"],
        "min_sum_hessian_in_leaf": 1e-3,
        "bagging_fraction": dials["row_share"],
        "bagging_freq": 1,
        "feature_fraction": dials["column_share"],
        "lambda_l2": dials["penalty"],
        "path_smooth": dials["smoothing"],
        "extra_trees": dials["random_thresholds"],
        "deterministic": True,
        "force_col_wise": True,
        "num_threads": THREADS,
        "seed": seed,
        "verbosity": -1,
        "use_missing": False,
        "feature_pre_filter": False,
        **({"monotone_constraints": list(ways), **MONOTONE} if any(ways) else {}),
    }


def boost(
    rows: Rows, settings: Mapping[str, Any], rounds: int, tick: Tick
) -> lightgbm.Booster:
    """So many rounds on all of these rows."""
    follow = [lambda env: tick(env.iteration)]
    return _trained(settings, rows.dataset(), rounds, callbacks=follow)


def _trained(
    settings: Mapping[str, Any], data: lightgbm.Dataset, rounds: int, **more: Any
) -> lightgbm.Booster:
    """Kept as it is: else LightGBM writes all trees as text and reads them again."""
    more["keep_training_booster"] = True
    return lightgbm.train(dict(settings), data, rounds, **more)


@dataclass(frozen=True, eq=False)
class Trial:
    """How long to boost, and what the trees then say of the inner rows: eta (m, k)."""

    rounds: int
    eta: np.ndarray


def trial(
    rest: Rows, inner: Rows, settings: Mapping[str, Any], longest: int, tick: Tick
) -> Trial:
    """The rounds on the rest at which the loss of the inner rows is least."""
    losses: list[float] = []

    def follow(env: Any) -> None:
        tick(env.iteration)
        losses.append(env.evaluation_result_list[0][2])
        if env.iteration - int(np.argmin(losses)) >= PATIENCE:
            raise lightgbm.callback.EarlyStopException(
                int(np.argmin(losses)), env.evaluation_result_list
            )

    learned = rest.dataset()
    judges = [inner.dataset(learned)]
    booster = _trained(
        settings, learned, longest, valid_sets=judges, callbacks=[follow]
    )
    rounds = int(np.argmin(losses)) + 1
    eta = booster.predict(
        inner.x, raw_score=True, num_iteration=rounds, num_threads=THREADS
    )
    return Trial(rounds, np.asarray(eta).reshape(len(inner.y), -1))
