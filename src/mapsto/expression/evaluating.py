"""The value of an expression on arrays."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from mapsto.expression.functions import CONSTANTS, FUNCTIONS
from mapsto.expression.tree import (
    Binary,
    Call,
    Compare,
    Constant,
    Logic,
    Name,
    Negate,
    Node,
    Not,
    Number,
)

_BINARY: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "and": operator.and_,
    "or": operator.or_,
}


def evaluate(
    node: Node,
    values: Mapping[str, Any],
    functions: Mapping[str, Callable[..., Any]] | None = None,
) -> Any:
    """The value of the expression on arrays (NumPy, JAX or any array-API arrays).

    `values` gives an array to every variable; `functions` gives a meaning to the
    called names that are not in `FUNCTIONS`. Outside a function's domain the value
    is what the arrays' own library says (NaN, infinity).
    """
    sample = next(iter(values.values()), np.zeros(()))
    with np.errstate(all="ignore"):
        return _Evaluator(values, functions or {}, sample).value(node)


class _Evaluator:
    """One walk over the tree, bottom up."""

    def __init__(
        self,
        values: Mapping[str, Any],
        functions: Mapping[str, Callable[..., Any]],
        sample: Any,
    ):
        self.values = values
        self.functions = functions
        self.xp = sample.__array_namespace__()
        self.dtype = sample.dtype

    def value(self, node: Node) -> Any:
        match node:
            case Number(text):
                return self.xp.asarray(float(text), dtype=self.dtype)
            case Constant(name):
                return self.xp.asarray(CONSTANTS[name], dtype=self.dtype)
            case Name(name):
                return self.values[name]
            case Negate(operand):
                return -self.value(operand)
            case Not(operand):
                return ~self.value(operand)
            case Binary("**", base, Number(text)) if text.isdigit() and len(text) < 3:
                return self.value(base) ** int(text)
            case (
                Binary(symbol, left, right)
                | Compare(symbol, left, right)
                | Logic(symbol, left, right)
            ):
                return _BINARY[symbol](self.value(left), self.value(right))
            case Call(name, arguments):
                return self._call(name, [self.value(a) for a in arguments])

    def _call(self, name: str, arguments: list[Any]) -> Any:
        if name in self.functions:
            return self.functions[name](*arguments)
        return FUNCTIONS[name].evaluate(self.xp, *arguments)
