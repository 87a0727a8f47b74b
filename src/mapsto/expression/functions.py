"""The functions and constants that every expression may use."""

import importlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any


@dataclass(frozen=True)
class Function:
    """A function of the language: how many arguments, and how to evaluate it.

    `evaluate(xp, *arguments)` takes arrays of the namespace xp.
    """

    least: int
    most: int
    evaluate: Callable[..., Any]


def _plain(name: str, arity: int = 1) -> Function:
    """A function of the array-API standard."""
    return Function(arity, arity, lambda xp, *args: getattr(xp, name)(*args))


def _special(name: str, arity: int = 1, part: int | None = None) -> Function:
    """A function of `scipy.special` (or, for JAX arrays, of `jax.scipy.special`)."""

    def evaluate(xp: Any, *args: Any) -> Any:
        home = "jax.scipy.special" if "jax" in xp.__name__ else "scipy.special"
        value = getattr(importlib.import_module(home), name)(*args)
        return value if part is None else value[part]

    return Function(arity, arity, evaluate)


def _chain(name: str) -> Function:
    """A function of two arguments, applied along two or more."""
    return Function(2, 20, lambda xp, *args: reduce(getattr(xp, name), args))


def _own(evaluate: Callable[..., Any], arity: int = 1) -> Function:
    return Function(arity, arity, evaluate)


def _positive(xp: Any, x: Any) -> Any:
    return xp.maximum(x, xp.zeros_like(x))


def _sinc(xp: Any, x: Any) -> Any:
    """sin(x) / x, 1 at 0."""
    safe = xp.where(x == 0, xp.ones_like(x), x)
    return xp.where(x == 0, xp.ones_like(x), xp.sin(safe) / safe)


FUNCTIONS: Mapping[str, Function] = {
    **{n: _plain(n) for n in ("exp", "expm1", "log", "log1p", "log2", "log10")},
    **{n: _plain(n) for n in ("sqrt", "abs", "sign", "floor", "ceil")},
    **{n: _plain(n) for n in ("sin", "cos", "tan", "asin", "acos", "atan")},
    **{n: _plain(n) for n in ("sinh", "cosh", "tanh", "asinh", "acosh", "atanh")},
    "atan2": _plain("atan2", 2),
    "where": _plain("where", 3),
    "min": _chain("minimum"),
    "max": _chain("maximum"),
    "cbrt": _own(lambda xp, x: xp.sign(x) * xp.abs(x) ** (1 / 3)),
    "hypot": _own(lambda xp, x, y: xp.sqrt(x * x + y * y), 2),
    "mod": _own(lambda xp, x, y: x - y * xp.floor(x / y), 2),
    "sinc": _own(_sinc),
    "sigmoid": _own(lambda xp, x: 0.5 * (1.0 + xp.tanh(0.5 * x))),
    "softplus": _own(lambda xp, x: _positive(xp, x) + xp.log1p(xp.exp(-xp.abs(x)))),
    "relu": _own(_positive),
    **{n: _special(n) for n in ("erf", "erfc", "erfi", "gamma", "digamma", "zeta")},
    "lgamma": _special("gammaln"),
    "normcdf": _special("ndtr"),
    "airyai": _special("airy", part=0),
    "airybi": _special("airy", part=2),
    "besselj": _special("jv", 2),
    "besseli": _special("iv", 2),
    "si": _special("sici", part=0),
    "ci": _special("sici", part=1),
    "ei": _special("expi"),
    "fresnels": _special("fresnel", part=0),
    "fresnelc": _special("fresnel", part=1),
    "lambertw": _own(lambda xp, x: _special("lambertw").evaluate(xp, x).real),
}

ALIASES: Mapping[str, str] = {
    "ln": "log",
    **{f"arc{n}": f"a{n}" for n in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    "arctan2": "atan2",
    "minimum": "min",
    "maximum": "max",
    "gammaln": "lgamma",
}

CONSTANTS: Mapping[str, float] = {"pi": math.pi, "π": math.pi, "e": math.e}
