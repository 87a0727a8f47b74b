"""The target's task is what its values say, and bad targets are named."""

import numpy as np
import pandas as pd
import pytest

from mapsto.data.columns import target_values
from mapsto.data.read import read
from mapsto.errors import DataError, OptionError


def target(values, task="auto"):
    table = {"x": np.arange(len(values)) / 7, "y": values}
    whole = pd.DataFrame(table) if isinstance(values, pd.Categorical) else table
    return target_values(read(whole), "y", task)


@pytest.mark.parametrize(
    ("values", "task", "codes"),
    [
        ([0.5, 1.5, 2.5] * 20, "regression", []),
        (list(range(60)), "regression", []),
        ([0, 1] * 30, "classification", []),
        ([0.0, 1.0, None] * 20, "classification", []),
        ([3, 7] * 30, "classification", ["classes-as-integers"]),
        ([0, 1, 2] * 20, "classification", ["classes-as-integers"]),
        ([1, 2, 3] * 20, "classification", ["classes-as-integers"]),
        ([3, 4, 5, 6] * 20, "regression", ["integers-as-quantity"]),
        ([1, 2, 9] * 20, "regression", ["integers-as-quantity"]),
        ([0, 1, 2] * 5, "regression", ["integers-as-quantity"]),
        (["a", "b", None] * 20, "classification", []),
        (["yes", "no"] * 30, "classification", []),
        ([True, False] * 30, "classification", []),
        ([f"{i},5 €" for i in range(60)], "regression", ["numbers-as-text"]),
        (
            [*map(str, range(60)), "ask"],
            "regression",
            ["numbers-as-text", "values-unreadable"],
        ),
        (list(range(20200101, 20200129)), "regression", []),
        (pd.Categorical([5, 7, 9] * 20), "classification", []),
    ],
)
def test_auto(values, task, codes):
    found = target(values)

    assert found.task == task
    assert [n.code for n in found.notices] == codes
    assert all(n.sentence for n in found.notices)


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        (["b", "a", "none"] * 9, ["a", "b", "none"]),
        (["+", "-"] * 9, ["+", "-"]),
        (["Yes", "No"] * 9, ["No", "Yes"]),
        ([1, 0] * 9, [0, 1]),
        ([2.5, 1.5] * 9, [1.5, 2.5]),
        ([True, False] * 9, [False, True]),
        ([True, False, None] * 9, [False, True]),
        (pd.Categorical(["b", "a"] * 9), ["a", "b"]),
        (pd.array([1, 2, None] * 9, dtype="Int64"), [1, 2]),
    ],
)
def test_labels_are_sorted_and_of_their_own_type(values, labels):
    found = target(values, "classification")

    assert found.labels.tolist() == labels
    assert [type(v) for v in found.labels.tolist()] == [type(v) for v in labels]
    told = [None if i < 0 else found.labels[i] for i in found.values]
    given = [None if v is pd.NA or v is None else v for v in list(values)]
    assert told == given


def test_regression_values():
    found = target(["1.200,5", None, "3,25", np.inf, "-7"] * 9, "regression")

    assert found.values[:3].tolist()[::2] == [1200.5, 3.25]
    assert np.isnan(found.values[[1, 3]]).all()
    assert len(found.labels) == 0
    assert target(pd.Categorical([5, 7] * 9), "regression").values[:2].tolist() == [
        5,
        7,
    ]
    assert target([True, False] * 9, "regression").values[:2].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("values", "task", "code", "told"),
    [
        ([None] * 20, "auto", "target-empty", "'y'"),
        ([np.inf] * 20, "auto", "target-empty", "'y'"),
        ([5] * 20, "auto", "target-constant", "'5'"),
        (["a", None] * 20, "auto", "target-constant", "'a'"),
        (["1", "2", "x"] * 20, "regression", "target-not-a-number", "'x'"),
        (["yes", "no"] * 20, "regression", "target-not-a-number", "'yes'"),
        (["a", "b"] * 20 + ["c"], "auto", "class-too-small", "'c'"),
        ([f"w{i // 2}" for i in range(100)], "auto", "too-many-classes", "50"),
        ([0.5 * i for i in range(60)], "classification", "too-many-classes", "60"),
        (
            pd.date_range("2020-01-01", periods=60),
            "auto",
            "target-not-a-number",
            "2020",
        ),
    ],
)
def test_bad_targets(values, task, code, told):
    with pytest.raises(DataError, match=told) as error:
        target(values, task)

    assert error.value.code == code


def test_the_target_must_be_there():
    with pytest.raises(DataError, match=r"'prize'.*Did you mean 'price'"):
        target_values(read({"price": [1, 2], "x": [1, 2]}), "prize", "auto")


def test_the_task_must_be_known():
    with pytest.raises(OptionError, match="Did you mean 'regression'"):
        target([1, 2, 3], "regresion")
