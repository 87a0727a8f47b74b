"""Dates in the forms that people and programs write."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapsto.data.date_numbers import find_form, read_date_numbers
from mapsto.data.dates import find_clock, find_order, hours_of, moment_of, read_dates

DAYS = [datetime(2020, 1, 1) + timedelta(days=13 * i) for i in range(60)]
FORMS = {
    "%Y-%m-%d": "iso",
    "%Y-%m-%dT%H:%M:%S": "iso with time",
    "%Y-%m-%d %H:%M:%S.%f": "fractions",
    "%Y%m%dT%H%M%S": "basic iso",
    "%Y/%m/%d": "slashes",
    "%d.%m.%Y": "German",
    "%d/%m/%Y %H:%M": "British",
    "%d/%m/%y": "short year",
    "%m/%d/%Y": "American",
    "%m/%d/%Y %I:%M %p": "American with time",
    "%m-%d-%Y": "dashes",
    "%d %b %Y": "named",
    "%d-%b-%y": "named short",
    "%B %d, %Y": "American named",
    "%A, %d %B %Y": "weekday",
    "%Y年%m月%d日": "Chinese",
    "%d.%m.%Y, %H:%M": "comma",
}


@pytest.mark.parametrize("form", FORMS)
def test_what_is_written_is_read(form):
    """The order of day and month comes from the values themselves."""
    texts = [day.strftime(form) for day in DAYS]

    order, sure = find_order(texts)

    assert sure
    assert [moment_of(text, order) for text in texts] == DAYS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-03", datetime(2020, 3, 1)),
        ("Mar 2020", datetime(2020, 3, 1)),
        ("2020 Mar", datetime(2020, 3, 1)),
        ("2020 Q3", datetime(2020, 7, 1)),
        ("2020-W07", datetime(2020, 2, 10)),
        ("2020年3月", datetime(2020, 3, 1)),
        ("3rd March 2020", datetime(2020, 3, 3)),
        ("2020-01-01T00:30:00+01:00", datetime(2019, 12, 31, 23, 30)),
        ("2020-01-01T00:30:00Z", datetime(2020, 1, 1, 0, 30)),
        ("1/2/70", datetime(1970, 2, 1)),
        ("1/2/68", datetime(2068, 2, 1)),
        ("12/31/2020", None),
        ("31/02/2020", None),
        ("1.2.10", None),
        ("01.02.10", datetime(2010, 2, 1)),
        ("2020-Q5", None),
        ("2021-W53", None),
        ("0000 Q1", None),
        ("31/12/9999 99:00", None),
        ("0001-01-01T00:00:00+05:00", None),
        ("3 Sept 2020 23:59", datetime(2020, 9, 3, 23, 59)),
        ("Marina 2020", None),
        ("May be 2020", None),
        ("tomorrow", None),
        ("2020-01-01 at noon", None),
        ("", None),
        (None, None),
    ],
)
def test_single_moments(text, expected):
    assert moment_of(text, "dmy") == expected


def test_ambiguous_dates_are_not_sure():
    assert find_order(["01/02/2020", "05/04/2020"]) == ("dmy", False)
    assert find_order(["01/01/2020", "02/01/2020", "03/01/2020"]) == ("mdy", False)
    assert find_order(["01/01/2020", "02/02/2020"]) == ("dmy", True)


def test_a_column_of_words_has_no_order():
    assert find_order(["may", "june", "12"]) is None
    assert find_order(["-", "none"]) is None
    assert find_order([]) is None


def test_gaps_are_nan():
    values = np.array(["2020-01-01", None, "soon"], dtype=object)

    micro = read_dates(values, "dmy")

    assert micro[0] == np.datetime64("2020-01-01", "us").astype(int)
    assert np.isnan(micro[1:]).all()


@given(st.datetimes(datetime(1700, 1, 1), datetime(2250, 1, 1)))
def test_iso_dates_come_back_to_the_microsecond(moment):
    read = read_dates(np.array([moment.isoformat()], dtype=object), "dmy")

    assert read[0] == np.datetime64(moment, "us").astype(np.int64)


@given(st.text())
def test_no_text_is_an_error(text):
    find_order([text])
    hours_of(text)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("14:30", 14.5),
        ("2:30 pm", 14.5),
        ("12:00 AM", 0),
        ("1:00:36", 1.01),
        ("x", None),
    ],
)
def test_times_of_day(text, hours):
    assert hours_of(text) == pytest.approx(
        np.nan if hours is None else hours, nan_ok=True
    )


def test_clocks_are_seen():
    assert find_clock(["9:30", "23:59:59", "-"])
    assert not find_clock(["9:30", "late"])
    assert not find_clock([])


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        (20200229, "yyyymmdd", "2020-02-29"),
        (20210229, "yyyymmdd", "NaT"),
        (20211301, "yyyymmdd", "NaT"),
        (43831, "excel", "2020-01-01"),
        (43831.5, "excel", "2020-01-01T12:00"),
        (2020, "year", "2020-01-01"),
        (1577836800, "seconds", "2020-01-01"),
        (1577836800000, "milliseconds", "2020-01-01"),
        (np.nan, "yyyymmdd", "NaT"),
        (1e90, "yyyymmdd", "NaT"),
    ],
)
def test_dates_as_numbers(number, form, expected):
    moment = read_date_numbers(np.array([number]), form)

    wanted = np.datetime64(expected, "us")
    assert np.isnan(moment[0]) if np.isnat(wanted) else moment[0] == wanted.astype(int)


@pytest.mark.parametrize(
    ("values", "name", "forced", "form"),
    [
        ([20200101, 20200102, 20201231], "x", False, "yyyymmdd"),
        ([20200101, 20200102, 20201232], "x", False, None),
        ([20200101, 20200102], "x", False, None),
        ([43831, 43832, 43833], "date", False, "excel"),
        ([43831, 43832, 43833], "visits", False, None),
        ([43831, 43832, 43833], "visits", True, "excel"),
        ([2019, 2020], "year", False, None),
        ([2019, 2020], "year", True, "year"),
        ([1.5e9, 1.6e9], "x", True, "seconds"),
        ([1.5e12, 1.6e12], "x", True, "milliseconds"),
        ([-1, 5], "x", True, None),
        ([np.nan], "date", True, None),
    ],
)
def test_number_forms(values, name, forced, form):
    assert find_form(np.array(values, dtype=float), name, forced) == form
