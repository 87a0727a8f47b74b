"""The report of groups: how many there are, what sets each apart, how sure that is."""

from collections.abc import Mapping
from html import escape
from typing import Any

from mapsto import drawing, figures, group_words
from mapsto.groups import Groups
from mapsto.languages import Words, family
from mapsto.views import findings, group_states, image_states
from mapsto.views.opening import aside, listed, notices, verdicts
from mapsto.views.page import Page, Sheet, columns, paragraph, section, table
from mapsto.views.taking import backbone
from mapsto.words import columns as counted

Record = Mapping[str, Any]
LONGEST = 7  # digits of a row's value
SMALL = 'height="64" style="border-radius:3px"'
SORTS = (("typical", "typical-row"), ("borderline", "doubtful-row"))


def sheet(found: Groups, page: Page) -> Sheet:
    """The page of groups."""
    words, record = page.words, found.record
    several = record["count"] > 1
    code = (
        "groups-title-pictures" if group_words.of_pictures(record) else "groups-title"
    )
    title = words.REPORT[code if several else "groups-title-none"]
    subtitle = words.REPORT["groups-subtitle"].format(
        columns=counted(record, words).strip(), rows=figures.count(record["rows"])
    )
    body = [_opening(page, record)]
    if several:
        body.append(_each(page, record))
    body += [_found(page, record), _again(page, record)]
    return Sheet(
        title.format(groups=record["count"]),
        subtitle,
        record["versions"]["mapsto"],
        "".join(body),
    )


def _opening(page: Page, record: Record) -> str:
    words = page.words
    state = group_states.heaps(record, words)
    code = "map-note" if record["count"] > 1 else "map-note-none"
    note = words.REPORT[code].format(
        shown=figures.count(len(state["x"])), rows=figures.count(record["rows"])
    )
    still = drawing.heaps(state["x"], state["y"], state["group"], state["alt"])
    drawn = page.figure("GroupMap", state, page.told(state, note), "", still)
    data = listed(record["columns"], words)
    data += aside(record, words) + notices(record, words)
    said = "".join(map(paragraph, group_words.sentences(record, words)))
    outcome = _big(record, words) + said + verdicts(record, words)
    return (
        '<div class="opening">'
        + section("x", words.REPORT["x"], data, sign="x")
        + section("f", words.REPORT["f"], drawn, sign="f")
        + section("y", words.REPORT["y"], outcome, sign="y")
        + "</div>"
    )


def _big(record: Record, words: Words) -> str:
    if record["count"] == 1:
        told = escape(words.REPORT["big-none"])
        return f'<p class="big"><b>1</b> <span>{told}</span></p>'
    code, agreement = "big-groups", ""
    if record["refits"]:
        code, agreement = "big-groups-again", f"{record['agreement']:.2f}"
    told = escape(words.REPORT[code].format(agreement=agreement))
    return f'<p class="big"><b>{record["count"]}</b> <span>{told}</span></p>'


def _each(page: Page, record: Record) -> str:
    words = page.words
    cards = "".join(_card(page, record, g) for g in record["groups"])
    note = paragraph(words.REPORT["each-note"], "hint")
    drawn = f'<div class="curves">{cards}</div>'
    title = words.REPORT["each-group"]
    return section("groups", title, note, drawn) + _rows(record, words)


def _card(page: Page, record: Record, group: Record) -> str:
    """One group: its size, how far it comes back, and what sets it apart."""
    words = page.words
    told = [
        words.REPORT["group-size"].format(
            rows=figures.count(group["rows"]), share=findings.percent(group["share"])
        )
    ]
    if group["stability"] is not None:
        stability = f"{group['stability']:.2f}"
        told.append(words.REPORT["group-back"].format(stability=stability))
    title, shown = group_states.name(words, group["group"]), _pictures(group, words)
    if not group["effects"]:
        told += [] if shown else [words.REPORT["group-plain"]]
        told_plainly = paragraph(words.GAP.join(told))
        return f"<figure><h3>{escape(title)}</h3>{told_plainly}{shown}</figure>"
    state = group_states.effects(record, group, words)
    heads = [words.REPORT[w] for w in ("column", "here", "elsewhere", "effect")]
    cells = [
        [row["label"], *group_words.ends(e), f"{e['effect']:+.1f}"]
        for row, e in zip(state["rows"], group["effects"], strict=True)
    ]
    still = drawing.bars(state["rows"], state["alt"])
    note = words.GAP.join(told)
    bars = page.figure("FeatureBars", state, note, table(heads, cells), still, title)
    return f"<div>{bars}{shown}</div>" if shown else bars


def _pictures(group: Record, words: Words) -> str:
    """Its typical and its doubtful pictures in small, where rows are pictures."""
    told = []
    for sort, title in SORTS:
        rows = [row for row in group[sort] if "picture" in row]
        if rows:
            told.append(paragraph(words.REPORT[title], "hint"))
            told.append(f"<p>{''.join(map(_small, rows))}</p>")
    return "".join(told)


def _small(row: Record) -> str:
    kept = row["picture"]
    told = escape(f"{kept['name']} ({findings.percent(row['probability'])})")
    source = escape(image_states.PNG + kept["png"])
    return f'<img src="{source}" alt="{told}" title="{told}" {SMALL}> '


def _rows(record: Record, words: Words) -> str:
    """Typical and doubtful rows, by group."""
    heads = [words.REPORT[w] for w in ("group", "kind", "row", "sure", "values")]
    cells = [
        [
            group["group"],
            words.REPORT[title],
            figures.count(row["row"]),
            findings.percent(row["probability"]),
            ", ".join(f"{k} {short(v)}" for k, v in row["values"].items()),
        ]
        for group in record["groups"]
        for sort, title in SORTS
        for row in group[sort]
    ]
    rows = table(heads, cells, left=(0, 1, 4))
    note = paragraph(words.REPORT["some-note"], "hint")
    return section("rows", words.REPORT["some-rows"], rows, note)


def short(value: str) -> str:
    """A number of many digits is rounded; any other text stays as it is."""
    if len(value) <= LONGEST:
        return value
    try:
        return findings.place(float(value), "number")
    except ValueError:
        return value


def _found(page: Page, record: Record) -> str:
    """How the number was chosen, and the family."""
    parts = [_strength(page, record)] if record["tried"] else []
    parts += [_families(page, record)] if record["rungs"] else []
    title = "found-how" if record["rungs"] else "strength"
    return section("found", page.words.REPORT[title], columns(*parts))


def _families(page: Page, record: Record) -> str:
    words = page.words
    state = group_states.families(record, words)
    still = drawing.rungs(state["rows"], state["alt"])
    heads = [words.REPORT[w] for w in ("family", "family-score", "gain", "agreement")]
    cells = [
        [
            family(words, name) + (" ←" if name == record["best"] else ""),
            *(f"{rung[k]:.2f}" for k in ("score", "gain", "agreement")),
            figures.seconds(rung["seconds"]),
        ]
        for name, rung in record["rungs"].items()
    ]
    numbers = table([*heads, words.REPORT["time"]], cells)
    note = page.told(state, words.REPORT["families-note"])
    title = words.REPORT["families-found"]
    return page.figure("Leaderboard", state, note, numbers, still, title)


def _strength(page: Page, record: Record) -> str:
    words = page.words
    state = group_states.strength(record, words)
    numbers = sorted({t["groups"] for t in record["tried"]})
    told = {(t["family"], t["groups"]): t["strength"] for t in record["tried"]}
    cells = [
        [family(words, name)]
        + [f"{told[name, n]:.2f}" if (name, n) in told else "" for n in numbers]
        for name in dict.fromkeys(t["family"] for t in record["tried"])
    ]
    strengths = table([words.REPORT["family"], *map(str, numbers)], cells)
    note = page.told(state, words.REPORT["strength-note"])
    title = words.REPORT["strength"] if record["rungs"] else ""
    return page.figure("CapacityChart", state, note, strengths, title=title)


def _again(page: Page, record: Record) -> str:
    words = page.words
    versions = ", ".join(f"{k} {v}" for k, v in record["versions"].items())
    mark = words.REPORT["fingerprint"].format(fingerprint=record["fingerprint"][:16])
    return section(
        "again",
        words.REPORT["again"],
        f"<pre>{escape(program(record))}</pre>",
        paragraph(words.REPORT["groups-again"]),
        paragraph(f"{versions}{words.STOP}{words.GAP}{mark}", "quiet"),
    )


def program(record: Record) -> str:
    """The call that gives the same groups, with the caller's table as `data`."""
    given = f"    groups={record['given']!r},\n" if record["given"] else ""
    if "backbone" in record:
        given += f"    backbone={backbone(record)},\n"
    return (
        f"import mapsto\n\ngroups = mapsto.cluster(\n    data,\n{given}"
        f"    effort={record['effort']!r},\n    seed={record['seed']!r},\n)"
    )
