"""How small an error, how small a network: ten curves, four sizes, and rivals.

    python benchmarks/approximate.py [--only NAME ...] [--sizes 10 20 50 100]
    python benchmarks/approximate.py --rival sklearn     # scikit-learn's MLP, lbfgs
    PYTHONPATH=src .rivals/bin/python benchmarks/approximate.py --rival torch

torch is not among mapsto's packages: it runs in an environment of its own (with NumPy
and SciPy), of mapsto only the expressions are read there.

One JSON line per curve and size goes to benchmarks/results/, in the place of the one
that was there, with the versions, the seed and the machine in it. Every network is
judged on the same dense grid, which is refined towards 0 and towards the ends. mapsto's
networks have the activation tanh, as the rivals' have; lines of the method "auto" leave
the activation to mapsto, which stops at the tolerance of 1e-6.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from lines import put
from machine import machine

RESULTS = Path(__file__).parent / "results"
TOLERANCE, MOST = 1e-6, 100
SIZES = (10, 20, 50, 100)
SAMPLES = 1001  # what the rivals learn from
BUMPS = ((-0.8, 0.05), (-0.5, 0.1), (-0.2, 0.03), (0.1, 0.08), (0.45, 0.04), (0.8, 0.1))

CURVES = {
    "sin10x": "sin(10*x)",
    "runge": "1/(1 + 25*x**2)",
    "abs": "abs(x)",
    "gauss": "exp(-x**2)*sin(20*x)",
    "erf": "erf(50*x)",
    "chirp": "sin(40*x**2)",
    "bumps": " + ".join(f"exp(-((x - {c})/{w})**2)" for c, w in BUMPS),
    "sqrt": "sqrt(abs(x))",
    "xcos": "x*cos(50*x)",
    "weierstrass": " + ".join(f"0.5**{k}*cos(3**{k}*pi*x)" for k in range(5)),
}
"""On [-1, 1]."""
Network = Callable[[np.ndarray], np.ndarray]


def check_points() -> np.ndarray:
    """40,001 even points, and others that crowd towards 0, -1 and 1."""
    near = np.logspace(-12, 0, 1200)
    crowded = [-near, near, 1.0 - near, near - 1.0]
    return np.unique(np.concatenate([np.linspace(-1.0, 1.0, 40_001), *crowded]))


def largest_error(truth: Network, network: Network) -> float:
    x = check_points()
    return float(np.abs(truth(x) - network(x)).max())


def truth_of(text: str) -> Network:
    from mapsto.expression import evaluate, parse

    tree = parse(text)
    return lambda x: evaluate(tree, {"x": x})


def ours(text: str, neurons: int, seed: int) -> tuple[Network, dict[str, Any]]:
    """The most accurate network of tanh units of this size."""
    import mapsto

    found = mapsto.approximate(
        text, (-1, 1), neurons=neurons, activation="tanh", seed=seed
    )
    return found.predict, _told(found)


def smallest(text: str, neurons: int, seed: int) -> tuple[Network, dict[str, Any]]:
    """The smallest network within the tolerance, of any activation."""
    import mapsto

    found = mapsto.approximate(text, (-1, 1), tol=TOLERANCE, seed=seed)
    return found.predict, _told(found)


def _told(found: Any) -> dict[str, Any]:
    from mapsto.approximation.filing import verify

    proof, start = found.certificate, time.process_time()
    holds = proof is not None and verify(found).holds
    return {
        "neurons": found.neurons,
        "activation": found.activation,
        "parameters": found.parameters,
        "largest": found.network.largest,
        "measured": found.error,
        "proved": proof.bound if proof else None,
        "cells": len(proof.edges) - 1 if proof else None,
        "holds": holds,
        "proof_seconds": time.process_time() - start,
        "yardsticks": {k: v for k, v in found.yardsticks.items() if np.isfinite(v)},
    }


def sklearn(text: str, neurons: int, seed: int) -> tuple[Network, dict[str, Any]]:
    """MLPRegressor(tanh, lbfgs, 5,000 iterations) on even samples."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPRegressor

    x = np.linspace(-1.0, 1.0, SAMPLES)
    model = MLPRegressor(
        hidden_layer_sizes=(neurons,),
        activation="tanh",
        solver="lbfgs",
        alpha=0.0,
        max_iter=5000,
        max_fun=10**6,
        tol=1e-12,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(x[:, None], truth_of(text)(x))
    return lambda x: model.predict(x[:, None]), {"neurons": neurons}


def torch(text: str, neurons: int, seed: int) -> tuple[Network, dict[str, Any]]:
    """Adam, 10,000 steps with a cosine rate from 0.01, then LBFGS, 2,000 steps."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    x = torch.linspace(-1.0, 1.0, SAMPLES)[:, None]
    y = torch.tensor(truth_of(text)(x.numpy()))
    model = torch.nn.Sequential(
        torch.nn.Linear(1, neurons), torch.nn.Tanh(), torch.nn.Linear(neurons, 1)
    )

    def loss() -> Any:
        return ((model(x) - y) ** 2).mean()

    adam = torch.optim.Adam(model.parameters(), lr=1e-2)
    rate = torch.optim.lr_scheduler.CosineAnnealingLR(adam, 10_000)
    for _ in range(10_000):
        adam.zero_grad()
        loss().backward()
        adam.step()
        rate.step()
    lbfgs = torch.optim.LBFGS(
        model.parameters(),
        max_iter=2000,
        tolerance_grad=1e-14,
        tolerance_change=1e-16,
        history_size=50,
        line_search_fn="strong_wolfe",
    )

    def closure() -> Any:
        lbfgs.zero_grad()
        value = loss()
        value.backward()
        return value

    lbfgs.step(closure)

    def network(x: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return model(torch.tensor(x)[:, None])[:, 0].numpy()

    return network, {"neurons": neurons}


METHODS = {"mapsto": ours, "auto": smallest, "sklearn": sklearn, "torch": torch}
PACKAGES = {
    "mapsto": ("mapsto", "numpy", "scipy", "python-flint"),
    "auto": ("mapsto", "numpy", "scipy", "python-flint"),
    "sklearn": ("scikit-learn", "numpy", "scipy"),
    "torch": ("torch", "numpy"),
}


def measured(method: str, name: str, size: int, seed: int) -> dict[str, Any]:
    text = CURVES[name]
    wall, cpu = time.perf_counter(), time.process_time()
    network, told = METHODS[method](text, size, seed)
    seconds = {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu - told.get("proof_seconds", 0.0),
    }
    return {
        "curve": name,
        "method": method,
        "size": size,
        "seed": seed,
        "error": largest_error(truth_of(text), network),
        **told,
        **seconds,
        "machine": machine(*PACKAGES[method]),
    }


def wanted(asked: argparse.Namespace) -> Iterator[tuple[str, int]]:
    names = asked.only or list(CURVES)
    sizes = [MOST] if asked.rival == "auto" else asked.sizes
    return ((name, size) for size in sizes for name in names)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="names of curves")
    parser.add_argument("--sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--rival", choices=list(METHODS), default="mapsto")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    out = RESULTS / f"approximate-{asked.rival}.jsonl"
    for name, size in wanted(asked):
        line = measured(asked.rival, name, size, asked.seed)
        put(out, line, ("curve", "size", "seed"))
        told = f"{name:<12} {size:>4}  {line['error']:.2e}  {line['cpu']:.1f} s"
        print(told, flush=True)


if __name__ == "__main__":
    main()
