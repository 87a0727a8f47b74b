"""The climb as it is seen in a terminal: one stream of events, drawn with Rich.

Talk goes to stderr. In a terminal the running rung has a live bar; elsewhere each
finished rung is one plain line.
"""

import sys
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from mapsto import events, figures, words


class Display:
    """Draws events; use it as a context manager and pass `display.show` as on_event."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._progress = Progress(
            TextColumn("  {task.description:<9}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[state]}"),
            TimeElapsedColumn(),
            console=self.console,
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task: TaskID | None = None
        self._shown = ""  # the rung of the task

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._clear()
        self._progress.stop()

    def show(self, event: events.Event) -> None:
        """Draw one event."""
        match event:
            case events.Noticed():
                self._say(words.wrapped(f"  note: {event.sentence}", indent=" " * 8))
            case events.DataRead():
                rows, columns = figures.count(event.rows), figures.count(event.columns)
                goal = f"{event.target} ({event.task})"
                goal = "groups" if event.task == "clustering" else goal
                self._say(words.wrapped(f"{rows} rows, {columns} columns → {goal}"))
            case events.RungStarted():
                self._begin(event.rung)
            case events.Progress():
                if self._task is None:  # a finished rung goes on with all rows
                    self._begin(event.rung)
                if event.rung == self._shown:
                    self._update(completed=event.done, state=event.state)
            case events.SizeTried():
                self._clear()
                self._say(_tried(event))
                self._begin("search")
                self._update(completed=event.done, state=f"tried {_size(event)}")
            case events.RungFinished():
                self._clear()
                self._say(_finished(event))
            case events.GroupsCounted():
                self._clear()
                self._say(_counted(event))
            case events.GroupsFound():
                self._clear()
                self._say(_found(event))
            case events.RungSkipped():
                self._clear()
                line = f"  {event.rung:<9}  {event.sentence}"
                self._say(words.wrapped(line, indent=" " * 13))

    def _say(self, text: str) -> None:
        self.console.print(text, markup=False)

    def _begin(self, rung: str) -> None:
        self._clear()
        self._shown = rung
        self._task = self._progress.add_task(rung, total=1.0, state="")

    def _update(self, **changes: Any) -> None:
        if self._task is not None:
            self._progress.update(self._task, **changes)

    def _clear(self) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None


def _counted(event: events.GroupsCounted) -> str:
    told = f"{event.groups} groups" if event.groups > 1 else "no groups"
    return f"  {'count':<9}  {told:>25} {figures.seconds(event.seconds):>10}"


def _found(event: events.GroupsFound) -> str:
    told = f"gain {figures.plain(event.gain, 3)} per row"
    return f"  {event.rung:<9}  {told:>25} {figures.seconds(event.seconds):>10}"


def _tried(event: events.SizeTried) -> str:
    return f"  {_size(event):<16}  largest error {event.error:8.2g}"


def _size(event: events.SizeTried) -> str:
    return f"{event.neurons:>4} {event.activation}"


def _finished(event: events.RungFinished) -> str:
    score, error = figures.with_error(event.score, event.standard_error)
    took = figures.seconds(event.seconds)
    return f"  {event.rung:<9}  {score:>12} ± {error:<10} {took:>8}"
