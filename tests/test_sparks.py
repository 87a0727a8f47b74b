"""Small curves as text."""

import io
from types import SimpleNamespace
from unicodedata import east_asian_width

import pytest

from mapsto import sparks


def test_blocks_rise_with_the_values():
    assert sparks.bars([0, 1, 2, 3, 4, 5, 6, 7], 0, 7) == sparks.BLOCKS
    assert sparks.bars([1, float("nan"), 9], 0, 2)[1:] == " █"
    assert sparks.bars([3, 3], 3, 3) == "▁▁"


def test_a_curve_is_read_at_even_places():
    x, y = [0.0, 1.0, 4.0], [0.0, 2.0, 8.0]

    assert sparks.resampled(x, y, 5) == pytest.approx([0, 2, 4, 6, 8])
    assert sparks.resampled([2.0], [5.0], 3) == [5.0, 5.0, 5.0]


def test_a_plot_has_a_dot_for_each_value():
    """A rising line goes from the lower left to the upper right."""
    lines = sparks.plot(list(range(8)), height=2)

    assert [len(line) for line in lines] == [4, 4]
    dots = sum((ord(c) - sparks.BRAILLE).bit_count() for line in lines for c in line)
    assert dots == 8
    assert ord(lines[1][0]) - sparks.BRAILLE == 0x40 | 0x20
    assert ord(lines[0][3]) - sparks.BRAILLE == 0x02 | 0x08
    assert ord(lines[0][0]) == sparks.BRAILLE


def test_a_constant_lies_in_the_middle():
    lines = sparks.plot([2.0] * 6, height=3)

    assert {ord(c) for c in lines[0] + lines[2]} == {sparks.BRAILLE}
    assert all(ord(c) > sparks.BRAILLE for c in lines[1])


@pytest.mark.parametrize(
    "text", ["", "area", "一个非常长的列名字", "a" * 40, "长a长a长a"]
)
def test_a_cell_takes_its_room(text):
    for room in range(2, 12):
        told = sparks.cell(text, room)
        assert sum(2 if east_asian_width(c) in "WF" else 1 for c in told) == room


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", True), ("UTF8", True), ("latin-1", False), ("ascii", False)],
)
def test_only_what_arrives_is_drawn(encoding, shown):
    assert sparks.can_show(SimpleNamespace(encoding=encoding)) is shown
    assert not sparks.can_show(io.StringIO())
