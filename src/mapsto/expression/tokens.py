"""From text to tokens, and how tightly each operator binds."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from mapsto.errors import ExpressionError

PRECEDENCE = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), 4),
    **dict.fromkeys("+-", 5),
    **dict.fromkeys("*/", 6),
}
NOT, COMPARE, SIGN, POWER, ATOM = 3, 4, 7, 8, 9
KEYWORDS = ("and", "or", "not")

_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_QUOTED = re.compile(r"`([^`]+)`")
_SYMBOL = re.compile(r"\*\*|<=|>=|==|!=|[-+*/^<>(),−×·≤≥]")
_PLAIN = {"^": "**", "−": "-", "×": "*", "·": "*", "≤": "<=", "≥": ">="}


@dataclass(frozen=True)
class Token:
    """A piece of the text in its plain spelling; `position` counts from 1."""

    kind: Literal["number", "name", "quoted", "symbol", "end"]
    text: str
    position: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, and an "end" after the last."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token, at = _token(text, at)
        yield token
    yield Token("end", "", len(text) + 1)


def _token(text: str, at: int) -> tuple[Token, int]:
    """The token that starts at an index, and the index after it."""
    if match := _NUMBER.match(text, at):
        if not math.isfinite(float(match[0])):
            refuse(text, at + 1, "a number below 1e308", match[0])
        return Token("number", match[0], at + 1), match.end()
    if match := _SYMBOL.match(text, at):
        plain = _PLAIN.get(match[0], match[0])
        return Token("symbol", plain, at + 1), match.end()
    if match := _QUOTED.match(text, at):
        return Token("quoted", match[1], at + 1), match.end()
    end = at
    while end < len(text) and text[at : end + 1].isidentifier():
        end += 1
    if end == at:
        refuse(text, at + 1, "a number, a name or an operator", repr(text[at]))
    kind: Any = "symbol" if text[at:end] in KEYWORDS else "name"
    return Token(kind, text[at:end], at + 1), end


def refuse(text: str, position: int, expected: str, found: str) -> NoReturn:
    """Say what was expected at a position."""
    complain("expression-syntax", text, position, expected=expected, found=found)


def complain(code: str, text: str, position: int, **parameters: Any) -> NoReturn:
    """Raise an error that shows its place in the text, with a caret below it."""
    start = max(0, position - 40)
    shown = re.sub(r"\s", " ", text[start : start + 76])
    place = f"\n    {shown}\n    {' ' * (position - 1 - start)}^"
    raise ExpressionError(code, position=position, place=place, **parameters)
