"""What each view shows: its state, made from a model's record.

A state is plain JSON; its keys are told at the head of the view's file in
`frontend/src/views`. `alt` is always the finding as a sentence.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mapsto import figures
from mapsto.languages import Words, family, level, score, translated
from mapsto.views import findings

State = dict[str, Any]
Record = Mapping[str, Any]
ROOM = 0.05
CONTOURS = 7
MOST_TERMS, LEAST_TERMS = 12, 3  # of all formulas together, of each
MOST_LABELS = 12
OTHERS = ("threshold", "sigmoid", "tanh", "relu", "gelu", "silu", "mish")
"""Activations that can be drawn beside a network's own."""


def output(record: Record, words: Words, k: int = 0) -> str:
    """What the k-th shown output is called on an axis."""
    if record["task"] == "regression":
        return str(record["target"])
    label = record["portrait"]["shown"][k]
    return words.REPORT["probability"].format(label=label)


def ladder(record: Record, words: Words) -> State:
    rows = []
    for name, rung in record["rungs"].items():
        value, error = figures.with_error(rung["score"], rung["standard_error"])
        train, _ = figures.with_error(rung["train_score"], rung["standard_error"])
        rows.append(
            {
                "label": family(words, name),
                "score": rung["score"],
                "error": rung["standard_error"],
                "train": rung["train_score"],
                "told": f"{value} ± {error}",
                "told_train": train,
                "best": name == record["best"],
                "simplest": name == record["simplest"],
            }
        )
    return {
        "alt": findings.ladder(record, words),
        "rows": rows,
        "xlabel": score(words, record["score"]),
    }


def capacity(record: Record, words: Words) -> State:
    points = [
        {
            "label": family(words, name),
            "size": rung["parameters"],
            "score": rung["score"],
            "error": rung["standard_error"],
            "train": rung["train_score"],
        }
        for name, rung in record["rungs"].items()
        if name not in ("constant", "blend")
    ]
    return {
        "alt": findings.capacity(record, words),
        "points": points,
        "xlabel": words.REPORT["count"],
        "ylabel": score(words, record["score"]),
    }


def effects(record: Record, words: Words) -> list[State]:
    """The curves along the columns, all on the same scale."""
    told = record["portrait"]["effects"]
    span = _span(told)
    return [effect(record, one, words) | {"range": span} for one in told]


def effect(record: Record, one: Record, words: Words) -> State:
    """The curve along one column, on a scale of its own."""
    name = output(record, words)
    if one["kind"] == "boolean":
        one = {**one, "x": [level(words, v) for v in one["x"]]}
    kept = {k: one[k] for k in ("kind", "x", "y", "band", "density")}
    if one["band"] != "none":
        kept |= {"low": one["low"], "high": one["high"]}
    points = record["portrait"]["points"]
    if points and len(points["x"]) == 1 and record["task"] == "regression":
        kept["points"] = {"x": points["x"][0], "y": points["y"]}
    return kept | {
        "alt": findings.curve(one, name, words, record["task"]),
        "labels": record["portrait"]["shown"],
        "xlabel": one["column"],
        "ylabel": name,
    }


def _span(told: Sequence[Record]) -> list[float]:
    every = [
        v for one in told for values in (*one["y"], *_band_of(one)) for v in values
    ]
    low, high = min(every, default=0.0), max(every, default=1.0)
    flat = high - low <= findings.FLAT * max(abs(low), abs(high))
    room = (ROOM * abs(low) or 1.0) if flat else ROOM * (high - low)
    return [low - room, high + room]


def _band_of(one: Record) -> list[list[float]]:
    """The band's ends where one is drawn: of several classes none is."""
    drawn = len(one["y"]) == 1 and one["band"] != "none"
    return [one["low"], one["high"]] if drawn else []


def field(record: Record, words: Words) -> State:
    """The function over a plane: map, border between classes or level lines, points."""
    pair = record["portrait"]["pair"]
    first, second = pair["columns"]
    classes = record["classes"] or []
    labels = [str(c) for c in classes]
    state = {
        "alt": findings.field(pair, output(record, words), len(classes), words),
        "x": pair["x"],
        "y": pair["y"],
        "z": pair["z"],
        "xlabel": first,
        "ylabel": second,
        "labels": labels,
    }
    points = record["portrait"]["points"]
    if points and pair["exact"]:
        order = [_place(record, name) for name in pair["columns"]]
        state["points"] = {"x": [points["x"][k] for k in order]}
        if classes:
            state["points"]["k"] = [int(k) for k in points["y"]]
    if "k" in pair:
        return state | {"k": pair["k"], "low": 0.0, "high": 1.0}
    if classes:
        state |= {"low": 0.0, "high": 1.0, "label": labels[1]}
        return state | {"levels": [0.5], "border": True}
    low, high = float(np.min(pair["z"])), float(np.max(pair["z"]))
    levels = np.linspace(low, high, CONTOURS + 2)[1:-1].tolist()
    flat = high - low <= findings.FLAT * max(abs(low), abs(high))
    return state | {"levels": [] if flat else levels}


def lift(record: Record, words: Words) -> State:
    """The same as a surface; two classes as log-odds, which have no cliffs."""
    pair = record["portrait"]["pair"]
    z = np.array(pair["z"])
    if record["task"] == "classification":
        z = np.clip(np.log(z + 1e-3) - np.log(1 - z + 1e-3), -4, 4)
    return {
        "alt": findings.field(
            pair, output(record, words), len(record["classes"] or []), words
        ),
        "x": pair["x"],
        "y": pair["y"],
        "z": z.tolist(),
        "xlabel": pair["columns"][0],
        "ylabel": pair["columns"][1],
    }


def _place(record: Record, name: str) -> int:
    return [c["name"] for c in record["columns"]].index(name)


def importance(record: Record, words: Words) -> State:
    rows = []
    rounding = findings.FLAT * abs(record["rungs"][record["best"]]["score"])
    for one in record["portrait"]["importance"]["columns"]:
        nothing = max(abs(one["rise"]), one["error"]) <= rounding
        up, spread = (0.0, 0.0) if nothing else (one["rise"], one["error"])
        rise, error = figures.with_error(up, spread)
        told = {"label": one["column"], "told": f"{rise} ± {error}"}
        rows.append(told | {"rise": up, "error": spread})
    name = score(words, record["score"])
    return {
        "alt": findings.importance(record, words),
        "rows": rows,
        "xlabel": words.REPORT["rise"].format(score=name),
    }


def losses(record: Record, words: Words) -> State | None:
    """The network's training, None where no network was kept."""
    details = record["rungs"].get("network", {}).get("details", {})
    training = details.get("training") or details.get("final")
    if not training:
        return None
    validation = details.get("validation") or []
    alt = findings.losses(training, validation, words)
    state = {"alt": alt, "training": training}
    return state | ({"validation": validation} if validation else {})


def activation(record: Record, words: Words) -> State:
    name = record["rungs"]["network"]["hyperparameters"]["activation"]
    alt = words.REPORT["find-activation"].format(name=name)
    return {"alt": alt, "name": name, "others": list(OTHERS)}


def target(record: Record, words: Words) -> State:
    told = record["portrait"]["target"]
    state = {"alt": findings.target(record, words), "counts": told["counts"]}
    if record["task"] == "classification":
        labels = [str(c) for c in record["classes"]]
        order = np.argsort(-np.array(told["counts"]), kind="stable")[:MOST_LABELS]
        counts = [told["counts"][k] for k in order]
        return state | {"labels": [labels[k] for k in order], "counts": counts}
    return state | {"edges": told["edges"], "xlabel": record["target"]}


def intervals(record: Record, words: Words) -> list[State]:
    """A low, a middle and a high prediction, each with its interval."""
    edges = record["portrait"]["target"]["edges"]
    found = []
    for one in record["portrait"]["typical"]:
        told = [figures.plain(one[k], 4) for k in ("low", "value", "high")]
        alt = words.REPORT["find-interval"].format(
            low=told[0], value=told[1], high=told[2]
        )
        domain = [min(edges[0], one["low"]), max(edges[-1], one["high"])]
        found.append({"alt": alt, **one, "told": told, "domain": domain})
    return found


def residuals(record: Record, words: Words) -> State:
    told = record["portrait"]["residuals"]
    return {
        "alt": findings.residuals(told, words),
        **{k: told[k] for k in ("points", "trend", "edges", "counts")},
        "xlabel": words.REPORT["prediction"],
        "ylabel": words.REPORT["truth-minus"],
    }


def confusion(record: Record, words: Words) -> State:
    told = record["portrait"]["confusion"]
    labels = [str(record["classes"][k]) for k in told["classes"]]
    return {
        "alt": findings.confusion(told, labels, words),
        "labels": labels,
        "counts": told["counts"],
        "rowlabel": words.REPORT["truth"],
        "columnlabel": words.REPORT["told"],
    }


def coverage(record: Record, words: Words) -> State:
    levels = record["portrait"]["coverage"]["levels"]
    points = [{"told": asked, "share": measured} for asked, measured in levels]
    lowest = min(p["share"] for p in points)
    return {
        "alt": findings.coverage(levels, words),
        "points": points,
        "from": 0.4 if lowest >= 0.4 else 0.0,
        "xlabel": words.REPORT["asked"],
        "ylabel": words.REPORT["measured"],
    }


def reliability(record: Record, words: Words) -> State:
    bins = record["portrait"]["reliability"]
    two = len(record["classes"]) == 2
    label = output(record, words) if two else words.REPORT["probability-told"]
    return {
        "alt": findings.reliability(bins, words),
        "points": bins,
        "xlabel": label,
        "ylabel": words.REPORT["happened"],
    }


def formula(told: Record, words: Words) -> State:
    """`Rung.formula` as data: {outputs: [{name, intercept, terms, more}]}."""
    outputs, most = [], max(LEAST_TERMS, MOST_TERMS // max(len(told), 1))
    for name, one in told.items():
        terms = [_term(t) for t in one["terms"][:most]]
        outputs.append(
            {
                "name": translated(words, "OUTPUTS", name) or name,
                "intercept": figures.plain(one["intercept"]).replace("-", "−"),
                "terms": terms,
                "more": max(len(one["terms"]) - most, 0),
            }
        )
    return {"outputs": outputs}


def _term(term: Record) -> dict[str, str]:
    error = term.get("standard_error") or 0.0
    size, spread = figures.with_error(abs(term["coefficient"]), error)
    sign = "−" if term["coefficient"] < 0 else "+"
    told_error = spread if error else ""
    return {"sign": sign, "told": size, "error": told_error, "feature": term["feature"]}
