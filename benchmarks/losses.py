"""Losses of single rows, kept so that two functions can be compared pair by pair."""

from pathlib import Path

import numpy as np
from tasks import Split

FOLDER = Path(__file__).parent / "results" / "losses"


def row_losses(split: Split, told: np.ndarray) -> np.ndarray:
    """Squared errors, or negative log likelihoods, of the test rows.

    told: (n,) predictions, or (n, classes) probabilities in sorted label order of
    the training rows. A class that the training rows do not have costs the most.
    """
    truth = split.test[split.target].to_numpy()
    if split.task == "regression":
        return np.asarray((truth.astype(float) - told.astype(float)) ** 2)
    labels = sorted(split.train[split.target].unique())
    place = {str(label): k for k, label in enumerate(labels)}
    at = np.array([place.get(str(t), -1) for t in truth])
    of_truth = np.where(at >= 0, told[np.arange(len(told)), at], 0.0)
    return np.asarray(-np.log(np.clip(of_truth, 1e-15, 1)))


def keep(name: str, split: Split, losses: np.ndarray) -> None:
    """Write one function's losses of one split."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    np.save(
        FOLDER / f"{name}-{split.table}-{split.seed}.npy", losses.astype(np.float32)
    )


def kept(name: str, table: str, seed: int) -> np.ndarray | None:
    """The losses that `keep` wrote, or None."""
    path = FOLDER / f"{name}-{table}-{seed}.npy"
    return np.load(path).astype(float) if path.exists() else None
