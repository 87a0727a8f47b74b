"""The network: layers of neurons, trained by descent, averaged over the folds.

    eta = layers(inputs(x))

The recipe grew from RealMLP (Holzmüller et al. 2024,
https://arxiv.org/abs/2407.04491): a start fitted to the data, Adam with a rate in
cycles, dropout and weight decay that fade away. All folds, with several members for
each, are trained side by side in one compiled step.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import jax
import numpy as np

from mapsto.data.encoding import Plan
from mapsto.events import Stopped, Watch
from mapsto.families.bounds import seen_range
from mapsto.families.family import Dial, Family, Fitted, Sample, Task
from mapsto.families.network_dials import (
    DIALS,
    LEVENBERG_MARQUARDT,
    REGULARISATIONS,
    chosen,
    regularisations,
)
from mapsto.families.network_form import Form, network
from mapsto.families.network_levenberg_marquardt import (
    better_of_both,
    fit_samples,
    worth_trying,
)
from mapsto.families.network_stack import Stack
from mapsto.families.network_training import Trained, Training, goal_of

CURVE_POINTS = 100


class Network(Family):
    """Multilayer perceptrons; the kept function is the mean of the folds'."""

    name = "network"
    dials: tuple[Dial, ...] = DIALS
    warming = {"epochs": 1}
    averaged = True

    def sees(self, given: Mapping[str, Any]) -> Plan:
        small = given.get("solver") == LEVENBERG_MARQUARDT
        return Plan(clip=True, one_hot=9, many="mean" if small else "code")

    def fit(
        self,
        samples: Sequence[Sample],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Fitted]:
        if given.get("solver") == LEVENBERG_MARQUARDT:
            return fit_samples(samples, task, given, effort, seed, watch)
        fits, losses = _descended(samples, task, given, effort, seed, watch)
        if losses is None or not worth_trying(samples, task, given):
            return fits
        return better_of_both(samples, fits, losses, task, given, effort, seed, watch)

    def refit(
        self,
        sample: Sample,
        fits: Sequence[Fitted],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> Fitted:
        """As long and as firm as the fold in the middle, and by the solver of most."""
        alike = [
            fit for fit in fits if fit.hyperparameters["solver"] != LEVENBERG_MARQUARDT
        ]
        if 2 * len(alike) < len(fits):
            (fitted,) = fit_samples([sample], task, given, effort, seed, watch)
            return fitted
        told = [f.hyperparameters for f in alike]
        stopping = told[-1]["stopping"]
        dials = {**given, **_in_the_middle(told)}
        dials["stopping"] = "last" if stopping == "refit" else stopping
        (fitted,), _ = _descended([sample], task, dials, effort, seed, watch)
        if watch.stopping:
            raise Stopped
        return replace(
            fitted,
            hyperparameters={**fitted.hyperparameters, "stopping": stopping},
            details={**alike[-1].details, **fitted.details},
        )


def _in_the_middle(told: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The median length, and the median of the regularisations, which are in order."""
    names = REGULARISATIONS[0].keys()
    firmness = sorted(tuple(t[name] for name in names) for t in told)
    middle = dict(zip(names, firmness[len(told) // 2], strict=True))
    return {**middle, "epochs": int(np.median([t["epochs"] for t in told]))}


def _descended(
    samples: Sequence[Sample],
    task: Task,
    given: Mapping[str, Any],
    effort: str,
    seed: int,
    watch: Watch,
) -> tuple[list[Fitted], list[float] | None]:
    """By descent; and each sample's loss on its inner rows, where they judged."""
    dials = chosen(given, samples, task, effort)
    kinds = (dials["activation"], dials["inputs"], dials["residual"])
    form = Form(*kinds, classes=task.classes)
    stack = Stack(samples, dials, seed)
    goal = partial(goal_of, stack, task, dials, form)
    tried = regularisations(dials, task)
    trained = Training(stack.batches, goal, dials, tried, watch).run()
    every = range(len(samples))
    told = [{**dials, **tried[trained.chosen[k]]} for k in every]
    if given.get("epochs") is None:
        for k in every:
            told[k]["epochs"] = int(trained.epochs[k])
    fits = [_fitted(stack, k, trained, form, told[k]) for k in every]
    judged = _judged(trained, dials)
    if judged is None:
        return fits, None
    return fits, [float(judged.validation(k).min()) for k in every]


def _judged(trained: Trained, dials: Mapping[str, Any]) -> Trained | None:
    """The run that was judged on inner rows, if any was."""
    return trained.trial or (trained if dials["stopping"] == "best" else None)


def _fitted(
    stack: Stack, k: int, trained: Trained, form: Form, dials: Mapping[str, Any]
) -> Fitted:
    """The function of sample k: the mean of its members."""
    own = np.flatnonzero(trained.own(k))
    learned = stack.trimmed(jax.tree.map(lambda a: a[own], trained.members.parameters))
    parameters = {**learned, "inputs": stack.inputs_of(k)}
    if not form.classes:
        parameters |= seen_range(stack.samples[k].y, np.float32)
    size = sum(a.size for a in jax.tree.leaves(learned))
    function = partial(network, form=form)
    return Fitted(function, parameters, size, dict(dials), _details(trained, k, dials))


def _details(trained: Trained, k: int, dials: Mapping[str, Any]) -> dict[str, Any]:
    """The losses of the run that was judged on inner rows (if any was), and those of
    the training on all rows after it."""
    hidden = " × ".join(map(str, dials["hidden"])) or "no"
    kept, own = trained.members, trained.own(k)
    told = {
        "words": f"a network with {hidden} hidden neurons, {dials['activation']}",
        "epochs": len(kept.training),
        "best_epoch": [int(e) for e in kept.best[own]],
    }
    judged = _judged(trained, dials)
    if judged is not None:
        told["training"] = curve_of(judged.members.training[:, judged.own(k)])
        told["validation"] = curve_of(judged.members.validation[:, judged.own(k)])
    if judged is None or judged.members is not kept:
        told["final"] = curve_of(kept.training[:, own])
    return told


def curve_of(losses: np.ndarray) -> list[list[float]]:
    """[epoch, mean loss] at no more than CURVE_POINTS epochs, the last among them."""
    epochs = np.unique(np.linspace(1, len(losses), CURVE_POINTS).round().astype(int))
    mean = losses.mean(axis=1)
    return [[int(e), float(mean[e - 1])] for e in epochs]
