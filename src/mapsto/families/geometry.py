"""The geometry of a column: some values do not live on a line.

Hours, months and directions live on a circle, where 23 is next to 0; a latitude with
its longitude on a sphere. A *figure* replaces such inputs by coordinates in which
straight-line distance says what is near. Which figures a table offers is seen from
names and ranges; whether one is used is decided by data.

Nested categories (region, town, street) need no figure. Hyperbolic space holds a
tree in very few dimensions (Nickel & Kiela 2017, https://arxiv.org/abs/1705.08039),
but a kernel need not be sparing with them: where φ marks the branches above a leaf,
‖φ(a) - φ(b)‖² is the length of the way from leaf a to leaf b, exactly, in ordinary
space. The indicators of the columns' levels are these marks, and the metric learns
how long each branch is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from mapsto.data.encoding import Feature


class Figure(Protocol):
    """Coordinates made of some inputs, in groups that each have a scale of their own.

    `sizes`: how many coordinates each group has. `columns`: the inputs that each is
    made of. `replaces`: the inputs that it stands for, which are left out.
    """

    @property
    def sizes(self) -> tuple[int, ...]: ...

    @property
    def columns(self) -> tuple[tuple[int, ...], ...]: ...

    @property
    def replaces(self) -> tuple[int, ...]: ...

    @property
    def words(self) -> str: ...

    def __call__(self, x: Any) -> Any:
        """Its coordinates, (n, sum of the sizes)."""
        ...


@dataclass(frozen=True)
class Raw:
    """An input back in its own units. Undoes the smooth clip z / √(1 + (z/3)²)."""

    column: int
    center: float
    scale: float

    def __call__(self, x: Any) -> Any:
        xp = x.__array_namespace__()
        z = x[:, self.column]
        rest = xp.maximum(1.0 - (z / 3.0) ** 2, 1e-12)
        return self.center + self.scale * z / xp.sqrt(rest)


@dataclass(frozen=True)
class Circle:
    """(cos, sin) of 2π v / period."""

    name: str
    raw: Raw
    period: float
    sizes: tuple[int, ...] = (2,)

    @property
    def columns(self) -> tuple[tuple[int, ...], ...]:
        return (self.replaces,)

    @property
    def replaces(self) -> tuple[int, ...]:
        return (self.raw.column,)

    @property
    def words(self) -> str:
        return f"{self.name} on a circle of {self.period:g}"

    def __call__(self, x: Any) -> Any:
        xp = x.__array_namespace__()
        angle = (2 * np.pi / self.period) * self.raw(x)
        return xp.stack([xp.cos(angle), xp.sin(angle)], axis=1)


@dataclass(frozen=True)
class Wheel:
    """Named months or weekdays on a circle; a missing one is at its centre."""

    name: str
    replaces: tuple[int, ...]
    places: tuple[int, ...]
    period: int
    sizes: tuple[int, ...] = (2,)

    @property
    def columns(self) -> tuple[tuple[int, ...], ...]:
        return (self.replaces,)

    @property
    def words(self) -> str:
        return f"{self.name} on a circle of {self.period}"

    def __call__(self, x: Any) -> Any:
        angle = 2 * np.pi * np.array(self.places) / self.period
        turn = np.zeros((x.shape[1], 2))
        turn[list(self.replaces)] = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        return x @ turn


@dataclass(frozen=True)
class Sphere:
    """The unit vector of a place on the globe, centred and in units of `spread`.

    The straight line between two such vectors is 2 sin(angle / 2), which grows with
    the great-circle distance.
    """

    latitude: Raw
    longitude: Raw
    names: tuple[str, str]
    center: tuple[float, float, float] = (0.0, 0.0, 0.0)
    spread: float = 1.0
    sizes: tuple[int, ...] = (3,)

    @property
    def columns(self) -> tuple[tuple[int, ...], ...]:
        return (self.replaces,)

    @property
    def replaces(self) -> tuple[int, ...]:
        return (self.latitude.column, self.longitude.column)

    @property
    def words(self) -> str:
        return f"{self.names[0]} and {self.names[1]} on a sphere"

    def __call__(self, x: Any) -> Any:
        xp = x.__array_namespace__()
        phi = (np.pi / 180) * self.latitude(x)
        lam = (np.pi / 180) * self.longitude(x)
        parts = [xp.cos(phi) * xp.cos(lam), xp.cos(phi) * xp.sin(lam), xp.sin(phi)]
        return (xp.stack(parts, axis=1) - np.array(self.center)) / self.spread


def embedded(figures: Sequence[Figure], x: Any) -> Any:
    """x with the coordinates of the figures behind it."""
    xp = x.__array_namespace__()
    return xp.concat([x, *[f(x) for f in figures]], axis=1) if figures else x


def figures_of(features: Sequence[Feature], x: np.ndarray) -> list[Figure]:
    """The figures that names and ranges suggest. x: (n, d), smoothly clipped."""
    numbers = {
        i: Raw(i, f.center, f.scale)
        for i, f in enumerate(features)
        if f.role == "number" and np.isfinite(f.scale)
    }
    spheres = _spheres(features, numbers, x)
    on_spheres = {i for s in spheres for i in s.replaces}
    circles = [
        Circle(features[i].name, raw, period)
        for i, raw in numbers.items()
        if i not in on_spheres and (period := _period(features[i].name, raw(x)))
    ]
    return [*spheres, *circles, *_wheels(features)]


# ── circles ──

TURNS: tuple[tuple[frozenset[str], float, float, float], ...] = (
    (frozenset({"hour", "hours", "hr", "hrs"}), 0, 24, 24.0),
    (frozenset({"month", "months", "mnth", "mon"}), 0, 12, 12.0),
    (frozenset({"weekday", "dow", "wday", "dayofweek"}), 0, 7, 7.0),
    (frozenset({"minute", "minutes", "second", "seconds"}), 0, 60, 60.0),
    (frozenset({"doy", "yday", "dayofyear"}), 0, 366, 365.25),
    (frozenset({"week", "weekofyear", "woy"}), 0, 53, 365.25 / 7),
    (frozenset({"quarter"}), 0, 4, 4.0),
    (frozenset({"angle", "direction", "azimuth", "bearing"}), -180, 360, 360.0),
    (frozenset({"heading", "aspect", "degrees", "deg"}), -180, 360, 360.0),
)
"""Words in a name, the range that the values must keep to, and the period."""

RANGES = {(0, 23): 24.0, (1, 24): 24.0, (1, 12): 12.0, (0, 11): 12.0}
RANGES |= {(0, 59): 60.0, (0, 359): 360.0, (0, 360): 360.0}
"""Whole numbers that fill just this range are worth trying on a circle."""


def _words(name: str) -> frozenset[str]:
    return frozenset(w.lower() for w in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name))


def _period(name: str, values: np.ndarray) -> float | None:
    low, high = float(values.min()), float(values.max())
    for words, least, most, period in TURNS:
        if words & _words(name) and least - 0.01 <= low and high <= most + 0.01:
            return period if high - low > period / 3 else None
    whole = np.round(values)
    distinct = len(np.unique(whole))
    if np.abs(values - whole).max() > 1e-6 or distinct < 0.9 * (high - low + 1):
        return None
    return RANGES.get((round(low), round(high)))


FULL_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
FULL_WEEKDAYS = (
    *("monday", "tuesday", "wednesday", "thursday"),
    *("friday", "saturday", "sunday"),
)
MONTHS = [name[:3] for name in FULL_MONTHS]
WEEKDAYS = [name[:3] for name in FULL_WEEKDAYS]
FULL_NAMES = [*FULL_MONTHS, *FULL_WEEKDAYS]


def _wheels(features: Sequence[Feature]) -> list[Wheel]:
    columns: dict[str, list[int]] = {}
    for i, feature in enumerate(features):
        if feature.role == "level":
            columns.setdefault(feature.column, []).append(i)
    found = []
    for name, inputs in columns.items():
        levels = [features[i].name.removeprefix(f"{name} = ") for i in inputs]
        for turn in (MONTHS, WEEKDAYS):
            places = [_place(level, turn) for level in levels]
            if len(inputs) >= 5 and None not in places:
                told = tuple(p for p in places if p is not None)
                found.append(Wheel(name, tuple(inputs), told, len(turn)))
    return found


def _place(level: str, turn: list[str]) -> int | None:
    name = level.strip().lower().rstrip(".")
    if name in FULL_NAMES or len(name) <= 4:
        return turn.index(name[:3]) if name[:3] in turn else None
    return None


# ── spheres ──

LATITUDE = frozenset({"lat", "latitude"})
LONGITUDE = frozenset({"lon", "lng", "long", "longitude"})


def _spheres(
    features: Sequence[Feature], numbers: dict[int, Raw], x: np.ndarray
) -> list[Sphere]:
    """A latitude and a longitude whose names are alike otherwise."""
    found = []
    for i, latitude in numbers.items():
        for j, longitude in numbers.items():
            north, east = _words(features[i].name), _words(features[j].name)
            if not (north & LATITUDE and east & LONGITUDE):
                continue
            if north - LATITUDE != east - LONGITUDE:
                continue
            if _within(latitude(x), -90, 90) and _within(longitude(x), -180, 360):
                names = (features[i].name, features[j].name)
                found.append(_centred(Sphere(latitude, longitude, names), x))
    return found


def _within(values: np.ndarray, low: float, high: float) -> bool:
    return bool(values.min() >= low - 1e-6 and values.max() <= high + 1e-6)


def _centred(sphere: Sphere, x: np.ndarray) -> Sphere:
    places = sphere(x)
    center = places.mean(axis=0)
    spread = float(np.sqrt(((places - center) ** 2).sum(axis=1).mean())) or 1.0
    a, b, c = center.tolist()
    return Sphere(sphere.latitude, sphere.longitude, sphere.names, (a, b, c), spread)
