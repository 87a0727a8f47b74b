"""Which searches are made for what was asked: activations, sizes, polygons, layers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mapsto.approximation import polygons
from mapsto.approximation.box import Box, Scatter
from mapsto.approximation.box_starts import BoxStarts
from mapsto.approximation.choices import Choices
from mapsto.approximation.curve import Curve
from mapsto.approximation.network import Network
from mapsto.approximation.result import Trial
from mapsto.approximation.search import Aim, Candidate
from mapsto.approximation.sizes import MOST_NEURONS, Climb, Starts, closest, smallest
from mapsto.approximation.starts import LineStarts
from mapsto.errors import NothingKept, OptionError
from mapsto.events import SizeTried, Watch

Problem = Curve | Box | Scatter

SEARCHED = ("sin", "tanh", "gelu")
"""What "auto" chooses from, besides polygons."""
MARGIN = 0.97  # of the tolerance: what the grid misses, and what the proof needs
CLOSER = 100  # up to so many segments, their error is made as small as can be
SIMPLE = 8  # a polygon of more segments is not looked for by "auto"


@dataclass(frozen=True)
class Found:
    """A network in scaled coordinates, and the sizes that were tried for it."""

    network: Network
    tried: tuple[Trial, ...]
    least: int | None = None
    """No polygon within the tolerance has fewer segments."""


@dataclass
class Finder:
    """Searches with the chosen activations, sizes and layers."""

    problem: Problem
    choices: Choices
    watch: Watch

    def __post_init__(self) -> None:
        frame = self.problem.frame
        unit = float(np.finfo(frame.dtype).eps) / 2.0
        goal = MARGIN * self.choices.goal(frame.size)
        self.aim = Aim(goal, unit, lambda: self.watch.stopping)
        self.climb = Climb(self._starts(), self.aim, self.choices.seed, self.tell)

    def _starts(self) -> Starts:
        problem, layers = self.problem, self.choices.layers
        if isinstance(problem, Box) or problem.inputs > 1:
            return BoxStarts(problem, layers)
        return LineStarts(problem) if layers == 1 else BoxStarts(problem.plain(), 2)

    def tell(self, done: float, trial: Trial) -> None:
        error = self._in_units(trial.error)
        self.watch.tell(SizeTried(trial.activation, trial.neurons, error, done))

    def _in_units(self, error: float) -> float:
        return error * (1.0 if self.choices.relative else self.problem.frame.size)

    def found(self) -> Found:
        wanted = self.choices.activation
        if wanted == "relu" and isinstance(self.problem, Curve):
            return self._polygon(self.problem)
        names = {"auto": SEARCHED, "sigmoid": ("tanh",)}.get(wanted, (wanted,))
        if self.choices.layers == 2:
            names = ("tanh",)
        if self.choices.neurons is not None:
            return self._fixed(names, self.choices.neurons)
        simple = None
        if wanted == "auto" and isinstance(self.problem, Curve):
            simple = polygons.fewest(self.problem.plain(), self.aim.goal, SIMPLE)
        most = MOST_NEURONS if simple is None else simple.neurons - 1
        best = smallest(self.climb, names, most) if most else None
        return self._better(simple, best)

    def _better(self, simple: Network | None, best: Candidate | None) -> Found:
        """The polygon, unless the search went below it."""
        if simple is not None and (best is None or best.error > self.aim.goal):
            error = self.problem.error(simple)[0]
            trial = Trial("relu", simple.neurons, self._in_units(error))
            return Found(simple, (*self._tried(), trial), self._least(simple))
        return self._of(best)

    def _fixed(self, names: Sequence[str], neurons: int) -> Found:
        best = closest(self.climb, names, neurons)
        if self.choices.activation == "auto" and isinstance(self.problem, Curve):
            simple = polygons.closest(self.problem.plain(), neurons, self.aim.stopping)
            if simple and self.problem.error(simple)[0] < best.error:
                return Found(simple, self._tried())
        return self._of(best)

    def _polygon(self, made: Curve) -> Found:
        plain, neurons = made.plain(), self.choices.neurons
        stopping = self.aim.stopping
        if neurons is not None:
            network = polygons.closest(plain, neurons, stopping)
        else:
            network = polygons.fewest(plain, self.aim.goal / MARGIN, polygons.MOST)
            if network is None:
                raise OptionError("approximate-relu", most=polygons.MOST)
        if network is None:
            raise NothingKept("nothing-kept")
        if neurons is None and network.neurons <= CLOSER:
            network = polygons.closest(plain, network.neurons, stopping) or network
        error = self._in_units(plain.error(network)[0])
        trial = Trial("relu", network.neurons, error)
        return Found(network, (trial,), self._least(network))

    def _least(self, found: Network) -> int | None:
        if self.choices.neurons is not None or not isinstance(self.problem, Curve):
            return None
        plain, goal = self.problem.plain(), self.choices.goal(self.problem.frame.size)
        return polygons.least(plain, goal, found.neurons)

    def _of(self, best: Candidate | None) -> Found:
        if best is None or best.network is None:
            raise NothingKept("nothing-kept")
        offset = getattr(best.problem, "offset", 0.0)
        return Found(best.network.shifted(offset), self._tried())

    def _tried(self) -> tuple[Trial, ...]:
        return tuple(
            Trial(name, neurons, self._in_units(c.error))
            for (name, neurons), c in sorted(self.climb.found.items())
        )
