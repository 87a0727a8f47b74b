"""Levenberg–Marquardt with Bayesian regularisation, against known answers."""

from dataclasses import dataclass

import numpy as np
import pytest
from sklearn.linear_model import BayesianRidge

from mapsto.solvers.levenberg_marquardt import minimise


@dataclass(frozen=True)
class Linear:
    """r = A w - y."""

    a: np.ndarray
    y: np.ndarray

    @property
    def rows(self):
        return float(len(self.y))

    def square(self, w):
        return float(((self.a @ w - self.y) ** 2).sum())

    def normal(self, w):
        return self.a.T @ self.a, self.a.T @ (self.a @ w - self.y), self.square(w)


@dataclass(frozen=True)
class Banana:
    """Rosenbrock's valley: r = (1 - w₀, 10 (w₁ - w₀²)), many rows of it."""

    rows = 1000.0

    def residual(self, w):
        return np.array([1 - w[0], 10 * (w[1] - w[0] ** 2)])

    def square(self, w):
        return float((self.residual(w) ** 2).sum())

    def normal(self, w):
        j = np.array([[-1.0, 0.0], [-20 * w[0], 10.0]])
        r = self.residual(w)
        return j.T @ j, j.T @ r, float(r @ r)


START = np.full(12, 0.1)


def drawn(noise, rows=300, weights=12, seed=0):
    """Columns of very different lengths; every weight is drawn alike."""
    rng = np.random.default_rng(seed)
    a = rng.standard_normal((rows, weights)) * np.geomspace(1, 1e-3, weights)
    w = rng.standard_normal(weights)
    return Linear(a, a @ w + noise * rng.standard_normal(rows)), w


def test_strengths_are_at_rest_where_the_evidence_is_largest():
    """α and β against scikit-learn's evidence approximation of the same model."""
    problem, _ = drawn(0.1)

    fit = minimise(problem, START, 300)

    other = BayesianRidge(
        fit_intercept=False, tol=1e-10, alpha_1=0, alpha_2=0, lambda_1=0, lambda_2=0
    ).fit(problem.a, problem.y)
    assert 2 * fit.beta == pytest.approx(other.alpha_, rel=0.01)
    assert 2 * fit.alpha == pytest.approx(other.lambda_, rel=0.02)
    assert fit.w == pytest.approx(other.coef_, rel=0.02, abs=1e-3)


def test_effective_parameters_are_the_trace():
    """γ = N - 2α tr(H⁻¹), H = 2β AᵀA + 2α I."""
    problem, _ = drawn(0.1)

    fit = minimise(problem, START, 300)

    hessian = 2 * fit.beta * problem.a.T @ problem.a + 2 * fit.alpha * np.eye(12)
    trace = 12 - 2 * fit.alpha * np.trace(np.linalg.inv(hessian))
    assert fit.effective == pytest.approx(trace, rel=1e-2)
    assert 6 < fit.effective < 12


def test_what_is_told_is_found_and_what_is_not_is_held():
    problem, truth = drawn(0.1)

    fit = minimise(problem, START, 300)
    noisier = minimise(drawn(3.0)[0], START, 300)

    assert fit.w[:5] == pytest.approx(truth[:5], abs=0.1)
    assert np.abs(fit.w[-1]) < 0.5
    assert noisier.effective < fit.effective - 2


def test_the_noise_is_found():
    """1/(2β) is the variance of what is left."""
    fit = minimise(drawn(0.3)[0], START, 300)

    assert 1 / (2 * fit.beta) == pytest.approx(0.09, rel=0.15)


def test_without_noise_everything_is_told():
    problem, truth = drawn(0.0)

    fit = minimise(problem, START, 500)

    assert fit.effective == pytest.approx(12, abs=0.01)
    assert fit.w == pytest.approx(truth, abs=1e-5)


def test_a_bent_valley_is_followed():
    fit = minimise(Banana(), np.array([-1.2, 1.0]), 200)

    assert fit.w == pytest.approx([1, 1], abs=1e-2)


def test_the_larger_evidence_is_the_better_noise():
    """Of fits that ended early and late, the later tells more."""
    short, long = (minimise(drawn(0.1)[0], START, steps) for steps in (1, 200))

    assert long.evidence > short.evidence
    assert (short.steps, long.steps < 200) == (1, True)


def test_it_ends_when_asked_and_goes_on_from_before():
    problem, _ = drawn(0.1)
    start = np.full(12, 0.1)

    asked = minimise(problem, start, 100, lambda: True)
    whole = minimise(problem, start, 100)
    part = minimise(problem, start, 3)
    rest = minimise(problem, part.w, 97, before=part)

    assert asked.steps == 0
    assert (asked.w == start).all()
    assert rest.w == pytest.approx(whole.w, abs=1e-3)


def test_more_weights_than_rows():
    rng = np.random.default_rng(0)
    problem = Linear(rng.standard_normal((10, 30)), rng.standard_normal(10))

    fit = minimise(problem, 0.1 * rng.standard_normal(30), 200)

    assert np.isfinite([*fit.w, fit.alpha, fit.beta, fit.evidence]).all()
    assert fit.effective <= 10
