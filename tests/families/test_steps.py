"""Steps: kinds of trees, their shares, and the dials."""

import numpy as np
import pytest

from mapsto.data.encoding import Feature
from mapsto.events import Stopped, Watch
from mapsto.families.family import Sample, Task
from mapsto.families.steps import KINDS, TRIED, Steps
from mapsto.graph.trees import trees as evaluated

REGRESSION, BINARY = Task("regression"), Task("classification", 2)
FEATURES = tuple(Feature(f"x{k}", f"x{k}", "number") for k in range(3))
X = np.random.default_rng(1).uniform(-1, 1, (400, 3))


def sample(rows: int = 600, seed: int = 0, classes: int = 0) -> Sample:
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, (rows, 3))
    y = np.sin(3 * x[:, 0]) + (x[:, 1] > 0.2) + 0.1 * rng.standard_normal(rows)
    y = np.digitize(y, [0.3, 0.9][: classes - 1]).astype(float) if classes else y
    return Sample(x, y, np.ones(rows), np.arange(rows) % 5 == 0, FEATURES)


def fit(*samples, task=REGRESSION, effort="quick", watch=None, **given):
    return Steps().fit(samples, task, given, effort, 0, watch or Watch())


@pytest.mark.parametrize("classes", [0, 2, 3])
def test_the_mixture_is_the_weighted_sum_of_its_kinds(classes):
    task = Task("classification", classes) if classes else REGRESSION
    s, kinds = sample(classes=classes), ("medium", "tiny")
    rounds = {"medium": 9, "tiny": 30}
    told = {
        kind: fit(s, task=task, trees=(kind,), rounds=rounds[kind])[0] for kind in kinds
    }

    mixed = fit(s, task=task, rounds=rounds, shares={"medium": 0.75, "tiny": 0.25})[0]

    alone = [evaluated(told[kind].parameters, X) for kind in kinds]
    together = 0.75 * alone[0] + 0.25 * alone[1]
    assert evaluated(mixed.parameters, X) == pytest.approx(together, abs=1e-12)
    assert mixed.size == sum(told[kind].size for kind in kinds)


def test_the_inner_rows_choose_kinds_rounds_and_shares():
    fitted = fit(sample(), effort="normal")[0]

    told = fitted.hyperparameters
    assert set(told["trees"]) <= set(TRIED["normal"])
    assert set(told["rounds"]) == set(told["shares"]) == set(told["trees"])
    assert sum(told["shares"].values()) == pytest.approx(1, abs=2e-3)
    assert f"{len(fitted.parameters.root)} trees" in fitted.details["words"]


def test_of_many_classes_one_kind_is_tried():
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (600, 3))
    y = np.digitize(x[:, 0], np.linspace(-1, 1, 12)[1:-1]).astype(float)
    s = Sample(x, y, np.ones(600), np.arange(600) % 5 == 0, FEATURES)

    fitted = fit(s, task=Task("classification", 11))[0]

    assert fitted.hyperparameters["trees"] == ["medium"]


def test_a_mixture_is_better_than_its_average_kind():
    s, fresh = sample(), sample(2000, seed=7)
    kinds = TRIED["normal"]

    def error(fitted):
        return np.mean((evaluated(fitted.parameters, fresh.x)[:, 0] - fresh.y) ** 2)

    alone = [error(fit(s, effort="normal", trees=(k,))[0]) for k in kinds]

    assert error(fit(s, effort="normal")[0]) < np.mean(alone)


def test_the_refit_takes_the_means_of_the_folds():
    folds = [sample(seed=k) for k in range(3)]
    fits = fit(*folds)

    again = Steps().refit(folds[0], fits, REGRESSION, {}, "quick", 0, Watch())

    told = [f.hyperparameters for f in fits]
    shares = [np.mean([t["shares"].get(k, 0.0) for t in told]) for k in KINDS]
    for kind, rounds in again.hyperparameters["rounds"].items():
        found = [t["rounds"][kind] for t in told if kind in t["rounds"]]
        assert rounds == round(np.mean(found))
        share = shares[list(KINDS).index(kind)]
        assert again.hyperparameters["shares"][kind] == pytest.approx(share, abs=0.06)


@pytest.mark.parametrize("kind", KINDS)
def test_a_given_dial_holds_for_every_kind(kind):
    fitted = fit(sample(), trees=(kind,), rounds=5, leaves=3)[0]

    assert fitted.hyperparameters["leaves"] == 3
    assert len(fitted.parameters.value) == 15


GIVEN = {
    "learning_rate": 0.5,
    "leaf_rows": 100,
    "row_share": 0.3,
    "column_share": 0.4,
    "penalty": 500.0,
    "smoothing": 500.0,
    "random_thresholds": True,
    "rounds": 3,
}


@pytest.mark.parametrize("name", GIVEN)
def test_every_dial_changes_what_is_learned(name):
    base = {"trees": ("medium",), "rounds": 20}
    plain, changed = (fit(sample(), **g)[0] for g in (base, base | {name: GIVEN[name]}))

    assert changed.hyperparameters[name] == GIVEN[name]
    moved = evaluated(plain.parameters, X) - evaluated(changed.parameters, X)
    assert np.abs(moved).max() > 1e-4


@pytest.mark.parametrize(
    ("dial", "value"),
    [
        ("trees", ("huge",)),
        ("trees", ()),
        ("trees", "medium"),
        ("rounds", {"huge": 3}),
        ("rounds", {"medium": 0}),
        ("rounds", {}),
        ("rounds", 2.5),
        ("shares", {"medium": 2.0}),
        ("random_thresholds", 1),
        ("leaves", 1),
    ],
)
def test_a_bad_value_is_told(dial, value):
    (check,) = [d.check for d in Steps.dials if d.name == dial]

    assert check(value)


def test_a_stop_is_heard():
    watch = Watch()
    watch.stop()

    with pytest.raises(Stopped):
        fit(sample(), watch=watch)
