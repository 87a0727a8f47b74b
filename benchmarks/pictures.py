"""How well pictures are told: the ladder, beside a scikit-learn MLP on their pixels.

    python benchmarks/pictures.py --pictures DIR [--effort normal] [--only PART ...]

DIR holds train/ and test/, each with one folder per class. Parts: `ladder` fits on
train/ and tells test/ by every rung; `mlp` is the rival; `digits` fits scikit-learn's
digits, judged out of fold; `convolution` times a training step of the network's
layers, and with `--torch PYTHON` the same layers in PyTorch.
Writes benchmarks/results/pictures-EFFORT.json. Seconds depend on what else the
machine does; processor seconds do not.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from machine import machine

HERE = Path(__file__).parent
PACKAGES = ("mapsto", "jax", "numpy", "pillow", "scikit-learn", "onnxruntime")
BINS = 10
LAYERS = ((32, 24, 48), (16, 48, 48), (16, 48, 96), (8, 96, 96), (8, 96, 192))
BATCH, REPEATS = 64, 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, help="a folder with train/ and test/")
    parser.add_argument("--effort", default="normal")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--torch", help="a Python that has PyTorch")
    parser.add_argument("--keep", type=Path, help="where to save the model")
    parser.add_argument("--only", nargs="*", default=list(PARTS), choices=list(PARTS))
    asked = parser.parse_args()
    path = HERE / "results" / f"pictures-{asked.effort}.json"
    found = json.loads(path.read_text()) if path.exists() else {}
    for part in asked.only:
        found[part] = PARTS[part](asked)
        print(part, json.dumps(found[part], indent=1), flush=True)
    found |= {"effort": asked.effort, "seed": asked.seed, "machine": machine(*PACKAGES)}
    path.write_text(json.dumps(found, indent=1) + "\n")


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What it gives, and how long it took: wall and processor seconds."""
    wall, processor = time.monotonic(), sum(os.times()[:2])
    told = work()
    return told, {
        "seconds": round(time.monotonic() - wall, 1),
        "processor_seconds": round(sum(os.times()[:2]) - processor, 1),
    }


def ladder(asked: Any) -> dict[str, Any]:
    """Every rung's log loss, accuracy and calibration on test/."""
    import mapsto

    train, test = asked.pictures / "train", asked.pictures / "test"
    model, taken = timed(
        lambda: mapsto.fit(train, effort=asked.effort, seed=asked.seed, on_event=tell)
    )
    print(model, flush=True)
    if asked.keep:
        model.save(asked.keep)
    table = mapsto.data.read.ready(test, model.columns)[0]
    truth = table.columns["class"]
    y = np.array([model.classes.index(t) for t in truth])
    rungs = {}
    for name, rung in model.rungs.items():
        p = rung.predict_proba(table)
        rungs[name] = judged(p, y) | {
            "out_of_fold": rung.score,
            "fit_seconds": round(rung.seconds, 1),
            "parameters": rung.parameters,
            "hyperparameters": dict(rung.hyperparameters),
        }
    told = {"best": model.best.family, "simplest": model.simplest.family}
    counts = {"train": model.record["rows"], "test": len(y)}
    return {"rows": counts, **told, **taken, "rungs": rungs}


def tell(event: Any) -> None:
    """A line for what happens, on stderr."""
    print(f"{time.strftime('%H:%M:%S')} {event}"[:200], file=sys.stderr, flush=True)


def judged(p: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """p: (n, classes). Expected calibration error in ten bins of as many rows."""
    right = p.argmax(axis=1) == y
    told = p.max(axis=1)
    parts = np.array_split(np.argsort(told), BINS)
    gaps = [abs(told[k].mean() - right[k].mean()) * len(k) / len(y) for k in parts]
    of_truth = np.maximum(p[np.arange(len(y)), y], 1e-15)
    return {
        "accuracy": round(float(right.mean()), 4),
        "log_loss": round(float(-np.log(of_truth).mean()), 4),
        "calibration_error": round(float(sum(gaps)), 4),
    }


def mlp(asked: Any) -> dict[str, Any]:
    """scikit-learn's MLP on the same pixels, with early stopping."""
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    (x, y), (x_test, y_test) = (
        pixels(asked.pictures / part) for part in ("train", "test")
    )
    rival = make_pipeline(
        StandardScaler(),
        MLPClassifier((256, 64), early_stopping=True, random_state=asked.seed),
    )
    _, taken = timed(lambda: rival.fit(x, y))
    return judged(rival.predict_proba(x_test), y_test) | taken


def pixels(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """x: (n, 12,288) of pictures at 64 × 64, y: (n,) class numbers."""
    from PIL import Image

    x, y = [], []
    for k, of_class in enumerate(sorted(p for p in folder.iterdir() if p.is_dir())):
        for path in sorted(of_class.iterdir()):
            picture = Image.open(path).convert("RGB").resize((64, 64))
            x.append(np.asarray(picture, np.float32).ravel() / 255)
            y.append(k)
    return np.stack(x), np.array(y)


def digits(asked: Any) -> dict[str, Any]:
    """scikit-learn's digits as pictures: the best rung out of fold."""
    from sklearn.datasets import load_digits

    import mapsto

    data = load_digits()
    model, taken = timed(
        lambda: mapsto.fit(
            (data.images, data.target),
            effort=asked.effort,
            seed=asked.seed,
            on_event=tell,
        )
    )
    print(model, flush=True)
    rungs = {
        name: {"accuracy": rung["also"]["accuracy"], "log_loss": rung["score"]}
        for name, rung in model.record["rungs"].items()
    }
    return {"best": model.best.family, **taken, "out_of_fold": rungs}


# ── the speed of convolutions ──


def convolution(asked: Any) -> dict[str, Any]:
    """GFLOP per processor second, forward and back, of layers of the network."""
    found = {"jax": _in_jax()}
    if asked.torch:
        program = IN_TORCH.format(layers=LAYERS, batch=BATCH, repeats=REPEATS)
        done = subprocess.run(
            [asked.torch, "-c", program], capture_output=True, text=True, check=True
        )
        found["torch"] = json.loads(done.stdout)
    return {"layers": [list(layer) for layer in LAYERS], "batch": BATCH, **found}


def _in_jax() -> dict[str, list[float]]:
    import jax
    import jax.numpy as jnp

    def convolved(x: Any, w: Any) -> Any:
        order = ("NHWC", "HWIO", "NHWC")
        return jax.lax.conv_general_dilated(
            x, w, (1, 1), "SAME", dimension_numbers=order
        )

    def multiplied(x: Any, w: Any) -> Any:
        n, side, _, into = x.shape
        padded = jnp.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
        shifted = [
            padded[:, i : i + side, j : j + side] for i in range(3) for j in range(3)
        ]
        rows = jnp.concatenate(shifted, axis=-1).reshape(-1, 9 * into)
        return (rows @ w.reshape(9 * into, -1)).reshape(n, side, side, -1)

    rng, found = np.random.default_rng(0), {}
    for name, layer in (("convolution", convolved), ("patches", multiplied)):
        rates = []
        for side, into, out in LAYERS:
            x = rng.standard_normal((BATCH, side, side, into), np.float32)
            w = rng.standard_normal((3, 3, into, out), np.float32)
            step = jax.jit(
                jax.grad(lambda x, w, f=layer: jnp.square(f(x, w)).sum(), (0, 1))
            )
            jax.block_until_ready(step(x, w))
            _, taken = timed(
                lambda s=step, x=x, w=w: [
                    jax.block_until_ready(s(x, w)) for _ in range(REPEATS)
                ]
            )
            work = 3 * 2 * 9 * into * out * side * side * BATCH * REPEATS
            rates.append(round(work / max(taken["processor_seconds"], 0.1) / 1e9, 1))
        found[name] = rates
    return found


IN_TORCH = """
import json, os, torch
torch.manual_seed(0)
rates = []
for side, into, out in {layers}:
    x = torch.randn({batch}, into, side, side).to(memory_format=torch.channels_last)
    w = torch.randn(out, into, 3, 3).to(memory_format=torch.channels_last)
    x.requires_grad_(), w.requires_grad_()
    def step():
        torch.nn.functional.conv2d(x, w, padding=1).square().sum().backward()
        x.grad = w.grad = None
    step()
    begin = sum(os.times()[:2])
    for _ in range({repeats}):
        step()
    taken = max(sum(os.times()[:2]) - begin, 0.1)
    work = 3 * 2 * 9 * into * out * side * side * {batch} * {repeats}
    rates.append(round(work / taken / 1e9, 1))
print(json.dumps(rates))
"""

PARTS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "ladder": ladder,
    "mlp": mlp,
    "digits": digits,
    "convolution": convolution,
}

if __name__ == "__main__":
    main()
