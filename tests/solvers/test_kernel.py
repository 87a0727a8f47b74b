"""Kernels: their features, their gradients, and what a metric learns."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.kernel_ridge import KernelRidge

from mapsto.solvers.kernel import kernel, make_basis, typical_distance
from mapsto.solvers.metric import (
    Examples,
    Nearness,
    Shape,
    Slope,
    gradient_outer_product,
    kernel_flow,
    make_loss,
)
from mapsto.solvers.on_features import (
    least_squares,
    log_loss,
    logistic,
    moments,
    one_hot,
)
from mapsto.threads import one_thread_each


@pytest.fixture(autouse=True)
def one_thread():
    with one_thread_each():
        yield


def points(rows: int, columns: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((rows, columns))


@pytest.mark.parametrize("exponent", [0.7, 1.0, 2.0])
def test_the_kernel_is_of_the_distance(exponent):
    u, v = points(30, 4), points(20, 4, seed=1)

    assert kernel(u, v, exponent) == pytest.approx(np.exp(-(cdist(u, v) ** exponent)))


@pytest.mark.parametrize("exponent", [1.0, 2.0])
def test_with_every_row_a_centre_it_is_kernel_ridge(exponent):
    u, new = points(60, 3), points(25, 3, seed=1)
    y = np.sin(2 * u[:, 0]) + u[:, 1]
    y = y - y.mean()
    basis = make_basis(u, exponent, np.float64)

    m = moments(basis.chunks(u), y[:, None], np.ones(60))
    (beta,) = least_squares(m, [0.01])

    reference = KernelRidge(alpha=0.01 * 60, kernel="precomputed")
    reference.fit(kernel(u, u, exponent), y)
    told = kernel(new, u, exponent) @ basis.weights(beta)
    assert told[:, 0] == pytest.approx(
        reference.predict(kernel(new, u, exponent)), abs=1e-6
    )


def test_a_row_of_weight_two_is_the_row_twice():
    u, y, w = points(40, 2), points(40, 1), np.ones(40)
    w[:10] = 2
    basis = make_basis(u[:15], 1.0, np.float64)

    weighted = moments(basis.chunks(u), y, w)
    twice = np.concatenate([u, u[:10]])
    doubled = moments(basis.chunks(twice), np.concatenate([y, y[:10]]), np.ones(50))

    assert weighted.gram == pytest.approx(doubled.gram)
    assert weighted.cross == pytest.approx(doubled.cross)


def test_rows_may_be_turned_some_at_a_time():
    x, a = points(5000, 3), points(3, 2, seed=1)
    basis = make_basis(x[:20] @ a, 1.0, np.float64)

    parts = dict(enumerate(basis.chunks(x, lambda part: part @ a)))

    assert len(parts) > 1
    whole = np.concatenate([z for _, z in parts.values()])
    assert whole == pytest.approx(basis(x @ a))
    assert sum(rows.stop - rows.start for rows, _ in parts.values()) == 5000


def test_rows_that_are_alike_do_no_harm():
    u = np.repeat(points(5, 2), 8, axis=0)

    basis = make_basis(u, 2.0, np.float32)

    assert np.isfinite(basis(u)).all()
    assert typical_distance(np.ones((9, 2))) == 1.0


def test_the_gradient_is_that_of_finite_differences():
    centres, alpha, u = points(20, 3), points(20, 2, seed=1), points(7, 3, seed=2)

    found = gradient_outer_product(u, centres, alpha, 1.3)

    step, slopes = 1e-5, np.empty((7, 3, 2))
    for k in range(3):
        more, less = u.copy(), u.copy()
        more[:, k] += step
        less[:, k] -= step
        gap = kernel(more, centres, 1.3) - kernel(less, centres, 1.3)
        slopes[:, k] = gap @ alpha / (2 * step)
    assert found == pytest.approx(
        np.einsum("nik,njk->ij", slopes, slopes) / 7, rel=1e-4
    )


@pytest.mark.parametrize("classes", [0, 2, 3])
def test_the_slope_of_the_held_out_loss_is_that_of_finite_differences(classes):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((90, 3))
    labels = rng.integers(0, max(classes, 1), 90).astype(float)
    y = one_hot(labels, classes) if classes else x[:, :1] + x[:, 1:2] ** 2
    y = y - y.mean(axis=0)
    w = rng.uniform(0.5, 1.5, 90)
    loss = make_loss(y, labels, w, classes)
    data = Examples(x.astype(np.float32), y.astype(np.float32), w, loss)
    groups = np.array([0, 1, 1])
    slope = Slope(data, groups, 2, 90)
    theta = np.concatenate([[-0.7, -0.9, np.log(0.1), 1.2], loss.start])

    found = slope(theta, np.arange(90))

    def value(at: np.ndarray) -> float:
        """The same loss in double, from its definition."""
        a, b = np.arange(60), np.arange(60, 90)
        u = x * np.exp(at[:2])[groups]
        r = np.sqrt(w[a] / w[a].mean())[:, None]
        system = r * kernel(u[a], u[a], at[3]) * r.T + np.exp(at[2]) * 60 * np.eye(60)
        f = kernel(u[b], u[a], at[3]) @ (r * np.linalg.solve(system, r * y[a]))
        share = w[b] / w[b].sum()
        if classes:
            return log_loss(np.exp(at[4]) * f + at[5:], labels[b], share)
        return float(share @ ((f - y[b]) ** 2)[:, 0] / (share @ y[b, 0] ** 2))

    for k in range(len(theta)):
        step = np.zeros(len(theta))
        step[k] = 1e-4
        told = (value(theta + step) - value(theta - step)) / 2e-4
        assert found[k] == pytest.approx(told, abs=2e-3, rel=2e-2)


def test_a_flow_lets_go_of_inputs_that_say_nothing():
    x, noise = points(500, 6), points(500, 1, seed=1)
    y = np.sin(2 * x[:, :1]) * x[:, 1:2] + 0.1 * noise
    y -= y.mean()
    loss = make_loss(y, y[:, 0], np.ones(500), 0)
    data = Examples(x.astype(np.float32), y.astype(np.float32), np.ones(500), loss)
    start = Shape(np.arange(6), np.full(6, 0.3), 1.2, 1e-3)

    found = kernel_flow(data, start, 60, 300, np.random.default_rng(0), lambda: None)

    assert found.scales[:2].min() > 4 * found.scales[2:].max()


@pytest.mark.parametrize("classes", [2, 4])
def test_logistic_regression_is_where_its_slope_is_nothing(classes):
    rng = np.random.default_rng(0)
    z, y = rng.standard_normal((300, 5)), rng.integers(0, classes, 300).astype(float)
    w = rng.uniform(0.5, 1.5, 300)
    gram = moments([(slice(None), z)], y[:, None], w).gram

    at = logistic(z, y, w, classes, gram, 0.01, lambda: None, steps=500)

    def objective(beta: np.ndarray) -> float:
        eta = z @ beta + at.intercept
        return log_loss(eta, y, w) + 0.005 * float((beta**2).sum())

    least = objective(at.beta)
    for _ in range(20):
        other = at.beta + 0.01 * rng.standard_normal(at.beta.shape)
        assert objective(other) > least


def test_a_flow_ends_where_rounding_spoils_a_rough_kernel():
    """Most of these rows differ by less than single precision can tell."""
    rng = np.random.default_rng(0)
    x = rng.choice([-1.0, 1.0], (180, 16)).astype(np.float32)
    y, w = x[:, :1].copy(), np.ones(180)
    examples = Examples(x, y, w, make_loss(y.astype(float), np.zeros(180), w, 0))
    start = Shape(np.arange(16), np.r_[1.0, 1.0, np.full(14, 3e-4)], 0.5, 2e-4 / 120)
    theta = np.r_[np.log(start.scale), np.log(start.ridge), start.exponent]
    with pytest.raises(np.linalg.LinAlgError):
        Slope(examples, start.groups, 16, 180)(theta, np.arange(180))

    found = kernel_flow(examples, start, 20, 180, rng, lambda: None)

    assert np.isfinite(found.scale).all()
    assert found.scale == pytest.approx(start.scale)


def test_rows_that_are_the_same_are_as_near_as_a_row_to_itself():
    """Also where the kernel is rough and the rows are far from 0."""
    u = (10 + points(20, 5)).astype(np.float32)

    k = Nearness(40, 40)(np.concatenate([u, u]), np.concatenate([u, u]), 0.5)

    assert np.diag(k) == pytest.approx(np.ones(40), abs=1e-6)
    assert np.diag(k[:20, 20:]) == pytest.approx(np.ones(20), abs=1e-6)
