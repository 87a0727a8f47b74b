"""Numbers as people read them: rounded to what is known of them."""

from math import floor, isfinite, log10


def with_error(value: float, error: float) -> tuple[str, str]:
    """'23,910' and '850': the error to two figures, the value to the same place."""
    exact = error <= 1e-12 * abs(value)  # what is left of rounding
    if not isfinite(value) or not isfinite(error) or exact:
        return plain(value), "0"
    places = 1 - floor(log10(error))
    value = value if abs(value) > 1e-6 * error else 0.0  # rounding, not a size
    size = floor(log10(abs(value))) if value else 0
    if size < -6:
        return f"{value:.{max(places + size, 0)}e}", f"{error:.1e}"
    return _fixed(value, places), _fixed(error, places)


def plain(value: float, figures: int = 4) -> str:
    """A number to so many significant figures, with thousands separated."""
    if not isfinite(value):
        return str(value)
    if value == 0:
        return "0"
    size = floor(log10(abs(value)))
    if size < -4 or size > 12:
        return f"{value:.{figures - 1}e}"
    return _fixed(value, figures - 1 - size)


def _fixed(value: float, places: int) -> str:
    return f"{round(value, places):,.{max(places, 0)}f}"


def count(number: int) -> str:
    """1,234."""
    return f"{number:,}"


def seconds(duration: float) -> str:
    """'0.3 s', '12 s', '2 min 5 s'."""
    if duration < 9.95:
        return f"{duration:.1f} s"
    if duration < 120:
        return f"{duration:.0f} s"
    return f"{int(duration) // 60} min {int(duration) % 60} s"
