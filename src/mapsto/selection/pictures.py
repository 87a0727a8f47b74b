"""What pictures ask of the problem: decoded once, twins together, few folds."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from mapsto import catalogue
from mapsto.data.duplicates import near_duplicates
from mapsto.data.pictures import (
    SIDE,
    Picture,
    alike,
    are_pictures,
    are_there,
    decoded,
    names_pictures,
    remembered,
    with_pictures,
)
from mapsto.data.raw import Raw
from mapsto.data.table import Column
from mapsto.errors import DataError, OptionError
from mapsto.events import Noticed
from mapsto.families.family import Family
from mapsto.graph.backbone import Extractor

MOST_NUMBERS = 1 << 27
"""Of the typed matrix, in pictures (1 GB): of more, some are drawn at random."""

AFFORDABLE = 2_000_000  # pixels in all: up to here, folds are as for any other table
LOOKED_AT = 1000  # names, to see whether they are those of pictures
BENT = ("formula", "curve")  # numbers one by one: a backbone's mean nothing alone
BEHIND = ("line", "formula", "curve", "steps", "space", "network")
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
    raw: Raw, names: Sequence[str], seed: int, features: int = 0
) -> tuple[Raw, np.ndarray, tuple[Noticed, ...]]:
    """At most so many rows that the pixels, or the features that a backbone tells of a
    picture, fit into memory; which, and what to tell."""
    width = sum(features or _width_of(raw.columns[name]) for name in names)
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
    extractor: Extractor | None = None,
) -> tuple[Raw, np.ndarray, tuple[Noticed, ...]]:
    """The table with its pictures decoded (and seen through a backbone, where there is
    one), without the rows that have none that can be read. Which rows these are, and
    what to tell. Errors: OptionError, a backbone and no pictures."""
    names = picture_columns(raw, kinds, {target})
    if not names:
        check_seen((), extractor)
        return raw, np.arange(raw.rows), ()
    features = extractor.features if extractor else 0
    side = extractor.side if extractor else SIDE
    some, drawn, of_drawing = few_enough(raw, names, seed, features)
    found, kept, told = with_pictures(some, names, side, extractor)
    _check_classes(some, found, target)
    if extractor is not None:
        told = (*told, Noticed("backbone", extractor.to_dict()))
    return found, drawn[kept], (*of_drawing, *told)


def check_seen(names: Sequence[str], extractor: Extractor | None) -> None:
    """Raises OptionError where there is a backbone and nothing to look at."""
    if extractor is not None and not names:
        raise OptionError(
            "option-bad",
            option="backbone",
            value=extractor.name,
            problem="the table has no column of pictures",
        )


def twins(
    columns: Sequence[Column], raw: Raw, y: np.ndarray, labels: Any
) -> tuple[np.ndarray | None, tuple[Noticed, ...]]:
    """(n,) the number of each row's group of near-duplicates, where there are any."""
    shown = next((c for c in columns if c.kind == "picture"), None)
    if shown is None:
        return None, ()
    side, channels = min(shown.parse["side"], SIDE), shown.parse["channels"]
    pictures = raw.columns[shown.name]
    groups = near_duplicates(np.stack([alike(p, side, channels) for p in pictures]))
    _, counts = np.unique(groups, return_counts=True)
    extra = int((counts - 1).sum())
    if not extra:
        return None, ()
    pairs = []
    for g in np.flatnonzero(counts > 1)[:SHOWN]:
        names = [str(v) for v in raw.columns[shown.name][groups == g][:2]]
        pairs.append(" and ".join(names))
    code = catalogue.counted("pictures-twins", extra)
    told = [Noticed(code, {"count": extra, "pairs": catalogue.listed(pairs)})]
    torn = sum(len(np.unique(y[groups == g])) > 1 for g in np.flatnonzero(counts > 1))
    if len(labels) and torn:
        code = catalogue.counted("pictures-torn", torn)
        told.append(Noticed(code, {"count": torn}))
    return groups, tuple(told)


def are_costly(columns: Sequence[Column], rows: int) -> bool:
    """Are there so many pixels that functions are learned once only?"""
    shown = (c for c in columns if c.kind == "picture" and not c.seen_through)
    return rows * sum(c.parse["side"] ** 2 for c in shown) > AFFORDABLE


def that_can_see(
    families: Sequence[Family],
    given: Mapping[str, Mapping[str, Any]],
    columns: Sequence[Column],
    asked: bool,
) -> tuple[tuple[Family, ...], tuple[Noticed, ...]]:
    """The families to climb, and a word about those that are left out.

    `asked`: the user chose them. The image network looks at pixels only, so it is left
    out without pictures and behind a backbone; on pictures alone so is whatever does
    not look at them, and behind a backbone what bends single numbers.
    """
    shown = [c for c in columns if c.kind == "picture"]
    alone = len(shown) == len(columns)
    through = next((c.seen_through for c in shown), "")
    if through:
        left = ["image", *(BENT if alone else ())]
    elif shown:
        seeing = {f.name for f in families if f.sees(given.get(f.name, {})).pictures}
        left = [f.name for f in families if f.name not in seeing] if alone else []
    else:
        left = ["image"]
    kept = tuple(f for f in families if f.name not in left)
    gone = [f.name for f in families if f.name in left]
    named = [name for name in gone if asked]
    if not shown and named:
        raise _unseeing(named, "the table has no column of pictures")
    if through and named:
        raise _unseeing(
            named,
            "behind a backbone, choose from "
            + catalogue.listed([name for name in BEHIND if name not in left]),
        )
    if all(f.name == "constant" for f in kept) and gone:
        raise _unseeing(gone, "on pictures alone, choose from line, space and image")
    notes: tuple[Noticed, ...] = ()
    if len(shown) > 1 and any(f.name == "image" for f in kept):
        notes = (Noticed("image-sees-first", {"column": shown[0].name}),)
    if not shown or not gone:
        return kept, notes
    code = "rungs-behind-backbone" if through else "rungs-no-pictures"
    told = {"rungs": catalogue.listed(gone), "count": len(gone), "file": through}
    return kept, (*notes, Noticed(code, told))


def _unseeing(names: Sequence[str], problem: str) -> OptionError:
    value = catalogue.listed(list(names))
    return OptionError("option-bad", option="families", value=value, problem=problem)


def _check_classes(source: Raw, decoded: Raw, target: str) -> None:
    """Raises DataError where a folder of classes has one, or one that is lost."""
    if source.frame != "folder" or target not in source.columns:
        return
    named = {v for v in source.columns[target] if v is not None}
    if len(named) == 1:
        raise DataError("one-class", value=named.pop())
    lost = sorted(named - set(decoded.columns[target]))
    if lost:
        raise DataError("class-unreadable", classes=catalogue.listed(lost))
