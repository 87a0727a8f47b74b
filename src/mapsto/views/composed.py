"""The named parts of a composition: what each is, and its curves."""

from collections.abc import Iterator, Mapping
from statistics import NormalDist
from typing import Any

from mapsto import figures
from mapsto.languages import Words, family
from mapsto.views import findings
from mapsto.views.curves import curve
from mapsto.views.page import Page, paragraph, section, table

Record = Mapping[str, Any]
State = dict[str, Any]
COVERAGE = 0.9  # of the band
REACH = NormalDist().inv_cdf(0.5 + COVERAGE / 2)
ANSWERS = ("no", "yes")


def parts_of(record: Record) -> Record:
    """What is told of each part, by its name; nothing without a composition."""
    rung = record["rungs"].get("composition", {"details": {}})
    told: Record = rung["details"].get("parts", {})
    return told


def composed(page: Page, record: Record) -> str:
    """The section of the report; empty without a composition."""
    words, told = page.words, parts_of(record)
    if not told:
        return ""
    names = ("part", "family", "importance", "range", "convention")
    heads = [words.REPORT[f"part-{n}"] for n in names]
    rows = [
        [
            part["declared"],
            family(words, part["hyperparameters"]["family"]),
            f"{part['importance']:.2f}",
            " … ".join(figures.plain(end, 3) for end in part["range"]),
            words.ROLES[part["role"]],
        ]
        for part in told.values()
    ]
    structure = record["rungs"]["composition"]["words"]
    curves = [
        curve(page, state, state["alt"], title=state["title"])
        for state in states(record, words)
    ]
    return section(
        "composed",
        words.REPORT["composed"],
        paragraph(f"{record['target']} = {structure}"),
        table(heads, rows, left=(0, 1, 4)),
        paragraph(words.REPORT["composed-note"], "hint"),
        f'<div class="curves">{"".join(curves)}</div>',
    )


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
        at = [ANSWERS[int(v)] for v in at]
    told: State = {
        "column": drawn["column"],
        "kind": drawn["kind"],
        "x": at,
        "y": every,
        "density": drawn["density"],
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
