"""The named parts of a composition: what each is, how much it matters, its curves."""

from collections.abc import Iterator, Mapping
from statistics import NormalDist
from typing import Any

import numpy as np

from mapsto import figures
from mapsto.languages import Words, family, level
from mapsto.model import Model
from mapsto.views import findings
from mapsto.views.curves import curve
from mapsto.views.page import Page, paragraph, section, table
from mapsto.words import price

Record = Mapping[str, Any]
State = dict[str, Any]
COVERAGE = 0.9  # of the band
REACH = NormalDist().inv_cdf(0.5 + COVERAGE / 2)
ANSWERS = ("no", "yes")
NO_ROWS: dict[str, list[Any]] = {"edges": [], "counts": []}
PLANE, CONTOURS = 24, 7


def parts_of(record: Record) -> Record:
    """What is told of each part, by its name; nothing without a composition."""
    rung = record["rungs"].get("composition", {"details": {}})
    told: Record = rung["details"].get("parts", {})
    return told


def composed(page: Page, record: Record, model: Model) -> str:
    """The section of the report; empty without a composition."""
    words, told = page.words, parts_of(record)
    if not told:
        return ""
    structure = record["rungs"]["composition"]["words"]
    return section(
        "composed",
        words.REPORT["composed"],
        paragraph(f"{record['target']} = {structure}"),
        paragraph(price(record, words)),
        _overview(page, record),
        f'<div class="curves">{_drawn(page, record, model)}</div>',
    )


def _overview(page: Page, record: Record) -> str:
    """All parts side by side, with the same as a table."""
    words, told = page.words, parts_of(record)
    state = overview(record, words)
    names = ("part", "family", "importance", "range", "convention")
    heads = [words.REPORT[f"part-{n}"] for n in names]
    cells = [
        [
            row["label"],
            family(words, part["hyperparameters"]["family"]),
            row["told"],
            row["reach"],
            row["role"],
        ]
        for row, part in zip(state["rows"], told.values(), strict=True)
    ]
    numbers = table(heads, cells, left=(0, 1, 4))
    note = page.told(state, words.REPORT["composed-note"])
    return page.figure("Parts", state, note, numbers)


def overview(record: Record, words: Words) -> State:
    """How much each part moves the prediction, and how far it reaches."""
    rows = [
        {
            "label": part["declared"],
            "importance": part["importance"],
            "told": f"{part['importance']:.2f}",
            "low": part["range"][0],
            "high": part["range"][1],
            "reach": " … ".join(figures.plain(end, 3) for end in part["range"]),
            "role": words.ROLES[part["role"]],
        }
        for part in parts_of(record).values()
    ]
    most = max(rows, key=lambda row: row["importance"])
    alt = words.REPORT["find-parts"].format(part=most["label"], importance=most["told"])
    return {
        "alt": alt,
        "rows": rows,
        "xlabel": words.REPORT["part-importance"],
        "rangelabel": words.REPORT["part-range"],
    }


def _drawn(page: Page, record: Record, model: Model) -> str:
    """Each part along its columns; of two numbers, also over their plane."""
    words, told = page.words, []
    for name, part in parts_of(record).items():
        for drawn in part["curves"]:
            along = state(record, name, drawn, words)
            told.append(curve(page, along, along["alt"], title=along["title"]))
        plane = field(model, name, words)
        if plane:
            note = words.REPORT["part-field"].format(part=part["declared"])
            caption = page.told(plane, note)
            told.append(page.figure("Field2D", plane, caption, title=part["declared"]))
    return "".join(told)


def states(record: Record, words: Words) -> Iterator[State]:
    """Each part along each of its columns, in the order of the structure."""
    for name, part in parts_of(record).items():
        for drawn in part["curves"]:
            yield state(record, name, drawn, words)


def state(record: Record, name: str, drawn: Record, words: Words) -> State:
    """A part along a column. Of several classes each has a curve, and none a band."""
    y, error = drawn["value"], drawn["standard_error"]
    several = isinstance(y[0], list)
    every = [list(values) for values in zip(*y, strict=True)] if several else [y]
    at = drawn["at"]
    if drawn["kind"] == "boolean":
        at = [level(words, ANSWERS[int(v)]) for v in at]
    told: State = {
        "column": drawn["column"],
        "kind": drawn["kind"],
        "x": at,
        "y": every,
        "density": drawn.get("density", NO_ROWS),
        "band": "error",
        "labels": [str(c) for c in record["classes"]] if several else [""],
        "xlabel": drawn["column"],
        "ylabel": name,
        "title": f"{name} · {drawn['column']}",
    }
    if not several:
        both = list(zip(y, error, strict=True))
        told["low"] = [v - REACH * e for v, e in both]
        told["high"] = [v + REACH * e for v, e in both]
    return told | {"alt": findings.curve(told, name, words, "regression")}


def field(model: Model, name: str, words: Words) -> State | None:
    """A part of two numbers over their plane; None for any other part, and where each
    of several classes has a plane of its own."""
    part = model.parts[name]
    kinds = [c["kind"] for c in part.curves]
    if len(part.columns) != 2 or kinds != ["number", "number"]:
        return None
    x, y = (np.linspace(c["at"][0], c["at"][-1], PLANE) for c in part.curves)
    first, second = (str(c["column"]) for c in part.curves)
    across, up = np.meshgrid(x, y)
    told = part.predict({first: across.ravel(), second: up.ravel()})
    if np.ndim(told) != 1:
        return None
    z = np.asarray(told, float).reshape(PLANE, PLANE)
    plane = {"columns": [first, second], "z": z.tolist()}
    plane |= {"x": x.tolist(), "y": y.tolist()}
    low, high = float(z.min()), float(z.max())
    levels = np.linspace(low, high, CONTOURS + 2)[1:-1].tolist()
    flat = high - low <= findings.FLAT * max(abs(low), abs(high))
    return {
        "alt": findings.field(plane, name, 0, words),
        **{k: plane[k] for k in ("x", "y", "z")},
        "xlabel": first,
        "ylabel": second,
        "labels": [],
        "levels": [] if flat else levels,
    }
