"""Small drawings as SVG text: what a page shows where nothing can be computed.

They take their colours from the CSS variables of a report and have their own where
there are none (a notebook), and carry their finding as the text alternative.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from math import isfinite, log
from typing import Any

from mapsto import figures

INK = "var(--ink, currentColor)"
QUIET = "var(--ink-2, currentColor)"
FUNCTION = "var(--function, #c8442f)"
RULE = "var(--rule-2, #b8b4aa)"
HUES = (
    "var(--a, #2f5d8a)",
    "var(--b, #b9751c)",
    "var(--valid, #27766f)",
    FUNCTION,
    QUIET,
)
FONT = "12.5px system-ui, sans-serif"
LEFT, ROW = 132, 26


def svg(width: int, height: int, alt: str, parts: Sequence[str]) -> str:
    """The frame of a drawing."""
    return (
        f'<svg role="img" aria-label="{escape(alt)}" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" style="max-width:100%;height:auto;'
        f'font:{FONT}">{"".join(parts)}</svg>'
    )


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows of cells as HTML, their names above; the styles keep the columns apart in
    notebooks that do not do it themselves."""
    style = 'style="padding: 2px 12px 2px 0; text-align: left"'

    def line(tag: str, cells: Iterable[Any]) -> str:
        told = (f"<{tag} {style}>{escape(str(cell))}</{tag}>" for cell in cells)
        return f"<tr>{''.join(told)}</tr>"

    body = "".join(line("td", row.values()) for row in rows)
    head = line("th", rows[0]) if rows else ""
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"


def rungs(rows: Sequence[Mapping[str, Any]], alt: str, width: int = 460) -> str:
    """A dot with its error per row. rows: {label, score, error, told, best}.

    The axis is logarithmic where the scores span more than a factor of three.
    """
    low = min(r["score"] - r["error"] for r in rows)
    high = max(r["score"] + r["error"] for r in rows)
    bent = low > 0 and high / low > 3
    right = width - 130

    def x(value: float) -> float:
        a, b, v = low, high, max(value, low)
        if bent:
            a, b, v = log(a), log(b), log(v)
        return LEFT + 8 + (right - LEFT - 8) * ((v - a) / (b - a) if b > a else 0.5)

    parts = []
    for k, row in enumerate(rows):
        y, best = ROW * k + 16, row["best"]
        colour = FUNCTION if best else INK
        ends = x(row["score"] - row["error"]), x(row["score"] + row["error"])
        weight = "700" if best else "400"
        parts += [
            _text(0, y, row["label"], weight=weight),
            f'<line x1="{LEFT}" x2="{right}" y1="{y}" y2="{y}" stroke="{RULE}" '
            'stroke-width="0.5"/>',
            f'<line x1="{ends[0]:.1f}" x2="{ends[1]:.1f}" y1="{y}" y2="{y}" '
            f'stroke="{colour}" stroke-width="2"/>',
            f'<circle cx="{x(row["score"]):.1f}" cy="{y}" r="{5 if best else 4}" '
            f'fill="{colour}"/>',
            _text(right + 10, y, row["told"], weight=weight),
        ]
    return svg(width, ROW * len(rows) + 8, alt, parts)


def curve(
    x: Sequence[float],
    y: Sequence[float],
    low: Sequence[float] | None,
    high: Sequence[float] | None,
    alt: str,
    width: int = 460,
    height: int = 200,
) -> str:
    """A line with its band; the ends of both axes are told."""
    every = [v for v in [*y, *(low or []), *(high or [])] if isfinite(v)]
    bottom, top = min(every), max(every)
    ends = (min(x), max(x))

    def place(a: float, b: float) -> str:
        across = (a - ends[0]) / ((ends[1] - ends[0]) or 1)
        up = (b - bottom) / ((top - bottom) or 1)
        return (
            f"{60 + across * (width - 70):.1f},{height - 28 - up * (height - 42):.1f}"
        )

    parts = []
    if low is not None and high is not None:
        edge = [place(a, b) for a, b in zip(x, high, strict=True)]
        edge += [place(a, b) for a, b in zip(x, low, strict=True)][::-1]
        parts.append(
            f'<polygon points="{" ".join(edge)}" fill="{FUNCTION}" opacity="0.14"/>'
        )
    line = " ".join(place(a, b) for a, b in zip(x, y, strict=True))
    parts += [
        f'<polyline points="{line}" fill="none" stroke="{FUNCTION}" stroke-width="2"/>',
        _text(0, height - 28, figures.plain(bottom, 3), quiet=True),
        _text(0, 14, figures.plain(top, 3), quiet=True),
        _text(60, height - 8, figures.plain(ends[0], 3), quiet=True),
        _text(width - 10, height - 8, figures.plain(ends[1], 3), True, "end"),
    ]
    return svg(width, height, alt, parts)


def heaps(
    x: Sequence[float],
    y: Sequence[float],
    group: Sequence[int],
    alt: str,
    width: int = 460,
    height: int = 320,
) -> str:
    """A dot per row in its group's colour, and each group's number (from 1)."""
    ends = [(min(v), (max(v) - min(v)) or 1) for v in (x, y)]

    def place(a: float, b: float) -> tuple[float, float]:
        across, up = (
            (v - low) / size for v, (low, size) in zip((a, b), ends, strict=True)
        )
        return 12 + across * (width - 24), height - 12 - up * (height - 24)

    parts = []
    for g in sorted(set(group)):
        own = [place(a, b) for a, b, k in zip(x, y, group, strict=True) if k == g]
        colour = HUES[(g - 1) % len(HUES)]
        dots = "".join(f"M{a:.1f} {b:.1f}h0" for a, b in own)
        parts.append(
            f'<path d="{dots}" stroke="{colour}" stroke-width="5" '
            'stroke-linecap="round" opacity="0.75"/>'
        )
        middle = [sorted(v)[len(own) // 2] for v in zip(*own, strict=True)]
        parts.append(_text(middle[0], middle[1], str(g), anchor="middle", weight="700"))
    return svg(width, height, alt, parts)


def bars(rows: Sequence[Mapping[str, Any]], alt: str, width: int = 460) -> str:
    """A bar per row. rows: {label, rise, told}."""
    most = max([r["rise"] for r in rows] + [1e-300])
    parts = []
    for k, row in enumerate(rows):
        y = ROW * k + 14
        long = max(row["rise"], 0.0) / most * (width - LEFT - 120)
        parts += [
            _text(0, y, row["label"]),
            f'<rect x="{LEFT}" y="{y - 6}" width="{long:.1f}" height="12" '
            f'fill="{FUNCTION}" opacity="0.75"/>',
            _text(LEFT + long + 8, y, row["told"], quiet=True),
        ]
    return svg(width, ROW * len(rows) + 4, alt, parts)


def _text(
    x: float,
    y: float,
    text: str,
    quiet: bool = False,
    anchor: str = "start",
    weight: str = "400",
) -> str:
    told = text if len(text) <= 18 else f"{text[:17]}…"
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" dy="0.35em" text-anchor="{anchor}" '
        f'font-weight="{weight}" fill="{QUIET if quiet else INK}">{escape(told)}</text>'
    )
