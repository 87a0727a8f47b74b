"""What is approximated: an expression, a Python callable, or a table of samples.

Whatever it was, from here on it is a box and a function of points (m, d).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mapsto import expression
from mapsto.catalogue import APPROXIMATIONS
from mapsto.data.read import read as read_table
from mapsto.data.table import Column
from mapsto.data.typed import type_table
from mapsto.errors import DataError, OptionError

Array = np.ndarray
MOST_INPUTS = 4


@dataclass(frozen=True)
class Samples:
    """Points x (m, d) and their values y (m,)."""

    x: Array
    y: Array


@dataclass(frozen=True)
class Target:
    """f on a box. Of `tree` and `samples` at most one is there; a callable has none.

    names: one per input. low, high: (d,).
    """

    words: str
    names: tuple[str, ...]
    low: Array
    high: Array
    value: Callable[[Array], Array]
    tree: expression.Node | None = None
    samples: Samples | None = None

    @property
    def inputs(self) -> int:
        return len(self.names)

    def where(self, x: Array) -> str:
        """A point in words: x = 0.5, y = -1."""
        pairs = zip(self.names, np.atleast_1d(x), strict=True)
        return ", ".join(f"{name} = {v:.10g}" for name, v in pairs)


def read(f: Any, on: Any) -> Target:
    """Whatever the user gave, as a target.

    Errors: OptionError, ExpressionError; DataError and FileError for a table.
    """
    if isinstance(f, str):
        return _from_expression(f, on)
    if callable(f):
        return _from_callable(f, on)
    return _from_samples(f, on)


def _from_expression(text: str, on: Any) -> Target:
    names = tuple(on) if isinstance(on, Mapping) else None
    tree = expression.parse(text, names)
    if names is None:
        names = expression.variables(tree)
    if not expression.variables(tree):
        raise OptionError("approximate-constant", f=text)
    low, high = box(on, names)

    def value(x: Array) -> Array:
        columns = {name: x[:, i] for i, name in enumerate(names)}
        y = expression.evaluate(tree, columns)
        return np.asarray(np.broadcast_to(y, len(x)), dtype=np.float64)

    return _checked(Target(expression.write(tree), names, low, high, value, tree))


def _from_callable(f: Callable[..., Any], on: Any) -> Target:
    if isinstance(on, Mapping):
        names = tuple(on)
    else:
        names = _names(1 if np.ndim(on) <= 1 else len(on))
    low, high = box(on, names)

    def value(x: Array) -> Array:
        columns = [x[:, i] for i in range(len(names))]
        with np.errstate(all="ignore"):
            try:
                y = np.asarray(f(*columns), dtype=np.float64)
            except (TypeError, ValueError):
                # written for single numbers
                y = np.array([f(*map(float, row)) for row in x], dtype=np.float64)
        return np.asarray(np.broadcast_to(y, len(x)))

    words = getattr(f, "__name__", type(f).__name__).replace("<lambda>", "f")
    return _checked(Target(words, names, low, high, value))


def _from_samples(f: Any, on: Any) -> Target:
    """(x, y), or a table whose last column is y."""
    names: tuple[str, ...] = ()
    if isinstance(f, tuple) and len(f) == 2:
        x, y = (_numbers(v) for v in f)
        x = x.reshape(len(x), -1) if x.ndim else x.reshape(0, 1)
    elif isinstance(f, np.ndarray | list):
        table = _numbers(f)
        x, y = (table[:, :-1], table[:, -1]) if table.ndim == 2 else (table, table)
    else:
        names, x, y = _columns(f)
    if x.ndim != 2 or y.ndim != 1 or len(x) != len(y):
        problem = f"x has the shape {x.shape} and y {y.shape}"
        raise OptionError("approximate-samples", problem=problem)
    finite = np.isfinite(x).all(axis=1) & np.isfinite(y)
    if not finite.all():
        problem = f"row {int(np.argmin(finite)) + 1} is not finite"
        raise OptionError("approximate-samples", problem=problem)
    if isinstance(on, Mapping):
        names = tuple(on)
    return _sampled(x, y, names or _names(x.shape[1]), on)


def _numbers(values: Any) -> Array:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise OptionError("approximate-kind", came=type(values).__name__) from error


def _columns(data: Any) -> tuple[tuple[str, ...], Array, Array]:
    """Names, x and y of whatever table the door can read."""
    try:
        raw = read_table(data)
    except DataError as error:
        raise OptionError("approximate-kind", came=type(data).__name__) from error
    columns = tuple(Column(name, "number") for name in raw.columns)
    matrix = type_table(raw, columns).matrix()
    return tuple(raw.columns)[:-1], matrix[:, :-1], matrix[:, -1]


def _names(count: int) -> tuple[str, ...]:
    return ("x",) if count == 1 else tuple(f"x{i + 1}" for i in range(count))


def _sampled(x: Array, y: Array, names: tuple[str, ...], on: Any) -> Target:
    if not 1 <= len(names) <= MOST_INPUTS or len(names) != x.shape[1]:
        raise _inputs_error(names, x.shape[1])
    low, high = (x.min(axis=0), x.max(axis=0)) if len(x) else (x, x)
    if on is not None:
        low, high = box(on, names)
        inside = ((x >= low) & (x <= high)).all(axis=1)
        x, y = x[inside], y[inside]
    if len(np.unique(x, axis=0)) < 4 or not (high > low).all():
        problem = f"{len(x)} points are too few to say anything"
        raise OptionError("approximate-samples", problem=problem)
    words = APPROXIMATIONS["samples"].format(count=len(y))
    return Target(words, names, low, high, lambda _: y, samples=Samples(x, y))


def box(on: Any, names: Sequence[str]) -> tuple[Array, Array]:
    """The lower and upper ends of the domain, (d,) each."""
    if on is None:
        raise OptionError("approximate-domain", on=on, problem="it is not given")
    given = [on[n] for n in names] if isinstance(on, Mapping) else on
    try:
        pairs = np.asarray(given, dtype=np.float64).reshape(-1, 2)
    except (TypeError, ValueError) as error:
        problem = "it is not a pair of numbers per input"
        raise OptionError("approximate-domain", on=on, problem=problem) from error
    if len(pairs) != len(names):
        problem = f"it has {len(pairs)} pair(s) for {len(names)} input(s)"
        raise OptionError("approximate-domain", on=on, problem=problem)
    if not np.isfinite(pairs).all():
        raise OptionError("approximate-domain", on=on, problem="it is not bounded")
    if not (pairs[:, 0] < pairs[:, 1]).all():
        raise OptionError("approximate-domain", on=on, problem="it is empty")
    return pairs[:, 0].copy(), pairs[:, 1].copy()


def _checked(target: Target) -> Target:
    if not 1 <= target.inputs <= MOST_INPUTS:
        raise _inputs_error(target.names, target.inputs)
    return target


def _inputs_error(names: Sequence[str], count: int) -> OptionError:
    return OptionError(
        "approximate-inputs", count=count, names=", ".join(names), most=MOST_INPUTS
    )
