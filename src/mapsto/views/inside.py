"""The ladder, what each column does, and the network inside."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from mapsto import drawing, figures
from mapsto.languages import Words, score
from mapsto.scores import CLASSIFICATION, REGRESSION
from mapsto.views import findings, network_states, states
from mapsto.views.curves import curve
from mapsto.views.page import Page, columns, paragraph, section, table

Record = Mapping[str, Any]
MOST_BARS = 12


def ladder(page: Page, record: Record) -> str:
    words = page.words
    state = states.ladder(record, words)
    heads = [words.REPORT["rung"], state["xlabel"]]
    heads += [words.REPORT[w] for w in ("train", "count", "time")]
    rows = [
        [
            row["label"] + _mark(row, words),
            row["told"],
            row["told_train"],
            figures.count(rung["parameters"]),
            figures.seconds(rung["seconds"]),
        ]
        for row, rung in zip(state["rows"], record["rungs"].values(), strict=True)
    ]
    known = record["score"] in {**REGRESSION, **CLASSIFICATION}
    note = words.REPORT["ladder-note"].format(
        score=state["xlabel"], lower=words.REPORT["lower"] if known else ""
    )
    still = drawing.rungs(state["rows"], state["alt"])
    figure = page.figure("Leaderboard", state, note, "", still)
    sizes = states.capacity(record, words)
    capacity = ""
    if len(sizes["points"]) > 1:
        caption = words.REPORT["capacity-note"]
        capacity = page.figure("CapacityChart", sizes, caption)
    both = columns(figure, capacity)
    return section("ladder", words.REPORT["ladder"], both, table(heads, rows))


def _mark(row: Record, words: Words) -> str:
    names = [words.REPORT[w] for w in ("best", "simplest") if row[w]]
    return f" ← {', '.join(names)}" if names else ""


def effects(page: Page, record: Record) -> str:
    words, portrait = page.words, record["portrait"]
    if [c["kind"] for c in record["columns"]] == ["picture"]:
        return ""  # that it matters says nothing: what it looks at is shown instead
    state = states.importance(record, words)
    name = score(words, record["score"])
    note = words.REPORT["columns-note"].format(
        score=name, rows=figures.count(portrait["importance"]["rows"])
    )
    heads = [words.REPORT["column"], state["xlabel"]]
    numbers = table(heads, [[r["label"], r["told"]] for r in state["rows"]])
    still = drawing.bars(state["rows"][:MOST_BARS], state["alt"])
    caption = page.told(state, note)
    bars = page.figure("FeatureBars", state, caption, numbers, still)
    if len(record["columns"]) == 1:
        return section("columns", words.REPORT["columns"], columns(bars))
    drawn = _curves(page, record)
    told = paragraph(words.REPORT["effects-note"], "hint") if drawn else ""
    both = columns(bars, _lift(page, record))
    return section("columns", words.REPORT["columns"], both, told, drawn)


def walked(page: Page, record: Record) -> str:
    """The curves alone, of a file that kept nothing of the data."""
    words = page.words
    drawn = _curves(page, record) if len(record["columns"]) > 1 else ""
    note = paragraph(words.REPORT["walked-note"], "hint")
    return section("columns", words.REPORT["columns"], note + drawn if drawn else "")


def _curves(page: Page, record: Record) -> str:
    curves = [
        curve(page, one, one["alt"], title=one["xlabel"])
        for one in states.effects(record, page.words)
    ]
    return f'<div class="curves">{"".join(curves)}</div>' if curves else ""


def _lift(page: Page, record: Record) -> str:
    """The plane as a surface, where it has heights."""
    pair = record["portrait"]["pair"]
    if not pair or "k" in pair or findings.flat(np.array(pair["z"])):
        return ""
    state = states.lift(record, page.words)
    note = page.told(state, page.words.REPORT["lift-note"])
    return page.figure("Lift3D", state, note)


def network(page: Page, record: Record) -> str:
    words, portrait = page.words, record["portrait"]
    if "network" not in portrait:
        return ""
    wired = network_states.network(record, words)
    note = words.REPORT["network-note"].format(members=portrait["network"]["members"])
    if "rows" in wired:
        note = words.GAP.join([note, words.REPORT["flow-note"]])
    diagram = page.figure("NetDiagram", wired, page.told(wired, note))
    trained = states.losses(record, words)
    chart = ""
    if trained:
        judged = "validation" in trained
        caption = words.REPORT["training-note" if judged else "final-note"]
        heads = [words.REPORT["epoch"], words.REPORT["training"]]
        heads += [words.REPORT["validation"]] if judged else []
        every = max(1, len(trained["training"]) // 10)
        rows = [
            [e, figures.plain(v)]
            + ([figures.plain(trained["validation"][i][1])] if judged else [])
            for i, (e, v) in enumerate(trained["training"])
            if i % every == 0
        ]
        ends = trained["validation" if judged else "training"]
        epochs, losses = ([pair[k] for pair in ends] for k in (0, 1))
        still = drawing.curve(epochs, losses, None, None, trained["alt"])
        chart = page.figure(
            "LossChart",
            trained,
            page.told(trained, caption),
            table(heads, rows),
            still,
        )
    both = columns(chart, _activation(page, record))
    return section("network", words.REPORT["network"], diagram, both)


def _activation(page: Page, record: Record) -> str:
    state = states.activation(record, page.words)
    return page.figure("ActivationCurve", state, state["alt"])
