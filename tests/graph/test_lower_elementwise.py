"""Every operation on single elements: the graph against NumPy and SciPy."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax
from running import graph, model_of, operators
from scipy import special

ANY, POSITIVE, UNIT = (-20.0, 20.0), (1e-6, 50.0), (-1.0, 1.0)

UNARY = {
    "abs": (jnp.abs, np.abs, ANY),
    "acos": (jnp.acos, np.arccos, UNIT),
    "acosh": (jnp.acosh, np.arccosh, (1.0, 40.0)),
    "asin": (jnp.asin, np.arcsin, UNIT),
    "asinh": (jnp.asinh, np.arcsinh, ANY),
    "atan": (jnp.atan, np.arctan, ANY),
    "atanh": (jnp.atanh, np.arctanh, (-0.999, 0.999)),
    "cbrt": (jnp.cbrt, np.cbrt, ANY),
    "ceil": (jnp.ceil, np.ceil, ANY),
    "cos": (jnp.cos, np.cos, (-1.5, 1.5)),
    "cosh": (jnp.cosh, np.cosh, ANY),
    "erf": (jax.scipy.special.erf, special.erf, (-7.0, 7.0)),
    "erfc": (jax.scipy.special.erfc, special.erfc, (-7.0, 2.0)),
    "exp": (jnp.exp, np.exp, ANY),
    "exp2": (jnp.exp2, np.exp2, ANY),
    "expm1": (jnp.expm1, np.expm1, ANY),
    "floor": (jnp.floor, np.floor, ANY),
    "log": (jnp.log, np.log, POSITIVE),
    "log1p": (jnp.log1p, np.log1p, (-0.999, 50.0)),
    "logistic": (lax.logistic, special.expit, (-15.0, 40.0)),
    "negative": (jnp.negative, np.negative, ANY),
    "reciprocal": (lambda x: x**-1, np.reciprocal, POSITIVE),
    "round": (jnp.round, np.round, ANY),
    "rsqrt": (lax.rsqrt, lambda x: 1 / np.sqrt(x), POSITIVE),
    "sign": (jnp.sign, np.sign, ANY),
    "sin": (jnp.sin, np.sin, (-3.0, 3.0)),
    "sinh": (jnp.sinh, np.sinh, ANY),
    "sqrt": (jnp.sqrt, np.sqrt, POSITIVE),
    "square": (jnp.square, np.square, ANY),
    "tan": (jnp.tan, np.tan, (-1.5, 1.5)),
    "tanh": (jnp.tanh, np.tanh, ANY),
    **{
        f"power {p}": (lambda x, p=p: x**p, lambda x, p=p: x**p, POSITIVE)
        for p in (2, 3, 4, 5, -2, 2.5)
    },
}

BINARY = {
    "add": (jnp.add, np.add),
    "atan2": (jnp.atan2, np.arctan2),
    "divide": (jnp.divide, np.divide),
    "floor_divide": (jnp.floor_divide, np.floor_divide),
    "fmod": (lax.rem, np.fmod),
    "hypot": (jnp.hypot, np.hypot),
    "logaddexp": (jnp.logaddexp, np.logaddexp),
    "maximum": (jnp.maximum, np.maximum),
    "minimum": (jnp.minimum, np.minimum),
    "multiply": (jnp.multiply, np.multiply),
    "pow": (lambda x, y: jnp.pow(jnp.abs(x), y), lambda x, y: np.abs(x) ** y),
    "remainder": (jnp.remainder, np.remainder),
    "subtract": (jnp.subtract, np.subtract),
}

TRUTHS = {
    "eq": lambda x, y: x == y,
    "ge": lambda x, y: x >= y,
    "gt": lambda x, y: x > y,
    "le": lambda x, y: x <= y,
    "lt": lambda x, y: x < y,
    "ne": lambda x, y: x != y,
    "nan": lambda x, y: x != x,
    "and": lambda x, y: (x > 0) & (y > 0),
    "or": lambda x, y: (x > 0) | (y > 0),
    "xor": lambda x, y: (x > 0) ^ (y > 0),
    "not": lambda x, y: ~(x > y),
}


def between(low, high, dtype=np.float64, rows=400):
    """Points over the range, many of them near 0 where that is in it."""
    rng = np.random.default_rng(0)
    points = rng.uniform(low, high, rows)
    near_zero = points * 10.0 ** rng.uniform(-12, 0, rows)
    inside = (near_zero >= low) & (near_zero <= high)
    return np.where(inside, near_zero, points).astype(dtype)[:, None]


def assert_relative(found, truth, tolerance):
    assert found.dtype == truth.dtype
    scale = np.maximum(np.abs(truth), np.finfo(truth.dtype).tiny)
    assert np.max(np.abs(found - truth) / scale) <= tolerance


@pytest.mark.parametrize("name", UNARY)
def test_a_double_function_is_exact_to_1e13_of_itself(name):
    """In float64 each function agrees with NumPy or SciPy, also next to its zeros."""
    function, reference, domain = UNARY[name]
    x = between(*domain)
    assert_relative(graph(function, x), reference(x), 1e-13)


@pytest.mark.parametrize("name", UNARY)
def test_a_float_function_runs_in_float(name):
    """In float32 each function agrees with the double reference to float32."""
    function, reference, domain = UNARY[name]
    x = between(*domain, dtype=np.float32)
    found, truth = graph(function, x), reference(x.astype(np.float64))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, truth, rtol=3e-6, atol=3e-7)


@pytest.mark.parametrize("name", BINARY)
def test_a_double_function_of_two_arguments_agrees(name):
    """In float64 each function of two arguments agrees with NumPy."""
    function, reference = BINARY[name]
    x, y = np.random.default_rng(1).normal(size=(2, 500, 3)) * 10
    found, truth = graph(function, x, y), reference(x, y)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, truth, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64])
@pytest.mark.parametrize("name", TRUTHS)
def test_a_comparison_agrees(name, dtype):
    """Comparisons and logic agree with NumPy, equal numbers and NaN among them."""
    rng = np.random.default_rng(2)
    x, y = rng.integers(-2, 3, (2, 300, 2)).astype(dtype)
    if dtype != np.int64:
        x[::7] = np.nan
    found = graph(TRUTHS[name], x, y)
    assert found.dtype == bool
    assert np.array_equal(found, TRUTHS[name](x, y))


@pytest.mark.parametrize(
    "name", ["abs", "expm1", "log1p", "atan", "erf", "erfc", "logistic", "tanh", "cosh"]
)
def test_infinity_and_nan_pass_as_in_numpy(name):
    """The ends of the range, zero and NaN give what NumPy and SciPy give."""
    function, reference, _ = UNARY[name]
    x = np.array([[np.inf], [-np.inf], [np.nan], [0.0], [1e300], [-0.5], [-1.0]])
    with np.errstate(all="ignore"):
        truth = reference(x)
    np.testing.assert_allclose(graph(function, x), truth, rtol=1e-13)


@pytest.mark.parametrize("name", ["asinh", "atan", "cbrt", "log1p"])
def test_enormous_numbers_do_not_overflow(name):
    """Functions that grow slowly are right up to the end of the range of doubles."""
    function, reference, _ = UNARY[name]
    x = 10.0 ** np.linspace(0, 307, 100)[:, None]
    assert_relative(graph(function, x), reference(x), 2e-14)


def test_the_tail_of_erfc_is_relatively_exact():
    """erfc does not cancel, down to the smallest numbers."""
    x = np.linspace(0, 26, 500)[:, None]
    found = graph(jax.scipy.special.erfc, x)
    assert_relative(found, special.erfc(x), 3e-13)


def test_rounding_sends_halves_to_even_or_away():
    """`round` is to even; lax can also round away from zero."""
    x = np.array([[0.5], [1.5], [-0.5], [-2.5], [2.4], [-2.6]])
    assert np.array_equal(graph(jnp.round, x), np.round(x))
    away = graph(lambda v: lax.round(v, lax.RoundingMethod.AWAY_FROM_ZERO), x)
    assert away.ravel().tolist() == [1, 2, -1, -3, 2, -3]


def test_integers_divide_towards_zero():
    """Integer division and remainder as in lax; int32 is told as int64."""
    x = np.array([[-7], [7], [6]], np.int32)
    assert graph(lambda v: lax.div(v, jnp.int32(2)), x).ravel().tolist() == [-3, 3, 3]
    assert graph(lambda v: lax.rem(v, jnp.int32(4)), x).ravel().tolist() == [-3, 3, 2]
    assert graph(lambda v: v * 2, x).dtype == np.int64


def test_casts_truncate_and_follow_the_trace():
    """astype: doubles to integers, booleans to doubles, doubles to float32."""
    x = np.array([[1.9], [-1.9], [0.0]])
    assert graph(lambda v: v.astype(int), x).ravel().tolist() == [1, -1, 0]
    assert graph(lambda v: (v > 0).astype(float), x).ravel().tolist() == [1, 0, 0]
    third = graph(lambda v: v.astype(jnp.float32) / 3, x)
    assert third.dtype == np.float32
    assert np.array_equal(third, x.astype(np.float32) / np.float32(3))


def test_select_picks_among_many_cases():
    """where, clip, and a choice among four arrays by an integer."""
    x = np.random.default_rng(3).normal(size=(50, 4))
    which = np.random.default_rng(4).integers(0, 4, (50, 4)).astype(np.int32)
    cases = lambda v: [v, -v, v * v, v + 1]  # noqa: E731
    chosen = graph(lambda w, v: lax.select_n(w, *cases(v)), which, x)
    assert np.array_equal(chosen, np.choose(which, cases(x)))
    assert np.array_equal(graph(lambda v: jnp.clip(v, -1, 0.5), x), x.clip(-1, 0.5))
    both = graph(lambda v: jnp.where(v > 0, v > 1, v < -1), x)
    assert np.array_equal(both, np.abs(x) > 1)


def test_clip_and_extremes_keep_nan():
    """A missing value stays missing through clip, maximum and minimum."""
    x = np.array([[np.nan], [3.0]])
    for function in (lambda v: jnp.clip(v, 0, 1), lambda v: jnp.minimum(1.0, v)):
        assert np.array_equal(
            graph(function, x), np.array([[np.nan], [1.0]]), equal_nan=True
        )


def test_is_finite():
    """isfinite and isnan."""
    x = np.array([[np.nan], [np.inf], [-np.inf], [1e308], [0.0]])
    assert np.array_equal(graph(jnp.isfinite, x), np.isfinite(x))
    assert np.array_equal(graph(jnp.isnan, x), np.isnan(x))


def test_float_kernels_are_single_nodes():
    """Where ONNX Runtime has a kernel, the function is one node."""
    x = np.zeros((1, 1), np.float32)
    for name in ("tanh", "tan", "atan", "erf", "sinh", "logistic"):
        assert len(operators(model_of(UNARY[name][0], x))) == 1
