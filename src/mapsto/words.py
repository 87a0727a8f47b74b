"""What a fit says of itself in plain text. Reads the record only."""

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any
from unicodedata import east_asian_width

from mapsto import catalogue, figures
from mapsto.languages import Words, family, words_of
from mapsto.languages import score as score_of
from mapsto.parts import LEFT, row
from mapsto.rungs import aligned
from mapsto.verdict import Verdict

WIDTH = 80
SECOND = "\0"  # stands for the second column of a wide character


def answer(record: Mapping[str, Any]) -> str:
    """What is predicted, how well, by which function, and how far to trust it."""
    return "\n".join(wrapped(part) for part in sentences(record))


def sentences(record: Mapping[str, Any], language: str = "en") -> list[str]:
    """The answer as sentences: the best, the simplest adequate, the price of a
    structure, what was asked of the function, the coverage."""
    words = words_of(language)
    best = words.GAP.join(
        filter(None, [_best(record, words), _corrected(record, words)])
    )
    asked = [_monotone(record, words), _costs(record, words)]
    told = [best, _simplest(record, words), price(record, words), *asked]
    told.append(_coverage(record, words))
    return [sentence for sentence in told if sentence]


def summary(record: Mapping[str, Any], ladder: str, verdicts: Sequence[Verdict]) -> str:
    """The answer, the ladder and the verdicts."""
    parts = [answer(record), ladder]
    if verdicts:
        parts.append("\n".join(told(v) for v in verdicts))
    return "\n\n".join(parts)


def story(record: Mapping[str, Any], summary: str, formula: str) -> str:
    """The summary with the formula, the columns and the hyperparameters."""
    simplest = record["simplest"]
    lines = [wrapped(line, indent=" " * 8) for line in formula.splitlines()]
    parts = [summary, "\n".join([f"The {simplest}:", *lines])]
    told = record["rungs"].get("composition", {"details": {}})["details"].get("parts")
    if told:
        parts.append(_parts(told))
    parts.append("Columns\n" + "\n".join(_column(c) for c in record["columns"]))
    if record["aside"]:
        aside = ", ".join(f"{c['name']} ({c['kind']})" for c in record["aside"])
        parts.append(wrapped(f"Set aside: {aside}."))
    settings = [_settings(name, rung) for name, rung in record["rungs"].items()]
    parts.append("Hyperparameters (* given)\n" + "\n".join(filter(None, settings)))
    return "\n\n".join(parts)


def _parts(told: Mapping[str, Any]) -> str:
    names = ("declared", "hyperparameters", "importance", "range", "role")
    rows = [row(*(p[n] for n in names)) for p in told.values()]
    return "Parts of the composition\n" + aligned(rows, left=LEFT)


def _column(column: Mapping[str, Any]) -> str:
    seen = ""
    if column["kind"] == "category":
        seen = catalogue.listed(column["levels"], 5)
    elif column["kind"] == "number":
        seen = f"{figures.plain(column['low'])} to {figures.plain(column['high'])}"
    elif column["kind"] == "picture" and "backbone" in column["parse"]:
        seen = f"seen through {column['parse']['backbone']}"
    missing = ", some missing" if column["has_missing"] else ""
    held = {1: ", held to rise", -1: ", held to fall"}.get(
        column.get("monotone", 0), ""
    )
    line = f"  {column['name']}: {column['kind']}, {seen}{missing}{held}"
    return wrapped(line.rstrip(", "), indent="      ")


def _settings(name: str, rung: Mapping[str, Any]) -> str:
    told = [
        f"{dial}{'*' if dial in rung['given'] else ''} = {_setting(value)}"
        for dial, value in rung["hyperparameters"].items()
    ]
    return wrapped(f"  {name}: {', '.join(told)}", indent="      ") if told else ""


def _setting(value: Any) -> str:
    return figures.plain(value, 3) if isinstance(value, float) else str(value)


def told(verdict: Verdict) -> str:
    """One verdict as a paragraph with its mark."""
    mark = {"good": "+", "note": "·", "warning": "!"}[verdict.severity]
    text = f"{mark} {verdict.title}: {verdict.evidence} {verdict.advice}"
    return wrapped(text, indent="  ")


def wrapped(text: str, indent: str = "") -> str:
    """Folded at 80 columns, of which a Chinese character takes two."""
    doubled = (c + SECOND if east_asian_width(c) in "WF" else c for c in text)
    told = fill(
        "".join(doubled), WIDTH, subsequent_indent=indent, break_on_hyphens=False
    )
    return told.replace(SECOND, "")


def _best(record: Mapping[str, Any], words: Words) -> str:
    name = record["best"]
    rung, floor = record["rungs"][name], record["rungs"]["constant"]
    score, error = figures.with_error(rung["score"], rung["standard_error"])
    return words.ANSWERS["best"].format(
        target=record["target"],
        columns=columns(record, words),
        rows=figures.count(record["rows"]),
        rung=family(words, name),
        score_name=score_of(words, record["score"]),
        score=score,
        error=error,
        constant=figures.with_error(floor["score"], rung["standard_error"])[0],
        also=_also(rung["also"], words),
    )


def columns(record: Mapping[str, Any], words: Words) -> str:
    """How many columns are read, in words."""
    number = len(record["columns"])
    code = "one-column" if number == 1 else "columns"
    return words.ANSWERS[code].format(count=figures.count(number))


def _corrected(record: Mapping[str, Any], words: Words) -> str:
    """Only where the choice made a difference that can be seen."""
    rung = record["rungs"][record["best"]]
    error = rung["standard_error"]
    corrected = figures.with_error(record["corrected_score"], error)[0]
    if corrected == figures.with_error(rung["score"], error)[0]:
        return ""
    return words.ANSWERS["corrected"].format(corrected=corrected)


def _also(also: Mapping[str, float], words: Words) -> str:
    if "r2" in also:
        return f"R² {also['r2']:.3f}"
    return words.ANSWERS["accuracy"].format(percent=f"{100 * also['accuracy']:.1f}")


def _simplest(record: Mapping[str, Any], words: Words) -> str:
    name, clause = record["simplest"], record["clause"]
    if name == record["best"]:
        return words.ANSWERS["simplest-is-best"].format(rung=family(words, name))
    share = f"{100 * record['share']:.0f}"
    return words.ANSWERS[f"simplest-{clause}"].format(
        rung=family(words, name), share=share
    )


def _monotone(record: Mapping[str, Any], words: Words) -> str:
    """With which columns the function was made to rise or fall."""
    ways: dict[int, list[str]] = {1: [], -1: []}
    for column in record["columns"]:
        if way := column.get("monotone", 0):
            ways[way].append(column["name"])
    told = [
        words.ANSWERS[code].format(columns=catalogue.listed(names))
        for code, names in (("rises", ways[1]), ("falls", ways[-1]))
        if names
    ]
    if not told:
        return ""
    what, left = record["target"], record.get("left_out", [])
    if record["classes"]:
        label = record["classes"][1]
        what = words.ANSWERS["the-probability"].format(label=label)
    rungs = catalogue.listed([family(words, name) for name in left])
    return words.ANSWERS["monotone"].format(
        target=what,
        ways=words.ANSWERS["and"].join(told),
        left_out=words.ANSWERS["monotone-left-out"].format(rungs=rungs) if left else "",
    )


def _costs(record: Mapping[str, Any], words: Words) -> str:
    """Which label is said, and what that saves."""
    costs, labels = record.get("costs"), record["classes"]
    if not costs:
        return ""
    also = record["rungs"][record[record["use"]]]["also"]
    rule = words.ANSWERS["costs-least"]
    if len(labels) == 2:
        rule = words.ANSWERS["costs-threshold"].format(
            label=labels[1],
            threshold=figures.plain(100 * record["threshold"], 3),
            miss=f"{costs[1][0]:g}",
            false=f"{costs[0][1]:g}",
        )
    cost, other = (figures.plain(also[n], 3) for n in ("cost", "cost_of_most_probable"))
    return rule + words.ANSWERS["costs-saved"].format(cost=cost, other=other)


def price(record: Mapping[str, Any], words: Words) -> str:
    """What the declared structure costs, beside the free network."""
    price = record.get("price")
    if not price:
        return ""
    percent, error = figures.with_error(abs(price["percent"]), price["error"])
    way = "worse" if price["percent"] >= 0 else "better"
    return words.ANSWERS[f"structure-{way}"].format(
        percent=percent,
        error=error,
        rung=family(words, price["rival"]),
        score_name=score_of(words, record["score"]),
    )


def _coverage(record: Mapping[str, Any], words: Words) -> str:
    kept = record["rungs"][record[record["use"]]]["coverage"]
    sort = "interval" if record["task"] == "regression" else "set"
    return words.ANSWERS[f"coverage-{sort}"].format(
        asked=f"{100 * kept['asked']:.0f}",
        measured=f"{100 * kept['measured']:.1f}",
        size=figures.plain(kept["size"], 3),
    )
