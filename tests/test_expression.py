"""The expression language: what it means, what it refuses, and where it says so."""

import math
import string

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st

from mapsto.errors import ExpressionError
from mapsto.expression import FUNCTIONS, Call, evaluate, parse, variables, write
from mapsto.expression.tree import (
    Binary,
    Compare,
    Constant,
    Logic,
    Name,
    Negate,
    Not,
    Number,
)

X = np.linspace(-0.9, 0.95, 38)


def value(text, **values):
    values = values or {"x": X}
    return evaluate(parse(text), {k: np.asarray(v) for k, v in values.items()})


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("exp(-x**2) * sin(20*x)", np.exp(-(X**2)) * np.sin(20 * X)),
        ("-x**2", -(X**2)),
        ("(-x)^2", X**2),
        ("2**-x", 2.0**-X),
        ("2**3**2 + 0*x", np.full_like(X, 512.0)),
        ("8/4/2 - 3 - 2 + 0*x", np.full_like(X, -4.0)),
        ("1e-1 * .5 * 2. * x", 0.1 * X),
        ("where(x < 0, -x, sqrt(x))", np.where(X < 0, -X, np.abs(X) ** 0.5)),
        ("where(-0.5 <= x < 0.5, 1, 0)", (X >= -0.5) & (X < 0.5)),
        ("(x > 0) * x", np.maximum(X, 0)),
        ("where(not x > 0 or x > 0.5 and x < 0.7, 1, 2)", None),
        ("cos(π*x) + e**x + pi", np.cos(np.pi * X) + np.e**X + np.pi),
        ("min(x, 0.2, -x)", np.minimum(np.minimum(X, 0.2), -X)),
        ("erf(3*x) + gamma(x + 2)", None),
        ("besselj(0, 5*x)", scipy.special.j0(5 * X)),
        ("sinc(10*x)", np.sinc(10 * X / np.pi)),
        ("cbrt(x) + mod(x, 0.37)", np.cbrt(X) + np.mod(X, 0.37)),
        ("sigmoid(x) + softplus(x)", 1 / (1 + np.exp(-X)) + np.logaddexp(0, X)),
        ("ln(x + 1) + arctan2(x, 2)", np.log1p(X) + np.arctan2(X, 2)),
        ("2 × x − 1 · x", X),
    ],
)
def test_means_what_mathematics_means(text, reference):
    """Each construct has the value that NumPy or SciPy gives."""
    if reference is None:
        reference = {
            "where": np.where(~(X > 0) | (X > 0.5) & (X < 0.7), 1, 2),
            "erf": scipy.special.erf(3 * X) + scipy.special.gamma(X + 2),
        }[text.split("(")[0]]
    np.testing.assert_allclose(value(text), reference, rtol=1e-13, atol=1e-15)


def test_every_function_has_a_value():
    """Every function of the table can be called with its least number of arguments."""
    x = np.array([1.5])
    for name, function in FUNCTIONS.items():
        if name not in ("where", "asin", "acos", "atanh"):
            assert np.isfinite(function.evaluate(np, *[x] * function.least)).all(), name


def test_names_may_be_any_identifier():
    """Names in any script, names in backquotes, and names that hide a constant."""
    assert variables(parse("面积 * größe + `floor area` - 面积")) == (
        "面积",
        "größe",
        "floor area",
    )
    assert value("e * pi", e=2.0, pi=3.0) == pytest.approx(math.e * math.pi)
    both = parse("e * pi", names=("e",))
    assert evaluate(both, {"e": np.asarray(2.0)}) == pytest.approx(2 * math.pi)
    assert parse(write(both), names=("e",)) == both


def test_unknown_calls_are_for_the_caller_to_allow():
    """A call of a named part parses only where it is allowed, and is then a node."""
    text = "size(area, floor) + place(district) * age"
    node = parse(text, functions=None)
    calls = [n for n in (node.left, node.right.left) if isinstance(n, Call)]
    assert [c.function for c in calls] == ["size", "place"]
    assert variables(node) == ("area", "floor", "district", "age")
    assert parse(text, functions=("size", "place")) == node
    parts = {"size": lambda a, b: a * b, "place": lambda d: d + 1}
    at = {n: np.asarray(float(i)) for i, n in enumerate(variables(node))}
    assert evaluate(node, at, parts) == 0 * 1 + (2 + 1) * 3
    with pytest.raises(ExpressionError, match="'size'"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "position", "word"),
    [
        ("", 1, "found the end"),
        ("(x + 1", 7, "expected ')'"),
        ("x + ) 1", 5, "found ')'"),
        ("2x", 2, "an operator"),
        ("sin x", 5, "an operator"),
        ("snh(x)", 1, "'sinh'"),
        ("atan2(x)", 1, "takes 2"),
        ("sin()", 5, "a number"),
        ("x.__class__", 2, "'.'"),
        ("x[0]", 2, "'['"),
        ("'x'", 1, "found"),
        ("__import__(x)", 1, "not a function"),
        ("lambda: x", 7, "':'"),
        ("where(x, 1, 2)", 1, "a condition"),
        ("not x", 1, "a condition"),
        ("1e999 * x", 1, "1e308"),
        ("x = 2", 3, "'='"),
        ("x\n  + $", 7, "'$'"),
    ],
)
def test_refuses_and_says_where(text, position, word):
    """What is not in the language is refused, at the character where it goes wrong."""
    with pytest.raises(ExpressionError, match=r".") as caught:
        parse(text)
    assert caught.value.parameters["position"] == position
    assert word in str(caught.value)


def test_unknown_names_get_near_ones():
    """A misspelt variable is met with the names there are."""
    with pytest.raises(ExpressionError, match="Did you mean 'area'"):
        parse("aera * 2", names=("area", "age"))


@pytest.mark.parametrize(
    "text",
    ["(" * 400 + "x" + ")" * 400, "-" * 5000 + "x", "x" + "+x" * 3000, "x" * 20000],
)
def test_size_is_bounded(text):
    """Deep or long text is refused before it can exhaust the stack."""
    with pytest.raises(ExpressionError, match=r"nested|characters"):
        parse(text)


@given(st.text(alphabet=string.printable + "é面²√−", max_size=40))
def test_any_text_is_read_or_refused(text):
    """No text whatever makes the reader fail in any other way."""
    try:
        node = parse(text, functions=None)
    except ExpressionError:
        return
    assert parse(write(node), functions=None) == node


_leaves = st.one_of(
    st.sampled_from([Name("x"), Name("y z"), Name("and"), Constant("pi")]),
    st.sampled_from(["0", "2", "0.5", "1e-3"]).map(Number),
)


def _grow(nodes):
    conditions = st.builds(
        Compare, st.sampled_from(["<", "<=", ">", "==", "!="]), nodes, nodes
    )
    conditions |= st.builds(
        Logic, st.sampled_from(["and", "or"]), conditions, conditions.map(Not)
    )
    return st.one_of(
        st.builds(Negate, nodes),
        st.builds(Binary, st.sampled_from(["+", "-", "*", "/", "**"]), nodes, nodes),
        st.builds(lambda a: Call("sin", (a,)), nodes),
        st.builds(lambda c, a, b: Call("where", (c, a, b)), conditions, nodes, nodes),
    )


@given(st.recursive(_leaves, _grow, max_leaves=12))
def test_what_is_written_reads_as_the_same_tree(node):
    """parse(write(node)) is the node, whatever the tree."""
    assert parse(write(node)) == node


def test_runs_on_jax_as_on_numpy():
    """The same tree is traced by JAX and gives the same values."""
    jax = pytest.importorskip("jax")
    node = parse("exp(-x**2)*where(x < 0, erf(x), min(x, 0.3))**2 + sinc(x)")
    with jax.enable_x64(True):
        traced = jax.jit(lambda x: evaluate(node, {"x": x}))(X)
        np.testing.assert_allclose(traced, evaluate(node, {"x": X}), atol=1e-14)
