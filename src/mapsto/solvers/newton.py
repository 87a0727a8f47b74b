"""Logistic regression with a ridge, binary or multinomial, by Newton's method.

minimise Σ wᵢ (-log p(yᵢ | xᵢ)) + λ/2 |β|²
"""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

PENALTIES = np.logspace(-1.5, -5.5, 9)  # λ per row, from stiff to loose
NEWTON_SIZE = 1200  # above this many parameters, L-BFGS


def logistic_ridge(
    x: np.ndarray, y: np.ndarray, w: np.ndarray, classes: int, penalty: float
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients (d, outputs) and intercepts (outputs,), λ = penalty · Σw.

    y: class indices (n,). A class without rows gets the intercept of half a row.
    """
    return _fit(x, y, w, classes, [penalty])[0]


def logistic_path(
    x: np.ndarray, y: np.ndarray, w: np.ndarray, classes: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """The solutions at each of PENALTIES, each started at the one before."""
    return _fit(x, y, w, classes, PENALTIES.tolist())


def _fit(
    x: np.ndarray, y: np.ndarray, w: np.ndarray, classes: int, penalties: list[float]
) -> list[tuple[np.ndarray, np.ndarray]]:
    size = x.shape[1] * (1 if classes == 2 else classes)
    solver = LogisticRegression(
        solver="newton-cholesky" if size <= NEWTON_SIZE else "lbfgs",
        warm_start=True,
        max_iter=200,
        tol=1e-6,
    )
    path = []
    for penalty in penalties:
        solver.set_params(C=1.0 / (penalty * float(w.sum())))
        with warnings.catch_warnings():
            # A loose penalty on separable classes ends at max_iter; the inner rows
            # judge the result all the same.
            warnings.simplefilter("ignore", ConvergenceWarning)
            solver.fit(x, y.astype(int), sample_weight=w)
        path.append(_spread(solver, w, classes))
    return path


def _spread(
    solver: LogisticRegression, w: np.ndarray, classes: int
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients for all classes, also for those without a row here."""
    if classes == 2 or len(solver.classes_) == classes:
        return solver.coef_.T.copy(), solver.intercept_.copy()
    beta = np.zeros((solver.coef_.shape[1], classes))
    intercept = np.full(classes, solver.intercept_.mean() + np.log(0.5 / w.sum()))
    beta[:, solver.classes_], intercept[solver.classes_] = (
        solver.coef_.T,
        solver.intercept_,
    )
    return beta, intercept
