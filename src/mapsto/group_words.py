"""What groups say of themselves in plain text. Reads the record only."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mapsto import figures
from mapsto.languages import Words, family, translated, words_of
from mapsto.verdict import Verdict
from mapsto.words import told, wrapped

MOST_TOLD = 4  # effects that are told of a group


def answer(record: Mapping[str, Any]) -> str:
    """How many groups, found by what, and how far they come back."""
    return wrapped(" ".join(sentences(record, words_of("en"))))


def sentences(record: Mapping[str, Any], words: Words) -> list[str]:
    """The answer as sentences, in a language."""
    said, number = words.ANSWERS, len(record["columns"])
    shared = {
        "rows": figures.count(record["rows"]),
        "columns": figures.count(number),
        "groups": record["count"],
    }
    alone = of_pictures(record)
    if record["count"] == 1:
        return [
            said["groups-none-pictures" if alone else "groups-none"].format(**shared)
        ]
    how = record["rungs"][record["best"]]["words"]
    parts = [
        said["groups-found-pictures" if alone else "groups-found"].format(
            **shared,
            family=family(words, record["best"]),
            words=translated(words, "GROUPINGS", how) or how,
        )
    ]
    if record["refits"]:
        agreement = f"{record['agreement']:.2f}"
        parts.append(said["groups-again"].format(agreement=agreement))
    return parts


def of_pictures(record: Mapping[str, Any]) -> bool:
    """Are they groups of pictures alone?"""
    return [c["kind"] for c in record["columns"]] == ["picture"]


def summary(record: Mapping[str, Any], verdicts: Sequence[Verdict]) -> str:
    """The answer, the groups, the ladder and the verdicts."""
    parts = [answer(record)]
    if record["count"] > 1:
        parts += [*map(portrait, record["groups"]), ladder(record)]
    parts += ["\n".join(map(told, verdicts))] if verdicts else []
    return "\n\n".join(parts)


def portrait(group: Mapping[str, Any]) -> str:
    """A group in words: size, stability, and the columns that set it apart."""
    head = f"Group {group['group']}: {figures.count(group['rows'])} rows"
    head += f" ({100 * group['share']:.0f} %)"
    if group["stability"] is not None:
        head += f", stability {group['stability']:.2f}"
    lines = [effect(e) for e in group["effects"][:MOST_TOLD]]
    lines = lines or ([] if named(group) else ["no column sets it apart by itself"])
    lines += named(group)
    return "\n".join([head, *(wrapped(f"  {line}", indent="    ") for line in lines)])


def named(group: Mapping[str, Any]) -> list[str]:
    """ "typical: cat/003.jpg, cat/017.jpg", where rows are pictures."""
    told = {
        sort: [short(row["picture"]["name"]) for row in group[sort] if "picture" in row]
        for sort in ("typical", "borderline")
    }
    return [f"{sort}: {', '.join(names)}" for sort, names in told.items() if names]


def short(name: str) -> str:
    """A file's name with that of its folder."""
    return "/".join(Path(name).parts[-2:])


def label(e: Mapping[str, Any], words: Words) -> str:
    """What sets apart: a column, or a look of its pictures."""
    if "look" in e:
        return words.REPORT[f"look-{e['look']}"].format(column=e["column"])
    return str(e["column"])


def effect(e: Mapping[str, Any]) -> str:
    """ "area 140 against 82 (d 1.8)", "kind = flat in 93 % against 12 % (h 1.9)"."""
    here, there = ends(e)
    if e["kind"] == "share":
        size = f"h {e['effect']:+.1f}"
        return f"{e['column']} = {e['level']} in {here} against {there} ({size})"
    what = label(e, words_of("en"))
    return f"{what} {here} against {there} (d {e['effect']:+.1f})"


def ends(e: Mapping[str, Any]) -> tuple[str, str]:
    """The mean or the share in the group, and in the other rows."""
    if e["kind"] == "share":
        here, there = (f"{100 * e[k]:.0f} %" for k in ("here", "elsewhere"))
    elif e["kind"] == "look":
        here, there = (f"{e[k]:.0f} %" for k in ("here", "elsewhere"))
    elif e["kind"] == "date":
        here, there = (_day(e[k]) for k in ("here", "elsewhere"))
    else:
        here, there = (figures.plain(e[k], 3) for k in ("here", "elsewhere"))
    return here, there


def _day(microseconds: float) -> str:
    start = datetime(1970, 1, 1, tzinfo=UTC)
    try:
        return f"{start + timedelta(microseconds=microseconds):%Y-%m-%d}"
    except OverflowError:
        return "beyond the calendar"


def ladder(record: Mapping[str, Any]) -> str:
    """One line per family; * marks the one that is used."""
    lines = [f"{'family':<11}{'score':>6}{'gain':>10}{'agreement':>11}{'time':>9}"]
    for name, rung in record["rungs"].items():
        mark = " *" if name == record["best"] else ""
        lines.append(
            f"{name:<11}{rung['score']:>6.2f}{rung['gain']:>10.2f}"
            f"{rung['agreement']:>11.2f}{figures.seconds(rung['seconds']):>9}{mark}"
        )
    lines.append("gain: nats per row, on the other half; agreement: with the others")
    return "\n".join(lines)


def story(record: Mapping[str, Any], summary: str) -> str:
    """The summary with some rows of each group, and how the number was chosen."""
    parts = [summary]
    if record["count"] > 1:
        parts.append("\n".join(_rows(group) for group in record["groups"]))
    if record["tried"]:
        parts.append(_tried(record))
    parts.append(
        wrapped(
            f"Columns: {', '.join(c['name'] for c in record['columns'])}.", indent="  "
        )
    )
    if record["aside"]:
        aside = ", ".join(f"{c['name']} ({c['kind']})" for c in record["aside"])
        parts.append(wrapped(f"Set aside: {aside}.", indent="  "))
    return "\n\n".join(parts)


def _rows(group: Mapping[str, Any]) -> str:
    lines = [f"Group {group['group']}"]
    for sort in ("typical", "borderline"):
        for row in group[sort]:
            values = ", ".join(f"{k} {v}" for k, v in row["values"].items())
            sure = f"{100 * row['probability']:.0f} %"
            text = f"  {sort} row {figures.count(row['row'])} ({sure}): {values}"
            lines.append(wrapped(text, indent="    "))
    return "\n".join(lines)


def _tried(record: Mapping[str, Any]) -> str:
    """Prediction strength of each number of groups, by family."""
    numbers = sorted({t["groups"] for t in record["tried"]})
    names = list(dict.fromkeys(t["family"] for t in record["tried"]))
    told = {(t["family"], t["groups"]): t for t in record["tried"]}
    lines = [f"{'strength':<10}" + "".join(f"{n:>5}" for n in numbers[:14])]
    for name in names:
        cells = [_cell(told.get((name, n))) for n in numbers[:14]]
        lines.append(f"{name:<10}" + "".join(f"{c:>5}" for c in cells))
    lines.append("for each number of groups; * believed, - no better than one heap")
    return "\n".join(lines)


def _cell(tried: Mapping[str, Any] | None) -> str:
    if tried is None:
        return ""
    mark = ""
    if tried["border"] is not None:
        mark = "*" if tried["believed"] else "-"
    return f"{tried['strength']:.2f}"[1 if tried["strength"] < 1 else 0 :][:3] + mark
