"""The languages that a report can be written in, and the words of each."""

from collections.abc import Mapping
from typing import Any, Protocol

from mapsto import catalogue, chinese, figures
from mapsto.errors import OptionError


class Words(Protocol):
    """What a language brings: the catalogue's tables under the catalogue's codes."""

    GAP: str
    STOP: str
    ANSWERS: dict[str, str]
    VERDICTS: dict[str, tuple[str, str, str]]
    REPORT: dict[str, str]
    VIEWS: dict[str, str]
    ROLES: dict[str, str]
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
    return tuple(part.format(**told) for part in words.VERDICTS[code])
