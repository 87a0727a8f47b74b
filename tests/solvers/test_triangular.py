"""Triangular systems: both precisions, rows or columns contiguous, and refusals."""

import numpy as np
import pytest

from mapsto.solvers import triangular

SIZE = 40


@pytest.fixture(params=[np.float32, np.float64], ids=["single", "double"])
def matrix(request) -> np.ndarray:
    """Positive definite, with a condition number of about ten."""
    a = np.random.default_rng(0).standard_normal((SIZE, 3 * SIZE))
    return (a @ a.T / (3 * SIZE)).astype(request.param)


def close(a: np.ndarray):
    return pytest.approx(a, abs=1e3 * float(np.finfo(a.dtype).eps))


def test_the_factor_and_its_inverse(matrix):
    factor = triangular.lower_factor(matrix)

    assert factor.dtype == matrix.dtype
    assert (np.triu(factor, 1) == 0).all()
    assert factor @ factor.T == close(matrix)
    assert triangular.inverse(factor) @ factor == close(
        np.eye(SIZE, dtype=matrix.dtype)
    )


def test_a_matrix_that_is_not_positive_definite_has_no_factor(matrix):
    matrix[3, 3] = -1.0

    assert triangular.lower_factor(matrix) is None


def test_a_zero_on_the_diagonal_has_no_inverse(matrix):
    factor = triangular.lower_factor(matrix)
    factor[5, 5] = 0.0

    with pytest.raises(np.linalg.LinAlgError, match="zero on its diagonal"):
        triangular.inverse(factor)


def test_shapes_that_do_not_belong_together_are_refused(matrix):
    """LAPACK would read and write beyond their ends."""
    with pytest.raises(ValueError, match="of a system"):
        triangular.solve(matrix, np.ones((SIZE + 1, 2)))
    for work in (triangular.lower_factor, triangular.inverse):
        with pytest.raises(ValueError, match="not square"):
            work(matrix[1:])


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("transposed", [False, True])
def test_solutions_solve(matrix, order, transposed):
    factor = np.array(triangular.lower_factor(matrix), order=order)
    b = np.random.default_rng(1).standard_normal((SIZE, 3))
    before = b.copy()

    x = triangular.solve(factor, b, transposed)

    system = factor.T if transposed else factor
    assert x.dtype == matrix.dtype
    assert system @ x == close(b.astype(matrix.dtype))
    assert (b == before).all()


def test_a_part_of_a_larger_array_is_a_factor_too(matrix):
    wide = np.zeros((SIZE, 2 * SIZE), matrix.dtype)
    wide[:, ::2] = triangular.lower_factor(matrix)
    b = np.ones((SIZE, 1), matrix.dtype)

    assert wide[:, ::2] @ triangular.solve(wide[:, ::2], b) == close(b)


def test_both_triangles_and_the_room_of_what_is_not_needed(matrix):
    factor = triangular.lower_factor(matrix)
    b = np.asfortranarray(np.random.default_rng(1).standard_normal((SIZE, 2)))
    b = b.astype(matrix.dtype)

    x = triangular.solve_both(factor, b)
    half = triangular.solve(factor, b, reuse=True)

    assert half is b
    assert triangular.solve(factor, half, transposed=True) == close(x)
