"""The network: its form, its gradient, its dials."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mapsto.data.encoding import Feature
from mapsto.events import Progress, Stopped, Watch
from mapsto.families.activations import ACTIVATIONS
from mapsto.families.family import Sample, Task
from mapsto.families.network import Form, Loss, Network
from mapsto.families.network_dials import chosen
from mapsto.families.network_stack import Stack, roomy

REGRESSION = Task("regression")
SMALL = {"hidden": (8, 8), "epochs": 12, "batch": 32}
FEATURES = (
    Feature("a", "a", "number"),
    Feature("b", "b", "number"),
    Feature("c", "c", "code", levels=5),
)


def sample(rows: int = 200, seed: int = 0) -> Sample:
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.uniform(-1, 1, (rows, 2)), rng.integers(0, 5, rows)])
    y = np.sin(3 * x[:, 0]) + x[:, 1] * (x[:, 2] > 2) + 0.05 * rng.standard_normal(rows)
    return Sample(x, y, np.ones(rows), np.arange(rows) % 5 == 0, FEATURES)


def fit(samples, watch=None, seed=0, **given):
    dials = {**SMALL, **given}
    return Network().fit(samples, REGRESSION, dials, "quick", seed, watch or Watch())


REFERENCES = {
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "relu": jax.nn.relu,
    "leaky_relu": jax.nn.leaky_relu,
    "elu": jax.nn.elu,
    "selu": jax.nn.selu,
    "silu": jax.nn.silu,
    "mish": jax.nn.mish,
}


@pytest.mark.parametrize("name", sorted(REFERENCES))
def test_activations_are_those_of_jax(name):
    z = np.linspace(-6, 6, 201)

    with jax.enable_x64(True):
        reference = np.asarray(REFERENCES[name](jnp.asarray(z)))

    assert ACTIVATIONS[name](z) == pytest.approx(reference, abs=1e-9)


def test_every_activation_is_there():
    assert {*REFERENCES, "identity", "threshold", "gelu"} == set(ACTIVATIONS)


@pytest.mark.parametrize("inputs", ["raw", "quantile", "periodic"])
@pytest.mark.parametrize("activation", ["mish", "gelu"])
def test_jax_gives_what_numpy_gives(inputs, activation):
    fitted = fit([sample()], inputs=inputs, activation=activation)[0]
    x = sample(50, seed=1).x

    traced = np.asarray(jax.jit(fitted.function)(fitted.parameters, x))

    assert traced == pytest.approx(fitted.function(fitted.parameters, x), abs=2e-5)


def test_gradient_is_that_of_finite_differences():
    dials = chosen({**SMALL, "dropout": 0.0}, [sample()], REGRESSION, "quick")
    stack = Stack([sample()], dials, seed=0)
    loss = Loss(Form("tanh", "raw", False, 0), drops=False, smoothing=0.0)
    rng = np.random.default_rng(0)
    batch = {k: v[:, :40] for k, v in stack.examples().data.items()}

    with jax.enable_x64(True):
        p, constants, batch = jax.tree.map(
            lambda a: jnp.asarray(a, jnp.float64 if a.dtype.kind == "f" else a.dtype),
            (stack.start(1), stack.constants(), batch),
        )

        def total(tree):
            return loss(tree, constants, batch, None).sum()

        slope = jax.grad(total)(p)
        way = jax.tree.map(lambda a: jnp.asarray(rng.standard_normal(a.shape)), p)
        step = 1e-6
        up, down = (
            total(jax.tree.map(lambda a, d, s=s: a + s * step * d, p, way))
            for s in (1, -1)
        )
        along = sum(
            float((g * d).sum())
            for g, d in zip(jax.tree.leaves(slope), jax.tree.leaves(way), strict=True)
        )

    assert float(up - down) / (2 * step) == pytest.approx(along, rel=1e-5)


def test_same_seed_same_bits_and_another_seed_others():
    once, again, other = (fit([sample()], seed=s)[0].parameters for s in (0, 0, 1))

    same = jax.tree.map(lambda a, b: bool((a == b).all()), once, again)
    assert all(jax.tree.leaves(same))
    assert not (once["layers"][0]["w"] == other["layers"][0]["w"]).all()


def test_folds_trained_together_are_as_trained_alone():
    """What a fold learns does not depend on the others, up to rounding."""
    together = fit([sample(200, 0), sample(200, 1)])[0]
    alone = fit([sample(200, 0)])[0]
    x = sample(50, seed=2).x

    a, b = (f.function(f.parameters, x) for f in (together, alone))
    assert a == pytest.approx(b, abs=1e-3)


def test_given_hyperparameters_arrive():
    fitted = fit([sample()], hidden=(7, 5), members=2, embedding=3)[0]

    shapes = [layer["w"].shape for layer in fitted.parameters["layers"]]
    assert [s[0] for s in shapes] == [2, 2, 2]
    assert [s[2] for s in shapes] == [7, 5, 1]
    assert fitted.parameters["embedding"].shape == (2, 5, 3)
    assert fitted.hyperparameters["hidden"] == (7, 5)


@pytest.mark.parametrize(
    "given",
    [
        {"dropout": 0.5},
        {"weight_decay": 0.5},
        {"learning_rate": 0.01},
        {"residual": True},
        {"schedule": "cosine"},
        {"epochs": 3},
        {"batch": 16},
        {"bins": 4},
    ],
)
def test_every_dial_changes_what_is_learned(given):
    plain, changed = fit([sample()])[0], fit([sample()], **given)[0]
    x = sample(50, seed=1).x

    told = [f.function(f.parameters, x) for f in (plain, changed)]
    assert np.abs(told[0] - told[1]).max() > 1e-4


def test_bad_dials_are_told():
    checks = {d.name: d.check for d in Network.dials}

    assert "sequence" in checks["hidden"]((0,))
    assert "one of" in checks["activation"]("swishy")
    assert "at most 0.95" in checks["dropout"](1.5)
    assert checks["dropout"](0.2) == ""


def test_a_stop_keeps_the_best_so_far():
    watch = Watch()

    def stop_at_three(event):
        if isinstance(event, Progress) and event.done >= 3 / 12:
            watch.stop()

    watch = Watch(stop_at_three)
    fitted = fit([sample()], watch)[0]

    assert 3 <= fitted.details["epochs"] < 12


def test_a_stop_before_the_first_epoch_keeps_nothing():
    watch = Watch()
    watch.stop()

    with pytest.raises(Stopped):
        fit([sample()], watch)


def test_padding_sizes_are_few_and_large_enough():
    sizes = {n: roomy(n) for n in range(1, 5000)}

    assert all(n <= s <= max(16, 1.26 * n) for n, s in sizes.items())
    assert len(set(sizes.values())) < 40
