"""What every family gives, and what it is given.

A family says what form a function has (`function`), how its parameters are found
(`fit`), which inputs it likes to see (`sees`) and which hyperparameters it has
(`dials`). One family is one file; to add one, write the file and name it in
`families/__init__.py`.

    typed matrix T --encoding--> x --function(parameters, ·)--> eta --link--> prediction

A `function(parameters, x)` is pure and written once, in the array-API style
(`xp = x.__array_namespace__()`), so that the same lines run on NumPy float64 (the
reference), train under JAX, and are traced into the graph that is shipped.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np

from mapsto.data.encoding import Feature, Plan
from mapsto.events import Watch


@dataclass(frozen=True)
class Task:
    """What is asked: regression (classes = 0) or classification into `classes`."""

    name: Literal["regression", "classification"]
    classes: int = 0

    @property
    def outputs(self) -> int:
        """Columns of eta: 1 (regression value, binary logit) or one per class."""
        return self.classes if self.classes > 2 else 1


@dataclass(frozen=True, eq=False)
class Sample:
    """The training rows of one fold, encoded.

    x: float64 (n, d). y: float64 (n,), standardised target or class index.
    w: float64 (n,), weights with mean 1. inner: bool (n,), True on the inner
    validation rows, on which hyperparameters and the stopping epoch are chosen.
    center, scale: y · scale + center is the target in its units (or its logarithm).
    """

    x: np.ndarray
    y: np.ndarray
    w: np.ndarray
    inner: np.ndarray
    features: tuple[Feature, ...]
    center: float = 0.0
    scale: float = 1.0


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted function on encoded inputs.

    `function(parameters, x)` maps (n, d) to eta (n, outputs); it is a module-level
    function or a `functools.partial` of one, and `parameters` is a pytree of NumPy
    arrays. `size` counts the parameters. `hyperparameters` are the values used.
    `details` is JSON-serialisable: what the family can tell about its function
    (terms with coefficients, training curves, ...).
    """

    function: Callable[[Any, Any], Any]
    parameters: Any
    size: int
    hyperparameters: Mapping[str, Any]
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Dial:
    """One hyperparameter: what it means and which values it takes.

    `default` is used when nothing is given; None means that it is chosen on data.
    `check` raises nothing: it returns what is wrong with a value, or "".
    """

    name: str
    meaning: str
    default: Any
    check: Callable[[Any], str]


class Family(Protocol):
    """A form of function and how to fit it. What has a value here need not be said."""

    name: str
    dials: tuple[Dial, ...]
    rehearsal: Mapping[str, Any] | None = None
    """Hyperparameters that make a cheap fit, by which the space of the target
    (identity or log) is chosen. None: the choice of the rung below is taken."""
    warming: Mapping[str, Any] | None = None
    """Hyperparameters of a fit that does little more than compile what every other
    needs. None: nothing is compiled."""
    averaged: bool = False
    """Whether the mean of the folds' functions is kept where they know every row
    between them; else, and always where this is False, there is a `refit`."""

    def sees(self, given: Mapping[str, Any]) -> Plan:
        """How the columns are encoded for this family."""
        ...

    def fit(
        self,
        samples: Sequence[Sample],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Fitted]:
        """One fitted function per sample. `given` holds the hyperparameters set by
        the user; the rest is chosen on the `inner` rows of each sample. Raises
        `events.Stopped` when the watch is stopping and nothing useful is at hand."""
        ...

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
        """The function on all rows, given what the folds chose. `fits` stand in the
        order of the folds, so that the last is the latest."""
        ...
