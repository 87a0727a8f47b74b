"""Functions that ONNX Runtime has no accurate double kernel for, spelled with others.

They are array-API functions: the lowering traces and inlines them, and the tests run
them on NumPy. Each is within a few units in the last place of the true value, except
where its docstring says otherwise. `SPELLED` tells for which dtypes each is needed.
"""

import math
from collections.abc import Callable
from typing import Any

LN2 = math.log(2.0)


def logistic(x: Any) -> Any:
    """1 / (1 + e^-x). The Sigmoid kernel is 0 below -37 and inexact from -5 on."""
    return 1.0 / (1.0 + _xp(x).exp(-x))


def expm1(x: Any) -> Any:
    """e^x - 1 = 2t / (1 - t) with t = tanh(x/2), which does not cancel near 0."""
    xp = _xp(x)
    t = xp.tanh(0.5 * x)
    return xp.where(xp.abs(x) < 1.0, 2.0 * t / (1.0 - t), xp.exp(x) - 1.0)


def log1p(x: Any) -> Any:
    """log(1 + x) = log u + (x - (u - 1))/u with u = 1 + x rounded.

    The second term gives back, to first order, what the rounding took.
    """
    xp = _xp(x)
    u = 1.0 + x
    lost = xp.where(xp.abs(x) < 1.0, (x - (u - 1.0)) / u, 0.0)
    return xp.log(u) + lost


def tan(x: Any) -> Any:
    """sin x / cos x."""
    xp = _xp(x)
    return xp.sin(x) / xp.cos(x)


def atan(x: Any) -> Any:
    """y + (x cos y - sin y) / (cos y + x sin y) with y = atan x in float32.

    tan(atan x - y) is that quotient; as it is below 1e-7, it is its own arctangent.
    """
    xp = _xp(x)
    x = xp.clip(x, -1e300, 1e300)
    y = xp.astype(xp.atan(xp.astype(x, xp.float32)), x.dtype)
    cos, sin = xp.cos(y), xp.sin(y)
    return y + (x * cos - sin) / (cos + x * sin)


def atan2(y: Any, x: Any) -> Any:
    """The angle of the point (x, y); the sign of a zero is not looked at."""
    xp = _xp(x)
    ratio = y / xp.where((x == 0.0) & (y == 0.0), 1.0, x)
    turn = xp.where(y < 0.0, -math.pi, math.pi)
    return xp.atan(ratio) + xp.where(x < 0.0, turn, 0.0)


def asin(x: Any) -> Any:
    """atan(x / sqrt((1 - x)(1 + x)))."""
    xp = _xp(x)
    return xp.atan(x / xp.sqrt((1.0 - x) * (1.0 + x)))


def acos(x: Any) -> Any:
    """2 atan(sqrt((1 - x) / (1 + x)))."""
    xp = _xp(x)
    return 2.0 * xp.atan(xp.sqrt((1.0 - x) / (1.0 + x)))


def cosh(x: Any) -> Any:
    """(e^x + e^-x) / 2; infinite from 709.8 on (the true value from 710.5)."""
    xp = _xp(x)
    return 0.5 * (xp.exp(x) + xp.exp(-x))


def sinh(x: Any) -> Any:
    """tanh x cosh x, which does not cancel near 0."""
    return _xp(x).tanh(x) * cosh(x)


def asinh(x: Any) -> Any:
    """sign x · log1p(a + a²/(1 + sqrt(1 + a²))) with a = |x|; log 2a where a² is far
    beyond 1."""
    xp = _xp(x)
    a = xp.abs(x)
    near = xp.log1p(a + a * a / (1.0 + xp.sqrt(1.0 + a * a)))
    return xp.sign(x) * xp.where(a < 1e8, near, xp.log(a) + LN2)


def acosh(x: Any) -> Any:
    """log1p(t + sqrt t · sqrt(t + 2)) with t = x - 1."""
    xp = _xp(x)
    t = x - 1.0
    return xp.log1p(t + xp.sqrt(t) * xp.sqrt(t + 2.0))


def atanh(x: Any) -> Any:
    """sign x · log1p(2a / (1 - a)) / 2 with a = |x|."""
    xp = _xp(x)
    a = xp.abs(x)
    return 0.5 * xp.sign(x) * xp.log1p(2.0 * a / (1.0 - a))


def cbrt(x: Any) -> Any:
    """sign x · |x|^(1/3); 1/3 is rounded, which costs 1e-14 at 1e±300."""
    xp = _xp(x)
    return xp.sign(x) * xp.abs(x) ** (1.0 / 3.0)


# ── the error function ──

# (4 + x) e^(x²) erfc x as a polynomial in (4 - x)/(4 + x): its interpolant at the 23
# Chebyshev nodes of (-1, 1), computed with 400 bits. The change of variable is
# Schonfelder's (1978, https://doi.org/10.1090/S0025-5718-1978-0494846-8).
ERFC = (
    1.095995661000491,
    0.9765487290808824,
    0.7732087022652361,
    0.5408538313131965,
    0.33085158787810337,
    0.17401093724091568,
    0.07638151490700863,
    0.026370053328949945,
    0.0061120556821152045,
    0.0002809589371945609,
    -0.0004550528495048933,
    -0.00017681308475719695,
    -3.634558037436345e-06,
    1.8861481777975764e-05,
    4.693043799316667e-06,
    -1.42495728038385e-06,
    -8.444415138513227e-07,
    7.597760874906101e-08,
    1.231160742255897e-07,
    -8.276487613621898e-10,
    -1.5522062791612513e-08,
    -2.6471770049944693e-10,
    1.252169228211782e-09,
)
# erf x = x Σ c_k x^2k with c_k = 2/√π (-1)^k / (k! (2k + 1)): for |x| < 1/4 the tenth
# term is below 1e-18. https://dlmf.nist.gov/7.6#E1
ERF = tuple(
    2 / math.sqrt(math.pi) * (-1) ** k / (math.factorial(k) * (2 * k + 1))
    for k in range(9)
)


def erf(x: Any) -> Any:
    """2/√π ∫_0^x e^(-t²) dt."""
    xp = _xp(x)
    a = xp.abs(x)
    far = xp.sign(x) * (1.0 - _upper_tail(a))
    return xp.where(a < 0.25, x * _polynomial(ERF, x * x), far)


def erfc(x: Any) -> Any:
    """1 - erf x, without cancellation; within 1e-13 of itself."""
    xp = _xp(x)
    tail = _upper_tail(xp.abs(x))
    return xp.where(x < 0.0, 2.0 - tail, tail)


def _upper_tail(a: Any) -> Any:
    """erfc a for a >= 0; 0 from 30 on."""
    xp = _xp(a)
    a = xp.minimum(a, 30.0)
    return xp.exp(-a * a) * _polynomial(ERFC, (4.0 - a) / (4.0 + a)) / (4.0 + a)


def _polynomial(coefficients: tuple[float, ...], x: Any) -> Any:
    """Σ c_k x^k by Horner's rule."""
    value = coefficients[-1]
    for c in coefficients[-2::-1]:
        value = value * x + c
    return value


def _xp(x: Any) -> Any:
    return x.__array_namespace__()


BOTH = ("float32", "float64")
DOUBLE = ("float64",)
SPELLED: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "acos": (acos, DOUBLE),
    "acosh": (acosh, DOUBLE),
    "asin": (asin, DOUBLE),
    "asinh": (asinh, DOUBLE),
    "atan": (atan, DOUBLE),
    "atan2": (atan2, BOTH),
    "atanh": (atanh, DOUBLE),
    "cbrt": (cbrt, BOTH),
    "cosh": (cosh, DOUBLE),
    "erf": (erf, DOUBLE),
    "erfc": (erfc, DOUBLE),
    "expm1": (expm1, BOTH),
    "log1p": (log1p, BOTH),
    "logistic": (logistic, DOUBLE),
    "sinh": (sinh, DOUBLE),
    "tan": (tan, DOUBLE),
}
