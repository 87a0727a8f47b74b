"""How a network is trained: once to learn how long, once more on all rows.

The trial leaves the inner rows out. Its rate goes through four cycles, each twice as
long as the one before (RealMLP's coslog4), so that one run tries four lengths, and
its members share the regularisations that are tried. What is best on the inner rows
(`network_lengths`) is then taken for a training on all rows: rows are worth more than
the hyperparameters that they could choose.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from mapsto.events import Progress, Stopped, Watch
from mapsto.families.activations import for_training
from mapsto.families.batches import Batches
from mapsto.families.family import Task
from mapsto.families.layers import layers
from mapsto.families.network_form import Form, seen
from mapsto.families.network_lengths import Cycles, cycle_ends
from mapsto.families.network_monotone import held
from mapsto.families.network_stack import Stack
from mapsto.solvers.descent import Descended, Objective, Recipe, descend
from mapsto.solvers.dropout import Noise, dropout

TRIAL_SHARE = 0.7  # of the epochs: the longest length that the trial tries
TRIAL_PART = TRIAL_SHARE / (1 + TRIAL_SHARE)  # of the whole work
SHORTEST = 64  # steps: a rate that falls to nothing in fewer ends anywhere
OPERATIONS = 6  # a weight and a row: forward, back, and for the slope
COMPILING = 4e10  # operations for each sample: as long as compiling a step takes
BIAS_LENGTH = 0.1  # a bias steps a tenth as far as the rate says (RealMLP)


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
        weights = parameters["layers"]
        if "ways" in constants:
            weights = held(weights, constants["ways"])
        eta = layers(weights, h, bend, self.form.residual, drop)
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


@dataclass(frozen=True)
class Trained:
    """The members of all samples, and how they came about.

    owner: (members,) the sample of each. regularised: (members,) how, as a place in
    `Training.regularisations`. epochs, chosen: (samples,) the length of each sample's
    training, and how it is regularised. trial: the run that chose them, where there
    was one.
    """

    members: Descended
    owner: np.ndarray
    regularised: np.ndarray
    epochs: np.ndarray
    chosen: np.ndarray
    trial: "Trained | None" = None

    def own(self, sample: int) -> np.ndarray:
        """(members,) bool: those of the sample that are regularised as was chosen."""
        alike = self.regularised == self.chosen[sample]
        return np.asarray((self.owner == sample) & alike)

    def validation(self, sample: int) -> np.ndarray:
        """(epochs,) mean loss on its inner rows."""
        return np.asarray(self.members.validation[:, self.own(sample)].mean(axis=1))


@dataclass(frozen=True)
class Goal:
    """What goes down, and from where. `start` and `constants`: pytrees of arrays
    (members, ...); `lengths`, `decays`: one number for each array of `start`."""

    name: str
    objective: Objective
    start: Any
    constants: Any
    lengths: Any
    decays: Any


def goal_of(
    stack: Stack, task: Task, dials: Mapping[str, Any], form: Form, members: int
) -> Goal:
    """A network's, with so many members for each sample."""
    start = stack.start(members, task.outputs)
    return Goal(
        "network",
        Loss(form, dials["dropout"] != 0, dials["label_smoothing"]),
        start,
        stack.constants(members),
        lengths(start, stack.inputs_seen),
        decays(start),
    )


class Training:
    """One training of the functions of several samples.

    goal: what goes down, given the members for each sample. regularisations: what
    there is to choose from, a "dropout" and a "weight_decay" each.
    """

    def __init__(
        self,
        batches: Batches,
        goal: Callable[[int], Goal],
        dials: Mapping[str, Any],
        regularisations: Sequence[Mapping[str, float]],
        watch: Watch,
    ):
        self.batches, self.goal_of, self.dials, self.watch = batches, goal, dials, watch
        self.goal, self.regularisations = goal(dials["members"]), regularisations

    def run(self) -> Trained:
        """What the dial `stopping` says."""
        if self.dials["stopping"] == "refit":
            return self._refit(self._trial())
        samples = len(self.batches.samples)
        epochs = np.full(samples, self.dials["epochs"])
        hold = self.dials["stopping"] == "best"
        return self._whole(epochs, np.zeros(samples, int), hold, (0.0, 1.0))

    def _trial(self) -> Trained:
        """Four lengths of each regularisation, judged on the inner rows."""
        longest = max(1, round(TRIAL_SHARE * self.dials["epochs"]))
        each, samples = self._judging(longest), len(self.batches.samples)
        own = np.arange(each) % len(self.regularisations)  # of each sample's members
        cycles = Cycles(longest, own, samples)
        goal = self.goal if each == self.dials["members"] else self.goal_of(each)
        part, every = (0.0, TRIAL_PART), np.repeat(own, samples)
        members = self._descend(
            goal, each, every, True, "coslog4", longest, cycles.decided, part
        )
        tried = cycle_ends(self.dials["epochs"])
        fewest = int((tried < self._shortest()).sum())
        chosen, cycle = cycles.best(members.validation, fewest)
        epochs = np.maximum(tried, self._shortest())[cycle]
        trial = Trained(members, self.batches.owner(each), every, epochs, chosen)
        return replace(trial, trial=trial)

    def _judging(self, epochs: int) -> int:
        """The members of each sample that choose: one for each regularisation, where
        that saves more than compiling once more takes."""
        members, samples = self.dials["members"], self.batches.samples
        fewest = len(self.regularisations)
        size = sum(a.size for a in jax.tree.leaves(self.goal.start)) / len(samples)
        rows = max(int((~s.inner).sum()) for s in samples)
        saved = OPERATIONS * size * (1 - fewest / members) * rows * epochs
        return fewest if saved > COMPILING else members

    def _shortest(self) -> int:
        """The fewest epochs that may be chosen: SHORTEST steps, or all epochs."""
        rows = max(len(s.inner) for s in self.batches.samples)
        steps = -(-rows // self.dials["batch"])
        return min(-(-SHORTEST // steps), self.dials["epochs"])

    def _refit(self, trial: Trained) -> Trained:
        """What was chosen, on all rows. Stopped before its end: the trial."""
        try:
            final = self._whole(trial.epochs, trial.chosen, False, (TRIAL_PART, 1.0))
        except Stopped:
            return trial
        unfinished = len(final.members.training) < trial.epochs.max()
        return trial if unfinished else replace(final, trial=trial)

    def _whole(
        self,
        epochs: np.ndarray,
        chosen: np.ndarray,
        hold: bool,
        part: tuple[float, float],
    ) -> Trained:
        """From the start, so many epochs for each sample, regularised as chosen."""
        each, schedule = self.dials["members"], self.dials["schedule"]
        owner = self.batches.owner(each)
        every, ends = chosen[owner], epochs[owner]
        members = self._descend(
            self.goal, each, every, hold, schedule, ends, lambda _: False, part
        )
        return Trained(members, owner, every, epochs, chosen)

    def _descend(
        self,
        goal: Goal,
        each: int,
        regularised: np.ndarray,
        hold: bool,
        schedule: str,
        epochs: Any,
        enough: Callable[[np.ndarray], bool],
        part: tuple[float, float],
    ) -> Descended:
        """One run of so many members for each sample, which is this part of the
        whole work. regularised: (members,) how each is."""
        dials, every = self.dials, [self.regularisations[k] for k in regularised]
        recipe = Recipe(
            rate=dials["learning_rate"],
            epochs=epochs,
            batch=dials["batch"],
            decay=[each["weight_decay"] for each in every],
            dropout=[each["dropout"] for each in every],
            schedule=schedule,
            averaging=dials["averaging"],
        )

        def follow(validation: np.ndarray) -> bool:
            done, loss = len(validation), float(validation[-1].mean())
            kind = "validation" if hold else "training"
            state = f"epoch {done} of {recipe.longest}, {kind} loss {loss:.4g}"
            share = part[0] + (part[1] - part[0]) * done / recipe.longest
            self.watch.tell(Progress(goal.name, share, state))
            return enough(validation)

        return descend(
            goal.objective,
            goal.start,
            goal.lengths,
            goal.decays,
            goal.constants,
            self.batches.examples(each, hold),
            recipe,
            self.batches.seeds(each),
            self.watch,
            follow,
        )
