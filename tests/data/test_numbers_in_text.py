"""Numbers written by people are read as they meant them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapsto.data.numbers_in_text import find_reading, number_of, proves_comma


def read_all(texts, comma=False):
    reading = find_reading(texts, comma)
    return None if reading is None else [number_of(t, reading) for t in texts]


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["1,200 €", "3,400 €", "900 €"], [1200, 3400, 900]),
        (["12 %", "7%", "0.5 %"], [12, 7, 0.5]),
        (["1.234,56", "7,5", "12"], [1234.56, 7.5, 12]),
        (["$3.5", "$1,200", "-$7"], [3.5, 1200, -7]),
        (["1e-3", "2E5", "7"], [0.001, 200_000, 7]),
        (["(12)", "5", "(3.5)"], [-12, 5, -3.5]),
        (["1 200", "33 400,5"], [1200, 33_400.5]),
        (["1\u202f200", "33\xa0400"], [1200, 33_400]),
        (["1’200.50", "3'000"], [1200.5, 3000]),
        (["1,00,000", "25,000.5"], [100_000, 25_000.5]),
        (["１，２００", "３"], [1200, 3]),
        (["−5", "+6"], [-5, 6]),
        (["0,123", "4,567"], [0.123, 4.567]),
        (["12,5", "1.234"], [12.5, 1234]),
        (["1,234", "5,678"], [1234, 5678]),
        (["1.234", "5.678"], [1.234, 5.678]),
        (["70 m²", "81,5 m²"], [70, 81.5]),
        (["36 months", "60 months"], [36, 60]),
        (["50 sq ft", "60 sq ft"], [50, 60]),
        (["1.200,00 EUR", "EUR 5,00"], [1200, 5]),
        ([".5", "5.", "1"], [0.5, 5, 1]),
    ],
)
def test_read(texts, numbers):
    assert read_all(texts) == numbers


@pytest.mark.parametrize(
    "texts",
    [
        ["2WD", "4WD"],
        ["3 BHK", "4 Bedroom"],
        ["2", "3", "4", "5more"],
        ["10+", "1", "2"],
        ["00501", "94110"],
        ["5-3", "6-2"],
        ["2020-01-01"],
        ["192.168.0.1"],
        ["Q1", "Q2"],
        ["1st", "2nd"],
        ["<5", "7"],
        ["1/2", "3/4"],
        [*map(str, range(99)), "7a"],
        ["1,2,3", "4,5"],
        ["1_000", "2_000"],
        ["none", "-"],
        ["2 + 3"],
        ["(5", "6)"],
        ["1e999", "9" * 400],
        [],
    ],
)
def test_not_numbers(texts):
    assert find_reading(texts) is None


def test_other_columns_settle_what_is_ambiguous():
    """ "1.234" is a thousand where the table has decimal commas elsewhere."""
    assert proves_comma(["1,5", "2,75"])
    assert not proves_comma(["1,234", "2,345"])
    assert read_all(["1.234", "5.678"], comma=True) == [1234, 5678]
    assert read_all(["1,5", "1.5"], comma=True) is None


def test_a_few_words_among_numbers_are_gaps():
    numbers = read_all([*map(str, range(99)), "ask"])

    assert numbers[:99] == list(range(99))
    assert numbers[99] != numbers[99]
    assert find_reading([*map(str, range(9)), "ask"]) is None


def test_words_for_nothing_do_not_count():
    assert find_reading(["1", "2", "-", "n.a.", "unknown", "none"]) == {"decimal": "."}


GERMAN = {"decimal": ",", "thousands": ".", "unit": "€"}


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.234,5 €", 1234.5), ("1.5", 1.5), ("1.500", 1500), ("7", 7), ("7e3", 7000)],
)
def test_a_single_value_keeps_the_reading(text, number):
    """What breaks the rules for marks ("1.5") is read as programs write it."""
    assert number_of(text, GERMAN) == number


@pytest.mark.parametrize("text", ["7 $", "x", "", None, "1,5,0", "--", "inf", "nan"])
def test_what_is_no_number_under_a_reading(text):
    value = number_of(text, GERMAN)

    assert value != value


@given(
    st.lists(st.integers(-(10**9), 10**9), min_size=1),
    st.sampled_from([(".", ","), (",", "."), (".", " "), (",", " "), (".", "'")]),
    st.sampled_from(["", " €", "%", "$"]),
)
def test_grouped_numbers_come_back(cents, marks, unit):
    """What is written with any marks and a unit is read back exactly."""
    decimal, thousands = marks
    texts = [
        f"{c / 100:,.2f}".translate(str.maketrans(".,", decimal + thousands)) + unit
        for c in cents
    ]

    assert read_all(texts) == [float(f"{c / 100:.2f}") for c in cents]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_floats_as_programs_write_them_come_back(values):
    assert read_all([repr(v) for v in values]) == values


@given(st.text())
def test_no_text_is_an_error(text):
    value = number_of(text, find_reading([text]) or {"decimal": "."})

    assert isinstance(value, float)
