"""Independent pieces of work, side by side."""

import threading

import pytest

from mapsto import threads
from mapsto.threads import in_two_strides, side_by_side


def test_results_stand_in_the_order_of_the_items():
    assert side_by_side(lambda n: n * n, range(5)) == [0, 1, 4, 9, 16]
    assert in_two_strides(lambda n: n + 1, lambda n: n * n, range(4)) == [1, 4, 9, 16]


def test_a_single_item_is_worked_on_by_the_caller():
    assert side_by_side(lambda _: threading.get_ident(), [0]) == [threading.get_ident()]
    assert side_by_side(abs, []) == []


def test_a_second_stride_waits_behind_the_first_ones(monkeypatch):
    monkeypatch.setattr(threads, "cores", lambda: 1)
    seen: list[str] = []

    def stride(name):
        return lambda item: seen.append(f"{name}{item}") or item

    in_two_strides(stride("a"), stride("b"), range(3))

    assert seen == ["a0", "a1", "a2", "b0", "b1", "b2"]


def test_strides_of_different_items_run_at_once(monkeypatch):
    """The second stride of the first item and the first of the last meet."""
    monkeypatch.setattr(threads, "cores", lambda: 2)
    both = threading.Barrier(2, timeout=30)

    def first(item):
        if item == 2:
            both.wait()
        return item

    def then(item):
        if item == 0:
            both.wait()
        return item

    assert in_two_strides(first, then, range(3)) == [0, 1, 2]


@pytest.mark.parametrize("stride", [0, 1])
def test_the_first_error_is_raised(stride):
    def fails(item):
        raise ValueError(f"item {item}")

    works = [lambda item: item, lambda item: item]
    works[stride] = fails

    with pytest.raises(ValueError, match="item 0"):
        in_two_strides(*works, range(3))
