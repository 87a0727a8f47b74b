"""How an image network is trained: one cycle of a rate, on pictures that are changed.

The first part of the way sees the pictures as they are turned, without the inner
rows. These are then told, and told mirrored: where a mirror image is told as well as
the picture itself, the rest of the way sees mirror images too (a cat stays a cat; an
"S" does not stay an "S").
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from mapsto.events import Stopped, Watch
from mapsto.families.image_changes import Changes, changed
from mapsto.families.image_form import (
    AT_ONCE,
    Form,
    folded,
    headed,
    image_network,
    seen,
    start,
)
from mapsto.solvers.nesterov import Place, beginning, moved, one_cycle

BATCH, LEAST_STEPS = 64, 8  # pictures of a step; steps of an epoch, where they are few
LOOK = 0.1  # of the way until mirror images are judged
MOMENT_ROWS = 1024  # pictures that the last normalisation is measured on
LONG_MEMORY = 1000  # steps that the running mean reaches back, or a tenth of all


@dataclass(frozen=True, eq=False)
class Examples:
    """pictures: float32 (n, side, side, channels). others: float32 (n, k). y, w: (n,)
    float32. inner: bool (n,)."""

    pictures: np.ndarray
    others: np.ndarray
    y: np.ndarray
    w: np.ndarray
    inner: np.ndarray

    def __len__(self) -> int:
        return len(self.y)


@dataclass(frozen=True)
class Recipe:
    """How it is trained. `mirror`: are pictures mirrored? None: judged on the way."""

    epochs: int
    rate: float
    decay: float
    dropout: float
    smoothing: float
    mirror: bool | None
    changes: Changes


@dataclass(frozen=True, eq=False)
class Trained:
    """place: where the descent ended. losses: the mean training loss of each epoch."""

    form: Form
    place: Place
    losses: tuple[float, ...]

    def network(self, examples: Examples) -> dict[str, Any]:
        """The function's parameters, normalised by these examples."""
        return settled(self.form, self.place.mean, examples)


def trained(
    form: Form,
    classes: int,
    examples: Examples,
    recipe: Recipe,
    seed: int,
    watch: Watch,
    follow: Callable[[float, str], None],
    place: Place | None = None,
) -> Trained:
    """From the start, or from `place`. Stopped early, what there is is not a function
    yet: raises Stopped. `follow` hears the share that is done, and the loss."""
    rng = np.random.default_rng(seed)
    fresh = place is None
    course = Course(
        form, classes, examples, recipe, rng, watch, follow, beginning(start(form, rng))
    )
    if place is not None:
        course.place = beginning(place.mean)
    look = round(LOOK * course.steps) if fresh and recipe.mirror is None else 0
    mirror = bool(recipe.mirror)
    if look:
        course.walk(look, np.flatnonzero(~examples.inner), False)
        mirror = bears_mirroring(course.network_so_far(), form, classes, examples)
    course.walk(course.steps, np.arange(len(examples)), mirror, warm=fresh)
    return Trained(replace(form, mirrored=mirror), course.place, tuple(course.losses))


class Course:
    """A descent under way."""

    def __init__(
        self,
        form: Form,
        classes: int,
        examples: Examples,
        recipe: Recipe,
        rng: np.random.Generator,
        watch: Watch,
        follow: Callable[[float, str], None],
        place: Place,
    ):
        self.form, self.examples, self.recipe = form, examples, recipe
        self.batch = min(BATCH, max(2, len(examples) // LEAST_STEPS))
        self.each = len(examples) // self.batch
        self.steps = max(1, recipe.epochs * self.each)
        self.place, self.losses = place, list[float]()
        self._rng, self._watch, self._follow, self._done = rng, watch, follow, 0
        same = replace(recipe, epochs=0, rate=0.0, mirror=None)  # compiled once for all
        self._step = partial(_step, form=form, classes=classes, recipe=same)

    def walk(
        self, until: int, rows: np.ndarray, mirror: bool, warm: bool = True
    ) -> None:
        """On to this step, on these rows."""
        memory = min(LONG_MEMORY, self.steps // 10 + 1)
        order, told = np.empty(0, int), list[Any]()
        while self._done < until:
            if self._watch.stopping:
                raise Stopped
            if len(order) < self.batch:
                self._hear(told)
                order = self._rng.permutation(rows)
            some, order = order[: self.batch], order[self.batch :]
            t = (self._done + 0.5) / self.steps
            rate = self.recipe.rate * (one_cycle(t) if warm else one_cycle(t, 0.0))
            keeping = min(self._done / (self._done + 10), 1 - 1 / memory)
            self.place, loss = self._step(
                self.place,
                tuple(a[some] for a in self._arrays),
                jax.random.key(int(self._rng.integers(2**31))),
                np.float32(rate),
                np.float32(keeping),
                np.float32(0.5 if mirror else 0.0),
            )
            told.append(loss)
            self._done += 1
        self._hear(told)

    @property
    def _arrays(self) -> tuple[np.ndarray, ...]:
        e = self.examples
        return e.pictures, e.others, e.y, e.w

    def _hear(self, told: list[Any]) -> None:
        """The mean loss of an epoch that is over."""
        if told:
            self.losses.append(float(np.mean([float(loss) for loss in told])))
            self._follow(self._done / self.steps, f"loss {self.losses[-1]:.3f}")
        told.clear()

    def network_so_far(self) -> dict[str, Any]:
        """As it would be told now."""
        return settled(self.form, self.place.mean, self.examples)


@partial(jax.jit, static_argnames=("form", "classes", "recipe"))
def _step(
    place: Place,
    batch: tuple[Any, ...],
    key: Any,
    rate: Any,
    keeping: Any,
    mirror: Any,
    form: Form,
    classes: int,
    recipe: Recipe,
) -> tuple[Place, Any]:
    change, drop = jax.random.split(key)
    pictures = changed(change, batch[0], mirror, recipe.changes)
    told, gradient = jax.value_and_grad(loss_of)(
        place.parameters, (pictures, *batch[1:]), drop, form, classes, recipe
    )
    return moved(place, gradient, rate, recipe.decay, keeping), told


def loss_of(
    parameters: Any,
    batch: tuple[Any, ...],
    key: Any,
    form: Form,
    classes: int,
    recipe: Recipe,
) -> Any:
    """The mean weighted loss of a batch: half the squared error, or the log loss."""
    pictures, others, y, w = batch
    h, _ = seen(form, parameters, pictures)
    kept = jax.random.bernoulli(key, 1 - recipe.dropout, h.shape)
    h = jnp.where(kept, h / (1 - recipe.dropout), 0.0)
    losses = row_losses(headed(parameters, h, others), y, classes, recipe.smoothing)
    return (losses * w).mean()


def row_losses(eta: Any, y: Any, classes: int, smoothing: float) -> Any:
    """(n,). eta: (n, outputs)."""
    if not classes:
        return 0.5 * jnp.square(eta[:, 0] - y)
    if classes == 2:
        target = y * (1 - smoothing) + smoothing / 2
        return jax.nn.softplus(eta[:, 0]) - target * eta[:, 0]
    target = jax.nn.one_hot(y.astype(int), classes) * (1 - smoothing)
    return jax.nn.logsumexp(eta, axis=1) - ((target + smoothing / classes) * eta).sum(
        axis=1
    )


def settled(form: Form, parameters: Any, examples: Examples) -> dict[str, Any]:
    """The function: the moments of the training pictures are moved into the weights."""
    rows = np.linspace(0, len(examples) - 1, min(len(examples), MOMENT_ROWS))
    parts = np.array_split(rows.astype(int), -(-len(rows) // AT_ONCE))
    told = [_moments(form, parameters, examples.pictures[p]) for p in parts]
    moments = []
    for layer in zip(*told, strict=True):
        means, variances = (np.stack([np.asarray(m[k]) for m in layer]) for k in (0, 1))
        moments.append((means.mean(axis=0), variances.mean(axis=0) + means.var(axis=0)))
    return folded(parameters, moments)


@partial(jax.jit, static_argnums=0)
def _moments(form: Form, parameters: Any, pictures: Any) -> Any:
    return seen(form, parameters, pictures)[1]


def bears_mirroring(
    network: Mapping[str, Any], form: Form, classes: int, examples: Examples
) -> bool:
    """Are the inner pictures told as well when they are mirrored, within an error?"""
    inner = np.flatnonzero(examples.inner)
    if not len(inner):
        return False
    pictures, others = examples.pictures[inner], examples.others[inner]
    y, n = examples.y[inner], len(inner)
    losses = []
    for shown in (pictures, pictures[:, :, ::-1]):
        flat = np.concatenate([shown.reshape(n, -1), others], axis=1)
        eta = image_network(network, flat, form)
        losses.append(np.asarray(_judged(eta, y, classes)))
    gap = losses[1] - losses[0]
    return bool(gap.mean() <= 2 * gap.std() / np.sqrt(n) + 1e-12)


def _judged(eta: np.ndarray, y: np.ndarray, classes: int) -> np.ndarray:
    """(n,) errors: wrong or right; the squared error of a quantity."""
    if not classes:
        return (eta[:, 0] - y) ** 2
    told = eta[:, 0] > 0 if classes == 2 else eta.argmax(axis=1)
    return (told != y).astype(float)
