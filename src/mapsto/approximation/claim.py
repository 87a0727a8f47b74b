"""What a proof claims of a network, and how it ends."""

import hashlib
import math
from dataclasses import dataclass

from mapsto.approximation.network import Network
from mapsto.expression import Node


@dataclass(frozen=True)
class Claim:
    """|f - N| ≤ bound (times |f| if relative) on the box [low, high].

    names: of the inputs, in the network's order. low, high: an end for each.
    """

    tree: Node
    network: Network
    names: tuple[str, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    bound: float
    relative: bool


@dataclass(frozen=True)
class Verdict:
    """`cells` that prove the claim; or where it is `refuted`; or neither."""

    cells: tuple[float, ...] | str = ()
    refuted: tuple[float, ...] | None = None
    problem: str = ""
    stopped: bool = False

    @property
    def proved(self) -> bool:
        return bool(self.cells)


def digest(network: Network) -> str:
    """The name of a network: a hash of its activation and of every weight."""
    told = hashlib.sha256(network.activation.encode())
    for array in network.arrays():
        told.update(f"{array.dtype.str}{array.shape}".encode())
        told.update(array.tobytes())
    return told.hexdigest()


def precision(claim: Claim) -> int:
    """Enough that the cancellation in e leaves 30 good bits."""
    size = sum(float(abs(w).sum()) for w in claim.network.arrays())
    return int(min(90 + max(0.0, math.log2(size / claim.bound)), 400))
