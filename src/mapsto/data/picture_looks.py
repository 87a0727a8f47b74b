"""How pictures look as a whole, in numbers that people know: what may set a group of
them apart besides its patterns."""

from collections.abc import Iterable

import numpy as np

from mapsto.data.pictures import Picture, resized

LOOKS = ("brightness", "contrast", "redness", "greenness", "blueness")
PER_CENT = 100 / 255
THUMBNAIL = 40  # pixels


def looks(pictures: Iterable[Picture]) -> dict[str, np.ndarray]:
    """Each look of each picture: (n,), in per cent of full light.

    brightness: the mean; contrast: the standard deviation over places; redness,
    greenness, blueness: the colour's mean less that of the three. Grey pictures have
    the first two.
    """
    pictures = list(pictures)
    colour = any(p.pixels.shape[2] == 3 for p in pictures)
    told = np.array([_look(p.pixels, colour) for p in pictures])
    return {name: told[:, k] for k, name in enumerate(LOOKS[: told.shape[1]])}


def _look(pixels: np.ndarray, colour: bool) -> list[float]:
    light = pixels.astype(float) * PER_CENT
    grey = light.mean(axis=2)
    told = [float(grey.mean()), float(grey.std())]
    if not colour:
        return told
    means = np.broadcast_to(light.mean(axis=(0, 1)), 3)
    return [*told, *(means - means.mean()).tolist()]


def thumbnail(picture: Picture) -> np.ndarray:
    """uint8 (h, w, 1 or 3), the longer side at most THUMBNAIL."""
    tall, wide, _ = picture.pixels.shape
    scale = min(1.0, THUMBNAIL / max(tall, wide))
    return resized(
        picture.pixels, max(1, round(tall * scale)), max(1, round(wide * scale))
    )
