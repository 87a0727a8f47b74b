"""Which length of training the cycles of a trial speak for, and which regularisation.

The trial's rate comes down to 0 at the end of four cycles, each twice as long as the
one before it (`solvers.schedules.coslog4`), so each end is a network of that length.
The last cycle is half of the trial: it is spared where the one before it leaves no
doubt.
"""

from dataclasses import dataclass

import numpy as np

from mapsto.solvers.schedules import CYCLE_ENDS

LITTLE, MUCH = 0.04, 0.2
"""Logarithm of the factor by which a cycle brings the loss down: after less than the
first the next one is not worth its time, after more than the second it is better."""


@dataclass(frozen=True)
class Cycles:
    """The cycles of a trial of so many epochs.

    own: (each,) the regularisation of each of a sample's members, 0, 1, …
    """

    epochs: int
    own: np.ndarray
    samples: int

    @property
    def ends(self) -> np.ndarray:
        """(4,) the epochs with which they end."""
        return cycle_ends(self.epochs)

    def losses(self, validation: np.ndarray) -> np.ndarray:
        """Mean losses (samples, regularisations, cycles that are over).

        validation: (epochs so far, members), the members of all samples side by side.
        """
        over = validation[self.ends[self.ends <= len(validation)] - 1]
        over = over.reshape(len(over), len(self.own), self.samples)
        kinds = range(int(self.own.max()) + 1)
        alike = [over[:, self.own == k].mean(axis=1) for k in kinds]
        return np.stack(alike).transpose(2, 0, 1)

    def decided(self, validation: np.ndarray) -> bool:
        """May the trial end? At the end of a cycle that made it worse for every
        sample, or before the last where that is not in doubt."""
        losses = self.losses(validation)
        over = losses.shape[2]
        if over < 2 or len(validation) not in self.ends:
            return False
        if (losses[:, :, -1] > losses[:, :, :-1].min(axis=2)).all():
            return True
        return over == len(CYCLE_ENDS) - 1 and not LITTLE < gain(losses) < MUCH

    def best(
        self, validation: np.ndarray, fewest: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """(samples,) the regularisation of the least loss, and its cycle; or the last
        cycle, where it was spared for being better. Cycles before `fewest` do not
        count; with none over, the first is taken."""
        losses = self.losses(validation)
        over = losses.shape[2]
        if not over:
            none = np.zeros(self.samples, int)
            return none, none
        spared = over == len(CYCLE_ENDS) - 1 and gain(losses) >= MUCH
        losses[:, :, :fewest] = np.inf
        best = losses.reshape(self.samples, -1).argmin(axis=1)
        chosen, cycle = np.divmod(best, over)
        return chosen, cycle + (spared & (cycle == over - 1))


def cycle_ends(epochs: int) -> np.ndarray:
    """(4,) the ends of the cycles of so many epochs."""
    return np.maximum(1, np.rint(epochs * np.array(CYCLE_ENDS)).astype(int))


def gain(losses: np.ndarray) -> float:
    """What the last cycle gave, of each sample's best regularisation: the mean
    logarithm of the factor. losses: see `Cycles.losses`, of two cycles or more."""
    least = np.maximum(losses.min(axis=1), 1e-12)
    return float(np.log(least[:, :-1].min(axis=1) / least[:, -1]).mean())
