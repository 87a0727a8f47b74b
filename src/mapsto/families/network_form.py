"""What a network computes.

eta = mean over members of layers(inputs(x))
"""

from dataclasses import dataclass
from typing import Any

from mapsto.families.activations import ACTIVATIONS
from mapsto.families.bounds import within
from mapsto.families.inputs import expanded
from mapsto.families.layers import embedded, layers

TINY = 1e-30  # keeps the logarithm of a probability finite
LEAST = 2.0**-25  # of two probabilities: single precision tells none below it from 0


@dataclass(frozen=True)
class Form:
    """What of a network is not a parameter."""

    activation: str
    inputs: str
    residual: bool
    classes: int


def network(parameters: Any, x: Any, form: Form) -> Any:
    """x: (n, d) -> eta: (n, outputs), the mean of the members.

    Regression: the mean value, kept within the training target's range and a margin.
    Classification: the logits of the mean probabilities.
    """
    xp = x.__array_namespace__()
    first = parameters["layers"][0]["w"]
    members = first.shape[0]
    x = xp.broadcast_to(xp.astype(x, first.dtype), (members, *x.shape))
    h = seen(parameters, parameters["inputs"], x, form.inputs)
    bend = ACTIVATIONS[form.activation]
    eta = layers(parameters["layers"], h, bend, form.residual)
    if not form.classes:
        return within(parameters, xp.mean(eta, axis=0))
    return eta[0] if members == 1 else _mean_logits(eta)


def seen(parameters: Any, inputs: Any, x: Any, kind: str) -> Any:
    """What the first layer sees: (members, n, width)."""
    xp = x.__array_namespace__()
    z = expanded(inputs, x, kind)
    if "embedding" not in parameters:
        return z
    codes = xp.astype(xp.take(x, inputs["code"], axis=2), xp.int32)
    e = embedded(parameters["embedding"], codes + inputs["start"])
    return xp.concat([e, z], axis=2)


def _mean_logits(eta: Any) -> Any:
    """(members, n, outputs) -> the logits (n, outputs) of the mean probabilities."""
    xp = eta.__array_namespace__()
    if eta.shape[2] == 1:
        yes = xp.mean(0.5 + 0.5 * xp.tanh(0.5 * eta), axis=0)
        no = xp.mean(0.5 - 0.5 * xp.tanh(0.5 * eta), axis=0)
        # ONNX Runtime's tanh may be 1 and a little more: a share would be below 0.
        return xp.log(xp.maximum(yes, LEAST)) - xp.log(xp.maximum(no, LEAST))
    odds = xp.exp(eta - xp.max(eta, axis=2, keepdims=True))
    return xp.log(xp.mean(odds / xp.sum(odds, axis=2, keepdims=True), axis=0) + TINY)
