"""The constant: the mean, or the share of each class. The floor of the ladder.

eta = c
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mapsto.data.encoding import Plan
from mapsto.events import Watch
from mapsto.families.family import Dial, Family, Fitted, Sample, Task

PSEUDO_COUNT = 0.5  # so that a class without a row keeps a finite logit


def constant(parameters: Any, x: Any) -> Any:
    """eta = c, for every row."""
    xp = x.__array_namespace__()
    return xp.zeros((x.shape[0], 1)) + parameters["c"]


class Constant(Family):
    """The family without inputs."""

    name = "constant"
    dials: tuple[Dial, ...] = ()
    rehearsal = {"target": "identity"}

    def sees(self, given: Mapping[str, Any]) -> Plan:
        return Plan(pictures="areas")

    def fit(
        self,
        samples: Sequence[Sample],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Fitted]:
        return [_fit(s, task) for s in samples]

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
        return _fit(sample, task)


def _fit(sample: Sample, task: Task) -> Fitted:
    if task.name == "regression":
        c = np.array([np.average(sample.y, weights=sample.w)])
    else:
        counts = np.bincount(sample.y.astype(int), sample.w, task.classes)
        logits = np.log((counts + PSEUDO_COUNT) / (counts + PSEUDO_COUNT).sum())
        c = logits[1:] - logits[:1] if task.classes == 2 else logits
    return Fitted(constant, {"c": c}, c.size, {})
