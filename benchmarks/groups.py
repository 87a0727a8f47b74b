"""Groups: adjusted mutual information with labels that nobody was shown.

    python benchmarks/groups.py [--tables DIR] [--only NAME ...] [--effort quick]

Everybody gets the same encoded columns, those of mapsto, of at most 5,000 rows. In one
column everybody is told the true number of groups; in the other mapsto chooses it, and
the same number is given to the others (HDBSCAN finds its own in both). Where
mapsto finds no groups, nobody else has any: 0.

SpectralClustering works on a graph of neighbours: its default, a Gaussian kernel of
width 1, is 0.00 on digits.
"""

import argparse
import json
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from accuracy import machine
from sklearn import datasets
from sklearn.cluster import HDBSCAN, KMeans, SpectralClustering
from sklearn.metrics import adjusted_mutual_info_score
from sklearn.mixture import GaussianMixture

import mapsto
from mapsto.events import Watch
from mapsto.selection.grouping import read_groups
from mapsto.threads import one_thread_each

RESULTS = Path(__file__).parent / "results"
MOST_ROWS = 5000
RIVALS: dict[str, Callable[[int], Any]] = {
    "KMeans": lambda k: KMeans(k, n_init=10, random_state=0),
    "GaussianMixture": lambda k: GaussianMixture(k, random_state=0),
    "SpectralClustering": lambda k: SpectralClustering(
        k, affinity="nearest_neighbors", random_state=0
    ),
    "HDBSCAN": lambda k: HDBSCAN(copy=True),
}


def main() -> None:
    asked = arguments()
    with (RESULTS / f"groups-{asked.label}.jsonl").open("w") as file:
        for name, frame, labels in labelled(asked.tables):
            if asked.only and name not in asked.only:
                continue
            line = measured(name, frame, labels, asked.effort)
            file.write(json.dumps(line) + "\n")
            file.flush()
            print(json.dumps(line), flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", help="folder with an index.json")
    parser.add_argument("--only", nargs="*", default=[], help="names of tables")
    parser.add_argument("--effort", default="quick")
    parser.add_argument("--label", default="quick", help="of the result's file")
    return parser.parse_args()


def labelled(tables: str | None) -> Iterator[tuple[str, pd.DataFrame, np.ndarray]]:
    """Tables with classes, and the classes apart: scikit-learn's, and the folder's."""
    for load in (
        datasets.load_digits,
        datasets.load_iris,
        datasets.load_wine,
        datasets.load_breast_cancer,
    ):
        frame = load(as_frame=True).frame
        name = load.__name__.removeprefix("load_")
        yield name, frame.drop(columns="target"), frame["target"].to_numpy()
    if tables is None:
        return
    folder = Path(tables)
    for entry in json.loads((folder / "index.json").read_text()):
        if entry["task"] == "regression":
            continue
        frame = pd.read_parquet(folder / entry["file"])
        rows = np.random.default_rng(0).permutation(len(frame))[:MOST_ROWS]
        frame = frame.iloc[np.sort(rows)].reset_index(drop=True)
        labels = frame.pop(entry["target"])
        yield entry["name"], frame, labels.astype(str).to_numpy()


def measured(
    name: str, frame: pd.DataFrame, labels: np.ndarray, effort: str
) -> dict[str, Any]:
    """mapsto and the others, with the true number of groups and with a chosen one."""
    truth = len(set(labels.tolist()))
    x = read_groups(frame, None, 0, Watch()).x
    line: dict[str, Any] = {
        "table": name,
        "rows": len(x),
        "features": x.shape[1],
        "truth": truth,
        "effort": effort,
    }
    given, seconds = found(frame, labels, effort, truth)
    line["given"] = given | {n: rival(n, x, truth, labels) for n in RIVALS}
    line["seconds given"] = seconds
    chosen, seconds = found(frame, labels, effort, None)
    line["chosen"] = chosen | {n: rival(n, x, chosen["groups"], labels) for n in RIVALS}
    line["seconds chosen"] = seconds
    return line | {"machine": machine()}


def found(
    frame: pd.DataFrame, labels: np.ndarray, effort: str, groups: int | None
) -> tuple[dict[str, Any], float]:
    """What mapsto's groups and those of each of its families have in common with the
    labels."""
    began = time.perf_counter()
    model = mapsto.cluster(frame, groups=groups, effort=effort)
    seconds = time.perf_counter() - began
    told = {
        "mapsto": agreement(labels, np.asarray(model.predict(frame))),
        "groups": model.count,
        "family": model.family,
        "ladder": {
            n: {k: r[k] for k in ("score", "gain", "agreement", "seconds")}
            for n, r in model.ladder.items()
        },
    }
    return told, seconds


def rival(name: str, x: np.ndarray, groups: int, labels: np.ndarray) -> float | None:
    """None where it fails."""
    if groups < 2 and name != "HDBSCAN":
        return 0.0
    with warnings.catch_warnings(), one_thread_each():
        warnings.simplefilter("ignore")
        try:
            return agreement(labels, RIVALS[name](groups).fit_predict(x))
        except (ValueError, RuntimeError, ArithmeticError) as error:
            print(f"{name}: {error}")
            return None


def agreement(labels: np.ndarray, told: np.ndarray) -> float:
    return float(adjusted_mutual_info_score(labels, told))


if __name__ == "__main__":
    main()
