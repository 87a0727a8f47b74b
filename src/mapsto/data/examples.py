"""Tables whose truth is known, made on the spot."""

import numpy as np

DISTRICTS = ("Harbour", "Hill", "Mill", "Old Town", "Park", "Station")
SCHOOLS = ("north", "south", "west")
MANAGERS = ("none", "part-time", "full-time")


def houses(
    rows: int = 2000, seed: int = 0, noise: float = 0.05
) -> dict[str, np.ndarray]:
    """A generated town: flats with their prices, in thousands.

    Columns: area (m²), age (years), floor, environment (0 to 10), management,
    school_district, district, price. The price is

        price = size(area, floor) · wear(age) + place(district, school_district)
                + 6 · environment + care(management)

    times exp(noise · ε) with a standard normal ε; `houses_truth` gives it without.
    """
    rng = np.random.default_rng(seed)
    table: dict[str, np.ndarray] = {
        "area": np.round(np.exp(rng.normal(4.3, 0.35, rows)), 1),
        "age": rng.integers(0, 60, rows).astype(float),
        "floor": rng.integers(1, 25, rows).astype(float),
        "environment": np.round(10 * rng.beta(4, 2, rows), 1),
        "management": rng.choice(MANAGERS, rows, p=(0.2, 0.5, 0.3)).astype(object),
        "school_district": rng.choice(SCHOOLS, rows).astype(object),
        "district": rng.choice(DISTRICTS, rows).astype(object),
    }
    price = houses_truth(table) * np.exp(noise * rng.standard_normal(rows))
    return {**table, "price": np.round(price, 1)}


def houses_truth(table: dict[str, np.ndarray]) -> np.ndarray:
    """The price without noise, (rows,)."""
    size = 3.2 * table["area"] * (1 + 0.004 * np.minimum(table["floor"], 12))
    wear = 0.55 + 0.45 * np.exp(-table["age"] / 22)
    worth = dict(zip(DISTRICTS, (55, 70, 10, 40, 85, 0), strict=True))
    school = dict(zip(SCHOOLS, (0, 20, 45), strict=True))
    care = dict(zip(MANAGERS, (0, 12, 30), strict=True))
    place = np.array([worth[d] for d in table["district"]]) * np.array(
        [1 + school[s] / 60 for s in table["school_district"]]
    )
    managed = np.array([care[m] for m in table["management"]])
    return np.asarray(size * wear + place + 6 * table["environment"] + managed)
