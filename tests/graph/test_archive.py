"""The .mapsto file: what goes in comes out, and anything else is a clear error."""

import io
import json
import os
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from running import model_of

from mapsto.errors import FileError
from mapsto.graph import archive

GRAPH = model_of(lambda x: x + 1, np.zeros((1, 2)))
OTHER = model_of(lambda x: x * 2, np.zeros((1, 2)))
RECORD = {
    "target": "价格",
    "scores": [0.1, 1e-300, -2],
    "none": None,
    "deep": {"a": []},
}
GRAPHS = {"line": GRAPH, "network 2": OTHER}
BYTES = archive.to_bytes(RECORD, GRAPHS)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=8,
)


def is_harmless(data):
    """Whether the content is what it was; otherwise the error must be ours."""
    try:
        found = archive.from_bytes(data)
    except FileError as error:
        return error.code in ("file-damaged", "file-foreign", "file-too-large")
    return found == (RECORD, GRAPHS)


def code_of(data):
    with pytest.raises(FileError) as caught:
        archive.from_bytes(data)
    assert str(caught.value)
    return caught.value.code


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(), json_values, max_size=4))
def test_a_record_comes_back_as_it_was(record):
    """Any JSON record and its graphs survive the way through bytes."""
    assert archive.from_bytes(archive.to_bytes(record, GRAPHS)) == (record, GRAPHS)


def test_a_file_comes_back_as_it_was(tmp_path):
    """The same through a file, which can be written over."""
    path = tmp_path / "模型.mapsto"
    for record in (RECORD, {"second": 1}):
        archive.write(path, record, GRAPHS)
        assert archive.read(path) == (record, GRAPHS)
        assert archive.read(str(path)) == (record, GRAPHS)
    assert os.listdir(tmp_path) == [path.name]


def test_the_same_content_gives_the_same_bytes():
    """No clock, no random order; and any zip tool can open it."""
    assert archive.to_bytes(RECORD, GRAPHS) == BYTES
    with zipfile.ZipFile(io.BytesIO(BYTES)) as file:
        assert file.testzip() is None
        assert file.namelist() == [
            "model.json",
            "functions/line.onnx",
            "functions/network 2.onnx",
        ]


def test_a_flipped_bit_is_noticed_or_harmless():
    """Every byte, one bit of it: an error of ours, or the very same content."""
    rng = np.random.default_rng(0)
    for place in range(len(BYTES)):
        bad = bytearray(BYTES)
        bad[place] ^= 1 << int(rng.integers(8))
        assert is_harmless(bytes(bad))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(BYTES) - 1), st.integers(0, 255)),
        min_size=1,
        max_size=8,
    )
)
def test_many_changed_bytes_are_noticed_or_harmless(changes):
    """The same for several bytes at once."""
    bad = bytearray(BYTES)
    for place, value in changes:
        bad[place] = value
    assert is_harmless(bytes(bad))


def test_a_file_that_is_cut_off_is_damaged():
    """Every length short of the whole is an error."""
    for length in range(0, len(BYTES), 7):
        assert code_of(BYTES[:length]) in ("file-damaged", "file-foreign")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_of_anything_are_no_file(data):
    """Random bytes, also behind a zip's first letters."""
    assert code_of(data) in ("file-damaged", "file-foreign")
    assert code_of(b"PK\x03\x04" + data) in ("file-damaged", "file-foreign")


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as zip_:
        for name, data in entries:
            zip_.writestr(name, data)
    return file.getvalue()


def record_of(schema=archive.SCHEMA, functions=("line",), **more):
    told = {"schema": schema, "written_by": "9.9", "functions": list(functions)}
    return ("model.json", json.dumps({**told, "record": {}, **more}))


LINE = ("functions/line.onnx", GRAPH)

WRONG = {
    "an empty file": (b"", "file-foreign"),
    "text": (b"a,b\n1,2\n", "file-foreign"),
    "another zip": (zipped([("word/document.xml", "x")]), "file-foreign"),
    "another model.json": (zipped([("model.json", "{}")]), "file-foreign"),
    "a newer schema": (zipped([record_of(schema=2)]), "file-newer"),
    "a missing function": (zipped([record_of()]), "file-damaged"),
    "an entry too many": (
        zipped([record_of(), LINE, ("../evil.py", "x")]),
        "file-damaged",
    ),
    "JSON that is none": (zipped([("model.json", "{")]), "file-damaged"),
    "NaN": (zipped([("model.json", '{"schema": NaN}')]), "file-damaged"),
    "deep JSON": (zipped([("model.json", "[" * 100_000)]), "file-damaged"),
    "no record": (zipped([record_of(record=None)]), "file-damaged"),
    "functions that are no list": (
        zipped([("model.json", '{"schema": 1, "functions": 3, "record": {}}')]),
        "file-damaged",
    ),
    "functions that are no names": (
        zipped([("model.json", '{"schema": 1, "functions": [{}], "record": {}}')]),
        "file-damaged",
    ),
    "another compression": (zipped([record_of()], zipfile.ZIP_BZIP2), "file-damaged"),
    "no graph": (
        zipped([record_of(), ("functions/line.onnx", b"x")]),
        "graph-refused",
    ),
    "a bomb": (
        zipped([record_of(), ("functions/line.onnx", bytes(50_000_000))]),
        "file-too-large",
    ),
    "a thousand entries": (
        zipped([record_of(), *[(f"functions/{k}.onnx", b"") for k in range(1000)]]),
        "file-too-large",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_file_has_its_own_error(what):
    """Foreign, damaged, too large and newer files are told apart."""
    data, code = WRONG[what]
    assert code_of(data) == code


def test_a_newer_file_says_who_wrote_it():
    """The sentence names the version to upgrade to."""
    with pytest.raises(FileError, match=r"mapsto 9\.9 \(schema 2\)"):
        archive.from_bytes(zipped([record_of(schema=2, functions="anything")]))


def test_an_encrypted_entry_is_damage():
    """A password is never asked for."""
    bad = bytearray(BYTES)
    central = BYTES.index(b"PK\x01\x02")
    bad[6] |= 1
    bad[central + 8] |= 1
    assert code_of(bytes(bad)) == "file-damaged"


def test_paths_that_cannot_be_read(tmp_path):
    """A missing file and a folder."""
    with pytest.raises(FileError) as caught:
        archive.read(tmp_path / "none.mapsto")
    assert caught.value.code == "file-missing"
    with pytest.raises(FileError) as caught:
        archive.read(tmp_path)
    assert caught.value.code == "file-unreadable"


@pytest.mark.parametrize("path", ["none/model.mapsto", "file/model.mapsto", "."])
def test_paths_that_cannot_be_written(tmp_path, path):
    """No such folder, a file for a folder, a folder for a file: asked before or not."""
    (tmp_path / "file").write_text("")
    for write in (archive.check_writable, lambda p: archive.write(p, RECORD, GRAPHS)):
        with pytest.raises(FileError) as caught:
            write(tmp_path / path)
        assert caught.value.code == "file-unwritable"
    assert os.listdir(tmp_path) == ["file"]


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    """Writing is all or nothing, and no temporary file stays."""
    path = tmp_path / "model.mapsto"
    archive.write(path, RECORD, GRAPHS)

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(FileError, match="No space left on device"):
        archive.write(path, {"new": 1}, GRAPHS)
    assert archive.read(path) == (RECORD, GRAPHS)
    assert os.listdir(tmp_path) == ["model.mapsto"]


def test_asking_whether_a_path_can_be_written_changes_nothing(tmp_path):
    """The question leaves no file, and an old one as it was."""
    path = tmp_path / "model.mapsto"
    archive.check_writable(path)
    assert os.listdir(tmp_path) == []
    archive.write(path, RECORD, GRAPHS)
    archive.check_writable(path)
    assert path.read_bytes() == BYTES


def test_a_record_with_nan_is_not_written():
    """JSON has no NaN: the record says None where a number is not known."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        archive.to_bytes({"score": float("nan")}, GRAPHS)


def test_a_file_beyond_the_limit_is_not_unpacked(tmp_path, monkeypatch):
    """The size of the file itself is bounded too."""
    monkeypatch.setattr(archive, "MOST_BYTES", 500)
    path = tmp_path / "large.mapsto"
    path.write_bytes(BYTES)
    with pytest.raises(FileError, match="more than 500 bytes"):
        archive.read(path)
