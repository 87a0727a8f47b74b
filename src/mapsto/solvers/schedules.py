"""How the size of a step changes while training goes from t = 0 to t = 1.

Each maps t to a factor in [0, 1], in JAX.
"""

from typing import Any

import jax.numpy as jnp


def coslog4(t: Any) -> Any:
    """½ (1 - cos(2π log₂(1 + 15 t))): four cycles, each twice as long as the one
    before it, so that four lengths of training are tried in one run (RealMLP,
    https://arxiv.org/abs/2407.04491)."""
    return 0.5 * (1 - jnp.cos(2 * jnp.pi * jnp.log2(1 + 15 * t)))


def cosine(t: Any) -> Any:
    """Up within the first twentieth, then along half a cosine down to 0."""
    return jnp.minimum(20 * t, 0.5 * (1 + jnp.cos(jnp.pi * t)))


def flat_cosine(t: Any) -> Any:
    """1 in the first half, then along half a cosine down to 0."""
    return jnp.where(t < 0.5, 1.0, 0.5 * (1 - jnp.cos(2 * jnp.pi * t)))


def constant(t: Any) -> Any:
    """1 throughout."""
    return jnp.ones_like(t)


SCHEDULES = {
    "coslog4": coslog4,
    "cosine": cosine,
    "flat_cosine": flat_cosine,
    "constant": constant,
}
