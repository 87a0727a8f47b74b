"""Boosting: what LightGBM asks of those who call it from several threads."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import lightgbm
import numpy as np

from mapsto.solvers.boosting import Rows, boost, parameters, trial

DIALS = {
    "learning_rate": 0.3,
    "leaves": 5,
    "thresholds": 255,
    "leaf_rows": 5,
    "row_share": 0.8,
    "column_share": 0.7,
    "penalty": 1.0,
    "smoothing": 1.0,
    "random_thresholds": False,
}
SETTINGS = parameters(DIALS, classes=0, seed=0)


def sparse(rows: int) -> Rows:
    """Columns of zeros mostly, whose bins LightGBM fills with a buffer per thread."""
    rng = np.random.default_rng(0)
    x = np.where(rng.random((rows, 20)) < 0.9, 0.0, rng.standard_normal((rows, 20)))
    return Rows(x, x[:, 0] + rng.standard_normal(rows), np.ones(rows))


def test_every_call_says_that_it_has_one_thread(monkeypatch):
    told = []
    predict = lightgbm.Booster.predict

    def spied(booster, *args, **more):
        told.append(more.get("num_threads"))
        return predict(booster, *args, **more)

    monkeypatch.setattr(lightgbm.Booster, "predict", spied)
    rows = sparse(500)

    trial(rows, rows, SETTINGS, 2, lambda _: None)
    booster = boost(rows, SETTINGS, 2, lambda _: None)

    assert told == [1]
    assert booster.params["num_threads"] == 1


def test_trials_side_by_side_survive():
    """In a process of its own: what went wrong before was the end of it."""
    done = subprocess.run([sys.executable, __file__], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr


def trials_for(seconds: float) -> None:
    """Trials of sparse columns, one after the other."""
    rows, end = sparse(3000), time.monotonic() + seconds
    rest, inner = rows.part(np.arange(2400)), rows.part(np.arange(2400, 3000))
    while time.monotonic() < end:
        trial(rest, inner, SETTINGS, 2, lambda _: None)


if __name__ == "__main__":
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(trials_for, [4.0] * 3))
