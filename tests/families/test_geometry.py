"""Columns that do not live on a line: which figures are seen, and what is near."""

import numpy as np
import pytest

from mapsto.data.encoding import Feature
from mapsto.families.geometry import Circle, Sphere, Wheel, embedded, figures_of


def clipped(values: np.ndarray, center: float, scale: float) -> np.ndarray:
    z = (values - center) / scale
    return z / np.sqrt(1 + (z / 3) ** 2)


def seen(**columns: np.ndarray):
    """The figures of numbers with these names, and the inputs."""
    features = [Feature(name, name, "number", 10.0, 7.0) for name in columns]
    x = np.stack([clipped(v, 10.0, 7.0) for v in columns.values()], axis=1)
    return figures_of(features, x), x


@pytest.mark.parametrize(
    ("name", "values", "period"),
    [
        ("hour", np.arange(24), 24),
        ("pickupHour", np.arange(0, 24, 0.5), 24),
        ("mnth", np.arange(1, 13), 12),
        ("day_of_week wday", np.arange(7), 7),
        ("wind_direction", np.arange(0, 360, 10), 360),
        ("nameless", np.arange(24), 24),  # whole numbers that fill a known range
    ],
)
def test_the_end_of_a_turn_is_next_to_its_beginning(name, values, period):
    (circle,), x = seen(**{name: values.astype(float)})

    assert isinstance(circle, Circle)
    assert circle.period == period
    at = circle(x)
    gaps = np.linalg.norm(np.diff(at, axis=0, append=at[:1]), axis=1)
    assert gaps == pytest.approx(np.full(len(at), gaps[0]))
    assert f"{name} on a circle of {period}" == circle.words


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("hour", np.arange(8, 12)),  # a few hours are no circle
        ("hours", np.arange(100)),  # a duration
        ("price", np.linspace(0, 23, 50)),
        ("month", np.full(5, 3)),
    ],
)
def test_what_does_not_go_round_stays_on_its_line(name, values):
    figures, _ = seen(**{name: values.astype(float)})

    assert figures == []


def test_nearness_on_a_sphere_is_the_great_circle():
    """179.9° east is next to 179.9° west, and at the pole all longitudes meet."""
    rng = np.random.default_rng(0)
    lat, lon = rng.uniform(-90, 90, 200), rng.uniform(-180, 180, 200)
    lat[:4], lon[:4] = (0, 0, 89.9, 89.9), (179.9, -179.9, 0, 180)
    (sphere,), x = seen(pickup_lat=lat, pickup_lon=lon)

    at = sphere(x) * sphere.spread
    chord = np.linalg.norm(at[:100] - at[100:], axis=1)

    a, b = np.radians([lat, lon])
    inner = np.sin(a[:100]) * np.sin(a[100:])
    inner += np.cos(a[:100]) * np.cos(a[100:]) * np.cos(b[:100] - b[100:])
    assert chord == pytest.approx(2 * np.sin(np.arccos(inner) / 2), abs=1e-6)
    assert np.linalg.norm(at[0] - at[1]) < 0.01
    assert np.linalg.norm(at[2] - at[3]) < 0.01
    assert sphere.words == "pickup_lat and pickup_lon on a sphere"


def test_latitudes_are_paired_with_their_own_longitudes():
    lat = np.linspace(40, 41, 20)
    figures, _ = seen(start_lat=lat, end_lon=lat - 114, end_lat=lat, start_lon=lat)

    assert all(isinstance(f, Sphere) for f in figures)
    assert {f.replaces for f in figures} == {(0, 3), (2, 1)}


@pytest.mark.parametrize(
    ("levels", "period"),
    [
        (["mon", "tue", "wed", "thu", "fri", "sat", "sun"], 7),
        (["June", "July", "August", "January", "December", "March"], 12),
    ],
)
def test_named_months_and_days_are_on_a_wheel(levels, period):
    features = [Feature(f"when = {level}", "when", "level") for level in levels]
    x = np.vstack([np.eye(len(levels)), np.zeros(len(levels))])

    (wheel,) = figures_of(features, x)

    assert isinstance(wheel, Wheel)
    assert wheel.period == period
    at = wheel(x)
    assert np.linalg.norm(at[:-1], axis=1) == pytest.approx(np.ones(len(levels)))
    assert at[-1] == pytest.approx([0, 0])  # a missing value
    near = np.linalg.norm(at[0] - at[1])
    assert near == pytest.approx(2 * np.sin(np.pi / period))


def test_other_names_are_not():
    features = [
        Feature(f"c = {v}", "c", "level")
        for v in ("marble", "sunny", "maybe", "mar", "jun")
    ]

    assert figures_of(features, np.eye(5)) == []


def test_coordinates_stand_behind_the_inputs():
    figures, x = seen(hour=np.arange(24.0), price=np.linspace(1, 2, 24))

    told = embedded(figures, x)

    assert told.shape == (24, 4)
    assert (told[:, :2] == x).all()
    assert embedded([], x) is x
