"""The kind of a column, found from its values.

Text is tried as yes/no, number, time of day and date, in this order; what is none
of them is a key (set aside), a category or free text. Each rule is one function of
the column's `Look`, and the thresholds stand together below.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from mapsto.data import date_numbers, dates, words
from mapsto.data.numbers_in_text import (
    find_reading,
    is_plain,
    number_of,
    proves_comma,
    read_numbers,
)
from mapsto.data.pictures import are_pictures, remembered
from mapsto.data.raw import Raw, missing, number_word, word
from mapsto.data.sampling import spread
from mapsto.data.table import Kind
from mapsto.data.typed import unreadable
from mapsto.events import Noticed

UNIQUE = 0.99  # a key has so many different values, as a share of the rows
KEY_ROWS, NAMED_KEY_ROWS = 20, 5  # in fewer rows, being unique proves nothing
ONE_WORD = 1.5  # words: a key has no more
FEW_LEVELS = 10  # a category has no more levels, or no more than this share of rows:
LEVEL_SHARE = {"words": 0.5, "phrases": 0.3}  # phrases may share words, as text does
LONG = 8  # words: long text has at least so many on average


@dataclass(frozen=True)
class Look:
    """One raw column, and what the rest of the table says about it.

    `comma`: decimal commas are used elsewhere. `total`: rows of the whole source,
    of which these may be a sample. `first`, `alone`: its place among the columns.
    `declared`: the frame itself says that this is a category. `named`: it has a
    name of its own (the columns of a bare array have not). `tell_plain`: plain
    numbers as text are worth a word (in a frame; in a file all is text).
    """

    name: str
    values: np.ndarray
    comma: bool = False
    total: int = 0
    first: bool = False
    alone: bool = False
    declared: bool = False
    named: bool = True
    tell_plain: bool = True

    @cached_property
    def distinct(self) -> Any:
        """The different values, without the missing one."""
        if self.values.dtype.kind == "O":
            return [v for v in dict.fromkeys(self.values.tolist()) if v is not None]
        return np.unique(self.values[~missing(self.values)])

    @cached_property
    def present(self) -> int:
        """How many rows have a value."""
        return len(self.values) - int(missing(self.values).sum())

    @property
    def unique(self) -> bool:
        """Does nearly every row have a value of its own?"""
        return len(self.distinct) >= UNIQUE * self.present

    def few_levels(self, share: float) -> bool:
        """Do the values repeat enough to learn about each?"""
        return len(self.distinct) <= max(FEW_LEVELS, share * self.present)

    def told(self, code: str, **parameters: Any) -> tuple[Noticed, ...]:
        """A notice about this column."""
        return (Noticed(code, {"column": self.name} | parameters),)

    def aside(self, code: str, value: Any = None) -> tuple[Noticed, ...]:
        """A notice that this column is set aside, with one of its values."""
        name = repr(self.name)
        told = name if value is None else f"{name} ({word(value)})"
        return (Noticed(code, {"columns": told}),)


def uses_comma(raw: Raw) -> bool:
    """Is there a column whose text makes sense with a decimal comma only?"""
    step = max(1, raw.rows // 10_000)
    written = (v for v in raw.columns.values() if v.dtype.kind == "O")
    texts = (v[::step] for v in written if not are_pictures(v))
    return any(proves_comma(Look("", values).distinct) for values in texts)


def tell_unreadable(look: Look, read: np.ndarray, expected: str) -> tuple[Noticed, ...]:
    """A word about text that gave nothing when it was `read` (rows,)."""
    if look.values.dtype.kind != "O":
        return ()
    lost = unreadable(look.values, read)
    if not lost.any():
        return ()
    row = int(np.argmax(lost))
    count, example = int(lost.sum()), look.values[row]
    return look.told(
        "values-unreadable",
        expected=expected,
        count=count,
        example=example,
        row=row + 1,
    )


@dataclass(frozen=True)
class Found:
    """A kind, how raw values of it are read, and what to tell about it."""

    kind: Kind
    parse: Mapping[str, Any] = field(default_factory=dict)
    notices: tuple[Noticed, ...] = ()


def find_kind(look: Look) -> Found:
    """The kind that a data analyst would give the column."""
    if len(look.distinct) == 0:
        return Found("constant", {}, look.aside("empty-aside"))
    if are_pictures(look.values):
        return Found("picture", remembered(look.distinct))
    if len(look.distinct) == 1 and look.present == len(look.values):
        return Found("constant", {}, look.aside("constant-aside", look.distinct[0]))
    dtype = look.values.dtype.kind
    if dtype in "bM":
        return Found("boolean" if dtype == "b" else "date")
    return _of_numbers(look) if dtype == "f" else _of_text(look)


def _of_numbers(look: Look) -> Found:
    if look.declared:
        return Found("category")
    known = look.values[~missing(look.values)]
    example = number_word(known[0])
    whole = bool((known % 1 == 0).all())
    few = look.few_levels(LEVEL_SHARE["words"])
    if whole and few and words.names_a_postcode(look.name):
        return Found("category", {}, look.told("codes-as-category", example=example))
    if whole and look.named and not look.alone and _is_key(look, known):
        return Found("identifier", {}, look.aside("identifier-aside", example))
    if form := date_numbers.find_form(known, look.name):
        return number_dates(look, form)
    return Found("number")


def _of_text(look: Look) -> Found:
    if words.are_boolean(look.distinct):
        return Found("boolean", words.boolean_words(look.distinct))
    if found := None if look.declared else _of_parsed_text(look):
        return found
    sizes = [words.word_count(v) for v in spread(look.distinct)]
    if _is_text_key(look, sizes):
        example = look.distinct[0]
        return Found("identifier", {}, look.aside("identifier-aside", example))
    share = LEVEL_SHARE["words" if np.mean(sizes) <= ONE_WORD else "phrases"]
    if look.declared or look.few_levels(share):
        return Found("category")
    return Found("long text" if np.mean(sizes) >= LONG else "short text")


def _of_parsed_text(look: Look) -> Found | None:
    if reading := find_reading(look.distinct, look.comma):
        numbers = replace(look, values=read_numbers(look.values, reading))
        found = _of_numbers(numbers)
        return number_text(look, reading) if found.kind == "number" else found
    if dates.find_clock(look.distinct):
        return clock(look)
    order = dates.find_order(look.distinct)
    return date_text(look, *order) if order else None


def number_text(look: Look, reading: Mapping[str, str]) -> Found:
    """A number column that holds text."""
    readable = [v for v in look.distinct if not np.isnan(number_of(v, reading))]
    written = [v for v in readable if not is_plain(v)]
    example = (written or readable)[0]
    value = number_word(number_of(example, reading))
    told = look.told("numbers-as-text", example=example, value=value)
    return Found("number", reading, told if written or look.tell_plain else ())


def clock(look: Look) -> Found:
    """A number column that holds times of day."""
    example = next(v for v in look.distinct if not np.isnan(dates.hours_of(v)))
    value = f"{dates.hours_of(example):.4g}"
    told = look.told("clock-as-hours", example=example, value=value)
    return Found("number", {"clock": "hours"}, told)


def date_text(look: Look, order: str, sure: bool) -> Found:
    """A date column that holds text."""
    example = next(v for v in look.distinct if dates.moment_of(v, order))
    told = look.told("dates-ambiguous", example=example, order=dates.ORDERS[order])
    return Found("date", {"order": order}, () if sure else told)


def number_dates(look: Look, form: str) -> Found:
    """A date column that holds numbers."""
    first = look.values[~missing(look.values)][:1]
    day = date_numbers.read_date_numbers(first, form).astype("datetime64[us]")[0]
    value = str(day.astype("datetime64[s]")).replace("T00:00:00", "")
    told = look.told("dates-as-numbers", example=number_word(first[0]), value=value)
    return Found("date", {"numbers": form}, told)


def _is_key(look: Look, known: np.ndarray) -> bool:
    """Whole numbers that number the rows, or are unique and named like a key."""
    if not look.unique:
        return False
    if words.names_a_key(look.name) and len(known) >= NAMED_KEY_ROWS:
        return True
    if not look.first or len(known) < KEY_ROWS or words.names_a_time(look.name):
        return False
    # counting up from the start with few gaps: some rows may have been left out
    rows = max(look.total, len(known))
    near = known[0] <= 0.2 * rows and known[-1] - known[0] < 1.2 * rows
    return bool(near and (np.diff(known) > 0).all())


def _is_text_key(look: Look, sizes: list[float]) -> bool:
    """Text that is unique and one word each, or unique and named like a key."""
    if look.alone or not look.unique:
        return False
    if words.names_a_key(look.name) and look.present >= NAMED_KEY_ROWS:
        return True
    single = np.mean([size <= ONE_WORD for size in sizes])
    return look.present >= KEY_ROWS and bool(single >= 0.95)
