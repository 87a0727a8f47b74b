"""Operations that move, pick and reduce: the graph against the same lines in NumPy."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from running import graph, model_of, operators, run

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 5))
TABLE = RNG.normal(size=(4, 3))
CUBE = RNG.normal(size=(3, 5, 2))
INDEX = RNG.integers(-3, 3, (6, 1)).astype(np.float64)


def xp(x):
    return x.__array_namespace__()


MOVES = {
    "column": lambda x: x[:, 1],
    "last column": lambda x: x[:, -1],
    "range": lambda x: x[:, 1:3],
    "stride": lambda x: x[:, ::2],
    "backwards": lambda x: x[:, ::-1],
    "list": lambda x: x[:, np.array([3, 0, -1])],
    "new axis": lambda x: x[:, None, :] + x[:, :, None],
    "column as matrix": lambda x: x[:, 1][:, None] * x,
    "rows without the first": lambda x: x[1:],
    "rows without the last": lambda x: x[:-1],
    "two slices": lambda x: xp(x).reshape(x, (-1, 5, 1))[:, 1:4, 0],
    "flat": lambda x: xp(x).reshape(x, (-1,)),
    "transposed": lambda x: xp(x).permute_dims(x[:, :, None], (2, 0, 1)),
    "squeezed": lambda x: xp(x).squeeze(x[:, :1], axis=1),
    "concat": lambda x: xp(x).concat([x, x[:, :2]], axis=1),
    "concat ones": lambda x: xp(x).concat([xp(x).ones((x.shape[0], 1)), x], axis=1),
    "concat constants": lambda x: (
        x[:, :4]
        + xp(x).concat(
            [xp(x).ones((x.shape[0], 2)), xp(x).zeros((x.shape[0], 2))], axis=1
        )
    ),
    "concat rows": lambda x: xp(x).concat([x, x], axis=0),
    "stack": lambda x: xp(x).stack([x[:, 0], x[:, 2]], axis=1),
    "tile": lambda x: xp(x).tile(x, (1, 2)),
    "split": lambda x: xp(x).split(x, [2, 3], axis=1)[2],
    "broadcast": lambda x: xp(x).broadcast_to(x[:, :1], (x.shape[0], 4)),
    "outer": lambda x: x[:, :, None] * TABLE[:, 0],
    "row numbers": lambda x: xp(x).arange(x.shape[0]) * x[:, 0],
    "column numbers": lambda x: xp(x).arange(5) * x,
    "number of rows": lambda x: x / x.shape[0],
    "full": lambda x: xp(x).full((x.shape[0],), 2.5),
    "constant": lambda x: xp(x).asarray(TABLE) * 2,
    "triangle": lambda x: xp(x).tril(x[:, :, None] * x[:, None, :]),
}

REDUCTIONS = {
    "sum": lambda x: xp(x).sum(x, axis=1),
    "sum of rows": lambda x: xp(x).sum(x, axis=0),
    "sum of all": lambda x: xp(x).sum(x),
    "sum kept": lambda x: x / xp(x).sum(x * x, axis=1, keepdims=True),
    "sum of a constant": lambda x: xp(x).sum(xp(x).ones((x.shape[0], 3)), axis=1),
    "mean": lambda x: x - xp(x).mean(x, axis=1, keepdims=True),
    "mean of rows": lambda x: x - xp(x).mean(x, axis=0),
    "standard deviation": lambda x: xp(x).std(x, axis=1),
    "max": lambda x: xp(x).max(x, axis=1),
    "min": lambda x: xp(x).min(x, axis=(0, 1)),
    "prod": lambda x: xp(x).prod(x, axis=1),
    "any": lambda x: xp(x).any(x > 1, axis=1),
    "all": lambda x: xp(x).all(x > -1, axis=1),
    "count": lambda x: xp(x).sum(x > 0, axis=1),
    "argmax": lambda x: xp(x).argmax(x, axis=1),
    "argmin": lambda x: xp(x).argmin(x, axis=0),
    "cumulative sum": lambda x: xp(x).cumulative_sum(x, axis=1),
    "norm": lambda x: xp(x).linalg.vector_norm(x, axis=1),
    "sort": lambda x: xp(x).sort(x, axis=1),
    "argsort": lambda x: xp(x).argsort(x, axis=1),
    "median": lambda x: xp(x).median(x, axis=1),
    "matmul": lambda x: x[:, :4] @ TABLE,
    "vector": lambda x: x[:, :3] @ TABLE[0],
    "constant times x": lambda x: TABLE.T @ x[:, :4].T,
    "members": lambda x: xp(x).tanh(x @ CUBE),
    "batched": lambda x: xp(x).tanh(x @ CUBE) @ xp(x).permute_dims(CUBE, (0, 2, 1)),
    "summed square": lambda x: xp(x).einsum("ni,ij,nj->n", x, CUBE[0] @ CUBE[0].T, x),
    "members as columns": lambda x: xp(x).einsum("nd,mdh->nmh", x, CUBE),
    "two summed": lambda x: xp(x).einsum("nd,mdh->n", x, CUBE),
    "distances": lambda x: xp(x).sum((x[:, None, :4] - TABLE.T) ** 2, axis=2),
    "softmax": lambda x: (
        xp(x).exp(x - xp(x).max(x, axis=1, keepdims=True))
        / xp(x).sum(xp(x).exp(x - xp(x).max(x, axis=1, keepdims=True)), axis=1)[:, None]
    ),
}


@pytest.mark.parametrize("function", [*MOVES.values()], ids=[*MOVES])
def test_moving_elements_is_exact(function):
    """Slices, reshapes, joins and broadcasts give NumPy's very numbers."""
    found, truth = graph(function, X), np.asarray(function(X))
    assert found.shape == truth.shape
    assert np.array_equal(found, truth)


@pytest.mark.parametrize("function", [*REDUCTIONS.values()], ids=[*REDUCTIONS])
def test_reductions_and_products_agree(function):
    """Sums, extremes, orders and products agree with NumPy to rounding."""
    found, truth = graph(function, X), np.asarray(function(X))
    assert found.shape == truth.shape
    np.testing.assert_allclose(found, truth, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("rows", [0, 1, 2, 7])
@pytest.mark.parametrize(
    "name", ["sum kept", "members", "softmax", "sort", "two summed", "mean"]
)
def test_one_graph_serves_any_number_of_rows(name, rows):
    """The graph is made once; the rows may then be none, one, or many."""
    x = np.random.default_rng(1).normal(size=(rows, 5))
    found = run(model_of(REDUCTIONS[name], X), x)
    truth = REDUCTIONS[name](x)
    assert found.shape == truth.shape
    np.testing.assert_allclose(found, truth, rtol=1e-13, atol=1e-14)


LOOKUPS = {
    "take": lambda x, i: xp(x).take(TABLE, i[:, 0], axis=0),
    "index": lambda x, i: xp(x).asarray(TABLE)[i[:, 0]],
    "index of two": lambda x, i: xp(x).asarray(TABLE)[i[:, 0], i[:, 0]],
    "rows and columns": lambda x, i: xp(x).asarray(TABLE)[i, np.arange(3)],
    "last axis": lambda x, i: xp(x).asarray(TABLE)[1, i],
    "along": lambda x, i: xp(x).take_along_axis(x, i, axis=1),
    "windows": lambda x, i: xp(x).take(TABLE[:, 0], abs(i) + np.arange(2), axis=0),
    "cube": lambda x, i: xp(x).asarray(CUBE)[abs(i[:, 0]), :, 1],
}


@pytest.mark.parametrize("function", [*LOOKUPS.values()], ids=[*LOOKUPS])
def test_lookups_by_computed_indices_are_exact(function):
    """Tables indexed by computed integers, also counted from the end."""

    def looked_up(x, i):
        return function(x, xp(i).astype(i, xp(i).int64))

    found = graph(looked_up, X, INDEX)
    assert np.array_equal(found, looked_up(X, INDEX))


def test_an_index_from_the_end_costs_no_nodes():
    """ONNX counts from the end by itself: a lookup is a cast and a Gather."""
    model = model_of(lambda i: jnp.asarray(TABLE)[i[:, 0].astype(int)], INDEX)
    assert operators(model) == ["Gather", "Cast", "Gather"]


def test_take_can_clip():
    """An index out of bounds is moved to the edge in mode "clip"."""
    far = np.array([[-9.0], [2.0], [99.0]])
    found = graph(
        lambda i: jnp.take(TABLE, i[:, 0].astype(int), axis=0, mode="clip"), far
    )
    assert np.array_equal(found, TABLE[[0, 2, 3]])


def test_windows_of_each_row():
    """A slice that starts elsewhere in every row (as in B-splines)."""
    start = np.array([0, 1, 3, 2, 0, 1])[:, None]

    def window(x, i):
        return jax.vmap(lambda r, k: jax.lax.dynamic_slice(r, (k[0],), (2,)))(x, i)

    truth = np.take_along_axis(X, start + np.arange(2), axis=1)
    assert np.array_equal(graph(window, X, start), truth)


def test_constant_slices_and_padding():
    """dynamic_slice with constant starts is clamped; pad fills."""
    found = graph(lambda x: jax.lax.dynamic_slice_in_dim(x, 4, 3, axis=1), X)
    assert np.array_equal(found, X[:, 2:5])
    padded = graph(lambda x: jnp.pad(x, ((0, 0), (1, 2)), constant_values=7.0), X)
    assert np.array_equal(padded, np.pad(X, ((0, 0), (1, 2)), constant_values=7.0))


def test_searchsorted_and_interpolation():
    """Both are loops of known length, which are unrolled."""
    knots, values = np.sort(RNG.normal(size=9)), RNG.normal(size=9)
    x = np.concatenate([X.ravel(), knots])[:, None]
    for side in ("left", "right"):
        places = graph(lambda v, s=side: jnp.searchsorted(knots, v[:, 0], side=s), x)
        assert np.array_equal(places, np.searchsorted(knots, x[:, 0], side=side))
    found = graph(lambda v: jnp.interp(v[:, 0], knots, values), x)
    np.testing.assert_allclose(found, np.interp(x[:, 0], knots, values), rtol=1e-12)


def test_top_k_and_sorting_by_a_key():
    """The largest k with their places; and a sort in which another array follows."""
    assert np.array_equal(
        graph(lambda x: jax.lax.top_k(x, 2)[0], X), -np.sort(-X)[:, :2]
    )
    places = graph(lambda x: jax.lax.top_k(x, 2)[1], X)
    assert np.array_equal(places, np.argsort(-X, kind="stable")[:, :2])
    order = np.argsort(X, axis=1)
    follows = graph(lambda x: jax.lax.sort((x, x * x), num_keys=1)[1], X)
    assert np.array_equal(follows, np.take_along_axis(X * X, order, axis=1))


def test_loops_of_known_length_are_unrolled():
    """scan carries a state, reads rows, and stacks results, forwards and back."""

    def loop(x, reverse):
        step = lambda c, w: (c + x[:, 0] * w[0], c)  # noqa: E731
        return jax.lax.scan(step, x[:, 1], TABLE, reverse=reverse)[1]

    carried, stacked = X[:, 1], []
    for row in TABLE:
        stacked.append(carried)
        carried = carried + X[:, 0] * row[0]
    np.testing.assert_allclose(graph(lambda x: loop(x, False), X), stacked, rtol=1e-13)
    with jax.enable_x64(True):
        truth = np.asarray(loop(jnp.asarray(X), True))
    np.testing.assert_allclose(graph(lambda x: loop(x, True), X), truth, rtol=1e-13)


indices = st.integers(-6, 6)


@settings(max_examples=40, deadline=None)
@given(start=indices | st.none(), stop=indices | st.none(), step=st.integers(-3, 3))
def test_any_slice_of_columns_is_numpys(start, stop, step):
    """x[:, start:stop:step] for whatever numbers, empty slices too."""
    piece = slice(start, stop, step or None)
    found = graph(lambda x: x[:, piece], X)
    assert np.array_equal(found, X[:, piece])


@pytest.mark.parametrize(
    "equation",
    ["na,nb->nab", "na,nb->n", "na,nb->an", "na,nb->bna", "na,nb->ab", "na,na->na"],
)
def test_any_product_over_rows_is_numpys(equation):
    """Products of two arrays that share their rows, in any layout."""
    y = RNG.normal(size=(6, 5))
    found = graph(lambda a, b: jnp.einsum(equation, a, b), X, y)
    np.testing.assert_allclose(found, np.einsum(equation, X, y), rtol=1e-12)
