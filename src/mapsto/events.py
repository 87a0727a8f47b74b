"""What happens during long work, as typed values, and the wish to stop.

The command line, the notebook and `on_event` all read the same stream:

    DataRead, Noticed*, (RungStarted, Progress*, RungFinished | RungSkipped)*, Finished

and while groups are looked for

    Noticed*, DataRead, [Progress*, GroupsCounted],
    (RungStarted, Progress*, GroupsFound | RungSkipped)*, Finished
and of `approximate`: SizeTried*

A `Watch` carries events out and the wish to stop in. Long work asks
`watch.stopping` at least a few times a second.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mapsto import catalogue


@dataclass(frozen=True)
class Event:
    """Something that happened."""


@dataclass(frozen=True)
class DataRead(Event):
    """The table is read and typed."""

    rows: int
    columns: int
    target: str
    task: str


@dataclass(frozen=True)
class Noticed(Event):
    """Something about the data that the user should know."""

    code: str
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return catalogue.NOTICES[self.code].format(**self.parameters)


@dataclass(frozen=True)
class RungStarted(Event):
    """A rung of the ladder begins."""

    rung: str


@dataclass(frozen=True)
class Progress(Event):
    """A rung is under way: `done` in [0, 1], and one short line about its state."""

    rung: str
    done: float
    state: str = ""


@dataclass(frozen=True)
class RungFinished(Event):
    """A rung is finished: its out-of-fold score and that score's standard error."""

    rung: str
    score: float
    standard_error: float
    seconds: float


@dataclass(frozen=True)
class RungSkipped(Event):
    """A rung was left out, and why (a notice's code)."""

    rung: str
    code: str
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return catalogue.NOTICES[self.code].format(**self.parameters)


@dataclass(frozen=True)
class GroupsCounted(Event):
    """How many groups there are; 1 stands for none."""

    groups: int
    seconds: float


@dataclass(frozen=True)
class GroupsFound(Event):
    """A family has found so many groups: their gain, in nats per row."""

    rung: str
    groups: int
    gain: float
    seconds: float


@dataclass(frozen=True)
class SizeTried(Event):
    """`approximate` has finished its search at one size: the largest error of the
    best network found there, and the share of the work that is done, in [0, 1]."""

    activation: str
    neurons: int
    error: float
    done: float


@dataclass(frozen=True)
class Finished(Event):
    """The climb is over."""

    simplest: str
    best: str
    seconds: float


class Watch:
    """Carries events out and the wish to stop in.

    `budget` is in seconds from construction; the clock can only stop the climb
    early, it never steers it.
    """

    def __init__(
        self,
        on_event: Callable[[Event], Any] | None = None,
        budget: float | None = None,
    ):
        self._on_event = on_event
        self._deadline = None if budget is None else time.monotonic() + budget
        self._asked = False
        self._telling = threading.Lock()

    def tell(self, event: Event) -> None:
        """Hand an event on; one at a time, whichever thread it comes from.

        Whoever receives it may raise `Stopped`: that is a wish to stop.
        """
        if self._on_event is not None:
            with self._telling:
                try:
                    self._on_event(event)
                except Stopped:
                    self.stop()

    def stop(self) -> None:
        """Ask the work to end soon, keeping what is finished."""
        self._asked = True

    @property
    def stopping(self) -> bool:
        late = self._deadline is not None and time.monotonic() > self._deadline
        return self._asked or late


class Stopped(Exception):
    """Raised by a rung that gives up because the watch is stopping, and by an
    `on_event` that wishes it to stop."""
