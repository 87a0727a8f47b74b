"""How many groups there are, by what comes back on other rows.

A number of groups is believed when

1. two halves of the rows give the same groups: the prediction strength (Tibshirani &
   Walther 2005, https://doi.org/10.1198/106186005X59243) is at least 0.8, and
2. the two groups that are hardest to tell apart are parted better than any of
   several heaps of the same spread would be, if they were cut in two (in the manner of
   Liu, Hayes, Nobel & Marron 2008, https://doi.org/10.1198/016214508000000454).

The second is needed because a long heap without groups is cut at the same place again
and again: stable, and meaningless. The largest number that is believed is taken; if
none is, there are no groups.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mapsto.events import Progress, Stopped, Watch
from mapsto.families.clusters.family import GroupFamily
from mapsto.selection.grouping import JUDGED_ROWS, GroupProblem, nearest
from mapsto.selection.partitions import cut, prediction_strength
from mapsto.selection.unimodal import blurred, without_groups

STRONG = 0.8  # Tibshirani & Walther's bound is 0.8 to 0.9
APART = 0.6  # of the border that a heap cut in two would have
PAIRS = {"quick": 3, "normal": 4, "thorough": 10}
HEAPS = {"quick": 4, "normal": 6, "thorough": 10}
MOST = {"quick": 8, "normal": 12, "thorough": 20}
ROWS_PER_GROUP = 10
MOST_BORDERS = 4  # pairs of groups with the longest borders, which are tested


@dataclass(frozen=True)
class Count:
    """How a number of groups of one family fared. border: of the least parted pair,
    as a share of a heap's; None where it was not asked for."""

    family: str
    groups: int
    strength: float
    border: float | None

    @property
    def believed(self) -> bool:
        return self.border is not None and self.border <= APART


def count_groups(
    families: Sequence[GroupFamily], problem: GroupProblem, effort: str, watch: Watch
) -> tuple[int, list[Count]]:
    """The number of groups, 1 for none, and all that was tried. A stop keeps what
    the families before it have found; Stopped, when there is nothing yet."""
    told: list[Count] = []
    blocks = problem.blocks
    rng = np.random.default_rng([problem.seed, 1])
    x = problem.x
    if len(x) > JUDGED_ROWS:
        x = x[np.sort(rng.choice(len(x), JUDGED_ROWS, replace=False))]
    most = min(MOST[effort], len(x) // ROWS_PER_GROUP, len(np.unique(x, axis=0)))
    numbers = list(range(2, most + 1))
    if not numbers:
        return 1, told
    near = nearest(x)
    for k, family in enumerate(families):
        try:
            strengths = _strengths(family, x, numbers, effort, problem.seed, watch)
            told += _believed(
                family, x, near, blocks, numbers, strengths, effort, problem.seed, watch
            )
        except Stopped:
            if not told:
                raise
            break
        watch.tell(Progress("count", (k + 1) / len(families), family.name))
    return max([c.groups for c in told if c.believed], default=1), told


def _strengths(
    family: GroupFamily,
    x: np.ndarray,
    numbers: list[int],
    effort: str,
    seed: int,
    watch: Watch,
) -> np.ndarray:
    """The mean prediction strength of each number: (numbers,)."""
    total = np.zeros((PAIRS[effort], len(numbers)))
    for pair in range(PAIRS[effort]):
        half = np.random.default_rng([seed, 2, pair]).permutation(len(x)) % 2 == 0
        a = family.fit(x[half], numbers, "quick", seed + 2 * pair, watch)
        b = family.fit(x[~half], numbers, "quick", seed + 2 * pair + 1, watch)
        for j, (one, other) in enumerate(zip(a, b, strict=True)):
            if one is None or other is None:
                continue
            total[pair, j] = min(
                prediction_strength(one.labels(x[~half]), other.labels(x[~half])),
                prediction_strength(other.labels(x[half]), one.labels(x[half])),
            )
    return total.mean(axis=0)


def _believed(
    family: GroupFamily,
    x: np.ndarray,
    near: np.ndarray,
    blocks: np.ndarray,
    numbers: list[int],
    strengths: np.ndarray,
    effort: str,
    seed: int,
    watch: Watch,
) -> list[Count]:
    """From the largest strong number down, until one is believed."""
    borders: dict[int, float] = {}
    for j in reversed(range(len(numbers))):
        if strengths[j] < STRONG:
            continue
        (fitted,) = family.fit(x, [numbers[j]], "quick", seed, watch)
        if fitted is None:
            continue
        labels = fitted.labels(x)
        borders[numbers[j]] = border(
            family, x, near, labels, blocks, effort, seed, watch
        )
        if borders[numbers[j]] <= APART:
            break
    return [
        Count(family.name, k, float(s), borders.get(k))
        for k, s in zip(numbers, strengths, strict=True)
    ]


def border(
    family: GroupFamily,
    x: np.ndarray,
    near: np.ndarray,
    labels: np.ndarray,
    blocks: np.ndarray,
    effort: str,
    seed: int,
    watch: Watch,
) -> float:
    """The border between the two least parted groups, of that of a heap cut in two;
    or that of all groups, of that of a heap cut in as many, if it is longer."""
    groups = len(np.unique(labels))
    heap = _border_of_a_heap(family, x, blocks, groups, HEAPS[effort], seed, watch)
    blur = np.random.default_rng([seed, 7])
    worst = cut(labels, nearest(blurred(x, blur))) / max(heap, 1e-9)
    if groups == 2 or worst > APART:
        return worst
    for a, b in _neighbouring(labels, near):
        rows = (labels == a) | (labels == b)
        some = x[rows]
        if len(some) < 2 * ROWS_PER_GROUP:
            return 1.0
        own = cut((labels[rows] == a).astype(int), nearest(blurred(some, blur)))
        heap = _border_of_a_heap(family, some, blocks, 2, HEAPS[effort], seed, watch)
        worst = max(worst, own / max(heap, 1e-9))
        if worst > APART:
            break
    return worst


def border_of(
    family: GroupFamily,
    problem: GroupProblem,
    labels: np.ndarray,
    effort: str,
    watch: Watch,
) -> float | None:
    """The border of groups that were asked for; None when stopped before."""
    x, blocks, seed = problem.x, problem.blocks, problem.seed
    if len(x) > JUDGED_ROWS:
        rng = np.random.default_rng([seed, 1])
        some = np.sort(rng.choice(len(x), JUDGED_ROWS, replace=False))
        x, labels = x[some], labels[some]
    try:
        return border(family, x, nearest(x), labels, blocks, effort, seed, watch)
    except Stopped:
        return None


def _neighbouring(labels: np.ndarray, near: np.ndarray) -> list[tuple[int, int]]:
    """The pairs of groups that share the longest borders for their sizes."""
    groups = np.unique(labels)
    if len(groups) < 2:
        return []
    size = {g: int((labels == g).sum()) for g in groups}
    found = []
    for i, a in enumerate(groups):
        for b in groups[i + 1 :]:
            links = (labels[near[labels == a]] == b).sum()
            links += (labels[near[labels == b]] == a).sum()
            found.append((links / min(size[a], size[b]), int(a), int(b)))
    found.sort(reverse=True)
    return [(a, b) for _, a, b in found[:MOST_BORDERS]]


def _border_of_a_heap(
    family: GroupFamily,
    x: np.ndarray,
    blocks: np.ndarray,
    parts: int,
    heaps: int,
    seed: int,
    watch: Watch,
) -> float:
    """The shortest border when heaps like these rows are each cut in so many."""
    told = []
    for k in range(heaps):
        if watch.stopping:
            raise Stopped
        rng = np.random.default_rng([seed, 3, k])
        made = without_groups(x, blocks, rng)
        (fitted,) = family.fit(made, [parts], "quick", seed, watch)
        if fitted is not None:
            told.append(cut(fitted.labels(made), nearest(blurred(made, rng))))
    return float(np.min(told)) if told else 0.0
