"""Text files in the encodings that people have, handed on as UTF-8.

UTF-8 (with or without byte order mark), UTF-16, UTF-32, GB18030 (and so GBK and
GB2312), and Windows-1252 (and so Latin-1), plain or gzipped.
"""

import gzip
import re
import shutil
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from codecs import getincrementaldecoder as decoder_of
from pathlib import Path
from typing import IO

from mapsto.errors import FileError

CHUNK = 1 << 20
_MARKS = {
    BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    BOM_UTF32_BE: "utf-32",
    BOM_UTF16_LE: "utf-16",
    BOM_UTF16_BE: "utf-16",
}
_SPECIAL = re.compile(r"[^\x00-\x7f]")
_HIGH = re.compile(rb"[\x80-\xff]+")


def as_utf8(path: Path, folder: Path) -> Path:
    """The file itself where it is plain UTF-8, else a UTF-8 copy in `folder`."""
    encoding = encoding_of(path)
    if encoding == "utf-8-sig" and path.suffix.casefold() != ".gz":
        return path
    copy = folder / f"{len(list(folder.iterdir()))}.txt"
    with _open(path) as source, copy.open("wb") as sink:
        if encoding == "utf-8-sig":
            shutil.copyfileobj(source, sink)
        else:
            _transcode(source, sink, encoding)
    return copy


def encoding_of(path: Path) -> str:
    """The codec that reads the file, found from its bytes."""
    with _open(path) as file:
        start = file.read(CHUNK)
        for mark, codec in _MARKS.items():
            if start.startswith(mark):
                return codec
        if b"\0" in start:
            return _unmarked(path, start)
        file.seek(0)
        if _decodes(file, "utf-8"):
            return "utf-8-sig"
        file.seek(0)
        if _nearly_utf8(file):
            return "utf-8"  # a copy is made, without the bytes that are damaged
        file.seek(0)
        chinese = _looks_chinese(file)
        file.seek(0)
        return "gb18030" if chinese and _decodes(file, "gb18030") else "cp1252"


def _unmarked(path: Path, start: bytes) -> str:
    """UTF-16 without its mark (every second byte of ASCII is zero), or no text."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    codec = "utf-16-le" if odd > even else "utf-16-be"
    text = start[: len(start) // 2 * 2].decode(codec, errors="replace")
    sided = min(even, odd) * 10 < max(even, odd) and even + odd > len(start) / 7
    if not sided or not re.search(r"[\r\n]", text):
        raise FileError("file-unreadable", path=str(path), problem="it is not text")
    return codec


def _open(path: Path) -> IO[bytes]:
    gzipped = path.suffix.casefold() == ".gz"
    return gzip.open(path, "rb") if gzipped else path.open("rb")  # type: ignore[return-value]


def _decodes(file: IO[bytes], codec: str) -> bool:
    decoder = decoder_of(codec)()
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _nearly_utf8(file: IO[bytes]) -> bool:
    """Is at most one in five of its special characters damaged?"""
    decoder = decoder_of("utf-8")(errors="replace")
    damaged = special = 0
    while chunk := file.read(CHUNK):
        text = decoder.decode(chunk)
        damaged += text.count("\ufffd")
        special += len(_SPECIAL.findall(text))
    return damaged * 5 <= special


def _looks_chinese(file: IO[bytes]) -> bool:
    """Chinese bytes come in pairs above 0xA0; accented letters mostly stand alone."""
    paired = alone = 0
    while chunk := file.read(CHUNK):
        for run in _HIGH.findall(chunk):
            even = len(run) % 2 == 0 and min(run) > 0xA0
            paired, alone = paired + even, alone + (not even)
    return paired > alone


def _transcode(source: IO[bytes], sink: IO[bytes], codec: str) -> None:
    decoder = decoder_of(codec)(errors="replace")
    while chunk := source.read(CHUNK):
        sink.write(decoder.decode(chunk).encode("utf-8", errors="replace"))
    sink.write(decoder.decode(b"", final=True).encode("utf-8", errors="replace"))
