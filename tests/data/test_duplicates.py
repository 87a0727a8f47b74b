"""Near-duplicates are found, and pictures that only look alike are not."""

import io

import numpy as np
from drawn import photograph
from PIL import Image

from mapsto.data.duplicates import near_duplicates


def as_jpeg(picture):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=60)
    return np.asarray(Image.open(file))


def as_smaller(picture):
    small = Image.fromarray(picture).resize((40, 40))
    return np.asarray(small.resize(picture.shape[:2]))


def as_lighter(picture):
    return np.clip(picture * 0.8 + 40, 0, 255).astype(np.uint8)


def test_the_same_photograph_again_is_found():
    rng = np.random.default_rng(0)
    photographs = [photograph(rng) for _ in range(8)]
    first = photographs[0]
    again = [
        first,
        as_jpeg(first),
        as_smaller(first),
        as_lighter(first),
        first[:, ::-1],
    ]
    groups = near_duplicates(np.stack([*photographs, *again]))

    assert (groups[8:] == groups[0]).all()
    assert len(set(groups[:8])) == 8


def test_drawings_and_plain_pictures_are_their_own():
    """Plain pictures have no marks; only identical ones belong together."""
    plain = np.stack([np.full((64, 64, 3), v, np.uint8) for v in (10, 11, 11, 200)])
    groups = near_duplicates(plain)

    assert groups[1] == groups[2]
    assert len(set(groups)) == 3


def test_small_pictures_must_be_nearly_equal():
    rng = np.random.default_rng(1)
    small = rng.integers(0, 17, (200, 8, 8, 1)).astype(np.uint8)
    small[7] = small[3]
    groups = near_duplicates(small)

    assert groups[7] == groups[3]
    assert len(set(groups)) == 199
