"""What families see of a picture, against plain NumPy."""

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from drawn import drawings

from mapsto.data.encoding import Plan, fit_encoding
from mapsto.data.table import Column

SIDE = 24
PICTURE = Column("photo", "picture", parse={"side": SIDE, "channels": 3})
AREA = Column("area", "number", low=0.0, high=1.0)


@pytest.fixture(scope="module")
def t():
    """A number, then a picture: (80, 1 + 24·24·3)."""
    pictures, _ = drawings(("disc", "square"), 40)
    number = np.linspace(0, 1, 80)[:, None]
    return np.concatenate([number, pictures.reshape(80, -1)], axis=1).astype(float)


@pytest.fixture(scope="module")
def encoded(t):
    """The encoding and x for each look."""

    @cache
    def found(look):
        columns, plan = (AREA, PICTURE), Plan(pictures=look)
        return fit_encoding(columns, t, np.zeros(80), np.ones(80), plan, 0)

    return found


@pytest.mark.parametrize("look", ["areas", "patches", "pixels"])
def test_numpy_and_jax_see_the_same(t, encoded, look):
    encoding, x = encoded(look)
    with jax.enable_x64(True):
        traced = np.asarray(jax.jit(encoding)(jnp.asarray(t[:9])))

    assert x.shape == (80, len(encoding.features))
    assert np.allclose(traced, x[:9], atol=2e-4)


def test_areas_are_the_mean_colours_of_the_parts(t, encoded):
    encoding, x = encoded("areas")
    first = encoding.features[1]
    red = t[:, 1:].reshape(80, SIDE, SIDE, 3)[:, :3, :3, 0].mean(axis=(1, 2))

    assert first.name == "photo: red in row 1, column 1 of 8"
    assert len(encoding.features) == 1 + 8 * 8 * 3
    assert np.allclose(x[:, 1] * first.scale + first.center, red, atol=1e-4)


def test_pixels_are_float32_and_centred_by_colour(encoded):
    encoding, x = encoded("pixels")
    pixels = x[:, 1:]

    assert {f.role for f in encoding.features[1:]} == {"pixel"}
    assert abs(pixels.reshape(-1, 3).mean(axis=0)).max() < 1e-4
    assert pixels.std() == pytest.approx(1, abs=0.1)


def test_without_a_plan_pictures_are_not_seen(encoded):
    encoding, _ = encoded("")
    assert [f.column for f in encoding.features] == ["area"]


def test_patterns_do_not_change_with_brightness_and_contrast(t, encoded):
    """Each patch's own brightness and contrast are taken away."""
    encoding, x = encoded("patches")
    darker = t.copy()
    darker[:, 1:] = 0.6 * t[:, 1:] + 20
    moved = np.linalg.norm(encoding(darker) - x, axis=1).mean()

    assert moved < 0.35 * np.linalg.norm(x - x.mean(axis=0), axis=1).mean()


def test_patterns_are_the_same_in_parts_and_whole(t, encoded):
    encoding, _ = encoded("patches")
    assert np.allclose(
        encoding(t)[70:], encoding(t[70:]), atol=1e-6
    )  # chunks of 64 rows
