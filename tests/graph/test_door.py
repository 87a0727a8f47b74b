"""The door: typed columns become the matrix T, whatever they are called."""

import json
import subprocess
import sys

import jax.numpy as jnp
import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapsto.data.table import Column, Table
from mapsto.graph import vet
from mapsto.graph.nodes import input_names, model_graph
from mapsto.graph.run import Runner

KINDS = ("number", "boolean", "category", "date", "short text", "long text")
LEVELS = ("red", "grün", "蓝", " ", "NaN")
YEAR = 365 * 86_400_000_000


def column(name, kind):
    text = kind.endswith("text")
    return Column(
        name,
        kind,
        levels=LEVELS if kind == "category" else (),
        parse={"ngrams": ["a", "b", "c"]} if text else {},
    )


def values(kind, rows, rng):
    """Typed values with missing and unseen ones among them."""
    if kind == "category":
        return np.array([*LEVELS, "", "never seen"], object)[rng.integers(0, 7, rows)]
    if kind.endswith("text"):
        return rng.normal(size=(rows, 3)).astype(np.float32)
    numbers = rng.normal(size=rows)
    if kind == "boolean":
        numbers = np.sign(numbers).clip(0)
    if kind == "date":
        numbers = np.floor(numbers * 50 * YEAR)
    return np.where(rng.random(rows) < 0.2, np.nan, numbers)


def table_of(kinds, rows, names=None):
    rng = np.random.default_rng(len(kinds))
    names = names or [f"column {k}" for k in range(len(kinds))]
    columns = tuple(map(column, names, kinds))
    typed = {c.name: values(c.kind, rows, rng) for c in columns}
    return Table(columns, typed, rows)


def whole(t, coverage):
    return {"prediction": t * 1.0}


def test_the_door_gives_the_typed_matrix():
    """T in the graph is Table.matrix() to the last bit: all kinds, missing, unseen."""
    table = table_of([*KINDS, *KINDS[::-1]], 50)
    model = model_graph(table.columns, whole)
    vet.check(model)
    onnx.checker.check_model(onnx.load_model_from_string(model), full_check=True)
    found = Runner(model).run(table)["prediction"]
    assert np.array_equal(found, table.matrix(), equal_nan=True)
    assert np.isnan(found).any()
    assert (found == -1).any()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=6), st.integers(0, 4))
def test_any_columns_in_any_order(kinds, rows):
    """The same for whatever columns, in any order, for no rows, one, or some."""
    table = table_of(kinds, rows)
    found = Runner(model_graph(table.columns, whole)).run(table)["prediction"]
    assert np.array_equal(found, table.matrix(), equal_nan=True)


names = st.lists(st.text(max_size=8), min_size=2, max_size=5, unique=True)


@settings(max_examples=40, deadline=None)
@given(names)
def test_a_column_may_have_any_name(names):
    """Names in any script, with quotes, spaces, line ends, or nothing at all."""
    kinds = [KINDS[k % 3] for k in range(len(names))]
    table = table_of(kinds, 3, names)
    found = Runner(model_graph(table.columns, whole)).run(table)["prediction"]
    assert np.array_equal(found, table.matrix(), equal_nan=True)


CLASHING = (
    "coverage",
    "prediction",
    "lower",
    "column coverage",
    "",
    "v0",
    "价 格",
    "\0",
)


def test_a_name_that_is_taken_gets_a_word_in_front():
    """Columns called as the coverage, an output, or an inner value still work."""
    table = table_of(["number"] * len(CLASHING), 3, list(CLASHING))
    runner = Runner(model_graph(table.columns, whole))
    assert np.array_equal(
        runner.run(table)["prediction"], table.matrix(), equal_nan=True
    )
    told = input_names(CLASHING)
    assert told["coverage"] == "column coverage"
    assert told["column coverage"] == "column column coverage"
    assert told["v0"] == "v0"
    assert told["价 格"] == "价 格"
    assert len(set(told.values())) == len(CLASHING)


def test_the_file_tells_its_columns():
    """The metadata lists each column with its input and kind."""
    model = onnx.load_model_from_string(
        model_graph([column("coverage", "date"), column("价", "number")], whole)
    )
    (note,) = [p.value for p in model.metadata_props if p.key == "columns"]
    assert json.loads(note) == [
        {"column": "coverage", "input": "column coverage", "kind": "date"},
        {"column": "价", "input": "价", "kind": "number"},
    ]
    assert [i.name for i in model.graph.input] == ["coverage", "column coverage", "价"]


def interval(t, coverage):
    center = jnp.sum(jnp.nan_to_num(t), axis=1)
    return {"prediction": center, "upper": center + coverage, "outside": center > 1}


def test_coverage_is_an_input():
    """The same graph answers for any coverage; outputs can be asked for by name."""
    table = table_of(["number", "date"], 5)
    runner = Runner(model_graph(table.columns, interval))
    found = runner.run(table, 0.5)
    np.testing.assert_allclose(found["upper"] - found["prediction"], 0.5, rtol=1e-3)
    assert runner.outputs == ("prediction", "upper", "outside")
    assert list(runner.run(table, outputs=["outside"])) == ["outside"]
    assert found["outside"].dtype == bool


@pytest.mark.parametrize("rows", [0, 1, 6, 7, 8])
def test_chunks_change_nothing(rows):
    """Rows are run a chunk at a time, and the outputs joined."""
    table = table_of(KINDS, rows)
    runner = Runner(model_graph(table.columns, interval))
    whole_, parts = runner.run(table), runner.run(table, chunk=3)
    for name in runner.outputs:
        assert whole_[name].shape == (rows,)
        assert np.array_equal(whole_[name], parts[name])


def test_one_node_per_column_at_most():
    """Of 80 columns only the categories cost a node each; the rest goes in groups."""
    table = table_of([KINDS[k % 4] for k in range(80)], 1)
    model = onnx.load_model_from_string(model_graph(table.columns, whole))
    assert len(model.graph.node) <= 20 + 10


def test_a_constant_function_still_counts_the_rows():
    """A function that reads no column gives one value per row."""
    table = table_of(KINDS, 4)
    model = model_graph(
        table.columns, lambda t, c: {"prediction": jnp.full((t.shape[0],), 2.5)}
    )
    assert Runner(model).run(table)["prediction"].tolist() == [2.5] * 4


def test_predicting_imports_no_machinery():
    """Running and reading a graph needs neither JAX nor the code that writes graphs."""
    code = (
        "import sys, mapsto.graph.run, mapsto.graph.archive; "
        "print([m for m in ('jax', 'sklearn', 'lightgbm', 'mapsto.graph.lower') "
        "if m in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
