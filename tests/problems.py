"""A gallery of data with known truth, shared by the tests.

Each problem gives a table, the target's name, and what the best possible function
would predict for the same rows (the mean of the target, or the probabilities).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Table = dict[str, np.ndarray]


@dataclass(frozen=True)
class Problem:
    """`make(rows, rng)` gives the table with its target "y" and the truth.

    truth: (rows,) for regression, (rows, classes) in sorted label order otherwise.
    """

    make: Callable[[int, np.random.Generator], tuple[Table, np.ndarray]]
    rows: int
    task: str = "regression"
    weights: str | None = None

    def draw(self, seed: int = 0, rows: int | None = None) -> tuple[Table, np.ndarray]:
        return self.make(rows or self.rows, np.random.default_rng(seed))


def _regression(
    truth: Callable[[np.ndarray], np.ndarray], columns: int, noise: float
) -> Callable[[int, np.random.Generator], tuple[Table, np.ndarray]]:
    def make(rows: int, rng: np.random.Generator) -> tuple[Table, np.ndarray]:
        x = rng.uniform(-1, 1, (rows, columns))
        mean = truth(x)
        y = mean + noise * rng.standard_normal(rows)
        return {f"x{k}": x[:, k] for k in range(columns)} | {"y": y}, mean

    return make


def _binary(
    probability: Callable[[np.ndarray], np.ndarray], columns: int = 2
) -> Callable[[int, np.random.Generator], tuple[Table, np.ndarray]]:
    def make(rows: int, rng: np.random.Generator) -> tuple[Table, np.ndarray]:
        x = rng.uniform(-1, 1, (rows, columns))
        p = probability(x)
        y = np.where(rng.random(rows) < p, "yes", "no").astype(object)
        table = {f"x{k}": x[:, k] for k in range(columns)} | {"y": y}
        return table, np.stack([1 - p, p], axis=1)

    return make


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def _moons(x: np.ndarray) -> np.ndarray:
    """Two interlocking bands, as sklearn's moons, with a soft border."""
    return _sigmoid(14 * (x[:, 1] - 0.5 * np.sin(np.pi * x[:, 0])))


def _rings(x: np.ndarray) -> np.ndarray:
    return _sigmoid(25 * (np.hypot(x[:, 0], x[:, 1]) - 0.65))


def _heteroscedastic(rows: int, rng: np.random.Generator) -> tuple[Table, np.ndarray]:
    x = rng.uniform(0, 1, rows)
    mean = 4 * x
    return {"x": x, "y": mean + (0.05 + x) * rng.standard_normal(rows)}, mean


def _noise(rows: int, rng: np.random.Generator) -> tuple[Table, np.ndarray]:
    table = {f"x{k}": rng.standard_normal(rows) for k in range(5)}
    return table | {"y": rng.standard_normal(rows)}, np.zeros(rows)


def _letters(rows: int, rng: np.random.Generator) -> tuple[Table, np.ndarray]:
    """26 classes on a plane, each a round heap around its own place."""
    places = np.array([(a, b) for a in range(6) for b in range(5)][:26], float)
    k = rng.integers(0, 26, rows)
    x = places[k] + 0.22 * rng.standard_normal((rows, 2))
    closeness = -((x[:, None, :] - places) ** 2).sum(axis=2) / (2 * 0.22**2)
    odds = np.exp(closeness - closeness.max(axis=1, keepdims=True))
    labels = np.array([chr(65 + c) for c in range(26)], object)
    return {"u": x[:, 0], "v": x[:, 1], "y": labels[k]}, odds / odds.sum(
        1, keepdims=True
    )


def _rare(rows: int, rng: np.random.Generator) -> tuple[Table, np.ndarray]:
    x = rng.standard_normal((rows, 2))
    p = _sigmoid(-4.5 + 2.5 * x[:, 0])
    y = (rng.random(rows) < p).astype(int)
    return {"x0": x[:, 0], "x1": x[:, 1], "y": y}, np.stack([1 - p, p], axis=1)


def _collinear(rows: int, rng: np.random.Generator) -> tuple[Table, np.ndarray]:
    a = rng.standard_normal(rows)
    table = {"a": a, "b": 2 * a, "c": a + 1e-9 * rng.standard_normal(rows), "d": 1 - a}
    mean = 3 * a
    return table | {"y": mean + 0.3 * rng.standard_normal(rows)}, mean


def _weighted(rows: int, rng: np.random.Generator) -> tuple[Table, np.ndarray]:
    """Half of the rows lie, and weigh nearly nothing."""
    x = rng.uniform(-1, 1, rows)
    lies = rng.random(rows) < 0.5
    mean = 2 * x
    y = np.where(lies, -mean, mean) + 0.1 * rng.standard_normal(rows)
    return {"x": x, "weight": np.where(lies, 1e-4, 1.0), "y": y}, mean


def _text(rows: int, rng: np.random.Generator) -> tuple[Table, np.ndarray]:
    good = ("bright", "sunny", "quiet", "renovated", "spacious", "charming")
    bad = ("damp", "noisy", "dark", "cramped", "crumbling", "draughty")
    filler = (
        "flat",
        "with",
        "view",
        "near",
        "the",
        "station",
        "and",
        "garden",
        "rooms",
    )
    p = rng.random(rows).round()
    told = [
        " ".join(
            rng.permutation(
                [*rng.choice(filler, 5), *rng.choice(good if q else bad, 2)]
            )
        )
        for q in p
    ]
    y = np.where(rng.random(rows) < 0.05, 1 - p, p)
    truth = np.where(p == 1, 0.95, 0.05)
    return (
        {"told": np.array(told, object), "y": y.astype(int)},
        np.stack([1 - truth, truth], axis=1),
    )


def _dates(rows: int, rng: np.random.Generator) -> tuple[Table, np.ndarray]:
    """A trend and a yearly season."""
    day = rng.integers(0, 4 * 365, rows)
    mean = 0.002 * day + np.cos(2 * np.pi * day / 365.2425)
    when = np.datetime64("2019-01-01") + day.astype("timedelta64[D]")
    y = mean + 0.1 * rng.standard_normal(rows)
    return {"when": when.astype("datetime64[us]"), "y": y}, mean


PROBLEMS: dict[str, Problem] = {
    "line": Problem(_regression(lambda x: 2 * x[:, 0] - x[:, 1] + 1, 2, 0.3), 400),
    "cubic": Problem(
        _regression(lambda x: 4 * x[:, 0] ** 3 - 3 * x[:, 0], 1, 0.2), 400
    ),
    "cosine": Problem(_regression(lambda x: np.cos(6 * x[:, 0]), 1, 0.2), 400),
    "additive": Problem(
        _regression(lambda x: np.sin(3 * x[:, 0]) + 2 * x[:, 1] ** 2 + x[:, 2], 3, 0.2),
        800,
    ),
    "interaction": Problem(_regression(lambda x: 3 * x[:, 0] * x[:, 1], 2, 0.2), 800),
    "xor": Problem(
        _binary(lambda x: _sigmoid(20 * x[:, 0] * x[:, 1])), 800, "classification"
    ),
    "moons": Problem(_binary(_moons), 800, "classification"),
    "rings": Problem(_binary(_rings), 800, "classification"),
    "step": Problem(
        _regression(
            lambda x: np.where(x[:, 0] > 0.2, 2.0, 0.0) + (x[:, 1] < -0.3), 2, 0.2
        ),
        600,
    ),
    "heteroscedastic": Problem(_heteroscedastic, 600),
    "noise": Problem(_noise, 300),
    "letters": Problem(_letters, 2600, "classification"),
    "rare": Problem(_rare, 1500, "classification"),
    "collinear": Problem(_collinear, 300),
    "weights": Problem(_weighted, 600, weights="weight"),
    "text": Problem(_text, 600, "classification"),
    "dates": Problem(_dates, 700),
}
