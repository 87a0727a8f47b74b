"""Random tables: every source gives the same, and junk gives no foreign error."""

import csv
from contextlib import suppress
from datetime import date, datetime
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mapsto.data.columns import find_columns, target_values, type_table
from mapsto.data.read import read
from mapsto.data.table import LEARNABLE
from mapsto.errors import MapstoError

LETTERS = st.characters(
    codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]
)
WORDS = st.sampled_from(
    [
        "a",
        "B c",
        "ü",
        "北京",
        "yes",
        "no",
        "12",
        "1,5",
        "3 €",
        "007",
        "2020-01-01",
        "x;y",
    ]
)
VALUES = {
    "floats": st.floats(allow_infinity=False, allow_nan=False, width=32),
    "whole": st.integers(-(2**31), 2**31),
    "few": st.integers(0, 3),
    "truths": st.booleans(),
    "words": WORDS,
    "numbers in text": st.decimals(-999, 9999, places=2).map(lambda d: f"{d:,} €"),
    "dates": st.dates(date(1800, 1, 1), date(2200, 1, 1)),
    "moments": st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1)),
    "text": st.text(LETTERS, max_size=12),
}
JUNK = st.one_of(
    *VALUES.values(),
    st.floats(),
    st.integers(),
    st.complex_numbers(),
    st.binary(max_size=5),
    st.text(max_size=5),
    st.timedeltas(),
    st.times(),
    st.datetimes(timezones=st.timezones()),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
    st.sampled_from([None, pd.NA, pd.NaT, np.nan, np.datetime64("NaT"), "NA", "", "?"]),
)


@st.composite
def tables(draw):
    """A dict of columns, each of one sort of values and some gaps."""
    rows = draw(st.integers(1, 30))
    sorts = draw(st.lists(st.sampled_from(list(VALUES)), min_size=1, max_size=4))
    return {
        f"{sort} {i}": draw(
            st.lists(
                st.one_of(VALUES[sort], st.none()) if i % 2 else VALUES[sort],
                min_size=rows,
                max_size=rows,
            )
        )
        for i, sort in enumerate(sorts)
    }


def as_csv(table, folder):
    path = f"{folder}/t.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))
    return path


def as_parquet(table, folder):
    pl.DataFrame(table).write_parquet(f"{folder}/t.parquet")
    return f"{folder}/t.parquet"


SOURCES = {
    "pandas": lambda table, folder: pd.DataFrame(table),
    "objects": lambda table, folder: pd.DataFrame(table, dtype=object),
    "polars": lambda table, folder: pl.DataFrame(table),
    "rows": lambda table, folder: pd.DataFrame(table, dtype=object).to_dict("records"),
    "csv": as_csv,
    "parquet": as_parquet,
}


@pytest.mark.parametrize("source", SOURCES)
@given(table=tables())
@settings(max_examples=60, deadline=None)
def test_sources_agree(source, table):
    """Kinds, levels and typed values of a dict of lists and of the same as {source}."""
    expected, _ = find_columns(read(table))
    with TemporaryDirectory() as folder:
        raw = read(SOURCES[source](table, folder))
    columns, _ = find_columns(raw)

    assert [(c.name, c.kind, c.levels) for c in columns] == [
        (c.name, c.kind, c.levels) for c in expected
    ]
    kept = [c for c in expected if c.kind in LEARNABLE]
    one, other = type_table(read(table), kept), type_table(raw, kept)
    np.testing.assert_allclose(one.matrix(), other.matrix(), rtol=1e-15)


@given(st.lists(JUNK, min_size=1, max_size=25), st.text(max_size=3))
@settings(max_examples=300, deadline=None)
def test_junk_gives_no_foreign_error(values, name):
    """Anything may be in a column: it is typed, or the error is one of ours."""
    with suppress(MapstoError):
        raw = read({name: values, "other": range(len(values))})
        columns, notices = find_columns(raw)
        assert all(notice.sentence for notice in notices)
        type_table(raw, [c for c in columns if c.kind in LEARNABLE]).matrix()
        target_values(raw, name)


@given(
    st.lists(JUNK, min_size=1, max_size=9),
    st.lists(JUNK, min_size=1, max_size=9),
    st.sampled_from([None, "number", "boolean", "date", "category", "short text"]),
)
@settings(max_examples=300, deadline=None)
def test_junk_at_prediction_gives_no_foreign_error(learned, new, kind):
    with suppress(MapstoError):
        columns, _ = find_columns(read({"c": learned}), kind and {"c": kind})
        kept = [c for c in columns if c.kind in LEARNABLE]
        type_table(read({"c": new}), kept).matrix()


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_a_table_or_a_clear_error(content):
    with TemporaryDirectory() as folder:
        path = f"{folder}/t.csv"
        with open(path, "wb") as file:
            file.write(content)
        with suppress(MapstoError):
            find_columns(read(path))


@given(st.text(LETTERS, max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_is_a_table_or_a_clear_error(content):
    with TemporaryDirectory() as folder:
        path = f"{folder}/t.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(content)
        with suppress(MapstoError):
            find_columns(read(path))
