"""What must rise or fall with a column does so for every pair of rows."""

from functools import cache

import numpy as np
import pytest

import mapsto
from mapsto import CurveClassifier, LineRegressor, NetworkRegressor, StepsRegressor
from mapsto.errors import OptionError
from mapsto.events import RungSkipped
from mapsto.families.steps import KINDS as KINDS_OF_TREES

HELD = {"area": 1, "age": -1, "sold": 1}
FAMILIES = ("line", "curve", "steps", "network")
SMALL = {"network": {"hidden": (16, 16), "epochs": 20}}
KINDS = ("quantity", "logarithm", "classes")
RUNGS = (*FAMILIES, "blend")
DAY = np.timedelta64(86_400_000_000, "us")


def town(rows: int, seed: int, kind: str = "quantity", turned: bool = False):
    """A table whose target rises with area and sold, and falls with age.

    `floor` bends, acts together with area, and is free; `age` has gaps, which mean
    something; a sine of the year has no part in `sold`. turned: the target is -y.
    """
    rng = np.random.default_rng(seed)
    area, age = rng.uniform(0, 10, rows), rng.uniform(0, 50, rows)
    floor = rng.uniform(-1, 1, rows)
    day = rng.integers(0, 1500, rows)
    site = rng.choice(["hill", "river", "wood"], rows).astype(object)
    mean = np.log1p(area) + (area > 6) - 0.03 * age + day / 1500 + (site == "hill")
    mean = mean + np.sin(3 * floor) + 0.3 * floor * np.log1p(area)
    gap = rng.random(rows) < 0.1
    mean = np.where(gap, 2.0, mean)
    y = (-1 if turned else 1) * (mean + 0.3 * rng.standard_normal(rows))
    if kind == "logarithm":
        y = np.exp(y)
    if kind == "classes":
        share = 1 / (1 + np.exp(-2 * (y - y.mean())))
        y = np.where(rng.random(rows) < share, "yes", "no").astype(object)
    sold = np.datetime64("2020-01-01", "us") + day * DAY
    age = np.where(gap, np.nan, age)
    names = ("area", "age", "floor", "sold", "site", "y")
    return dict(zip(names, (area, age, floor, sold, site, y), strict=True))


@cache
def fitted(
    kind: str, turned: bool = False, held: bool = True, surfaces: int | None = None
) -> mapsto.Model:
    dials = {f: {"target": "log"} for f in FAMILIES} if kind == "logarithm" else {}
    if surfaces is not None:
        dials["curve"] = {"surfaces": surfaces}
    dials["network"] = {**dials.get("network", {}), **SMALL["network"]}
    return mapsto.fit(
        town(400, 0, kind, turned),
        "y",
        families=FAMILIES,
        hyperparameters=dials,
        monotone=HELD if held else None,
        effort="quick",
    )


def pairs(column: str, seed: int = 1):
    """Rows that differ in one column only, near and far outside what was seen: the
    lower ones, and behind them the higher."""
    rng = np.random.default_rng(seed)
    table = town(400, seed)
    del table["y"]
    near, far = rng.uniform(-2, 12, 200), 10 ** rng.uniform(-2, 7, 200)
    low = np.concatenate([near, far * rng.choice([-1, 1], 200)])
    step = np.concatenate([rng.uniform(0, 3, 200), 10 ** rng.uniform(-8, 7, 200)])
    high = low + step
    if column == "sold":
        origin = np.datetime64("2020-01-01", "us")
        low, high = (
            origin + (v.clip(-1e4, 1e4) * 30).astype(int) * DAY for v in (low, high)
        )
    both = {name: np.concatenate([v, v]) for name, v in table.items()}
    both[column] = np.concatenate([low, high])
    return both


def told(model, rung, table):
    if model.task == "regression":
        return np.asarray(model.rungs[rung].predict(table))
    return np.asarray(model.rungs[rung].predict_proba(table)["yes"])


def gain(values, way):
    """By how much the higher rows are beyond the lower, in the direction asked."""
    low, high = np.split(values, 2)
    return way * (high - low)


@pytest.mark.parametrize("column", HELD)
@pytest.mark.parametrize("rung", RUNGS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_pair_of_rows_is_in_order(kind, rung, column):
    """In the graph that is shipped; where another column's value is missing too."""
    table = pairs(column)

    values = told(fitted(kind), rung, table)

    gains = gain(values, HELD[column])
    assert gains.min() >= -1e-9 * max(1.0, np.abs(values).max())
    assert gains.max() > 0.01 * np.ptp(values[:200])


@pytest.mark.parametrize("rung", FAMILIES)
@pytest.mark.parametrize("kind", ["quantity", "classes"])
def test_a_missing_value_has_an_answer_of_its_own(kind, rung):
    """It stands outside the order: one answer, and not that of the median."""
    table = {name: v[:50] for name, v in pairs("area").items()}
    gone = told(fitted(kind), rung, table | {"age": np.full(50, np.nan)})
    middle = told(fitted(kind), rung, table | {"age": np.full(50, 25.0)})

    assert np.isfinite(gone).all()
    assert np.abs(gone - middle).max() > 0.01


@pytest.mark.parametrize("rung", RUNGS)
@pytest.mark.parametrize("kind", ["quantity", "classes"])
def test_a_truth_that_keeps_the_order_is_learned_as_well(kind, rung):
    """Surfaces aside, which a column that is held does not have."""
    with_it = fitted(kind, surfaces=0).rungs
    without = fitted(kind, held=False, surfaces=0).rungs

    assert with_it[rung].score < without[rung].score + without[rung].standard_error


@pytest.mark.parametrize("rung", FAMILIES)
@pytest.mark.parametrize("kind", ["quantity", "classes"])
def test_what_the_data_contradict_is_flat(kind, rung):
    model = fitted(kind, turned=True)
    spread = np.ptp(told(model, rung, pairs("area")))

    for column, way in HELD.items():
        gains = gain(told(model, rung, pairs(column)), way)
        assert gains.min() >= -1e-9
        assert gains.mean() < 0.05 * spread


def test_what_cannot_be_held_is_left_out_with_a_word():
    seen = []

    model = mapsto.fit(
        town(200, 0),
        "y",
        families=("line", "formula"),
        monotone={"area": 1, "age": -1},
        effort="quick",
        on_event=seen.append,
    )

    skipped = [e for e in seen if isinstance(e, RungSkipped)]
    assert [e.rung for e in skipped] == ["formula"]
    assert "cannot be held" in skipped[0].sentence
    assert list(model.rungs) == ["constant", "line"]
    words = " ".join(str(model).split())
    assert "y rises with area and falls with age. Left out" in words
    assert "held to fall" in model.story()
    assert {c.name: c.monotone for c in model.columns if c.monotone} == {
        "area": 1,
        "age": -1,
    }


def test_of_two_classes_the_probability_of_the_second_is_held():
    assert "the probability of yes rises with area" in " ".join(
        str(fitted("classes")).split()
    )


def test_the_earlier_model_gives_its_directions():
    earlier = mapsto.fit(
        town(200, 0), "y", families=("line",), monotone={"area": 1}, effort="quick"
    )

    again = mapsto.fit(town(200, 1), like=earlier, effort="quick")
    other = mapsto.fit(
        town(200, 1), like=earlier, monotone={"area": 0, "age": -1}, effort="quick"
    )

    assert {c.name for c in again.columns if c.monotone} == {"area"}
    assert {c.name for c in other.columns if c.monotone} == {"age"}


@pytest.mark.parametrize(
    ("monotone", "what"),
    [
        ({"site": 1}, "of kind category"),
        ({"are": 1}, "Did you mean 'area'"),
        ({"area": 2}, "1 to rise"),
        ({"area": True}, "1 to rise"),
        ("area", "a mapping"),
    ],
)
def test_a_bad_direction_is_explained(monotone, what):
    with pytest.raises(OptionError, match=what):
        mapsto.fit(town(60, 0), "y", monotone=monotone, families=("line",))


def test_three_classes_have_no_direction():
    table = town(90, 0) | {"y": np.array(["a", "b", "c"] * 30, object)}

    with pytest.raises(OptionError, match="3 classes"):
        mapsto.fit(table, "y", monotone={"area": 1}, families=("line",))


def test_families_that_cannot_be_held_are_an_error_when_alone():
    with pytest.raises(OptionError, match="line, curve, steps"):
        mapsto.fit(town(60, 0), "y", monotone={"area": 1}, families=("formula",))


# ── the network's forms ──


@pytest.mark.parametrize(
    "dials",
    [
        {"inputs": "periodic", "activation": "tanh", "residual": True},
        {"hidden": (), "activation": "identity"},
        {"members": 2, "activation": "relu", "hidden": (8, 8, 8)},
    ],
)
def test_every_form_of_network_keeps_the_order(dials):
    given = {**SMALL["network"], "epochs": 3, **dials}
    table = town(150, 0)
    many = np.array([f"street {k % 12}" for k in range(150)], object)
    model = mapsto.fit(
        table | {"street": many},
        "y",
        families=("network",),
        hyperparameters={"network": given},
        monotone=HELD,
        effort="quick",
    )

    for column, way in HELD.items():
        rows = pairs(column)
        street = np.tile(many[np.arange(400) % 150], 2)
        values = told(model, "network", rows | {"street": street})
        assert gain(values, way).min() >= -1e-9 * max(1.0, np.abs(values).max())


def test_a_network_whose_every_input_is_held_bends_both_ways():
    """Signs alone would make it convex; neurons of both directions do not."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (600, 2))
    truth = np.tanh(4 * (x[:, 0] + x[:, 1])) + np.maximum(x[:, 0] + x[:, 1], 0.5)
    model = mapsto.fit(
        {"a": x[:, 0], "b": x[:, 1], "y": truth + 0.05 * rng.standard_normal(600)},
        "y",
        families=("network",),
        hyperparameters={"network": {"hidden": (32, 32), "inputs": "raw"}},
        monotone={"a": 1, "b": 1},
        effort="quick",
    )

    assert model.rungs["network"].score < 0.15 * truth.std()


@pytest.mark.parametrize(
    ("dials", "what"),
    [
        ({"activation": "mish"}, "never falls: identity"),
        ({"solver": "levenberg_marquardt"}, "only the descent"),
    ],
)
def test_what_would_let_a_network_fall_is_refused(dials, what):
    with pytest.raises(OptionError, match=what):
        mapsto.fit(
            town(60, 0),
            "y",
            families=("network",),
            hyperparameters={"network": dials},
            monotone={"area": 1},
        )


# ── the kinds of trees ──


@pytest.mark.parametrize("kind", KINDS_OF_TREES)
def test_every_kind_of_tree_keeps_the_order(kind):
    given = {"trees": [kind], "rounds": 40, "learning_rate": 0.2, "leaf_rows": 3}
    model = mapsto.fit(
        town(1500, 0),
        "y",
        families=("steps",),
        hyperparameters={"steps": given},
        monotone=HELD,
        effort="quick",
    )

    for column, way in HELD.items():
        for seed in range(5):
            gains = gain(told(model, "steps", pairs(column, seed)), way)
            assert gains.min() >= -1e-9


def test_a_smoothing_that_breaks_the_order_is_refused():
    with pytest.raises(OptionError, match="it must be 0"):
        mapsto.fit(
            town(60, 0),
            "y",
            families=("steps",),
            hyperparameters={"steps": {"smoothing": 5.0}},
            monotone={"area": 1},
        )


# ── the scikit-learn face ──


@pytest.mark.parametrize(
    "estimator",
    [
        LineRegressor(monotone={"x0": -1}),
        CurveClassifier(monotone={"x0": -1}),
        StepsRegressor(monotone={"x0": -1}, rounds=30),
        NetworkRegressor(monotone={"x0": -1}, hidden=(8,), epochs=10),
    ],
    ids=lambda e: type(e).__name__,
)
def test_estimators_keep_the_order(estimator):
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (200, 2))
    y = np.sin(4 * X[:, 0]) - 2 * X[:, 0] + X[:, 1]
    is_classifier = hasattr(estimator, "predict_proba")
    estimator.fit(X, (y > 0).astype(int) if is_classifier else y)

    low = rng.uniform(-3, 3, (300, 2))
    rows = np.concatenate([low, low + np.array([0.7, 0.0])])
    p = (
        estimator.predict_proba(rows)[:, 1]
        if is_classifier
        else estimator.predict(rows)
    )

    assert gain(p, -1).min() >= -1e-9
    assert gain(p, -1).max() > 0.1
