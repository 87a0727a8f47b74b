"""The tables of the benchmarks, and how they are split.

`--tables DIR` names a folder with an index.json, a list of {"name", "file",
"target", "task"}, and Parquet files. Without it, the tables are those that packages
bring along, so that anyone can run the benchmarks.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from packaged import packaged

MOST_TRAINING_ROWS = 8000
FEW_ROWS, SPLITS_FOR_FEW = 5000, 3


@dataclass(frozen=True)
class Split:
    """One table, split into training and test rows."""

    table: str
    task: str
    target: str
    seed: int
    train: pd.DataFrame
    test: pd.DataFrame


def splits(tables: str | None, only: list[str], most_splits: int) -> Iterator[Split]:
    """Every table's splits: 80/20 with seed 0, 1, ... (three under 5,000 rows), at
    most 8,000 training rows."""
    for name, frame, target, task in _folder(tables) if tables else packaged():
        if only and name not in only:
            continue
        count = SPLITS_FOR_FEW if len(frame) < FEW_ROWS else 1
        for seed in range(min(count, most_splits)):
            order = np.random.default_rng(seed).permutation(len(frame))
            cut = int(0.8 * len(frame))
            train = frame.iloc[order[:cut][:MOST_TRAINING_ROWS]].reset_index(drop=True)
            test = frame.iloc[order[cut:]].reset_index(drop=True)
            yield Split(name, task, target, seed, train, test)


def _folder(tables: str) -> Iterator[tuple[str, pd.DataFrame, str, str]]:
    folder = Path(tables)
    for entry in json.loads((folder / "index.json").read_text()):
        frame = pd.read_parquet(folder / entry["file"])
        yield entry["name"], frame, entry["target"], entry["task"]
