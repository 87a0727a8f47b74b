"""The formula: its errors, its search, and bad columns."""

import time
from dataclasses import replace

import jax
import numpy as np
import pytest

import mapsto
from mapsto.data.encoding import Feature
from mapsto.events import Progress, Stopped, Watch
from mapsto.families.family import Sample, Task
from mapsto.families.formula import Formula
from mapsto.families.formula_rows import make_rows, solve
from mapsto.families.formula_search import Search
from mapsto.families.formula_terms import (
    Term,
)
from mapsto.families.formula_tuning import sound, sound_among

REGRESSION = Task("regression")
BINARY = Task("classification", 2)
NAMES = ["a", "b", "c", "d"]


def sample(columns, y, w=None, roles=()):
    """Columns in their own units, and a standardised target."""
    x = np.column_stack(list(columns.values()))
    rows = len(x)
    roles = roles or ["number"] * len(columns)
    features = tuple(Feature(n, n, r) for n, r in zip(columns, roles, strict=True))
    w = np.ones(rows) if w is None else w
    return Sample(x, np.asarray(y, float), w, np.arange(rows) % 5 == 0, features)


def fitted(of, task=REGRESSION, effort="quick", watch=None, **given):
    return Formula().fit([of], task, given, effort, 0, watch or Watch())[0]


def told(fit, x):
    return fit.function(fit.parameters, x)


def terms(fit):
    return set(fit.details["terms"]["features"])


def standard(y, noise=0.0, seed=0):
    y = (y - y.mean()) / y.std()
    return y + noise * np.random.default_rng(seed).standard_normal(len(y))


def drawn(columns, rows=200, low=1.0, high=3.0, seed=0):
    rng = np.random.default_rng([seed, 7])
    return {name: rng.uniform(low, high, rows) for name in NAMES[:columns]}


# ── coefficients and their errors ──


def test_a_term_that_a_single_row_decides_is_not_sound():
    a = np.append(np.linspace(1, 2, 99), 60.0)
    rows = make_rows(sample({"a": a}, a), REGRESSION)

    assert sound(rows, Term(((0, 1.0),)))
    assert sound(rows, Term(((0, -1.0),)))
    assert not sound(rows, Term(((0, 3.0),)))


def test_terms_judged_together_are_judged_as_alone():
    a = np.append(np.linspace(-1, 2, 99), 60.0)
    rows = make_rows(sample({"a": a, "b": a**2}, a), REGRESSION)
    terms = [Term(((k, p),)) for k in (0, 1) for p in (1.0, 2.0, 3.0, 0.5, -1.0)]
    terms += [Term((), "exp", ((0, 1.0),), rate) for rate in (0.01, 1.0, 100.0)]

    alone = [t for t in terms if sound(replace(rows, kept={}, judged={}), t)]

    assert 0 < len(alone) < len(terms)
    assert sound_among(rows, terms) == alone


def test_standard_errors_are_the_spread_over_new_noise():
    """Of 300 fits of the same terms to new noise, weights and all."""
    rng = np.random.default_rng(0)
    columns, w = drawn(2, 60), rng.uniform(0.2, 2, 60)
    two = [Term(((0, 1.0),)), Term(((0, 1.0), (1, 1.0)))]
    found = []
    for _ in range(300):
        y = 2 * columns["a"] + rng.standard_normal(60) / np.sqrt(w)
        found.append(solve(make_rows(sample(columns, y, w), REGRESSION), two))

    beta = np.stack([s.beta[:, 0] for s in found])
    errors = np.stack([s.errors[:, 0] for s in found])

    assert beta.mean(axis=0) == pytest.approx([2, 0], abs=0.15)
    # the weights count as (Σw)²/Σw² rows, fewer than there are: a little cautious
    ratio = errors.mean(axis=0) / beta.std(axis=0)
    assert ratio.min() > 0.9
    assert ratio.max() < 1.35


def test_standard_errors_of_log_odds_are_the_spread_over_new_labels():
    rng = np.random.default_rng(0)
    columns = drawn(1, 300, -1.0, 1.0)
    p = 1 / (1 + np.exp(-1.5 * columns["a"]))
    found = []
    for _ in range(200):
        rows = make_rows(sample(columns, rng.random(300) < p), BINARY)
        found.append(solve(rows, [Term(((0, 1.0),))]))

    beta = np.array([s.beta[0, 0] for s in found])

    assert beta.mean() == pytest.approx(1.5, abs=0.1)
    errors = np.mean([s.errors[0, 0] for s in found])
    assert errors == pytest.approx(beta.std(), rel=0.15)


def test_terms_that_fall_together_are_refused_not_solved():
    columns = drawn(1)
    rows = make_rows(
        sample({**columns, "b": 2 * columns["a"]}, columns["a"]), REGRESSION
    )

    both = solve(rows, [Term(((0, 1.0),)), Term(((1, 1.0),))])

    assert both.loss == np.inf
    assert np.isfinite(both.eta).all()


def test_a_fit_tells_the_coefficients_of_its_function():
    """Intercept and coefficients, put together by hand, are the function."""
    columns = drawn(2)
    y = standard(columns["a"] ** 2 / columns["b"] + columns["b"], 0.01)

    fit = fitted(sample(columns, y))

    a, b = columns["a"], columns["b"]
    assert terms(fit) == {"a²/b", "b"}
    values = {"a²/b": a**2 / b, "b": b}
    of = fit.details["terms"]
    by_hand = of["intercept"][0] + sum(
        beta[0] * values[name]
        for name, beta in zip(of["features"], of["coefficients"], strict=True)
    )
    assert told(fit, np.column_stack([a, b]))[:, 0] == pytest.approx(by_hand)


# ── what the search finds ──

LAWS = {
    "power": (lambda a, b, c: a**3, {"a³"}),
    "root": (lambda a, b, c: np.sqrt(a / b), {"√(a/b)"}),
    "log": (lambda a, b, c: a * np.log(b), {"a·log(b)"}),
    "decay": (lambda a, b, c: np.exp(-a * b), {"exp(-a·b)"}),
    "wave": (lambda a, b, c: np.sin(2 * np.pi * a) + c, {"sin(2π·a)", "c"}),
    "difference": (lambda a, b, c: c * (1 / a - 1 / b), {"c/a", "c/b"}),
    "free exponent": (lambda a, b, c: a**2.7, {"a^2.7"}),
    "fitted rate": (lambda a, b, c: np.cos(3.7 * a), {"cos(3.7·a)"}),
}


@pytest.mark.parametrize("law", LAWS)
def test_laws_are_found_with_their_terms(law):
    truth, exact = LAWS[law]
    columns = drawn(3)
    y = standard(truth(**columns), 0.002)

    assert terms(fitted(sample(columns, y), effort="normal")) == exact


def test_noise_has_no_terms():
    """In ten draws of pure noise at most one term is found."""
    found = []
    for seed in range(10):
        noise = np.random.default_rng(seed).standard_normal(200)
        found.append(len(terms(fitted(sample(drawn(3, seed=seed), noise)))))

    assert sum(found) <= 1


def test_a_search_without_luck_takes_what_the_folds_have_found(monkeypatch):
    x = drawn(3)
    of = sample(x, standard(x["a"] * x["b"] / x["c"], 0.05))
    lucky = fitted(of)
    other = sample(drawn(1), of.y)  # columns of another plan: their terms mean nothing
    elsewhere = fitted(other)
    monkeypatch.setattr(Search, "run", lambda search: solve(search.rows, ()))

    again = Formula().refit(of, [elsewhere, lucky], REGRESSION, {}, "quick", 0, Watch())

    assert terms(again) == terms(lucky) == {"a·b/c"}


def test_useless_columns_are_left_out():
    rng = np.random.default_rng(0)
    columns = {f"x{k}": rng.uniform(1, 3, 300) for k in range(30)}
    y = standard(columns["x7"] * columns["x19"], 0.05)

    assert terms(fitted(sample(columns, y))) == {"x7·x19"}


def test_weightless_rows_do_not_speak():
    columns = drawn(2)
    y = standard(columns["a"] * columns["b"], 0.01)
    lies = np.arange(200) % 4 == 0
    w = np.where(lies, 0.0, 4 / 3)

    fit = fitted(sample(columns, np.where(lies, 9.0, y), w))

    assert terms(fit) == {"a·b"}


def test_two_classes():
    rng = np.random.default_rng(0)
    columns = drawn(2, 600, -1.0, 1.0)
    p = 1 / (1 + np.exp(-8 * columns["a"] * columns["b"]))

    fit = fitted(sample(columns, rng.random(600) < p), BINARY)

    assert terms(fit) == {"a·b"}
    assert fit.details["terms"]["coefficients"][0][0] == pytest.approx(8, rel=0.25)
    assert fit.details["terms"]["standard_errors"] is not None


def test_three_classes():
    """Rings: the squared distance tells them apart."""
    rng = np.random.default_rng(0)
    columns = drawn(2, 600, -1.0, 1.0)
    distance = np.hypot(columns["a"], columns["b"]) + 0.05 * rng.standard_normal(600)
    y = np.digitize(distance, [0.5, 0.9])

    fit = fitted(sample(columns, y), Task("classification", 3))

    x = np.column_stack(list(columns.values()))
    assert (told(fit, x).argmax(axis=1) == y).mean() > 0.85
    assert fit.details["terms"]["standard_errors"] is None


def test_classes_that_a_line_parts_stay_finite():
    columns = drawn(1, 100)

    fit = fitted(sample(columns, columns["a"] > 2), BINARY)

    assert np.isfinite(told(fit, np.array([[-1e6], [1.5], [1e6]]))).all()


# ── bad columns, and rows beyond what was seen ──

BAD = {
    "zeros": np.zeros(150),
    "mostly zero": np.where(np.arange(150) % 30 == 0, 5.0, 0.0),
    "constant": np.full(150, 7.0),
    "nearly constant": 1e6 + 1e-9 * np.arange(150),
    "negative": -np.linspace(1, 2, 150),
    "huge": np.geomspace(1e150, 1e200, 150),
    "tiny": np.geomspace(1e-200, 1e-150, 150),
    "wide": np.geomspace(1e-8, 1e8, 150),
    "one far out": np.append(np.linspace(0, 1, 149), 1e12),
    "two values": np.arange(150) % 2.0,
    "a copy": np.random.default_rng(5).uniform(1, 3, 150),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_column_does_no_harm(name):
    """Whatever stands beside it, the law of the good column is found, and no warning
    is given (in these tests a warning is an error)."""
    good = np.random.default_rng(5).uniform(1, 3, 150)
    y = standard(good**2, 0.01)

    fit = fitted(sample({"bad": BAD[name], "good": good}, y))

    x = np.column_stack([BAD[name], good])
    assert np.mean((told(fit, x)[:, 0] - y) ** 2) < 1e-3
    worst = np.array([[-1e9, 1.0], [0.0, 0.0], [1e300, 1e9], [-1e300, -1e300]])
    assert np.isfinite(told(fit, worst)).all()


def test_a_column_whose_scale_is_infinite_stays_at_its_centre():
    """The door's word for a column that is constant in a fold."""
    good = np.random.default_rng(0).uniform(1, 3, 150)
    features = (
        Feature("flat", "flat", "number", 7.0, np.inf),
        Feature("good", "good", "number", 2.0, 0.5),
    )
    x = np.column_stack([np.zeros(150), (good - 2.0) / 0.5])
    y = standard(good**2, 0.01)

    fit = fitted(Sample(x, y, np.ones(150), np.arange(150) % 5 == 0, features))

    assert terms(fit) == {"good²"}


def test_few_rows_have_few_terms():
    columns = drawn(3, 12)

    fit = fitted(sample(columns, standard(columns["a"] + columns["b"])))

    assert len(terms(fit)) <= 1


def test_no_row_is_followed_to_infinity():
    """Half a range beyond what was seen the columns and the sum stand still."""
    columns = drawn(2)
    a, b = columns.values()
    fit = fitted(sample(columns, standard(a**2 / b, 0.01)))
    seen = told(fit, np.column_stack([a, b]))
    far = np.array([[1e6, 1e-6], [-1e6, 0.0], [1e6, 1e6], [4.5, 1.0]])

    eta = told(fit, far)

    reach = np.ptp(seen)
    assert (eta <= seen.max() + 0.5 * reach).all()
    assert (eta >= seen.min() - 0.5 * reach).all()


def test_a_law_goes_on_a_little_beyond_what_was_seen():
    columns = drawn(1)
    y = columns["a"] ** 2
    fit = fitted(sample(columns, standard(y)))

    at = told(fit, np.array([[3.3]]))[0, 0]

    assert at == pytest.approx((3.3**2 - y.mean()) / y.std(), rel=1e-6)


def test_a_plain_column_goes_on_as_in_the_line():
    columns = drawn(1, low=-1.0, high=1.0)
    fit = fitted(sample(columns, standard(columns["a"])))

    assert terms(fit) == {"a"}
    near, far = told(fit, np.array([[1.0], [100.0]]))[:, 0]
    assert far == pytest.approx(100 * near, rel=0.1)


def test_columns_that_are_no_numbers_come_in_as_they_are():
    """Levels and missing-indicators are added, but get no logarithm."""
    columns = drawn(1, 300)
    level = np.random.default_rng(1).integers(0, 2, 300).astype(float)
    y = standard(columns["a"] ** 2 + level, 0.01)

    fit = fitted(sample({**columns, "b": level}, y, roles=["number", "level"]))

    assert terms(fit) == {"a²", "b"}


def test_jax_gives_what_numpy_gives():
    columns = drawn(3)
    a, b, c = columns.values()
    y = standard(np.sqrt(a / b) + np.exp(-c) + a * np.log(c), 0.05)
    fit = fitted(sample(columns, y))
    x = np.random.default_rng(1).uniform(0, 4, (100, 3))

    with jax.enable_x64(True):
        traced = np.asarray(jax.jit(fit.function)(fit.parameters, x))

    assert traced == pytest.approx(told(fit, x), abs=1e-11)


# ── dials, time, stopping ──


def test_given_dials_arrive():
    columns = drawn(2)
    a, b = columns.values()
    of = sample(columns, standard(a**2 + 1 / b + np.log(a), 0.01))

    one = fitted(of, terms=1)
    powers = fitted(of, functions=["power"])
    distrusting = fitted(of, parsimony=1000.0)

    assert len(terms(one)) == 1
    assert one.hyperparameters["terms"] == 1
    singles = {"a", "b", "a²", "b²", "a³", "b³", "1/a", "1/b", "1/a²", "1/b²"}
    assert terms(powers) <= singles
    assert terms(distrusting) == set()
    assert distrusting.details["words"] == "no term is worth its price"


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("terms", 0, "whole number"),
        ("terms", 2.5, "whole number"),
        ("parsimony", -1, "at least 0"),
        ("functions", ["sine"], "some of power, root"),
        ("functions", "log", "list"),
        ("functions", [], "list"),
    ],
)
def test_bad_dials_are_told(name, value, word):
    check = {dial.name: dial.check for dial in Formula.dials}[name]

    assert word in check(value)


def test_the_work_does_not_grow_with_rows_and_columns():
    """Forty columns, 8,000 rows, nothing to find: a few seconds of processor time."""
    rng = np.random.default_rng(0)
    columns = {f"x{k}": rng.lognormal(size=8000) for k in range(40)}
    y = rng.standard_normal(8000)
    began = time.thread_time()

    Formula().fit([sample(columns, y)], REGRESSION, {}, "normal", 0, Watch())

    assert time.thread_time() - began < 10


def test_a_stop_gives_up_at_once():
    watch = Watch()
    watch.stop()

    with pytest.raises(Stopped):
        fitted(sample(drawn(2), np.arange(200.0)), watch=watch)


def test_a_stop_under_way_gives_up_soon():
    class Late(Watch):
        asked = 0

        @property
        def stopping(self):
            self.asked += 1
            return self.asked > 3

    a, b, c, d = drawn(4, 1000).values()
    y = standard(a * b + np.sin(3 * c) + d, 0.1)
    watch = Late()

    with pytest.raises(Stopped):
        fitted(sample(drawn(4, 1000), y), effort="normal", watch=watch)

    assert watch.asked == 4


def test_progress_ends_at_one():
    seen = []
    of = sample(drawn(1), drawn(1)["a"])

    Formula().fit([of, of], REGRESSION, {}, "quick", 0, Watch(seen.append))

    assert [e.done for e in seen if isinstance(e, Progress)] == [0.5, 1.0]


# ── from a table ──


def gravity(G, m1, m2, r1, r2):
    return G * m1 * m2 * (1 / r2 - 1 / r1)


def coulomb(q1, q2, eps, r):
    return q1 * q2 / (4 * np.pi * eps * r**2)


def light(I1, I2, delta):
    return I1 + I2 + 2 * np.sqrt(I1 * I2) * np.cos(delta)


PHYSICS = [
    (coulomb, {"q1·q2/(eps·r²)": 1 / (4 * np.pi)}),
    (gravity, {"G·m1·m2/r2": 1, "G·m1·m2/r1": -1}),
    (light, {"I1": 1, "I2": 1, "√(I1·I2)·cos(delta)": 2}),
]


@pytest.mark.parametrize(("law", "exact"), PHYSICS)
def test_laws_of_physics_are_found_from_200_noisy_rows(law, exact):
    """Of the Feynman set (https://doi.org/10.1126/sciadv.aay2631), with 1 % noise: the
    terms, and the coefficients within four standard errors. All ten equations stand
    in benchmarks/formula.py."""
    rng = np.random.default_rng(0)
    names = law.__code__.co_varnames
    table = {name: rng.uniform(1, 5, 200) for name in names}
    y = law(**table)
    table["y"] = y + 0.01 * y.std() * rng.standard_normal(200)

    model = mapsto.fit(table, "y", families=("formula",), effort="quick")

    rung = model.rungs["formula"]
    found = {t["feature"]: t for t in rung.details["formula"]["y"]["terms"]}
    assert set(found) == set(exact)
    for name, value in exact.items():
        error = found[name]["standard_error"]
        assert found[name]["coefficient"] == pytest.approx(value, abs=4 * error)
    assert rung.latex().startswith("y = ")


def test_a_table_of_all_sorts_is_predicted_within_reason():
    """Categories, missing values, zeros and a far-out row that training never saw."""
    rng = np.random.default_rng(0)
    rows = 300
    table = {
        "area": rng.lognormal(4, 0.5, rows),
        "rooms": rng.integers(0, 7, rows).astype(float),
        "town": rng.choice(["Aix", "Bern", "Cork"], rows).astype(object),
        "age": np.where(rng.random(rows) < 0.2, np.nan, rng.uniform(0, 90, rows)),
    }
    y = 2 * table["area"] + 30 * (table["town"] == "Bern")
    table["price"] = y * np.exp(0.1 * rng.standard_normal(rows))

    model = mapsto.fit(table, "price", families=("formula",), effort="quick")

    far = {
        "area": [1e9, -1.0, 0.0],
        "rooms": [-4.0, np.nan, 1e6],
        "town": ["Oslo", None, "Bern"],
        "age": [1e5, np.nan, -3.0],
    }
    seen = table["price"]
    told = np.asarray(model.rungs["formula"].predict(far))
    assert (np.abs(told) < seen.max() + 2 * np.ptp(seen)).all()
