"""mapsto.approximate: what it takes, what it finds, what it hands over."""

import json
import pickle
import re

import numpy as np
import onnxruntime
import polars as pl
import pytest
from found import LINES, TASKS, found, largest_error

import mapsto
from mapsto import expression
from mapsto.approximation.approximating import framed
from mapsto.approximation.choices import Choices
from mapsto.approximation.target import read
from mapsto.errors import ExpressionError, FileError, OptionError
from mapsto.events import SizeTried, Stopped

QUICK = {"tol": 1e-2, "activation": "tanh"}
SQUARE = {"x": (-1, 1), "y": (-1, 1)}


# ── what is found ──


@pytest.mark.parametrize("name", LINES)
def test_the_tolerance_is_met_everywhere(name):
    made = found(name)

    assert made.met
    assert largest_error(made) <= 1.001 * made.error <= 1.001 * made.tol


def test_a_plane_is_approximated():
    made = found("plane")
    x, y = np.meshgrid(np.linspace(0, 1, 70), np.linspace(-1, 1, 70))

    off = np.abs(made.predict({"x": x.ravel(), "y": y.ravel()}) - (x * y).ravel())

    assert off.max() <= 1.001 * made.error <= 1.001 * made.tol
    assert off.max() <= made.certificate.bound <= made.tol
    assert made.neurons == min(t.neurons for t in made.tried if t.error <= made.tol)


@pytest.mark.parametrize(
    ("f", "activation", "neurons"),
    [
        ("tanh(50*x) + 1", "tanh", 1),
        ("1/(1 + exp(-9*x))", "sigmoid", 1),
        ("sin(10*x + 1)", "sin", 1),
        ("abs(x - 0.1)", "relu", 2),
    ],
)
def test_a_function_that_is_a_network_is_found(f, activation, neurons):
    made = mapsto.approximate(f, (-1, 1), tol=1e-9, activation=activation)

    assert (made.activation, made.neurons) == (activation, neurons)


def test_the_activation_is_chosen_by_size():
    assert found("kink").activation == "relu"
    assert mapsto.approximate("cos(30*x)", (0, 1), tol=1e-6).activation == "sin"


def test_more_neurons_are_never_worse():
    errors = [
        mapsto.approximate("exp(2*x)", (0, 1), neurons=n, activation="tanh").error
        for n in (1, 2)
    ]

    assert errors[1] < 0.1 * errors[0]


def test_a_fixed_size_is_not_exceeded():
    made = mapsto.approximate("x*x*x", (0, 1), neurons=2, activation="sin")

    assert made.neurons <= 2
    assert made.tol is None
    assert made.error == pytest.approx(min(t.error for t in made.tried), rel=0.2)


def test_the_same_seed_gives_the_same_network():
    one, two = (mapsto.approximate("exp(x)", (-1, 1), **QUICK) for _ in range(2))

    assert one.to_dict() == two.to_dict()


def test_in_float32_the_network_as_run_meets_the_tolerance():
    made = found("single")
    x = np.linspace(-1, 1, 50_001).astype(np.float32)

    y = made.predict(x)

    assert y.dtype == np.float32
    assert np.abs(y.astype(float) - np.exp(x.astype(float))).max() <= made.tol


def test_no_polygon_has_fewer_segments():
    made = found("relu")

    assert made.least == made.neurons
    assert "fewer than" in str(made)


# ── what it takes ──


def scalar_only(x):
    return 1.0 if float(x) > 2.0 else x * x


@pytest.mark.parametrize("f", [lambda x: x * x, scalar_only, np.square])
def test_a_python_function(f):
    made = mapsto.approximate(f, (0, 1), **QUICK)

    assert (
        np.abs(made.predict(np.linspace(0, 1, 99)) - np.linspace(0, 1, 99) ** 2).max()
        < 0.01
    )
    assert made.unproved == "no-proof-callable"
    assert "can only be sampled" in str(made)


X = np.linspace(0.0, 2.0, 41)
TABLE = {"time": X, "height": X**2 / 4}


@pytest.mark.parametrize(
    "samples",
    [
        (X, X**2 / 4),
        np.column_stack([X, X**2 / 4]),
        np.column_stack([X, X**2 / 4]).tolist(),
        TABLE,
        pl.DataFrame(TABLE),
    ],
    ids=["pair", "array", "list", "dict", "polars"],
)
def test_samples(samples):
    made = mapsto.approximate(samples, **QUICK)

    assert (made.low, made.high) == ((0.0,), (2.0,))
    assert np.abs(made.predict(X) - X**2 / 4).max() <= 0.01
    assert made.unproved == "no-proof-samples"
    assert "nothing is known between the samples" in str(made)


def test_names_of_samples_are_those_of_the_table():
    assert mapsto.approximate(TABLE, **QUICK).names == ("time",)


BAD = [
    ("sin(z)", {"x": (0, 1)}, {}, "names 'z'"),
    ("sin(x", (0, 1), {}, "expected ')'"),
    ("x.real", (0, 1), {}, "found '.'"),
    ("open(x)", (0, 1), {}, "'open'"),
    ("2", (0, 1), {}, "has no variable"),
    ("1/(x - 0.3)", (-1, 1), {}, "without bound near x = 0.3"),
    ("tan(x)", (0, 3), {}, "without bound near x = 1.57"),
    ("log(x)", (0, 1), {}, "is not a finite number at x = 0: it is -inf"),
    ("sqrt(x)", (-1, 1), {}, "is not a finite number at x = -1: it is nan"),
    ("sign(x - 0.2)", (-1, 1), {}, "jumps by 2 at x = 0.2"),
    ("floor(x*y)", SQUARE, {}, "jumps by 1 at"),
    ("atan2(y, x)", SQUARE, {}, "jumps by 6.28 at x = -1, y = 0"),
    ("where(x + y < 0.1, 0, 1)", SQUARE, {}, "error is at least 0.5"),
    ("1/(x - y/3 - 0.01)", SQUARE, {}, "grows without bound near"),
    ("x", (1, 1), {}, "it is empty"),
    ("x", (1, 0), {}, "it is empty"),
    ("x", (0, float("inf")), {}, "it is not bounded"),
    ("x", None, {}, "it is not given"),
    ("x", "wide", {}, "not a pair of numbers"),
    ("x*y", (0, 1), {}, "1 pair(s) for 2 input(s)"),
    ("a*b*c*d*f", [(0, 1)] * 5, {}, "at most 4 can be approximated"),
    ("sin(x)", (0, 1), {"tol": 1e-20}, "what float64 can reach"),
    ("x", (0, 1), {"tol": 1e-9, "precision": "float32"}, 'Use precision="float64"'),
    ("sin(x)", (0, 1), {"tol": 0.0}, "finite number above 0"),
    ("sin(x)", (0, 1), {"tol": float("nan")}, "finite number above 0"),
    ("sin(x)", (-1, 1), {"relative": True}, "a relative tolerance leaves no room"),
    ("x", (0, 1), {"activation": "tahn"}, "Did you mean 'tanh'"),
    ("x", (0, 1), {"precision": "float16"}, "float64, float32"),
    ("x", (0, 1), {"neurons": 0}, "whole number from 1 to"),
    ("x", (0, 1), {"layers": 3}, "it is 1 or 2"),
    ("x", (0, 1), {"layers": 2, "activation": "sin"}, "two layers are of tanh"),
    ("x*y", [(0, 1)] * 2, {"activation": "relu"}, "one input and one hidden layer"),
    ("x", (0, 1), {"budget": -1}, "in seconds"),
    ("x", (0, 1), {"seed": 0.5}, "whole number from 0"),
    (3.0, (0, 1), {}, "Cannot approximate a float"),
    (([1, 2], [1, 2, 3]), None, {}, "x has the shape (2, 1) and y (3,)"),
    (([1, 2], [1, np.nan]), None, {}, "row 2 is not finite"),
    (([1, 1, 1], [1, 2, 3]), None, {}, "too few"),
]  # fmt: skip


@pytest.mark.parametrize(("f", "on", "options", "says"), BAD, ids=[b[3] for b in BAD])
def test_bad_input_is_told(f, on, options, says):
    with pytest.raises((OptionError, ExpressionError)) as told:
        mapsto.approximate(f, on, **options)

    assert says in str(told.value)


@pytest.mark.parametrize(
    "f", ["sqrt(abs(x - y))", "max(x, y)", "tanh(1000*x + 300*y)", "floor(x*y)*1e-8"]
)
def test_what_is_only_steep_is_no_jump(f):
    problem = framed(
        read(f, SQUARE), Choices(1e-7, False, "auto", None, 1, "float64", 0)
    )

    assert problem.inputs == 2


def test_a_jump_may_be_crossed_within_the_tolerance():
    made = mapsto.approximate("sign(x - 0.2)", (-1, 1), tol=1.1, activation="tanh")

    assert made.met


# ── stopping ──


def test_a_stop_keeps_the_best_so_far():
    told = []

    def stop_at_the_third(event):
        told.append(event)
        if len(told) == 3:
            raise Stopped

    made = mapsto.approximate(
        "sin(20*x)*exp(x)",
        (-1, 1),
        tol=1e-9,
        activation="tanh",
        on_event=stop_at_the_third,
    )

    assert all(isinstance(event, SizeTried) for event in told)
    assert made.error == pytest.approx(min(e.error for e in told), rel=0.1)
    assert not made.met
    assert "was not met" in str(made)


def test_a_budget_keeps_the_best_so_far():
    made = mapsto.approximate(
        "sin(40*x**2)", (-1, 1), tol=1e-12, activation="tanh", budget=1.0
    )

    assert made.error < 1.2


# ── what is handed over ──


@pytest.mark.parametrize("name", TASKS)
def test_every_form_is_the_same_function(name):
    """The formula, the Python function, the ONNX model and the file."""
    made = found(name)
    points = np.random.default_rng(0).uniform(made.low, made.high, (50, len(made.low)))
    columns = dict(zip(made.names, points.T.astype(made.network.dtype), strict=True))
    y = made.predict(columns)
    near = (
        {"rtol": 1e-6, "atol": 1e-4}
        if name == "single"
        else {"rtol": 1e-9, "atol": 1e-11}
    )

    tree = expression.parse(made.formula(), made.names)
    space = {}
    exec(made.python(), space)
    session = onnxruntime.InferenceSession(made.onnx())

    np.testing.assert_allclose(expression.evaluate(tree, columns), y, **near)
    np.testing.assert_allclose(space["f"](*columns.values()), y, **near)
    np.testing.assert_allclose(session.run(None, columns)[0], y, **near)


def test_names_that_python_does_not_know():
    made = mapsto.approximate("`a b` + h", {"a b": (0, 1), "h": (0, 1)}, **QUICK)
    space = {}

    exec(made.python(), space)

    half = np.array([0.5])
    assert space["f"](half, half) == pytest.approx(1.0, abs=0.02)
    assert "`a b`" in made.formula()


@pytest.mark.parametrize("name", TASKS)
def test_saved_and_loaded(name, tmp_path):
    made = found(name)
    made.save(tmp_path / "f.mapsto")

    loaded = mapsto.load(tmp_path / "f.mapsto")

    assert (
        loaded.to_dict() == made.to_dict() == pickle.loads(pickle.dumps(made)).to_dict()
    )
    assert json.loads(json.dumps(made.to_dict())) == made.to_dict()
    assert str(loaded) == str(made)
    if made.certificate:
        assert mapsto.verify(tmp_path / "f.mapsto").holds


def test_a_record_holds_what_a_plot_needs():
    record = found("kink").to_dict()
    x, f, network, error = (
        np.array(record["samples"][k]) for k in ("x", "f", "network", "error")
    )

    np.testing.assert_allclose(f, np.abs(x[:, 0] - 0.25), atol=1e-15)
    np.testing.assert_array_equal(error, f - network)
    assert np.abs(error).max() == pytest.approx(found("kink").error, rel=0.01)
    assert record["tried"]


@pytest.mark.parametrize("missing", ["weights", "low", "certificate", "activation"])
def test_a_file_that_is_not_complete_is_refused(missing, tmp_path):
    record = found("tanh").to_dict()
    del record[missing]
    mapsto.approximation.result.archive.write(tmp_path / "f.mapsto", record, {})

    with pytest.raises(FileError, match="not complete"):
        mapsto.load(tmp_path / "f.mapsto")


def test_points_keep_their_shape():
    made = found("tanh")

    assert made.predict(0.5).shape == ()
    assert made.predict([[0.1, 0.2], [0.3, 0.4]]).shape == (2, 2)
    assert found("plane").predict([[0.5, 0.5]]).shape == (1,)
    with pytest.raises(OptionError, match="takes points"):
        found("plane").predict([0.5, 0.5, 0.5])


def test_a_notebook_shows_the_sizes():
    shown = found("tanh")._repr_html_()

    assert re.search(r"<td[^>]*>tanh</td><td[^>]*>1</td>", shown)
    assert "exp(x)" in shown
