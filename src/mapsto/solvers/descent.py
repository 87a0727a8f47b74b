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
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, Protocol

import jax
import jax.numpy as jnp
import numpy as np

from mapsto.events import Stopped, Watch
from mapsto.solvers.dropout import Noise, scrambled
from mapsto.solvers.flat import Layout
from mapsto.solvers.schedules import SCHEDULES, flat_cosine

BETA_1, BETA_2 = 0.9, 0.95  # RealMLP's (https://arxiv.org/abs/2407.04491)
EPSILON = 1e-8
EPOCH_ROWS = 65_536  # an epoch is one pass, or this many rows of a longer table
CALL_SECONDS = 0.2  # aimed at, for one compiled call


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
    """How fast and how far to go down.

    rate: largest step. batch: rows per step. decay: share of a weight lost per unit
    of step. dropout: share of neurons left out. schedule: a name in SCHEDULES.
    averaging: the mean of the parameters after this many last epochs is tried too.
    """

    rate: float
    epochs: int
    batch: int
    decay: float = 0.0
    dropout: float = 0.0
    schedule: str = "coslog4"
    averaging: int = 0


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


class Pace(NamedTuple):
    """The recipe's numbers as the compiled step takes them."""

    rate: Any
    decay: Any
    dropout: Any
    total: Any  # steps
    lengths: Any  # (size,) natural step of each parameter
    decays: Any  # (size,) 1 where decay works, else 0


class State(NamedTuple):
    """Where the members stand: parameters and Adam's two moments, (members, size)."""

    flat: Any
    mean: Any
    square: Any
    loss: Any  # (members,) training losses summed over the steps of the epoch


@partial(jax.jit, static_argnames=("objective", "layout", "batch", "schedule"))
def _advance(
    state: State,
    order: Any,
    first: Any,
    within: Any,
    count: Any,
    *,
    constants: Any,
    data: Any,
    owner: Any,
    bits: Any,
    pace: Pace,
    objective: Objective,
    layout: Layout,
    batch: int,
    schedule: str,
) -> State:
    """`count` steps. The first is the `first` of all, and takes the `within`-th batch
    of `order` (members, rows of an epoch)."""
    members = order.shape[0]

    def step(k: Any, state: State) -> State:
        place = (0, (within + k) * batch)
        rows = jax.lax.dynamic_slice(order, place, (members, batch))
        part = _rows(data, owner, rows)
        number = first + k
        t = (number + 0.5) / pace.total
        own = scrambled(bits + scrambled(number.astype(jnp.uint32)))
        noise = Noise(own, pace.dropout * flat_cosine(t))

        def total(tree: Any) -> tuple[jax.Array, jax.Array]:
            losses = objective(tree, constants, part, noise)
            return losses.sum(), losses

        gradient, losses = jax.grad(total, has_aux=True)(layout.split(state.flat))
        pull = pace.rate * SCHEDULES[schedule](t)
        return _adam(state, layout.join(gradient), losses, pull, t, number, pace)

    return jax.lax.fori_loop(0, count, step, state)


def _rows(data: Any, owner: Any, rows: Any) -> Any:
    """The rows (members, batch) of each member's own sample."""

    def taken(a: Any) -> Any:
        return a.at[owner[:, None], rows].get(mode="promise_in_bounds")

    return jax.tree.map(taken, data)


def _adam(
    state: State, g: Any, losses: Any, pull: Any, t: Any, number: Any, pace: Pace
) -> State:
    after = (number + 1).astype(g.dtype)
    mean = BETA_1 * state.mean + (1 - BETA_1) * g
    square = BETA_2 * state.square + (1 - BETA_2) * g * g
    root = jnp.sqrt(square * (1 / (1 - BETA_2**after))) + EPSILON
    kept = state.flat * (1 - pull * pace.decay * flat_cosine(t) * pace.decays)
    flat = kept - pull / (1 - BETA_1**after) * pace.lengths * mean / root
    return State(flat, mean, square, state.loss + losses)


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
    tell: Callable[[int, float], None],
) -> Descended:
    """Train all members side by side and keep each one's best epoch.

    start: pytree (members, ...). lengths, decays: one number for each array of it.
    constants: pytree (members, ...) that the objective needs and nothing moves.
    seeds: one per member, whose course depends on its own seed alone. tell: called
    with each epoch and its mean validation loss. Without held rows the last epoch is
    kept. Raises Stopped when asked to stop before an epoch is done.
    """
    layout = Layout.of(start)
    steps = -(-min(int(examples.counts.max()), EPOCH_ROWS) // recipe.batch)
    fixed = jax.device_put({"constants": constants, "owner": examples.owner})
    static = {"objective": objective, "layout": layout}
    advance = partial(
        _advance,
        data=jax.device_put(examples.data),
        bits=np.array(seeds, np.uint32),
        pace=_pace(recipe, layout, lengths, decays, steps * recipe.epochs),
        batch=recipe.batch,
        schedule=recipe.schedule,
        **fixed,
        **static,
    )
    held = jax.device_put(examples.held)
    assess = partial(_assess, held=held, **fixed, **static)
    flat = layout.join(start)
    state = State(flat, flat * 0, flat * 0, flat[:, 0] * 0)
    kept = _Kept(recipe, examples.held is not None)
    orders = _orders(examples, steps * recipe.batch, seeds)
    calls = _Calls(steps, watch)
    for epoch in range(1, recipe.epochs + 1):
        try:
            state, training = calls.epoch(advance, state, next(orders), epoch)
        except Stopped:
            if epoch == 1:
                raise
            break
        validation = assess(state.flat) if examples.held is not None else training
        kept.see(epoch, state.flat, np.asarray(training), np.asarray(validation))
        tell(epoch, float(np.mean(kept.validation[-1])))
    if kept.averaged is not None and examples.held is not None:
        kept.try_average(np.asarray(assess(kept.averaged)))
    return kept.result(layout)


def _pace(
    recipe: Recipe, layout: Layout, lengths: Any, decays: Any, total: int
) -> Pace:
    numbers = (recipe.rate, recipe.decay, recipe.dropout, total)
    rate, decay, dropout, total_steps = (np.float32(a) for a in numbers)
    return Pace(
        rate, decay, dropout, total_steps, layout.spread(lengths), layout.spread(decays)
    )


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


class _Calls:
    """Groups steps into compiled calls of about CALL_SECONDS."""

    def __init__(self, steps: int, watch: Watch):
        self.steps = steps
        self.watch = watch
        self.size = 1

    def epoch(
        self, advance: Callable[..., State], state: State, order: Any, epoch: int
    ) -> tuple[State, np.ndarray]:
        """The state after an epoch, and the mean training losses (members,)."""
        state = state._replace(loss=jnp.zeros_like(state.loss))
        order, done = jnp.asarray(order), 0
        first = (epoch - 1) * self.steps
        while done < self.steps:
            if self.watch.stopping:
                raise Stopped
            count = min(self.size, self.steps - done)
            begin = time.monotonic()
            state = advance(
                state, order, np.int32(first + done), np.int32(done), np.int32(count)
            )
            state.loss.block_until_ready()
            self._aim(count, time.monotonic() - begin)
            done += count
        return state, np.asarray(state.loss) / self.steps

    def _aim(self, count: int, seconds: float) -> None:
        """Next time as many steps as fit, at most twice as many as just now."""
        fitting = int(count * CALL_SECONDS / max(seconds, 1e-6))
        self.size = max(1, min(fitting, 2 * count))


class _Kept:
    """What is remembered of each epoch, and each member's best parameters."""

    def __init__(self, recipe: Recipe, judged: bool):
        self.averaged_from = recipe.epochs - recipe.averaging + 1
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
