"""`mapsto.report`: one self-contained page that shows what a .mapsto file holds.

A fitted model, groups, or an approximation; the answer first. Made from it alone.
"""

import os
from html import escape
from pathlib import Path
from typing import Any

from mapsto.approximation.result import Approximation
from mapsto.graph.archive import check_writable
from mapsto.groups import Groups
from mapsto.languages import Words, words_of
from mapsto.views import approximated, fitted, grouped
from mapsto.views.page import Page, Sheet, script, styles

HTML_LANGUAGES = {"en": "en", "zh": "zh-Hans"}


def report(model: Any, path: Any, language: str = "en") -> Path:
    """Write one HTML page that shows a model, groups or an approximation, and give
    back its path.

    The page opens from disk, needs no network, follows the reader's light or dark
    theme and prints. language: "en" or "zh".

    Errors: OptionError (an unknown language, or nothing of mapsto's), FileError (the
    path cannot be written, or the model was saved by a version that kept nothing to
    draw).
    """
    page = html(model, language)
    check_writable(path)
    target = Path(os.fspath(path))
    part = target.with_name(f".{target.name}.part")
    part.write_text(page, "utf-8")
    part.replace(target)
    return target


def html(model: Any, language: str = "en") -> str:
    """The page as text."""
    words = words_of(language)
    page = Page(words)
    sheet = _sheet(model, page, language)
    return (
        f'<!doctype html><html lang="{HTML_LANGUAGES[language]}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="generator" content="mapsto {escape(sheet.version)}">'
        f"<title>{escape(sheet.title)} · mapsto</title>"
        f"<style>{styles()}</style></head>"
        f'<body class="mapsto"><a class="skip" href="#f">{words.REPORT["skip"]}</a>'
        f"{_head(sheet, words)}<main>{sheet.body}</main>"
        f"{_foot(sheet, words)}{script(words, page.states)}</body></html>"
    )


def _sheet(found: Any, page: Page, language: str) -> Sheet:
    if isinstance(found, Groups):
        return grouped.sheet(found, page)
    if isinstance(found, Approximation):
        return approximated.sheet(found, page)
    return fitted.sheet(found, page, language)


def _head(sheet: Sheet, words: Words) -> str:
    return (
        '<header><span class="mark" aria-hidden="true">x<b>↦</b>y</span>'
        f"<h1>{escape(sheet.title)}</h1><p>{escape(sheet.subtitle)}</p>"
        '<button type="button" id="mapsto-theme" aria-label='
        f'"{words.REPORT["theme"]}" hidden>◐</button></header>'
    )


def _foot(sheet: Sheet, words: Words) -> str:
    told = words.REPORT["footer"].format(version=sheet.version)
    return f"<footer>{escape(told)}</footer>"
