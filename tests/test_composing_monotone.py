"""A composition that must rise or fall does so for every pair of rows."""

from functools import cache

import numpy as np
import pytest

import mapsto
from mapsto.errors import OptionError
from mapsto.events import RungSkipped

ROWS = 240
DAY = np.timedelta64(86_400_000_000, "us")
START = np.datetime64("2020-01-01", "us")
SMALL = {"hidden": (8, 8)}


def table(rows=ROWS, seed=0):
    """Columns of every kind; y bends the other way in places, to tempt."""
    rng = np.random.default_rng(seed)
    a, b, c = rng.uniform(-2, 2, (3, rows))
    day = rng.integers(0, 1500, rows)
    k = rng.choice([f"k{j}" for j in range(12)], rows).astype(object)
    y = 5 + np.sin(2 * a) + 0.5 * a * b - np.cos(c) + day / 1500 + (k == "k3")
    c[rng.random(rows) < 0.1] = np.nan
    y = y + 0.1 * rng.standard_normal(rows)
    names = ("a", "b", "c", "day", "k", "y")
    return dict(zip(names, (a, b, c, START + day * DAY, k, y), strict=True))


STRUCTURES = {
    "f(a, b) * g(c, k) + h(day)": {"a": 1, "day": 1},
    "f(g(a, b), h(c), k)": {"a": 1, "c": -1},
}
PRODUCT, NESTED = STRUCTURES
FAMILIES = {"f": SMALL, "g": {"family": "curve"}, "h": {"family": "line"}}


@cache
def fitted(text):
    """A quantity of the first, two classes of the second."""
    rows = table()
    if text == NESTED:
        rows["y"] = np.where(rows["y"] > np.median(rows["y"]), "yes", "no")
    return mapsto.fit(
        rows,
        "y",
        families=(),
        compose=text,
        monotone=STRUCTURES[text],
        hyperparameters={"composition": {"epochs": 6, "stopping": "last", **FAMILIES}},
        effort="quick",
    )


def pairs(column, seed=1):
    """Rows that differ in one column only, near and far outside what was seen: the
    lower ones, and behind them the higher."""
    rng = np.random.default_rng(seed)
    rows = table(400, seed)
    del rows["y"]
    low = np.concatenate(
        [rng.uniform(-3, 3, 200), 10 ** rng.uniform(-2, 6, 200) * rng.choice([-1, 1])]
    )
    high = low + 10 ** rng.uniform(-8, 3, 400)
    if column == "day":
        low, high = (START + (700 + 300 * v).clip(-9e4, 9e4) * DAY for v in (low, high))
    both = {name: np.concatenate([v, v]) for name, v in rows.items()}
    return {**both, column: np.concatenate([low, high])}


def told(model, rows):
    rung = model.rungs["composition"]
    if model.task == "regression":
        return np.asarray(rung.predict(rows))
    return np.asarray(rung.predict_proba(rows)["yes"])


@pytest.mark.parametrize("text", STRUCTURES)
def test_every_pair_of_rows_is_in_order(text):
    """In the graph that is shipped: of a quantity, and of the probability of yes."""
    model = fitted(text)

    for column, way in STRUCTURES[text].items():
        values = told(model, pairs(column))
        gains = way * (values[400:] - values[:400])
        assert gains.min() >= -1e-9 * max(1.0, np.abs(values).max()), column
        assert gains.max() > 0, column


def test_the_parts_are_held_and_a_factor_is_nowhere_negative():
    model = fitted(PRODUCT)
    rows = pairs("a")

    f = np.asarray(model.parts["f"].predict(rows))
    g = np.asarray(model.parts["g"].predict(rows))

    assert (f[400:] - f[:400]).min() >= -1e-9 * np.abs(f).max()
    assert g.min() >= 0
    words = " ".join(str(model).split())
    assert "y rises with a, day" in words


def test_an_argument_rises_as_the_part_that_it_is_given_to_does():
    """Both are told rising, rather than both falling."""
    model = fitted(NESTED)
    rows = pairs("a")

    g = np.asarray(model.parts["g"].predict(rows))

    assert (g[400:] - g[:400]).min() >= -1e-9 * np.abs(g).max()


def test_a_part_may_be_held_for_its_own_sake():
    """Where nothing is asked of the whole."""
    model = mapsto.fit(
        table(),
        "y",
        families=(),
        compose="f(a, b) * c + g(k)",
        hyperparameters={
            "composition": {
                "epochs": 3,
                "stopping": "last",
                "f": {**SMALL, "monotone": {"a": -1}},
            }
        },
        effort="quick",
    )
    rows = pairs("a")

    f = np.asarray(model.parts["f"].predict(rows))

    assert (f[:400] - f[400:]).min() >= -1e-9 * np.abs(f).max()
    assert model.parts["f"].hyperparameters["monotone"] == {"a": -1}


def test_what_cannot_be_held_is_left_out_with_a_word():
    seen = []

    model = mapsto.fit(
        table(),
        "y",
        families=("line",),
        compose="f(a) * b + g(c)",
        monotone={"a": 1},
        effort="quick",
        on_event=seen.append,
    )

    (skipped,) = [e for e in seen if isinstance(e, RungSkipped)]
    assert skipped.rung == "composition"
    assert "depends on the sign of b" in skipped.sentence
    assert list(model.rungs) == ["constant", "line"]
    assert "Left out, as they cannot be held to it: composition" in " ".join(
        str(model).split()
    )


BAD = {
    "nothing else to climb": (
        {"compose": "f(a) * b", "monotone": {"a": 1}, "families": ()},
        "compose cannot be.*depends on the sign of b",
    ),
    "an activation that falls": (
        {"monotone": {"a": 1}, "f": {"activation": "mish"}},
        r"composition\.f\.activation.*never falls",
    ),
    "another part's column": (
        {"f": {"monotone": {"c": 1}}},
        r"composition\.f\.monotone.*'c'",
    ),
    "a category": ({"g": {"monotone": {"k": 1}}}, "of kind category"),
    "no direction": ({"f": {"monotone": {"a": 2}}}, "1 to rise and -1 to fall"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_directions_are_told(name):
    options, words = BAD[name]
    parts = {n: options[n] for n in ("f", "g") if n in options}
    rest = {n: v for n, v in options.items() if n not in parts}

    with pytest.raises(OptionError, match=words):
        mapsto.fit(
            table(60),
            "y",
            **{"compose": "f(a, b) + g(c, k)", "families": ("line",), **rest},
            hyperparameters={"composition": parts},
            effort="quick",
        )
