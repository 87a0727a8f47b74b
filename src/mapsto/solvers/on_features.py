"""Linear functions of given features, with a ridge: least squares or logistic.

    minimise  Σ wᵢ loss(yᵢ, b + zᵢ'β) / Σ wᵢ + λ/2 |β|²

The features z are many and on one scale (a kernel's, or a standardised lift), so
there is one matrix G = Σ w z z' / Σ w, and every λ is tried on it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, logsumexp

from mapsto.solvers import triangular
from mapsto.solvers.penalised import cholesky

ROWS_AT_ONCE = 2048
MEMORY = 10  # steps that L-BFGS remembers


@dataclass(frozen=True, eq=False)
class Moments:
    """gram: G (m, m). cross: Σ w z (y - ȳ)' / Σ w, (m, k). mean: ȳ (k,). float64."""

    gram: np.ndarray
    cross: np.ndarray
    mean: np.ndarray


def in_parts(z: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """z some rows at a time."""
    for start in range(0, len(z), ROWS_AT_ONCE):
        rows = slice(start, min(start + ROWS_AT_ONCE, len(z)))
        yield rows, z[rows]


def moments(
    chunks: Iterable[tuple[slice, np.ndarray]], y: np.ndarray, w: np.ndarray
) -> Moments:
    """Add up the features, some rows at a time. y: (n, k), w: (n,)."""
    total = w.sum()
    mean = w @ y / total
    gram, cross = np.zeros(()), np.zeros(())
    for rows, z in chunks:
        half = z * np.sqrt(w[rows, None] / total).astype(z.dtype)
        gram = gram + (half.T @ half).astype(float)
        pull = (y[rows] - mean) * (w[rows, None] / total)
        cross = cross + (z.T @ pull.astype(z.dtype)).astype(float)
    return Moments(gram, cross, mean)


def least_squares(m: Moments, penalties: Sequence[float]) -> list[np.ndarray]:
    """β (m, k) for each λ: (G + λI) β = cross."""
    path = []
    for penalty in penalties:
        system = m.gram.copy()
        system.flat[:: len(system) + 1] += penalty
        path.append(triangular.solve_both(factorised(system), m.cross))
    return path


def factorised(system: np.ndarray) -> np.ndarray:
    """Cholesky's lower factor, in the precision that is given.

    Where rounding has spoiled the matrix it is done in double, with a hair added to
    the diagonal.
    """
    factor = triangular.lower_factor(system)
    return cholesky(system.astype(float)) if factor is None else factor


@dataclass(frozen=True, eq=False)
class Logits:
    """eta = b + z β. beta: (m, k), intercept: (k,)."""

    beta: np.ndarray
    intercept: np.ndarray

    def __call__(self, z: np.ndarray) -> np.ndarray:
        return (z @ self.beta.astype(z.dtype)).astype(float) + self.intercept


def prior_logits(y: np.ndarray, w: np.ndarray, classes: int) -> np.ndarray:
    """The logits of the shares of the classes, half a row added to each."""
    counts = np.bincount(y.astype(int), w, classes) + 0.5
    shares = np.log(counts / counts.sum())
    return shares[1:] - shares[:1] if classes == 2 else shares


def logistic(
    z: np.ndarray,
    y: np.ndarray,
    w: np.ndarray,
    classes: int,
    gram: np.ndarray,
    penalty: float,
    tick: Callable[[], None],
    start: Logits | None = None,
    steps: int = 100,
) -> Logits:
    """Logistic (one logit) or multinomial regression by L-BFGS. y: class indices.
    `tick` is called at each step, and raises to stop.

    The Hessian is at most H = G/4 + λI in each logit (G/2 + λI when multinomial;
    Böhning 1992, https://doi.org/10.1007/BF00048682), so in the coordinates
    γ = R β, R'R = H, it lies between a small number and 1 and few steps are needed.
    """
    outputs = 1 if classes == 2 else classes
    total = w.sum()
    bound = gram * (0.25 if classes == 2 else 0.5)
    bound.flat[:: len(bound) + 1] += penalty
    factor = factorised(bound)
    start = start or Logits(np.zeros((len(gram), outputs)), prior_logits(y, w, classes))
    truth = one_hot(y, classes)

    def coordinates(vector: np.ndarray) -> Logits:
        gamma = vector.reshape(-1, outputs)
        beta = triangular.solve(factor, gamma[:-1], transposed=True)
        return Logits(beta, gamma[-1])

    def objective(vector: np.ndarray) -> tuple[float, np.ndarray]:
        tick()
        at = coordinates(vector)
        eta = at(z)
        pull = (probabilities(eta) - truth) * (w[:, None] / total)
        slope = (z.T @ pull.astype(z.dtype)).astype(float) + penalty * at.beta
        in_gamma = triangular.solve(factor, slope)
        value = log_loss(eta, y, w) + penalty / 2 * float((at.beta**2).sum())
        return value, np.vstack([in_gamma, pull.sum(axis=0)]).ravel()

    first = np.vstack([factor.T @ start.beta, start.intercept]).ravel()
    options = {"maxiter": steps, "ftol": 1e-7, "gtol": 1e-6, "maxcor": MEMORY}
    found = minimize(objective, first, jac=True, method="L-BFGS-B", options=options)
    return coordinates(found.x)


def one_hot(y: np.ndarray, classes: int) -> np.ndarray:
    """0/1 per class, (n, classes); of two classes only the second, (n, 1)."""
    every = np.eye(classes)[y.astype(int)]
    return every[:, 1:] if classes == 2 else every


def probabilities(eta: np.ndarray) -> np.ndarray:
    """From logits (n, k); of two classes only the second."""
    if eta.shape[1] == 1:
        return expit(eta)
    return np.exp(log_softmax(eta, axis=1))


def log_loss(eta: np.ndarray, y: np.ndarray, w: np.ndarray) -> float:
    """Weighted mean of -log p(y)."""
    if eta.shape[1] == 1:
        losses = np.logaddexp(0, eta[:, 0]) - y * eta[:, 0]
    else:
        of_truth = eta[np.arange(len(y)), y.astype(int)]
        losses = logsumexp(eta, axis=1) - of_truth
    return float(np.average(losses, weights=w))
