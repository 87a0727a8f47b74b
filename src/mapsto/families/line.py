"""The line: y = b + x'β, and the straight border between two heaps.

eta = x β + b
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mapsto.data.encoding import Plan
from mapsto.data.target import Target
from mapsto.events import Progress, Stopped, Watch
from mapsto.families.checks import number
from mapsto.families.family import Dial, Family, Fitted, Sample, Task
from mapsto.scores import negative_log_likelihood
from mapsto.solvers.bounded import bounded_logistic, bounded_ridge
from mapsto.solvers.closed_form import GRID, Ridge
from mapsto.solvers.newton import PENALTIES, logistic_path, logistic_ridge
from mapsto.threads import side_by_side


def line(parameters: Any, x: Any) -> Any:
    """eta = x β + b. x: (n, d), β: (d, outputs), b: (outputs,)."""
    return x @ parameters["beta"] + parameters["intercept"]


class Line(Family):
    """Ridge regression, and logistic regression with a ridge.

    The penalty is chosen by leave-one-out (regression) or on the inner rows
    (classification), where not given.
    """

    name = "line"
    dials: tuple[Dial, ...] = (
        Dial("penalty", "ridge penalty per row, λ/n", None, number(0)),
    )
    rehearsal = {}

    def sees(self, given: Mapping[str, Any]) -> Plan:
        return Plan(clip=False, one_hot=30, many="mean", pictures="areas")

    def fit(
        self,
        samples: Sequence[Sample],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Fitted]:
        done: list[int] = []

        def one(k: int) -> Fitted:
            if watch.stopping:
                raise Stopped
            fitted = _fit(samples[k], task, given.get("penalty"))
            done.append(k)
            watch.tell(Progress(self.name, len(done) / len(samples)))
            return fitted

        return side_by_side(one, range(len(samples)))

    def refit(
        self,
        sample: Sample,
        fits: Sequence[Fitted],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> Fitted:
        penalty = given.get("penalty")
        if task.name == "classification" and penalty is None:
            chosen = [f.hyperparameters["penalty"] for f in fits]
            penalty = float(np.exp(np.mean(np.log(chosen))))
        return _fit(sample, task, penalty)


def _fit(sample: Sample, task: Task, penalty: float | None) -> Fitted:
    if task.name == "regression":
        return _regression(sample, penalty)
    return _classification(sample, task, penalty)


def _regression(sample: Sample, penalty: float | None) -> Fitted:
    grid = GRID if penalty is None else np.array([float(penalty)])
    found = bounded_ridge(sample.x, sample.y, sample.w, _signs(sample), grid)
    errors = np.sqrt(np.maximum(np.diag(found.covariance) * found.variance, 0.0))
    parameters = {"beta": found.beta[:, None], "intercept": np.array([found.intercept])}
    return _fitted(sample, parameters, found.penalty, errors[:, None], found)


def _classification(sample: Sample, task: Task, penalty: float | None) -> Fitted:
    if penalty is None:
        penalty = _best_penalty(sample, task)
    x, y, w = sample.x, sample.y, sample.w
    least = max(penalty, 1e-12)
    if task.outputs == 1:
        beta, intercept = bounded_logistic(x, y, w, _signs(sample), least)
    else:
        beta, intercept = logistic_ridge(x, y, w, task.classes, least)
    parameters = {"beta": beta, "intercept": intercept}
    errors = (
        _logistic_errors(sample, parameters, penalty) if task.outputs == 1 else None
    )
    return _fitted(sample, parameters, penalty, errors, None)


def _signs(sample: Sample) -> np.ndarray:
    """The sign that each coefficient must have, 0 where it is free: (d,)."""
    return np.array([f.monotone for f in sample.features], int)


def _best_penalty(sample: Sample, task: Task) -> float:
    """The penalty whose fit on the other rows has the least log loss on the inner."""
    rest, inner = ~sample.inner, sample.inner
    learned, signs = (sample.x[rest], sample.y[rest], sample.w[rest]), _signs(sample)
    if signs.any():
        path = [bounded_logistic(*learned, signs, p) for p in PENALTIES.tolist()]
    else:
        path = logistic_path(*learned, task.classes)
    link = Target(classes=task.classes)
    losses = []
    for beta, intercept in path:
        eta = line({"beta": beta, "intercept": intercept}, sample.x[inner])
        loss = negative_log_likelihood(sample.y[inner], link.decode(eta))
        losses.append(np.average(loss, weights=sample.w[inner]))
    return float(PENALTIES[int(np.argmin(losses))])


def _logistic_errors(
    sample: Sample, parameters: dict[str, np.ndarray], penalty: float
) -> np.ndarray:
    """Standard errors from H⁻¹ F H⁻¹, F the Fisher information and H = F + λI."""
    eta = line(parameters, sample.x)[:, 0]
    p = 1 / (1 + np.exp(-eta))
    ones = np.ones((len(eta), 1))
    # What a sign holds at 0 has no error.
    moving = (_signs(sample) == 0) | (parameters["beta"][:, 0] != 0)
    x = np.concatenate([sample.x * moving, ones], axis=1)
    fisher = (x * (sample.w * p * (1 - p))[:, None]).T @ x
    ridge_part = np.append(np.full(sample.x.shape[1], penalty * sample.w.sum()), 1e-9)
    inverse = np.linalg.pinv(fisher + np.diag(ridge_part), hermitian=True)
    return np.sqrt(np.maximum(np.diag(inverse @ fisher @ inverse), 0.0))[:-1, None]


def _fitted(
    sample: Sample,
    parameters: dict[str, np.ndarray],
    penalty: float,
    errors: np.ndarray | None,
    found: Ridge | None,
) -> Fitted:
    size = parameters["beta"].size + parameters["intercept"].size
    details: dict[str, Any] = {"terms": _terms(sample, parameters, errors)}
    if found is not None:
        details["edf"] = found.freedom + 1
    return Fitted(line, parameters, size, {"penalty": penalty}, details)


def _terms(
    sample: Sample, parameters: dict[str, np.ndarray], errors: np.ndarray | None
) -> dict[str, Any]:
    """The coefficients per unit of each column, not per standard deviation.

    β (v - center)/scale = (β/scale) v - β center/scale.
    """
    center = np.array([f.center for f in sample.features])[:, None]
    scale = np.array([f.scale for f in sample.features])[:, None]
    beta = parameters["beta"] / scale
    return {
        "features": [f.name for f in sample.features],
        "coefficients": beta.tolist(),
        "standard_errors": None if errors is None else (errors / scale).tolist(),
        "intercept": (parameters["intercept"] - (beta * center).sum(axis=0)).tolist(),
    }
