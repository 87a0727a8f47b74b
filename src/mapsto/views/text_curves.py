"""What `mapsto show` draws in a terminal: the function along its columns, an
approximation and its error."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from mapsto import figures, sparks
from mapsto.approximation.result import Approximation
from mapsto.groups import Groups
from mapsto.languages import words_of
from mapsto.views import findings
from mapsto.words import wrapped

Record = Mapping[str, Any]
WORDS = words_of("en")
WIDTH = 80
NAME, CURVE, PLACE = 20, 24, 11  # of a name, a curve, and the value where it begins
ALONG = ("number", "date")
MOST_COLUMNS = 9


def drawn(found: Any) -> str:
    """The curves as lines of at most 80 letters; "" where there is nothing to draw."""
    if isinstance(found, Approximation):
        return _errors(found)
    if isinstance(found, Groups):
        return ""
    portrait = found.record.get("portrait")
    return _columns(found.record, portrait) if portrait else ""


def _columns(record: Record, portrait: Record) -> str:
    """A line for each column, all on the same scale: the mean prediction along it."""
    effects = portrait["effects"][:MOST_COLUMNS]
    if not effects:
        return ""
    every = [v for one in effects for v in one["y"][0]]
    low, high = min(every), max(every)
    if high - low <= findings.FLAT * max(1.0, abs(high)):
        return ""
    what = record["target"]
    if record["task"] == "classification":
        what = WORDS.REPORT["probability"].format(label=portrait["shown"][0])
    ends = " to ".join(_height(v, record) for v in (low, high))
    lines = [_line(one, low, high, record) for one in effects]
    head = wrapped(WORDS.REPORT["text-curves"].format(what=what, ends=ends), "  ")
    return "\n".join([head, *lines])


def _line(one: Record, low: float, high: float, record: Record) -> str:
    head, y = f"  {sparks.cell(one['column'], NAME)} ", one["y"][0]
    if one["kind"] in ALONG:
        start, end = (findings.place(one["x"][k], one["kind"]) for k in (0, -1))
        if len(y) < 2:
            return f"{head}{start.rjust(PLACE)} {sparks.bars(y, low, high)}"
        bars = sparks.bars(sparks.resampled(one["x"], y, CURVE), low, high)
        return f"{head}{start.rjust(PLACE)} {bars} {end}"
    bars = sparks.bars(y, low, high)
    head += f"{' ' * PLACE} {bars}  "
    ends = list(dict.fromkeys((int(np.argmin(y)), int(np.argmax(y)))))
    heights = [_height(y[k], record) for k in ends]
    room = WIDTH - len(head) - sum(map(len, heights)) - 3
    names = [one["x"][k] or WORDS.LEVELS["missing"] for k in ends]
    told = [
        f"{sparks.cell(name, room // len(ends)).rstrip()} {height}"
        for name, height in zip(names, heights, strict=True)
    ]
    return head + ", ".join(told)


def _height(value: float, record: Record) -> str:
    return findings.height(value, record["task"])


def _errors(made: Approximation) -> str:
    """The network and its error along the only input."""
    if len(made.names) > 1:
        return ""
    x = np.array(made.samples["x"], float)[:, 0]
    order = np.argsort(x, kind="stable")
    ends = (f"{made.names[0]} = {made.low[0]:g}", f"{made.high[0]:g}")
    parts = []
    for title, values in (("text-network", "network"), ("text-error", "error")):
        y = np.array(made.samples[values], float)[order]
        curve = sparks.resampled(x[order].tolist(), y.tolist(), 2 * sparks.WIDE)
        sides = (_side(y.max()), _side(y.min()))
        told = sparks.framed(curve, ends, sides)
        parts.append("\n".join([WORDS.REPORT[title], *(f"  {line}" for line in told)]))
    return "\n\n".join(parts)


def _side(value: float) -> str:
    return figures.plain(float(value), 3)
