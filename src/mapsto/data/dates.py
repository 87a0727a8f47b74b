"""Dates and times of day written as text, and dates written as numbers.

Understood as text: ISO 8601; three numbers with "/", "-" or "." between them, in
the order that the column's own values show (a number above 12 is no month); months
by their English names; 2020 Q3; 2020年3月5日; each with or without a time. As numbers:
20201231, Excel's day numbers, seconds and milliseconds since 1970, and years.
What was found is remembered, so that a single new value is read in the same way.
"""

import re
from collections.abc import Collection
from datetime import datetime, timedelta

import numpy as np

from mapsto.data.numbers_in_text import ENOUGH, NO_VALUE
from mapsto.data.raw import in_utc
from mapsto.data.sampling import spread

ORDERS = {"dmy": "day first", "mdy": "month first"}

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)

_NUMERIC = re.compile(r"(\d{4}|\d\d?)([/.-])(\d\d?)\2(\d{4}|\d\d?)")
_DAY_FIRST = re.compile(
    r"(?:[A-Za-z]+,? )?(\d\d?)(?:st|nd|rd|th)?[ .-]+([A-Za-z]+)[ .,-]+(\d{4}|\d\d)"
)
_MONTH_FIRST = re.compile(r"([A-Za-z]+)[ .-]+(?:(\d\d?)(?:st|nd|rd|th)?,? +)?(\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d\d?)")
_YEAR_NAMED = re.compile(r"(\d{4})[ .-]+([A-Za-z]+)(?:[ .-]+(\d\d?))?")
_PERIOD = re.compile(r"(\d{4})[ -]?([QW])(\d\d?)")
_CHINESE = re.compile(r"(\d{4})年(\d\d?)月(?:(\d\d?)日)?")
_TIME = re.compile(
    r"[T,]?\s*(\d{1,2}):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?\s*([ap]\.?m\.?)?", re.I
)
_CLOCK = re.compile(
    r"(\d{1,3}):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?\s*([ap]\.?m\.?)?", re.I
)


def find_order(
    distinct: Collection[str], enough: float = ENOUGH
) -> tuple[str, bool] | None:
    """The order of day and month, and whether the values prove it; None: no dates."""
    tried = spread([v for v in distinct if v not in NO_VALUE])
    read = {order: [moment_of(v, order) for v in tried] for order in ORDERS}
    good = {order: sum(m is not None for m in read[order]) for order in ORDERS}
    best = max(ORDERS, key=lambda order: good[order])
    if not tried or good[best] < enough * len(tried):
        return None
    if good["dmy"] != good["mdy"] or read["dmy"] == read["mdy"]:
        return best, True
    # one row a month is usual, and it is the day that is 1 then
    months = all(m is None or m.day == 1 for m in read["mdy"])
    return ("mdy" if months else "dmy"), False


def read_dates(values: np.ndarray, order: str) -> np.ndarray:
    """float64 (rows,), microseconds since 1970 UTC; NaN where missing or unreadable."""
    known = {v: _microseconds(moment_of(v, order)) for v in set(values.tolist())}
    return np.fromiter((known[v] for v in values), np.float64, len(values))


def moment_of(text: str | None, order: str) -> datetime | None:
    """The moment that a text means (UTC, without zone), or None."""
    if not text or not ("0" <= text[0] <= "9" or text[0].isalpha()):
        return None
    try:
        return in_utc(datetime.fromisoformat(text))
    except ValueError:
        return _other_forms(text, order)


def find_clock(distinct: Collection[str], enough: float = ENOUGH) -> bool:
    """Are these times of day or durations such as 14:30?"""
    tried = spread([v for v in distinct if v not in NO_VALUE])
    good = sum(_CLOCK.fullmatch(v) is not None for v in tried)
    return bool(tried) and good >= enough * len(tried)


def read_clock(values: np.ndarray) -> np.ndarray:
    """float64 (rows,), hours; NaN where missing or unreadable."""
    known = {v: hours_of(v) for v in set(values.tolist())}
    return np.fromiter((known[v] for v in values), np.float64, len(values))


def hours_of(text: str | None) -> float:
    """14.5 for 14:30 and 2:30 pm, NaN for what is no time."""
    found = _CLOCK.fullmatch(text or "")
    if found is None:
        return np.nan
    hours, minutes, seconds, half = found.groups()
    return _hour(int(hours), half) + int(minutes) / 60 + float(seconds or 0) / 3600


def _microseconds(moment: datetime | None) -> float:
    return np.nan if moment is None else (moment - _EPOCH) // _MICROSECOND


def _other_forms(text: str, order: str) -> datetime | None:
    for pattern, reader in _READERS:
        if found := pattern.match(text):
            day, rest = reader(found, order), text[found.end() :]
            time = _time(rest)
            return None if day is None or time is None else day + time
    return None


def _time(text: str) -> timedelta | None:
    """The time of day behind a date, zero where there is none; None: not a time."""
    if not text:
        return timedelta(0)
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds, half = found.groups()
    hour = _hour(int(hours), half)
    if hour > 23:
        return None
    return timedelta(hours=hour, minutes=int(minutes), seconds=float(seconds or 0))


def _hour(hour: int, half: str | None) -> int:
    if not half:
        return hour
    return hour % 12 + 12 * (half[0] in "pP")


def _numeric(found: re.Match[str], order: str) -> datetime | None:
    first, mark, second, third = found.groups()
    if len(first) == 4:
        return None if len(third) == 4 else _day(first, second, third)
    if len(third) == 1 or (mark == "." and len(third) == 2 and len(first + second) < 4):
        return None  # 1.2.10 is a version
    if len(first) > 2:
        return None
    day, month = (first, second) if order == "dmy" else (second, first)
    return _day(third, month, day)


def _day_first(found: re.Match[str], order: str) -> datetime | None:
    return _named(found[3], found[2], found[1])


def _month_first(found: re.Match[str], order: str) -> datetime | None:
    return _named(found[3], found[1], found[2])


def _year_month(found: re.Match[str], order: str) -> datetime | None:
    return _day(found[1], found[2], "1")


def _year_named(found: re.Match[str], order: str) -> datetime | None:
    return _named(found[1], found[2], found[3])


def _period(found: re.Match[str], order: str) -> datetime | None:
    """The first day of a quarter (2020 Q3) or of a week (2020-W07)."""
    number = int(found[3])
    if found[2] == "Q":
        return _day(found[1], str(3 * number - 2), "1")
    try:
        return datetime.fromisocalendar(int(found[1]), number, 1)
    except ValueError:
        return None


def _chinese(found: re.Match[str], order: str) -> datetime | None:
    return _day(found[1], found[2], found[3] or "1")


_READERS = (
    (_NUMERIC, _numeric),
    (_YEAR_MONTH, _year_month),
    (_CHINESE, _chinese),
    (_PERIOD, _period),
    (_YEAR_NAMED, _year_named),
    (_DAY_FIRST, _day_first),
    (_MONTH_FIRST, _month_first),
)


def _named(year: str, month: str, day: str | None) -> datetime | None:
    word = month.casefold()
    word = "sep" if word == "sept" else word
    numbers = [i for i, name in enumerate(_MONTHS, 1) if name.startswith(word)]
    known = len(word) >= 3 and numbers
    return _day(year, str(numbers[0]), day or "1") if known else None


def _day(year: str, month: str, day: str) -> datetime | None:
    full = int(year)
    if len(year) == 2:  # POSIX: 69 to 99 are the twentieth century
        full += 1900 if full >= 69 else 2000
    try:
        return datetime(full, int(month), int(day))
    except ValueError:
        return None
