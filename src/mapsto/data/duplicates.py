"""Pictures that are nearly the same: the same photograph again, smaller, lighter.

A picture's mark has one bit for each of 15 × 16 neighbouring places: is it lighter
than the one to its left (a difference hash: N. Krawetz 2013,
https://www.hackerfactor.com/blog/index.php?/archives/529-Kind-of-Like-That.html)?
Two pictures are near-duplicates where few bits differ, of them or of one and the
other's mirror image, and where their grey values rise and fall together.
"""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

PLACES = 16
BITS = 0.08  # of the bits may differ
ALIKE, ALIKE_SMALL = 0.985, 0.999  # least correlation; of pictures of fewer places
FLAT = 4.0  # grey levels: a picture that varies less has no mark to tell it by
AT_ONCE = 1024


def near_duplicates(pictures: np.ndarray) -> np.ndarray:
    """(n,) numbers: pictures of the same number are nearly the same.

    pictures: (n, side, side, channels), 0 to 255. Identical ones are always found;
    of nearly plain ones only those.
    """
    grey = _small(pictures)
    known = grey.std(axis=(1, 2)) >= FLAT
    n = len(pictures)
    _, same = np.unique(
        np.round(pictures.reshape(n, -1)).astype(np.uint8), axis=0, return_inverse=True
    )
    pairs = [_identical(same.ravel())]
    for turned in (False, True):
        pairs.append(_near(grey, known, turned))
    left, right = np.concatenate(pairs, axis=1)
    graph = coo_array((np.ones(len(left)), (left, right)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1])


def _identical(same: np.ndarray) -> np.ndarray:
    """(2, pairs): each row with the first of its kind."""
    _, first = np.unique(same, return_index=True)
    return np.stack([np.arange(len(same)), first[same]])


def _near(grey: np.ndarray, known: np.ndarray, turned: bool) -> np.ndarray:
    """(2, pairs) of near-duplicates; `turned`: the second is mirrored."""
    other = grey[:, :, ::-1] if turned else grey
    marks, others = _marks(grey), _marks(other)
    shapes, other_shapes = _shapes(grey), _shapes(other)
    shapes[~known] = 0
    least = ALIKE if grey.shape[1] == PLACES else ALIKE_SMALL
    found = []
    for start in range(0, len(grey), AT_ONCE):
        some = slice(start, start + AT_ONCE)
        differing = (1 - marks[some] @ others.T / marks.shape[1]) / 2
        alike = shapes[some] @ other_shapes.T
        left, right = np.nonzero((differing <= BITS) & (alike >= least))
        left = left + start
        found.append(np.stack([left, right])[:, left < right])
    return np.concatenate(found, axis=1)


def _small(pictures: np.ndarray) -> np.ndarray:
    """(n, 16, 16) means of grey values; smaller pictures as they are."""
    side = pictures.shape[1]
    edges = np.linspace(0, side, min(PLACES, side) + 1).round().astype(int)
    grey = pictures.astype(np.float32).mean(axis=3)
    rows = np.add.reduceat(grey, edges[:-1], axis=1) / np.diff(edges)[:, None]
    return np.add.reduceat(rows, edges[:-1], axis=2) / np.diff(edges)


def _marks(grey: np.ndarray) -> np.ndarray:
    """(n, bits) of -1 and 1."""
    lighter = np.diff(grey, axis=2) > 0
    return np.where(lighter, 1, -1).reshape(len(grey), -1).astype(np.float32)


def _shapes(grey: np.ndarray) -> np.ndarray:
    """(n, places): grey values around their mean, of length one."""
    flat = grey.reshape(len(grey), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
