"""The languages that a report can be written in, and the words of each."""

import re
from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Any, Protocol

from mapsto import catalogue, chinese, figures
from mapsto.errors import OptionError


class Words(Protocol):
    """What a language brings: the catalogue's tables under the catalogue's codes."""

    GAP: str
    STOP: str
    LEVELS: dict[str, str]
    DOOR: dict[str, str]
    HELD_OUT: dict[str, str]
    DEALT: dict[str, str]
    PAIRS: dict[str, str]
    GROUPINGS: dict[str, str]
    NOTICES: dict[str, str]
    ANSWERS: dict[str, str]
    VERDICTS: dict[str, tuple[str, str, str]]
    ROLES: dict[str, str]
    OUTPUTS: dict[str, str]
    APPROXIMATIONS: dict[str, str]
    REPORT: dict[str, str]
    VIEWS: dict[str, str]
    FAMILIES: dict[str, str]
    SCORES: dict[str, str]


LANGUAGES: dict[str, Words] = {"en": catalogue, "zh": chinese}


def words_of(language: str) -> Words:
    """The words of "en" or "zh". Errors: OptionError."""
    if language not in LANGUAGES:
        raise OptionError(
            "option-unknown",
            option="language",
            value=language,
            near="",
            choices=", ".join(LANGUAGES),
        )
    return LANGUAGES[language]


def family(words: Words, name: str) -> str:
    """What a rung is called."""
    return words.FAMILIES.get(name, name)


def score(words: Words, name: str) -> str:
    """What a score is called."""
    return words.SCORES.get(name, name)


def verdict(words: Words, code: str, parameters: Mapping[str, Any]) -> tuple[str, ...]:
    """(title, evidence, what to do), the numbers rounded and the rungs named."""
    told = {
        name: figures.plain(value) if isinstance(value, float) else value
        for name, value in parameters.items()
    }
    for name in ("rung", "best"):
        if name in told:
            told[name] = family(words, told[name])
    if "pairs" in told:
        pairs = [translated(words, "PAIRS", p) or p for p in told["pairs"].split("; ")]
        told["pairs"] = "; ".join(pairs)
    return tuple(part.format(**told) for part in words.VERDICTS[code])


def level(words: Words, name: str) -> str:
    """What "yes", "no" or "missing" is called; any other value stays as it is."""
    return words.LEVELS.get(name, name)


# ── sentences that a record holds in English ──


def translated(words: Words, table: str, sentence: str) -> str | None:
    """The same sentence of the catalogue's table in another language.

    A record keeps its notices as sentences: which one it is, is recognised by what
    stands around its fields. None where it is none of the table's.
    """
    for code, pattern in _patterns(table).items():
        if found := pattern.fullmatch(sentence):
            fields = {n: _inner(words, n, v) for n, v in found.groupdict().items()}
            return _filled(getattr(words, table)[code], fields)
    return None


def _inner(words: Words, field: str, value: str) -> str:
    """Some fields hold words of the catalogue themselves."""
    if field == "how":
        return held_out(words, value)
    if field == "reason":
        return translated(words, "NOTICES", value) or value
    return words.DOOR.get(value, value)


def held_out(words: Words, sentence: str) -> str:
    """How rows were held out, in another language; as it is where it is not known."""
    for code in ("fifth", "folds"):
        if found := _patterns("HELD_OUT")[code].fullmatch(sentence):
            fields = found.groupdict()
            fields["how"] = translated(words, "DEALT", fields["how"]) or fields["how"]
            return _filled(words.HELD_OUT[code], fields)
    return sentence


@cache
def _patterns(table: str) -> dict[str, re.Pattern[str]]:
    """Each sentence of a table of the catalogue with its fields as groups.

    Those with the most text of their own come first: what they match, a looser one may
    match too ("stratified by the target", "stratified by {column}").
    """
    patterns = {
        code: re.compile(_pattern(sentence), re.DOTALL)
        for code, sentence in getattr(catalogue, table).items()
    }
    own = {
        code: sum(len(text) for text, *_ in Formatter().parse(sentence))
        for code, sentence in getattr(catalogue, table).items()
    }
    return {code: patterns[code] for code in sorted(own, key=lambda c: -own[c])}


def _pattern(sentence: str) -> str:
    told, named = "", set()
    for text, field, _, _ in Formatter().parse(sentence):
        told += re.escape(text)
        if field is not None:
            told += f"(?P={field})" if field in named else f"(?P<{field}>.*?)"
            named.add(field)
    return told


def _filled(sentence: str, fields: Mapping[str, str]) -> str:
    """The fields put in as they are, whatever format the sentence asks for."""
    return "".join(
        text + ("" if field is None else fields[field])
        for text, field, _, _ in Formatter().parse(sentence)
    )
