"""Independent pieces of work, side by side.

Folds are independent, so each runs on one thread of its own, and its numbers do not
depend on how many threads there are.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def side_by_side(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """[work(item) for item in items], as many at once as there are cores.

    The first error, in the order of the items, is raised when all have ended.
    """
    with ThreadPoolExecutor(cores()) as pool:
        return [future.result() for future in [pool.submit(work, i) for i in items]]
