"""What a wrong label costs, as a matrix over the classes.

    C[a, b]: the cost of saying b where the truth is a;  C[a, a] = 0

The label that is said is the one of least expected cost, argmin_b Σ_a p_a C[a, b]
(Elkan 2001, *The foundations of cost-sensitive learning*, IJCAI). Of two classes
that is the second where its probability is above C[0, 1] / (C[0, 1] + C[1, 0]).
"""

from collections.abc import Mapping
from math import isfinite
from numbers import Real
from typing import Any

import numpy as np

from mapsto import catalogue
from mapsto.errors import OptionError

USUAL = 1.0  # of a mistake that is not named


def cost_matrix(
    costs: Mapping[Any, float] | None, labels: np.ndarray
) -> np.ndarray | None:
    """C (classes, classes) from what was given; None where nothing was.

    costs: {"yes": 5.0}, what it costs to miss a yes, whatever is said instead; or
    {("yes", "no"): 5.0}, what it costs to say "no" where the truth is "yes". A pair
    goes before a label, and what is not named costs 1.
    """
    if not costs:
        return None
    if len(labels) == 0:
        problem = "the target is a quantity, and only labels have costs"
        raise _bad("costs", dict(costs), problem)
    found = np.full((len(labels), len(labels)), USUAL)
    for key, cost in sorted(costs.items(), key=lambda item: isinstance(item[0], tuple)):
        _check_cost(key, cost)
        if not isinstance(key, tuple):
            found[_place(key, labels), :] = cost
            continue
        if len(key) != 2:
            raise _bad("costs", key, 'write a pair as ("truth", "said instead")')
        truth, said = (_place(label, labels) for label in key)
        if truth == said and cost:
            raise _bad(f"costs[{key!r}]", cost, "saying the truth costs nothing")
        found[truth, said] = cost
    np.fill_diagonal(found, 0.0)
    if not found.any():
        raise _bad("costs", dict(costs), "at least one mistake must cost something")
    return found


def _check_cost(key: Any, cost: Any) -> None:
    good = isinstance(cost, Real) and not isinstance(cost, bool)
    if not good or not isfinite(cost) or cost < 0:
        raise _bad(f"costs[{key!r}]", cost, "it must be a number, 0 or more")


def _place(label: Any, labels: np.ndarray) -> int:
    for k, known in enumerate(labels.tolist()):
        if type(label) is type(known) and label == known:
            return k
    names = [str(known) for known in labels.tolist()]
    if str(label) not in names:
        raise OptionError(
            "option-unknown",
            option="costs",
            value=label,
            near=catalogue.near(str(label), names),
            choices=catalogue.listed(names),
        )
    return names.index(str(label))


def _bad(option: str, value: Any, problem: str) -> OptionError:
    return OptionError("option-bad", option=option, value=value, problem=problem)


def to_record(costs: np.ndarray | None) -> dict[str, Any]:
    """What a model remembers: the matrix, and of two classes the probability above
    which the second is said."""
    if costs is None:
        return {}
    if len(costs) > 2:
        return {"costs": costs}
    return {"costs": costs, "threshold": costs[0, 1] / (costs[0, 1] + costs[1, 0])}


def as_pairs(record: Mapping[str, Any]) -> dict[tuple[Any, Any], float] | None:
    """The costs of a model's record, as they can be given to another fit."""
    labels = record["classes"]
    if not record.get("costs"):
        return None
    return {
        (a, b): cost
        for a, row in zip(labels, record["costs"], strict=True)
        for b, cost in zip(labels, row, strict=True)
        if a != b
    }
