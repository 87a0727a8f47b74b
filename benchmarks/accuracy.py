"""How accurate, how honest, how fast: every table, fitted and judged on fresh rows.

    python benchmarks/accuracy.py [--tables DIR] [--only NAME ...] [--effort normal]

One JSON line per table and split goes to benchmarks/results/, with the versions and
the machine in it; `benchmarks/tables.py` makes the README's tables of them.
"""

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
from lines import put
from losses import keep, row_losses
from machine import machine
from tasks import Split, splits

import mapsto
from mapsto.model import Model

COVERAGE = 0.9
RESULTS = Path(__file__).parent / "results"
PACKAGES = ("mapsto", "jax", "numpy", "lightgbm", "onnxruntime")


def main() -> None:
    asked = arguments()
    out = RESULTS / f"accuracy-{asked.label}.jsonl"
    for split in splits(asked.tables, asked.only, asked.splits):
        line = measured(split, asked.effort, asked.family, asked.label)
        put(out, line)
        print(told(line), flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", help="folder with an index.json")
    parser.add_argument("--only", nargs="*", default=[], help="names of tables")
    parser.add_argument("--splits", type=int, default=3, help="at most so many")
    parser.add_argument("--effort", default="normal")
    parser.add_argument("--family", nargs="*", default=[])
    parser.add_argument("--label", help="of the result's file")
    asked = parser.parse_args()
    packaged = "packaged" if asked.effort == "normal" else f"packaged-{asked.effort}"
    asked.label = asked.label or (asked.effort if asked.tables else packaged)
    return asked


def measured(
    split: Split, effort: str, families: list[str], label: str
) -> dict[str, Any]:
    """Fit on the training rows, and judge every rung on the test rows."""
    wall, cpu = time.perf_counter(), time.process_time()
    model = mapsto.fit(
        split.train,
        split.target,
        task="regression" if split.task == "regression" else "classification",
        families=families or "auto",
        effort=effort,
    )
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    began = time.perf_counter()
    model.predict(split.test)
    return {
        "table": split.table,
        "task": split.task,
        "seed": split.seed,
        "rows": len(split.train),
        "effort": effort,
        "wall": wall,
        "cpu": cpu,
        "predict": time.perf_counter() - began,
        "best": model.best.family,
        "simplest": model.simplest.family,
        "verdicts": [v.code for v in model.verdicts],
        "coverage": covered(model, split),
        "rungs": {name: judged(model, name, split, label) for name in model.rungs},
        "machine": machine(*PACKAGES),
    }


def judged(model: Model, name: str, split: Split, label: str) -> dict[str, float]:
    """The out-of-fold score beside the score on fresh rows, each with its error."""
    rung = model.rungs[name]
    told = rung.predict if model.task == "regression" else rung.predict_proba
    loss = row_losses(split, np.asarray(told(split.test)))
    keep(f"mapsto-{label}-{name}", split, loss)
    mean, error = loss.mean(), loss.std() / len(loss) ** 0.5
    if model.task == "regression":
        mean, error = mean**0.5, error / (2 * mean**0.5)
    return {
        "fresh": float(mean),
        "fresh_error": float(error),
        "oof": rung.score,
        "oof_error": rung.standard_error,
        "train": rung.train_score,
        "parameters": rung.parameters,
        "seconds": rung.seconds,
        "hyperparameters": dict(rung.hyperparameters),
    }


def covered(model: Model, split: Split) -> dict[str, float]:
    """Share of the test rows in their interval or set, and its mean size."""
    told = model.predict_interval(split.test, COVERAGE)
    truth = split.test[split.target].to_numpy()
    if model.task == "regression":
        low, high = told["lower"].to_numpy(), told["upper"].to_numpy()
        inside, size = (low <= truth) & (truth <= high), high - low
    else:
        sets = told.drop(columns="outside")
        place = {name: k for k, name in enumerate(sets.columns)}
        chosen = sets.to_numpy().astype(bool)
        inside = chosen[np.arange(len(truth)), [place[str(t)] for t in truth]]
        size = chosen.sum(axis=1)
    return {
        "asked": COVERAGE,
        "inside": float(inside.mean()),
        "rows": len(truth),
        "size": float(size.mean()),
        "outside": float(told["outside"].to_numpy().mean()),
    }


def told(line: dict[str, Any]) -> str:
    rungs = " ".join(
        f"{name} {r['fresh']:.4g} (oof {r['oof']:.4g} ± {r['oof_error']:.2g})"
        for name, r in line["rungs"].items()
    )
    kept = line["coverage"]
    return (
        f"{line['table']}/{line['seed']}: {line['wall']:.0f} s, best {line['best']}, "
        f"simplest {line['simplest']}, coverage {kept['inside']:.3f} "
        f"size {kept['size']:.4g}\n   {rungs}"
    )


if __name__ == "__main__":
    main()
