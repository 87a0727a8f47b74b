"""The sentences of reports and pictures in Simplified Chinese, by the same codes."""

from mapsto.chinese.answers import (
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
from mapsto.chinese.notices import NOTICES, VERDICTS
from mapsto.chinese.report import FAMILIES, REPORT, SCORES, VIEWS

__all__ = [
    "ANSWERS",
    "APPROXIMATIONS",
    "DEALT",
    "DOOR",
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
]
