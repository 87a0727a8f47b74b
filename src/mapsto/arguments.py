"""What is written on a command line, as values."""

from mapsto.errors import OptionError


def pair(option: str, text: str) -> tuple[str, str]:
    """ "zip=category" → ("zip", "category")."""
    name, equals, value = text.rpartition("=")
    if not equals or not name:
        raise OptionError(
            "option-bad", option=option, value=text, problem="write it as name=value"
        )
    return name, value


def seconds(option: str, text: str) -> float | None:
    """ "60s", "5min", "1h" or "60" → seconds; "" → None."""
    if not text:
        return None
    units = {"s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "": 1}
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz ")
    try:
        return float(number) * units[text[len(number) :].strip()]
    except (KeyError, ValueError):
        raise OptionError(
            "option-bad",
            option=option,
            value=text,
            problem="write it as 60s, 5min or 1h",
        ) from None
