"""`mapsto.report`: one self-contained page that shows a model.

The answer first, then the ladder, the function drawn, what each column does, the
network inside, what it gets wrong, how far to trust it, parameters and
hyperparameters apart, and how to have the same again. Made from the model alone.
"""

import os
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from mapsto import figures
from mapsto.graph.archive import check_writable
from mapsto.languages import Words, words_of
from mapsto.model import Model
from mapsto.views.composed import composed
from mapsto.views.drawable import record_of
from mapsto.views.inside import effects, ladder, network
from mapsto.views.judging import errors, trust
from mapsto.views.opening import opening
from mapsto.views.page import Page, script, styles
from mapsto.views.taking import again, parts
from mapsto.words import columns

Record = Mapping[str, Any]
HTML_LANGUAGES = {"en": "en", "zh": "zh-Hans"}


def report(model: Model, path: Any, language: str = "en") -> Path:
    """Write one HTML page that shows the model, and give back its path.

    The page opens from disk, needs no network, follows the reader's light or dark
    theme and prints. language: "en" or "zh".

    Errors: OptionError (an unknown language, or not a fitted model), FileError (the
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


def html(model: Model, language: str = "en") -> str:
    """The page as text."""
    words, record = words_of(language), record_of(model)
    page = Page(words)
    told = [
        opening(page, record, language),
        ladder(page, record),
        effects(page, record),
        composed(page, record),
        network(page, record),
        errors(page, record),
        trust(page, record),
        parts(page, record, model),
        again(page, record),
    ]
    body = "".join(told)
    return (
        f'<!doctype html><html lang="{HTML_LANGUAGES[language]}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="generator" content="mapsto {record["versions"]["mapsto"]}">'
        f"<title>{escape(record['target'])} · mapsto</title>"
        f"<style>{styles()}</style></head>"
        f'<body class="mapsto"><a class="skip" href="#f">{words.REPORT["skip"]}</a>'
        f"{_head(record, words)}<main>{body}</main>"
        f"{_foot(record, words)}{script(words, page.states)}</body></html>"
    )


# ── the head ──


def _head(record: Record, words: Words) -> str:
    subtitle = words.REPORT["subtitle"].format(
        columns=columns(record, words).strip(),
        rows=figures.count(record["rows"]),
    )
    return (
        '<header><span class="mark" aria-hidden="true">x<b>↦</b>y</span>'
        f"<h1>{escape(record['target'])}</h1><p>{escape(subtitle)}</p>"
        '<button type="button" id="mapsto-theme" aria-label='
        f'"{words.REPORT["theme"]}" hidden>◐</button></header>'
    )


def _foot(record: Record, words: Words) -> str:
    told = words.REPORT["footer"].format(version=record["versions"]["mapsto"])
    return f"<footer>{escape(told)}</footer>"
