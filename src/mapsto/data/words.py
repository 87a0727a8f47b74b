"""What words and names tell: yes and no, names of keys and postcodes, word counts."""

import re
from collections.abc import Collection

import numpy as np

from mapsto.data.numbers_in_text import NO_VALUE

TRUE = {"true", "yes", "y", "t", "ja", "oui", "sí", "si", "是", "on"}
FALSE = {"false", "no", "n", "f", "nein", "non", "否", "off"}
_PAIRS = (
    ("true", "false"),
    ("yes", "no"),
    ("y", "n"),
    ("t", "f"),
    ("ja", "nein"),
    ("oui", "non"),
    ("sí", "no"),
    ("si", "no"),
    ("是", "否"),
    ("on", "off"),
)
_KEYS = {
    *("id", "ids", "key", "uuid", "guid", "uid", "pid", "rowid", "rowname", "rownames"),
    *("idx", "serial", "identifier", "unnamed", "编号", "序号"),
}
_KEYS_AT_THE_END = {"nr", "no", "number"}  # house_no, but not no_of_rooms
_KEYS_ALONE = {"index", "row"}  # but not price_index
_POSTCODES = {"zip", "zipcode", "postcode", "postalcode", "plz", "邮编"}
_TIMES = {
    *("time", "date", "day", "week", "month", "quarter", "year", "hour", "minute"),
    *("second", "period", "step", "age", "tick", "jahr", "monat", "tag", "zeit"),
    *("年", "月", "日"),
}
_NAME_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def are_boolean(distinct: Collection[str]) -> bool:
    """Are these the two words of one pair, such as yes and no, in any spelling?"""
    folded = {v.casefold() for v in distinct if v not in NO_VALUE}
    return any(folded == set(pair) for pair in _PAIRS)


def boolean_words(distinct: Collection[str]) -> dict[str, list[str]]:
    """Which of these words mean yes, and which no."""
    words = sorted(distinct)
    return {
        "true": [v for v in words if truth(v) == 1.0],
        "false": [v for v in words if truth(v) == 0.0],
    }


def read_booleans(values: np.ndarray) -> np.ndarray:
    """float64 (rows,): 1 and 0; NaN where missing or another word."""
    known = {v: truth(v) for v in set(values.tolist())}
    return np.fromiter((known[v] for v in values), np.float64, len(values))


def truth(text: str | None) -> float:
    """1 for yes and its like, 0 for no, NaN for anything else."""
    folded = (text or "").casefold()
    if folded in TRUE or folded in FALSE:
        return float(folded in TRUE)
    return {"1": 1.0, "0": 0.0}.get(folded, np.nan)


def names_a_key(name: str) -> bool:
    """Is a column of this name likely to hold keys (id, house_nr, PassengerId)?"""
    parts = _parts(name)
    if len(parts) == 1 and set(parts) & _KEYS_ALONE:
        return True
    return bool(set(parts) & _KEYS or set(parts[-1:]) & _KEYS_AT_THE_END)


def names_a_time(name: str) -> bool:
    """May numbers that grow row by row mean time here, or the x of y = f(x)?"""
    return bool(set(_parts(name)) & _TIMES) or len(name) == 1


def names_a_postcode(name: str) -> bool:
    """Is a column of this name likely to hold postcodes?"""
    parts = set(_parts(name))
    return bool(parts & _POSTCODES) or {"postal", "code"} <= parts


def _parts(name: str) -> list[str]:
    return [part.casefold() for part in _NAME_PARTS.findall(name)]


def word_count(text: str) -> float:
    """Words in a text; two ideographs count as one word."""
    return max(len(text.split()), len(_IDEOGRAPHS.findall(text)) / 2)
