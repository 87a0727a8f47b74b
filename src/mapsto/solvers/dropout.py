"""Random bits that cost next to nothing, and the neurons that they leave out."""

from typing import NamedTuple

import jax
import jax.numpy as jnp


class Noise(NamedTuple):
    """What makes a step random: bits of its own per member, and the share dropped."""

    bits: jax.Array  # uint32 (members,)
    share: jax.Array  # (members, 1, 1)


def scrambled(bits: jax.Array) -> jax.Array:
    """A small integer hash, uint32 -> uint32 (murmur3's finaliser)."""
    bits = (bits ^ (bits >> 16)) * jnp.uint32(0x85EBCA6B)
    bits = (bits ^ (bits >> 13)) * jnp.uint32(0xC2B2AE35)
    return bits ^ (bits >> 16)


def dropout(noise: Noise, h: jax.Array, layer: int) -> jax.Array:
    """h with a random share of its entries zero, and the others scaled up.

    h: (members, rows, width). The random number of an entry is the product of an odd
    random number of its row and one of its column: one multiplication per entry,
    where a generator would need dozens. Its high bits are compared with the share.
    """
    _, rows, width = h.shape
    row = _odd(noise.bits + jnp.uint32(2 * layer + 1), rows)[:, :, None]
    column = _odd(noise.bits + jnp.uint32(2 * layer + 2), width)[:, None, :]
    bound = (noise.share * 2.0**32).astype(jnp.uint32)
    return jnp.where(row * column >= bound, h * (1 / (1 - noise.share)), 0.0)


def _odd(bits: jax.Array, count: int) -> jax.Array:
    """(members,) -> `count` odd random numbers for each, (members, count)."""
    place = jnp.arange(count, dtype=jnp.uint32)
    return scrambled(scrambled(bits)[:, None] + place) | 1
