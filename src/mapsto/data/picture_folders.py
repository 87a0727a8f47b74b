"""Pictures on disk: a folder for each class, a folder, or files."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mapsto import catalogue
from mapsto.data.pictures import (
    COLOUR_CHANNELS,
    SIDE,
    SUFFIXES,
    decoded_all,
    whole_range,
)
from mapsto.data.raw import Raw, is_held, objects
from mapsto.errors import DataError, FileError
from mapsto.events import Noticed

OF_PICTURES = ("folder", "pictures")
"""The frames of a raw table that came as a folder or glob, or as a list."""

PICTURE, CLASS = "picture", "class"
"""The names of the two columns that a folder of pictures has."""

SHOWN = 5  # names in a message


def is_picture(path: Path) -> bool:
    """Does the file's name end like that of a picture?"""
    return path.suffix.casefold() in SUFFIXES


def read_folder(folder: Path) -> Raw:
    """The pictures in a folder; those of its folders have their name as class.

    Errors: FileError where it cannot be listed, or holds no pictures; DataError where
    the classes are one folder deeper.
    """
    folders, loose = _listed(folder)
    every = {path.name: _all_pictures(path) for path in folders}
    inside = {name: found for name, found in every.items() if found}
    empty = [name for name in every if name not in inside]
    if not inside and not loose:
        raise FileError("file-folder", path=str(folder))
    if not inside:
        return pictures_of(loose, "folder")
    _check_depth(folder, inside)
    files = [*loose, *(path for found in inside.values() for path in found)]
    classes: list[str | None] = [None] * len(loose)
    classes += [name for name, found in inside.items() for _ in found]
    told = []
    if loose:
        parameters = {"path": str(folder), "count": len(loose)}
        code = catalogue.counted("pictures-loose", len(loose))
        told.append(Noticed(code, parameters))
    if empty:
        listed = catalogue.listed(empty, SHOWN)
        told.append(Noticed("folders-empty", {"folders": listed}))
    return _raw(files, {CLASS: classes}, "folder", tuple(told))


def pictures_in(folder: Path) -> Raw:
    """Every picture in a folder and in the folders below it, without classes.

    Errors: FileError where it cannot be listed, or holds no pictures.
    """
    files = _all_pictures(folder)
    if not files:
        raise FileError("file-folder", path=str(folder))
    return pictures_of(files, "folder")


def pictures_of(files: Sequence[Path | str], frame: str) -> Raw:
    """These files, without classes."""
    return _raw(files, {}, frame, ())


def _raw(
    files: Sequence[Path | str],
    more: dict[str, list[str | None]],
    frame: str,
    told: tuple[Noticed, ...],
) -> Raw:
    names: list[str | None] = [str(file) for file in files]
    columns = {PICTURE: names, **more}
    arrays = {n: objects(values, len(files)) for n, values in columns.items()}
    target = CLASS if more else None
    rows = len(files)
    declared = frozenset(more)  # folders named 10 and 20 are classes, not quantities
    return Raw(arrays, rows, frame, None, declared, target, rows, told)


def _listed(folder: Path) -> tuple[list[Path], list[Path]]:
    """The folders and the pictures in a folder, in order, without hidden ones."""
    try:
        found = sorted(
            p for p in folder.iterdir() if not p.name.startswith((".", "__"))
        )
    except OSError as error:
        problem = error.strerror or str(error)
        raise FileError("file-unreadable", path=str(folder), problem=problem) from None
    pictures = [p for p in found if is_picture(p) and not p.is_dir()]
    return [p for p in found if p.is_dir()], pictures


def _all_pictures(folder: Path) -> list[Path]:
    """However deep, in order."""
    folders, pictures = _listed(folder)
    return [*pictures, *(p for sub in folders for p in _all_pictures(sub))]


def _check_depth(folder: Path, inside: dict[str, list[Path]]) -> None:
    """train/cat, train/dog, test/cat, test/dog: are these the classes, one deeper?"""
    below = [
        {os.path.relpath(path, folder / name).split(os.sep)[0] for path in found}
        for name, found in inside.items()
    ]
    common = set.intersection(*below)
    if len(inside) > 1 and len(common) > 1 and not any(map(_any_picture, common)):
        raise DataError(
            "folder-nested",
            path=str(folder),
            folders=catalogue.listed(list(inside), SHOWN),
            classes=catalogue.listed(sorted(common), SHOWN),
            example=str(folder / next(iter(inside))),
        )


def _any_picture(name: str) -> bool:
    return is_picture(Path(name))


def are_some_pictures(data: Any) -> bool:
    """A PIL image, an array of pictures, or a list of either or of picture files."""
    if isinstance(data, np.ndarray):
        return data.ndim in (3, 4)
    if isinstance(data, list):
        return bool(data) and all(map(_is_one, data))
    return not isinstance(data, np.ndarray) and is_held(data)


def _is_one(item: Any) -> bool:
    if isinstance(item, (str, Path)):
        return is_picture(Path(item))
    if isinstance(item, np.ndarray):
        return item.ndim == 3 or (item.ndim == 2 and item.dtype == np.uint8)
    return is_held(item)


def listed_pictures(data: Any, side: int = SIDE) -> Raw:
    """One column of decoded pictures, no larger than `side`, or of names of files.

    An array (a, b, 3 or 4) or (a, b, 1) is one picture in colour or grey; any other
    of three dimensions is (n, height, width).
    """
    if isinstance(data, list) and all(isinstance(d, (str, Path)) for d in data):
        return pictures_of(data, "pictures")
    if isinstance(data, np.ndarray):
        one = data.ndim == 3 and data.shape[2] in COLOUR_CHANNELS
        data = [data] if one else whole_range(data)
    sources = list(data) if isinstance(data, (list, np.ndarray)) else [data]
    if len(sources) == 0:
        raise DataError("rows-none", columns=PICTURE)
    names = [_called(d, k) for k, d in enumerate(sources)]
    found = decoded_all(sources, names, side)
    column = objects(found, len(found))
    return Raw({PICTURE: column}, len(found), "pictures", total=len(found))


def _called(item: Any, k: int) -> str:
    return str(item) if isinstance(item, (str, Path)) else f"picture {k + 1}"


def names_of(raw: Raw) -> np.ndarray | None:
    """What the pictures of a folder or of a list are called: object (rows,) of str."""
    if raw.frame not in OF_PICTURES:
        return None
    return objects(map(str, next(iter(raw.columns.values()))), raw.rows)
