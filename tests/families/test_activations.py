"""What a neuron answers: the formulas, and their slopes."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mapsto.families.activations import ACTIVATIONS, for_training

Z = np.linspace(-6, 6, 241)[1::2]  # leaves 0, where some have a kink
REFERENCES = {
    "identity": lambda z: z,
    "threshold": lambda z: jnp.heaviside(z, 0.0),
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "relu": jax.nn.relu,
    "leaky_relu": jax.nn.leaky_relu,
    "elu": jax.nn.elu,
    "selu": jax.nn.selu,
    "gelu": jax.nn.gelu,
    "silu": jax.nn.silu,
    "mish": jax.nn.mish,
}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_it_is_the_one_of_jax(name):
    with jax.enable_x64(True):
        reference = np.asarray(REFERENCES[name](jnp.asarray(Z)))

    assert ACTIVATIONS[name](Z) == pytest.approx(reference, abs=1e-12)


@pytest.mark.parametrize("name", [n for n in ACTIVATIONS if n != "threshold"])
def test_the_slope_kept_for_training_is_the_derivative(name):
    step = 1e-6
    with jax.enable_x64(True):
        slope = jax.vmap(jax.grad(for_training(name)))(jnp.asarray(Z))
    rise = ACTIVATIONS[name](Z + step) - ACTIVATIONS[name](Z - step)

    assert np.asarray(slope) == pytest.approx(rise / (2 * step), abs=1e-8)


def test_the_threshold_lets_the_slope_through_near_its_step():
    slope = jax.vmap(jax.grad(for_training("threshold")))(
        jnp.array([-2.0, -0.5, 0.5, 2.0])
    )

    assert slope.tolist() == [0.0, 1.0, 1.0, 0.0]


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_overflows(name, dtype):
    """Warnings are errors here: an overflow would raise."""
    z = np.array([-1e4, -100, 100, 1e4], dtype)

    bent = ACTIVATIONS[name](z)

    assert np.isfinite(bent).all()
    assert bent.dtype == dtype
