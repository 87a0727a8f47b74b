"""A pytree of arrays as one flat vector per member, and back.

One flat vector makes the optimiser one fused operation instead of one per array,
which is most of what there is to compile.
"""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np


@dataclass(frozen=True)
class Layout:
    """How a pytree of arrays (members, ...) lies in one matrix (members, size)."""

    tree: Any
    shapes: tuple[tuple[int, ...], ...]

    @staticmethod
    def of(parameters: Any) -> "Layout":
        leaves, tree = jax.tree.flatten(parameters)
        return Layout(tree, tuple(leaf.shape[1:] for leaf in leaves))

    @property
    def sizes(self) -> list[int]:
        return [int(np.prod(shape)) for shape in self.shapes]

    def split(self, flat: Any) -> Any:
        """(members, size) -> the pytree."""
        ends = np.cumsum(self.sizes)
        parts = [
            flat[:, end - size : end].reshape(-1, *shape)
            for end, size, shape in zip(ends, self.sizes, self.shapes, strict=True)
        ]
        return jax.tree.unflatten(self.tree, parts)

    def join(self, parameters: Any) -> jax.Array:
        """The pytree -> (members, size)."""
        leaves = jax.tree.leaves(parameters)
        return jnp.concatenate([a.reshape(a.shape[0], -1) for a in leaves], axis=1)

    def spread(self, values: Any) -> np.ndarray:
        """One number per array, in a pytree like the parameters -> (size,)."""
        numbers = np.asarray(jax.tree.leaves(values), np.float32)
        return np.repeat(numbers, self.sizes)
