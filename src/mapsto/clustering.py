"""`mapsto.cluster`: from a table to groups. This page is the table of contents.

read → encode → count the groups → every family finds so many → choose and judge
→ write the function as a graph → the groups
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mapsto.errors import NothingKept
from mapsto.events import (
    Event,
    Finished,
    GroupsCounted,
    RungStarted,
    Stopped,
    Watch,
)
from mapsto.families.clusters import GROUP_LADDER
from mapsto.families.clusters.family import GroupFamily
from mapsto.graph.backbone_file import opened
from mapsto.graph.sharing import Graphs
from mapsto.group_record import ONE, group_graph, make_group_record
from mapsto.groups import Groups
from mapsto.interrupt import interruptible
from mapsto.selection import options
from mapsto.selection.group_choice import (
    GroupCandidate,
    climb_groups,
    held,
)
from mapsto.selection.group_count import Count, border_of, count_groups
from mapsto.selection.grouping import GroupProblem, read_groups
from mapsto.threads import one_thread_each


def cluster(
    data: Any,
    *,
    groups: int | None = None,
    families: str | Sequence[str] = "auto",
    effort: str = "normal",
    budget: float | None = None,
    kinds: Mapping[str, str] | None = None,
    backbone: Any = None,
    seed: int = 0,
    on_event: Callable[[Event], Any] | None = None,
) -> Groups:
    """Find the groups of rows in `data` that come back on other rows, if there are any.

    data: path or glob, frame, dict of columns, or array, as for `mapsto.fit`; no column
    is a target. Or pictures: a folder, however deep (the folders' names are not looked
    at), files, arrays, or a column of file names. groups: how many; None lets the data
    tell, and 1 may be the answer.
    families: "auto" or a sequence of "kmeans", "mixture", "spectral", "network" and
    "density". effort: "quick", "normal" or "thorough", a fixed amount of work. budget:
    seconds after which the work stops and keeps the best so far. kinds: {"zip":
    "category"}. backbone: an ONNX file, or a `mapsto.Backbone`, that looks at pictures
    first. on_event: called with each of `mapsto.events`; it may raise
    `events.Stopped` to end the work and keep what is finished.

    Errors: DataError (too few rows, rows all alike, no column to learn from),
    OptionError, FileError (no such file, no backbone), NothingKept (stopped before the
    first groups were found).
    """
    began = time.monotonic()
    climbed = options.chosen_group_families(families, GROUP_LADDER)
    options.check_groups(groups, effort, kinds, seed, budget, on_event)
    extractor = opened(backbone)
    watch = Watch(on_event, budget)
    with interruptible(watch), one_thread_each():
        problem = read_groups(data, kinds, seed, watch, groups or 2, extractor)
        number, counts = counted(climbed, problem, groups, effort, watch)
        candidates = []
        if number > 1:
            candidates = climb_groups(climbed, problem, number, effort, watch)
            candidates = candidates or rescued(climbed, problem, number, counts, watch)
        chosen = {"given": groups, "effort": effort, "seed": seed}
        found = conclude(climbed, problem, candidates, counts, effort, chosen, watch)
    watch.tell(Finished(found.family, found.family, time.monotonic() - began))
    return found


def counted(
    families: Sequence[GroupFamily],
    problem: GroupProblem,
    given: int | None,
    effort: str,
    watch: Watch,
) -> tuple[int, list[Count]]:
    """The number of groups, and what was tried to find it."""
    if given is not None:
        return given, []
    began = time.monotonic()
    watch.tell(RungStarted("count"))
    counting = [f for f in families if f.counts] or [
        f for f in GROUP_LADDER if f.counts
    ]
    try:
        number, counts = count_groups(counting, problem, effort, watch)
    except Stopped:
        raise NothingKept("nothing-kept") from None
    watch.tell(GroupsCounted(number, time.monotonic() - began))
    return number, counts


def rescued(
    families: Sequence[GroupFamily],
    problem: GroupProblem,
    number: int,
    counts: Sequence[Count],
    watch: Watch,
) -> list[GroupCandidate]:
    """Stopped when the number was known: the groups by which it was found.

    Errors: NothingKept, when no family has found any.
    """
    by = [c.family for c in counts if c.believed and c.groups == number]
    named = [f for f in families if f.name in by[:1]]
    if watch.stopping and named:
        return climb_groups(named, problem, number, "quick", Watch())
    if watch.stopping:
        raise NothingKept("nothing-kept")
    raise NothingKept("groups-nothing-kept", groups=number)


def conclude(
    families: Sequence[GroupFamily],
    problem: GroupProblem,
    candidates: Sequence[GroupCandidate],
    counts: Sequence[Count],
    effort: str,
    chosen: Mapping[str, Any],
    watch: Watch,
) -> Groups:
    """Choose the family, see whether its groups come back, and write all down."""
    best = max(candidates, key=lambda c: c.score, default=None)
    told, border = None, None
    if best is not None:
        family = next(f for f in families if f.name == best.family)
        told = held(family, best, problem, effort, watch)
        if chosen["given"] is not None:
            border = border_of(family, problem, best.labels, effort, watch)
    record = make_group_record(problem, candidates, best, told, counts, border, chosen)
    graph = group_graph(best, problem, record["temperature"])
    name = ONE if best is None else best.family
    return Groups(record, Graphs.of([(name, graph)]))
