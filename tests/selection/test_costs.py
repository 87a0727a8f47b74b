"""The label that is said is the one that costs least."""

from functools import cache

import numpy as np
import pytest

import mapsto
from mapsto import LadderClassifier
from mapsto.errors import OptionError
from mapsto.scores import mean_cost, said
from mapsto.selection.costs import cost_matrix

LABELS = np.array(["no", "yes"])
THREE = np.array([1, 2, 3])


def table(rows: int = 500, seed: int = 0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((rows, 2))
    p = 1 / (1 + np.exp(-2 * x[:, 0]))
    y = np.where(rng.random(rows) < p, "yes", "no").astype(object)
    return {"a": x[:, 0], "b": x[:, 1], "y": y}


@cache
def fitted() -> mapsto.Model:
    return mapsto.fit(
        table(), "y", families=("line",), costs={"yes": 5.0}, effort="quick"
    )


@pytest.mark.parametrize(
    ("costs", "labels", "matrix"),
    [
        ({"yes": 5}, LABELS, [[0, 1], [5, 0]]),
        ({"yes": 5, "no": 2}, LABELS, [[0, 2], [5, 0]]),
        ({("yes", "no"): 5}, LABELS, [[0, 1], [5, 0]]),
        ({2: 4.0, (2, 3): 7}, THREE, [[0, 1, 1], [4, 0, 7], [1, 1, 0]]),
        ({"2": 4.0}, THREE, [[0, 1, 1], [4, 0, 4], [1, 1, 0]]),
    ],
)
def test_costs_are_a_matrix_of_truth_and_what_is_said(costs, labels, matrix):
    assert cost_matrix(costs, labels).tolist() == matrix


def test_least_expected_cost_by_trying_every_label():
    rng = np.random.default_rng(0)
    p, costs = rng.dirichlet(np.ones(3), 100), rng.uniform(0, 3, (3, 3))

    tried = [[(row * costs[:, b]).sum() for b in range(3)] for row in p]

    assert said(p, costs).tolist() == np.argmin(tried, axis=1).tolist()
    assert said(p).tolist() == p.argmax(axis=1).tolist()


def test_a_mean_cost_is_what_was_paid():
    y, p = np.array([0.0, 1.0, 1.0]), np.array([[0.4, 0.6], [0.9, 0.1], [0.2, 0.8]])
    costs = [[0, 1], [5, 0]]

    assert mean_cost(y, p, np.ones(3), costs, None) == pytest.approx((1 + 5 + 0) / 3)
    assert mean_cost(y, p, np.array([1, 0, 0]), costs, costs) == 1.0


def test_two_classes_have_a_threshold():
    """A missed yes costs 5 and a false one 1: yes above 1/6."""
    model, rows = fitted(), table(300, 1)

    yes = np.asarray(model.predict_proba(rows)["yes"])

    wanted = np.where(yes > 1 / 6, "yes", "no")
    assert np.asarray(model.predict(rows)).tolist() == wanted.tolist()
    assert model.predictions(rows)["y"].tolist() == wanted.tolist()
    assert model.record["threshold"] == pytest.approx(1 / 6)
    words = " ".join(str(model).split())
    assert "says yes where its probability is above 16.7 %" in words
    assert "a missed yes costs 5 and a false one 1" in words


def test_what_it_saves_is_measured_on_unseen_rows():
    also = fitted().rungs["line"], fitted().record["rungs"]["line"]["also"]

    assert also[1]["cost"] < also[1]["cost_of_most_probable"]


def test_without_costs_the_most_probable_label_is_said():
    model = mapsto.fit(table(), "y", families=("line",), effort="quick")

    told = model.predict_proba(table(50, 2))

    yes = np.asarray(told["yes"])
    wanted = np.where(yes > 0.5, "yes", "no").tolist()
    assert np.asarray(model.predict(table(50, 2))).tolist() == wanted


def test_saved_costs_go_on_and_to_the_next_fit(tmp_path):
    fitted().save(tmp_path / "a.mapsto")
    loaded = mapsto.load(tmp_path / "a.mapsto")

    again = mapsto.fit(table(200, 3), like=loaded, effort="quick")

    assert again.record["costs"] == [[0.0, 1.0], [5.0, 0.0]]
    rows = table(100, 4)
    assert list(loaded.predict(rows)) == list(fitted().predict(rows))


@pytest.mark.parametrize(
    ("costs", "what"),
    [
        ({"ye": 1}, "Did you mean 'yes'"),
        ({"yes": -1}, "0 or more"),
        ({"yes": np.nan}, "0 or more"),
        ({"yes": "5"}, "0 or more"),
        ({("yes", "yes"): 2}, "costs nothing"),
        ({("yes",): 2}, "a pair"),
        ({"yes": 0, "no": 0}, "at least one"),
    ],
)
def test_bad_costs_are_explained(costs, what):
    with pytest.raises(OptionError, match=what):
        cost_matrix(costs, LABELS)


def test_a_quantity_has_no_costs():
    with pytest.raises(OptionError, match="a quantity"):
        mapsto.fit({**table(), "y": np.arange(500.0)}, "y", costs={"yes": 5})


def test_the_ladder_classifier_says_the_cheapest_label():
    rows, new = table(300), table(200, 5)
    X, other = (np.stack([t["a"], t["b"]], axis=1) for t in (rows, new))
    ladder = LadderClassifier(families=("line",), costs={"yes": 5}, effort="quick")

    ladder.fit(X, rows["y"])

    yes = ladder.predict_proba(other)[:, 1]
    wanted = np.where(yes > 1 / 6, "yes", "no").tolist()
    assert ladder.predict(other).tolist() == wanted
    assert ladder.model_.record["threshold"] == pytest.approx(1 / 6)
