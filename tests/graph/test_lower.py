"""Whole functions as graphs: networks, constants, precision, size, and refusals."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import onnx
import pytest
from running import graph, model_of, operators, run

from mapsto.errors import GraphError
from mapsto.families.network_form import _mean_logits
from mapsto.graph.builder import Graph
from mapsto.graph.lower import append, lower, write_outputs

RNG = np.random.default_rng(0)
X = RNG.normal(size=(20, 4)) * 3
WIDTHS = (4, 8, 8, 2)
LAYERS = [
    (RNG.normal(size=(a, b)), RNG.normal(size=b)) for a, b in itertools.pairwise(WIDTHS)
]

NAMES = """
    celu elu gelu hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu log_sigmoid
    log_softmax mish relu relu6 selu sigmoid silu soft_sign softmax softplus sparse_plus
    sparse_sigmoid squareplus standardize tanh
"""
ACTIVATIONS = {name: getattr(jax.nn, name) for name in NAMES.split()}
ACTIVATIONS["exact gelu"] = lambda x: jax.nn.gelu(x, approximate=False)
ACTIVATIONS["identity"] = jax.nn.identity
ACTIVATIONS["threshold"] = lambda x: x + jax.lax.stop_gradient((x > 0) - x)
ACTIVATIONS["cosine"] = jnp.cos
ACTIVATIONS["gaussian"] = lambda x: jnp.exp(-x * x)


def network(layers, activation, x):
    for weight, bias in layers[:-1]:
        x = activation(x @ weight + bias)
    return x @ layers[-1][0] + layers[-1][1]


def in_jax(function, *arrays):
    with jax.enable_x64(True):
        return np.asarray(function(*map(jnp.asarray, arrays)))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_network_with_any_activation_agrees_with_jax(name):
    """A multilayer perceptron in double: the graph gives what JAX computes."""

    def function(x):
        return network(LAYERS, ACTIVATIONS[name], x)

    found, truth = graph(function, X), in_jax(function, X)
    np.testing.assert_allclose(found, truth, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_network_in_float_agrees_with_double(name):
    """What is cast to float32 runs in float32, and agrees with the double network."""
    layers = [(w.astype(np.float32), b.astype(np.float32)) for w, b in LAYERS]

    def function(x):
        low = x.astype(jnp.float32)
        return network(layers, ACTIVATIONS[name], low).astype(jnp.float64)

    model = model_of(function, X)
    kinds = {t.data_type for t in onnx.load_model_from_string(model).graph.initializer}
    assert onnx.TensorProto.DOUBLE not in kinds
    found, truth = run(model, X), in_jax(function, X)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, truth, rtol=1e-4, atol=1e-4 * np.abs(truth).max())


def test_members_side_by_side_equal_each_alone():
    """A vmapped ensemble with a member axis is the mean of its members."""
    members = [
        (RNG.normal(size=(5, *w.shape)), RNG.normal(size=(5, *b.shape)))
        for w, b in LAYERS
    ]

    def mean(x):
        each = jax.vmap(lambda layers: network(layers, jax.nn.silu, x))(members)
        return each.mean(axis=0)

    alone = [
        graph(
            lambda x, k=k: network([(w[k], b[k]) for w, b in members], jax.nn.silu, x),
            X,
        )
        for k in range(5)
    ]
    np.testing.assert_allclose(graph(mean, X), np.mean(alone, axis=0), rtol=1e-12)


def test_a_gradient_can_be_a_graph():
    """d prediction / d input, taken by JAX in forward mode, lowers like the rest."""

    def function(x):
        return network(LAYERS, jnp.tanh, x)[..., 0]

    slopes = graph(lambda x: jax.vmap(jax.jacfwd(function))(x), X)
    for i in range(4):
        step = np.zeros(4)
        step[i] = 1e-6
        rise = in_jax(function, X + step) - in_jax(function, X - step)
        np.testing.assert_allclose(slopes[:, i], rise / 2e-6, rtol=1e-5, atol=1e-6)


def spline(x):
    """A cubic B-spline by looking up four coefficients per row (de Boor 1978)."""
    coefficients = np.linspace(-1, 1, 13) ** 3
    xp = x.__array_namespace__()
    place = xp.clip((x[:, 0] + 10) / 2, 0.0, 9.999)
    cell = xp.astype(xp.floor(place), xp.int64)
    u = (place - xp.floor(place))[:, None]
    basis = xp.concat(
        [(1 - u) ** 3, 3 * u**3 - 6 * u**2 + 4, -3 * u**3 + 3 * u**2 + 3 * u + 1, u**3],
        axis=1,
    )
    near = xp.take(xp.asarray(coefficients), cell[:, None] + np.arange(4), axis=0)
    return xp.sum(basis / 6 * near, axis=1)


def test_a_spline_by_lookup_agrees():
    """Floor, cast, a window of a table, and a sum of products."""
    np.testing.assert_allclose(graph(spline, X), spline(X), rtol=1e-13)


# ── the size of a graph ──


def test_constants_are_computed_while_lowering():
    """What depends on no input is one constant in the graph."""
    model = model_of(lambda x: jnp.exp(jnp.asarray(LAYERS[0][0])).sum() * 2, X)
    assert operators(model) == ["Identity"]


def test_common_functions_are_small():
    """A line is two nodes, softmax five; broadcasting costs none."""
    weight, bias = LAYERS[0]
    assert operators(model_of(lambda x: x @ weight + bias, X)) == ["MatMul", "Add"]
    assert len(operators(model_of(lambda x: jax.nn.softmax(x, axis=-1), X))) == 5
    scaled = model_of(lambda x: (x - bias[:4]) * (1.0 / np.arange(1.0, 5.0)), X)
    assert operators(scaled) == ["Sub", "Mul"]


def test_nothing_is_computed_twice_or_in_vain():
    """Equal subexpressions are shared, and what no output needs is left out."""

    def function(x):
        jnp.linalg.cholesky(x.T @ x)  # has no lowering, and nobody needs it
        jnp.sin(x)
        return jnp.exp(x[:, 0]) + jnp.exp(x[:, 0])

    assert operators(model_of(function, X)) == ["Gather", "Exp", "Add"]


def test_the_same_function_gives_the_same_bytes():
    """Lowering is deterministic."""
    first, again = (model_of(spline, X) for _ in range(2))
    assert first == again


# ── names ──


def test_outputs_keep_their_names_and_order():
    """Outputs are named by the dict, also an input, a constant, and one value twice."""

    def function(x):
        y = x + 1
        return {"zero": y, "again": y, "input": x, "constant": jnp.ones(2)}

    model = lower(function, {"x": (np.float64, (None, 4))}).model()
    outputs = onnx.load_model_from_string(model).graph.output
    assert [o.name for o in outputs] == ["zero", "again", "input", "constant"]


def test_inner_names_avoid_those_of_inputs_and_outputs():
    """A column may be called as an inner value would be."""
    inputs = {f"v{k}": (np.float64, (None,)) for k in range(3)}
    model = lower(lambda a, b, c: {"v3": a * b - c, "v4": a / b}, inputs).model()
    onnx.checker.check_model(onnx.load_model_from_string(model), full_check=True)


def test_a_function_can_be_appended_to_a_graph():
    """`append` goes on from values that are there, and its arrays can be outputs."""
    graph_ = Graph()
    x = graph_.input("x", np.float64, ["N", 4])
    doubled = graph_.node("Add", x, x)
    found = append(
        graph_, lambda t: {"y": t.sum(axis=1)}, {doubled: (float, (None, 4))}
    )
    write_outputs(graph_, found)
    assert operators(graph_.model()) == ["Add", "ReduceSum"]


# ── what has no lowering ──

UNWRITABLE = {
    "cholesky": lambda x: jnp.linalg.cholesky(x.T @ x),
    "while": lambda x: jax.lax.while_loop(lambda v: v.sum() > 0, lambda v: v - 1, x),
    "a loop of 1000 steps": lambda x: jax.lax.fori_loop(0, 1000, lambda k, v: v + k, x),
    "a sort of the rows": lambda x: jnp.sort(x, axis=0),
    "a slice that starts at a computed place": lambda x: jax.lax.dynamic_slice(
        x, (0, x[0, 0].astype(int)), (x.shape[0], 2)
    ),
    "complex128": lambda x: (x + 1j).real,
    "bits of integers": lambda x: x.astype(int) & 3,
}


@pytest.mark.parametrize("operation", UNWRITABLE)
def test_an_operation_without_a_lowering_is_a_clear_error(operation):
    """The error names the function and the operation."""
    with pytest.raises(GraphError, match=operation) as caught:
        lower(lambda x: {"y": UNWRITABLE[operation](x)}, {"x": (float, (None, 4))})
    assert caught.value.code == "no-lowering"
    assert "test_an_operation" in caught.value.parameters["function"]


def test_members_that_are_sure_have_a_finite_mean():
    """ONNX Runtime's tanh exceeds 1 by rounding, and no share may fall below 0."""
    eta = np.linspace(-90, 90, 20_001, dtype=np.float32)[:, None]

    found = graph(lambda x: _mean_logits(jnp.stack([x, x])), eta)

    assert np.isfinite(found).all()
    sure = np.abs(eta) < 15
    assert found[sure] == pytest.approx(eta[sure], rel=0.05, abs=1e-3)
    assert np.abs(found[~sure]).max() == pytest.approx(25 * np.log(2), rel=0.01)
