"""Independent pieces of work, side by side.

Folds are independent, so each runs on one thread of its own: its numbers do not
depend on how many cores there are, and small products do not wait at barriers.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

Item = TypeVar("Item")
Middle = TypeVar("Middle")
Result = TypeVar("Result")


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def one_thread_each() -> Any:
    """A context in which BLAS and OpenMP use one thread per caller.

    On a busy machine their threads would wait for each other in loops, and a fit
    would take many times as long.
    """
    return threadpool_limits(1)


def side_by_side(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """[work(item) for item in items], as many at once as there are cores.

    The first error, in the order of the items, is raised when all have ended. A single
    item is worked on at once, by the caller: a thread would only be waited for.
    """
    every = list(items)
    if len(every) == 1:
        return [work(every[0])]
    with ThreadPoolExecutor(cores()) as pool:
        return [future.result() for future in [pool.submit(work, i) for i in every]]


def in_two_strides(
    first: Callable[[Item], Middle],
    then: Callable[[Middle], Result],
    items: Iterable[Item],
) -> list[Result]:
    """[then(first(item)) for item in items], side by side, every second stride behind
    the first ones that wait: shorter pieces leave fewer cores without work at the end.
    """
    all_wait = Event()
    with ThreadPoolExecutor(cores()) as pool:

        def begun(item: Item) -> Future[Result]:
            all_wait.wait()  # else a quick one would let its second stride in before
            return pool.submit(then, first(item))

        try:
            begins = [pool.submit(begun, item) for item in items]
        finally:
            all_wait.set()
        return [begin.result().result() for begin in begins]
