"""Pictures that tests draw: discs and squares, stripes, noise, and broken files."""

from pathlib import Path

import numpy as np
from PIL import Image


def drawing(kind: str, rng: np.random.Generator, side: int = 24) -> np.ndarray:
    """uint8 (side, side, 3): a "disc", a "square" or "stripes" somewhere, in some
    colour on another."""
    rows, columns = np.mgrid[:side, :side] + 0.5
    middle = rng.uniform(0.35, 0.65, 2) * side
    reach = rng.uniform(0.2, 0.3) * side
    down, across = rows - middle[0], columns - middle[1]
    if kind == "disc":
        inside = np.hypot(down, across) < reach
    elif kind == "square":
        inside = np.maximum(abs(down), abs(across)) < reach * 0.9
    else:
        inside = (rows + rng.uniform(0, 6)) % 6 < 3
    dark, light = rng.uniform(20, 110, 3), rng.uniform(140, 235, 3)
    picture = np.where(inside[..., None], light, dark)
    return np.clip(picture + rng.normal(0, 6, picture.shape), 0, 255).astype(np.uint8)


def drawings(
    kinds: tuple[str, ...], each: int, seed: int = 0, side: int = 24
) -> tuple[np.ndarray, np.ndarray]:
    """(n, side, side, 3) and the kind of each, in turn."""
    rng = np.random.default_rng(seed)
    names = np.array(list(kinds) * each)
    return np.stack([drawing(name, rng, side) for name in names]), names


def saved(folder: Path, pictures: np.ndarray, names: np.ndarray) -> Path:
    """A folder of PNG files for each name."""
    for k, (picture, name) in enumerate(zip(pictures, names, strict=True)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(folder / name / f"{k:03}.png")
    return folder


def photograph(rng: np.random.Generator, side: int = 64) -> np.ndarray:
    """uint8 (side, side, 3): smooth heaps of light, as a photograph has."""
    coarse = rng.uniform(0, 255, (6, 6, 3)).astype(np.uint8)
    size = (side, side)
    return np.asarray(Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC))
