"""The rows of several samples, stacked for members that are trained side by side.

Rows, features and steps are padded up to few sizes, so that tables of a like size
share one compilation. Padding rows are never drawn.
"""

from collections.abc import Sequence

import numpy as np

from mapsto.families.family import Sample
from mapsto.solvers.descent import Examples, roomy

HELD_ROWS = 16_384  # at most so many inner rows judge an epoch


class Batches:
    """Which member learns from which rows."""

    def __init__(self, samples: Sequence[Sample], seed: int):
        self.samples, self.seed = samples, seed
        self._data: dict[str, np.ndarray] | None = None

    def owner(self, each: int) -> np.ndarray:
        """The sample of each member, when every sample has so many."""
        return np.tile(np.arange(len(self.samples), dtype=np.int32), each)

    def seeds(self, each: int) -> list[int]:
        """One for each of these members."""
        sequences = [
            np.random.SeedSequence([self.seed, m]) for m in range(len(self.owner(each)))
        ]
        return [int(s.generate_state(1)[0]) for s in sequences]

    def examples(self, each: int, hold: bool) -> Examples:
        """The rows to train on: without the inner rows, which judge, or all of them.

        The inner rows stand last, so that both ways use the same arrays. Where a
        sample has none, nothing is held.
        """
        rest = [np.flatnonzero(~s.inner) for s in self.samples]
        inner = [np.flatnonzero(s.inner) for s in self.samples]
        if self._data is None:
            both = [np.concatenate(pair) for pair in zip(rest, inner, strict=True)]
            self._data = self._gathered(both)
        owner = self.owner(each)
        if not hold or not all(len(rows) for rows in inner):
            counts = np.array([len(s.inner) for s in self.samples])
            return Examples(self._data, None, counts, owner)
        held = self._gathered([_spaced(rows, HELD_ROWS) for rows in inner])
        return Examples(self._data, held, np.array([len(r) for r in rest]), owner)

    def _gathered(self, rows: list[np.ndarray]) -> dict[str, np.ndarray]:
        """x, y, w of these rows of each sample, padded with rows of zero weight."""
        most = roomy(max(len(r) for r in rows))
        wide = roomy(len(self.samples[0].features) + 1)
        found = {
            "x": np.zeros((len(rows), most, wide), np.float32),
            "y": np.zeros((len(rows), most), np.float32),
            "w": np.zeros((len(rows), most), np.float32),
        }
        for k, (sample, r) in enumerate(zip(self.samples, rows, strict=True)):
            found["x"][k, : len(r), : sample.x.shape[1]] = sample.x[r]
            found["y"][k, : len(r)] = sample.y[r]
            found["w"][k, : len(r)] = sample.w[r]
        return found


def _spaced(rows: np.ndarray, most: int) -> np.ndarray:
    """At most so many of the rows, evenly spaced."""
    return rows[:: -(-len(rows) // most)] if len(rows) > most else rows
