"""Numbers written as text: "1,200 €", "12 %", "1.234,56", "$3.5", "(12)", "1e-3".

The reading of a column (which mark is decimal, which separates thousands, which
unit stands beside the number) is found from its distinct values together and then
remembered, so that a single new value is read in the same way.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from mapsto.data.sampling import spread

ENOUGH = 0.95
"""The share of distinct values that must be numbers."""

NO_VALUE = {
    *("-", "--", "---", ".", "..", "none", "None", "NONE", "nil", "na", "Na", "n.a."),
    *("N.A.", "unknown", "Unknown", "UNKNOWN", "missing", "Missing", "\\N"),
    *("#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#N/A!"),
    *("inf", "-inf", "Inf", "-Inf", "Infinity", "-Infinity"),
}
"""Words that mean 'no value' where a number or a date is expected (elsewhere they
may be levels of their own)."""

_CURRENCY = r"[$€£¥₹₽₩₺₫฿₪₴₦]|US\$|USD|EUR|GBP|CHF|CNY|RMB|JPY|INR|Rs\.?"
_TOKEN = re.compile(
    rf"(?P<open>\(?)\s*(?P<sign>[+-]?)\s*(?P<before>{_CURRENCY})?\s*(?P<minus>-?)"
    r"(?P<body>\d[\d.,' ]*|[.,]\d+)(?P<power>[eE][+-]?\d+)?"
    r"(?P<gap>\s*)(?P<after>[^\W\d_][^\s,;]*(?: [^\W\d_][^\s,;]*)?"  # "sq ft"
    r"|[%‰°]\S?|[″′\"$€£¥₹₽₩₺₫฿₪₴₦])?\s*\)?"
)

_CODE = re.compile(r"\d+[A-Za-z]|[A-Za-z]\d+")

# (decimal mark, thousands mark); of equally good ones, the earlier is chosen
_MARKS = ((".", ","), (".", " "), (".", "'"), (",", "."), (",", " "), (",", "'"))


@dataclass(frozen=True)
class Token:
    """A number as it is written: `body` has its marks, `unit` stands beside it
    (`near`: right behind it)."""

    body: str
    negative: bool
    power: str
    unit: str
    near: bool


def find_reading(
    distinct: Collection[str], comma: bool = False, enough: float = ENOUGH
) -> dict[str, str] | None:
    """How to read these values as numbers, or None where they are not numbers.

    `comma`: the table has decimal commas elsewhere, which decides where the values
    themselves do not ("1.234").
    """
    tried = spread([v for v in distinct if v not in NO_VALUE])
    written = {text: tokenise(text) for text in tried}
    unit = _unit([token for token in written.values() if token])
    tokens = [t for t in written.values() if t and t.unit in ("", unit)]
    others = [v for v, t in written.items() if not t or t.unit not in ("", unit)]
    if not tokens or len(tokens) < enough * len(written) or _are_codes(tried, others):
        return None
    fits = {marks: _fitting(tokens, marks) for marks in _MARKS}
    decimal, thousands = max(_MARKS, key=lambda m: (fits[m], comma == (m[0] == ",")))
    if fits[decimal, thousands] < enough * len(written):
        return None
    used = any(thousands in token.body for token in tokens)
    reading = {"decimal": decimal, "thousands": thousands if used else "", "unit": unit}
    reading = {key: mark for key, mark in reading.items() if mark}
    sense = any(not math.isnan(number_of(text, reading)) for text in tried)
    return reading if sense else None


def proves_comma(distinct: Collection[str]) -> bool:
    """Do these values make sense with a decimal comma only?"""
    with_point, with_comma = find_reading(distinct), find_reading(distinct, comma=True)
    return (
        with_point is not None
        and with_point == with_comma
        and (with_point["decimal"] == ",")
    )


def is_plain(text: str) -> bool:
    """Is this a number as programs write it: a decimal point and nothing else?"""
    token = tokenise(text)
    if token is None or token.unit or "(" in text:
        return False
    return _pattern(".", "").fullmatch(token.body) is not None


def read_numbers(values: np.ndarray, reading: Mapping[str, Any]) -> np.ndarray:
    """float64 (rows,) from text; NaN where missing or unreadable."""
    known = {v: number_of(v, reading) for v in set(values.tolist())}
    return np.fromiter((known[v] for v in values), np.float64, len(values))


def number_of(text: str | None, reading: Mapping[str, Any]) -> float:
    """The number that a text means under a reading, or NaN.

    A text that breaks the reading's rules for marks, such as "1.5" where points
    separate thousands, is read as programs write numbers.
    """
    if text is None or text in NO_VALUE:
        return np.nan
    token = tokenise(text)
    if token is None or token.unit not in ("", reading.get("unit", "")):
        return np.nan
    marks = (reading.get("decimal", "."), reading.get("thousands", ""))
    if not _pattern(*marks).fullmatch(token.body):
        marks = (".", "")
        if not _pattern(*marks).fullmatch(token.body):
            return np.nan
    body = token.body.replace(marks[1], "") if marks[1] else token.body
    value = float(body.replace(marks[0], ".") + token.power)
    if math.isinf(value):  # more digits than a number can have
        return np.nan
    return -value if token.negative else value


def tokenise(text: str) -> Token | None:
    """Sign, body, power and unit of a text that looks like one number."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)  # wide digits, narrow spaces
        text = text.replace("−", "-").replace("’", "'").strip()
    found = _TOKEN.fullmatch(text)
    if found is None or bool(found["open"]) != text.endswith(")"):
        return None
    before, after = found["before"] or "", found["after"] or ""
    if before and after:
        return None
    negative = bool(found["open"]) or "-" in (found["sign"], found["minus"])
    body, power = found["body"].rstrip(), found["power"] or ""
    gap = found["gap"] or found["body"].endswith(" ")
    near = bool(after) and not gap
    return Token(body, negative, power, before or after, near)


@cache
def _pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    """Bodies allowed under these marks. Groups of two digits are Indian: 1,00,000."""
    d, t = re.escape(decimal), re.escape(thousands)
    plain = rf"\d+(?:{d}\d*)?|{d}\d+"
    if not thousands:
        return re.compile(plain)
    middle = rf"(?:{t}\d\d\d?)*" if thousands == "," else rf"(?:{t}\d\d\d)*"
    return re.compile(rf"{plain}|[1-9]\d?\d?{middle}{t}\d\d\d(?:{d}\d*)?")


def _fitting(tokens: list[Token], marks: tuple[str, str]) -> int:
    pattern = _pattern(*marks)
    return sum(pattern.fullmatch(token.body) is not None for token in tokens)


def _unit(tokens: list[Token]) -> str:
    """The unit of the column, "" for none.

    A word is a unit when half of the values have it; right behind the digits
    ("70m2"), in several of them too: "2WD" and "4WD" are names.
    """
    units = Counter(token.unit for token in tokens if token.unit)
    if not units:
        return ""
    unit, times = units.most_common(1)[0]
    if not unit[0].isalpha():
        return unit
    near = any(token.near for token in tokens if token.unit == unit)
    return unit if times >= max(len(tokens) / 2, 5 * near) else ""


def _are_codes(values: Sequence[str], unread: Sequence[str]) -> bool:
    """Zero-padded digits of one length (00501, 94110) and digits with a letter here
    and there (207, 207a) are names."""
    if any(map(_CODE.fullmatch, unread)):
        return True
    lengths = {len(v) for v in values}
    padded = any(v.startswith("0") for v in values)
    digits = all(v.isdecimal() for v in values)
    return digits and padded and len(lengths) == 1 and lengths.pop() >= 3
