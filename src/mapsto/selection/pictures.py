"""What pictures ask of the problem: decoded once, twins together, few folds."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from mapsto import catalogue
from mapsto.data.duplicates import near_duplicates
from mapsto.data.pictures import (
    Picture,
    are_pictures,
    are_there,
    decoded,
    names_pictures,
    remembered,
    with_pictures,
)
from mapsto.data.raw import Raw
from mapsto.data.table import Column, positions
from mapsto.errors import DataError, OptionError
from mapsto.events import Noticed
from mapsto.families.family import Family

MOST_NUMBERS = 1 << 27
"""Of the typed matrix, in pictures (1 GB): of more, some are drawn at random."""

AFFORDABLE = 2_000_000  # pixels in all: up to here, folds are as for any other table
LOOKED_AT = 1000  # names, to see whether they are those of pictures
SHOWN = 2  # pairs of near-duplicates that are named


def picture_columns(
    raw: Raw, kinds: Mapping[str, str] | None, skip: Collection[str]
) -> list[str]:
    """The columns that hold pictures, or names of pictures."""
    kinds = kinds or {}
    found = []
    for name, values in raw.columns.items():
        if name in skip or values.dtype.kind != "O":
            continue
        if name in kinds:
            own = kinds[name] == "picture"
        else:
            own = are_pictures(values) or _names_files(values)
        if own:
            found.append(name)
    return found


def _names_files(values: np.ndarray) -> bool:
    """Names of pictures of which one at least is there: others are only words."""
    return names_pictures(values[:LOOKED_AT]) and are_there(values[:LOOKED_AT])


def few_enough(
    raw: Raw, names: Sequence[str], seed: int
) -> tuple[Raw, np.ndarray, tuple[Noticed, ...]]:
    """At most so many rows that the pixels fit into memory; which, and what to tell."""
    width = sum(_width_of(raw.columns[name]) for name in names)
    most = MOST_NUMBERS // max(width, 1)
    every = np.arange(raw.rows)
    if raw.rows <= most:
        return raw, every, ()
    drawn = np.random.default_rng(seed).choice(raw.rows, most, replace=False)
    rows = np.sort(drawn)
    told = Noticed("pictures-drawn", {"total": raw.rows, "rows": most})
    return raw.take(rows), rows, (told,)


def _width_of(values: np.ndarray) -> int:
    """Pixels of the first picture that can be decoded."""
    for value in values:
        picture = decoded(value) if value is not None else None
        if isinstance(picture, Picture):
            told = remembered([picture])
            return told["side"] ** 2 * told["channels"]
    return 0


def decoded_rows(
    raw: Raw,
    kinds: Mapping[str, str] | None,
    target: str,
    seed: int,
) -> tuple[Raw, np.ndarray, tuple[Noticed, ...]]:
    """The table with its pictures decoded, without the rows that have none that can
    be read. Which rows these are, and what to tell."""
    names = picture_columns(raw, kinds, {target})
    if not names:
        return raw, np.arange(raw.rows), ()
    some, drawn, of_drawing = few_enough(raw, names, seed)
    found, kept, told = with_pictures(some, names)
    _check_classes(some, found, target)
    return found, drawn[kept], (*of_drawing, *told)


def twins(
    columns: Sequence[Column], t: np.ndarray, raw: Raw, y: np.ndarray, labels: Any
) -> tuple[np.ndarray | None, tuple[Noticed, ...]]:
    """(n,) the number of each row's group of near-duplicates, where there are any."""
    shown = next((c for c in columns if c.kind == "picture"), None)
    if shown is None:
        return None, ()
    side, channels = shown.parse["side"], shown.parse["channels"]
    block = t[:, positions(columns)[shown.name]].reshape(-1, side, side, channels)
    groups = near_duplicates(block)
    _, counts = np.unique(groups, return_counts=True)
    extra = int((counts - 1).sum())
    if not extra:
        return None, ()
    pairs = []
    for g in np.flatnonzero(counts > 1)[:SHOWN]:
        names = [str(v) for v in raw.columns[shown.name][groups == g][:2]]
        pairs.append(" and ".join(names))
    told = [
        Noticed("pictures-twins", {"count": extra, "pairs": catalogue.listed(pairs)})
    ]
    torn = sum(len(np.unique(y[groups == g])) > 1 for g in np.flatnonzero(counts > 1))
    if len(labels) and torn:
        told.append(Noticed("pictures-torn", {"count": torn}))
    return groups, tuple(told)


def are_costly(columns: Sequence[Column], rows: int) -> bool:
    """Are there so many pixels that functions are learned once only?"""
    pixels = sum(c.parse["side"] ** 2 for c in columns if c.kind == "picture")
    return rows * pixels > AFFORDABLE


def that_can_see(
    families: Sequence[Family],
    given: Mapping[str, Mapping[str, Any]],
    columns: Sequence[Column],
    asked: bool,
) -> tuple[tuple[Family, ...], tuple[str, ...]]:
    """The families to climb, and the names of those that are left out with a word.

    `asked`: the user chose them. On a table without pictures the image network is
    left out, on one of pictures alone whatever does not look at them.
    """
    pictures = any(c.kind == "picture" for c in columns)
    others = any(c.kind != "picture" for c in columns)
    looks = {f.name: f.sees(given.get(f.name, {})).pictures for f in families}
    if not pictures:
        if asked and any(f.name == "image" for f in families):
            raise OptionError(
                "option-bad",
                option="families",
                value="image",
                problem="the table has no column of pictures",
            )
        return tuple(f for f in families if f.name != "image"), ()
    if others:
        return tuple(families), ()
    kept = tuple(f for f in families if looks[f.name])
    left = tuple(f.name for f in families if not looks[f.name])
    if all(f.name == "constant" for f in kept):
        raise OptionError(
            "option-bad",
            option="families",
            value=catalogue.listed(list(left)),
            problem="on pictures alone, choose from line, space and image",
        )
    return kept, left


def _check_classes(source: Raw, decoded: Raw, target: str) -> None:
    """Raises DataError where a folder of classes has one, or one that is lost."""
    if source.frame != "folder":
        return
    named = {v for v in source.columns[target] if v is not None}
    if len(named) == 1:
        raise DataError("one-class", value=named.pop())
    lost = sorted(named - set(decoded.columns[target]))
    if lost:
        raise DataError("class-unreadable", classes=catalogue.listed(lost))
