"""How fast: training against the machine's own limit, waiting times, prediction.

    python benchmarks/speed.py [--torch PYTHON] [--only PART ...]
    python benchmarks/speed.py --only growth [--largest 1000000] [--efforts quick]

`--torch` names a Python that has PyTorch and pytabkit (`rivals.txt`), for the step in
eager mode and for RealMLP.
Writes benchmarks/results/speed.json; `benchmarks/tables.py` makes the README's table.
Run it on a machine that does nothing else: every figure is a ratio or a median of
one run.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine

HERE = Path(__file__).parent
PACKAGES = ("mapsto", "jax", "numpy", "lightgbm", "onnxruntime")
PRODUCT = 2048
WIDE = {"rows": 8000, "columns": 20, "hidden": (256,) * 3, "batch": 256, "members": 5}
SLIM = {"rows": 2000, "columns": 10, "hidden": (64, 64), "batch": 32, "members": 1}
STEPS_PER_EPOCH_TIMED = 12  # epochs whose median is taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--torch", help="a Python that has PyTorch and pytabkit")
    parser.add_argument("--largest", type=int, default=100_000, help="rows of growth")
    parser.add_argument(
        "--efforts", nargs="*", default=["quick", "normal"], help="of growth"
    )
    parser.add_argument("--only", nargs="*", default=list(PARTS), choices=list(PARTS))
    asked = parser.parse_args()
    path = HERE / "results" / "speed.json"
    found = json.loads(path.read_text()) if path.exists() else {}
    for part in asked.only:
        found[part] = {**found.get(part, {}), **PARTS[part](asked)}
        print(part, json.dumps(found[part], indent=1), flush=True)
    found["machine"] = machine(*PACKAGES)
    path.write_text(json.dumps(found, indent=1) + "\n")


# ── training ──


def product_rate() -> float:
    """GFLOP/s of a plain float32 matrix product in JAX, the best of ten."""
    import jax

    a = jax.numpy.asarray(np.random.default_rng(0).random((PRODUCT, PRODUCT), "f4"))
    product = jax.jit(lambda x: x @ x)
    product(a).block_until_ready()
    times = [_seconds(lambda: product(a).block_until_ready()) for _ in range(10)]
    return 2 * PRODUCT**3 / min(times) / 1e9


def training_rate(
    rows: int,
    columns: int,
    hidden: tuple[int, ...],
    batch: int,
    members: int,
    **dials: Any,
) -> dict[str, float]:
    """Steps per second once compiled, the counted operations, the time to compile."""
    from mapsto.data.encoding import Feature
    from mapsto.events import Progress, Watch
    from mapsto.families.family import Sample, Task
    from mapsto.families.network import Network

    rng = np.random.default_rng(0)
    x = rng.standard_normal((rows, columns))
    y = np.sin(x[:, 0]) + x[:, 1] * x[:, 2] + 0.1 * rng.standard_normal(rows)
    features = tuple(Feature(f"x{k}", f"x{k}", "number") for k in range(columns))
    sample = Sample(x, y, np.ones(rows), np.zeros(rows, bool), features)
    moments: list[float] = []

    def heard(event: Any) -> None:
        if isinstance(event, Progress):
            moments.append(time.perf_counter())

    epochs = STEPS_PER_EPOCH_TIMED + 3
    given = {"hidden": hidden, "batch": batch, "members": 1, "epochs": epochs, **dials}
    began = time.perf_counter()
    (fitted, *_) = Network().fit(
        [sample] * members, Task("regression"), given, "normal", 0, Watch(heard)
    )
    per_epoch = statistics.median(np.diff(moments)[-STEPS_PER_EPOCH_TIMED:])
    steps = -(-rows // batch)
    weights = sum(
        layer["w"].shape[1] * layer["w"].shape[2]
        for layer in fitted.parameters["layers"]
    )
    operations = 6.0 * batch * weights * members  # forward, and backward twice
    return {
        "steps_per_second": steps / per_epoch,
        "gflops": operations * steps / per_epoch / 1e9,
        "operations_per_step": operations,
        "seconds_to_first_epoch": moments[0] - began,
    }


def training(asked: argparse.Namespace) -> dict[str, Any]:
    """The wide step against the matrix product, before and after it."""
    before = product_rate()
    wide = training_rate(**WIDE)
    plain = training_rate(**WIDE, inputs="raw", activation="relu", dropout=0.0)
    after = product_rate()
    rate = (before + after) / 2
    return {
        "product_gflops": rate,
        "default": {**wide, "share_of_product": wide["gflops"] / rate},
        "plain_relu": {**plain, "share_of_product": plain["gflops"] / rate},
        "shape": {k: list(v) if isinstance(v, tuple) else v for k, v in WIDE.items()},
    }


TORCH = """
import json, sys, time, torch
rows, columns, hidden, batch, steps = json.loads(sys.argv[1])
torch.manual_seed(0)
x, y = torch.randn(rows, columns), torch.randn(rows, 1)
widths = [columns, *hidden, 1]
parts = []
for a, b in zip(widths, widths[1:]):
    parts += [torch.nn.Linear(a, b), torch.nn.ReLU()]
net = torch.nn.Sequential(*parts[:-1])
adam = torch.optim.Adam(net.parameters(), 1e-3)
def run(count):
    for _ in range(count):
        pick = torch.randint(0, rows, (batch,))
        loss = torch.nn.functional.mse_loss(net(x[pick]), y[pick])
        adam.zero_grad(); loss.backward(); adam.step()
run(200)
began = time.perf_counter(); run(steps)
print(json.dumps([steps / (time.perf_counter() - began), torch.__version__]))
"""


def eager(asked: argparse.Namespace) -> dict[str, Any]:
    """The slim step in mapsto and in PyTorch's eager mode."""
    ours = training_rate(**SLIM, inputs="raw", activation="relu", dropout=0.0)
    found: dict[str, Any] = {"mapsto_steps_per_second": ours["steps_per_second"]}
    if asked.torch:
        shape = [SLIM["rows"], SLIM["columns"], SLIM["hidden"], SLIM["batch"], 2000]
        told = subprocess.run(
            [asked.torch, "-c", TORCH, json.dumps(shape)],
            capture_output=True,
            text=True,
            check=True,
        )
        rate, version = json.loads(told.stdout)
        found |= {"torch_steps_per_second": rate, "torch": version}
        found["ratio"] = ours["steps_per_second"] / rate
    return found


# ── waiting ──


def starts(asked: argparse.Namespace) -> dict[str, float]:
    """Whole processes, the median of five: help, show, and predicting 1,000 rows."""
    import mapsto

    with tempfile.TemporaryDirectory() as folder:
        model, table = Path(folder, "town.mapsto"), Path(folder, "new.csv")
        town = mapsto.examples.houses(1000, seed=0)
        mapsto.fit(town, "price", effort="quick").save(model)
        lines = [",".join(map(str, row)) for row in zip(*town.values(), strict=True)]
        table.write_text("\n".join([",".join(town), *lines]) + "\n")
        return {
            "help": _process("--help"),
            "show": _process("show", str(model)),
            "predict_1000_rows": _process("predict", str(model), str(table)),
        }


def _process(*arguments: str) -> float:
    command = [sys.executable, "-m", "mapsto", *arguments]

    def once() -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    once()
    return statistics.median(_seconds(once) for _ in range(5))


def prediction(asked: argparse.Namespace) -> dict[str, float]:
    """One row, and 100,000 rows, with the simplest and the best function."""
    import lightgbm
    import pandas as pd

    import mapsto

    town = pd.DataFrame(mapsto.examples.houses(4000, seed=0))
    model = mapsto.fit(town, "price", effort="normal")
    many = pd.DataFrame(mapsto.examples.houses(100_000, seed=1))
    row = many.iloc[:1].to_dict("records")[0]
    found = {}
    for name in ("simplest", "best"):
        rung = getattr(model, name)
        rung.predict(row)
        times = [_seconds(lambda r=rung: r.predict(row)) for _ in range(200)]
        found[f"{name}_one_row"] = statistics.median(times)
        found[f"{name}_100000_rows"] = _least(lambda r=rung: r.predict(many))
    for frame in (town, many):
        words = frame.select_dtypes(exclude="number").columns
        frame[words] = frame[words].astype("category")
    trees = lightgbm.LGBMRegressor(verbose=-1)
    trees.fit(town.drop(columns="price"), town["price"])
    inputs = many.drop(columns="price")
    found["lightgbm_100000_rows"] = _least(lambda: trees.predict(inputs))
    return found


# ── growth ──

TABLE = """
import json, sys, time
import numpy as np

rows, columns = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(0)
x = rng.standard_normal((rows, columns))
y = np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + (x[:, 3] > 0) + rng.normal(0, .3, rows)
classes = sys.argv[-1] == "classes"
if classes:
    y = np.where(y > np.median(y), "high", "low").astype(object)
"""
GROWTH = (
    TABLE
    + """
import mapsto

def peak_megabytes():
    for line in open("/proc/self/status"):
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024

began = time.perf_counter()
model = mapsto.fit((x, y), effort=sys.argv[3])
rungs = {name: rung.seconds for name, rung in model.rungs.items()}
print(json.dumps({
    "rows": rows, "seconds": time.perf_counter() - began,
    "rungs": rungs,
    "score": model.best.score, "best": model.best.family,
    "peak_megabytes": peak_megabytes(),
}))
"""
)
REALMLP = (
    TABLE
    + """
from pytabkit import RealMLP_TD_Classifier, RealMLP_TD_Regressor

began, used = time.perf_counter(), time.process_time()
method = RealMLP_TD_Classifier if classes else RealMLP_TD_Regressor
method(device="cpu", random_state=0).fit(x, y)
seconds = time.perf_counter() - began
print(json.dumps({"seconds": seconds, "cpu": time.process_time() - used}))
"""
)
ROWS = (1_000, 8_000, 100_000, 1_000_000)


def growth(asked: argparse.Namespace) -> dict[str, Any]:
    """A whole fit in a fresh process, with more and more rows: seconds and memory."""
    found: dict[str, Any] = {}
    for effort in asked.efforts:
        lines = []
        for rows in (r for r in ROWS if r <= asked.largest):
            lines.append(_told(sys.executable, GROWTH, str(rows), "20", effort))
            print(lines[-1], flush=True)
        found[effort] = lines
    return found


def ladder(asked: argparse.Namespace) -> dict[str, Any]:
    """The whole ladder at normal, and one fit of RealMLP-TD, of the same table: its
    target a quantity, and the same cut in two classes."""
    found: dict[str, Any] = {}
    table = str(WIDE["rows"]), str(WIDE["columns"])
    for task in ("quantity", "classes"):
        told = {"mapsto": _told(sys.executable, GROWTH, *table, "normal", task)}
        if asked.torch:
            told["realmlp"] = _told(asked.torch, REALMLP, *table, task)
            told["ratio"] = told["mapsto"]["seconds"] / told["realmlp"]["seconds"]
        found[task] = told
        print(told, flush=True)
    return found


def _told(python: str, program: str, *arguments: str) -> dict[str, Any]:
    """What a program in a process of its own prints last, which is JSON."""
    command = [python, "-W", "ignore", "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _least(work: Callable[[], Any]) -> float:
    work()
    return min(_seconds(work) for _ in range(3))


PARTS = {
    "training": training,
    "eager": eager,
    "starts": starts,
    "prediction": prediction,
    "growth": growth,
    "ladder": ladder,
}

if __name__ == "__main__":
    main()
