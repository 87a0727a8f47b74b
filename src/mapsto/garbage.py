"""Python's collector of reference cycles, told what it need not look at.

Every so often it walks through all containers there are. The modules of JAX and
scikit-learn are a million of them, none of which is ever garbage.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_resting() -> Iterator[None]:
    """A context in which nothing is collected: for imports, which leave no garbage."""
    awake = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if awake:
            gc.enable()


@contextmanager
def collector_of_the_new() -> Iterator[None]:
    """A context in which only what is made in it is collected.

    Afterwards everything is looked at again. Where somebody else has set objects
    aside (`gc.freeze`), or a fit beside this one has, it does nothing.
    """
    if gc.get_freeze_count():
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
