"""Scores of scikit-learn judge as ours do: value, standard error, and choices."""

import warnings

import numpy as np
import pytest
from sklearn import metrics
from sklearn.metrics import get_scorer, get_scorer_names, make_scorer

import mapsto
from mapsto import LadderRegressor
from mapsto.data.split import make_folds, stratified
from mapsto.errors import OptionError
from mapsto.scores import named
from mapsto.selection.ladder import choose
from mapsto.selection.scorers import score_of

N = 250
RNG = np.random.default_rng(0)
Y = RNG.gamma(3, 1, N)
TOLD = Y * RNG.uniform(0.8, 1.25, N)
W = RNG.uniform(0.5, 2, N)
ONES = np.ones(N)
K = RNG.integers(0, 2, N).astype(float)
YES = np.clip(0.3 + 0.4 * K + 0.2 * RNG.standard_normal(N), 0.01, 0.99)
P = np.stack([1 - YES, YES], axis=1)
NUMBER, LABELS = np.array([]), np.array(["no", "yes"])


def regression_names():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [
            name
            for name in get_scorer_names()
            if get_scorer(name)._score_func.__module__.endswith("_regression")
        ]


@pytest.mark.parametrize("name", regression_names())
def test_every_scorer_of_quantities_works(name):
    score = score_of(name, NUMBER)

    losses = score.losses(Y, TOLD, ONES)

    assert score.tell(losses.mean()) == pytest.approx(score.of(Y, TOLD, ONES))
    assert score.error(score.of(Y, Y, ONES)) == pytest.approx(0, abs=1e-9)
    assert score.standard_error(losses, ONES) > 0


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("roc_auc", lambda w: metrics.roc_auc_score(K, YES, sample_weight=w)),
        ("f1", lambda w: metrics.f1_score(K, YES > 0.5, sample_weight=w)),
        ("neg_log_loss", lambda w: -metrics.log_loss(K, YES, sample_weight=w)),
        (
            "average_precision",
            lambda w: metrics.average_precision_score(K, YES, sample_weight=w),
        ),
    ],
)
@pytest.mark.parametrize("w", [ONES, W], ids=["plain", "weighted"])
def test_classes_are_judged_by_the_second(name, reference, w):
    score = score_of(name, LABELS)

    assert score.of(K, P, w) == pytest.approx(reference(w))
    losses = score.losses(K, P, w)
    assert score.tell(np.average(losses, weights=w)) == pytest.approx(reference(w))


def test_of_a_mean_of_losses_each_row_has_its_own_loss():
    score = score_of("neg_mean_absolute_error", NUMBER)

    assert score.losses(Y, TOLD, W) == pytest.approx(np.abs(Y - TOLD))


@pytest.mark.parametrize(
    ("score", "labels", "y", "told"),
    [("r2", NUMBER, Y, TOLD), ("roc_auc", LABELS, K, P), ("f1", LABELS, K, P)],
)
def test_the_standard_error_is_that_of_the_bootstrap(score, labels, y, told):
    judge, rng = score_of(score, labels), np.random.default_rng(1)

    drawn = []
    for _ in range(400):
        rows = rng.integers(0, N, N)
        drawn.append(judge.of(y[rows], told[rows], ONES))

    error = judge.standard_error(judge.losses(y, told, ONES), ONES)
    assert error == pytest.approx(np.std(drawn), rel=0.2)


@pytest.mark.parametrize("score", ["r2", "neg_mean_absolute_percentage_error"])
def test_many_rows_are_left_out_in_groups(score):
    """The error of 4,000 rows in groups is that of rows one by one."""
    rng = np.random.default_rng(2)
    y = rng.gamma(3, 1, 4000)
    told = y + rng.standard_normal(4000)
    judge, ones = score_of(score, NUMBER), np.ones(4000)

    error = judge.standard_error(judge.losses(y, told, ones), ones)

    drawn = []
    for _ in range(300):
        rows = rng.integers(0, 4000, 4000)
        drawn.append(judge.of(y[rows], told[rows], ones))
    assert error == pytest.approx(np.std(drawn), rel=0.25)


def test_more_is_better_when_rungs_are_chosen():
    folds = make_folds(stratified(np.zeros(N, int)), N, 5, seed=0)
    judge = score_of("r2", NUMBER)
    told = [np.full(N, Y.mean()), Y + 0.5 * RNG.standard_normal(N), TOLD]

    losses = [judge.losses(Y, t, ONES) for t in told]
    choice = choose(["constant", "line", "curve"], losses, ONES, folds, judge, 0.05)

    scores = [metrics.r2_score(Y, t) for t in told]
    assert choice.best == ["constant", "line", "curve"][int(np.argmax(scores))]
    assert (choice.clause, choice.simplest) != ("gain", "constant")


def test_a_scorer_object_sees_the_labels():
    score = make_scorer(metrics.f1_score, pos_label="no")

    judge = score_of(score, LABELS)

    assert judge.name == "f1_score"
    wanted = metrics.f1_score(1 - K, YES <= 0.5)
    assert judge.of(K, P, ONES) == pytest.approx(wanted)
    less = make_scorer(metrics.mean_absolute_error, greater_is_better=False)
    assert score_of(less, NUMBER).name == "neg_mean_absolute_error"


def test_our_own_names_stay_ours():
    assert score_of("auto", NUMBER) is named("rmse", 0)
    assert score_of("brier", LABELS) is named("brier", 2)


@pytest.mark.parametrize(
    ("score", "labels", "what"),
    [
        ("r2", LABELS, "predictions of classes"),
        ("roc_auc", NUMBER, "predictions of quantities"),
        ("adjusted_rand_score", LABELS, "does not judge"),
        ("explained_varianse", NUMBER, "Did you mean 'explained_variance'"),
        ("acuracy", LABELS, "Did you mean 'accuracy'"),
        (3, NUMBER, "rmse, mae, or a scorer"),
    ],
)
def test_a_score_that_cannot_be_is_explained(score, labels, what):
    with pytest.raises(OptionError, match=what):
        score_of(score, labels)


def test_what_scikit_learn_refuses_is_told():
    judge = score_of("f1", np.array(["a", "b", "c"]))
    y, p = RNG.integers(0, 3, 60).astype(float), RNG.dirichlet(np.ones(3), 60)

    with pytest.raises(OptionError, match="average"):
        judge.of(y, p, np.ones(60))
    with pytest.raises(OptionError, match="sample_weight"):
        score_of("neg_max_error", NUMBER).of(Y, TOLD, W)


# ── in a fit ──


def test_a_fit_is_chosen_and_told_by_it():
    town = mapsto.examples.houses(200, seed=0)

    model = mapsto.fit(
        town, "price", families=("line", "curve"), score="r2", effort="quick"
    )

    assert model.ladder.score == "r2"
    scores = {name: rung.score for name, rung in model.rungs.items()}
    assert scores[model.best.family] == max(scores.values())
    assert 0.8 < model.best.score < 1
    assert model.rungs["constant"].score == pytest.approx(0, abs=0.03)
    assert not {"nothing-learned"} & {v.code for v in model.verdicts}
    assert abs(model.record["corrected_score"] - model.best.score) < 0.03
    again = mapsto.fit(town, like=model, effort="quick")
    assert again.record["score"] == "r2"


def test_a_fit_of_classes_with_weights():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((300, 2))
    y = np.where(rng.random(300) < 1 / (1 + np.exp(-2 * x[:, 0])), "yes", "no")
    table = {"a": x[:, 0], "b": x[:, 1], "y": y.astype(object)}

    model = mapsto.fit(
        table,
        "y",
        families=("line",),
        score="roc_auc",
        weights=rng.uniform(0.5, 2, 300),
        effort="quick",
    )

    assert model.rungs["constant"].score < 0.6
    assert model.rungs["line"].score > 0.75
    assert model.simplest.family == "line"


def test_the_ladder_estimator_takes_a_scorer():
    X = RNG.standard_normal((120, 2))
    ladder = LadderRegressor(
        families=("line",), score_by=make_scorer(metrics.r2_score), effort="quick"
    )

    ladder.fit(X, X[:, 0])

    assert ladder.model_.record["score"] == "r2_score"
