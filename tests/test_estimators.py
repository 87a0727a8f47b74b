"""The scikit-learn face: its own checks, its conventions, and what it welcomes."""

import subprocess
import sys
from dataclasses import fields
from functools import cache

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from scipy.special import expit
from sklearn.datasets import load_iris, make_friedman1
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import mapsto
from mapsto import (
    CurveClassifier,
    CurveRegressor,
    FormulaClassifier,
    FormulaRegressor,
    LadderClassifier,
    LadderRegressor,
    LineClassifier,
    LineRegressor,
    NetworkClassifier,
    NetworkRegressor,
    SpaceClassifier,
    SpaceRegressor,
    StepsClassifier,
    StepsRegressor,
)
from mapsto.errors import DataError, OptionError
from mapsto.families import LADDER, MONOTONE
from mapsto.selection import options

SMALL = {"hidden": (16,), "epochs": 60}
ONE_RUNG = {"families": ("line",)}
ESTIMATORS = [
    LineRegressor(effort="quick"),
    LineClassifier(effort="quick"),
    FormulaRegressor(effort="quick", terms=2),
    FormulaClassifier(effort="quick", terms=2),
    CurveRegressor(effort="quick"),
    CurveClassifier(effort="quick"),
    StepsRegressor(effort="quick"),
    StepsClassifier(effort="quick"),
    SpaceRegressor(effort="quick"),
    SpaceClassifier(effort="quick"),
    NetworkRegressor(effort="quick", **SMALL),
    NetworkClassifier(effort="quick", **SMALL),
    LadderRegressor(effort="quick", **ONE_RUNG),
    LadderClassifier(effort="quick", **ONE_RUNG),
]
FAMILIES = [f for f in LADDER if f.name not in ("constant", "image")]
WEIGHTS = "check_sample_weight_equivalence_on_dense_data"
REASONS = {
    "line": "the penalty is chosen by leaving out rows, and spreads are of rows",
    "formula": "the price of a term counts rows, and spreads are of rows",
    "curve": "knots and spreads are of rows",
    "steps": "trees draw rows, and inner rows choose the rounds",
    "space": "centres are rows, and inner rows choose the metric",
    "network": "batches draw rows, and inner rows choose the epoch",
    "": "folds are of rows",
}


def names(estimator):
    return f"{type(estimator).__name__}"


@parametrize_with_checks(
    ESTIMATORS, expected_failed_checks=lambda e: {WEIGHTS: REASONS[e.family]}
)
def test_scikit_learn_is_content(estimator, check):
    check(estimator)


# ── the arguments ──


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
@pytest.mark.parametrize("kind", ["Regressor", "Classifier"])
def test_every_family_has_an_estimator_with_its_dials(family, kind):
    estimator = getattr(mapsto, f"{family.name.capitalize()}{kind}")
    dials = {d.name: d.default for d in options.dials_of(family)}
    if kind == "Classifier":
        del dials["target"]
    shared = {"effort": "normal", "kinds": None, "random_state": 0}
    shared |= {"monotone": None} if family.name in MONOTONE else {}

    assert estimator().get_params() == dials | shared


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=names)
def test_the_docstring_tells_every_argument(estimator):
    told = type(estimator).__doc__

    assert all(f"\n    {field.name} : " in told for field in fields(estimator))


def test_a_given_value_reaches_the_function():
    X, y = friedman()

    steps = StepsRegressor(rounds=np.int64(7), leaves=4, random_state=None).fit(X, y)

    assert steps.hyperparameters_["rounds"] == 7
    assert steps.hyperparameters_["leaves"] == 4
    assert steps.formula_ == "a sum of 7 trees of steps"


@pytest.mark.parametrize(
    "estimator",
    [
        LineRegressor(penalty=-1),
        LineRegressor(target="cube"),
        LineRegressor(effort="lazy"),
        LineRegressor(kinds="category"),
        LineRegressor(random_state="dice"),
        LadderRegressor(families=("lines",)),
    ],
    ids=repr,
)
def test_a_bad_value_is_refused_at_fit(estimator):
    with pytest.raises(OptionError):
        estimator.fit(*friedman())


def test_a_random_state_object_gives_the_seed():
    X, y = friedman()

    told = [
        StepsRegressor(effort="quick", random_state=np.random.RandomState(seed))
        .fit(X, y)
        .predict(X)
        for seed in (0, 0, 1)
    ]

    assert (told[0] == told[1]).all()
    assert (told[0] != told[2]).any()


# ── against independent references ──


@cache
def friedman():
    return make_friedman1(n_samples=200, noise=1.0, random_state=0)


def test_the_line_is_ridge_regression():
    """λ per row of scaled columns is scikit-learn's alpha / n."""
    X, y = friedman()
    reference = make_pipeline(StandardScaler(), Ridge(alpha=0.1 * len(y))).fit(X, y)

    line = LineRegressor(penalty=0.1).fit(X * 5 + 3, y)

    assert line.predict(X * 5 + 3) == pytest.approx(reference.predict(X), rel=1e-9)
    assert line.coef_ == pytest.approx(reference[-1].coef_ / X.std(axis=0) / 5)
    told = (X * 5 + 3) @ line.coef_ + line.intercept_
    assert told == pytest.approx(reference.predict(X), rel=1e-9)


def test_the_line_between_heaps_is_logistic_regression():
    X, y = load_iris(return_X_y=True)
    X, y = X[50:], y[50:]
    scaled = StandardScaler().fit_transform(X)
    reference = LogisticRegression(C=1 / (0.01 * len(y)), solver="newton-cholesky").fit(
        scaled, y
    )

    line = LineClassifier(penalty=0.01).fit(X, y)

    told = expit(X @ line.coef_.T + line.intercept_)[:, 0]
    assert line.predict_proba(X)[:, 1] == pytest.approx(told, abs=1e-9)
    assert told == pytest.approx(reference.predict_proba(scaled)[:, 1], abs=1e-3)
    assert line.terms_ == ["x0", "x1", "x2", "x3"]
    assert line.formula_.startswith("log-odds of 2 = ")


def test_the_formula_tells_its_terms():
    X = np.random.default_rng(0).uniform(1, 3, (200, 2))
    y = 3 * X[:, 0] ** 2 + 5

    formula = FormulaRegressor(effort="quick", target="identity").fit(X, y)

    assert formula.terms_ == ["x0²"]
    assert formula.coef_ == pytest.approx([3])
    assert formula.intercept_ == pytest.approx(5)


@pytest.mark.parametrize("family", ["line", "curve"])
def test_one_family_is_the_rung_that_the_ladder_keeps(family):
    """Both are fitted to every row with the same hyperparameters."""
    X, y = friedman()
    given = {"line": {"penalty": 0.01}, "curve": {"surfaces": 0}}[family]
    climbed = LadderRegressor(
        families=(family,), hyperparameters={family: given}, effort="quick"
    ).fit(X, y)
    cls = {"line": LineRegressor, "curve": CurveRegressor}[family]

    alone = cls(**given, effort="quick").fit(X, y)

    rung = climbed.model_.rungs[family]
    assert alone.predict(X) == pytest.approx(rung.predict(X), rel=1e-6)


def test_log_space_leads_back_to_the_mean():
    """E y = exp(μ + σ²/2), which the exponential of the mean logarithm misses."""
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (4000, 1))
    y = np.exp(X[:, 0] + rng.normal(0, 0.8, 4000))

    line = LineRegressor(target="log").fit(X, y)

    truth = np.exp(X[:, 0] + 0.8**2 / 2)
    assert line.predict(X) == pytest.approx(truth, rel=0.1)
    assert line.formula_.startswith("log(y) = ")
    with pytest.raises(OptionError, match="0 or less"):
        LineRegressor(target="log").fit(X, -y)


# ── what comes in ──


def town(rows=120):
    """Numbers, a category, a date, text that is a number, and gaps."""
    rng = np.random.default_rng(0)
    area, kind = rng.uniform(40, 200, rows), rng.choice(["flat", "house"], rows)
    price = 3 * area + 100 * (kind == "house") + rng.normal(0, 5, rows)
    frame = pd.DataFrame(
        {
            "area": np.where(rng.random(rows) < 0.1, np.nan, area),
            "kind": pd.Categorical(kind),
            "fee": [f"{v:.0f} €" for v in area / 10],
            "sold": pd.Timestamp("2020-01-01") + pd.to_timedelta(range(rows), "D"),
        }
    )
    return frame, pd.Series(price, name="price")


@pytest.mark.parametrize(
    "estimator",
    [
        LineRegressor(),
        CurveRegressor(effort="quick"),
        StepsRegressor(effort="quick"),
        LadderRegressor(effort="quick", **ONE_RUNG),
    ],
    ids=names,
)
def test_frames_need_no_preparation(estimator):
    frame, price = town()

    told = estimator.fit(frame, price).predict(frame)

    assert estimator.score(frame, price) > 0.9
    assert isinstance(told, np.ndarray)
    assert list(estimator.feature_names_in_) == list(frame.columns)
    assert any("fee" in notice for notice in estimator.notices_)
    again = estimator.fit(pl.from_pandas(frame), price.to_numpy())
    assert again.predict(pl.from_pandas(frame)) == pytest.approx(told, rel=1e-9)


def test_the_target_keeps_its_name_in_the_formula():
    frame, price = town()

    assert LineRegressor().fit(frame, price).formula_.startswith("price = ")
    assert LadderRegressor(**ONE_RUNG).fit(frame, price).model_.target == "price"
    besides = LineRegressor().fit(frame.assign(price=1.0 * frame.index), price)
    assert besides.formula_.startswith("price_ = ")


def test_columns_are_matched_by_position_under_the_names_of_the_fit():
    frame, price = town()
    line = LineRegressor().fit(frame[["area", "kind"]], price)

    with pytest.raises(ValueError, match="same order"):
        line.predict(frame[["kind", "area"]])
    numbered = frame[["area"]].set_axis([7], axis=1)
    assert (
        LineRegressor().fit(numbered, price).predict(numbered.to_numpy())
        == LineRegressor().fit(frame[["area"]], price).predict(frame[["area"]])
    ).all()


def test_a_kind_can_be_told():
    """Taken as a category, a code has one coefficient per level."""
    rng = np.random.default_rng(0)
    X = rng.integers(0, 3, (90, 1)).astype(float)
    y = np.array([5.0, 0.0, 9.0])[X[:, 0].astype(int)]

    line = LineRegressor(kinds={"x0": "category"}).fit(X, y)

    assert line.terms_ == ["x0 = 0", "x0 = 1", "x0 = 2"]
    assert line.predict(X) == pytest.approx(y, abs=1e-2)


@pytest.mark.parametrize(
    "labels",
    [
        np.array(["cat", "dog", "eel"]),
        np.array(["cat", "dog", "eel"], object),
        np.array([-3, 10, 9]),
        np.array([1.0, 3.0, 2.0]),
        np.array([" a", "a", "NA"]),
        np.array([2**60, 2**60 + 1, 2**60 + 2]),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "estimator", [LineClassifier(), LadderClassifier(**ONE_RUNG)], ids=names
)
def test_labels_of_any_type_come_back(estimator, labels):
    X, y = load_iris(return_X_y=True)

    told = estimator.set_params(effort="quick").fit(X, labels[y]).predict(X)

    assert told.dtype == labels.dtype
    assert (told == labels[y]).mean() > 0.9


def test_yes_and_no_come_back():
    X, y = load_iris(return_X_y=True)

    for estimator in (LineClassifier(), LadderClassifier(**ONE_RUNG)):
        told = estimator.fit(X, y == 0).predict(X)
        assert told.dtype == bool
        assert (told == (y == 0)).all()


def test_a_class_of_few_rows_has_its_share():
    X, y = load_iris(return_X_y=True)
    y = np.array(["a", "b", "c"], object)[y]
    y[:2] = "odd"

    ladder = LadderClassifier(effort="quick", **ONE_RUNG).fit(X, y)
    line = LineClassifier().fit(X, y)

    p = ladder.predict_proba(X)
    assert list(ladder.classes_) == list(line.classes_) == ["a", "b", "c", "odd"]
    assert p[:, 3] == pytest.approx(2 / 150)
    assert p.sum(axis=1) == pytest.approx(1)
    assert ladder.score(X, y) > 0.9
    assert "odd" in ladder.notices_[-1]


@pytest.mark.parametrize(
    ("y", "code"),
    [(["a"] * 40, "one-class"), (["a", None] * 20, "labels-mixed")],
)
def test_labels_that_cannot_be_learned(y, code):
    with pytest.raises(DataError) as raised:
        LineClassifier().fit(friedman()[0][:40], np.array(y, object))
    assert raised.value.code == code


@pytest.mark.parametrize("estimator", ESTIMATORS[::2], ids=names)
def test_a_constant_target_is_predicted_or_refused(estimator):
    X, _ = friedman()
    try:
        told = estimator.fit(X, np.full(len(X), 7.0)).predict(X)
    except DataError as error:
        assert error.code == "target-constant"
    else:
        assert told == pytest.approx(7.0)


@pytest.mark.parametrize("rows", [3, 8])
@pytest.mark.parametrize("estimator", ESTIMATORS[:12:2], ids=names)
def test_a_handful_of_rows_is_enough_for_one_regressor(estimator, rows):
    X, y = friedman()

    told = estimator.fit(X[:rows], y[:rows]).predict(X)

    assert np.isfinite(told).all()


@pytest.mark.parametrize("labels", ["aab", "abb", "abc", "abbbbbbb", "abcdeeee"])
@pytest.mark.parametrize("estimator", ESTIMATORS[1:12:2], ids=names)
def test_a_class_of_one_row_is_learned_by_one_classifier(estimator, labels):
    X, _ = friedman()
    y = np.array(list(labels))

    told = estimator.fit(X[: len(y)], y).predict_proba(X)

    assert list(estimator.classes_) == sorted(set(labels))
    assert told.sum(axis=1) == pytest.approx(1)


def test_infinite_values_are_named():
    frame, price = town()
    frame.loc[4, "area"] = -np.inf

    with pytest.raises(DataError, match="'area' holds an infinite value in row 5"):
        LineRegressor().fit(frame, price)


# ── weights ──


@pytest.mark.parametrize(
    "estimator",
    [LineRegressor(), StepsClassifier(effort="quick"), LadderClassifier(**ONE_RUNG)],
    ids=names,
)
def test_a_row_of_weight_zero_is_as_if_absent(estimator):
    X, y = friedman()
    y = (y > y.mean()).astype(int) if sklearn.base.is_classifier(estimator) else y
    w = np.tile([1.0, 2.0, 0.0, 1.0], 50)

    weighted = estimator.fit(X, y, sample_weight=w).predict(X)

    without = estimator.fit(X[w > 0], y[w > 0], sample_weight=w[w > 0]).predict(X)
    assert (weighted == without).all()


def test_weights_are_routed_through_a_search():
    X, y = friedman()
    w = np.random.default_rng(0).uniform(0, 1, len(y))

    with sklearn.config_context(enable_metadata_routing=True):
        line = LineRegressor().set_fit_request(sample_weight=True)
        line.set_score_request(sample_weight=True)
        search = GridSearchCV(line, {"penalty": [0.01]}, cv=3)
        search.fit(X, y, sample_weight=w)

    alone = LineRegressor(penalty=0.01).fit(X, y, sample_weight=w)
    assert search.best_estimator_.coef_ == pytest.approx(alone.coef_)


# ── among scikit-learn's own ──


def test_a_search_through_a_pipeline_of_frames():
    X, y = friedman()
    scaler = StandardScaler().set_output(transform="pandas")
    pipeline = make_pipeline(scaler, CurveRegressor(effort="quick"))

    search = GridSearchCV(
        pipeline, {"curveregressor__surfaces": np.arange(2)}, cv=3
    ).fit(X, y)

    assert search.best_params_ == {"curveregressor__surfaces": 1}
    assert search.best_score_ > 0.9
    assert list(search.best_estimator_[-1].feature_names_in_)[:2] == ["x0", "x1"]


@pytest.mark.parametrize(
    "estimator",
    [StepsClassifier(effort="quick"), LadderClassifier(effort="quick", **ONE_RUNG)],
    ids=names,
)
def test_parallel_folds_are_as_folds_in_a_row(estimator):
    X, y = load_iris(return_X_y=True)

    alone = cross_val_score(estimator, X, y, cv=2, n_jobs=1)

    assert (cross_val_score(estimator, X, y, cv=2, n_jobs=2) == alone).all()
    assert alone.mean() > 0.9


def test_the_ladder_keeps_its_model():
    X, y = friedman()

    ladder = LadderRegressor(effort="quick", families=("line", "steps")).fit(X, y)

    assert set(ladder.model_.rungs) >= {"constant", "line", "steps"}
    assert (ladder.predict(X) == ladder.model_.predict(X)).all()
    simple = LadderRegressor(effort="quick", use="simplest", **ONE_RUNG).fit(X, y)
    assert (simple.predict(X) == simple.model_.simplest.predict(X)).all()


def test_scikit_learn_is_imported_when_an_estimator_is_named():
    code = (
        "import sys, mapsto; assert 'sklearn' not in sys.modules; "
        "assert 'LineRegressor' in dir(mapsto); mapsto.LineRegressor; "
        "assert 'sklearn' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
