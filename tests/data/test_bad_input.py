"""Bad input gets a clear error: what was expected, what came, what to try."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mapsto.data.read import read
from mapsto.errors import DataError, FileError

FILES = {
    "empty.csv": (b"", "is empty"),
    "blank.csv": (b" \n\n", "is empty"),
    "header.csv": (b"a,b\n", "no rows. Its columns: a, b"),
    "twice.csv": (b"a,b,a\n1,2,3\n", "same name: a"),
    "long.csv": (b"a,b\n1,2\n4,5,6\n", "line 3 has 3 cells where 2"),
    "open.csv": (b'a,b\n1,2\n"x,3\n4,5\n', "double quote"),
    "quote.csv": (b'a,b\n1,2\n"x" y,3\n', "line 3.*double quote"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not text"),
    "broken.parquet": (b"PAR1 and no more", "broken.parquet cannot be read"),
    "broken.jsonl": (b'{"a": 1}\n{"a": ', "broken.jsonl cannot be read"),
    "list.json": (b"[1, 2]", "not objects"),
    "empty.jsonl": (b"", "empty"),
    "broken.xlsx": (b"PK\x03\x04 no", "broken.xlsx cannot be read"),
    "broken.sqlite": (b"no database, surely" * 100, "broken.sqlite cannot be read"),
}


@pytest.mark.parametrize("name", FILES)
def test_bad_files(name, tmp_path):
    content, told = FILES[name]
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises((DataError, FileError), match=told):
        read(path)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("hauses.csv", "no file.*Did you mean 'houses.csv'"),
        ("*.parquet", "no file"),
        ("nowhere/houses.csv", "no file"),
        ("", "is a folder"),
        ("nowhere.db::houses", "no file"),
    ],
)
def test_paths_that_are_not_there(written, told, tmp_path):
    (tmp_path / "houses.csv").write_text("a,b\n1,2\n")

    with pytest.raises(FileError, match=told):
        read(f"{tmp_path}/{written}")


def test_an_address_is_not_downloaded():
    with pytest.raises(FileError, match="Download"):
        read("https://example.org/houses.csv")


def test_several_spreadsheets_are_no_table(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        pd.DataFrame({"x": [1]}).to_excel(tmp_path / name)

    with pytest.raises(FileError, match="one spreadsheet"):
        read(tmp_path / "*.xlsx")


def test_a_file_without_permission(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n")

    def refuse(*args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    with pytest.raises(FileError, match="Permission denied"):
        read(path)


def test_duplicate_columns_of_frames(tmp_path):
    twice = pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"])
    arrow = pa.table([[1], [2]], names=["a", "a"])
    pq.write_table(arrow, tmp_path / "t.parquet")
    mixed = pd.DataFrame([[1, 2], [3, 4]], columns=["1", 1])

    for data in (twice, arrow, tmp_path / "t.parquet", mixed):
        with pytest.raises(DataError, match="same name"):
            read(data)


def test_a_separate_target_needs_a_name_of_its_own():
    with pytest.raises(DataError, match="same name: y"):
        read((pd.DataFrame({"y": [1, 2]}), [1, 2]))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (3.5, "type float"),
        (None, "type NoneType"),
        (object(), "type object"),
        (np.zeros((2, 2, 2, 2, 2)), r"shape \(2, 2, 2, 2, 2\)"),
        (np.zeros(3), r"shape \(3,\)"),
        ({"a": np.zeros((2, 2))}, r"shape \(2, 2\)"),
        ([], "shape"),
        ([[1, 2], [3]], "shape"),
        ({}, "no rows"),
        ({"a": []}, "no rows"),
        (pd.DataFrame(), "no rows"),
        (pd.DataFrame({"a": []}), "no rows"),
        ({"a": [1, 2], "b": [1]}, "'a' has 2, 'b' has 1"),
        (([[1.0], [2.0]], [1, 2, 3]), "different numbers of rows"),
        ((np.zeros((2, 1)), np.zeros((2, 2))), "shape"),
        (([[1, 2], [3]], [1, 2]), "shape"),
        ((np.zeros((2, 1)), 3), "shape"),
    ],
)
def test_bad_tables(data, told):
    with pytest.raises(DataError, match=told):
        read(data)
