"""Small approximations that several tests look at; each is searched once."""

from functools import cache

import numpy as np

import mapsto

TASKS = {
    "tanh": ("exp(x)", (-1, 1), {"tol": 1e-3, "activation": "tanh"}),
    "sigmoid": ("exp(x)", (-1, 1), {"tol": 1e-3, "activation": "sigmoid"}),
    "sin": ("cos(5*x) + x/20", (-1, 1), {"tol": 0.1, "activation": "sin"}),
    "gelu": ("x*sigmoid(2*x)", (-1, 1), {"tol": 1e-2, "activation": "gelu"}),
    "relu": ("exp(x)", (-1, 1), {"tol": 1e-2, "activation": "relu"}),
    "deep": ("exp(x)", (-1, 1), {"tol": 1e-3, "activation": "tanh", "layers": 2}),
    "single": (
        "exp(x)",
        (-1, 1),
        {"tol": 1e-3, "activation": "tanh", "precision": "float32"},
    ),
    "kink": ("abs(x - 0.25)", (-1, 1), {"tol": 1e-3}),
    "relative": (
        "exp(3*x)",
        (-1, 1),
        {"tol": 1e-2, "activation": "tanh", "relative": True},
    ),
    "plane": ("x*y", {"x": (0, 1), "y": (-1, 1)}, {"tol": 2e-2, "activation": "tanh"}),
}
LINES = tuple(name for name in TASKS if name != "plane")
EXACT = tuple(name for name in LINES if name != "single")
"""One input, and the error as run is that of exact arithmetic."""


@cache
def found(name):
    f, on, options = TASKS[name]
    return mapsto.approximate(f, on, **options)


def largest_error(made, count=20_001):
    """max |f - N| on even points, by the evaluator of expressions; weighed as asked."""
    from mapsto.expression import evaluate, parse

    x = np.linspace(made.low[0], made.high[0], count)
    f = evaluate(parse(made.function), {made.names[0]: x})
    off = np.abs(f - made.predict(x))
    return float((off / np.abs(f) if made.relative else off).max())
