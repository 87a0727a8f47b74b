"""What form a function can have. One family is one file.

The order of the ladder, by capacity. A new family is a new file here, and its name
in this list.
"""

from mapsto.families.constant import Constant
from mapsto.families.curve import Curve
from mapsto.families.family import Dial, Family, Fitted, Sample, Task
from mapsto.families.formula import Formula
from mapsto.families.image import Image
from mapsto.families.line import Line
from mapsto.families.network import Network
from mapsto.families.space import Space
from mapsto.families.steps import Steps

LADDER: tuple[Family, ...] = (
    Constant(),
    Line(),
    Formula(),
    Curve(),
    Steps(),
    Space(),
    Network(),
    Image(),
)

MONOTONE = ("constant", "line", "curve", "steps", "network")
"""Families whose functions can be held to rise or fall with a column."""

__all__ = ["LADDER", "MONOTONE", "Dial", "Family", "Fitted", "Sample", "Task"]
