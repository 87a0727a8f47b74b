"""The rows to be grouped, and what a grouping is judged by."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.covariance import ledoit_wolf
from sklearn.neighbors import NearestNeighbors

from mapsto import catalogue
from mapsto.data.group_space import GroupSpace, fit_space
from mapsto.data.picture_folders import OF_PICTURES, PICTURE, pictures_in
from mapsto.data.pictures import SIDE
from mapsto.data.raw import Raw
from mapsto.data.read import read
from mapsto.data.table import Column
from mapsto.data.typed import type_table
from mapsto.errors import DataError
from mapsto.events import DataRead, Noticed, Watch
from mapsto.graph.backbone import Extractor
from mapsto.selection.pictures import decoded_rows, picture_columns
from mapsto.selection.reading import MOST_ROWS as MOST_READ
from mapsto.selection.reading import learnable
from mapsto.selection.unimodal import is_level

MOST_ROWS = 5000  # that groups are learned from; the others are told by the function
JUDGED_ROWS = 1200  # by which the number of groups is chosen
LEAST_ROWS = 10
NEIGHBOURS = 10
SMALLEST = 1e-4  # probability of a level that a group does not have
FLOOR = 1e-2  # of a group's variance in a direction


@dataclass(frozen=True, eq=False)
class GroupProblem:
    """The rows to learn groups from: raw, T (n, width) and x (n, d).

    total: rows of the table, of which these may be a sample. source: (n,) where each
    row stood in it.
    """

    raw: Raw
    columns: tuple[Column, ...]
    aside: tuple[Column, ...]
    notices: tuple[Noticed, ...]
    t: np.ndarray
    x: np.ndarray
    space: GroupSpace
    source: np.ndarray
    total: int
    seed: int
    extractor: Extractor | None = None

    @property
    def blocks(self) -> np.ndarray:
        """(d,) the number of the column that each feature came from."""
        place = {c.name: k for k, c in enumerate(self.columns)}
        return np.array([place[f.column] for f in self.space.features])


def read_groups(
    data: Any,
    kinds: Mapping[str, str] | None,
    seed: int,
    watch: Watch,
    least: int = 2,
    extractor: Extractor | None = None,
) -> GroupProblem:
    """Read, type, draw a sample of a large table, and encode.

    least: the number of groups that is asked for. Errors: DataError when there are
    fewer rows, all of them are equal, or no column can be learned from.
    """
    side = extractor.side if extractor else SIDE
    raw, hidden = _unlabelled(_read(data, seed, side))
    _enough(raw, least)
    total, source = max(raw.total, raw.rows), np.arange(raw.rows)
    sampled: tuple[Noticed, ...] = ()
    if raw.rows > MOST_ROWS:
        drawn = np.random.default_rng(seed).choice(raw.rows, MOST_ROWS, replace=False)
        source = np.sort(drawn)
        told = {"rows": MOST_ROWS, "total": f"{total:,}"}
        sampled = (Noticed("groups-sampled", told),)
    some = raw.take(source) if len(source) < raw.rows else raw
    shown = picture_columns(some, kinds, ())
    some, seen, of_pictures = decoded_rows(some, kinds, "", seed, extractor)
    _enough(some, least)
    total, source = total - (len(source) - len(seen)), source[seen]
    columns, aside, of_columns = _learnable(some if shown else raw, kinds)
    columns = columns if extractor is None else extractor.known(columns)
    notices = (*hidden, *of_pictures, *of_columns, *sampled)
    t = type_table(some, columns).matrix()
    space, unit = fit_space(columns, t)
    if unit:
        notices = (*notices, Noticed("groups-one-unit", {}))
    x = np.asarray(space(t), np.float64)
    different = len(np.unique(x, axis=0))
    if different < max(2, least):
        raise DataError("groups-equal", different=different, groups=max(2, least))
    for notice in notices:
        watch.tell(notice)
    watch.tell(DataRead(total, len(columns), "groups", "clustering"))
    return GroupProblem(
        some, columns, aside, notices, t, x, space, source, total, seed, extractor
    )


def _enough(raw: Raw, least: int) -> None:
    if raw.rows < max(LEAST_ROWS, least):
        raise DataError("groups-rows", rows=raw.rows, least=max(LEAST_ROWS, least))


def _read(data: Any, seed: int, side: int) -> Raw:
    """A table, or all pictures of a folder and of the folders in it."""
    if isinstance(data, (str, Path)) and Path(data).expanduser().is_dir():
        return pictures_in(Path(data).expanduser())
    return read(data, None, MOST_READ, seed, side)


def _unlabelled(raw: Raw) -> tuple[Raw, tuple[Noticed, ...]]:
    """Without the classes of pictures, and a word about those."""
    if raw.frame not in OF_PICTURES:
        return raw, ()
    kept = {n: v for n, v in raw.columns.items() if n != raw.target}
    folders = {Path(str(name)).parent for name in kept[PICTURE]}
    told = Noticed("groups-labels-hidden", {})
    hidden = len(kept) < len(raw.columns) or len(folders) > 1
    return replace(raw, columns=kept, target=None), (told,) if hidden else ()


def _learnable(
    raw: Raw, kinds: Mapping[str, str] | None
) -> tuple[tuple[Column, ...], tuple[Column, ...], tuple[Noticed, ...]]:
    try:
        return learnable(raw, kinds)
    except DataError as error:
        if error.code != "columns-none":
            raise
        names = catalogue.listed([repr(name) for name in raw.columns])
        raise DataError("groups-no-columns", columns=names) from None


def nearest(x: np.ndarray) -> np.ndarray:
    """The nearest other rows of each: (n, neighbours)."""
    count = min(NEIGHBOURS, len(x) - 1)
    index = NearestNeighbors(n_neighbors=count).fit(x)
    return index.kneighbors(return_distance=False)


def gain(x: np.ndarray, labels: np.ndarray, seed: int) -> float:
    """How much better rows are foretold when the groups are known to exist.

    The mean log density of rows under heaps with the groups' own means, spreads and
    shares of levels, learned from the other half of the rows, less that under one
    heap: nats per row. Above 0, the groups tell something about rows to come.
    """
    half = np.random.default_rng(seed).permutation(len(x)) % 2
    levels = is_level(x)
    told = 0.0
    for h in (0, 1):
        learn, test = half != h, half == h
        one = _log_density(x[learn], x[test], levels, x[learn])
        parts = [
            np.log((learn & (labels == g)).sum() / learn.sum())
            + _log_density(x[learn & (labels == g)], x[test], levels, x[learn])
            for g in np.unique(labels)
            if (learn & (labels == g)).sum() > 2
        ]
        if parts:
            told += float((np.logaddexp.reduce(parts, axis=0) - one).sum())
    return told / len(x)


def _log_density(
    some: np.ndarray, rows: np.ndarray, levels: np.ndarray, all_rows: np.ndarray
) -> np.ndarray:
    """Of rows (m, d) under a heap like `some`: (m,). Its covariance is shrunk (Ledoit
    & Wolf 2004, https://doi.org/10.1016/S0047-259X(03)00096-4), and its levels lean
    to the shares in all rows."""
    found = np.zeros(len(rows))
    if not levels.all():
        v = some[:, ~levels]
        spread, _ = ledoit_wolf(v)
        root = np.linalg.cholesky(spread + FLOOR * np.eye(v.shape[1]))
        z = np.linalg.solve(root, (rows[:, ~levels] - v.mean(axis=0)).T)
        found -= 0.5 * (z**2).sum(axis=0) + np.log(np.diag(root)).sum()
    if levels.any():
        middle = (all_rows.min(axis=0) + all_rows.max(axis=0))[levels] / 2
        yes, whole = some[:, levels] > middle, all_rows[:, levels] > middle
        p = (yes.sum(axis=0) + 2 * whole.mean(axis=0)) / (len(some) + 2)
        p = np.clip(p, SMALLEST, 1 - SMALLEST)
        new = rows[:, levels] > middle
        found += new @ np.log(p) + (~new) @ np.log(1 - p)
    return found
