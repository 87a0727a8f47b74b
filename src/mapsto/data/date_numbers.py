"""Dates written as numbers: 20201231, Excel's day numbers, seconds since 1970."""

import numpy as np

DAY = 86_400_000_000  # microseconds
_EXCEL_ZERO = -25_569  # 1899-12-30, in days from 1970-01-01

# what a forced date may be, by the range of its values: (lowest, highest, form)
_RANGES = (
    (1500, 2200, "year"),
    (1, 200_000, "excel"),
    (18_000_101, 22_001_231, "yyyymmdd"),
    (1e8, 1e11, "seconds"),
    (1e11, 1e14, "milliseconds"),
)


def find_form(values: np.ndarray, name: str, forced: bool = False) -> str | None:
    """The form of these numbers as dates, or None.

    Unforced, only the unmistakable are dates: three or more different values that
    all are valid yyyymmdd, or Excel's day numbers in a column named after dates.
    """
    known = values[np.isfinite(values)]
    if len(known) == 0:
        return None
    for low, high, form in _RANGES:
        if (
            known.min() >= low
            and known.max() <= high
            and (forced or _unmistakable(known, form, name))
        ):
            readable = np.isfinite(read_date_numbers(known, form)).all()
            return form if readable else None
    return None


def read_date_numbers(values: np.ndarray, form: str) -> np.ndarray:
    """float64 (rows,), microseconds since 1970; NaN where missing or unreadable."""
    if form == "year":
        return _days(values, np.ones_like(values), np.ones_like(values)) * DAY
    if form == "yyyymmdd":
        return _days(values // 1e4, values // 1e2 % 1e2, values % 1e2) * DAY
    if form == "excel":
        return np.round((values + _EXCEL_ZERO) * DAY / 1e6) * 1e6
    return values * (1e6 if form == "seconds" else 1e3)


def _unmistakable(known: np.ndarray, form: str, name: str) -> bool:
    if form == "yyyymmdd":
        return len(np.unique(known[:1000])) >= 3
    words = name.casefold()
    dated = any(word in words for word in ("date", "datum", "fecha", "日期"))
    return form == "excel" and dated and known.min() > 20_000 and known.max() < 60_000


def _days(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Days since 1970-01-01; NaN for what is no day, such as 2021-02-29."""
    sound = (year >= 1) & (year <= 9999) & (year % 1 == 0)
    sound &= (month >= 1) & (month <= 12)
    sound &= (day >= 1) & (day <= 31) & (day % 1 == 0)
    y, m, d = (np.where(sound, part, 1).astype(np.int64) for part in (year, month, day))
    first = ((y - 1970) * 12 + m - 1).astype("datetime64[M]")
    days = first.astype("datetime64[D]") + (d - 1)
    sound &= days.astype("datetime64[M]") == first
    return np.where(sound, days.astype(np.int64), np.nan)
