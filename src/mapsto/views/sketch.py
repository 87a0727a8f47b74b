"""A portrait of a model whose file kept none: what its function itself still tells.

Files of before reports hold the function, but nothing of the data. So every column is
walked along with the others at the middle of what was seen; how dense the data are and
what was wrong on unseen rows stays unknown.
"""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from mapsto.model import Model

Record = Mapping[str, Any]
POINTS = 61
MOST_CURVES, MOST_CLASSES, MOST_LEVELS = 24, 4, 20
DRAWN = ("number", "date", "boolean", "category")


def sketched(model: Model) -> dict[str, Any]:
    """The record with a portrait of curves; without curves where a picture or text is
    looked at, which have no middle."""
    record = model.record
    classes = [str(c) for c in record["classes"] or []]
    shown = [1] if len(classes) == 2 else [*range(len(classes))][:MOST_CLASSES]
    columns = record["columns"]
    effects = []
    if all(c["kind"] in DRAWN for c in columns):
        effects = [_effect(model, c, shown) for c in columns[:MOST_CURVES]]
    names = [classes[k] for k in shown] if classes else [""]
    portrait = {"shown": names, "effects": effects, "points": None, "pair": None}
    return {**record, "portrait": portrait}


def _effect(model: Model, column: Record, shown: list[int]) -> dict[str, Any]:
    """The function along a column, the others held."""
    x, values = _walk(column)
    held = {c["name"]: _middle(c, len(x)) for c in model.record["columns"]}
    table = held | {column["name"]: values}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of rows unlike any that was seen
        if shown:
            told = [*model.predict_proba(table).values()]  # a column for each class
            y = np.array([told[k] for k in shown], float)
        else:
            y = np.asarray(model.predict(table), float)[None]
    return {
        "column": column["name"],
        "kind": column["kind"],
        "x": x,
        "y": y.tolist(),
        "band": "none",
        "density": {"edges": [], "counts": []},
    }


def _walk(column: Record) -> tuple[list[Any], np.ndarray]:
    """Values from end to end, as they are drawn and as they are given."""
    kind = column["kind"]
    if kind == "category":
        levels = list(column["levels"][:MOST_LEVELS])
        return levels, np.array(levels, dtype=object)
    if kind == "boolean":
        return ["no", "yes"], np.array([_truth(column, v) for v in (False, True)])
    x = np.linspace(column["low"], column["high"], POINTS)
    return x.tolist(), x if kind == "number" else _dates(x)


def _middle(column: Record, rows: int) -> np.ndarray:
    """The middle of what was seen, or the first level, in every row."""
    kind = column["kind"]
    if kind == "category":
        return np.array([column["levels"][0]] * rows, dtype=object)
    if kind == "boolean":
        return np.array([_truth(column, False)] * rows)
    middle = np.full(rows, (column["low"] + column["high"]) / 2)
    return middle if kind == "number" else _dates(middle)


def _truth(column: Record, value: bool) -> Any:
    """Yes or no in the words of the table, where it has words for them."""
    words = column["parse"].get("true" if value else "false")
    return words[0] if words else value


def _dates(micros: np.ndarray) -> np.ndarray:
    return micros.astype("int64").astype("datetime64[us]")
