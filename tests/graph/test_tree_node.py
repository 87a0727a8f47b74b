"""Ensembles of trees: LightGBM, NumPy and the graph say the same."""

import lightgbm
import numpy as np
import pytest
from running import graph

from mapsto.errors import GraphError
from mapsto.graph import trees as trees_file
from mapsto.graph.trees import Trees, from_lightgbm, trees

RNG = np.random.default_rng(0)
X = RNG.normal(size=(600, 4)).round(2)
Y = np.sin(2 * X[:, 0]) + X[:, 1] * (X[:, 2] > 0)

TASKS = {
    "regression": ({}, Y),
    "binary": ({"objective": "binary"}, Y > 0),
    "multiclass": ({"objective": "multiclass", "num_class": 3}, (Y > 0) + (Y > 1)),
    "random forest": (
        {"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5},
        Y,
    ),
    "one leaf": ({"min_data_in_leaf": 600}, Y),
    "large values": ({}, 1e6 + 1e3 * Y),
}


def boosted(options, y, rounds=25, **data):
    told = {"verbose": -1, "num_threads": 1, "deterministic": True, "seed": 0}
    return lightgbm.train(
        told | options, lightgbm.Dataset(X, np.asarray(y, float), **data), rounds
    )


@pytest.mark.parametrize("name", TASKS)
def test_the_sum_of_trees_is_lightgbms(name):
    """On NumPy the trees give LightGBM's raw score to rounding."""
    booster = boosted(*TASKS[name])
    truth = booster.predict(X, raw_score=True).reshape(len(X), -1)
    found = trees(from_lightgbm(booster), X)
    assert found.shape == truth.shape
    assert np.max(np.abs(found - truth)) <= 1e-12 * np.max(np.abs(truth))


@pytest.mark.parametrize("name", TASKS)
def test_the_node_takes_the_same_branches(name):
    """The graph agrees to float32 rounding of its sum, on the thresholds too."""
    parameters = from_lightgbm(boosted(*TASKS[name]))
    edges = np.unique(parameters.threshold)
    x = np.concatenate(
        [X, np.tile(edges[:, None], 4), np.nextafter(edges, 9)[:, None] + X[:1] * 0]
    )
    found, truth = graph(lambda t: trees(parameters, t), x), trees(parameters, x)
    assert found.dtype == np.float64
    assert np.max(np.abs(found - truth)) <= 3e-7 * np.max(np.abs(truth))


def test_the_best_iteration_is_the_last_tree():
    """An early-stopped booster gives the trees that its own predict uses."""
    booster = boosted({}, Y, rounds=20)
    booster.best_iteration = 7
    parameters = from_lightgbm(booster)
    assert len(parameters.root) == 7
    np.testing.assert_allclose(
        trees(parameters, X)[:, 0], booster.predict(X, raw_score=True), rtol=1e-12
    )


STUMP = Trees(
    feature=np.array([1]),
    threshold=np.array([1 / 3]),
    left=np.array([~0]),
    right=np.array([~1]),
    value=np.array([-1.0, 1.0]),
    root=np.array([0]),
    output=np.array([0]),
    outputs=1,
)


def test_a_row_on_the_threshold_goes_left_in_double():
    """x <= threshold in all 53 bits; NaN goes right."""
    third = 1 / 3
    edge = [third, np.nextafter(third, 1), np.nextafter(third, 0), np.nan, -np.inf]
    x = np.stack([np.zeros(5), edge], axis=1)
    truth = [-1, 1, -1, 1, -1]
    assert trees(STUMP, x).ravel().tolist() == truth
    assert graph(lambda t: trees(STUMP, t), x).ravel().tolist() == truth


def test_chunks_change_nothing(monkeypatch):
    """Rows are walked a chunk at a time, to the same bits."""
    parameters = from_lightgbm(boosted(*TASKS["multiclass"]))
    whole = trees(parameters, X)
    monkeypatch.setattr(trees_file, "PAIRS", 1000)
    assert np.array_equal(trees(parameters, X), whole)
    assert trees(parameters, X[:0]).shape == (0, 3)


def test_trees_can_be_part_of_a_larger_function():
    """The node stands among others: here two ensembles and a line."""
    parameters = from_lightgbm(boosted(*TASKS["regression"]))

    def function(t):
        return trees(parameters, 2 * t)[:, 0] + trees(STUMP, t)[:, 0] * t[:, 0]

    np.testing.assert_allclose(graph(function, X), function(X), rtol=1e-5, atol=1e-6)


def test_splits_by_category_are_refused():
    """What the node cannot say is an error, not another function."""
    codes = np.tile(np.arange(600)[:, None] % 7, (1, 4)).astype(float)
    data = lightgbm.Dataset(codes, codes[:, 0] % 3, categorical_feature=[0])
    told = {"verbose": -1, "num_threads": 1, "min_data_per_group": 1}
    with pytest.raises(GraphError, match="a split by category"):
        from_lightgbm(lightgbm.train(told, data, 3))
    with pytest.raises(GraphError, match="zero is missing"):
        from_lightgbm(boosted({"zero_as_missing": True}, Y))
    with pytest.raises(GraphError, match="linear leaves"):
        from_lightgbm(boosted({"linear_tree": True}, Y))
