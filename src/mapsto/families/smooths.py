"""The form of an additive function: lines, curves of one number, surfaces of two.

    eta = b + Σ_j β_j x_j + Σ_s f_s(x_s) + u(x)' C u(x)

f_s is piecewise cubic; u are the functions of all surfaces' sides, piecewise cubic or
columns of x, and C has a block for each surface. All curves are evaluated at once:
count the knots below x, look up four coefficients, and apply Horner's rule. For
quantities the sum is held to the range of the target and a margin.
"""

from collections.abc import Sequence
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


def packed(pieces: Sequence[Pieces], columns: Sequence[int]) -> dict[str, np.ndarray]:
    """Piecewise cubics of equally many functions as flat tables.

    Shorter knot sequences are filled up with infinity, which no x reaches.
    """
    most = max(len(p.knots) for p in pieces)
    knots = np.full((len(pieces), most), np.inf)
    left = np.zeros((len(pieces), most + 1))
    coefs = np.zeros((len(pieces), most + 1, 4, pieces[0].coefs.shape[2]))
    for k, p in enumerate(pieces):
        knots[k, : len(p.knots)] = p.knots
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
