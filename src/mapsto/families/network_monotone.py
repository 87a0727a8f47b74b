"""Networks that must rise or fall with some of their inputs.

Every input and every neuron has a direction: +1, -1, or 0 where it does not depend on
an input that is held. A weight from direction s to direction t is

    w        where s = 0,
    s t |w|  where s and t are not 0,
    0        where s is not 0 and t is,

and the output has the direction +1. The activation f must not fall. Then the output
rises with every input of direction +1 and falls with every one of -1, whatever the
weights, for every pair of rows. Proof: let the held inputs x_j move so that no s_j x_j
falls. Claim: no t h, of a neuron h of direction t, falls. Of direction 0, h does not
move, for its sources do not. Otherwise, times t, its sum moves by the sources of
direction s ≠ 0 alone, by t (s t |w|) Δh = |w| (s Δh), which is not negative if the
claim holds for the layer before; and f, which does not fall, keeps it. With the inputs
themselves the claim begins, and with the output, t = +1, it ends.

This is the partially monotone network of Runje & Shankaranarayana 2023
(https://arxiv.org/abs/2205.11775): with one activation f, a neuron of direction -1
adds -f(-·) to what rises, so that convex activations also make concave and bounded
functions. That signs alone suffice was known (Daniels & Velikova 2010,
https://doi.org/10.1109/TNN.2010.2044803).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mapsto import catalogue
from mapsto.data.encoding import Feature
from mapsto.errors import OptionError

RISING = (
    "identity",
    "threshold",
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "elu",
    "selu",
)
"""Activations that never fall."""
ACTIVATION = "elu"
FREE_SHARE = 0.5  # of a layer's neurons, where there are inputs that nothing holds


def check_rising(activation: str, option: str = "network.activation") -> None:
    """Errors: OptionError for an activation that falls somewhere."""
    if activation not in RISING:
        raise OptionError(
            "option-bad",
            option=option,
            value=activation,
            problem="with monotone, choose one that never falls: "
            + catalogue.listed(list(RISING)),
        )


def directions(
    features: Sequence[Feature],
    inputs: Mapping[str, np.ndarray],
    dials: Mapping[str, Any],
    spare: int,
) -> list[np.ndarray] | None:
    """The direction of each input and of the neurons of each layer, the output last.

    In the order that the first layer sees: vectors of codes, waves, bumps, columns,
    and `spare` columns of padding. None where no feature is held.
    """
    ways = np.array([f.monotone for f in features], np.float32)
    if not ways.any():
        return None
    before = len(inputs.get("code", ())) * dials["embedding"]
    before += len(inputs.get("wave", ()))
    bumps = np.repeat(ways[list(inputs.get("bend", ()))], len(inputs.get("knots", ())))
    seen = np.concatenate(
        [np.zeros(before), bumps, ways[inputs["column"]], np.zeros(spare)]
    ).astype(np.float32)
    free = bool((seen[: len(seen) - spare] == 0).any())
    hidden = [_layer(width, free) for width in dials["hidden"]]
    return [seen, *hidden, np.ones(1, np.float32)]


def _layer(width: int, free: bool) -> np.ndarray:
    """Some neurons of direction 0, then +1 and -1 in turn."""
    none = int(FREE_SHARE * width) if free else 0
    turns = np.where(np.arange(width - none) % 2 == 0, 1.0, -1.0)
    return np.concatenate([np.zeros(none), turns]).astype(np.float32)


def held(layers: Sequence[Any], ways: Sequence[Any]) -> list[Any]:
    """The layers with weights that keep the directions. w: (..., inputs, outputs)."""
    return [
        {**layer, "w": signed(layer["w"], source, target)}
        for layer, source, target in zip(layers, ways, ways[1:], strict=False)
    ]


def signed(w: Any, source: Any, target: Any) -> Any:
    """w (..., inputs, outputs) with directions source (..., inputs) and target."""
    free = (source == 0.0).astype(w.dtype)
    signs = source[..., :, None] * target[..., None, :]
    return w * free[..., :, None] + abs(w) * signs
