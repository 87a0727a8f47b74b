"""The answer first: x, the data; f, the function; y, what it says."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from mapsto import figures
from mapsto.languages import Words, score, translated, verdict
from mapsto.views import findings, looking, states
from mapsto.views.curves import curve
from mapsto.views.page import Page, nowhere_broken, paragraph, section, table
from mapsto.words import sentences

Record = Mapping[str, Any]
MOST_COLUMNS_LISTED = 9


def opening(page: Page, record: Record, language: str) -> str:
    words = page.words
    answer = "".join(paragraph(told) for told in sentences(record, language))
    data = section("x", words.REPORT["x"], _data(page, record), sign="x")
    function = section("f", words.REPORT["f"], _main(page, record), sign="f")
    outcome = section(
        "y", words.REPORT["y"], _big(record, words), answer, verdicts(record, words),
        sign="y",
    )  # fmt: skip
    return f'<div class="opening">{data}{function}{outcome}</div>'


def _data(page: Page, record: Record) -> str:
    words, told = page.words, []
    if "target" in record["portrait"]:
        state = states.target(record, words)
        told.append(page.figure("Histogram", state, state["alt"]))
    told.append(listed(_by_importance(record), words))
    return "".join([*told, aside(record, words), notices(record, words)])


def listed(columns: Sequence[Record], words: Words) -> str:
    """Columns, their kinds and what was seen in them; the first, and the rest."""
    rows = [seen(column, words) for column in columns]
    heads = [words.REPORT[w] for w in ("column", "kind", "seen")]
    told = table(heads, rows[:MOST_COLUMNS_LISTED], left=(0, 1, 2))
    rest = rows[MOST_COLUMNS_LISTED:]
    if not rest:
        return told
    more = escape(words.VIEWS["view-all"].format(count=len(rows)))
    others = table(heads, rest, left=(0, 1, 2))
    return f"{told}<details><summary>{more}</summary>{others}</details>"


def aside(record: Record, words: Words) -> str:
    """The columns that are not learned from."""
    names = ", ".join(c["name"] for c in record["aside"])
    return (
        paragraph(words.REPORT["aside"].format(columns=names), "quiet") if names else ""
    )


def notices(record: Record, words: Words) -> str:
    """What was noticed at the door, in the page's language where it is known there."""
    told = []
    for notice in record["notices"]:
        known = translated(words, "NOTICES", notice)
        language = "" if known else ' lang="en"'
        told.append(f'<p class="quiet"{language}>{escape(known or notice)}</p>')
    return "".join(told)


def _by_importance(record: Record) -> list[Record]:
    """The columns, those that matter most first."""
    ranked = record["portrait"].get("importance", {}).get("columns", [])
    place = {one["column"]: k for k, one in enumerate(ranked)}
    return sorted(record["columns"], key=lambda c: place.get(c["name"], len(place)))


def seen(column: Record, words: Words) -> list[str]:
    """A column's name, its kind, and what was seen in it."""
    kind, told = column["kind"], ""
    if kind == "category":
        levels = ", ".join(column["levels"][:3])
        told = levels + (" …" if len(column["levels"]) > 3 else "")
    elif kind == "picture":
        code = "seen-grey" if column["parse"]["channels"] == 1 else "seen-colour"
        told = words.REPORT[code].format(side=column["parse"]["side"])
    elif column["low"] is not None and kind in ("number", "date"):
        ends = [findings.place(column[end], kind) for end in ("low", "high")]
        told = words.REPORT["from-to"].format(low=ends[0], high=ends[1])
    if column["has_missing"]:
        told = ", ".join(filter(None, [told, words.REPORT["missing"]]))
    return [column["name"], words.REPORT[f"kind-{kind}"], told]


def _main(page: Page, record: Record) -> str:
    """The picture that says most: the plane, or the curve."""
    words, portrait = page.words, record["portrait"]
    if portrait["pair"]:
        return _plane(page, record)
    if not portrait["effects"] and portrait.get("pictures", {}).get("best"):
        return looking.best(page, record)
    if "importance" not in portrait and not portrait["effects"]:
        return paragraph(words.REPORT["bare-note"], "quiet")
    if not portrait["effects"]:
        state = states.importance(record, words)
        return page.figure("FeatureBars", state, state["alt"])
    state = states.effect(record, portrait["effects"][0], words) | {"tall": 420}
    alone = len(record["columns"]) == 1
    known = "importance" in portrait
    code = "effects-exact" if alone else "effects-note" if known else "walked-note"
    note = (
        words.REPORT[code]
        if known
        else words.GAP.join([words.REPORT[code], words.REPORT["bare-note"]])
    )
    return curve(page, state, page.told(state, note))


def _plane(page: Page, record: Record) -> str:
    words, pair = page.words, record["portrait"]["pair"]
    state = states.field(record, words)
    first, second = pair["columns"]
    code = "surface-exact" if pair["exact"] else "surface-note"
    note = words.REPORT[code].format(first=first, second=second)
    return page.figure("Field2D", state, page.told(state, note), _grid(pair))


def _grid(pair: Record) -> str:
    """A few values of the plane as a table."""
    every = max(1, len(pair["x"]) // 6)
    across, up = pair["x"][::every], pair["y"][::every][::-1]
    first, second = pair["columns"]
    heads = [f"{second} \\ {first}", *(findings.place(v, "number") for v in across)]
    rows = [
        [findings.place(v, "number"), *(figures.plain(z, 3) for z in row[::every])]
        for v, row in zip(up, pair["z"][::every][::-1], strict=True)
    ]
    return table(heads, rows)


def _big(record: Record, words: Words) -> str:
    rung = record["rungs"][record["best"]]
    value, error = figures.with_error(rung["score"], rung["standard_error"])
    name = score(words, record["score"])
    if "accuracy" in rung["also"]:
        right = f"{100 * rung['also']['accuracy']:.1f}<small>%</small>"
        told = words.REPORT["right"]
        return f'<p class="big"><b>{right}</b> <span>{escape(told)}</span></p>'
    told = words.REPORT["big-score"].format(score=name, error=error)
    return f'<p class="big"><b>{value}</b> <span>{escape(told)}</span></p>'


def verdicts(record: Record, words: Words) -> str:
    """What the numbers mean, each with its evidence and what to do."""
    title = f"<h3>{escape(words.REPORT['verdicts'])}</h3>"
    if not record["verdicts"]:
        return title + paragraph(words.REPORT["verdicts-none"], "quiet")
    told = []
    for one in record["verdicts"]:
        head, evidence, advice = verdict(words, one["code"], one["parameters"])
        told.append(
            f'<li class="{one["severity"]}"><b>{escape(head)}{words.STOP}</b>'
            f"{words.GAP}{nowhere_broken(words.GAP.join([evidence, advice]))}</li>"
        )
    return f'{title}<ul class="verdicts">{"".join(told)}</ul>'
