"""A part of the values, spread evenly over all of them."""

from collections.abc import Sequence

MOST = 2000


def spread(values: Sequence[str], most: int = MOST) -> Sequence[str]:
    """At most `most` of the values, from the whole length."""
    return values[:: max(1, -(-len(values) // most))]
