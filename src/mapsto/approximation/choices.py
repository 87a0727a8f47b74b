"""What was asked of `approximate`, checked."""

from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from mapsto.catalogue import near
from mapsto.errors import OptionError

ACTIVATIONS = ("auto", "tanh", "sigmoid", "relu", "sin", "gelu")
PRECISIONS = ("float64", "float32")
MOST_NEURONS = 1000
REACH = {"float64": 64.0, "float32": 4.0}  # in roundoffs of the largest value
PROVED = (1.02, 1.05, 1.2)  # bounds that are tried, in largest errors seen


@dataclass(frozen=True)
class Choices:
    """The options of `approximate`."""

    tol: float
    relative: bool
    activation: str
    neurons: int | None
    layers: int
    precision: str
    seed: int

    def goal(self, size: float) -> float:
        """The tolerance where f is divided by `size`; 0 for a fixed size."""
        if self.neurons is not None:
            return 0.0
        return self.tol if self.relative else self.tol / size

    def bounds(self, error: float, size: float) -> tuple[float, ...]:
        """What is tried to be proved, the tightest first."""
        rounding = 4.0 * float(np.finfo(self.precision).eps)
        error = max(error, rounding * (1.0 if self.relative else size))
        if self.neurons is None and error <= self.tol:
            return min(PROVED[0] * error, self.tol), self.tol
        return tuple(p * error for p in PROVED)

    def check_inputs(self, inputs: int) -> None:
        """Raise OptionError for what is only there for one input."""
        if self.activation == "relu" and (inputs > 1 or self.layers == 2):
            problem = "it is for one input and one hidden layer"
            raise OptionError(
                "option-bad", option="activation", value="relu", problem=problem
            )

    def check_reach(self, size: float) -> None:
        """Raise OptionError for a tolerance below what rounding allows."""
        unit = float(np.finfo(self.precision).eps) / 2.0
        reachable = REACH[self.precision] * unit * (1.0 if self.relative else size)
        if self.neurons is None and self.tol < reachable:
            single = self.precision == "float32"
            raise OptionError(
                "approximate-tolerance",
                tol=self.tol,
                precision=self.precision,
                reachable=reachable,
                hint=' Use precision="float64".' if single else "",
            )


def checked(choices: Choices, budget: Any) -> Choices:
    """The choices, if each is one that there is. Raises OptionError."""
    _one_of("activation", choices.activation, ACTIVATIONS)
    _one_of("precision", choices.precision, PRECISIONS)
    c = choices
    _require("tol", c.tol, _positive(c.tol), "it is a finite number above 0")
    _require("budget", budget, budget is None or _positive(budget), "it is in seconds")
    _require("layers", c.layers, c.layers in (1, 2), "it is 1 or 2")
    smooth = c.activation in ("auto", "tanh", "sigmoid")
    problem = "two layers are of tanh or sigmoid units"
    _require("activation", c.activation, c.layers == 1 or smooth, problem)
    sizes = range(c.layers, MOST_NEURONS + 1)
    sized = c.neurons is None or (_whole(c.neurons) and c.neurons in sizes)
    problem = f"it is a whole number from {c.layers} to {MOST_NEURONS}"
    _require("neurons", c.neurons, sized, problem)
    seeded = _whole(c.seed) and c.seed >= 0
    _require("seed", c.seed, seeded, "it is a whole number from 0 on")
    return choices


def _one_of(option: str, value: Any, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise OptionError(
            "option-unknown",
            option=option,
            value=value,
            near=near(str(value), list(choices)),
            choices=", ".join(choices),
        )


def _require(option: str, value: Any, good: bool, problem: str) -> None:
    if not good:
        raise OptionError("option-bad", option=option, value=value, problem=problem)


def _positive(value: Any) -> bool:
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    return bool(number and isfinite(value) and value > 0)


def _whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
