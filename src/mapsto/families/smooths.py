"""The form of an additive function: lines, curves of one number, surfaces of two.

    eta = b + Σ_j β_j x_j + Σ_s f_s(x_s) + u(x)' C u(x) + Σ_(s,t) T_st(x_s, x_t)

f_s is piecewise cubic; u are the functions of all surfaces' sides, piecewise cubic or
columns of x, and C has a block for each surface; T_st is constant on the tiles between
the places at which it may jump. All curves are evaluated at once:
count the knots below x, look up four coefficients, and apply Horner's rule. For
quantities the sum is held to the range of the target and a margin.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mapsto.families.bounds import within
from mapsto.solvers.splines import Pieces


def additive(parameters: Any, x: Any) -> Any:
    """x: (n, d) -> eta: (n, outputs)."""
    xp = x.__array_namespace__()
    p = parameters
    eta = p["intercept"] + xp.take(x, p["linear"], axis=1) @ p["slopes"]
    if "curves" in p:
        eta = eta + xp.sum(pieces_at(p["curves"], x), axis=1)
    if "surfaces" in p:
        sides = []
        if "sides" in p:
            sides.append(xp.reshape(pieces_at(p["sides"], x), (x.shape[0], -1)))
        if "plain" in p:
            sides.append(xp.take(x, p["plain"], axis=1))
        u = sides[0] if len(sides) == 1 else xp.concat(sides, axis=1)
        each = [xp.sum((u @ form) * u, axis=1) for form in p["surfaces"]]
        eta = eta + xp.stack(each, axis=1)
    if "tiles" in p:
        eta = eta + xp.sum(tiles_at(p["tiles"], x), axis=1)
    return within(p, eta) if "low" in p else eta


def pieces_at(packed: Any, x: Any) -> Any:
    """Values (n, pieces, k) of packed piecewise cubics, each at its column of x."""
    xp = x.__array_namespace__()
    v = xp.take(x, packed["column"], axis=1)
    v = xp.minimum(xp.maximum(v, packed["low"]), packed["high"])
    below = xp.astype(v[:, :, None] >= packed["knots"], xp.int64)
    at = xp.sum(below, axis=2) + packed["offset"]
    t = (v - xp.take(xp.asarray(packed["left"]), at, axis=0))[:, :, None]
    c = [xp.take(xp.asarray(packed[f"c{q}"]), at, axis=0) for q in range(4)]
    return ((c[3] * t + c[2]) * t + c[1]) * t + c[0]


def tiles_at(laid: Any, x: Any) -> Any:
    """Values (n, tables, outputs) of laid tables, each at its two columns of x."""
    xp = x.__array_namespace__()
    place = 0
    for column, knots in (("first", "rows"), ("second", "columns")):
        v = xp.take(x, laid[column], axis=1)
        below = xp.astype(v[:, :, None] >= laid[knots], xp.int64)
        place = place * (laid[knots].shape[1] + 1) + xp.sum(below, axis=2)
    return xp.take(xp.asarray(laid["heights"]), place + laid["offset"], axis=0)


@dataclass(frozen=True, eq=False)
class Tile:
    """A surface in steps: heights (rows + 1, columns + 1, outputs) between its knots
    (rows,) in the column `first` of x and (columns,) in `second`."""

    first: int
    second: int
    rows: np.ndarray
    columns: np.ndarray
    heights: np.ndarray


def laid(tiles: Sequence[Tile]) -> dict[str, np.ndarray]:
    """Surfaces in steps as one flat table."""
    rows, columns = (
        _filled([t.rows for t in tiles]),
        _filled([t.columns for t in tiles]),
    )
    shape = rows.shape[1] + 1, columns.shape[1] + 1, tiles[0].heights.shape[2]
    heights = np.zeros((len(tiles), *shape))
    for k, t in enumerate(tiles):
        heights[k, : len(t.rows) + 1, : len(t.columns) + 1] = t.heights
    return {
        "first": np.array([t.first for t in tiles]),
        "second": np.array([t.second for t in tiles]),
        "rows": rows,
        "columns": columns,
        "offset": np.arange(len(tiles)) * shape[0] * shape[1],
        "heights": heights.reshape(-1, shape[2]),
    }


def _filled(knots: Sequence[np.ndarray]) -> np.ndarray:
    """(sequences, most): filled up with infinity, which no x reaches."""
    filled = np.full((len(knots), max(map(len, knots))), np.inf)
    for k, some in enumerate(knots):
        filled[k, : len(some)] = some
    return filled


def packed(pieces: Sequence[Pieces], columns: Sequence[int]) -> dict[str, np.ndarray]:
    """Piecewise cubics of equally many functions as flat tables."""
    knots = _filled([p.knots for p in pieces])
    most = knots.shape[1]
    left = np.zeros((len(pieces), most + 1))
    coefs = np.zeros((len(pieces), most + 1, 4, pieces[0].coefs.shape[2]))
    for k, p in enumerate(pieces):
        left[k, : len(p.lefts)] = p.lefts
        coefs[k, : len(p.lefts)] = p.coefs
    flat = coefs.reshape(len(pieces) * (most + 1), 4, -1)
    return {
        "column": np.array(columns),
        "low": np.array([p.low for p in pieces]),
        "high": np.array([p.high for p in pieces]),
        "knots": knots,
        "offset": np.arange(len(pieces)) * (most + 1),
        "left": left.reshape(-1),
        **{f"c{q}": flat[:, q] for q in range(4)},
    }


def widened(pieces: Pieces, functions: int) -> Pieces:
    """The same functions, and as many zeros after them as make so many."""
    spare = functions - pieces.coefs.shape[2]
    coefs = np.pad(pieces.coefs, ((0, 0), (0, 0), (0, spare)))
    return Pieces(pieces.knots, coefs, pieces.low, pieces.high)
