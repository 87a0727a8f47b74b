"""What is written is read back, and a bad place is told before the work."""

import os

import numpy as np
import pytest

from mapsto.data.read import read
from mapsto.data.write import can_write, write
from mapsto.errors import FileError

COLUMNS = {
    "price, €": np.array([1.5, np.nan, 1 / 3]),
    "label": np.array(["a", None, 'b "c"\n, d'], dtype=object),
    "fixed": np.array(["x", "yy", "ç"]),
    "outside": np.array([True, False, True]),
    "when": np.array(["2020-01-01", "NaT", "2020-01-02T10:00"], dtype="datetime64[us]"),
    "count": np.array([1, 2, 3]),
}


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".jsonl", ".ndjson"])
def test_what_is_written_is_read_back(suffix, tmp_path):
    path = tmp_path / f"it's{suffix}"

    write(path, COLUMNS)

    columns = read(path).columns
    assert list(columns) == list(COLUMNS)
    np.testing.assert_array_equal(columns["price, €"], COLUMNS["price, €"])
    assert columns["label"].tolist() == COLUMNS["label"].tolist()
    assert columns["fixed"].tolist() == COLUMNS["fixed"].tolist()
    assert [str(v).casefold() for v in columns["outside"]] == ["true", "false", "true"]
    assert os.listdir(tmp_path) == [path.name]


def test_a_file_is_replaced(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("old")

    write(str(path), {"a": np.array([1.0, 2.0])})

    assert read(path).columns["a"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("t.xlsx", "suffix"),
        ("t", "suffix"),
        ("nowhere/t.csv", "no folder"),
        ("file/t.csv", "no folder"),
        ("folder.csv", "it is a folder"),
    ],
)
def test_bad_places(name, problem, tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.csv").mkdir()

    with pytest.raises(FileError, match=problem):
        can_write(tmp_path / name)


def test_no_permission(tmp_path, monkeypatch):
    """Asked of the system, because a superuser may write anywhere."""
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)

    with pytest.raises(FileError, match="no permission"):
        can_write(tmp_path / "t.csv")


def test_a_good_place_is_silent_and_left_alone(tmp_path):
    can_write(tmp_path / "t.csv")

    assert os.listdir(tmp_path) == []
