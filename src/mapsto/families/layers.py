"""The layers of a network: weighted sums and activations, several members at once.

    h ← f(h W + b), layer by layer, then eta = h W + b

Every array has a leading member axis, so that the members' products are one batched
product. The same lines run on NumPy, train under JAX and are traced into the graph.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mapsto.families.activations import ACTIVATIONS, Activation
from mapsto.families.network_monotone import signed

Drop = Callable[[Any, int], Any]
BIAS_ROWS = 5  # rows whose pre-activations place a neuron's kink


def layers(
    parameters: Any,
    h: Any,
    activation: Activation,
    residual: bool = False,
    drop: Drop | None = None,
) -> Any:
    """h: (members, n, inputs) -> eta: (members, n, outputs).

    With `residual` a layer's input, if it comes from neurons, is added to its output
    where both are as wide.
    `drop` leaves out neurons of a layer while training.
    """
    *hidden, last = parameters
    for number, layer in enumerate(hidden):
        bent = activation(h @ layer["w"] + layer["b"])
        if residual and number and bent.shape[2] == h.shape[2]:
            bent = bent + h
        h = bent if drop is None else drop(bent, number)
    return h @ last["w"] + last["b"]


def embedded(table: Any, codes: Any) -> Any:
    """The learned vectors of level codes: (members, n, columns · dimensions).

    table: (members, levels, dimensions); codes: (members, n, columns), whole numbers
    that count the levels of all columns on end.
    """
    xp = codes.__array_namespace__()
    members, levels, dimensions = table.shape
    start = xp.arange(members, dtype=codes.dtype)[:, None, None] * levels
    rows = xp.reshape(xp.asarray(table), (members * levels, dimensions))
    found = xp.take(rows, codes + start, axis=0)
    return xp.reshape(found, (*codes.shape[:2], codes.shape[2] * dimensions))


def start_layers(
    h: np.ndarray,
    widths: Sequence[int],
    activation: str,
    residual: bool,
    rng: np.random.Generator,
    ways: Sequence[np.ndarray] | None = None,
) -> list[dict[str, np.ndarray]]:
    """One member's layers, fitted to how the training rows h (n, inputs) flow.

    Each neuron's weighted sum has variance 1 over the rows, and its bias puts the
    kink among them: minus a random convex combination of the sums of BIAS_ROWS rows
    (RealMLP's `std` and `he+5`, https://arxiv.org/abs/2407.04491). ways: the
    directions that the weights must keep (`network_monotone`).
    """
    bend = ACTIVATIONS[activation]
    found = []
    for number, outputs in enumerate(widths):
        w = rng.standard_normal((h.shape[1], outputs))
        if ways is not None:
            w = signed(w, ways[number], ways[number + 1])
        sums = h @ w
        spread = np.maximum(sums.std(axis=0), 1e-6 * np.sqrt(h.shape[1]))
        w, sums = w / spread, sums / spread
        chosen = sums[rng.integers(len(h), size=(BIAS_ROWS, outputs)), range(outputs)]
        share = rng.exponential(size=(BIAS_ROWS, outputs))
        b = -(chosen * share).sum(axis=0) / share.sum(axis=0)
        found.append({"w": w.astype(np.float32), "b": b[None].astype(np.float32)})
        bent = bend(sums + b)
        h = bent + h if residual and number and bent.shape == h.shape else bent
    return found
