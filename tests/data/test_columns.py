"""Kinds are what a data analyst would say, and what is remembered reads new rows."""

import json
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from mapsto.data.columns import find_columns, type_table
from mapsto.data.read import read
from mapsto.data.table import LEARNABLE, Column
from mapsto.errors import DataError, OptionError

N = 120
RNG = np.random.default_rng(0)
ONE_WORD = [f"{a}{b}" for a in "abcdefghijkl" for b in "mnopqrstuv"]
WORDS = ["quiet", "bright", "flat", "near", "the", "old", "river", "with", "garden"]
REMARK = [" ".join(RNG.choice(WORDS, 3)) + f" no {i}" for i in range(N)]


def column_of(values, name="c", others=True, **options):
    """The Column of these values beside another column, and the notices' codes."""
    table = {"other": np.arange(len(values)) / 7, name: values}
    columns, notices = find_columns(
        read(table if others else {name: values}), **options
    )
    return columns[-1], [n.code for n in notices]


KINDS = {
    "floats": (RNG.normal(size=N), "number"),
    "few whole numbers": (RNG.integers(1, 5, N), "number"),
    "zeros and ones": (RNG.integers(0, 2, N), "number"),
    "nearly unique whole numbers": (RNG.integers(1000, 90_000, N), "number"),
    "years, one a row": (np.arange(1900, 1900 + N), "number"),
    "truths": (RNG.choice([True, False], N), "boolean"),
    "truths with gaps": ([True, None, False] * 40, "boolean"),
    "yes and no": (["yes", "No", "YES", "no"] * 30, "boolean"),
    "t and f": (["t", "f", "f"] * 40, "boolean"),
    "three words": (["yes", "no", "perhaps"] * 40, "category"),
    "some words": (["low", "high", "middle", "low"] * 30, "category"),
    "numbers and a word": (["2", "3", "4", "5more"] * 30, "category"),
    "many levels": ([f"suburb {i % 30}" for i in range(N)], "category"),
    "padded codes": ([f"{i % 20:05d}" for i in range(N)], "category"),
    "ranges": (["<5", "5-10", "10-20"] * 40, "category"),
    "wheel drives": (["2WD", "4WD"] * 60, "category"),
    "iso dates": (pd.date_range("2020-01-01", periods=N).astype(str), "date"),
    "datetimes": (pd.date_range("2020-01-01", periods=N), "date"),
    "dates": ([date(2020, 1, 1 + i % 28) for i in range(N)], "date"),
    "yyyymmdd": ([20200101 + i % 28 for i in range(N)], "date"),
    "euros": ([f"{i * 13:,} €" for i in range(N)], "number"),
    "times of day": ([f"{i % 24}:30" for i in range(N)], "number"),
    "unique words": (ONE_WORD, "identifier"),
    "names": ([f"{w.title()} {w[::-1]}" for w in ONE_WORD], "short text"),
    "remarks": (REMARK, "short text"),
    "sentences": (
        [f"{a}, {b}, {a[:9]}" for a, b in zip(REMARK, REMARK[::-1], strict=True)],
        "long text",
    ),
    "中文": (
        [f"{chr(0x4E00 + i)}这套房子很大而且离地铁站非常近" for i in range(N)],
        "long text",
    ),
    "one value": ([7] * N, "constant"),
    "one value and gaps": ([7, None] * 60, "number"),
    "nothing": ([None] * N, "constant"),
    "blanks": (["", " ", "NA", None] * 30, "constant"),
    "numbers and words": ([1, 2.5, "x", None, True] * 24, "category"),
    "lists": ([[i] for i in range(N)], "identifier"),
}


@pytest.mark.parametrize("name", KINDS)
def test_kinds(name):
    values, kind = KINDS[name]

    assert column_of(values)[0].kind == kind


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("id", RNG.permutation(N) * 17, "identifier"),
        ("PassengerId", RNG.permutation(N), "identifier"),
        ("house_nr", RNG.permutation(N), "identifier"),
        ("No", RNG.permutation(N), "identifier"),
        ("no_of_rooms", RNG.permutation(N), "number"),
        ("NoVacc", RNG.permutation(N), "number"),
        ("index", RNG.permutation(N), "identifier"),
        ("price index", RNG.permutation(N), "number"),
        ("area", RNG.permutation(N), "number"),
        ("bid", RNG.permutation(N), "number"),
        ("patient_id", np.arange(N) // 3, "number"),
        ("id", RNG.normal(size=N), "number"),
        ("zip", RNG.integers(10_000, 10_030, N), "category"),
        ("ZipCode", [f"{z:05d}" for z in RNG.integers(0, 30, N)], "category"),
        ("zip_distance", RNG.normal(size=N), "number"),
        ("order_key", [f"A {i}" for i in range(N)], "identifier"),
        ("date", np.arange(43_000, 43_000 + N), "date"),
        ("visits", np.arange(43_000, 43_000 + N), "number"),
    ],
)
def test_what_names_tell(name, values, kind):
    """A name decides only where the values allow it."""
    assert column_of(values, name)[0].kind == kind


def test_row_numbers_are_set_aside():
    """Only where they come first, and are not the only column, nor time, nor x."""
    row, y = np.delete(np.arange(1, N + 1), [3, 50]), np.arange(N - 2) / 7

    def kinds(table, **options):
        return [c.kind for c in find_columns(read(table), **options)[0]]

    assert kinds({"patient": row, "y": y}) == ["identifier", "number"]
    assert kinds({"y": y, "patient": row}) == ["number", "number"]
    assert kinds({"week": row, "y": y}) == ["number", "number"]
    assert kinds({"t": row, "y": y}) == ["number", "number"]
    assert kinds({"patient": row, "y": y}, skip={"y"}) == ["number"]
    assert kinds(np.column_stack([row, y])) == ["number", "number"]


def test_the_only_column_is_never_set_aside_as_a_key():
    assert column_of(ONE_WORD, others=False)[0].kind == "short text"


def test_a_declared_category_is_not_parsed():
    codes = pd.Categorical(np.arange(N) % 4 + 1)
    frame = pd.DataFrame({"code": codes, "y": np.arange(N) / 7})

    columns, _ = find_columns(read(frame))

    assert (columns[0].kind, columns[0].levels) == ("category", ("1", "2", "3", "4"))


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        (["1,200 €", "3,400 €"] * 20, ["numbers-as-text"]),
        (
            [*map(str, range(40)), "n.a.", "ten"],
            ["numbers-as-text", "values-unreadable"],
        ),
        ([1.0, np.inf, -np.inf] * 20, ["infinities"]),
        (["3/4/2020", "5/6/2020"] * 20, ["dates-ambiguous"]),
        (["13/4/2020", "5/6/2020"] * 20, []),
        (["9:30", "10:45"] * 20, ["clock-as-hours"]),
        ([20200101, 20200102, 20200103] * 20, ["dates-as-numbers"]),
        ([3] * 40, ["constant-aside"]),
        ([None] * 40, ["empty-aside"]),
        (ONE_WORD, ["identifier-aside"]),
    ],
)
def test_what_is_told(values, codes):
    assert column_of(values)[1] == codes


def test_notices_name_the_column_the_row_and_the_value():
    size = [*map(str, range(40)), "n.a.", "ten", None]
    x = [1.0, np.inf, -np.inf] * 14 + [2]

    _, notices = find_columns(read({"x": x, "size": size}))

    told = [n.sentence for n in notices]
    assert told[0] == (
        "Column 'x' holds 28 value(s) that are infinite or beyond 1e50, the first in "
        "row 2: counted as missing."
    )
    assert "'size' is read as numbers; 1 value(s) cannot be" in told[2]
    assert "'ten' in row 42" in told[2]


def test_columns_set_aside_for_one_reason_are_told_together():
    table = {"a": [1] * 9, "b": ["x"] * 9, "c": [None] * 9, "d": range(9)}

    _, notices = find_columns(read(table))

    assert [n.sentence for n in notices] == [
        "Set aside, because the same in every row: 'a' (1), 'b' (x).",
        "Set aside, because empty: 'c'.",
    ]


@pytest.mark.parametrize(
    ("kind", "values", "levels"),
    [
        ("category", [3.0, 1.0, np.nan, 2.5], ("1", "2.5", "3")),
        ("category", [True, False, True, True], ("False", "True")),
        ("number", ["1", "x", "2", "y"], ()),
        ("boolean", [0, 1, 1, 0], ()),
        ("date", ["1/2/2020", "soon", None, "13/2/2020"], ()),
        ("date", [2001, 2002, 2004, 2003], ()),
        ("date", [0, 1.6e9, 1.7e9, 1.5e9], ()),
        ("short text", [1, 2, 3, 4], ()),
        ("long text", ["a b", "c d", "e", "a"], ()),
        ("identifier", [1.5, 2, 3, 4], ()),
        ("constant", [1.5, 2, 3, 4], ()),
    ],
)
def test_a_kind_asked_for_is_given(kind, values, levels):
    if kind == "date" and values[0] == 0:
        values = [1.2e9, *values[1:]]

    column, _ = column_of(values, kinds={"c": kind})

    assert (column.kind, column.levels) == (kind, levels)


@pytest.mark.parametrize(
    ("kind", "values", "row", "value"),
    [
        ("number", ["very", "free", "3", "text"], 1, "'very'"),
        ("number", [datetime(2020, 1, 1), datetime(2020, 1, 2)], 1, "2020"),
        ("boolean", [0, 1, 2, 1], 3, "'2'"),
        ("boolean", ["yes", "no", "perhaps"], 3, "'perhaps'"),
        ("date", ["2020-01-01", "x", "y", "z"], 2, "'x'"),
        ("date", [-5.5, 3.0, 2.0], 1, "'-5.5'"),
        ("date", [True, False, True], 1, "'True'"),
    ],
)
def test_an_impossible_kind_names_the_value(kind, values, row, value):
    with pytest.raises(DataError, match=rf"'c'.* row {row} holds .*{value}"):
        column_of(values, kinds={"c": kind})


def test_kinds_are_checked():
    raw = read({"area": [1, 2], "age": [3, 4]})

    with pytest.raises(OptionError, match=r"'aera'.*Did you mean 'area'"):
        find_columns(raw, {"aera": "number"})
    with pytest.raises(OptionError, match="Did you mean 'category'"):
        find_columns(raw, {"area": "categorial"})


def test_remembered_columns_survive_json():
    raw = read({name: values for name, (values, _) in KINDS.items()})
    columns, _ = find_columns(raw)

    again = [Column.from_dict(json.loads(json.dumps(c.to_dict()))) for c in columns]

    kept = [c for c in again if c.kind in LEARNABLE]
    first = type_table(raw, [c for c in columns if c.kind in LEARNABLE])
    np.testing.assert_array_equal(type_table(raw, kept).matrix(), first.matrix())


def test_low_and_high():
    (number, when), _ = find_columns(
        read({"n": [2.0, np.nan, -1], "d": np.array([0, 5, 9], "datetime64[us]")})
    )

    assert (number.low, number.high, number.has_missing) == (-1, 2, True)
    assert (when.low, when.high, when.has_missing) == (0, 9, False)


# ── reading new rows by remembered columns ──

LEARNED = read(
    {
        "area": [70.5, 80, 90, 100] * 10,
        "price": ["1.200,50 €", "900 €", "1.000 €", "15,5 €"] * 10,
        "zip": ["1000", "1001", "1002", "x"] * 10,
        "garden": ["yes", "no", "no", "yes"] * 10,
        "sold": ["13/02/2020", "01/02/2020", "28/12/2019", None] * 10,
        "when": pd.to_datetime(["2020-01-01", "2020-05-01"] * 20),
        "flag": [True, False, False, True] * 10,
    }
)
COLUMNS, _ = find_columns(LEARNED)
ROW = {
    "area": 70.5,
    "price": "900 €",
    "zip": "1000",
    "garden": "yes",
    "sold": "01/02/2020",
    "when": "2020-05-01",
    "flag": True,
}


def typed(**changes):
    """The typed values of one row: ROW with some of its values changed."""
    table = type_table(read(ROW | changes), COLUMNS)
    return {name: values[0] for name, values in table.values.items()}


def test_order_and_extra_columns_do_not_matter():
    shuffled = {"extra": 1, **dict(reversed(ROW.items()))}

    same = type_table(read(shuffled), COLUMNS).matrix()

    np.testing.assert_array_equal(same, type_table(read(ROW), COLUMNS).matrix())


def test_one_row_equals_its_batch():
    batch = type_table(LEARNED, COLUMNS).matrix()
    for i in range(4):
        row = {name: values[i] for name, values in LEARNED.columns.items()}
        one = type_table(read(row), COLUMNS).matrix()
        np.testing.assert_array_equal(one[0], batch[i])


def test_a_missing_column_is_named():
    row = {"aera": 70.5, **{k: v for k, v in ROW.items() if k != "area"}}

    with pytest.raises(DataError, match=r"'area'.*is missing.*Did you mean 'aera'"):
        type_table(read(row), COLUMNS)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"area": "70.5"}, 70.5),
        ({"area": "1,200.5 m²"}, 1200.5),
        ({"area": True}, 1.0),
        ({"area": None}, np.nan),
        ({"area": np.inf}, np.nan),
        ({"area": "unknown"}, np.nan),
        ({"area": np.float32(2)}, 2.0),
        ({"price": "1.234,5 €"}, 1234.5),
        ({"price": "7,5"}, 7.5),
        ({"price": 7.5}, 7.5),
        ({"price": "7.5"}, 7.5),
        ({"price": "ask us"}, np.nan),
        ({"zip": 1000}, "1000"),
        ({"zip": 1000.0}, "1000"),
        ({"zip": "1000.0"}, "1000"),
        ({"zip": None}, ""),
        ({"zip": "9999"}, "9999"),
        ({"garden": True}, 1.0),
        ({"garden": "NO"}, 0.0),
        ({"garden": 1}, 1.0),
        ({"garden": "perhaps"}, np.nan),
        ({"flag": "true"}, 1.0),
        ({"flag": 0}, 0.0),
        ({"flag": None}, np.nan),
        ({"sold": "2/1/1970"}, 86_400e6),
        ({"sold": date(1970, 1, 2)}, 86_400e6),
        ({"sold": "1970-01-02"}, 86_400e6),
        ({"sold": "soon"}, np.nan),
        ({"when": "1970-01-02T00:00:01"}, 86_401e6),
        ({"when": np.datetime64("1970-01-02")}, 86_400e6),
        ({"when": pd.Timestamp("1970-01-02 01:00", tz="Europe/Berlin")}, 86_400e6),
        ({"when": None}, np.nan),
    ],
)
def test_new_values(changes, expected):
    value = typed(**changes)[next(iter(changes))]

    assert value == expected or (expected != expected and value != value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("area", "seventy"),
        ("area", datetime(2020, 1, 1)),
        ("flag", "perhaps"),
        ("flag", 2),
        ("flag", datetime(2020, 1, 1)),
        ("when", "soon"),
        ("when", 5.0),
        ("when", True),
    ],
)
def test_a_value_that_cannot_be_read_is_named(name, value):
    """Row and value are in the error, where the column held typed values before."""
    rows = [ROW, ROW | {name: value}]

    with pytest.raises(DataError, match=rf"'{name}'.*row 2 holds '.*'"):
        type_table(read(rows), COLUMNS)


def test_nullable_and_categorical_frames_read_alike():
    plain = pd.DataFrame({"n": [1, 2, 3, 2] * 5, "c": ["x", "y", "y", "z"] * 5})
    columns, _ = find_columns(read(plain))
    gaps = plain.astype({"n": "Int64", "c": "category"})
    gaps.loc[1] = [None, None]

    table = type_table(read(gaps), columns)

    assert np.isnan(table.values["n"][1])
    assert table.values["c"].tolist()[:3] == ["x", "", "y"]


def test_a_whole_number_category_comes_back_as_floats():
    """Whole numbers with a gap are floats in many frames: 3.0 is the level 3."""
    columns, _ = find_columns(read({"k": [1, 2, 3] * 5}), {"k": "category"})

    table = type_table(read({"k": [3.0, np.nan, 4.0]}), columns)

    assert table.values["k"].tolist() == ["3", "", "4"]
    assert table.matrix()[[0, 2], 0].tolist() == [2, -1]


def test_a_single_date_is_read_in_the_order_that_the_column_proved():
    days = (
        typed(sold="01/02/2020")["sold"] - typed(sold="2020-01-01")["sold"]
    ) / 86_400e6

    assert days == 31
