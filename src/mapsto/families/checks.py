"""What the value of a dial must be. Each check tells what is wrong, or ""."""

from collections.abc import Callable, Sequence
from numbers import Integral, Real
from typing import Any

Check = Callable[[Any], str]


def whole(least: int, most: float = float("inf")) -> Check:
    """A whole number in [least, most].

    >>> whole(1)(0.5)
    'it must be a whole number, at least 1'
    """
    return _among(Integral, "a whole number", least, most)


def number(least: float, most: float = float("inf")) -> Check:
    """A number in [least, most]."""
    return _among(Real, "a number", least, most)


def _among(kind: type, what: str, least: float, most: float) -> Check:
    top = "" if most == float("inf") else f" and at most {most:g}"

    def check(value: Any) -> str:
        good = isinstance(value, kind) and not isinstance(value, bool)
        if good and least <= value <= most:
            return ""
        return f"it must be {what}, at least {least:g}{top}"

    return check


def one_of(names: Sequence[str]) -> Check:
    """One of these words."""

    def check(value: Any) -> str:
        return "" if value in names else f"it must be one of {', '.join(names)}"

    return check


def some_of(names: Sequence[str]) -> Check:
    """A list of at least one of these words."""

    def check(value: Any) -> str:
        listed = isinstance(value, list | tuple)
        if listed and value and all(v in names for v in value):
            return ""
        return f"it must be a list of some of {', '.join(names)}"

    return check


def yes_or_no(value: Any) -> str:
    """True or false."""
    return "" if isinstance(value, bool) else "it must be true or false"
