"""Parameters and hyperparameters apart, and how to have the same again."""

from collections.abc import Mapping
from html import escape
from typing import Any

from mapsto import figures
from mapsto.languages import Words, family, held_out
from mapsto.views import states
from mapsto.views.page import Page, columns, paragraph, section, table

Record = Mapping[str, Any]


def parts(page: Page, record: Record) -> str:
    words = page.words
    counts = table(
        [words.REPORT["rung"], words.REPORT["count"]],
        [
            [family(words, name), figures.count(rung["parameters"])]
            for name, rung in record["rungs"].items()
        ],
    )
    left = f"<h3>{escape(words.REPORT['parameters'])}</h3>{counts}"
    for name in dict.fromkeys([record["simplest"], record["best"], "line"]):
        told = record["rungs"].get(name, {}).get("details", {}).get("formula")
        if told:
            left += _formula(page, name, told)
            break
    dials = [
        [
            family(words, name),
            f"{dial}{' *' if dial in rung['given'] else ''}",
            _dial(v),
        ]
        for name, rung in record["rungs"].items()
        for dial, v in rung["hyperparameters"].items()
    ]
    heads = [words.REPORT[w] for w in ("rung", "dial", "value")]
    right = ""
    if dials:
        right = (
            f"<h3>{escape(words.REPORT['hyperparameters'])}</h3>"
            f"{table(heads, dials, left=(0, 1, 2))}"
            f"{paragraph(words.REPORT['hyperparameters-note'], 'hint')}"
        )
    return section("parts", words.REPORT["parts"], columns(left, right))


def _formula(page: Page, name: str, told: Record) -> str:
    note = page.words.REPORT["formula-note"].format(rung=family(page.words, name))
    state = states.formula(told, page.words)
    still = f"<pre>{escape(_written(state, page.words))}</pre>"
    return page.figure("FormulaLine", state, note, "", still)


def _written(state: Record, words: Words) -> str:
    """The formula as lines of text."""
    lines = []
    for output in state["outputs"]:
        lines.append(f"{output['name']} = {output['intercept']}")
        for term in output["terms"]:
            error = f" (± {term['error']})" if term["error"] else ""
            lines.append(
                f"    {term['sign']} {term['told']}{error} · {term['feature']}"
            )
        if output["more"]:
            more = words.VIEWS["view-smaller"].format(count=output["more"])
            lines.append(f"    {more}")
    return "\n".join(lines)


def _dial(value: Any) -> str:
    if isinstance(value, float):
        return figures.plain(value, 3)
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {_dial(v)}" for k, v in value.items())
    if isinstance(value, list):
        return ", ".join(map(_dial, value))
    return str(value)


def again(page: Page, record: Record) -> str:
    words = page.words
    how = held_out(words, record["validation"])
    note = words.REPORT["again-note"].format(validation=how)
    versions = ", ".join(f"{k} {v}" for k, v in record["versions"].items())
    mark = words.REPORT["fingerprint"].format(fingerprint=record["fingerprint"][:16])
    return section(
        "again",
        words.REPORT["again"],
        f"<pre>{escape(program(record))}</pre>",
        paragraph(note),
        paragraph(f"{versions}. {mark}", "quiet"),
    )


def backbone(record: Record) -> str:
    """The network that looks at pictures first, as it is given."""
    told = record["backbone"]
    return f"mapsto.Backbone({told['file']!r}, pixels={told['pixels']!r})"


def program(record: Record) -> str:
    """The call that gives the same model, with the caller's table as `data`."""
    climbed = tuple(n for n in record["rungs"] if n not in ("constant", "blend"))
    families = climbed or ("constant",)
    given = {
        name: {dial: rung["hyperparameters"][dial] for dial in rung["given"]}
        for name, rung in record["rungs"].items()
        if rung["given"]
    }
    held = {c["name"]: c["monotone"] for c in record["columns"] if c.get("monotone")}
    told = [
        f"target={record['target']!r}",
        f"task={record['task']!r}",
        f"families={families!r}",
        f"score={record['score']!r}",
        f"effort={record['effort']!r}",
        *([f"hyperparameters={given!r}"] if given else []),
        *([f"monotone={held!r}"] if held else []),
        *([f"compose={record['compose']!r}"] if "compose" in record else []),
        *([f"backbone={backbone(record)}"] if "backbone" in record else []),
        f"adequate={record['adequate']!r}",
        f"use={record['use']!r}",
        f"seed={record['seed']!r}",
    ]
    lines = "".join(f"    {line},\n" for line in told)
    return f"import mapsto\n\nmodel = mapsto.fit(\n    data,\n{lines})"
