"""The door of pictures: files, arrays and PIL images become small arrays of pixels.

A `Picture` is decoded once, turned as its EXIF orientation says, laid on white where
it is transparent, and made no larger than SIDE × SIDE pixels (or than a backbone wants
them), whatever its shape was. That is the cell of a raw column of kind "picture";
Pillow is used here only.
"""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from mapsto.catalogue import counted
from mapsto.data.raw import Raw, held_in_memory, objects
from mapsto.errors import DataError, ExtraMissing
from mapsto.events import Noticed
from mapsto.threads import side_by_side

SIDE = 64  # pixels: enough to tell a cat from a dog, and few enough to learn in minutes
MOST_PIXELS = 64_000_000
"""A larger picture is refused before it is decoded: it may be a bomb."""

SUFFIXES = frozenset(
    (".jpg", ".jpeg", ".jpe", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif")
)
NAMED = 0.9  # of a column's texts end like pictures: then they name pictures
LOOKED_AT = 64  # pictures of full size that are in memory before a backbone
LISTED = 3  # so many unreadable files are named in a message
DRAFT = 4  # a JPEG is decoded at a smaller scale, but not below so many times the side
WHITE = 255
COLOUR_CHANNELS = (1, 3, 4)


@dataclass(frozen=True, eq=False)
class Picture:
    """One decoded picture.

    name: what messages call it. pixels: uint8 (height, width, 1 or 3), neither side
    longer than was asked. features: float32 (d,), what a backbone has told of it.
    """

    name: str
    pixels: np.ndarray
    features: np.ndarray | None = None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Unreadable:
    """A picture that cannot be had, and why, in a few words."""

    name: str
    problem: str

    def __str__(self) -> str:
        return f"{self.name} ({self.problem})"


# ── decoding ──


def decoded(source: Any, name: str = "", side: int = SIDE) -> Picture | Unreadable:
    """A path, a PIL image, or an array (h, w), (h, w, 1), (h, w, 3) or (h, w, 4)."""
    return decoded_all([source], [name], side)[0]


def decoded_all(
    sources: Sequence[Any], names: Sequence[str], side: int = SIDE
) -> list[Picture | Unreadable]:
    """`decoded` of each; files side by side."""
    with _quiet():
        pairs = zip(sources, names, strict=True)
        return side_by_side(lambda pair: _decoded(*pair, side), pairs)


def _decoded(source: Any, name: str, side: int) -> Picture | Unreadable:
    if isinstance(source, (Picture, Unreadable)):
        return source
    if isinstance(source, np.ndarray):
        return Picture(name, _of_array(source, side))
    library = _Library()
    try:
        if not isinstance(source, (str, Path)):
            return _of_image(source, name, side)
        with library.open(source) as opened:
            return _of_image(opened, name or str(source), side)
    except library.UnidentifiedImageError:
        return Unreadable(name or str(source), _not_a_picture(source))
    except (OSError, ValueError, SyntaxError, EOFError, library.Bomb) as error:
        return Unreadable(name or str(source), _reason(error))


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Pillow's warnings: what matters of them is told in our own words."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class _Library:
    """What is used of Pillow."""

    def __init__(self) -> None:
        try:
            from PIL import Image, ImageOps, UnidentifiedImageError
        except ImportError:
            raise ExtraMissing(
                "extra-missing",
                what="Reading a picture",
                package="pillow",
                extra="pictures",
            ) from None
        self.open, self.from_array = Image.open, Image.fromarray
        self.smooth = Image.Resampling.BILINEAR
        self.Bomb = Image.DecompressionBombError
        self.UnidentifiedImageError = UnidentifiedImageError
        self.upright = ImageOps.exif_transpose


def _of_image(image: Any, name: str, side: int) -> Picture | Unreadable:
    """A PIL image; of several frames, the first."""
    wide, tall = image.size
    if wide * tall > MOST_PIXELS:
        problem = f"{wide} × {tall} pixels, and at most {MOST_PIXELS:,} are decoded"
        return Unreadable(name, problem)
    if wide * tall == 0:
        return Unreadable(name, "it has no pixels")
    if image.format == "JPEG":
        image.draft(None, (DRAFT * side, DRAFT * side))
    upright = _Library().upright(image)
    return Picture(name, _of_array(_as_array(upright), side))


def _as_array(image: Any) -> np.ndarray:
    """uint8 (h, w) or (h, w, 3 or 4) of a PIL image of any mode."""
    mode = image.mode
    if mode in ("1", "L", "RGB", "RGBA"):
        return np.asarray(image.convert("L") if mode == "1" else image)
    if mode in ("I", "F") or mode.startswith("I;"):
        return _bytes_of(np.asarray(image))
    if mode in ("LA", "PA", "La") or "transparency" in image.info:
        return np.asarray(image.convert("RGBA"))
    return np.asarray(image.convert("RGB"))


def _of_array(values: np.ndarray, side: int) -> np.ndarray:
    """uint8 (h, w, 1 or 3), neither side longer than `side`."""
    if values.ndim == 2:
        values = values[:, :, None]
    if values.ndim != 3 or values.shape[2] not in COLOUR_CHANNELS or not values.size:
        raise DataError("picture-shape", shape=values.shape)
    pixels = _bytes_of(values)
    if pixels.shape[2] == 4:
        pixels = _on_white(pixels)
    return _no_larger(pixels, side)


def _no_larger(pixels: np.ndarray, side: int) -> np.ndarray:
    tall, wide = min(pixels.shape[0], side), min(pixels.shape[1], side)
    return resized(pixels, tall, wide)


def _bytes_of(values: np.ndarray) -> np.ndarray:
    """Numbers as 0 … 255: 16 bits are scaled; fractions of 1 are taken as such."""
    if values.dtype == np.uint8:
        return values
    if values.dtype == bool:
        return values.astype(np.uint8) * WHITE
    if values.dtype.kind not in "iuf":
        raise DataError("picture-shape", shape=f"{values.shape} of {values.dtype}")
    numbers = np.nan_to_num(values.astype(np.float64))
    largest = float(numbers.max(initial=0.0))
    if values.dtype.kind == "f" and largest <= 1:
        numbers = numbers * WHITE
    elif values.dtype == np.uint16 or largest > WHITE:
        numbers = numbers / (65_535 / WHITE)
    return np.clip(np.rint(numbers), 0, WHITE).astype(np.uint8)


def whole_range(pictures: np.ndarray) -> np.ndarray:
    """Many pictures of fractions, some of them dark: all are read in one way."""
    return _bytes_of(pictures)


def _on_white(pixels: np.ndarray) -> np.ndarray:
    """(h, w, 4) with transparency -> (h, w, 3)."""
    cover = pixels[:, :, 3:].astype(np.float64) / WHITE
    laid = pixels[:, :, :3] * cover + WHITE * (1 - cover)
    return np.rint(laid).astype(np.uint8)


def resized(pixels: np.ndarray, tall: int, wide: int) -> np.ndarray:
    """Smoothly, each new pixel the mean of those that it covers."""
    if pixels.shape[:2] == (tall, wide):
        return pixels
    library = _Library()
    flat = pixels[:, :, 0] if pixels.shape[2] == 1 else pixels
    image = library.from_array(np.ascontiguousarray(flat))
    found = np.asarray(image.resize((wide, tall), library.smooth))
    return found.reshape(tall, wide, -1)


def _not_a_picture(path: Any) -> str:
    empty = Path(path).stat().st_size == 0
    return "the file is empty" if empty else "it is not a picture"


def _reason(error: Exception) -> str:
    told = getattr(error, "strerror", None) or str(error) or type(error).__name__
    told = str(told).rstrip(".").partition("\n")[0]
    return f"{told[:1].lower()}{told[1:]}"


# ── columns ──


def names_pictures(texts: Iterable[Any]) -> bool:
    """Do these texts end like the names of pictures?"""
    known = [t for t in texts if t is not None]
    if not all(isinstance(t, str) for t in known) or not known:
        return False
    ended = sum(Path(t).suffix.casefold() in SUFFIXES for t in known)
    return ended >= NAMED * len(known)


def are_pictures(values: np.ndarray) -> bool:
    """Does this raw column hold pictures, decoded or in vain?"""
    kinds = (Picture, Unreadable)
    return values.dtype.kind == "O" and any(isinstance(v, kinds) for v in values)


def are_there(names: Iterable[str | None]) -> bool:
    """Is there a file of at least one of these names?"""
    return any(n is not None and Path(n).exists() for n in names)


def placed(raw: Raw, folder: Path) -> Raw:
    """Picture names that a file holds are meant from that file's folder."""
    found = dict(raw.columns)
    for name, values in raw.columns.items():
        if values.dtype.kind == "O" and names_pictures(values[:1000]):
            beside = (_beside(v, folder) for v in values)
            found[name] = objects(beside, len(values))
    return Raw(**{**vars(raw), "columns": found})


def _beside(written: str | None, folder: Path) -> str | None:
    if written is None or Path(written).is_absolute():
        return written
    near = folder / written
    return str(near) if near.exists() or not Path(written).exists() else written


class Look(Protocol):
    """What looks at pictures before anything is learned (see `graph.backbone`)."""

    @property
    def side(self) -> int:
        """The largest pictures that it takes: (side, side, channels)."""
        ...

    @property
    def channels(self) -> int: ...

    def __call__(self, pictures: np.ndarray) -> np.ndarray:
        """uint8 (n, side, side, channels) -> float32 (n, features)."""
        ...


def with_pictures(
    raw: Raw, names: Iterable[str], side: int = SIDE, look: Look | None = None
) -> tuple[Raw, np.ndarray, tuple[Noticed, ...]]:
    """The named columns decoded, without the rows whose pictures cannot be had.

    Returns the table, which rows (indices) were kept, and what to tell.
    """
    kept, told, columns = np.ones(raw.rows, bool), [], dict(raw.columns)
    for name in names:
        columns[name], lost = decoded_column(raw.columns[name], side, look)
        kept &= np.array([isinstance(v, Picture) for v in columns[name]], bool)
        missing = sum(v is None for v in columns[name])
        if lost:
            told.append(_skipped(lost))
        if missing:
            code = counted("pictures-missing", missing)
            told.append(Noticed(code, {"column": name, "count": missing}))
    rows = np.flatnonzero(kept)
    if not len(rows):
        raise DataError("pictures-none", listed=_listed(lost) or "no picture was named")
    whole = Raw(**{**vars(raw), "columns": columns})
    return (whole if kept.all() else whole.take(rows)), rows, tuple(told)


def in_memory(raw: Raw, side: int = SIDE) -> Raw:
    """With columns of PIL images or of arrays decoded, no larger than `side`."""
    found = {
        name: _decoded_in_memory(name, values, side)
        for name, values in raw.columns.items()
        if values.dtype.kind == "O" and held_in_memory(values)
    }
    return Raw(**{**vars(raw), "columns": {**raw.columns, **found}}) if found else raw


def _decoded_in_memory(name: str, values: np.ndarray, side: int) -> np.ndarray:
    places = [k for k, v in enumerate(values) if v is not None]
    called = [
        v if isinstance(v, str) else f"{name} of row {k + 1}"
        for k, v in ((k, values[k]) for k in places)
    ]
    column = objects((None for _ in values), len(values))
    column[places] = objects(
        decoded_all([values[k] for k in places], called, side), len(places)
    )
    return column


def decoded_column(
    values: np.ndarray, side: int = SIDE, look: Look | None = None
) -> tuple[np.ndarray, list[Unreadable]]:
    """object (rows,): Picture, None where missing, or Unreadable; and the latter."""
    places = [k for k, v in enumerate(values) if v is not None]
    column = objects((None for _ in values), len(values))
    step = LOOKED_AT if look is not None else max(len(places), 1)
    for start in range(0, len(places), step):
        some = places[start : start + step]
        sources = [values[k] for k in some]
        found = decoded_all(sources, list(map(str, sources)), side)
        column[some] = objects(found if look is None else seen(found, look), len(some))
    return column, [p for p in column if isinstance(p, Unreadable)]


def seen(
    pictures: Sequence[Picture | Unreadable], look: Look
) -> list[Picture | Unreadable]:
    """With their features, and made small: the pixels have been looked at."""
    known = [p for p in pictures if isinstance(p, Picture)]
    if not known:
        return list(pictures)
    told = iter(look(np.stack([alike(p, look.side, look.channels) for p in known])))
    return [
        Picture(p.name, _no_larger(p.pixels, SIDE), next(told))
        if isinstance(p, Picture)
        else p
        for p in pictures
    ]


def _skipped(lost: Sequence[Unreadable]) -> Noticed:
    code = counted("pictures-skipped", len(lost))
    return Noticed(code, {"count": len(lost), "listed": _listed(lost)})


def _listed(lost: Sequence[Unreadable]) -> str:
    told = "; ".join(str(u) for u in lost[:LISTED])
    more = len(lost) - LISTED
    return f"{told}; and {more} more" if more > 0 else told


def remembered(values: Sequence[Picture]) -> dict[str, int]:
    """How pictures to come are made alike: {"side", "channels"}.

    The side is that of the largest picture, or SIDE; one channel if all are grey.
    """
    shapes = [p.pixels.shape for p in values]
    return {
        "side": max(max(tall, wide) for tall, wide, _ in shapes),
        "channels": max(c for *_, c in shapes),
    }


def alike(picture: Picture, side: int, channels: int) -> np.ndarray:
    """uint8 (side, side, channels)."""
    pixels = resized(picture.pixels, side, side)
    if pixels.shape[2] == channels:
        return pixels
    if channels == 3:
        return np.repeat(pixels, 3, axis=2)
    weights = np.array([0.299, 0.587, 0.114])  # luma, ITU-R BT.601
    return np.rint(pixels @ weights).astype(np.uint8)[:, :, None]
