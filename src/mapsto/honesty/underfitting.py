"""Is there structure left in what a function gets wrong?"""

import lightgbm
import numpy as np

from mapsto.threads import side_by_side

ROUNDS, PARTS = 80, 4
ROWS = 20_000  # a sample of these is enough to see structure
PROBE = {
    "objective": "regression",
    "learning_rate": 0.1,
    "num_leaves": 8,
    "min_data_in_leaf": 10,
    "lambda_l2": 1.0,
    "deterministic": True,
    "force_col_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}


def structure_left(
    t: np.ndarray, residual: np.ndarray, w: np.ndarray, seed: int
) -> tuple[float, float]:
    """The share of the residuals' variance that small trees predict, and its error.

    t: (n, width), residual: (n,) out-of-fold residuals. The share is itself
    cross-validated: about 0, or a little below, when nothing is left.
    """
    rng = np.random.default_rng(seed)
    if len(residual) > ROWS:
        rows = rng.choice(len(residual), ROWS, replace=False)
        t, residual, w = t[rows], residual[rows], w[rows]
    residual = residual - np.average(residual, weights=w)
    largest = float(np.abs(residual).max())
    if largest == 0:
        return 0.0, 0.0
    residual = residual / largest  # the share has no unit, and LightGBM uses float32
    part = rng.permutation(len(residual)) % PARTS

    def predict(k: int) -> np.ndarray:
        rest = part != k
        data = lightgbm.Dataset(t[rest], residual[rest], weight=w[rest])
        probe = lightgbm.train({**PROBE, "seed": seed}, data, ROUNDS)
        return np.asarray(probe.predict(t[~rest], num_threads=1))

    told = np.empty(len(residual))
    for k, values in enumerate(side_by_side(predict, range(PARTS))):
        told[part == k] = values
    gains = residual**2 - (residual - told) ** 2
    total = float(np.average(residual**2, weights=w))
    spread = float(np.sqrt(np.average((gains - gains.mean()) ** 2, weights=w)))
    share = float(np.average(gains, weights=w)) / total
    return share, spread / total * float(np.sqrt((w**2).sum()) / w.sum())
