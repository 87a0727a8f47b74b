"""Which pairs of columns act together: a screening of what a sum gets wrong.

As in GA²M (Lou et al. 2013, https://doi.org/10.1145/2487575.2487579), each pair is
judged by the means of its cells, which is a pass over the rows and no fit.
"""

from itertools import combinations

import numpy as np

from mapsto.families.curve_columns import Source, sources
from mapsto.families.family import Sample

SCREENED = 48  # sources of which all pairs are looked at: those that say most alone
CELLS = 8  # of a number
MOST_LEVELS = 20  # of a category that has a surface
PRICE = 1.5  # times what chance would explain


def acting_together(
    sample: Sample, target: np.ndarray, wrong: np.ndarray, most: int
) -> list[tuple[Source, Source]]:
    """The pairs whose cells explain most of what is wrong, the first the most.

    target, wrong: (n, outputs), y less its mean, and less the sum's prediction. The
    gain of a pair is the sum of squares of what is wrong that its cells' means take
    away, less what chance would.
    """
    small = [s for s in sources(sample) if len(s) <= MOST_LEVELS]
    places = {source: _place(sample.x, source) for source in small}
    cells = {source: int(place.max()) + 1 for source, place in places.items()}
    several = [source for source in small if cells[source] > 1]
    if len(several) > SCREENED:
        alone = {s: _gain(places[s], cells[s], target, sample.w) for s in several}
        several = sorted(several, key=lambda s: -alone[s])[:SCREENED]
    gains = {
        (a, b): _gain(
            places[a] * cells[b] + places[b], cells[a] * cells[b], wrong, sample.w
        )
        for a, b in combinations(sorted(several), 2)
    }
    order = sorted(gains, key=lambda pair: -gains[pair])[:most]
    return [pair for pair in order if gains[pair] > 0]


def _place(x: np.ndarray, source: Source) -> np.ndarray:
    """(n,) the cell of each row: between quantiles of a number, or its level, 0 where
    it has none."""
    if len(source) > 1:
        levels = x[:, list(source)]
        return np.where(levels.max(axis=1) > 0, 1 + levels.argmax(axis=1), 0)
    values = x[:, source[0]]
    distinct, place = np.unique(values, return_inverse=True)
    if len(distinct) <= CELLS:
        return place
    edges = np.unique(np.quantile(values, np.linspace(0, 1, CELLS + 1)[1:-1]))
    return np.searchsorted(edges, values, side="right")


def _gain(place: np.ndarray, cells: int, wrong: np.ndarray, w: np.ndarray) -> float:
    """Σ over cells of (Σ w r)² / Σ w, less cells · variance."""
    weight = np.bincount(place, w, cells)
    taken = sum(
        (np.bincount(place, w * r, cells) ** 2 / np.maximum(weight, 1e-12)).sum()
        for r in wrong.T
    )
    chance = (weight > 0).sum() * np.average(wrong**2, axis=0, weights=w).sum()
    return float(taken - PRICE * chance)
