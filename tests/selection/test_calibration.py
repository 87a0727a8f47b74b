"""Probabilities are mended by what other folds teach, and keep their order."""

import numpy as np
import pytest

import mapsto
from mapsto.data.split import make_folds, stratified
from mapsto.data.target import Target
from mapsto.selection.calibration import calibrated, with_isotonic, with_temperature

N = 2000
RNG = np.random.default_rng(0)
ETA = 2 * RNG.standard_normal((N, 1))
W = RNG.uniform(0.5, 1.5, N)
PLAIN = 1 / (1 + np.exp(-ETA[:, 0]))
STEEP = 0.05 + 0.4 * (ETA[:, 0] > 0) + 0.5 * (ETA[:, 0] > 2)  # rises, in jumps
DRAW = RNG.random(N)


def labels(truth):
    return (truth > DRAW).astype(float)


def dealt(y):
    return make_folds(stratified(y.astype(int)), N, 5, seed=0)


@pytest.mark.parametrize(("truth", "bent"), [(PLAIN, False), (STEEP, True)])
def test_the_curve_is_taken_where_a_temperature_is_not_enough(truth, bent):
    y = labels(truth)

    targets, oof, whole = calibrated(ETA, y, W, dealt(y), 2)

    assert {bool(t.knots) for t in (*targets, whole)} == {bent}
    assert len(whole.knots) <= 20
    assert np.abs(oof[:, 1] - truth).mean() < 0.04
    assert np.abs(whole.decode(ETA)[:, 1] - truth).mean() < 0.04


def test_probabilities_keep_their_order_strictly():
    y = labels(STEEP)
    curve = with_isotonic(ETA, y, W, 2)

    p = curve.decode(np.linspace(-30, 30, 2001)[:, None])

    assert (np.diff(p[:, 1]) > 0).all()
    assert p.min() > 0
    assert p.sum(axis=1) == pytest.approx(1)


def test_a_folds_own_rows_have_no_part_in_what_judges_them():
    y = labels(STEEP)
    folds = dealt(y)
    _, before, _ = calibrated(ETA, y, W, folds, 2)
    other = y.copy()
    other[folds[0].test] = 1 - other[folds[0].test]

    _, after, _ = calibrated(ETA, other, W, folds, 2)

    rows = folds[0].test
    assert (before[rows] == after[rows]).all()


def test_few_rows_and_more_classes_have_a_temperature():
    assert with_isotonic(ETA[:60], labels(PLAIN)[:60], W[:60], 2) is None
    assert with_isotonic(np.repeat(ETA, 3, axis=1), labels(PLAIN), W, 3) is None


def test_the_curve_is_part_of_the_graph():
    """A line cannot jump; with the curve its probabilities do, in order."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal(1500)
    p = 0.05 + 0.45 * (x > 0) + 0.45 * (x > 1)
    y = np.where(rng.random(1500) < p, "yes", "no").astype(object)
    model = mapsto.fit({"x": x, "y": y}, "y", families=("line",), effort="quick")
    rung = model.rungs["line"]

    told = np.asarray(rung.predict_proba({"x": np.sort(x)})["yes"])

    assert rung.hyperparameters["calibration"] == "isotonic"
    assert (np.diff(told) > 0).all()
    assert np.abs(told - np.sort(p)).mean() < 0.06


def test_a_temperature_undoes_overconfidence():
    """Logits that are three times too large are divided by three."""
    rng = np.random.default_rng(0)
    eta = rng.normal(0, 1.5, (4000, 3))
    p = Target(classes=3).decode(eta)
    y = (p.cumsum(1) > rng.random((4000, 1))).argmax(1)

    found = with_temperature(3 * eta, y, np.ones(4000), 3)

    assert found.temperature == pytest.approx(3, rel=0.1)
    assert found.surprise < 0.01


@pytest.mark.parametrize("classes", [2, 3])
def test_what_never_failed_in_n_rows_is_not_told_as_certain(classes):
    y = np.tile(np.arange(classes), 40)
    sure = 50 * np.eye(classes)[y]
    eta = sure if classes > 2 else sure[:, 1:] - sure[:, :1]

    found = with_temperature(eta, y, np.ones(len(y)), classes)

    p = found.decode(1e3 * eta)
    others = p.min() * (classes - 1)
    assert others == pytest.approx(1 / (2 * len(y)), rel=0.02)
    assert p.sum(axis=1) == pytest.approx(1)


def test_some_wrong_labels_are_surprises_and_the_rest_stays_sharp():
    """One label in twenty is drawn anew: with a temperature alone, all rows would be
    told as unsure."""
    rng = np.random.default_rng(0)
    eta = rng.normal(0, 12, (3000, 3))
    y = eta.argmax(1)
    lied = rng.random(3000) < 0.05
    y[lied] = rng.integers(0, 3, lied.sum())

    found = with_temperature(eta, y, np.ones(3000), 3)

    assert found.surprise == pytest.approx(0.05, rel=0.25)
    assert found.decode(eta).max(axis=1).mean() > 0.93
