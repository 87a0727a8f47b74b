"""The collector of reference cycles, out of the way and back again."""

import gc
import weakref
from importlib import import_module

import pytest

from mapsto.garbage import collector_of_the_new, collector_resting


class Knot:
    """Refers to itself, so that only the collector can free it."""

    def __init__(self):
        self.itself = self


@pytest.fixture(autouse=True)
def nothing_is_set_aside():
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_the_collector_rests_and_wakes_up_after_an_error():
    awake = []
    with pytest.raises(ImportError), collector_resting():
        awake.append(gc.isenabled()) or import_module("mapsto.nowhere")
    assert awake == [False]
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    try:
        with collector_resting():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_only_what_is_new_is_collected_and_later_everything():
    old = weakref.ref(Knot())
    with collector_of_the_new():
        new = weakref.ref(Knot())
        gc.collect()
        assert new() is None
        assert old() is not None
    gc.collect()
    assert old() is None


def test_what_others_have_set_aside_stays_set_aside():
    gc.freeze()
    with collector_of_the_new():
        assert gc.get_freeze_count() > 0
    assert gc.get_freeze_count() > 0
