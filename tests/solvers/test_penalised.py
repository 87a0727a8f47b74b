"""Penalised fits: what was left out costs nothing, and a good start saves work."""

import numpy as np
import pytest
from scipy.special import expit

from mapsto.solvers.penalised import Solution, gaussian, least_squares, moments
from mapsto.solvers.penalised_logistic import logistic


class Matrix:
    """A matrix given in two parts."""

    def __init__(self, x: np.ndarray):
        self.x, self.shape = x, x.shape

    def __iter__(self):
        half = len(self.x) // 2
        for rows in (slice(0, half), slice(half, len(self.x))):
            yield rows, self.x[rows]


def drawn(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((rows, columns))
    x[:, 0] = 1
    return x, rng.uniform(0.5, 2, rows)


def test_moments_are_those_of_the_kept_columns():
    x, w = drawn(50, 6)
    kept = np.array([0, 2, 5])

    gram, cross = moments(Matrix(x), w, w, kept)

    whole = np.zeros((6, 6))
    whole[np.ix_(kept, kept)] = (x[:, kept] * w[:, None]).T @ x[:, kept]
    np.testing.assert_allclose(gram, whole, atol=1e-12)
    np.testing.assert_allclose(cross, x.T @ w)


def test_a_group_that_says_nothing_is_left_out_and_the_rest_is_as_without_it():
    x, _ = drawn(1000, 12)
    twin = np.concatenate([x[:, :3], -x[:, 3:]], axis=1)
    logit = 2 * x[:, 1] - x[:, 2]
    y = np.random.default_rng(1).uniform(size=1000) < 1 / (1 + np.exp(-logit))
    x, y = np.concatenate([x, twin]), np.tile(y[:, None].astype(float), (2, 1))
    groups, one = np.array([-1, 0, 0, *[1] * 9]), np.ones(2000)

    found = logistic(Matrix(x), y, one, groups, lambda: None)
    alone = logistic(Matrix(x[:, :3]), y, one, groups[:3], lambda: None)

    assert np.isinf(found.strengths[1]), "nine columns that say nothing"
    assert not found.beta[3:].any()
    np.testing.assert_allclose(found.beta[:3], alone.beta, atol=1e-3)


@pytest.mark.parametrize("kind", ["quantity", "classes"])
def test_begun_where_fewer_columns_ended_it_finds_the_same_in_fewer_steps(kind):
    x, one = drawn(2000, 60)[0], np.ones(2000)
    groups = np.array([-1, *np.repeat(np.arange(6), 9), *[6] * 5])
    rng = np.random.default_rng(1)
    eta = x @ (rng.standard_normal(60) * 0.5**groups)
    y = eta + rng.standard_normal(2000)

    def fit(columns: int, start: Solution | None) -> tuple[Solution, int]:
        ticks: list[int] = []
        design, mine = Matrix(x[:, :columns]), groups[:columns]
        asked = mine, lambda: ticks.append(1), None, None, start
        if kind == "quantity":
            found = gaussian(least_squares(design, y, one), *asked)
        else:
            found = logistic(design, (y > 0)[:, None].astype(float), one, *asked)
        return found, len(ticks)

    less, _ = fit(55, None)
    cold, many = fit(60, None)
    warm, few = fit(60, less)

    assert few < many
    told = (lambda eta: eta) if kind == "quantity" else expit
    gap = told(x @ warm.beta) - told(x @ cold.beta)
    assert np.sqrt((gap**2).mean()) < 0.01, "where the noise is 1, or probabilities"
