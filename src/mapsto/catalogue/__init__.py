"""Every sentence that mapsto says to a person, by its code.

Errors, notices and verdicts carry a code and parameters; the words are here and
nowhere else, so that another language is another table of the same codes.
"""

from mapsto.catalogue.answers import (
    ANSWERS,
    APPROXIMATIONS,
    DEALT,
    DOOR,
    GAP,
    GROUPINGS,
    HELD_OUT,
    LEVELS,
    OUTPUTS,
    PAIRS,
    ROLES,
    STOP,
)
from mapsto.catalogue.errors import ERRORS
from mapsto.catalogue.notices import NOTICES, VERDICTS
from mapsto.catalogue.report import FAMILIES, REPORT, SCORES, VIEWS

__all__ = [
    "ANSWERS",
    "APPROXIMATIONS",
    "DEALT",
    "DOOR",
    "ERRORS",
    "FAMILIES",
    "GAP",
    "GROUPINGS",
    "HELD_OUT",
    "LEVELS",
    "NOTICES",
    "OUTPUTS",
    "PAIRS",
    "REPORT",
    "ROLES",
    "SCORES",
    "STOP",
    "VERDICTS",
    "VIEWS",
    "counted",
    "listed",
    "near",
]


def near(word: str, words: list[str]) -> str:
    """' Did you mean ...?' for a misspelt word, or nothing."""
    import difflib

    folded = {other.casefold(): other for other in words}
    found = difflib.get_close_matches(word.casefold(), list(folded), n=3, cutoff=0.6)
    names = [repr(folded[f]) for f in found]
    return f" Did you mean {' or '.join(names)}?" if names else ""


def counted(code: str, count: int) -> str:
    """The code of the sentence about several, or about one."""
    return f"{code}-one" if count == 1 else code


def listed(words: list[str], most: int = 12) -> str:
    """Words joined by commas; a long list is cut and counted."""
    shown = ", ".join(words[:most])
    return shown if len(words) <= most else f"{shown}, and {len(words) - most} more"
