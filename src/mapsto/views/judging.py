"""What the function gets wrong, and how far to trust it."""

from collections.abc import Mapping
from html import escape
from typing import Any

from mapsto import figures
from mapsto.languages import Words
from mapsto.views import findings, states
from mapsto.views.page import Page, columns, paragraph, section, table

Record = Mapping[str, Any]


def errors(page: Page, record: Record) -> str:
    words, portrait = page.words, record["portrait"]
    if record["task"] == "classification":
        state = states.confusion(record, words)
        note = words.REPORT["confusion-note"]
        told = portrait["confusion"]
        if told["of"] > len(state["labels"]):
            some = words.REPORT["confusion-some"]
            shown = len(state["labels"])
            note += words.GAP + some.format(shown=shown, classes=told["of"])
        numbers = table(
            [f"{words.REPORT['truth']} \\ {words.REPORT['told']}", *state["labels"]],
            [
                [label, *counts]
                for label, counts in zip(state["labels"], state["counts"], strict=True)
            ],
        )
        caption = page.told(state, note)
        figure = page.figure("Confusion", state, caption, numbers)
    else:
        state = states.residuals(record, words)
        note = words.REPORT["residuals-note"].format(
            shown=figures.count(len(state["points"])),
            rows=figures.count(portrait["residuals"]["of"]),
        )
        heads = [words.REPORT[w] for w in ("prediction", "truth-minus", "spread")]
        rows = [[figures.plain(v) for v in row] for row in state["trend"]]
        caption = page.told(state, note)
        figure = page.figure("ResidualPlot", state, caption, table(heads, rows))
    return section(
        "errors", words.REPORT["errors"], columns(figure, _rows(page, record))
    )


def _rows(page: Page, record: Record) -> str:
    words, told = page.words, record["portrait"]["extremes"]
    labels = record["classes"]

    def cells(row: Record) -> list[str]:
        number = figures.count(row["row"])
        if labels:
            truth, said = labels[int(row["truth"])], labels[row["told"]]
            return [number, str(truth), f"{said} ({findings.percent(row['p'])})"]
        return [number, figures.plain(row["truth"], 5), figures.plain(row["told"], 5)]

    heads = [words.REPORT[w] for w in ("row", "truth", "prediction")]
    parts = [
        f"<h3>{escape(words.REPORT[title])}</h3>"
        + table(heads, [cells(row) for row in told[which]])
        for title, which in (("worst", "worst"), ("closest", "best"))
    ]
    code = "rows-note" if "pictures" not in record["portrait"] else "rows-note-pictures"
    kind = "labels" if labels else "numbers"
    drawn = f'<div class="{kind}">{"".join(parts)}</div>'
    return drawn + paragraph(words.REPORT[code], "hint")


def trust(page: Page, record: Record) -> str:
    words = page.words
    state = states.coverage(record, words)
    rows = [
        [findings.percent(p["told"]), findings.percent(p["share"], 1)]
        for p in state["points"]
    ]
    numbers = table([words.REPORT["asked"], words.REPORT["measured"]], rows)
    caption = page.told(state, words.REPORT["coverage-note"])
    left = page.figure("Reliability", state, caption, numbers)
    right = _groups(record, words)
    if record["task"] == "classification":
        told = states.reliability(record, words)
        note = page.told(told, words.REPORT["reliability-note"])
        heads = [words.REPORT[w] for w in ("told", "happened", "rows")]
        bins = [
            [findings.percent(b["told"], 1), findings.percent(b["share"], 1), b["rows"]]
            for b in told["points"]
        ]
        drawn = page.figure("Reliability", told, note, table(heads, bins))
        return section("trust", words.REPORT["trust"], columns(drawn, left + right))
    bars = [page.figure("IntervalBar", one) for one in states.intervals(record, words)]
    typical = paragraph(words.REPORT["typical"]) + "".join(bars)
    return section("trust", words.REPORT["trust"], columns(left, typical + right))


def _groups(record: Record, words: Words) -> str:
    labels, rows = record["classes"], []
    for k, group in enumerate(record["portrait"]["coverage"]["groups"]):
        if group["measured"] is None:
            continue
        if labels:
            name = str(labels[k])
        else:
            ends = {end: figures.plain(group[end], 3) for end in ("low", "high")}
            name = words.REPORT["from-to"].format(**ends)
        measured = findings.percent(group["measured"], 1)
        rows.append([name, measured, figures.count(group["rows"])])
    first = words.REPORT["group" if labels else "prediction"]
    heads = [first, words.REPORT["measured"], words.REPORT["rows"]]
    return paragraph(words.REPORT["groups-note"]) + table(heads, rows)
