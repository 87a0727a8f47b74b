"""Ctrl-C once asks to stop; twice aborts."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

from mapsto import catalogue
from mapsto.events import Watch

STDERR = 2
ABORTED = 130


class Ears:
    """A handler of SIGINT: the first stops every watch, the second raises.

    The first may come before there is a watch: whoever joins later hears of it.
    """

    def __init__(self, says: str = ""):
        self.says = says
        self.heard = False
        self.watches: list[Watch] = []

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.heard:
            raise KeyboardInterrupt
        self.heard = True
        for watch in self.watches:
            watch.stop()
        if self.says:
            # print() must not be called again while it is at work; this may.
            with suppress(OSError):
                os.write(STDERR, f"\n{self.says}\n".encode())

    def join(self, watch: Watch) -> None:
        """Let the watch hear the wish to stop, also one that came before."""
        self.watches.append(watch)
        if self.heard:
            watch.stop()


def listen() -> None:
    """From now on the first Ctrl-C is a wish: for a program of our own."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, Ears(catalogue.NOTICES["stopping"]))


def at_once() -> None:
    """End of `listen`: Ctrl-C aborts, and so does one that came before."""
    ears = signal.getsignal(signal.SIGINT)
    if isinstance(ears, Ears):
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if ears.heard:
            raise KeyboardInterrupt


def abort() -> NoReturn:
    """End the program now: a thread that is still at work is not waited for."""
    sys.stdout.flush()
    print("mapsto: aborted", file=sys.stderr, flush=True)
    os._exit(ABORTED)


@contextmanager
def interruptible(watch: Watch) -> Iterator[None]:
    """While inside, the first SIGINT stops the watch and the second one raises.

    Only the main thread can handle signals; in others this does nothing, and neither
    where SIGINT is ignored, as in a shell's background jobs.
    """
    before = signal.getsignal(signal.SIGINT)
    main = threading.current_thread() is threading.main_thread()
    if not main or before in (None, signal.SIG_IGN):
        yield
    elif isinstance(before, Ears):
        before.join(watch)
        yield
    else:
        ears = Ears()
        ears.join(watch)
        signal.signal(signal.SIGINT, ears)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
