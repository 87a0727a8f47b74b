"""Pictures as they might also have been taken: moved, nearer, mirrored, in other light.

A network that is shown each picture in a new way in every epoch cannot learn it by
heart. Cutting a part out and stretching it to the whole is two products with matrices
of interpolation weights, one for the rows and one for the columns:

    changed = R · picture · Cᵀ,   R[i, j] = max(0, 1 - |place(i) - j|)
"""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp


@dataclass(frozen=True)
class Changes:
    """How much pictures are changed.

    `nearest`, `farthest`: the side of the part that is cut out, as a share of the
    picture's. `aspect`: how far it is stretched, as a factor. `light`: of brightness,
    contrast and colour. `hole`: the side of a square that is hidden, as a share.
    """

    nearest: float = 0.65
    farthest: float = 1.1
    aspect: float = 1.2
    light: float = 0.3
    hole: float = 0.35


def changed(key: Any, pictures: Any, mirror: Any, changes: Changes) -> Any:
    """pictures: (n, side, side, channels) around 0. `mirror`: the share of pictures
    that are mirrored, such as 0 or 0.5."""
    keys = jax.random.split(key, 3)
    moved = _moved(keys[0], pictures, mirror, changes)
    return _hidden(keys[2], _lit(keys[1], moved, changes), changes)


def _moved(key: Any, pictures: Any, mirror: Any, changes: Changes) -> Any:
    n, side = pictures.shape[:2]
    u = jax.random.uniform(key, (6, n))
    share = changes.nearest + (changes.farthest - changes.nearest) * u[0]
    stretch = changes.aspect ** (u[1] - 0.5)
    tall, wide = share * stretch, share / stretch
    rows = _weights(u[2], tall, jnp.zeros(n, bool), side)
    columns = _weights(u[3], wide, u[4] < mirror, side)
    half = jnp.einsum("nij,njkc->nikc", rows, pictures)
    return jnp.einsum("nlk,nikc->nilc", columns, half)


def _weights(where: Any, share: Any, turned: Any, side: int) -> Any:
    """(n, side, side): which places of the picture each place of the part is made of.
    `where` in (0, 1) puts the part between the picture's ends."""
    low = where * (1 - share)
    place = (jnp.arange(side) + 0.5) / side
    place = jnp.where(turned[:, None], 1 - place, place)
    source = (low[:, None] + share[:, None] * place) * side - 0.5
    source = jnp.clip(source, 0, side - 1)
    return jnp.maximum(0, 1 - jnp.abs(source[:, :, None] - jnp.arange(side)))


def _lit(key: Any, pictures: Any, changes: Changes) -> Any:
    n = len(pictures)
    u = 2 * changes.light * (jax.random.uniform(key, (3, n, 1, 1, 1)) - 0.5)
    grey = pictures.mean(axis=3, keepdims=True)
    mean = grey.mean(axis=(1, 2), keepdims=True)
    coloured = grey + (pictures - grey) * (1 + u[0])
    return mean + (coloured - mean) * (1 + u[1]) + u[2]


def _hidden(key: Any, pictures: Any, changes: Changes) -> Any:
    n, side = pictures.shape[:2]
    middle = jax.random.uniform(key, (2, n, 1)) * side
    near = jnp.abs(jnp.arange(side) + 0.5 - middle) < changes.hole * side / 2
    hole = near[0][:, :, None] & near[1][:, None, :]
    return jnp.where(hole[..., None], 0.0, pictures)
