"""What is enclosed lies inside: values, and Taylor coefficients."""

import numpy as np
import pytest

pytest.importorskip("flint")

from flint import arb, ctx
from found import LINES, found

from mapsto.approximation.enclosure import Rough, enclose
from mapsto.approximation.network_enclosure import Enclosed
from mapsto.approximation.rounding import rounding_bound
from mapsto.expression import FUNCTIONS, Call, evaluate, parse, walk

SMOOTH = (
    *("exp(x)", "expm1(x)", "log(x+3)", "log1p(x/2)", "log2(x+3)", "log10(x+3)"),
    *("sqrt(x+2)", "cbrt(x+2)", "hypot(x, 1)", "x**3", "(x+3)**-2", "(x+3)**0.7"),
    *("(x+3)**x", "2**x", "e**x*pi", "-x**2/(1 + x**2)"),
    *("sin(x)", "cos(x)", "tan(x)", "asin(x/2)", "acos(x/2)", "atan(x)"),
    *("sinh(x)", "cosh(x)", "tanh(9*x)", "asinh(x)", "acosh(x+3)", "atanh(x/3)"),
    *("atan2(x, 2)", "atan2(1, x)", "sigmoid(x)", "softplus(x)", "normcdf(x)"),
    *("erf(x)", "erfc(x)", "erfi(x)", "gamma(x+3)", "lgamma(x+3)", "digamma(x+3)"),
    *("zeta(x+4)", "airyai(3*x)", "airybi(x)", "lambertw(x+2)", "si(x)", "ci(x+3)"),
    *("ei(x+3)", "fresnels(x)", "fresnelc(x)", "besselj(0, 4*x)", "besseli(1, x+3)"),
    *("tanh(exp(x))", "exp(-x**2)*sin(20*x)", "besselj(0.5, exp(x))"),
)
KINKED = (
    *("abs(x)", "sqrt(abs(x))", "cbrt(x)", "sign(x)", "floor(3*x)", "ceil(3*x)"),
    *("mod(x, 0.7)", "min(x, x**2)", "max(x, 0.2, -x)", "relu(x)", "sinc(5*x)"),
    *("where(x < 0, -x, sqrt(x))", "where(not x < 0 and x < 0.5, sin(x), 1)"),
    *("where(x > 0.2 or x == 0, 2, x)", "abs(tanh(9*x))", "x**0.5", "atan2(x, -1)"),
)


def balls(seed, count=25):
    """Intervals of every width, some of them around 0: (low, high)."""
    rng = np.random.default_rng(seed)
    width = 10.0 ** rng.uniform(-6.0, 0.0, count)
    middle = np.where(np.arange(count) % 4 == 0, 0.0, rng.uniform(-1.2, 1.2, count))
    return list(zip(middle - width / 2, middle + width / 2, strict=True))


def ball(low, high):
    return arb(float(low)).union(arb(float(high)))


def holds(enclosed, value):
    """Up to the rounding of the value, which is computed in float64."""
    return enclosed.overlaps(arb(value, 1e-12 * (1.0 + abs(value))))


@pytest.fixture(autouse=True)
def precise():
    with ctx.workprec(100):
        yield


def test_every_function_of_the_language_is_tested_here():
    used = {
        node.function
        for text in SMOOTH + KINKED
        for node in walk(parse(text))
        if isinstance(node, Call)
    }

    assert used == set(FUNCTIONS)


@pytest.mark.parametrize("text", SMOOTH + KINKED)
def test_a_range_contains_the_values(text):
    tree = parse(text)
    for low, high in balls(0):
        x = np.linspace(low, high, 21)
        values = evaluate(tree, {"x": x}) + 0.0 * x
        try:
            enclosed = enclose(tree, {"x": ball(low, high)}, 1)[0]
        except Rough:
            assert text in KINKED
            continue
        assert all(holds(enclosed, y) for y in values if np.isfinite(y))


@pytest.mark.parametrize("text", SMOOTH + KINKED)
def test_coefficients_of_a_cell_contain_those_of_its_points(text):
    tree, compared = parse(text), 0
    for low, high in balls(1, 12):
        try:
            cell = enclose(tree, {"x": ball(low, high)}, 5)
        except Rough:
            continue
        for x in np.linspace(low, high, 5):
            point = enclose(tree, {"x": arb(float(x))}, 5)
            assert all(c.overlaps(p) for c, p in zip(cell, point, strict=True))
            compared += 1
    assert compared > 0


@pytest.mark.parametrize("text", SMOOTH)
def test_coefficients_are_those_of_the_function(text):
    """The series at a point gives the values nearby."""
    tree = parse(text)
    for x, h in ((0.3, 1e-3), (-0.7, -2e-3), (0.9, 1e-3)):
        series = enclose(tree, {"x": arb(x)}, 5)
        value = sum(float(c) * h**k for k, c in enumerate(series))
        expected = float(evaluate(tree, {"x": np.array([x + h])})[0])
        assert value == pytest.approx(expected, rel=1e-8, abs=1e-8)


def test_an_order_that_varies_has_no_series():
    """The jet of a Bessel function is along its argument, not along its order."""
    with pytest.raises(Rough):
        enclose(parse("besselj(x + 2, x)"), {"x": arb(0.5)}, 5)


@pytest.mark.parametrize("name", LINES)
def test_a_network_lies_in_its_enclosure(name):
    network = found(name).network
    enclosed = Enclosed(network)
    wide = network.cast(np.float64)
    for low, high in balls(2):
        value, slope = enclosed.series(ball(low, high), 2)
        x = np.linspace(low, high, 21)
        y = wide(x[:, None])
        assert all(holds(value, v) for v in y)
        steps = np.diff(y) / np.diff(x)
        noise = 2.0 * rounding_bound(wide, x[:1], x[-1:]) / np.diff(x).min()
        assert all(slope.overlaps(arb(s, noise)) for s in steps)


@pytest.mark.parametrize("name", [n for n in LINES if n not in ("relu", "kink")])
def test_a_networks_coefficients_are_its_own(name):
    network = found(name).network.cast(np.float64)
    series = Enclosed(network).series(arb(0.3), 5)

    for h in (-1e-3, 1e-3):
        value = sum(float(c) * h**k for k, c in enumerate(series))
        expected = float(network(np.array([[0.3 + h]]))[0])
        assert value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    "text", ["sqrt(x**2)", "cbrt(x**2)", "(x**2)**0.5", "hypot(x, x)"]
)
def test_a_root_of_a_ball_around_zero_holds_its_range(text):
    """Arb's own power is NaN on a ball that is symmetric around 0."""
    (found,) = enclose(parse(text), {"x": arb(0, 1)}, 1)

    assert found.contains(arb(0))
    assert found.contains(arb(1))
