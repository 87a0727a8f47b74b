"""The state of the view of a network: its wiring, and rows that flow through it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mapsto import figures
from mapsto.languages import Words, level
from mapsto.views import findings

State = dict[str, Any]
Record = Mapping[str, Any]


def network(record: Record, words: Words) -> State:
    """The network of a fitted model."""
    told = record["portrait"]["network"]
    classes = [str(c) for c in record["classes"] or []]
    sizes = " → ".join(map(str, told["sizes"]))
    names = classes[-1:] if len(classes) == 2 else classes or [record["target"]]
    state = {
        "alt": words.REPORT["find-network"].format(sizes=sizes),
        "sizes": told["sizes"],
        "inputs": told["inputs"],
        "weights": told["weights"],
        "outputs": names,
    }
    flow = told.get("flow")  # files of before rows flowed have none
    if not flow or not flow["answers"]:
        return state
    kinds = {c["name"]: c["kind"] for c in record["columns"]}
    return state | {
        "activation": flow["activation"],
        "biases": flow["biases"],
        "picked": picked(flow["answers"]),
        "answers": [[_answer(a, kinds, words) for a in la] for la in flow["answers"]],
        "rows": [_row(row, record, kinds, words) for row in flow["rows"]],
    }


def picked(answers: Sequence[Sequence[Record | None]]) -> list[int]:
    """The neuron of the first layer that moves most: [1, its place]."""
    reach = [np.ptp(one["y"]) if one else 0.0 for one in answers[0]]
    return [1, int(np.argmax(reach))]


def _answer(one: Record | None, kinds: Record, words: Words) -> State | None:
    if one is None:
        return None
    kind = kinds[one["column"]]
    shown = [level(words, v) for v in one["x"]] if kind == "boolean" else one["x"]
    return {"xlabel": one["column"], "kind": kind, "x": shown, "y": one["y"]}


def _row(row: Record, record: Record, kinds: Record, words: Words) -> State:
    columns = record["portrait"]["network"]["inputs"]
    values = [
        _place(v, kinds[name], words)
        for name, v in zip(columns, row["inputs"], strict=True)
    ]
    label, moved = words.REPORT["flow-middle"], row["moved"]
    if moved:
        value = _place(moved["value"], kinds[moved["column"]], words)
        label = words.REPORT["flow-moved"].format(column=moved["column"], value=value)
    kept = {k: row[k] for k in ("terms", "sums", "values")}
    return kept | {"label": label, "inputs": values, "told": _outcome(row, record)}


def _place(value: Any, kind: str, words: Words) -> str:
    return level(words, value) if kind == "boolean" else findings.place(value, kind)


def _outcome(row: Record, record: Record) -> list[str]:
    """The prediction, the probability of the second class, or one for each class."""
    if record["task"] == "regression":
        return [figures.plain(row["told"][0], 4)]
    told = row["told"][-1:] if len(record["classes"]) == 2 else row["told"]
    return [findings.percent(p, 1) for p in told]
