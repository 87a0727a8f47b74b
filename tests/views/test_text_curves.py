"""`mapsto show` in a terminal: small curves beneath the story."""

import sys
from unicodedata import east_asian_width

import pytest

from mapsto import cli, sparks
from mapsto.views.text_curves import drawn


def width(line):
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in line)


@pytest.mark.parametrize(
    "name", ["town", "moons", "letters", "cubic", "composed", "wave"]
)
def test_no_line_is_longer_than_a_terminal(name, request):
    lines = drawn(request.getfixturevalue(name)).splitlines()

    assert len(lines) > 1
    assert max(map(width, lines)) <= 80


@pytest.mark.parametrize("name", ["groups", "hill", "dots", "flat", "wide"])
def test_where_there_is_no_curve(name, request):
    assert drawn(request.getfixturevalue(name)) == ""


def test_a_column_is_drawn_along_its_values(cubic):
    """y = x³ rises: so do the blocks."""
    line = drawn(cubic).splitlines()[1]

    blocks = [sparks.BLOCKS.index(c) for c in line if c in sparks.BLOCKS]
    assert "x0" in line
    assert len(blocks) == 24
    y = cubic.record["portrait"]["effects"][0]["y"][0]
    assert blocks[0] == round(7 * (y[0] - min(y)) / (max(y) - min(y)))


def test_levels_are_told_with_the_least_and_the_greatest(town):
    (line,) = (li for li in drawn(town).splitlines() if "school_district" in li)

    assert "north" in line or "south" in line or "west" in line


@pytest.mark.parametrize(("encoding", "shown"), [("utf-8", True), ("latin-1", False)])
def test_show_draws_where_it_can(encoding, shown, cubic, tmp_path, monkeypatch):
    """On a terminal that is not UTF-8 the story stands alone."""
    import io

    cubic.save(tmp_path / "cubic.mapsto")
    bytes_ = io.BytesIO()
    screen = io.TextIOWrapper(bytes_, encoding, errors="replace")
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(sys, "argv", ["mapsto", "show", str(tmp_path / "cubic.mapsto")])
    with pytest.raises(SystemExit) as end:
        cli.main()
    screen.flush()

    told = bytes_.getvalue().decode(encoding)
    assert end.value.code == 0
    assert ("What each column does" in told) is shown
    assert any(block in told for block in sparks.BLOCKS) is shown
