"""How a network is wired: its layers, and the neurons that carry the most weight."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mapsto.families.member import Member
from mapsto.portrait.flow import flow
from mapsto.selection.crossval import Candidate
from mapsto.selection.problem import Problem

MOST_NEURONS = 10


def wiring(
    problem: Problem, candidate: Candidate, order: Sequence[str]
) -> dict[str, Any]:
    """One of the averaged networks: its sizes, the weights between what is shown, and
    what flows there (`flow`). order: the columns, those that matter most first.

    The first layer sees a column through several inputs (pieces, waves, levels): they
    are told as one, the root of the sum of their squares with the sign of their sum.
    `weights[l][i][j]` leads from shown neuron i of layer l to j of the next.
    """
    member = candidate.members[0]
    parameters = member.fitted.parameters
    layers = [np.asarray(layer["w"][0], float) for layer in parameters["layers"]]
    names = _inputs(member)
    columns = [c.name for c in problem.columns if c.name in set(names)]
    first = np.stack([_joined(layers[0], names, c) for c in columns])
    matrices = [first, *layers[1:]]
    kept = [_strongest(matrices[0])]
    kept += [_strongest(m) for m in matrices[1:]]
    kept.append(np.arange(min(matrices[-1].shape[1], MOST_NEURONS)))
    inputs = [columns[k] for k in kept[0]]
    return {
        "sizes": [len(columns), *(m.shape[1] for m in matrices)],
        "members": len(candidate.members) * parameters["layers"][0]["w"].shape[0],
        "inputs": inputs,
        "weights": [m[np.ix_(kept[k], kept[k + 1])] for k, m in enumerate(matrices)],
        "flow": flow(problem, member, names, inputs, order, kept),
    }


def _strongest(weights: np.ndarray) -> np.ndarray:
    """The rows of a weight matrix with the most outgoing weight, in their order."""
    strength = np.linalg.norm(weights, axis=1)
    return np.sort(np.argsort(-strength, kind="stable")[:MOST_NEURONS])


def _joined(weights: np.ndarray, names: list[str], column: str) -> np.ndarray:
    own = weights[[k for k, name in enumerate(names) if name == column]]
    return np.linalg.norm(own, axis=0) * np.where(own.sum(axis=0) < 0, -1.0, 1.0)


def _inputs(member: Member) -> list[str]:
    """The column behind each input of the first layer (`network_form.seen`)."""
    inputs = member.fitted.parameters["inputs"]
    features = member.encoding.features
    read = [*inputs.get("wave", ()), *inputs["column"]]
    names = [features[int(j)].column for j in read]
    if "embedding" not in member.fitted.parameters:
        return names
    dimensions = member.fitted.parameters["embedding"].shape[2]
    codes = [features[int(j)].column for j in inputs["code"]]
    return [c for c in codes for _ in range(dimensions)] + names
