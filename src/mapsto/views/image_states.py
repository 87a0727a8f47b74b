"""The state of the view of one picture: what it is taken for, and by what evidence."""

import base64
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from mapsto.evidence import Evidence
from mapsto.languages import Words
from mapsto.views import findings

State = dict[str, Any]
GREY, COLOUR = 0, 2
"""What PNG calls one channel, and three."""


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
    p, names = np.asarray(probabilities, float), [str(c) for c in classes]
    told = int(p.argmax())
    alt = words.REPORT["find-image"].format(
        label=names[told], p=findings.percent(float(p[told]), 1)
    )
    state = {"classes": names, "probabilities": p.tolist(), "picture": uri(picture)}
    if truth is not None:
        state["truth"] = str(truth)
    if evidence is None:
        return {"alt": alt, **state}
    grid = np.asarray(evidence, float)
    place = words.REPORT["find-evidence"].format(place=words.REPORT[_most(grid)])
    alt = words.GAP.join([alt, place])
    return {"alt": alt, **state, "evidence": grid.tolist()}


def evidence(seen: Evidence, words: Words) -> State:
    """What a model said of one picture, and where it looked for that."""
    classes, p = list(seen.probability), list(seen.probability.values())
    return image(classes, p, seen.picture, words, seen.maps[seen.told])


def uri(picture: np.ndarray) -> str:
    """The picture as a data URI, so that a page holds it."""
    return f"data:image/png;base64,{base64.b64encode(png(picture)).decode()}"


def png(picture: np.ndarray) -> bytes:
    """A PNG file (https://www.w3.org/TR/png-3/) of uint8 (rows, columns, 1 or 3)."""
    rows, columns, channels = picture.shape
    kind = GREY if channels == 1 else COLOUR
    head = struct.pack(">IIBBBBB", columns, rows, 8, kind, 0, 0, 0)
    unfiltered = np.zeros((rows, 1), np.uint8)  # each line begins with its filter
    lines = np.concatenate([unfiltered, picture.reshape(rows, -1)], axis=1)
    body = zlib.compress(lines.tobytes())
    chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    size, check = len(data), zlib.crc32(name + data)
    return struct.pack(">I", size) + name + data + struct.pack(">I", check)


def _most(evidence: np.ndarray) -> str:
    """In which third of the height and the width most of what speaks for it lies:
    the code of its words."""
    positive = np.maximum(evidence, 0.0)
    rows = [part.sum() for part in np.array_split(positive, 3, axis=0)]
    columns = [part.sum() for part in np.array_split(positive, 3, axis=1)]
    return f"place-{int(np.argmax(rows))}-{int(np.argmax(columns))}"
