"""What each view shows of an approximation: its state, made from the network."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mapsto import figures
from mapsto.approximation.network import ACTIVATIONS
from mapsto.approximation.result import Approximation
from mapsto.approximation.story import number, point
from mapsto.languages import Words
from mapsto.views import findings

State = dict[str, Any]
POINTS = 400  # along the only input
DOTS = 60  # of f
LEVELS, BINS = 7, 31
FLOWING = 7  # points that flow through the network
MOST_NEURONS = 16
ALONG = 121  # points of what a neuron answers
NO_ROWS: dict[str, list[Any]] = {"edges": [], "counts": []}


def beside(made: Approximation, words: Words) -> State:
    """The network as a curve, and f as dots; of one input."""
    x = np.linspace(made.low[0], made.high[0], POINTS)
    at, f, _ = _samples(made)
    some = np.unique(np.linspace(0, len(at) - 1, DOTS).round().astype(int))
    spread = np.searchsorted(at, np.linspace(at[0], at[-1], DOTS)).clip(0, len(at) - 1)
    dots = np.unique(spread) if len(at) > DOTS else some
    low, high, where = (f"{v:.4g}" for v in (made.low[0], made.high[0], made.where[0]))
    return _curve(made) | {
        "alt": words.REPORT["find-beside"].format(
            low=low,
            high=high,
            error=number(_largest(made)),
            where=f"{made.names[0]} = {where}",
        ),
        "x": x.tolist(),
        "y": [made.predict(x).astype(float).tolist()],
        "band": "none",
        "points": {"x": at[dots].tolist(), "y": f[dots].tolist()},
        "ylabel": "N",
        "tall": 420,
    }


def error(made: Approximation, words: Words) -> State:
    """f minus the network, with the tolerance as a band; of one input."""
    at, f, wrong = _samples(made)
    state = _curve(made) | {
        "alt": words.REPORT["find-error"].format(
            low=f"{wrong.min():.3g}", high=f"{wrong.max():.3g}"
        ),
        "x": at.tolist(),
        "y": [wrong.tolist()],
        "band": "none",
        "ylabel": "f − N",
    }
    if made.tol is None:
        return state
    reach = made.tol * np.abs(f) if made.relative else np.full(len(at), made.tol)
    return state | {
        "band": "tolerance",
        "low": (-reach).tolist(),
        "high": reach.tolist(),
    }


def _curve(made: Approximation) -> State:
    name = made.names[0]
    return {"kind": "number", "labels": [""], "density": NO_ROWS, "xlabel": name}


def _samples(made: Approximation) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, f and f minus the network at the kept points of the only input, in order."""
    x = np.array(made.samples["x"], float)[:, 0]
    order = np.argsort(x, kind="stable")
    f, wrong = (np.array(made.samples[k], float)[order] for k in ("f", "error"))
    return x[order], f, wrong


def _largest(made: Approximation) -> float:
    """The largest absolute error at the kept points; `error` may be a relative one."""
    return float(np.abs(np.array(made.samples["error"], float)).max())


def plane(made: Approximation, words: Words, of: str = "network") -> State | None:
    """The network, or its error, over two inputs; None where they are on no grid."""
    x = np.array(made.samples["x"], float)
    if x.shape[1] != 2:
        return None
    axes = [np.unique(x[:, k]) for k in (0, 1)]
    if len(axes[0]) * len(axes[1]) != len(x):
        return None
    order = np.lexsort((x[:, 0], x[:, 1]))
    values = np.array(made.samples[of], float)[order]
    z = values.reshape(len(axes[1]), len(axes[0]))
    shown = {"columns": list(made.names), "z": z.tolist()}
    shown |= {"x": axes[0].tolist(), "y": axes[1].tolist()}
    levels = np.linspace(z.min(), z.max(), LEVELS + 2)[1:-1].tolist()
    name = "N" if of == "network" else "f − N"
    return {
        "alt": findings.field(shown, name, 0, words),
        **{k: shown[k] for k in ("x", "y", "z")},
        "xlabel": made.names[0],
        "ylabel": made.names[1],
        "labels": [],
        "levels": levels if of == "network" else [],
    }


def errors(made: Approximation, words: Words) -> State:
    """How often each error is; of any number of inputs."""
    wrong = np.array(made.samples["error"], float)
    counts, edges = np.histogram(wrong, BINS)
    alt = words.REPORT["find-error"].format(
        low=f"{wrong.min():.3g}", high=f"{wrong.max():.3g}"
    )
    told = {"edges": edges.tolist(), "counts": counts.tolist()}
    return {"alt": alt, **told, "xlabel": "f − N"}


def sizes(made: Approximation, words: Words) -> State:
    """The largest error of each size tried, a line for each activation."""
    tried = [t for t in made.tried if np.isfinite(t.error) and t.error > 0]
    points = [
        {
            "label": f"{t.neurons} {t.activation}: {number(t.error)}",
            "line": t.activation,
            "size": t.neurons,
            "score": t.error,
            "chosen": (t.activation, t.neurons) == (made.activation, made.neurons),
        }
        for t in tried
    ]
    state = {
        "alt": words.REPORT["find-sizes"].format(
            neurons=made.neurons,
            activation=made.activation,
            units=words.APPROXIMATIONS["unit" if made.neurons == 1 else "units"],
            error=number(made.error),
        ),
        "points": points,
        "bent": True,
        "plain": max((t.neurons for t in tried), default=0) <= 12,
        "xlabel": words.REPORT["neurons"],
        "ylabel": words.REPORT["largest-error"],
    }
    if made.tol is None:
        return state
    label = f"{words.REPORT['tolerance']} {made.tol:g}"
    return state | {"limit": {"value": made.tol, "label": label}}


def yardsticks(made: Approximation, words: Words) -> State:
    """The network beside a polynomial and a rational function of as many numbers."""
    ours = words.REPORT["this-network"]
    told = {ours: made.error} | {
        k: v for k, v in made.yardsticks.items() if v is not None and np.isfinite(v)
    }
    best = min(told, key=lambda name: told[name])
    rows = [
        {
            "label": name,
            "score": value,
            "error": 0.0,
            "train": value,
            "told": number(value),
            "told_train": number(value),
            "best": name == ours,
            "simplest": False,
        }
        for name, value in told.items()
    ]
    alt = words.REPORT["find-yardsticks"].format(
        numbers=made.parameters, best=best, error=number(told[best])
    )
    return {"alt": alt, "rows": rows, "xlabel": words.REPORT["largest-error"]}


def network(made: Approximation, words: Words) -> State:
    """Its neurons and weights, with points of the domain that flow through."""
    layers, names = made.network.layers, list(made.names)
    weights = [np.asarray(layer.weights, float).T for layer in layers]
    kept = [np.arange(len(names)), *(_strongest(w) for w in weights[1:]), np.arange(1)]
    shares = np.linspace(0, 1, FLOWING)
    low, high = np.array(made.low), np.array(made.high)
    points = low + shares[:, None] * (high - low)
    sizes = [len(names), *(w.shape[1] for w in weights)]
    rows = [_flowing(made, p, kept, weights[0]) for p in points]
    state: State = {
        "alt": words.REPORT["find-wired"].format(sizes=" → ".join(map(str, sizes))),
        "sizes": sizes,
        "inputs": names,
        "weights": [
            w[np.ix_(kept[k], kept[k + 1])].tolist() for k, w in enumerate(weights)
        ],
        "outputs": ["N"],
        "activation": made.activation,
        "biases": [
            np.asarray(layer.bias, float)[k].tolist()
            for layer, k in zip(layers, kept[1:], strict=True)
        ],
        "rows": rows,
        "start": max(range(len(rows)), key=lambda k: abs(rows[k]["sums"][-1][0])),
    }
    answers = _answers(made, kept)
    reach = [np.ptp(one["y"]) for one in answers[0]]
    return state | {"answers": answers, "picked": [1, int(np.argmax(reach))]}


def _strongest(weights: np.ndarray) -> np.ndarray:
    strength = np.linalg.norm(weights, axis=1)
    return np.sort(np.argsort(-strength, kind="stable")[:MOST_NEURONS])


def flowed(
    made: Approximation, x: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """x (n, inputs) -> each layer's weighted sums, and each hidden one's values."""
    bend = ACTIVATIONS[made.activation]
    h, sums, values = x, [], []
    for layer in made.network.layers:
        sums.append(h @ np.asarray(layer.weights, float).T + layer.bias)
        h = np.asarray(bend(np, sums[-1]))
        values.append(h)
    return sums, values[:-1]


def _flowing(
    made: Approximation, x: np.ndarray, kept: Sequence[np.ndarray], first: np.ndarray
) -> State:
    sums, values = flowed(made, x[None])
    return {
        "label": point(list(made.names), [float(f"{v:.4g}") for v in x]),
        "inputs": [findings.place(float(v), "number") for v in x],
        "terms": (x[:, None] * first)[:, kept[1]].tolist(),
        "sums": [s[0, k].tolist() for s, k in zip(sums, kept[1:], strict=True)],
        "values": [v[0, k].tolist() for v, k in zip(values, kept[1:-1], strict=True)],
        "told": [figures.plain(float(sums[-1][0, 0]), 4)],
    }


def _answers(made: Approximation, kept: Sequence[np.ndarray]) -> list[list[State]]:
    """Each neuron along the input that moves it most, the others at their middle."""
    low, high = np.array(made.low), np.array(made.high)
    along = []
    for k in range(len(made.names)):
        x = np.repeat((low + high)[None] / 2, ALONG, axis=0)
        x[:, k] = np.linspace(low[k], high[k], ALONG)
        along.append((x[:, k].tolist(), flowed(made, x)[1]))
    found = []
    for layer, shown in enumerate(kept[1:-1]):
        curves = [values[layer][:, shown] for _, values in along]
        most = np.argmax([np.ptp(c, axis=0) for c in curves], axis=0)
        found.append(
            [
                {
                    "xlabel": made.names[k],
                    "kind": "number",
                    "x": along[k][0],
                    "y": curves[k][:, j].tolist(),
                }
                for j, k in enumerate(most.tolist())
            ]
        )
    return found
