"""Small curves as text, for a terminal: blocks and braille dots."""

from collections.abc import Sequence
from math import isfinite
from typing import Any, TextIO
from unicodedata import east_asian_width

BLOCKS = "▁▂▃▄▅▆▇█"
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a braille character's dots, four rows of two."""
BRAILLE = 0x2800
WIDE, HIGH = 60, 5


def can_show(stream: TextIO | Any) -> bool:
    """Does what is written there arrive as UTF-8?"""
    encoding = str(getattr(stream, "encoding", None) or "")
    return encoding.lower().replace("-", "").replace("_", "") in ("utf8", "utf8sig")


def bars(values: Sequence[float], low: float, high: float) -> str:
    """One block per value, from `low` to `high`; a blank where there is none."""
    span = (high - low) or 1.0
    last = len(BLOCKS) - 1
    return "".join(
        BLOCKS[max(0, min(last, round(last * (v - low) / span)))]
        if isfinite(v)
        else " "
        for v in values
    )


def cell(text: str, room: int) -> str:
    """A text that takes `room` columns, cut or filled; an ideograph takes two."""
    wide = [2 if east_asian_width(c) in "WF" else 1 for c in text]
    if sum(wide) <= room:
        return text + " " * (room - sum(wide))
    kept, used = "", 0
    for c, w in zip(text, wide, strict=True):
        if used + w > room - 1:
            break
        kept, used = kept + c, used + w
    return f"{kept}…{' ' * (room - 1 - used)}"


def resampled(x: Sequence[float], y: Sequence[float], count: int) -> list[float]:
    """y at `count` even places between the ends of x, which rises; straight between."""
    ends, found, k = (x[0], x[-1]), [], 0
    for i in range(count):
        at = ends[0] + (ends[1] - ends[0]) * i / max(count - 1, 1)
        while k + 2 < len(x) and x[k + 1] < at:
            k += 1
        wide = (x[k + 1] - x[k]) if k + 1 < len(x) else 0.0
        part = min(max((at - x[k]) / wide, 0.0), 1.0) if wide else 0.0
        nxt = y[k + 1] if k + 1 < len(y) else y[k]
        found.append(y[k] + part * (nxt - y[k]))
    return found


def plot(y: Sequence[float], height: int = HIGH) -> list[str]:
    """A curve as `height` lines of braille, two values of y to a character."""
    low, high = min(y), max(y)
    rows = 4 * height
    span = (high - low) or 1.0
    cells = [[0] * ((len(y) + 1) // 2) for _ in range(height)]
    before = None
    for i, value in enumerate(y):
        at = rows - 1 - round((rows - 1) * (value - low) / span)
        at = at if high > low else rows // 2
        # A steep curve is filled between two neighbours, so that it does not break.
        reach = range(at, at + 1)
        if before is not None and abs(at - before) > 1:
            middle = (at + before) // 2
            reach = range(min(at, middle), max(at, middle) + 1)
        for r in reach:
            cells[r // 4][i // 2] |= DOTS[r % 4][i % 2]
        before = at
    return ["".join(chr(BRAILLE + c) for c in line) for line in cells]


def framed(
    y: Sequence[float], ends: tuple[str, str], sides: tuple[str, str]
) -> list[str]:
    """A curve with its greatest and least value at the left, and the ends of x below.

    ends: of x; sides: the greatest and the least value, as text.
    """
    lines = plot(y)
    left = max(map(len, sides))
    labels = [sides[0], *[""] * (len(lines) - 2), sides[1]]
    wide = len(lines[0])
    told = [f"{n.rjust(left)} {line}" for n, line in zip(labels, lines, strict=True)]
    gap = " " * max(wide - len(ends[0]) - len(ends[1]), 1)
    return [*told, f"{' ' * left} {ends[0]}{gap}{ends[1]}"]
