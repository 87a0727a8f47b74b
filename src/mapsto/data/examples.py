"""Tables whose truth is known, made on the spot."""

import numpy as np

Table = dict[str, np.ndarray]

DISTRICTS = ("Harbour", "Hill", "Mill", "Old Town", "Park", "Station")
SCHOOLS = ("north", "south", "west")
MANAGERS = ("none", "part-time", "full-time")


def houses(rows: int = 2000, seed: int = 0, noise: float = 0.05) -> Table:
    """A generated town: flats with their prices, in thousands.

    Columns: area (m²), age (years), floor, environment (0 to 10), management,
    school_district, district, price. The price is

        price = size(area, floor) · wear(age) + place(district, school_district)
                + 6 · environment + care(management)

    times exp(noise · ε) with a standard normal ε; `houses_truth` gives it without, and
    `houses_parts` what it is made of.
    """
    rng = np.random.default_rng(seed)
    table: Table = {
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


def houses_truth(table: Table) -> np.ndarray:
    """The price without noise, (rows,)."""
    part = houses_parts(table)
    others = part["place"] + part["setting"] + part["care"]
    return np.asarray(part["size"] * part["wear"] + others)


def houses_parts(table: Table) -> dict[str, np.ndarray]:
    """What the price is made of, (rows,) each: size · wear + place + setting + care."""
    worth = dict(zip(DISTRICTS, (55, 70, 10, 40, 85, 0), strict=True))
    school = dict(zip(SCHOOLS, (0, 20, 45), strict=True))
    care = dict(zip(MANAGERS, (0, 12, 30), strict=True))
    schooled = [1 + school[s] / 60 for s in table["school_district"]]
    return {
        "size": 3.2 * table["area"] * (1 + 0.004 * np.minimum(table["floor"], 12)),
        "wear": 0.55 + 0.45 * np.exp(-table["age"] / 22),
        "place": np.array([worth[d] for d in table["district"]]) * np.array(schooled),
        "setting": 6 * table["environment"],
        "care": np.array([float(care[m]) for m in table["management"]]),
    }


def skewers(rows: int = 2000, seed: int = 0, noise: float = 0.5) -> Table:
    """Lamb skewers over charcoal, and how good they were, from 0 to about 100.

    Columns: lamb (g of meat on a skewer), marinade (hours), cumin (g), salt (g), time
    (minutes over the fire), temperature (°C at the grate), delight. The delight is

        prepare(lamb, marinade) + season(lamb, cumin, salt)
        + fire(lamb, time, temperature)

    plus a normal deviate of standard deviation `noise`; `skewers_parts` gives the
    three.
    """
    rng = np.random.default_rng(seed)
    table = _skewered(rows, rng)
    parts = _skewer(table).values()
    delight = sum(parts) + noise * rng.standard_normal(rows)
    return {**table, "delight": np.round(delight, 2)}


def skewers_parts(table: Table) -> dict[str, np.ndarray]:
    """What the delight is made of, (rows,) each: prepare + season + fire, and a level.

    A large skewer takes longer to marinate, needs more spice, and a longer or hotter
    fire. What the lamb does by itself belongs to the first, `prepare`, and each part
    has mean 0, as a composition tells its parts.
    """
    parts = _skewer(table)
    sizes = np.linspace(*LAMB, 41)
    others = _skewered(4096, np.random.default_rng(0))
    each = [_skewer({**others, "lamb": np.full(4096, s)}) for s in sizes]
    for name in ("season", "fire"):
        alone = np.interp(table["lamb"], sizes, [e[name].mean() for e in each])
        parts[name] = parts[name] - alone
        parts["prepare"] = parts["prepare"] + alone
    return {name: part - part.mean() for name, part in parts.items()}


LAMB = (60.0, 140.0)


def _skewered(rows: int, rng: np.random.Generator) -> Table:
    return {
        "lamb": np.round(rng.uniform(*LAMB, rows)),
        "marinade": np.round(np.minimum(rng.gamma(2.0, 3.0, rows), 24), 1),
        "cumin": np.round(rng.uniform(0.2, 3.0, rows), 2),
        "salt": np.round(rng.uniform(0.2, 2.5, rows), 2),
        "time": np.round(rng.uniform(3, 14, rows), 1),
        "temperature": np.round(rng.uniform(180, 320, rows)),
    }


def _skewer(table: Table) -> dict[str, np.ndarray]:
    lamb = table["lamb"]
    cumin, salt = 100 * table["cumin"] / lamb, 100 * table["salt"] / lamb
    done = table["time"] * (table["temperature"] - 60) / (12 * lamb)
    well = ((cumin - 1.4) / 1.6) ** 2 + ((salt - 1.2) / 1.2) ** 2
    return {
        "prepare": 20 * (1 - np.exp(-25 * table["marinade"] / lamb)),
        "season": 25 * np.exp(-well),
        "fire": 45 * np.exp(-((np.log(done) / 0.8) ** 2)),
    }
