"""The pieces of a page: figures with their stand-ins, tables, sections.

A figure is drawn by its view where scripts run. Until then, and where they do not, it
shows a static drawing or nothing, its finding, and an open table of its numbers.
"""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from mapsto.errors import FileError
from mapsto.languages import Words


@dataclass
class Page:
    """The states that the views of a page draw, by their key, in order."""

    words: Words
    states: dict[str, Any] = field(default_factory=dict)

    def told(self, state: dict[str, Any], note: str) -> str:
        """What a picture shows, and how to read it."""
        return self.words.GAP.join([state["alt"], note])

    def figure(
        self,
        view: str,
        state: dict[str, Any],
        note: str = "",
        numbers: str = "",
        still: str = "",
        title: str = "",
    ) -> str:
        """A view with its note, the table of its numbers and a still drawing."""
        key = f"{view}-{len(self.states)}"
        self.states[key] = state
        head = f"<h3>{escape(title)}</h3>" if title else ""
        caption = f"<figcaption>{nowhere_broken(note)}</figcaption>" if note else ""
        details = ""
        if numbers:
            word = escape(self.words.REPORT["numbers"])
            details = f"<details open><summary>{word}</summary>{numbers}</details>"
        return (
            f'<figure>{head}<div class="view" data-view="{view}" data-state="{key}">'
            f"{still}</div>{caption}{details}</figure>"
        )


@dataclass(frozen=True)
class Sheet:
    """What a page says: its title, its subtitle, by which version it was made, and
    its sections."""

    title: str
    subtitle: str
    version: str
    body: str


def table(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], left: Sequence[int] = (0,)
) -> str:
    """Rows of cells; numbers to the right, the columns `left` to the left."""

    def cell(tag: str, k: int, text: Any) -> str:
        side = ' class="left"' if k in left else ""
        scope = ' scope="col"' if tag == "th" else ""
        return f"<{tag}{scope}{side}>{escape(str(text))}</{tag}>"

    head = "".join(cell("th", k, name) for k, name in enumerate(columns))
    body = "".join(
        "<tr>" + "".join(cell("td", k, v) for k, v in enumerate(row)) + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label='
        f'"{escape(", ".join(columns))}"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def section(anchor: str, title: str, *parts: str, sign: str = "") -> str:
    """A titled part of the page; empty where it has no parts. sign: "x", "f", "y"."""
    told = "".join(parts)
    if not told:
        return ""
    letter = f"<i>{sign}</i> — " if sign else ""
    return (
        f'<section aria-labelledby="{anchor}"><h2 id="{anchor}">{letter}'
        f"{escape(title)}</h2>{told}</section>"
    )


def paragraph(text: str, kind: str = "") -> str:
    name = f' class="{kind}"' if kind else ""
    return f"<p{name}>{nowhere_broken(text)}</p>" if text else ""


def nowhere_broken(text: str) -> str:
    """Escaped, and no line ends within "90 %" or "18 ± 2"."""
    bound = text.replace(" %", "\u00a0%").replace(" ± ", "\u00a0±\u00a0")
    return escape(bound)


def columns(*parts: str) -> str:
    """Side by side where there is room."""
    told = "".join(f"<div>{part}</div>" for part in parts if part)
    return f'<div class="columns">{told}</div>' if told else ""


@cache
def asset(name: str) -> bytes:
    """A built file of the views. Errors: FileError where the build left it out."""
    try:
        return files("mapsto.views").joinpath("static", name).read_bytes()
    except FileNotFoundError as error:
        raise FileError("file-missing", path=name) from error


def styles() -> str:
    """The colours, the page's own styles and the one font, inside the page."""
    font = base64.b64encode(asset("source-serif-4.woff2")).decode()
    face = (
        "@font-face{font-family:'Source Serif 4';font-weight:200 900;"
        "font-display:swap;src:url(data:font/woff2;base64,"
        f"{font}) format('woff2')}}"
    )
    return face + asset("tokens.css").decode() + asset("report.css").decode()


def script(words: Words, states: dict[str, Any]) -> str:
    """The views and what they show, ready to stand inside a page."""
    told = json.dumps(
        {"words": words.VIEWS, "states": states}, ensure_ascii=False, allow_nan=False
    )
    data = told.replace("<", "\\u003c")
    code = asset("views.js").decode().replace("</script", "<\\/script")
    return (
        f'<script type="application/json" id="mapsto-state">{data}</script>'
        f'<script type="module">{code}</script>'
    )
