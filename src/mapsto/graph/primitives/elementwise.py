"""Operations that act on each element alone."""

from collections.abc import Callable
from typing import Any

import numpy as np

from mapsto.graph.primitives.arrays import BOOL, Array, Unwritable, Writer

SAME = {
    "abs": "Abs",
    "acos": "Acos",
    "acosh": "Acosh",
    "add": "Add",
    "add_any": "Add",
    "and": "And",
    "asin": "Asin",
    "asinh": "Asinh",
    "atan": "Atan",
    "atanh": "Atanh",
    "ceil": "Ceil",
    "cos": "Cos",
    "cosh": "Cosh",
    "div": "Div",
    "erf": "Erf",
    "exp": "Exp",
    "floor": "Floor",
    "log": "Log",
    "logistic": "Sigmoid",
    "min": "Min",
    "mul": "Mul",
    "neg": "Neg",
    "not": "Not",
    "or": "Or",
    "sign": "Sign",
    "sin": "Sin",
    "sinh": "Sinh",
    "sqrt": "Sqrt",
    "sub": "Sub",
    "tan": "Tan",
    "tanh": "Tanh",
    "xor": "Xor",
}
"""Primitives that are one node, of the same dtype as their inputs."""

LOGICAL = ("and", "or", "xor", "not")

COMPARISONS = {
    "eq": "Equal",
    "ge": "GreaterOrEqual",
    "gt": "Greater",
    "le": "LessOrEqual",
    "lt": "Less",
}

UNCHANGED = (
    "copy",
    "copy_p",
    "device_put",
    "name",
    "optimization_barrier",
    "stop_gradient",
)


def plain(name: str) -> Callable[..., Array]:
    def rule(g: Writer, eqn: Any, *inputs: Array) -> Array:
        if name in LOGICAL and inputs[0].dtype != BOOL:
            raise Unwritable("bits of integers")
        return g.elementwise(SAME[name], *inputs)

    return rule


def comparison(name: str) -> Callable[..., Array]:
    def rule(g: Writer, eqn: Any, *inputs: Array) -> Array:
        return g.elementwise(COMPARISONS[name], *inputs, dtype=BOOL)

    return rule


def unchanged(g: Writer, eqn: Any, *inputs: Array) -> list[Array]:
    return list(inputs)


def convert(g: Writer, eqn: Any, x: Array) -> Array:
    return g.cast(x, eqn.params["new_dtype"])


def not_equal(g: Writer, eqn: Any, a: Array, b: Array) -> Array:
    """x != x asks for NaN."""
    if a == b and a.dtype.kind == "f":
        return g.elementwise("IsNaN", a, dtype=BOOL)
    return g.elementwise("Not", g.elementwise("Equal", a, b, dtype=BOOL))


def before_in_order(op: str) -> Callable[..., Array]:
    """a < b or a <= b in the total order that puts NaN last (searchsorted)."""

    def rule(g: Writer, eqn: Any, a: Array, b: Array) -> Array:
        less = g.elementwise(op, a, b, dtype=BOOL)
        if a.dtype.kind != "f":
            return less
        last = g.elementwise("IsNaN", b, dtype=BOOL)
        if op == "Less":
            known = g.elementwise("Not", g.elementwise("IsNaN", a, dtype=BOOL))
            last = g.elementwise("And", last, known)
        return g.elementwise("Or", less, last)

    return rule


def maximum(g: Writer, eqn: Any, a: Array, b: Array) -> Array:
    """max(-∞, b) is b; softmax asks for it."""
    value = g.known(a)
    if value is not None and value.shape == () and value == -np.inf:
        return b
    return g.elementwise("Max", a, b)


def clamp(g: Writer, eqn: Any, low: Array, x: Array, high: Array) -> Array:
    return g.elementwise("Min", g.elementwise("Max", x, low), high)


def is_finite(g: Writer, eqn: Any, x: Array) -> Array:
    infinity = g.constant(np.inf, x.dtype)
    return g.elementwise("Less", g.elementwise("Abs", x), infinity, dtype=BOOL)


def square(g: Writer, eqn: Any, x: Array) -> Array:
    return g.elementwise("Mul", x, x)


def integer_power(g: Writer, eqn: Any, x: Array) -> Array:
    power = eqn.params["y"]
    if power == -1:
        return g.elementwise("Reciprocal", x)
    if power not in (2, 3, 4):
        return g.elementwise("Pow", x, g.constant(power, x.dtype))
    squared = g.elementwise("Mul", x, x)
    if power == 2:
        return squared
    return g.elementwise("Mul", squared, x if power == 3 else squared)


def power(g: Writer, eqn: Any, x: Array, y: Array) -> Array:
    return g.elementwise("Pow", x, g.cast(y, x.dtype))


def exp2(g: Writer, eqn: Any, x: Array) -> Array:
    return g.elementwise("Pow", g.constant(2, x.dtype), x)


def reciprocal_root(g: Writer, eqn: Any, x: Array) -> Array:
    return g.elementwise("Reciprocal", g.elementwise("Sqrt", x))


def erfc(g: Writer, eqn: Any, x: Array) -> Array:
    """1 - erf x (float32): exact to 1e-7 of 1, not of itself."""
    return g.elementwise("Sub", g.constant(1, x.dtype), g.elementwise("Erf", x))


def remainder(g: Writer, eqn: Any, x: Array, y: Array) -> Array:
    """The remainder with the sign of x."""
    return g.elementwise("Mod", x, y, fmod=1)


def rounded(g: Writer, eqn: Any, x: Array) -> Array:
    """To the nearest integer: halves to even, or (rounding_method 0) away from 0."""
    if int(eqn.params["rounding_method"]) == 1:
        return g.elementwise("Round", x)
    up = g.elementwise("Add", g.elementwise("Abs", x), g.constant(0.5, x.dtype))
    return g.elementwise("Mul", g.elementwise("Sign", x), g.elementwise("Floor", up))


def select(g: Writer, eqn: Any, which: Array, *cases: Array) -> Array:
    """cases[which], element by element."""
    if which.dtype == BOOL:
        return _either(g, which, cases[1], cases[0])
    chosen = cases[-1]
    for k in range(len(cases) - 2, -1, -1):
        is_k = g.elementwise("Equal", which, g.constant(k, which.dtype), dtype=BOOL)
        chosen = _either(g, is_k, cases[k], chosen)
    return chosen


def _either(g: Writer, condition: Array, yes: Array, no: Array) -> Array:
    if yes.dtype != BOOL:  # ONNX Runtime has no Where for booleans
        return g.elementwise("Where", condition, yes, no, dtype=yes.dtype)
    if_yes = g.elementwise("And", condition, yes)
    if_no = g.elementwise("And", g.elementwise("Not", condition), no)
    return g.elementwise("Or", if_yes, if_no)


RULES: dict[str, Callable[..., Array | list[Array]]] = {
    **{name: plain(name) for name in SAME},
    **{name: comparison(name) for name in COMPARISONS},
    **dict.fromkeys(UNCHANGED, unchanged),
    "clamp": clamp,
    "convert_element_type": convert,
    "erfc": erfc,
    "exp2": exp2,
    "integer_pow": integer_power,
    "is_finite": is_finite,
    "le_to": before_in_order("LessOrEqual"),
    "lt_to": before_in_order("Less"),
    "max": maximum,
    "ne": not_equal,
    "pow": power,
    "rem": remainder,
    "round": rounded,
    "rsqrt": reciprocal_root,
    "select_n": select,
    "square": square,
}
