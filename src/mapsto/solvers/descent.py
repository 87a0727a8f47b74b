"""Gradient descent in small batches, several members side by side.

Everything carries a leading *member* axis: each member has parameters and shuffles
of its own, and one compiled step moves them all with batched matrix products.

    g = ∇ loss,   m ← β₁ m + (1 - β₁) g,   v ← β₂ v + (1 - β₂) g²
    p ← p (1 - λ r s) - r s ℓ m̂ / (√v̂ + ε)

This is Adam with decoupled weight decay (https://arxiv.org/abs/1412.6980,
https://arxiv.org/abs/1711.05101): r is the rate, s the schedule, λ the decay, and
every array has a natural step length ℓ of its own.

Compiling is part of the wait, so all parameters of a member lie in one flat vector
and the number of steps is dynamic. Between compiled calls, each about a fifth of a
second long, the caller hears how it goes and may stop; results do not depend on how
the steps are grouped into calls.

Members are parted into *crews* that descend side by side, on a thread each: cores then
wait for each other once in an epoch, and not at every product.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

import jax
import jax.numpy as jnp
import numpy as np

from mapsto.events import Stopped, Watch
from mapsto.solvers.dropout import Noise, scrambled
from mapsto.solvers.flat import Layout
from mapsto.solvers.schedules import SCHEDULES, flat_cosine
from mapsto.threads import side_by_side

BETA_1, BETA_2 = 0.9, 0.95  # RealMLP's (https://arxiv.org/abs/2407.04491)
EPSILON = 1e-8
EPOCH_ROWS = 65_536  # an epoch is one pass, or this many rows of a longer table
CALL_SECONDS = 0.2  # aimed at, for one compiled call
CREWS = (2, 3)  # the first that divides the members: crews of a size compile once


class Objective(Protocol):
    """The loss to go down: a hashable callable.

    parameters, constants, batch: pytrees of arrays with a leading member axis.
    Returns (members,) mean losses: with noise, what training minimises; without,
    what validation judges by.
    """

    def __call__(
        self, parameters: Any, constants: Any, batch: Any, noise: Noise | None
    ) -> jax.Array: ...


@dataclass(frozen=True)
class Recipe:
    """How fast and how far to go down. Numbers may differ by member: (members,).

    rate: largest step. epochs: passes over the rows. batch: rows per step. decay:
    share of a weight lost per unit of step. dropout: share of neurons left out.
    schedule: a name in SCHEDULES. averaging: the mean of the parameters after this
    many last epochs is tried too.
    """

    rate: Any
    epochs: Any
    batch: int
    decay: Any = 0.0
    dropout: Any = 0.0
    schedule: str = "coslog4"
    averaging: int = 0

    @property
    def longest(self) -> int:
        return int(np.max(self.epochs))

    def of_each(self, members: int) -> "Recipe":
        """With every number that may differ told for each member."""
        return self._changed(lambda number: np.broadcast_to(number, members))

    def part(self, own: slice) -> "Recipe":
        """That of some members, of one that is told for each."""
        return self._changed(itemgetter(own))

    def _changed(self, change: Callable[[Any], Any]) -> "Recipe":
        return replace(
            self,
            rate=change(self.rate),
            epochs=change(self.epochs),
            decay=change(self.decay),
            dropout=change(self.dropout),
        )

    def course(self, epoch: int, steps: int) -> "Course":
        """The steps of an epoch (from 1). Members whose epochs are over stand still."""
        number = np.arange((epoch - 1) * steps, epoch * steps) + 0.5
        t = number / (np.reshape(self.epochs, (-1, 1)) * steps)
        fading = flat_cosine(np.minimum(t, 1.0))
        pull = np.where(t < 1, SCHEDULES[self.schedule](t), 0.0) * _column(self.rate)
        return Course(
            pull.astype(np.float32),
            (pull * fading * _column(self.decay)).astype(np.float32),
            (fading * _column(self.dropout)).astype(np.float32),
        )


def roomy(size: int) -> int:
    """The next of few sizes: 4, 5, 6 or 7 times a power of two, and at least 16.

    >>> roomy(100)
    112
    """
    step = max(4, 1 << max((size - 1).bit_length() - 3, 0))
    return max(16, -(-size // step) * step)


class Course(NamedTuple):
    """Of each step of an epoch (members, steps): the step's size, the share of the
    weights that decays, and the share of neurons left out."""

    pull: Any
    decay: Any
    dropout: Any


def _column(number: Any) -> np.ndarray:
    return np.reshape(number, (-1, 1))


@dataclass(frozen=True)
class Examples:
    """The rows to learn from.

    data: pytree of arrays (samples, rows, ...), of which the first `counts[k]` rows
    of sample k are real. held: a like pytree of validation rows, or None. owner:
    (members,) the sample of each member.
    """

    data: Any
    held: Any
    counts: np.ndarray
    owner: np.ndarray


@dataclass(frozen=True)
class Descended:
    """Where the members ended, each at its best epoch.

    parameters: pytree of NumPy arrays (members, ...). training, validation: (epochs,
    members) mean losses. best: (members,) the epoch that was kept, from 1; it is
    beyond the last where the mean over epochs was.
    """

    parameters: Any
    training: np.ndarray
    validation: np.ndarray
    best: np.ndarray


# ── the compiled step ──


class State(NamedTuple):
    """Where the members stand: parameters and Adam's two moments, (members, size)."""

    flat: Any
    mean: Any
    square: Any
    loss: Any  # (members,) training losses summed over the steps of the epoch


@partial(jax.jit, static_argnames=("objective", "layout", "batch"))
def _advance(
    state: State,
    order: Any,
    course: Course,
    first: Any,
    within: Any,
    count: Any,
    *,
    constants: Any,
    data: Any,
    owner: Any,
    bits: Any,
    lengths: Any,
    decays: Any,
    objective: Objective,
    layout: Layout,
    batch: int,
) -> State:
    """`count` steps. The first is the `first` of all, and takes the `within`-th batch
    of `order` (members, rows of an epoch)."""
    members = order.shape[0]

    def step(k: Any, state: State) -> State:
        rows = jax.lax.dynamic_slice(order, (0, (within + k) * batch), (members, batch))
        part = _rows(data, owner, rows)
        now = Course(
            *(jax.lax.dynamic_slice_in_dim(a, within + k, 1, 1) for a in course)
        )
        number = first + k
        own = scrambled(bits + scrambled(number.astype(jnp.uint32)))
        noise = Noise(own, now.dropout[:, :, None])

        def total(tree: Any) -> tuple[jax.Array, jax.Array]:
            losses = objective(tree, constants, part, noise)
            return losses.sum(), losses

        gradient, losses = jax.grad(total, has_aux=True)(layout.split(state.flat))
        moved = _adam(state, layout.join(gradient), now, number, lengths, decays)
        return moved._replace(loss=state.loss + losses)

    return jax.lax.fori_loop(0, count, step, state)


def _rows(data: Any, owner: Any, rows: Any) -> Any:
    """The rows (members, batch) of each member's own sample."""

    def taken(a: Any) -> Any:
        return a.at[owner[:, None], rows].get(mode="promise_in_bounds")

    return jax.tree.map(taken, data)


def _adam(
    state: State, g: Any, now: Course, number: Any, lengths: Any, decays: Any
) -> State:
    after = (number + 1).astype(g.dtype)
    mean = BETA_1 * state.mean + (1 - BETA_1) * g
    square = BETA_2 * state.square + (1 - BETA_2) * g * g
    root = jnp.sqrt(square * (1 / (1 - BETA_2**after))) + EPSILON
    kept = state.flat * (1 - now.decay * decays)
    flat = kept - now.pull / (1 - BETA_1**after) * lengths * mean / root
    return State(flat, mean, square, state.loss)


@partial(jax.jit, static_argnames=("objective", "layout"))
def _assess(
    flat: Any, constants: Any, held: Any, owner: Any, *, objective: Any, layout: Layout
) -> jax.Array:
    """(members,) losses on each member's own validation rows."""
    part = jax.tree.map(lambda a: a[owner], held)
    return objective(layout.split(flat), constants, part, None)


# ── the loop around it ──


def descend(
    objective: Objective,
    start: Any,
    lengths: Any,
    decays: Any,
    constants: Any,
    examples: Examples,
    recipe: Recipe,
    seeds: Sequence[int],
    watch: Watch,
    follow: Callable[[np.ndarray], bool],
) -> Descended:
    """Train all members side by side and keep each one's best epoch.

    start: pytree (members, ...). lengths, decays: one number for each array of it.
    constants: pytree that the objective needs and nothing moves; its arrays of three
    axes are (members, ...), the others are the same for all. seeds: one per member,
    whose course depends on its own seed alone. follow: called after each epoch with
    the validation losses so far (epochs, members); true ends the descent. Without
    held rows the last epoch is kept. Raises Stopped when asked to stop before an
    epoch is done.
    """
    data, held = jax.device_put((examples.data, examples.held))
    examples = replace(examples, data=data, held=held)
    recipe = recipe.of_each(len(seeds))
    everyone = _Members(
        objective, start, lengths, decays, constants, examples, recipe, seeds
    )
    crews = [_Crew(everyone.part(own), watch) for own in _parted(len(seeds))]
    kept = _Kept(recipe, held is not None)
    for epoch in range(1, recipe.longest + 1):
        try:
            _epoch(crews, epoch)
        except Stopped:
            if epoch == 1:
                raise
            break
        told = [(crew.state.flat, crew.training, crew.judged()) for crew in crews]
        kept.see(epoch, *map(np.concatenate, zip(*told, strict=True)))
        if follow(np.array(kept.validation)):
            break
    if kept.averaged is not None and held is not None:
        parts = np.split(kept.averaged, len(crews))
        judged = [c.judged(part) for c, part in zip(crews, parts, strict=True)]
        kept.try_average(np.concatenate(judged))
    return kept.result(Layout.of(start))


def _parted(members: int) -> list[slice]:
    """The members of each crew."""
    crews = next((n for n in CREWS if members % n == 0), 1)
    each = members // crews
    return [slice(k * each, (k + 1) * each) for k in range(crews)]


def _epoch(crews: "Sequence[_Crew]", number: int) -> None:
    """Side by side, but for the first, in which one crew compiles for all of them."""
    if number == 1:
        for crew in crews:
            crew.epoch(number)
    else:
        side_by_side(lambda crew: crew.epoch(number), crews)


@dataclass(frozen=True)
class _Members:
    """What `descend` is told of some members."""

    objective: Objective
    start: Any
    lengths: Any
    decays: Any
    constants: Any
    examples: Examples
    recipe: Recipe
    seeds: Sequence[int]

    def part(self, own: slice) -> "_Members":
        """What it is told of some of them."""

        def known(a: Any) -> Any:
            return a[own] if np.ndim(a) == 3 else a

        return replace(
            self,
            start=jax.tree.map(itemgetter(own), self.start),
            constants=jax.tree.map(known, self.constants),
            examples=replace(self.examples, owner=self.examples.owner[own]),
            recipe=self.recipe.part(own),
            seeds=self.seeds[own],
        )


class _Crew:
    """Some members that descend in one compiled step, and where they stand."""

    def __init__(self, members: _Members, watch: Watch):
        self._recipe, examples = members.recipe, members.examples
        batch, layout = self._recipe.batch, Layout.of(members.start)
        self._steps = -(-min(int(examples.counts.max()), EPOCH_ROWS) // batch)
        fixed = jax.device_put(
            {"constants": members.constants, "owner": examples.owner}
        )
        static = {"objective": members.objective, "layout": layout}
        self._advance = partial(
            _advance,
            data=examples.data,
            bits=np.array(members.seeds, np.uint32),
            lengths=layout.spread(members.lengths),
            decays=layout.spread(members.decays),
            batch=batch,
            **fixed,
            **static,
        )
        self._assess = None
        if examples.held is not None:
            self._assess = partial(_assess, held=examples.held, **fixed, **static)
        self._orders = _orders(examples, self._steps * batch, members.seeds)
        every = len(jax.tree.leaves(examples.data)[0][0])
        most = -(-min(every, EPOCH_ROWS) // batch)
        self._calls = _Calls(self._steps, max(self._steps, most), watch)
        flat = layout.join(members.start)
        self.state = State(flat, flat * 0, flat * 0, flat[:, 0] * 0)

    def epoch(self, number: int) -> None:
        """One pass over the rows. Raises Stopped."""
        course, order = self._recipe.course(number, self._steps), next(self._orders)
        self.state = self._calls.epoch(self._advance, self.state, order, course, number)

    @property
    def training(self) -> np.ndarray:
        """(members,) mean losses of the last epoch."""
        return np.asarray(self.state.loss) / self._steps

    def judged(self, flat: Any = None) -> np.ndarray:
        """(members,) losses on the held rows, if any, else those of training; of where
        the members stand, or of these parameters."""
        if self._assess is None:
            return self.training
        return np.asarray(self._assess(self.state.flat if flat is None else flat))


def _orders(
    examples: Examples, rows: int, seeds: Sequence[int]
) -> Iterator[np.ndarray]:
    """For each epoch, the rows that each member meets: int32 (members, rows).

    A member with fewer rows than the longest meets some again in the same epoch.
    """
    generators = [np.random.default_rng([seed, 1]) for seed in seeds]
    counts = examples.counts[examples.owner]
    while True:
        yield np.stack(
            [_order(g, n, rows) for g, n in zip(generators, counts, strict=True)]
        )


def _order(generator: np.random.Generator, count: int, rows: int) -> np.ndarray:
    passes = [generator.permutation(count) for _ in range(-(-rows // count))]
    return np.concatenate(passes)[:rows].astype(np.int32)


def _padded(spare: float, a: np.ndarray) -> jax.Array:
    """Columns of zeros after the others, that share of them."""
    return jnp.asarray(np.pad(a, ((0, 0), (0, round(a.shape[1] * spare)))))


class _Calls:
    """Groups steps into compiled calls of about CALL_SECONDS.

    What is drawn for an epoch is padded to what `most` steps need, so that a run on
    some of the rows and one on all of them share one compilation.
    """

    def __init__(self, steps: int, most: int, watch: Watch):
        self.steps, self.most = steps, most
        self.watch = watch
        self.size = 1

    def epoch(
        self,
        advance: Callable[..., State],
        state: State,
        order: np.ndarray,
        course: Course,
        epoch: int,
    ) -> State:
        """The state after an epoch, with its training losses summed over the steps."""
        state = state._replace(loss=jnp.zeros_like(state.loss))
        spare = roomy(self.most) / self.steps - 1
        order, course = jax.tree.map(partial(_padded, spare), (order, course))
        first, done = (epoch - 1) * self.steps, 0
        while done < self.steps:
            if self.watch.stopping:
                raise Stopped
            count = min(self.size, self.steps - done)
            begin = time.monotonic()
            places = (np.int32(n) for n in (first + done, done, count))
            state = advance(state, order, course, *places)
            state.loss.block_until_ready()
            self._aim(count, time.monotonic() - begin)
            done += count
        return state

    def _aim(self, count: int, seconds: float) -> None:
        """Next time as many steps as fit, at most twice as many as just now."""
        fitting = int(count * CALL_SECONDS / max(seconds, 1e-6))
        self.size = max(1, min(fitting, 2 * count))


class _Kept:
    """What is remembered of each epoch, and each member's best parameters."""

    def __init__(self, recipe: Recipe, judged: bool):
        self.averaged_from = recipe.longest - recipe.averaging + 1
        self.judged = judged
        self.training: list[np.ndarray] = []
        self.validation: list[np.ndarray] = []
        self.averaged: Any = None

    def see(self, epoch: int, flat: Any, training: Any, validation: Any) -> None:
        self.training.append(training)
        self.validation.append(validation)
        if epoch == 1:
            self.best, self.flat = np.full(len(flat), 1), np.asarray(flat)
            self.loss = validation
        else:
            self._take(epoch, flat, validation)
        if epoch >= self.averaged_from:
            k = epoch - self.averaged_from
            before = 0.0 if self.averaged is None else self.averaged
            self.averaged = (before * k + flat) / (k + 1)

    def try_average(self, validation: np.ndarray) -> None:
        self._take(len(self.training) + 1, self.averaged, validation)

    def _take(self, epoch: int, flat: Any, validation: np.ndarray) -> None:
        better = validation <= self.loss if self.judged else np.full(len(flat), True)
        self.best = np.where(better, epoch, self.best)
        self.loss = np.where(better, validation, self.loss)
        self.flat = np.where(better[:, None], np.asarray(flat), self.flat)

    def result(self, layout: Layout) -> Descended:
        return Descended(
            layout.split(self.flat),
            np.array(self.training),
            np.array(self.validation),
            self.best,
        )
