"""A certificate holds for what it names, and for nothing else."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("flint")

from flint import arb, ctx
from found import EXACT, LINES, found, largest_error

import mapsto
from mapsto.approximation.certificate import prove
from mapsto.approximation.claim import Claim, digest
from mapsto.approximation.enclosure import ball_over
from mapsto.approximation.network import Network, rebuilt
from mapsto.approximation.rounding import rounding_bound
from mapsto.approximation.target import read
from mapsto.expression import parse


def changed(made, network: Network, **claim):
    """The approximation with another network, and a certificate that names it."""
    low, high = np.array(made.low), np.array(made.high)
    proof = replace(
        made.certificate,
        digest=digest(network),
        rounding=2.0 * rounding_bound(network, low, high),
        **claim,
    )
    return replace(made, network=network, certificate=proof)


def line(f, network, on, bound, relative=False):
    """A claim about a function of x."""
    low, high = on
    return Claim(parse(f), network, ("x",), (low,), (high,), bound, relative)


def with_weight(network, layer, index, value):
    """The network with one number set: index counts those of the array."""
    arrays = [a.copy() for a in network.arrays()]
    arrays[layer].flat[index] = value
    return rebuilt(network.activation, arrays)


@pytest.mark.parametrize("name", LINES)
def test_a_certificate_holds_and_says_the_truth(name):
    made = found(name)

    assert mapsto.verify(made).holds
    assert largest_error(made) <= made.certificate.bound + made.certificate.rounding
    assert made.certificate.bound <= made.tol


@pytest.mark.parametrize("name", EXACT)
def test_a_bound_below_the_largest_error_is_refused(name):
    made = found(name)
    proof = replace(made.certificate, bound=0.98 * made.error)

    assert not mapsto.verify(replace(made, certificate=proof)).holds


@pytest.mark.parametrize("name", EXACT)
def test_no_proof_is_found_below_the_largest_error(name):
    made = found(name)
    bound = 0.98 * made.error
    on = made.low[0], made.high[0]

    assert not prove(line(made.function, made.network, on, bound, made.relative)).proved


@pytest.mark.parametrize("name", LINES)
def test_another_network_is_refused(name):
    made = found(name)
    weight = float(made.network.arrays()[0].flat[0])
    other = with_weight(
        made.network, 0, 0, np.nextafter(weight, np.inf, dtype=made.network.dtype)
    )

    assert mapsto.verify(replace(made, network=other)).problem == "proof-other-network"


@pytest.mark.parametrize("seed", range(40))
def test_hunting_for_a_wrong_certificate(seed):
    """Whatever holds after a change of a weight and of the bound is true."""
    rng = np.random.default_rng(seed)
    made = found(LINES[seed % len(LINES)])
    arrays = made.network.arrays()
    layer = int(rng.integers(len(arrays)))
    index = int(rng.integers(arrays[layer].size))
    size = 10.0 ** rng.uniform(-8.0, 0.0)
    value = float(arrays[layer].flat[index]) * (1.0 + size) + 0.1 * size
    bound = made.error * float(rng.uniform(0.5, 3.0))
    other = changed(made, with_weight(made.network, layer, index, value), bound=bound)

    if mapsto.verify(other).holds:
        assert largest_error(other) <= bound + other.certificate.rounding


@pytest.mark.parametrize("name", LINES)
def test_a_weight_that_matters_is_refused_under_its_own_name(name):
    """The bias at the end moved by three bounds: the name fits, the claim is false."""
    made = found(name)
    last = len(made.network.arrays()) - 1
    scale = max(map(abs, (largest(made), 1.0))) if made.relative else 1.0
    move = 3.0 * made.certificate.bound * scale
    value = float(made.network.arrays()[last][0]) + move

    verdict = mapsto.verify(changed(made, with_weight(made.network, last, 0, value)))

    assert verdict.problem in ("proof-refuted", "proof-incomplete")


def largest(made):
    return float(np.abs(made.predict(np.linspace(made.low[0], made.high[0], 99))).max())


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"expression": "exp(x) + 0.01"}, "proof-other-claim"),
        ({"low": (-1.5,)}, "proof-other-claim"),
        ({"high": (1.5,)}, "proof-other-claim"),
        ({"names": ("y",)}, "proof-other-claim"),
        ({"cells": ()}, "proof-incomplete"),
        ({"cells": (-1.0, 1.0)}, "proof-incomplete"),
        ({"cells": "01..."}, "proof-incomplete"),
        ({"cells": (-1.0, 0.0, float("nan"), 1.0)}, "proof-incomplete"),
        ({"cells": (-1.0, 0.5, 0.2, 1.0)}, "proof-incomplete"),
        ({"bound": float("nan")}, "proof-incomplete"),
        ({"bound": -1.0}, "proof-incomplete"),
        ({"rounding": 0.0}, "proof-incomplete"),
        ({"digest": ""}, "proof-other-network"),
    ],
    ids=str,
)
def test_a_claim_that_was_changed_is_refused(change, problem):
    made = found("tanh")
    proof = replace(made.certificate, **change)

    verdict = mapsto.verify(replace(made, certificate=proof))

    assert not verdict.holds
    assert verdict.problem == problem


def test_another_function_is_refused_even_if_the_file_agrees():
    made = found("tanh")
    other = changed(made, made.network, expression="exp(x) + 0.01")

    verdict = mapsto.verify(replace(other, function="exp(x) + 0.01"))

    assert verdict.problem == "proof-refuted"
    assert -1.0 <= verdict.where[0] <= 1.0


def test_a_function_of_two_inputs_cannot_be_claimed():
    other = changed(found("tanh"), found("tanh").network, expression="x*y")

    verdict = mapsto.verify(replace(other, function="x*y"))

    assert verdict.problem == "proof-incomplete"


DIFFICULT = (
    *(
        "sqrt(abs(x))",
        "abs(x)",
        "where(x < 0.3, x, 0.6 - x)",
        "max(x, x**2)",
        "cbrt(x)",
    ),
    *(
        "erf(50*x)",
        "sin(9*x**2)",
        "besselj(0, 5*x)",
        "floor(x + 0.5)",
        "sqrt(1 - x**2)",
    ),
)


@pytest.mark.parametrize("f", DIFFICULT)
def test_kinks_roots_steps_and_chirps_are_proved(f):
    """Of a constant network, for which the largest error is easily known."""
    x = np.linspace(-1.0, 1.0, 100_001)
    y = read(f, (-1, 1)).value(x[:, None])
    network = rebuilt(
        "tanh", [np.ones((1, 1)), np.zeros(1), np.zeros((1, 1)), np.array([0.3])]
    )
    error = float(np.abs(y - 0.3).max())

    def claim(bound):
        return prove(line(f, network, (-1.0, 1.0), bound))

    assert claim(1.02 * error).proved
    assert not claim(0.98 * error).proved


def test_a_proof_is_given_up_where_f_has_no_enclosure():
    """A pole that no point of a grid meets."""
    network = found("tanh").network

    verdict = prove(line("1/(x - 1/3)", network, (-1.0, 1.0), 1e30))

    assert not verdict.proved


def test_the_name_of_a_network_tells_every_weight():
    network = found("tanh").network
    names = {digest(network), digest(network.cast(np.float32))}
    for layer, array in enumerate(network.arrays()):
        for index, value in enumerate(array.flat):
            next_up = np.nextafter(value, np.inf)
            names.add(digest(with_weight(network, layer, index, next_up)))

    assert len(names) == 2 + network.parameters


def test_rounding_is_bounded():
    """In float32, against the same network in float64."""
    network = found("single").network
    x = np.linspace(-1.0, 1.0, 2001).astype(np.float32)[:, None]
    exact = network.cast(np.float64)(x.astype(np.float64))

    bound = rounding_bound(network, np.array([-1.0]), np.array([1.0]))

    assert np.abs(network(x).astype(np.float64) - exact).max() <= bound < 1e-2


# ── steps on the domain's edge ──

BESIDE_A_STEP = {
    "floor(x) + exp(x)": (1.0, 1.7),
    "mod(x, 1)": (0.0, 0.9),
    "ceil(x)*x": (0.3, 1.0),
    "where(x <= 1, x*x, 5)": (0.1, 1.0),
}


@pytest.mark.parametrize("text", BESIDE_A_STEP)
def test_a_step_beyond_the_edge_of_the_domain_does_not_matter(text):
    on = BESIDE_A_STEP[text]

    made = mapsto.approximate(text, on, tol=1e-2, activation="relu")

    assert made.certificate.bound <= 1e-2
    assert mapsto.verify(made).holds
    wider = (on[0] - 1e-3, on[1] + 1e-3)
    assert prove(line(made.function, made.network, wider, 1e-2)).refuted is not None


STEPS = [
    # f, domain, constant network, bound, whether it is true
    ("floor(3*x)", (0.0, 0.3), 0.0, 1e-3, True),
    ("floor(3*x)", (-0.1, 0.3), 0.0, 1e-3, False),
    ("floor(3*x)", (-0.1, 0.0), -1.0, 1e-3, False),
    ("floor(3*x)", (0.0, 0.5), 0.5, 0.51, True),
    ("floor(3*x)", (0.0, 0.5), 0.5, 0.49, False),
    ("ceil(3*x)", (-0.25, 0.0), 0.0, 1e-3, True),
    ("ceil(3*x)", (-0.25, 0.01), 0.0, 1e-3, False),
    ("mod(3*x, 1)", (0.0, 0.25), 0.5, 0.51, True),
    ("mod(x, 0.3)", (0.0, 0.25), 0.15, 0.16, True),
    ("where(3*x >= 0, 1, 2)", (0.0, 0.25), 1.0, 0.01, True),
    ("where(3*x > 0, 1, 2)", (0.0, 0.25), 1.0, 0.01, False),
    ("where(2*x <= 1, 1, 2)", (0.0, 0.5), 1.0, 0.01, True),
    ("where(2*x < 1, 1, 2)", (0.0, 0.5), 1.0, 0.01, False),
    ("where(2*x != 1, 1, 2)", (0.5, 0.7), 1.0, 0.01, False),
    ("where(x*x < 0.5, x*x, 0.5)", (0.0, 1.0), 0.25, 0.251, True),
    ("abs(sin(9*x))", (-1.0, 1.0), 0.5, 0.51, True),
    ("abs(sin(9*x))", (-1.0, 1.0), 0.5, 0.49, False),
]


@pytest.mark.parametrize(("f", "on", "value", "bound", "true"), STEPS)
def test_steps_of_what_is_computed(f, on, value, bound, true):
    """Those that end exactly on the domain's edge are no obstacle, others are seen."""
    weights = [np.ones((1, 1)), np.zeros(1), np.zeros((1, 1)), np.array([value])]

    assert prove(line(f, rebuilt("tanh", weights), on, bound)).proved == true


@pytest.mark.parametrize("seed", range(20))
def test_a_ball_holds_its_cell_and_ends_where_the_domain_does(seed):
    rng = np.random.default_rng(seed)
    low = float(rng.normal() * 10.0 ** rng.integers(-3, 4))
    high = low + float(10.0 ** rng.uniform(-8, 2))
    with ctx.workprec(120):
        left, right = (ball_over(low, high, side) for side in (False, True))

        for ball in (left, right):
            assert ball.contains(arb(low))
            assert ball.contains(arb(high))
        assert left.lower() == low
        assert right.upper() == high
