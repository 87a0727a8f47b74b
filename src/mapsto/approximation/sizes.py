"""How large the network must be: the smallest size that meets the tolerance.

    double until met → bisect → one unit less, with three times the effort

Nothing here proves that a smaller network is impossible; the failed attempt at one
unit less is evidence, and is kept among the `tried`.
"""

import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from mapsto.approximation.result import Trial
from mapsto.approximation.search import HOPELESS, Aim, Candidate, best_of, search
from mapsto.approximation.starts import hop

MOST_NEURONS = 128
EVIDENCE = 3  # times the usual effort, at one unit less
LEFT_OUT = 300.0  # an activation this many times worse than another


class Starts(Protocol):
    """Where networks begin."""

    def start(
        self, activation: str, neurons: int, turn: int, rng: np.random.Generator
    ) -> Candidate: ...

    def resized(
        self, c: Candidate, neurons: int, rng: np.random.Generator
    ) -> Candidate | None: ...


@dataclass
class Climb:
    """The search over sizes: what is fixed, and what was found so far."""

    starts: Starts
    aim: Aim
    seed: int
    tell: Callable[[float, Trial], None]
    found: dict[tuple[str, int], Candidate] = field(default_factory=dict)
    attempts: Counter[tuple[str, int]] = field(default_factory=Counter)

    def attempt(
        self, activation: str, neurons: int, effort: int, done: float = 0.0
    ) -> bool:
        """Search at one size; True when the goal is met there."""
        key = (activation, neurons)
        rng = self._chance(key)
        pool = self._warm(activation, neurons, rng)
        pool += [self.found[key]] if key in self.found else []
        c = at_size(self.starts, activation, neurons, self.aim, rng, effort, pool)
        self.found[key] = best_of([self.found.get(key, c), c])
        self.tell(done, Trial(activation, neurons, self.found[key].error))
        return self.found[key].error <= self.aim.goal

    def _chance(self, key: tuple[str, int]) -> np.random.Generator:
        """Each attempt has its own: what was tried before it does not change it."""
        activation, neurons = key
        self.attempts[key] += 1
        name = zlib.crc32(activation.encode())
        return np.random.default_rng([self.seed, name, neurons, self.attempts[key]])

    def _warm(
        self, activation: str, neurons: int, rng: np.random.Generator
    ) -> list[Candidate]:
        """The nearest sizes that were found, made smaller or larger."""
        sizes = [n for a, n in self.found if a == activation and n != neurons]
        below = max((n for n in sizes if n < neurons), default=None)
        above = min((n for n in sizes if neurons < n <= 2 * neurons), default=None)
        parents = [self.found[activation, n] for n in (below, above) if n]
        made = [
            self.starts.resized(parent, neurons, rng)
            for parent in parents
            for _ in range(3)
        ]
        return [c for c in made if c is not None]


def usual(neurons: int) -> int:
    """Batches of starts that a size usually gets."""
    return 2 if neurons <= 24 else 1


def at_size(
    starts: Starts,
    activation: str,
    neurons: int,
    aim: Aim,
    rng: np.random.Generator,
    effort: int,
    warm: Sequence[Candidate] = (),
) -> Candidate:
    """The best network of this size after `effort` batches of starts and hops."""
    batch, keep = (24, 6) if neurons <= 24 else (12, 4) if neurons <= 60 else (6, 2)
    found = list(warm)
    for turn in range(effort):
        turns = range(turn * batch, (turn + 1) * batch)
        pool = [starts.start(activation, neurons, i, rng) for i in turns]
        found = [search([*found, *pool], aim, keep), *found]
        if aim.over(best_of(found)):
            break
        best = best_of(found)
        if aim.far(best, HOPELESS):
            continue
        hops = [hop(best, rng) for _ in range(batch // 3)]
        found = [best_of([best, search(hops, aim, keep=2, first=1)])]
        if aim.over(found[0]):
            break
    return best_of(found)


def smallest(climb: Climb, activations: Sequence[str], most: int) -> Candidate:
    """The smallest network that meets the goal, or the most accurate one tried."""
    low, high, able = 0, 1, list(activations)
    while not (met := _doubled(climb, able, high, most)):
        if high >= most or climb.aim.stopping():
            return best_of(list(climb.found.values()))
        able = _hopeful(climb, able, high)
        low, high = high, min(2 * high, most)
    return _evidence(climb, met, _bisected(climb, met, low, high))


def closest(climb: Climb, activations: Sequence[str], neurons: int) -> Candidate:
    """The most accurate network of at most so many units.

    The powers of two below are tried as well: they say which activations to go on
    with, they are what the full size starts from, and more units are never worse.
    """
    powers = [2**k for k in range(neurons.bit_length()) if neurons / 4 <= 2**k]
    able = list(activations)
    for size in [*(p for p in powers if p < neurons), neurons]:
        effort = 2 * usual(size) if size == neurons else usual(size)
        _all(climb, able, size, effort, 0.8 * size / neurons)
        able = _hopeful(climb, able, size)
    return best_of(list(climb.found.values()))


def _evidence(climb: Climb, able: list[str], neurons: int) -> Candidate:
    """Go on below, by longer steps while they succeed, until one unit less fails: with
    the activations that met the goal just above, and then the others, less long."""
    step, failed = 1, 0
    while failed < neurons - 1 and not climb.aim.stopping():
        fewer, met = max(neurons - step, failed + 1), _met(climb, neurons)
        rest, effort = [a for a in able if a not in met], usual(fewer)
        if _any(climb, met, fewer, EVIDENCE * effort, 0.8) or (
            step == 1 and _any(climb, rest, fewer, effort, 0.8)
        ):
            neurons, step = fewer, 2 * step
        else:
            failed, step = fewer, 1
    return best_of([climb.found[a, neurons] for a in _met(climb, neurons)])


def _met(climb: Climb, neurons: int) -> list[str]:
    """The activations that have met the goal at this size."""
    goal = climb.aim.goal
    return [a for (a, n), c in climb.found.items() if n == neurons and c.error <= goal]


def _doubled(climb: Climb, able: list[str], neurons: int, most: int) -> list[str]:
    done = float(0.4 * np.log2(neurons + 1) / np.log2(most + 1))
    return _all(climb, able, neurons, 1, done)


def _all(
    climb: Climb, able: Sequence[str], neurons: int, effort: int, done: float
) -> list[str]:
    """The activations that meet the goal at this size."""
    return [a for a in able if climb.attempt(a, neurons, effort, done)]


def _any(
    climb: Climb, able: Sequence[str], neurons: int, effort: int, done: float
) -> bool:
    """Does one of the activations meet the goal at this size? The nearest first."""

    def nearest(name: str) -> float:
        sizes = [n for a, n in climb.found if a == name and n >= neurons]
        return climb.found[name, min(sizes)].error if sizes else np.inf

    ordered = sorted(able, key=lambda a: nearest(a))
    return any(climb.attempt(a, neurons, effort, done) for a in ordered)


def _hopeful(climb: Climb, able: Sequence[str], neurons: int) -> list[str]:
    """The activations that are not far behind another one."""
    error = {a: climb.found[a, neurons].error for a in able}
    return [a for a in able if error[a] <= LEFT_OUT * min(error.values())]


def _bisected(climb: Climb, able: list[str], low: int, high: int) -> int:
    """The smallest size met, where `low` was not and `high` was."""
    while high - low > 1 and not climb.aim.stopping():
        middle = (low + high) // 2
        met = _any(climb, able, middle, usual(middle), 0.6)
        low, high = (low, middle) if met else (middle, high)
    return high
