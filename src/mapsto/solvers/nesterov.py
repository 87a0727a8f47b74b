"""Descent with Nesterov's momentum, and the running mean of where it has been.

    v ← μ v + g,   p ← p - r (g + μ v),   e ← a e + (1 - a) p

g is the gradient with the weight decay λ p of arrays of more than one dimension
(Sutskever, Martens, Dahl & Hinton 2013, https://proceedings.mlr.press/v28/sutskever13;
the mean: Polyak & Juditsky 1992, https://doi.org/10.1137/0330046).
"""

from typing import Any, NamedTuple

import jax
import numpy as np

MOMENTUM = 0.9
WARM = 0.15  # of the way the rate rises, then it falls like a cosine to zero


class Place(NamedTuple):
    """Where a descent is: pytrees of one structure."""

    parameters: Any
    velocity: Any
    mean: Any


def beginning(parameters: Any) -> Place:
    """At rest."""
    still = jax.tree.map(np.zeros_like, parameters)
    return Place(parameters, still, parameters)


def moved(place: Place, gradient: Any, rate: Any, decay: Any, keeping: Any) -> Place:
    """One step; `keeping` is the share of the mean that is kept."""

    def pull(p: Any, g: Any) -> Any:
        return g + decay * p if p.ndim > 1 else g

    g = jax.tree.map(pull, place.parameters, gradient)
    velocity = jax.tree.map(lambda v, a: MOMENTUM * v + a, place.velocity, g)
    parameters = jax.tree.map(
        lambda p, v, a: p - rate * (a + MOMENTUM * v), place.parameters, velocity, g
    )
    mean = jax.tree.map(
        lambda e, p: keeping * e + (1 - keeping) * p, place.mean, parameters
    )
    return Place(parameters, velocity, mean)


def one_cycle(t: float, warm: float = WARM) -> float:
    """The rate's share at t in (0, 1): up in a line, down like a cosine (Smith & Topin
    2018, https://arxiv.org/abs/1708.07120)."""
    if t < warm:
        return t / warm
    return float(0.5 * (1 + np.cos(np.pi * (t - warm) / (1 - warm))))
