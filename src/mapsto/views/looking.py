"""The pictures that a model keeps: told worst and best, and where it looked."""

from collections.abc import Mapping
from html import escape
from typing import Any

from mapsto.views import image_states
from mapsto.views.page import Page, paragraph, section

Record = Mapping[str, Any]


def looking(page: Page, record: Record) -> str:
    """The section of them; empty where the model does not look at pictures."""
    told, words = record["portrait"].get("pictures"), page.words
    if not told:
        return ""
    parts = [paragraph(words.REPORT[_note(record)], "hint")]
    for title, which in (("worst", "worst"), ("closest", "best")):
        drawn = "".join(_figure(page, record, one) for one in told[which])
        if drawn:
            parts.append(f"<h3>{escape(words.REPORT[title])}</h3>")
            parts.append(f'<div class="pictures">{drawn}</div>')
    parts.append(paragraph(words.REPORT["pictures-kept"], "hint"))
    return section("pictures", words.REPORT["pictures"], *parts)


def _figure(page: Page, record: Record, one: Record) -> str:
    state = image_states.kept(record, one, page.words) | {"small": True}
    title = page.words.VIEWS["view-row"].format(row=one["row"])
    return page.figure(
        "ImageProb", state, state["alt"], still=still(state), title=title
    )


def best(page: Page, record: Record) -> str:
    """The picture that is told best, with where the function looked."""
    state = image_states.kept(
        record, record["portrait"]["pictures"]["best"][0], page.words
    )
    note = page.told(state, page.words.REPORT[_note(record)])
    return page.figure("ImageProb", state, note, still=still(state))


def _note(record: Record) -> str:
    return "pictures-note" if record["classes"] else "pictures-note-quantity"


def still(state: Record) -> str:
    """The picture for readers without scripts; its finding stands below it."""
    return f'<img src="{state["picture"]}" width="150" height="150" alt="">'
