"""One curve as a figure: the view, a still drawing, and its numbers."""

from collections.abc import Mapping
from typing import Any

from mapsto import drawing, figures
from mapsto.views import findings
from mapsto.views.page import Page, table

Record = Mapping[str, Any]
FEW = 12  # numbers of a curve that are listed


def curve(page: Page, state: Record, note: str, title: str = "") -> str:
    words, named = page.words, state["kind"] not in ("number", "date")
    kind = state["kind"]
    heads = [state["xlabel"], *(s or state["ylabel"] for s in state["labels"])]
    band = [words.REPORT["low"], words.REPORT["high"]] if "low" in state else []
    every = 1 if named else max(1, len(state["x"]) // FEW)
    picked = range(0, len(state["x"]), every)
    rows = [
        [findings.place(state["x"][i], kind) or words.VIEWS["view-missing"]]
        + [figures.plain(values[i]) for values in state["y"]]
        + [figures.plain(state[end][i]) for end in ("low", "high") if end in state]
        for i in picked
    ]
    still = ""
    if not named:
        still = drawing.curve(
            state["x"],
            state["y"][0],
            state.get("low"),
            state.get("high"),
            state["alt"],
        )
    numbers = table(heads + band, rows)
    return page.figure("Curve1D", dict(state), note, numbers, still, title)
