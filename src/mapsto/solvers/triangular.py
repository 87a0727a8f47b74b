"""Cholesky's factor and triangular systems, while other threads go on.

SciPy's functions hold Python's lock for as long as LAPACK works, so that folds on two
threads would wait for each other. Here the same routines are called through the
pointers that SciPy gives to compiled code
(https://docs.scipy.org/doc/scipy/reference/linalg.cython_lapack.html), without it.

Factors are lower, square, and float32 or float64; what they meet is turned into theirs.
"""

import ctypes
from typing import Any

import numpy as np
from scipy.linalg import cython_blas, cython_lapack


def _of_python(name: str, result: Any, *arguments: Any) -> Any:
    """One of the interpreter's own functions."""
    return ctypes.PYFUNCTYPE(result, *arguments)((name, ctypes.pythonapi))


NAME = _of_python("PyCapsule_GetName", ctypes.c_char_p, ctypes.py_object)
POINTER = _of_python(
    "PyCapsule_GetPointer", ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p
)


def _routine(module: Any, name: str, arguments: int) -> Any:
    """One of SciPy's routines; each of its arguments is a pointer."""
    capsule = module.__pyx_capi__[name]
    form = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * arguments)
    return form(POINTER(capsule, NAME(capsule)))


def _of_both(module: Any, name: str, arguments: int) -> dict[np.dtype, Any]:
    kinds = {"s": np.float32, "d": np.float64}
    return {
        np.dtype(kind): _routine(module, letter + name, arguments)
        for letter, kind in kinds.items()
    }


POTRF = _of_both(cython_lapack, "potrf", 5)
TRTRI = _of_both(cython_lapack, "trtri", 6)
TRSM = _of_both(cython_blas, "trsm", 11)


def lower_factor(matrix: np.ndarray) -> np.ndarray | None:
    """L with LL' = matrix, (n, n); None if the matrix is not positive definite."""
    factor, failed = np.array(matrix, order="F"), ctypes.c_int()
    POTRF[factor.dtype](b"L", *_columns(factor), ctypes.byref(failed))
    return None if failed.value else np.tril(factor)


def inverse(factor: np.ndarray) -> np.ndarray:
    """L⁻¹, (n, n)."""
    found, failed = np.array(factor, order="F"), ctypes.c_int()
    TRTRI[found.dtype](b"L", b"N", *_columns(found), ctypes.byref(failed))
    if failed.value:
        raise np.linalg.LinAlgError("a triangular matrix with a zero on its diagonal")
    return found


def solve(
    factor: np.ndarray, b: np.ndarray, transposed: bool = False, reuse: bool = False
) -> np.ndarray:
    """x with L x = b, or L' x = b. b: (n, k). `reuse`: b is written over, where its
    columns are contiguous and of the factor's precision."""
    if factor.shape != (len(b), len(b)):
        raise ValueError(f"a factor {factor.shape} of a system {b.shape}")
    # What is not to be written over is copied.
    x = np.require(b if reuse else np.array(b), factor.dtype, ["F", "W"])
    if factor.flags.f_contiguous:
        half, way = b"L", b"T" if transposed else b"N"
    else:  # rows that are contiguous are the columns of an upper factor
        factor = np.ascontiguousarray(factor)
        half, way = b"U", b"N" if transposed else b"T"
    one = np.ones((), factor.dtype)
    sizes = map(_whole, x.shape)
    wide = _whole(len(factor))
    TRSM[factor.dtype](
        *(b"L", half, way, b"N"), *sizes, _at(one), _at(factor), wide, _at(x), wide
    )
    return x


def solve_both(factor: np.ndarray, b: np.ndarray) -> np.ndarray:
    """x with LL' x = b. b: (n, k)."""
    return solve(factor, solve(factor, b), transposed=True, reuse=True)


def _columns(matrix: np.ndarray) -> tuple[Any, Any, Any]:
    """How LAPACK is told of a square matrix: its size, its place, its stride."""
    if matrix.shape != (len(matrix), len(matrix)):
        raise ValueError(f"a matrix {matrix.shape} that is not square")
    size = _whole(len(matrix))
    return size, _at(matrix), size


def _whole(number: int) -> Any:
    return ctypes.byref(ctypes.c_int(number))


def _at(a: np.ndarray) -> int:
    return a.ctypes.data
