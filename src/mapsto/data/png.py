"""Pictures written as PNG files (https://www.w3.org/TR/png-3/)."""

import struct
import zlib

import numpy as np

DARK, WHITE = 64, 255
GREY, COLOUR = 0, 2
"""What PNG calls one channel, and three."""


def png(picture: np.ndarray) -> bytes:
    """The file of a picture, uint8 (rows, columns, 1 or 3)."""
    rows, columns, channels = picture.shape
    kind = GREY if channels == 1 else COLOUR
    head = struct.pack(">IIBBBBB", columns, rows, 8, kind, 0, 0, 0)
    unfiltered = np.zeros((rows, 1), np.uint8)  # each line begins with its filter
    lines = np.concatenate([unfiltered, picture.reshape(rows, -1)], axis=1)
    body = zlib.compress(lines.tobytes())
    chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def lightened(picture: np.ndarray) -> np.ndarray:
    """The same to be looked at: one that is all dark is drawn up to white."""
    lightest = int(picture.max(initial=0))
    if not 0 < lightest <= DARK:
        return picture
    return (picture.astype(int) * WHITE // lightest).astype(np.uint8)


def _chunk(name: bytes, data: bytes) -> bytes:
    size, check = len(data), zlib.crc32(name + data)
    return struct.pack(">I", size) + name + data + struct.pack(">I", check)
