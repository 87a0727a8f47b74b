"""Every family at one number of groups, and which of them is kept.

    score = share of the best gain × (1 + agreement with the other families) / 2

The gain says how much better rows are foretold when the groups are known; agreement
with families that look at the rows in another way says that the groups are no artefact
of one form. Neither looks at what a family itself maximises.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from mapsto.events import GroupsFound, RungSkipped, RungStarted, Stopped, Watch
from mapsto.families.clusters.family import GroupFamily, Grouping
from mapsto.selection.grouping import JUDGED_ROWS, GroupProblem, gain
from mapsto.selection.partitions import (
    agreement,
    jaccard,
    matched,
    mean_agreement,
)

REFITS = {"quick": 2, "normal": 4, "thorough": 10}
LEAST_SHARE = 0.01  # of the best gain: who gains nothing is not ruled out by it alone
COOLEST, HOTTEST = 0.5, 1e4


@dataclass(frozen=True, eq=False)
class GroupCandidate:
    """One family's groups. labels: (n,) of the problem's rows, from 0, the largest
    group first."""

    family: str
    words: str
    grouping: Grouping
    order: np.ndarray
    labels: np.ndarray
    gain: float
    seconds: float
    agreement: float = 1.0
    score: float = 0.0

    def scores(self, x: Any) -> Any:
        """(n, d) -> (n, groups), in the candidate's order."""
        xp = x.__array_namespace__()
        told = self.grouping.function(self.grouping.parameters, x)
        return xp.take(told, xp.asarray(self.order), axis=1)


def climb_groups(
    families: Sequence[GroupFamily],
    problem: GroupProblem,
    groups: int,
    effort: str,
    watch: Watch,
) -> list[GroupCandidate]:
    """A candidate for each family that finds so many groups. A stop keeps what is
    finished."""
    found: list[GroupCandidate] = []
    for family in families:
        began = monotonic()
        watch.tell(RungStarted(family.name))
        try:
            if watch.stopping:
                raise Stopped
            (fitted,) = family.fit(problem.x, [groups], effort, problem.seed, watch)
        except Stopped:
            watch.tell(RungSkipped(family.name, "rung-stopped"))
            break
        labels = None if fitted is None else fitted.labels(problem.x)
        if fitted is None or labels is None or len(np.unique(labels)) < groups:
            watch.tell(RungSkipped(family.name, "groups-not-found", {"groups": groups}))
            continue
        order = np.argsort(-np.bincount(labels, minlength=groups), kind="stable")
        labels = np.argsort(order)[labels]
        gained = gain(problem.x, labels, problem.seed)
        seconds = monotonic() - began
        told = family.words.format(groups=groups, **fitted.hyperparameters)
        found.append(
            GroupCandidate(family.name, told, fitted, order, labels, gained, seconds)
        )
        watch.tell(GroupsFound(family.name, groups, gained, seconds))
    return _scored(found)


def _scored(found: list[GroupCandidate]) -> list[GroupCandidate]:
    most = max([c.gain for c in found], default=0.0)
    told = []
    for c in found:
        others = [o.labels for o in found if o is not c]
        agrees = mean_agreement(c.labels, others)
        share = max(c.gain / most, LEAST_SHARE) if most > 0 else 1.0
        told.append(replace(c, agreement=agrees, score=share * (1 + agrees) / 2))
    return told


@dataclass(frozen=True)
class Held:
    """What other rows say of groups. agreement: of refits on halves of the rows, with
    these groups. stability: (groups,) of each, as the mean Jaccard similarity (Hennig
    2007, https://doi.org/10.1016/j.csda.2006.11.025). temperature: by which scores
    are divided, so that probabilities are as sure as refits agree."""

    agreement: float
    stability: np.ndarray
    temperature: float
    refits: int


def held(
    family: GroupFamily,
    candidate: GroupCandidate,
    problem: GroupProblem,
    effort: str,
    watch: Watch,
) -> Held:
    """Refit on halves of the rows, and compare."""
    groups = len(candidate.order)
    x, labels = problem.x, candidate.labels
    if len(x) > 2 * JUDGED_ROWS:
        rng = np.random.default_rng([problem.seed, 4])
        some = np.sort(rng.choice(len(x), 2 * JUDGED_ROWS, replace=False))
        x, labels = x[some], labels[some]
    agrees, similar, told, own = [], [], [], []
    for k in range(REFITS[effort]):
        half = np.random.default_rng([problem.seed, 5, k]).permutation(len(x)) % 2 == 0
        try:
            (fitted,) = family.fit(x[half], [groups], "quick", problem.seed + k, watch)
        except Stopped:
            break
        if fitted is None:
            similar.append(np.zeros(groups))
            agrees.append(0.0)
            continue
        scores = fitted.scores(x)
        scores = scores[:, matched(labels, scores.argmax(axis=1), groups)]
        again = scores.argmax(axis=1)
        agrees.append(agreement(labels[~half], again[~half]))
        similar.append(
            np.array([jaccard(labels == g, again == g) for g in range(groups)])
        )
        told.append(scores[~half])
        own.append(labels[~half])
    if not similar:
        return Held(float("nan"), np.full(groups, np.nan), 1.0, 0)
    temperature = _temperature(np.concatenate(told), np.concatenate(own)) if told else 1
    return Held(
        float(np.mean(agrees)),
        np.mean(similar, axis=0),
        float(temperature),
        len(similar),
    )


def _temperature(scores: np.ndarray, labels: np.ndarray) -> float:
    """The one at which the refits' probabilities foretell the groups best (Guo,
    Pleiss, Sun & Weinberger 2017, https://arxiv.org/abs/1706.04599)."""
    centred = scores - scores.max(axis=1, keepdims=True)
    own = centred[np.arange(len(labels)), labels]

    def loss(log_t: float) -> float:
        z = centred / np.exp(log_t)
        return float((np.log(np.exp(z).sum(axis=1)) - own / np.exp(log_t)).mean())

    bounds = (np.log(COOLEST), np.log(HOTTEST))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x))
