"""The same table comes in from every source, and results go back in kind."""

import gzip
import io
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mapsto.data.columns import find_columns, type_table
from mapsto.data.read import give_back, give_back_series, read
from mapsto.errors import DataError, ExtraMissing, FileError

ROWS = 40
RNG = np.random.default_rng(0)
TABLE = pd.DataFrame(
    {
        "面积": RNG.normal(70, 20, ROWS).round(2),
        "rooms": RNG.integers(1, 5, ROWS),
        "district": RNG.choice(["A", "B b", "Ç"], ROWS),
        "garden": RNG.choice([True, False], ROWS),
        "sold": pd.date_range("2020-01-01", periods=ROWS, freq="36h"),
        "floor": [None if i % 7 == 0 else float(i % 5) for i in range(ROWS)],
        "note": [None if i % 3 == 0 else f"n{i % 4}" for i in range(ROWS)],
    }
)


class ArrowStream:
    """Something that speaks the Arrow stream protocol and nothing else."""

    def __init__(self, table):
        self._table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self._table.__arrow_c_stream__(requested_schema)


def _excel(folder):
    path = folder / "t.xlsx"
    TABLE.to_excel(path, index=False)
    return path


def _sqlite(folder):
    """SQLite knows neither truth values nor dates: they stand there as text."""
    path = folder / "t.sqlite"
    text = TABLE.astype({"sold": str, "garden": str})
    with closing(sqlite3.connect(path)) as connection:
        text.to_sql("houses", connection, index=False)
    return path


def _written(name, writer, **options):
    def source(folder):
        path = folder / name
        getattr(TABLE, writer)(path, **options)
        return path

    return source


SOURCES = {
    "csv": _written("t.csv", "to_csv", index=False),
    "csv.gz": _written("t.csv.gz", "to_csv", index=False),
    "tsv": _written("t.tsv", "to_csv", index=False, sep="\t"),
    "pipe": _written("t.txt", "to_csv", index=False, sep="|"),
    "semicolon": _written("t.csv", "to_csv", index=False, sep=";", decimal=","),
    "utf-8-sig": _written("t.csv", "to_csv", index=False, encoding="utf-8-sig"),
    "utf-16": _written("t.csv", "to_csv", index=False, encoding="utf-16"),
    "utf-16-le": _written("t.csv", "to_csv", index=False, encoding="utf-16-le"),
    "day first": _written("t.csv", "to_csv", index=False, date_format="%d.%m.%Y %H:%M"),
    "parquet": _written("t.parquet", "to_parquet"),
    "json lines": _written(
        "t.jsonl", "to_json", orient="records", lines=True, date_format="iso"
    ),
    "json": _written("t.json", "to_json", orient="records", date_format="iso"),
    "excel": _excel,
    "sqlite": _sqlite,
    "query": lambda f: ("SELECT * FROM houses", f"sqlite:///{_sqlite(f)}"),
    "sqlalchemy": lambda f: (
        "SELECT * FROM houses",
        f"sqlite+pysqlite:///{_sqlite(f)}",
    ),
    "polars": lambda f: pl.from_pandas(TABLE),
    "polars lazy": lambda f: pl.from_pandas(TABLE).lazy(),
    "pyarrow": lambda f: pa.Table.from_pandas(TABLE),
    "arrow stream": lambda f: ArrowStream(pa.Table.from_pandas(TABLE)),
    "duckdb": lambda f: duckdb.connect().from_df(TABLE),
    "nullable": lambda f: TABLE.convert_dtypes(),
    "objects": lambda f: TABLE.astype(object),
    "categorical": lambda f: TABLE.astype({"district": "category"}),
    "dict": lambda f: {name: TABLE[name].tolist() for name in TABLE},
    "dict of arrays": lambda f: {name: TABLE[name].to_numpy() for name in TABLE},
    "rows": lambda f: TABLE.to_dict("records"),
    "structured": lambda f: TABLE.to_records(index=False),
}


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_gives_the_same_table(source, tmp_path):
    """Kinds, levels and typed values are those of the pandas frame."""
    expected, _ = find_columns(read(TABLE))

    raw = read(SOURCES[source](tmp_path))
    columns, _ = find_columns(raw)

    assert raw.rows == raw.total == ROWS
    assert [(c.name, c.kind, c.levels) for c in columns] == [
        (c.name, c.kind, c.levels) for c in expected
    ]
    table, reference = type_table(raw, columns), type_table(read(TABLE), expected)
    for name, values in reference.values.items():
        if values.dtype == object:
            assert table.values[name].tolist() == values.tolist()
        else:
            assert table.values[name] == pytest.approx(values, nan_ok=True)


def test_the_kinds_of_the_reference_table():
    columns, notices = find_columns(read(TABLE))

    kinds = {c.name: c.kind for c in columns}
    assert list(kinds.values()) == [
        *("number", "number", "category", "boolean", "date", "number", "category")
    ]
    assert [c.has_missing for c in columns] == [False] * 5 + [True] * 2
    assert notices == ()


@pytest.mark.parametrize("source", ["csv", "parquet", "json", "excel", "pyarrow"])
def test_what_was_learned_from_one_source_reads_another(source, tmp_path):
    columns, _ = find_columns(read(SOURCES["semicolon"](tmp_path)))

    table = type_table(read(SOURCES[source](tmp_path)), columns)

    assert table.values["面积"] == pytest.approx(TABLE["面积"].to_numpy())
    assert (table.values["district"] == TABLE["district"].to_numpy()).all()
    assert (table.values["garden"] == TABLE["garden"].to_numpy()).all()


@pytest.mark.parametrize(
    ("encoding", "name", "word"),
    [
        ("latin-1", "Straße", "Gärtnerstraße"),
        ("cp1252", "prix €", "élevé"),
        ("gb18030", "城市", "北京市朝阳区"),
        ("gb18030", "城市,名", "上海"),
        ("utf-8", "城市", "北京"),
        ("utf-32", "città", "perché"),
    ],
)
def test_encodings(encoding, name, word, tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(f'"{name}",n\n{word},1\nb,2\n{word},3\n'.encode(encoding))

    raw = read(path)

    assert raw.columns[name].tolist() == [word, "b", word]
    assert raw.columns["n"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a,b\n"x, ""y""\nz",1\nw,2\n', {"a": ['x, "y"\nz', "w"], "b": [1, 2]}),
        ("a,b\r\n1,x\r\n2,y\r\n", {"a": [1, 2], "b": ["x", "y"]}),
        ("a,b\r1,x\r2,y\r", {"a": [1, 2], "b": ["x", "y"]}),
        ("1,2.5\n3,4\n", {"x0": [1, 3], "x1": [2.5, 4]}),
        ("Sales\n\na,b\n1,2\n3,4\n", {"a": [1, 3], "b": [2, 4]}),
        ('"a","b"\n"r",1,2\n"s",3,4\n', {"row": ["r", "s"], "a": [1, 3], "b": [2, 4]}),
        ("a,,b\n1,2,3\n4,5,6\n", {"a": [1, 4], "column 2": [2, 5], "b": [3, 6]}),
        ("text\nvery good\nbad, really\n", {"text": ["very good", "bad, really"]}),
        ("a, b\n x , 1\ny,2\n", {"a": ["x", "y"], "b": [1, 2]}),
        ("a,A\n1,2\n3,4\n", {"a": [1, 3], "A": [2, 4]}),
        ('"a\nb",c\n1,2\n3,4\n', {"a\nb": [1, 3], "c": [2, 4]}),
        ("code,n\n007,1\n012,2\n", {"code": ["007", "012"], "n": [1, 2]}),
        ("a,b\n1_0,1\n20,2\n", {"a": ["1_0", "20"], "b": [1, 2]}),
        ("a,b,c\n1,2,3\n4\n", {"a": [1, 4], "b": [2, None], "c": [3, None]}),
        ("a\tb\n1\tx, y; z\n2\tw\n", {"a": [1, 2], "b": ["x, y; z", "w"]}),
    ],
)
def test_ways_to_write_a_csv(text, expected, tmp_path):
    path = tmp_path / "it's [1].csv"
    path.write_bytes(text.encode())

    columns = read(path).columns

    told = {k: [None if v != v else v for v in c.tolist()] for k, c in columns.items()}
    assert told == expected


def test_damaged_utf8_is_still_utf8(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(
        "城市,n\n北京市朝阳区,1\n上海市浦东区,2\n".encode()[:-3] + b"\xe4,2\n"
    )

    assert read(path).columns["城市"][0] == "北京市朝阳区"


def test_a_target_that_looks_like_a_number_is_still_a_name(tmp_path):
    path = tmp_path / "years.csv"
    path.write_text("2019,2020\n3,4\n5,6\n")

    assert list(read(path, target="2020").columns) == ["2019", "2020"]


def test_a_glob_is_one_table(tmp_path):
    (tmp_path / "1.csv").write_text("a,b\n1,x\n")
    (tmp_path / "2.csv").write_bytes("b;a\nü;2\n".encode("latin-1"))

    raw = read(tmp_path / "*.csv")

    assert raw.columns["a"].tolist() == [1, 2]
    assert raw.columns["b"].tolist() == ["x", "ü"]


def test_files_of_one_table_must_agree(tmp_path):
    (tmp_path / "1.csv").write_text("a,b\n1,x\n")
    (tmp_path / "2.csv").write_text("a,c\n1,x\n")

    with pytest.raises(DataError, match="only one of them has b, c"):
        read(str(tmp_path / "*.csv"))


@pytest.mark.parametrize("source", ["csv", "parquet", "json lines", "sqlite", "dict"])
def test_a_sample_is_random_ordered_and_the_same_every_time(source, tmp_path):
    data = SOURCES[source](tmp_path)

    first, again = read(data, most_rows=10), read(data, most_rows=10)
    other, all_rows = read(data, most_rows=10, seed=1), read(data, most_rows=10**6)

    assert (first.rows, first.total, all_rows.rows) == (10, ROWS, ROWS)
    areas = first.columns["面积"].tolist()
    assert areas == again.columns["面积"].tolist()
    assert areas != other.columns["面积"].tolist()
    places = [TABLE["面积"].tolist().index(area) for area in areas]
    assert places == sorted(places)


def test_standard_input(monkeypatch):
    class Stdin:
        buffer = io.BytesIO("a;b\n1,5;x\n2,5;y\n".encode("utf-16"))

    monkeypatch.setattr(sys, "stdin", Stdin)

    assert read("-").columns["b"].tolist() == ["x", "y"]


def test_a_database_of_several_tables(tmp_path):
    path = _sqlite(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute('CREATE TABLE "flats ""x""" AS SELECT 1 AS a, NULL AS b')
        connection.commit()

    assert read(f"{path}::houses").rows == ROWS
    assert read(f'{path}::flats "x"').columns["a"].tolist() == [1]
    with pytest.raises(FileError, match='flats "x", houses'):
        read(path)
    with pytest.raises(FileError, match="houses"):
        read(f"{path}::hauses")


def test_a_sheet_is_found_among_empty_ones(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.create_sheet("houses")
    rows = [("Report",), (), (None, "area", "built"), (None, 70, datetime(2020, 1, 2))]
    for row in [*rows, (None, "x", None)]:
        sheet.append(row)
    path = tmp_path / "t.xlsx"
    book.save(path)

    for data in (path, f"{path}::houses"):
        columns = read(data).columns
        assert columns["area"].tolist() == ["70", "x"]
        assert columns["built"].tolist()[0] == datetime(2020, 1, 2)
    with pytest.raises(FileError, match="houses"):
        read(f"{path}::hauses")


def test_formats_are_known_by_content_too(tmp_path):
    path = SOURCES["parquet"](tmp_path).rename(tmp_path / "it's [1]*.data")

    assert read(path).rows == ROWS


def test_x_and_y():
    x, y = np.arange(12.0).reshape(6, 2), np.array(list("ababab"))

    raw = read((x, y))
    named = read((TABLE, pd.Series(range(ROWS), name="price")))

    assert list(raw.columns) == ["x0", "x1", "y"]
    assert (raw.target, raw.frame) == ("y", "numpy")
    assert (list(named.columns)[-1], named.target) == ("price", "price")
    assert read((x, y), target="label").target == "label"
    assert list(read((x[:, 0], y[:, None])).columns) == ["x0", "y"]
    assert list(read((x.tolist(), y.tolist())).columns) == ["x0", "x1", "y"]
    assert list(read(([1, 2], [3, "a"])).columns) == ["x0", "y"]
    assert read(raw) is raw


def test_a_single_row():
    row = {"area": 70, "district": " Z ", "garden": True, "floor": None, "n": 10**400}

    columns = read(row).columns

    assert columns["area"].tolist() == [70.0]
    assert columns["district"].tolist() == ["Z"]
    assert columns["garden"].tolist() == [True]
    assert np.isnan(columns["floor"]).all()
    assert np.isinf(columns["n"]).all()


RESULT = {"price": np.array([1.5, 2.5]), "label": np.array(["a", "b"], dtype=object)}


def test_pandas_results_keep_the_index():
    frame = pd.DataFrame({"x": [1.0, 2.0]}, index=["r", "s"])

    back = give_back(read(frame), RESULT)

    assert back.index.tolist() == ["r", "s"]
    assert back["label"].tolist() == ["a", "b"]
    assert give_back("pandas", RESULT, frame).index.tolist() == ["r", "s"]
    assert give_back_series(read(frame), "price", RESULT["price"]).index[1] == "s"


@pytest.mark.parametrize("library", [pl.DataFrame, pa.table])
def test_frames_come_back_as_frames(library):
    frame = library({"x": [1.0, 2.0]})

    back = give_back(read(frame), RESULT)

    assert type(back) is type(frame)
    assert back["label"].to_pylist() if library is pa.table else back["label"].to_list()
    assert type(give_back_series(read(frame), "p", RESULT["price"])) is type(frame["x"])


def test_plain_results():
    row, rows = {"x": 1.0}, [{"x": 1.0}, {"x": 2.0}]
    one = {name: values[:1] for name, values in RESULT.items()}
    price = {"price": RESULT["price"]}

    assert give_back(read(row), one) == {"price": 1.5, "label": "a"}
    assert give_back_series(read(row), "price", one["price"]) == 1.5
    assert give_back(read(rows), RESULT)[1] == {"price": 2.5, "label": "b"}
    assert give_back_series(read(rows), "price", RESULT["price"]) == [1.5, 2.5]
    assert give_back(read(np.ones((2, 1))), price).shape == (2,)
    assert give_back(read(np.ones((2, 1))), {**price, "p": price["price"]}).shape == (
        2,
        2,
    )
    assert give_back(read({"x": [1, 2]}), RESULT)["price"] is RESULT["price"]


@pytest.mark.parametrize(
    ("package", "data"),
    [
        ("python_calamine", "t.xlsx"),
        ("sqlalchemy", ("SELECT 1", "mysql://localhost/shop")),
    ],
)
def test_a_missing_package_is_named(package, data, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    if isinstance(data, str):
        (tmp_path / data).write_bytes(b"PK")
        data = tmp_path / data

    with pytest.raises(ExtraMissing, match="pip install"):
        read(data)


def test_gzip_is_seen_by_its_suffix(tmp_path):
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress("a;b\n1;é\n2;ß\n".encode("latin-1")))

    assert read(path).columns["b"].tolist() == ["é", "ß"]


def test_a_file_needs_no_dataframe_library(tmp_path):
    """Nor anything that only training needs: a prediction should start fast."""
    path = SOURCES["semicolon"](tmp_path)
    code = f"""
import sys
from mapsto.data.columns import find_columns, type_table
from mapsto.data.read import give_back, read
from mapsto.data.write import write
raw = read({str(path)!r})
type_table(raw, find_columns(raw)[0]).matrix()
write({str(tmp_path / "out.csv")!r}, give_back(raw, raw.columns))
heavy = {{"jax", "sklearn", "lightgbm", "pandas", "polars", "pyarrow", "narwhals"}}
print(*heavy & set(sys.modules))
"""

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert (told.stdout.strip(), told.stderr) == ("", "")
