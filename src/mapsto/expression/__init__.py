"""The small, safe language of expressions: read, evaluate, write; never `eval`.

    exp(-x**2) * sin(20*x)          where(x < 0, -x, sqrt(x))          size(area) + age

Nothing in the language reaches outside it: there are no attributes, no indices and
no strings, and only the functions of `FUNCTIONS`, and those that the caller allows,
can be called.
"""

from mapsto.expression.evaluating import evaluate
from mapsto.expression.functions import CONSTANTS, FUNCTIONS
from mapsto.expression.reading import parse
from mapsto.expression.tree import Call, Name, Node, variables, walk
from mapsto.expression.writing import write

__all__ = [
    "CONSTANTS",
    "FUNCTIONS",
    "Call",
    "Name",
    "Node",
    "evaluate",
    "parse",
    "variables",
    "walk",
    "write",
]
