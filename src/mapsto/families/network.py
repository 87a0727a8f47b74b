"""The network: layers of neurons, trained by descent, averaged over the folds.

    eta = layers(inputs(x))

The recipe grew from RealMLP (Holzmüller et al. 2024,
https://arxiv.org/abs/2407.04491): a start fitted to the data, Adam with a rate in
cycles, dropout and weight decay that fade away. All folds, with several members for
each, are trained side by side in one compiled step.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import jax
import numpy as np

from mapsto.data.encoding import Plan
from mapsto.events import Watch
from mapsto.families.family import Dial, Fitted, Sample, Task
from mapsto.families.network_dials import DIALS, chosen
from mapsto.families.network_form import Form, network
from mapsto.families.network_stack import Stack
from mapsto.families.network_training import Trained, Training

MARGIN = 0.05  # of the target's range, beyond which nothing is predicted
CURVE_POINTS = 100


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
        trained = Training(stack, task, dials, form, watch).run()
        every = range(len(samples))
        if given.get("epochs") is None:
            each = [dials | {"epochs": int(trained.epochs[k])} for k in every]
        else:
            each = [dials] * len(samples)
        return [_fitted(stack, k, trained, form, each[k]) for k in every]

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
        """The mean of the folds' functions is kept."""
        return None


def _fitted(
    stack: Stack, k: int, trained: Trained, form: Form, dials: Mapping[str, Any]
) -> Fitted:
    """The function of sample k: the mean of its members."""
    own = np.flatnonzero(trained.owner == k)
    learned = stack.trimmed(jax.tree.map(lambda a: a[own], trained.members.parameters))
    parameters = {**learned, "inputs": stack.inputs_of(k)}
    if not form.classes:
        y = stack.samples[k].y
        margin = MARGIN * np.ptp(y)
        parameters["low"] = np.float32(y.min() - margin)
        parameters["high"] = np.float32(y.max() + margin)
    size = sum(a.size for a in jax.tree.leaves(learned))
    function = partial(network, form=form)
    return Fitted(
        function, parameters, size, dict(dials), _details(trained, own, dials)
    )


def _details(
    trained: Trained, own: np.ndarray, dials: Mapping[str, Any]
) -> dict[str, Any]:
    """The losses of the run that was judged on inner rows (if any was), and those of
    the training on all rows after it."""
    hidden = " × ".join(map(str, dials["hidden"])) or "no"
    kept = trained.members
    told = {
        "words": f"a network with {hidden} hidden neurons, {dials['activation']}",
        "epochs": len(kept.training),
        "best_epoch": [int(e) for e in kept.best[own]],
    }
    judged = trained.trial or (kept if dials["stopping"] == "best" else None)
    if judged is not None:
        told["training"] = _curve(judged.training[:, own])
        told["validation"] = _curve(judged.validation[:, own])
    if judged is not kept:
        told["final"] = _curve(kept.training[:, own])
    return told


def _curve(losses: np.ndarray) -> list[list[float]]:
    """[epoch, mean loss] at no more than CURVE_POINTS epochs, the last among them."""
    epochs = np.unique(np.linspace(1, len(losses), CURVE_POINTS).round().astype(int))
    mean = losses.mean(axis=1)
    return [[int(e), float(mean[e - 1])] for e in epochs]
