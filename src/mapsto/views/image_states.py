"""The states of the view of one picture: what it is taken for, and by what evidence."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mapsto import figures
from mapsto.data.png import lightened, png
from mapsto.evidence import Evidence
from mapsto.languages import Words
from mapsto.views import findings

State = dict[str, Any]
Record = Mapping[str, Any]
PNG = "data:image/png;base64,"


def image(
    classes: Sequence[Any],
    probabilities: Any,
    picture: np.ndarray,
    words: Words,
    evidence: Any = None,
    truth: Any = None,
) -> State:
    """One picture with the probability of each class.

    probabilities: (classes,). picture: uint8 (rows, columns, 1 or 3). evidence: (rows,
    columns) of a grid over the picture, positive for the told class and negative
    against it. truth: the label, where it is known.
    """
    said = _of_classes(classes, probabilities, words)
    return _seen(said, _drawn(picture), words, evidence, truth)


def evidence(seen: Evidence, words: Words) -> State:
    """What a model said of one picture, and where it looked for that."""
    if not seen.probability:
        said = _of_quantity(seen.told, words)
        return _seen(said, _drawn(seen.picture), words, seen.maps[""])
    classes, p = list(seen.probability), list(seen.probability.values())
    return image(classes, p, seen.picture, words, seen.maps[seen.told])


def kept(record: Record, one: Record, words: Words) -> State:
    """One of the pictures that a model keeps: those told worst and best."""
    name, classes = record["portrait"]["pictures"]["column"], record["classes"]
    side = next(c["parse"]["side"] for c in record["columns"] if c["name"] == name)
    drawn = {"picture": f"{PNG}{one['picture']}", "side": side}
    if not classes:
        said = _of_quantity(one["told"], words)
        truth = figures.plain(one["truth"], 4)
        said["said"].append([words.REPORT["truth"], truth])
        return _seen(said, drawn, words, one["map"], truth)
    names, p = zip(*((classes[k], p) for k, p in one["p"]), strict=True)
    said = _of_classes(names, p, words)
    return _seen(said, drawn, words, one["map"], classes[int(one["truth"])])


def _of_classes(classes: Sequence[Any], probabilities: Any, words: Words) -> State:
    p, names = np.asarray(probabilities, float), [str(c) for c in classes]
    told = int(p.argmax())
    alt = words.REPORT["find-image"].format(
        label=names[told], p=findings.percent(float(p[told]), 1)
    )
    return {"alt": alt, "classes": names, "probabilities": p.tolist()}


def _of_quantity(told: float, words: Words) -> State:
    value = figures.plain(told, 4)
    alt = words.REPORT["find-quantity"].format(told=value)
    return {"alt": alt, "said": [[words.REPORT["prediction"], value]]}


def _drawn(picture: np.ndarray) -> State:
    return {"picture": uri(lightened(picture)), "side": len(picture)}


def _seen(
    said: State, drawn: State, words: Words, evidence: Any = None, truth: Any = None
) -> State:
    """What was said of a picture, with its truth and where it looked, if known."""
    told, state = [said["alt"]], {**said, **drawn}
    if truth is not None:
        told.append(words.REPORT["find-truth"].format(truth=truth))
        state["truth"] = str(truth)
    if evidence is not None:
        grid = np.asarray(evidence, float)
        if grid.max() > 0:
            place = words.REPORT[_most(grid)]
            told.append(words.REPORT["find-evidence"].format(place=place))
        state["evidence"] = grid.tolist()
    return {**state, "alt": words.GAP.join(told)}


def uri(picture: np.ndarray) -> str:
    """The picture as a data URI, so that a page holds it."""
    return PNG + base64.b64encode(png(picture)).decode()


def _most(evidence: np.ndarray) -> str:
    """In which third of the height and the width most of what speaks for it lies:
    the code of its words."""
    positive = np.maximum(evidence, 0.0)
    rows = [part.sum() for part in np.array_split(positive, 3, axis=0)]
    columns = [part.sum() for part in np.array_split(positive, 3, axis=1)]
    return f"place-{int(np.argmax(rows))}-{int(np.argmax(columns))}"
