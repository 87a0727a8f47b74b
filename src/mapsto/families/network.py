"""The network: layers of neurons, trained by descent, averaged over members.

    eta = layers(inputs(x))

The recipe follows RealMLP (Holzmüller et al. 2024, https://arxiv.org/abs/2407.04491):
a start fitted to the data, Adam with a rate in cycles, dropout and weight decay that
fade away, the best epoch on the inner rows. All folds, and several members for each
if asked, are trained side by side in one compiled step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from mapsto.data.encoding import Plan
from mapsto.events import Progress, Watch
from mapsto.families.activations import ACTIVATIONS, for_training
from mapsto.families.family import Dial, Fitted, Sample, Task
from mapsto.families.inputs import expanded
from mapsto.families.layers import embedded, layers
from mapsto.families.network_dials import DIALS, chosen
from mapsto.families.network_stack import Stack
from mapsto.solvers.descent import Descended, Recipe, descend
from mapsto.solvers.dropout import Noise, dropout

MARGIN = 0.05  # of the target's range, beyond which nothing is predicted
TINY = 1e-30  # keeps the logarithm of a probability finite
BIAS_LENGTH = 0.1  # a bias steps a tenth as far as the rate says (RealMLP)
CURVE_POINTS = 100


# ── the form ──


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
        mean = xp.mean(eta, axis=0)
        return xp.minimum(xp.maximum(mean, parameters["low"]), parameters["high"])
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
        return xp.log(yes + TINY) - xp.log(no + TINY)
    odds = xp.exp(eta - xp.max(eta, axis=2, keepdims=True))
    return xp.log(xp.mean(odds / xp.sum(odds, axis=2, keepdims=True), axis=0) + TINY)


# ── the objective ──


@dataclass(frozen=True)
class Loss:
    """Mean weighted loss of each member: half the squared error, or the log loss.

    `smoothing` moves that share of the target's probability to all classes alike.
    """

    form: Form
    drops: bool
    smoothing: float

    def __call__(
        self, parameters: Any, constants: Any, batch: Any, noise: Noise | None
    ) -> jax.Array:
        h = seen(parameters, constants, batch["x"], self.form.inputs)
        drop = None if noise is None or not self.drops else partial(dropout, noise)
        bend = for_training(self.form.activation)
        eta = layers(parameters["layers"], h, bend, self.form.residual, drop)
        smoothing = 0.0 if noise is None else self.smoothing
        losses = row_losses(eta, batch["y"], self.form.classes, smoothing)
        total = (losses * batch["w"]).sum(axis=1)
        return total / (batch["w"].sum(axis=1) if noise is None else losses.shape[1])


def row_losses(eta: Any, y: Any, classes: int, smoothing: float) -> jax.Array:
    """(members, n). eta: (members, n, outputs); y: (members, n)."""
    if not classes:
        return 0.5 * (eta[..., 0] - y) ** 2
    if classes == 2:
        target = y * (1 - smoothing) + smoothing / 2
        return jax.nn.softplus(eta[..., 0]) - target * eta[..., 0]
    one_hot = (y[..., None] == jnp.arange(classes)).astype(eta.dtype)
    target = one_hot * (1 - smoothing) + smoothing / classes
    return jax.nn.logsumexp(eta, axis=2) - (target * eta).sum(axis=2)


# ── the family ──


class Network:
    """Multilayer perceptrons; the kept function is the mean of the folds'."""

    name = "network"
    dials: tuple[Dial, ...] = DIALS
    rehearsal: Mapping[str, Any] | None = None

    def sees(self, given: Mapping[str, Any]) -> Plan:
        return Plan(clip=True, one_hot=9, many="code")

    def fit(
        self,
        samples: Sequence[Sample],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Fitted]:
        dials = chosen(given, samples, task, effort)
        kinds = (dials["activation"], dials["inputs"], dials["residual"])
        form = Form(*kinds, classes=task.classes)
        stack = Stack(samples, dials, seed)

        def tell(epoch: int, loss: float) -> None:
            state = f"epoch {epoch} of {dials['epochs']}, validation loss {loss:.4g}"
            watch.tell(Progress(self.name, epoch / dials["epochs"], state))

        start = stack.start(task.outputs)
        descended = descend(
            Loss(form, dials["dropout"] > 0, dials["label_smoothing"]),
            start,
            lengths(start, stack.inputs_seen),
            decays(start),
            stack.constants(),
            stack.examples(),
            _recipe(dials),
            stack.seeds,
            watch,
            tell,
        )
        kept = range(len(samples))
        return [_fitted(stack, k, descended, form, dials) for k in kept]

    def refit(
        self,
        sample: Sample,
        fits: Sequence[Fitted],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> None:
        """Nothing is refitted: the mean of the folds' networks is the better one."""


def lengths(parameters: Any, inputs: int) -> Any:
    """The natural step of each array: 1/√inputs for the weights of a neuron (the
    neural tangent parametrisation), BIAS_LENGTH for biases, 1 for embeddings."""
    fan_in = [inputs, *[layer["w"].shape[1] for layer in parameters["layers"][1:]]]
    steps = [{"w": 1 / max(n, 1) ** 0.5, "b": BIAS_LENGTH} for n in fan_in]
    return {**dict.fromkeys(parameters, 1.0), "layers": steps}


def decays(parameters: Any) -> Any:
    """1 for what decays (weights and embeddings), 0 for biases."""
    layers = [{"w": 1.0, "b": 0.0} for _ in parameters["layers"]]
    return {**dict.fromkeys(parameters, 1.0), "layers": layers}


def _recipe(dials: Mapping[str, Any]) -> Recipe:
    return Recipe(
        rate=dials["learning_rate"],
        epochs=dials["epochs"],
        batch=dials["batch"],
        decay=dials["weight_decay"],
        dropout=dials["dropout"],
        schedule=dials["schedule"],
        averaging=dials["averaging"],
    )


def _fitted(
    stack: Stack, k: int, descended: Descended, form: Form, dials: Mapping[str, Any]
) -> Fitted:
    """The function of sample k: the mean of its members."""
    own = np.flatnonzero(stack.owner == k)
    learned = stack.trimmed(jax.tree.map(lambda a: a[own], descended.parameters))
    parameters = {**learned, "inputs": stack.inputs_of(k)}
    if not form.classes:
        y = stack.samples[k].y
        margin = MARGIN * np.ptp(y)
        parameters["low"] = np.float32(y.min() - margin)
        parameters["high"] = np.float32(y.max() + margin)
    size = sum(a.size for a in jax.tree.leaves(learned))
    details = {
        "words": _words(dials),
        "training": _curve(descended.training[:, own]),
        "validation": _curve(descended.validation[:, own]),
        "epochs": len(descended.training),
        "best_epoch": [int(e) for e in descended.best[own]],
    }
    function = partial(network, form=form)
    return Fitted(function, parameters, size, dict(dials), details)


def _words(dials: Mapping[str, Any]) -> str:
    hidden = " × ".join(map(str, dials["hidden"])) or "no"
    return f"a network with {hidden} hidden neurons, {dials['activation']}"


def _curve(losses: np.ndarray) -> list[list[float]]:
    """[epoch, mean loss] at no more than CURVE_POINTS epochs, the last among them."""
    epochs = np.unique(np.linspace(1, len(losses), CURVE_POINTS).round().astype(int))
    mean = losses.mean(axis=1)
    return [[int(e), float(mean[e - 1])] for e in epochs]
