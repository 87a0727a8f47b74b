"""What each view shows of groups: its state, made from their record."""

from collections.abc import Mapping
from typing import Any

from mapsto import figures, group_words
from mapsto.languages import Words, family, level
from mapsto.views import findings

State = dict[str, Any]
Record = Mapping[str, Any]
BELIEVED = 0.8  # the prediction strength that is asked for
MOST_TOLD = 3


def name(words: Words, group: int) -> str:
    """What a group is called."""
    return words.REPORT["group-name"].format(group=group)


def heaps(record: Record, words: Words) -> State:
    """The rows on a plane."""
    sizes = [figures.count(g["rows"]) for g in record["groups"]]
    code = "find-map" if record["count"] > 1 else "find-map-none"
    alt = words.REPORT[code].format(
        groups=record["count"], sizes=", ".join(sizes), rows=sizes[0]
    )
    numbers = [g["group"] for g in record["groups"]]
    return {
        "alt": alt,
        **{k: record["map"][k] for k in ("row", "x", "y", "group")},
        "labels": [str(g) for g in numbers] if len(numbers) > 1 else [""],
        "named": [name(words, g) for g in numbers],
    }


def column(effect: Record, words: Words, kinds: Record) -> str:
    """ "area", or "kind = flat"."""
    if effect["kind"] != "share":
        return group_words.label(effect, words)
    told = effect["level"]
    if kinds.get(effect["column"]) == "boolean" or told == "missing":
        told = level(words, told)
    return words.REPORT["of-level"].format(column=effect["column"], level=told)


def effects(record: Record, group: Record, words: Words) -> State:
    """What sets one group apart, as bars."""
    kinds = {c["name"]: c["kind"] for c in record["columns"]}
    rows = []
    for one in group["effects"]:
        here, there = group_words.ends(one)
        told = words.REPORT["against"].format(here=here, there=there)
        label = column(one, words, kinds)
        rows.append({"label": label, "told": told, "rise": one["effect"], "error": 0.0})
    said = "; ".join(f"{r['label']} {r['told']}" for r in rows[:MOST_TOLD])
    alt = words.REPORT["find-apart"].format(
        group=name(words, group["group"]), told=said
    )
    return {"alt": alt, "rows": rows, "xlabel": words.REPORT["effect"], "tell": True}


def families(record: Record, words: Words) -> State:
    """The families by their score; the highest is chosen."""
    rungs = record["rungs"]
    rows = [
        {
            "label": family(words, one),
            "score": rung["score"],
            "error": 0.0,
            "train": rung["score"],
            "told": f"{rung['score']:.2f}",
            "told_train": f"{rung['score']:.2f}",
            "best": one == record["best"],
            "simplest": False,
        }
        for one, rung in rungs.items()
    ]
    alt = words.REPORT["find-families"].format(
        count=len(rungs),
        best=family(words, record["best"]),
        score=f"{rungs[record['best']]['score']:.2f}",
    )
    name = words.REPORT["family-score"]
    return {"alt": alt, "rows": rows, "xlabel": name, "straight": True}


def strength(record: Record, words: Words) -> State:
    """How well each number of groups came back, a line for each family."""
    points = [
        {
            "label": f"{family(words, t['family'])} {t['groups']}: {t['strength']:.2f}",
            "line": family(words, t["family"]),
            "size": t["groups"],
            "score": t["strength"],
            "chosen": t["believed"] and t["groups"] == record["count"],
        }
        for t in record["tried"]
    ]
    best = max(record["tried"], key=lambda t: t["strength"])
    alt = words.REPORT["find-strength"].format(
        groups=best["groups"],
        strength=f"{best['strength']:.2f}",
        family=family(words, best["family"]),
    )
    return {
        "alt": alt,
        "points": points,
        "plain": True,
        "range": [0.0, 1.05],
        "limit": {"value": BELIEVED, "label": words.REPORT["asked-for"]},
        "xlabel": words.REPORT["groups-axis"],
        "ylabel": words.REPORT["strength-axis"],
    }


def sure(probability: float) -> str:
    return findings.percent(probability)
