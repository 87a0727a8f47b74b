"""The door of pictures: whatever the file is like, its pixels are what one sees."""

import os
import struct
import zlib

import numpy as np
import pytest
from drawn import drawings, photograph, saved
from PIL import Image

from mapsto.data.picture_folders import read_folder
from mapsto.data.pictures import (
    MOST_PIXELS,
    SIDE,
    Picture,
    Unreadable,
    alike,
    decoded,
    names_pictures,
    remembered,
)
from mapsto.data.read import read
from mapsto.data.target_values import target_values
from mapsto.errors import DataError, FileError

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def corners(pixels):
    return [tuple(pixels[i, j].tolist()) for i in (0, -1) for j in (0, -1)]


def quarters():
    """(20, 30): red, green, blue and black corners."""
    image = np.zeros((20, 30, 3), np.uint8)
    image[:10, :15], image[:10, 15:], image[10:, :15] = RED, GREEN, BLUE
    return image


# ── what a file may be like ──


@pytest.mark.parametrize("suffix", ["png", "bmp", "tiff", "webp", "gif"])
def test_formats_keep_their_colours(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    options = {"lossless": True} if suffix == "webp" else {}
    Image.fromarray(quarters()).save(path, **options)

    assert corners(decoded(path).pixels) == [RED, GREEN, BLUE, (0, 0, 0)]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_respected(tmp_path, orientation):
    """The file holds the picture turned, and says so."""
    upright = Image.fromarray(quarters())
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(back[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "a.png", exif=exif)

    pixels = decoded(tmp_path / "a.png").pixels
    assert pixels.shape == (20, 30, 3)
    assert corners(pixels) == [RED, GREEN, BLUE, (0, 0, 0)]


def test_cmyk_is_shown_in_its_colours(tmp_path):
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "a.jpg")

    red, green, blue = decoded(tmp_path / "a.jpg").pixels[4, 4]
    assert red > 200
    assert green < 60
    assert blue < 60


def test_sixteen_bits_are_scaled_to_eight(tmp_path):
    values = np.linspace(0, 65_535, 16).astype(np.uint16).reshape(4, 4)
    Image.fromarray(values).save(tmp_path / "a.png")

    pixels = decoded(tmp_path / "a.png").pixels
    assert pixels.shape == (4, 4, 1)
    assert np.abs(pixels[:, :, 0] - values / 257.0).max() <= 1


def test_transparent_places_are_white(tmp_path):
    image = np.zeros((4, 4, 4), np.uint8)
    image[:2, :, 3] = 255
    Image.fromarray(image).save(tmp_path / "a.png")
    palette = Image.new("P", (4, 4), 0)
    palette.putpalette([9, 9, 9, 200, 0, 0])
    palette.save(tmp_path / "b.png", transparency=0)

    pixels = decoded(tmp_path / "a.png").pixels
    assert (pixels[:2] == 0).all()
    assert (pixels[2:] == 255).all()
    assert (decoded(tmp_path / "b.png").pixels == 255).all()


def test_of_an_animation_the_first_frame_is_taken(tmp_path):
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, GREEN, BLUE)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])

    assert corners(decoded(tmp_path / "a.gif").pixels) == [RED] * 4


@pytest.mark.parametrize("mode", ["1", "L", "LA", "I", "F"])
def test_grey_has_one_channel_or_is_laid_on_white(tmp_path, mode):
    path = tmp_path / ("a.tiff" if mode in "IF" else "a.png")
    Image.new("L", (6, 5), 255).convert(mode).save(path)

    pixels = decoded(path).pixels
    assert pixels.shape[:2] == (5, 6)
    assert (pixels == 255).all()


def test_a_large_picture_is_made_small_and_a_small_one_is_kept():
    large = decoded(photograph(np.random.default_rng(0), 300)[:200])

    assert large.pixels.shape == (SIDE, SIDE, 3)
    assert decoded(quarters()).pixels.shape == (20, 30, 3)


# ── arrays ──


@pytest.mark.parametrize(
    "array",
    [
        quarters(),
        quarters() / 255.0,
        quarters().astype(np.float64),
        quarters().astype(np.uint16) * 257,
        quarters().astype(np.int64),
        np.concatenate([quarters(), np.full((20, 30, 1), 255, np.uint8)], axis=2),
    ],
    ids=["bytes", "fractions", "floats", "16 bits", "integers", "with alpha"],
)
def test_arrays_of_any_type_give_the_same_pixels(array):
    assert (decoded(array).pixels == quarters()).all()


@pytest.mark.parametrize("shape", [(4,), (4, 4, 2), (2, 4, 4, 3), (0, 4)])
def test_an_array_that_is_no_picture(shape):
    with pytest.raises(DataError, match="is no picture"):
        decoded(np.zeros(shape))


def test_pictures_are_made_alike():
    """The largest side; grey where all are grey, else grey ones get three channels."""
    grey, colour = decoded(np.full((3, 5), 100.0)), decoded(quarters())

    assert remembered([grey]) == {"side": 5, "channels": 1}
    assert remembered([grey, colour]) == {"side": 30, "channels": 3}
    assert (alike(grey, 30, 3) == 100).all()
    assert alike(colour, 4, 1)[0, 0, 0] == round(0.299 * 255)


# ── what cannot be read ──


def huge_png(side):
    """A PNG of which only the head is there: it says how large it is."""

    def chunk(name, data):
        told = name + data
        return struct.pack(">I", len(data)) + told + struct.pack(">I", zlib.crc32(told))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    return start + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


BROKEN = {
    "empty.jpg": (b"", "empty"),
    "text.jpg": (b"a text that is called a picture", "not a picture"),
    "huge.png": (huge_png(60_000), "bomb"),
    "large.png": (huge_png(9_000), "9000 × 9000 pixels"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_with_its_reason(tmp_path, name):
    data, why = BROKEN[name]
    (tmp_path / name).write_bytes(data)

    told = decoded(tmp_path / name)
    assert isinstance(told, Unreadable)
    assert why in told.problem
    assert name in str(told)


def test_a_truncated_file(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(photograph(np.random.default_rng(0))).save(path)
    path.write_bytes(path.read_bytes()[:1000])

    assert isinstance(decoded(path), Unreadable)


def test_a_picture_just_below_the_limit_is_decoded(tmp_path):
    side = int(MOST_PIXELS**0.5)
    Image.new("1", (side, side), 1).save(tmp_path / "a.png")

    assert (decoded(tmp_path / "a.png").pixels == 255).all()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(quarters()).save(path)
    path.chmod(0)

    assert "permission" in decoded(path).problem.casefold()


# ── folders, files, tables ──


def test_a_folder_for_each_class(tmp_path):
    saved(tmp_path, *drawings(("disc", "square"), 3))
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "disc" / "notes.txt").write_text("not a picture, nor called one")

    raw = read(tmp_path)
    assert raw.target == "class"
    assert raw.rows == 6
    assert sorted(raw.columns["class"]) == ["disc"] * 3 + ["square"] * 3
    assert not raw.notices


def test_folders_named_by_numbers_are_classes(tmp_path):
    for name, folder in zip(
        ("10", "20", "30"), ("disc", "square", "stripes"), strict=True
    ):
        saved(tmp_path / "drawn", *drawings((folder,), 4))
        (tmp_path / "drawn" / folder).rename(tmp_path / "drawn" / name)

    values = target_values(read(tmp_path / "drawn"), "class")

    assert values.task == "classification"
    assert values.labels.tolist() == ["10", "20", "30"]
    assert not values.notices


def test_loose_pictures_and_empty_folders_are_told(tmp_path):
    saved(tmp_path, *drawings(("disc", "square"), 2))
    Image.fromarray(quarters()).save(tmp_path / "loose.png")
    (tmp_path / "bird").mkdir()

    raw = read(tmp_path)
    told = " ".join(n.sentence for n in raw.notices)
    assert raw.columns["class"][0] is None
    assert "One picture lies in" in told
    assert "bird" in told


def test_folders_of_classes_that_are_one_deeper(tmp_path):
    for part in ("train", "test"):
        saved(tmp_path / part, *drawings(("disc", "square"), 1))

    with pytest.raises(DataError, match="each of them holds disc, square") as error:
        read_folder(tmp_path)
    assert str(tmp_path / "test") in str(error.value)


def test_a_folder_without_pictures(tmp_path):
    with pytest.raises(FileError, match="no pictures in it"):
        read(tmp_path)


def test_names_in_a_table_are_meant_from_its_folder(tmp_path):
    saved(tmp_path, *drawings(("disc",), 2))
    (tmp_path / "t.csv").write_text("photo,price\ndisc/000.png,1\ndisc/001.png,2\n")

    names = read(tmp_path / "t.csv").columns["photo"]
    assert isinstance(decoded(names[0]), Picture)


def test_only_texts_that_end_like_pictures_name_pictures():
    assert names_pictures(["a.jpg", "b.PNG", None])
    assert not names_pictures(["a.jpg", "lion", "tiger"])
    assert not names_pictures([None])
    assert not names_pictures([1.0, 2.0])


def test_lists_and_arrays_of_pictures():
    pictures = drawings(("disc", "square"), 2)[0]

    assert read(pictures).rows == 4
    assert read(pictures[:, :, :, 0]).rows == 4
    assert read(pictures[0]).rows == 1
    assert read(Image.fromarray(pictures[0])).rows == 1
    assert read(list(pictures)).rows == 4
    assert read([Image.fromarray(p) for p in pictures]).rows == 4
    assert read(["a.jpg", "b.png"]).columns["picture"].tolist() == ["a.jpg", "b.png"]
