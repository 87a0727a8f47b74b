"""Where a function looked: which places of a picture speak for which class.

A window goes over the picture and hides what is under it, with the picture's mean
colour. Where the log odds of a class fall when a place is hidden, the place spoke for
that class (Zeiler & Fergus 2014, §2.2, https://arxiv.org/abs/1311.2901). That needs
nothing but predictions, so it is the same for a line, a space and a network.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mapsto.data.table import Column, Table

WINDOW = 4  # its side is a fourth of the picture's
PLACES = 16  # along a side of the map
FLOOR = 1e-9  # of a probability, in log odds


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a function said of one picture, and what for.

    picture: uint8 (side, side, 1 or 3), as it was seen. told: the label, or the
    number. probability: of each label; empty for a quantity. maps: of each label
    (rows, columns), how much its log odds fall when the place is hidden; for a
    quantity {"": how much the prediction falls}.
    """

    picture: np.ndarray
    told: Any
    probability: Mapping[Any, float]
    maps: Mapping[Any, np.ndarray]

    def to_dict(self) -> dict[str, Any]:
        """In JSON's own types, with labels as text."""
        told = self.told.item() if isinstance(self.told, np.generic) else self.told
        return {
            "picture": self.picture.tolist(),
            "told": told,
            "probability": {str(k): p for k, p in self.probability.items()},
            "maps": {str(k): m.tolist() for k, m in self.maps.items()},
        }


def evidence(
    table: Table,
    column: Column,
    labels: list[Any],
    predicted: Callable[[Table], np.ndarray],
) -> Evidence:
    """Of a table of one row. predicted: (n, classes) probabilities, or (n,)."""
    side, channels = column.parse["side"], column.parse["channels"]
    picture = table.values[column.name].reshape(side, side, channels)

    def of_pictures(shown: np.ndarray) -> np.ndarray:
        many = {
            c.name: np.repeat(table.values[c.name], len(shown), axis=0)
            for c in table.columns
        }
        values = {**many, column.name: shown.reshape(len(shown), -1)}
        return predicted(replace(table, values=values, rows=len(shown)))

    answer, falls = looked(picture, of_pictures)
    if not labels:
        return Evidence(picture, float(answer), {}, {"": falls[0]})
    probability = dict(zip(labels, answer.tolist(), strict=True))
    maps = dict(zip(labels, falls, strict=True))
    return Evidence(picture, labels[int(answer.argmax())], probability, maps)


def looked(
    picture: np.ndarray, predicted: Callable[[np.ndarray], np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """What is said of a picture, and how much it falls when a place is hidden.

    picture: uint8 (side, side, channels). predicted: pictures ↦ (n, classes)
    probabilities, or (n,). Gives back the answer, (classes,) or a number, and the maps,
    (classes, places, places) of log odds or (1, places, places).
    """
    hidden, covers = _hidden(picture)
    answers = predicted(np.concatenate([picture[None], hidden]))
    odds = _log_odds(answers) if answers.ndim > 1 else answers[:, None]
    falls = odds[0] - odds[1:]
    return answers[0], np.stack([_mapped(one, covers) for one in falls.T])


def _hidden(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The picture with each window hidden (w, side, side, c), and which places of the
    map each window covers, as shares (w, places, places)."""
    side = len(picture)
    size, places = max(1, side // WINDOW), min(PLACES, side)
    edges = np.linspace(0, side, places + 1)
    starts = np.unique(np.linspace(0, side - size, places).round().astype(int))
    mean = picture.mean(axis=(0, 1)).round().astype(np.uint8)
    shares = np.stack([_covered(start, size, edges) for start in starts])
    pictures, covers = [], []
    for i, top in enumerate(starts):
        for j, left in enumerate(starts):
            shown = picture.copy()
            shown[top : top + size, left : left + size] = mean
            pictures.append(shown)
            covers.append(shares[i][:, None] * shares[j])
    return np.stack(pictures), np.stack(covers)


def _covered(start: int, size: int, edges: np.ndarray) -> np.ndarray:
    """The share of each interval between edges that lies in the window."""
    inside = np.minimum(edges[1:], start + size) - np.maximum(edges[:-1], start)
    return np.maximum(inside, 0) / np.diff(edges)


def _mapped(falls: np.ndarray, covers: np.ndarray) -> np.ndarray:
    """Each place: the mean fall of the windows that cover it, (places, places)."""
    told = np.tensordot(falls, covers, axes=1) / covers.sum(axis=0)
    return np.asarray(told)


def _log_odds(p: np.ndarray) -> np.ndarray:
    """log(pₖ / Σⱼ pⱼ), j ≠ k: (n, classes). Not of 1 - pₖ, which is nothing but the
    rounding of float32 where a class is all but sure."""
    p = np.maximum(np.asarray(p, float), FLOOR)
    others = p.sum(axis=1, keepdims=True) - p
    return np.asarray(np.log(p) - np.log(np.maximum(others, FLOOR)))
