"""Does the formula find the laws? Ten equations of physics, from noisy rows.

    python benchmarks/formula.py

The equations and the ranges of their columns are of the Feynman set (Udrescu & Tegmark
2020, https://doi.org/10.1126/sciadv.aay2631), named as there. Each gives 200 rows, with
noise of 1 % of the target's standard deviation. One counts as found when the kept
formula has exactly its terms. I.40.1 is there to miss: no term has an exponent of five
columns. The results go to benchmarks/results/formula.json; `benchmarks/tables.py` makes
the README's table of them.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine

import mapsto

ROWS, NOISE, SEED = 200, 0.01, 0
RESULT = Path(__file__).parent / "results" / "formula.json"


@dataclass(frozen=True)
class Law:
    """`truth` of columns that are uniform in their `ranges`, and its exact terms."""

    truth: Callable[..., np.ndarray]
    ranges: dict[str, tuple[float, float]]
    terms: frozenset[str]

    def draw(self, rows: int, noise: float, seed: int) -> dict[str, np.ndarray]:
        """A table with the target "y"."""
        rng = np.random.default_rng(seed)
        table = {name: rng.uniform(*r, rows) for name, r in self.ranges.items()}
        y = self.truth(**table)
        return table | {"y": y + noise * y.std() * rng.standard_normal(rows)}


def law(
    truth: Callable[..., np.ndarray],
    terms: str,
    low: float = 1.0,
    high: float = 5.0,
) -> Law:
    """`terms` are written as the formula writes them, with blanks between."""
    names = truth.__code__.co_varnames
    return Law(truth, dict.fromkeys(names, (low, high)), frozenset(terms.split()))


LAWS = {
    "I.6.2a": law(
        lambda theta: np.exp(-(theta**2) / 2) / np.sqrt(2 * np.pi),
        "exp(-0.5·theta²)",
        high=3.0,
    ),
    "I.12.2": law(
        lambda q1, q2, eps, r: q1 * q2 / (4 * np.pi * eps * r**2), "q1·q2/(eps·r²)"
    ),
    "I.12.11": law(
        lambda q, Ef, B, v, theta: q * (Ef + B * v * np.sin(theta)),
        "q·Ef q·B·v·sin(theta)",
    ),
    "I.13.4": law(lambda m, v, u, w: m * (v**2 + u**2 + w**2) / 2, "m·v² m·u² m·w²"),
    "I.13.12": law(
        lambda G, m1, m2, r1, r2: G * m1 * m2 * (1 / r2 - 1 / r1),
        "G·m1·m2/r1 G·m1·m2/r2",
    ),
    "I.37.4": law(
        lambda I1, I2, delta: I1 + I2 + 2 * np.sqrt(I1 * I2) * np.cos(delta),
        "I1 I2 √(I1·I2)·cos(delta)",
    ),
    "I.40.1": law(
        lambda n0, m, x, T, g, kb: n0 * np.exp(-m * g * x / (kb * T)),
        "n0·exp(-m·x·g/(T·kb))",
    ),
    "I.44.4": law(
        lambda n, kb, T, V1, V2: n * kb * T * np.log(V2 / V1), "n·kb·T·log(V1/V2)"
    ),
    "I.47.23": law(lambda gamma, pr, rho: np.sqrt(gamma * pr / rho), "√(gamma·pr/rho)"),
    "I.50.26": law(
        lambda x1, omega, t, alpha: (
            x1 * (np.cos(omega * t) + alpha * np.cos(omega * t) ** 2)
        ),
        "x1·cos(omega·t) x1·alpha·cos²(omega·t)",
        high=3.0,
    ),
}


def measured(name: str) -> dict[str, Any]:
    """Fit, and compare the terms."""
    table = LAWS[name].draw(ROWS, NOISE, SEED)
    wall, cpu = time.perf_counter(), time.process_time()
    model = mapsto.fit(table, "y", families=("formula",), seed=SEED)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    (told,) = model.rungs["formula"].details["formula"].values()
    terms = sorted(term["feature"] for term in told["terms"])
    return {
        "equation": name,
        "terms": terms,
        "found": terms == sorted(LAWS[name].terms),
        "r2": model.record["rungs"]["formula"]["also"]["r2"],
        "wall": wall,
        "cpu": cpu,
    }


def main() -> None:
    results = []
    for name in LAWS:
        results.append(measured(name))
        one = results[-1]
        mark = "found" if one["found"] else "missed"
        print(
            f"{name} {mark} {one['cpu']:.1f} s: {', '.join(one['terms'])}", flush=True
        )
    setting = {
        "rows": ROWS,
        "noise": NOISE,
        "seed": SEED,
        "machine": machine("mapsto", "numpy", "scipy", "scikit-learn"),
    }
    told = json.dumps(setting | {"laws": results}, indent=1, ensure_ascii=False)
    RESULT.write_text(told + "\n", "utf-8")


if __name__ == "__main__":
    main()
