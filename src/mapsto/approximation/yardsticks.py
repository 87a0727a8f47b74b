"""What classical approximation does with as many numbers: Chebyshev and AAA.

A network of one input with n units in one layer has 3n + 1 numbers. So has a
polynomial of degree 3n, and a rational function of degree 3n/2.
"""

import numpy as np

from mapsto.approximation import mesh
from mapsto.approximation.aaa import aaa
from mapsto.approximation.curve import Curve

Array = np.ndarray
MOST_DEGREE = 150


def chebyshev_error(curve: Curve, parameters: int) -> float:
    """The largest error of the Chebyshev interpolant with this many coefficients."""
    at = mesh.chebyshev(parameters)
    polynomial = np.polynomial.Chebyshev(_coefficients(curve.value(at)))
    return _error(curve, np.asarray(polynomial(_check_points(curve))))


def aaa_error(curve: Curve, parameters: int) -> float:
    """The largest error of an AAA rational function with this many numbers."""
    degree = min((parameters - 1) // 2, MOST_DEGREE)
    at = np.unique(mesh.spread(curve.edges, 8))
    at = at[:: max(1, len(at) // (20 * degree + 400))]
    rational = aaa(at, curve.value(at), degree, tolerance=1e-13)
    with np.errstate(all="ignore"):
        return _error(curve, rational(_check_points(curve)))


def _coefficients(y: Array) -> Array:
    """Chebyshev coefficients of the interpolant through ascending Chebyshev nodes."""
    count = len(y)
    angle = np.pi * (np.arange(count) + 0.5) / count
    waves = np.cos(np.outer(np.arange(count), angle))
    c = 2.0 / count * waves @ y[::-1]
    c[0] /= 2.0
    return np.asarray(c)


def _check_points(curve: Curve) -> Array:
    return np.unique(np.concatenate([curve.edges, mesh.spread(curve.edges, 12)]))


def _error(curve: Curve, guess: Array) -> float:
    y = curve.value(_check_points(curve))
    off = np.abs(guess - y) * curve.frame.weight(y)
    return float(off.max()) if np.isfinite(off).all() else float("inf")
