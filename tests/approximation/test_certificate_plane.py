"""A certificate of two inputs holds for what it names, and for nothing else."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("flint")

from flint import arb, ctx
from planes import PLANES, plane

import mapsto
from mapsto.approximation.certificate_plane import _top, check, prove
from mapsto.approximation.claim import Claim, digest
from mapsto.approximation.network import Layer, Network, rebuilt
from mapsto.approximation.network_expansion import Expanded
from mapsto.approximation.rounding import rounding_bound
from mapsto.expression import evaluate, parse

EXACT = tuple(name for name in PLANES if name != "single")


def error(made, count=301):
    """max |f - N| on a grid with its edges, weighed as asked."""
    sides = [np.linspace(a, b, count) for a, b in zip(made.low, made.high, strict=True)]
    x, y = (v.ravel() for v in np.meshgrid(*sides))
    f = evaluate(parse(made.function), {"x": x, "y": y})
    off = np.abs(f - made.predict({"x": x, "y": y}))
    return float((off / np.abs(f) if made.relative else off).max())


def changed(made, arrays, **claim):
    """The approximation with other weights, and a certificate that names them."""
    network = rebuilt(made.network.activation, arrays)
    low, high = np.array(made.low), np.array(made.high)
    proof = replace(
        made.certificate,
        digest=digest(network),
        rounding=2.0 * rounding_bound(network, low, high),
        **claim,
    )
    return replace(made, network=network, certificate=proof)


def claim(f, network, bound, on=((-1.0, 1.0), (-1.0, 1.0))):
    (a, b), (c, d) = on
    return Claim(parse(f), network, ("x", "y"), (a, c), (b, d), bound, False)


def constant(value):
    out = Layer(np.zeros((1, 1)), np.array([value]))
    return Network("tanh", (Layer(np.ones((1, 2)), np.zeros(1)), out))


@pytest.mark.parametrize("name", PLANES)
def test_a_certificate_holds_and_says_the_truth(name):
    made = plane(name)

    assert mapsto.verify(made).holds
    assert error(made) <= made.certificate.bound + made.certificate.rounding
    assert made.certificate.bound <= 1.05 * made.error


@pytest.mark.parametrize("name", EXACT)
def test_a_bound_below_the_largest_error_is_refused(name):
    made = plane(name)
    bound = 0.98 * made.error
    proof = replace(made.certificate, bound=bound)
    tree = parse(made.function)
    lower = Claim(
        tree, made.network, made.names, made.low, made.high, bound, made.relative
    )

    assert not mapsto.verify(replace(made, certificate=proof)).holds
    assert not prove(lower).proved


@pytest.mark.parametrize("name", PLANES)
def test_another_network_is_refused(name):
    made = plane(name)
    arrays = [a.copy() for a in made.network.arrays()]
    arrays[0].flat[0] = np.nextafter(arrays[0].flat[0], np.float32(9))
    other = rebuilt(made.network.activation, arrays)

    assert mapsto.verify(replace(made, network=other)).problem == "proof-other-network"


@pytest.mark.parametrize("name", PLANES)
def test_a_weight_that_matters_is_refused_under_its_own_name(name):
    made = plane(name)
    arrays = [a.copy() for a in made.network.arrays()]
    arrays[-1][0] += 3.0 * made.certificate.bound * (10.0 if made.relative else 1.0)

    verdict = mapsto.verify(changed(made, arrays))

    assert verdict.problem in ("proof-refuted", "proof-incomplete")


@pytest.mark.parametrize("seed", range(28))
def test_hunting_for_a_wrong_certificate(seed):
    """Whatever holds after a change of a weight and of the bound is true."""
    rng = np.random.default_rng(seed)
    made = plane(tuple(PLANES)[seed % len(PLANES)])
    arrays = [a.copy() for a in made.network.arrays()]
    array = arrays[int(rng.integers(len(arrays)))]
    size = 10.0 ** rng.uniform(-8.0, 0.0)
    array.flat[int(rng.integers(array.size))] *= 1.0 + size
    bound = made.error * float(rng.uniform(0.5, 3.0))
    other = changed(made, arrays, bound=bound)

    if mapsto.verify(other).holds:
        assert error(other) <= bound + other.certificate.rounding


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"names": ("y", "x")}, "proof-other-claim"),
        ({"low": (0.0, -1.5)}, "proof-other-claim"),
        ({"cells": ""}, "proof-incomplete"),
        ({"cells": "."}, "proof-incomplete"),
        ({"cells": "0."}, "proof-incomplete"),
        ({"cells": "0..."}, "proof-incomplete"),
        ({"cells": "2.."}, "proof-incomplete"),
        ({"cells": (0.0, 1.0)}, "proof-incomplete"),
        ({"bound": float("nan")}, "proof-incomplete"),
        ({"rounding": 0.0}, "proof-incomplete"),
    ],
    ids=str,
)
def test_a_claim_that_was_changed_is_refused(change, problem):
    made = plane("tanh")
    proof = replace(made.certificate, **change)

    verdict = mapsto.verify(replace(made, certificate=proof))

    assert not verdict.holds
    assert verdict.problem == problem


DIFFICULT = {
    "abs(x) + y": 1.7,
    "max(x, y)": 1.3,
    "where(x < 0.3, y, y + (x - 0.3))": 1.4,
    "sqrt(x + 1)*y": 2**0.5 + 0.3,
    "hypot(x, y)": 2**0.5 - 0.3,
    "relu(x - 1/3)*y": 2 / 3 + 0.3,
    "normcdf(3*x)*erf(y)": 1.14156,
    "min(x, abs(y - x), 0.5)": 1.3,
    "besselj(0, 3*x + y)": 0.70276,
}


@pytest.mark.parametrize("f", DIFFICULT)
def test_kinks_and_roots_are_proved(f):
    """Of a constant network, for which the largest error is easily known."""
    side = np.linspace(-1.0, 1.0, 201)
    x, y = np.meshgrid(side, side)
    assert np.abs(evaluate(parse(f), {"x": x, "y": y}) - 0.3).max() == pytest.approx(
        DIFFICULT[f], rel=2e-3
    )

    above = claim(f, constant(0.3), 1.02 * DIFFICULT[f])
    found = prove(above)

    assert found.proved
    assert check(above, found.cells).proved
    assert not prove(claim(f, constant(0.3), 0.98 * DIFFICULT[f])).proved


def test_a_jump_that_is_larger_than_the_bound_is_not_proved():
    f = "where(x + y < 0.1, 0, 1)"

    assert not prove(claim(f, constant(0.3), 0.69)).proved
    assert prove(claim(f, constant(0.3), 0.71)).proved


@pytest.mark.parametrize(
    ("activation", "layers"),
    [("tanh", 1), ("sigmoid", 1), ("sin", 1), ("gelu", 1), ("tanh", 2), ("sigmoid", 2)],
)
@pytest.mark.parametrize("steep", [0.3, 3.0, 30.0])
def test_an_expansion_encloses_the_network(activation, layers, steep):
    """At points of the box, against the network's own values."""
    rng = np.random.default_rng(layers)
    sizes = [2, 5, *[4] * (layers - 1), 1]
    network = Network(
        activation,
        tuple(
            Layer(steep * rng.normal(size=(b, a)), rng.normal(size=b))
            for a, b in pairwise(sizes)
        ),
    )
    radius = (0.2 if layers == 1 and activation != "gelu" else 0.01) / steep**layers
    centre = rng.uniform(-1.0, 1.0, 2)
    s = rng.uniform(-1.0, 1.0, (50, 2))
    truth = network(centre + radius * s)
    with ctx.workprec(120):
        c = [arb(float(v)) for v in centre]
        whole = [v + arb(0, radius) for v in c]
        found, rest = Expanded(network).around(c, whole, [arb(radius)] * 2)
        for (u, v), value in zip(s.tolist(), truth.tolist(), strict=True):
            terms = (
                n * arb(u) ** (k - i) * arb(v) ** i
                for k, row in enumerate(found)
                for i, n in enumerate(row)
            )
            off = float(abs(sum(terms, arb(0)) - arb(value)).lower())
            assert off <= float(rest) + 1e-11
    assert float(rest) < 0.1


@pytest.mark.parametrize("seed", range(40))
def test_the_top_of_a_quadratic_is_not_missed(seed):
    rng = np.random.default_rng(seed)
    e, g, h, a, b, c = rng.normal(size=6) * 10.0 ** rng.uniform(-1, 1, 6)
    s, t = np.meshgrid(np.linspace(-1, 1, 401), np.linspace(-1, 1, 401))

    highest = (e + g * s + h * t + a * s * s + b * s * t + c * t * t).max()
    top = float(_top(1, [arb(float(v)) for v in (e, g, h, a, b, c)]))

    assert highest <= top + 1e-12
    assert top <= highest + 1e-3 * (abs(a) + abs(b) + abs(c)) + _loose(g, h, a, b, c)


def _loose(g, h, a, b, c):
    """The bound need not be tight where the quadratic bends down and its highest point
    is outside, or nearly flat in one direction."""
    bends = a < 0 and c < 0 and 4 * a * c > b * b
    return 2.0 * (abs(b) + abs(g) + abs(h)) if bends else 0.0
