"""The rows that a formula is learned from, and the coefficients of given terms.

Columns are in their own units here, so that log, 1/x and cos mean what they say.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from mapsto.data.target import Target
from mapsto.families.family import Sample, Task
from mapsto.families.formula_library import Variable
from mapsto.families.formula_terms import Term, evaluate
from mapsto.scores import negative_log_likelihood
from mapsto.solvers.newton import logistic_ridge

PENALTY = 1e-5  # per row, of logistic coefficients: separable classes stay finite
HALF_A_ROW = 0.5  # so that a class without a row keeps a finite logit
FLATTEST = 1e-3  # curvature of the log-likelihood of a row
EXACT = 1e-13  # share of the target's square below which rounding speaks
SAME = 1e-8  # of a term, what the others do not say
FEW_ROWS = 4  # Bartlett's correction: with few rows likelihood ratios run high
KEPT, SOLVED = 2000, 50  # evaluated terms and solutions that are kept

Loss = Callable[[np.ndarray], np.ndarray]
"""From what is left of a sum of squares to the misfit part of the criterion."""


@dataclass(frozen=True, eq=False)
class Rows:
    """raw: (n, d) columns in their own units; y: (n,); w: (n,) weights.

    The weights add up to the number of rows that tell as much, (Σw)² / Σw².
    """

    raw: np.ndarray
    y: np.ndarray
    w: np.ndarray
    task: Task
    plain: tuple[Term, ...]
    variables: tuple[Variable, ...]
    kept: dict[Term, np.ndarray] = field(default_factory=dict)
    judged: dict[Term, bool] = field(default_factory=dict)
    solved: dict[frozenset[Term], "Solution"] = field(default_factory=dict)

    @property
    def size(self) -> float:
        return float(self.w.sum())

    def some(self, most: int, seed: int) -> "Rows":
        """A random part of the rows, where there are more than `most`."""
        if len(self.y) <= most:
            return self
        pick = np.random.default_rng(seed).choice(len(self.y), most, replace=False)
        pick.sort()
        w = telling(self.w[pick])
        part = replace(self, raw=self.raw[pick], y=self.y[pick], w=w)
        return replace(part, kept={}, judged={}, solved={})

    def value(self, term: Term) -> np.ndarray:
        """(n,), with whatever NaN or infinity comes of it."""
        with np.errstate(all="ignore"):
            return evaluate(term, lambda i, held: self.raw[:, i])

    def values(self, terms: Sequence[Term]) -> np.ndarray:
        """(n, k). What is asked for again is at hand."""
        if len(self.kept) > KEPT:
            self.kept.clear()
        for term in terms:
            if term not in self.kept:
                self.kept[term] = self.value(term)
        columns = [self.kept[term] for term in terms]
        return np.stack(columns, axis=1) if columns else np.empty((len(self.y), 0))

    @cached_property
    def squares_loss(self) -> Loss:
        """n log(Σ w r² / Σ w (y - ȳ)²)."""
        mean = np.average(self.y, weights=self.w)
        total = max(float(self.w @ (self.y - mean) ** 2), 1e-300)
        size = max(self.size - FEW_ROWS, 1.0)
        return lambda square: size * np.log(np.maximum(square / total, EXACT))


def telling(w: np.ndarray) -> np.ndarray:
    """Weights that add up to (Σw)² / Σw²."""
    return w * (w.sum() / (w**2).sum())


def make_rows(sample: Sample, task: Task) -> Rows:
    """The rows of a sample, its columns in their own units: x · scale + center."""
    known = np.array([np.isfinite(f.scale) for f in sample.features], dtype=bool)
    scale = np.array([f.scale for f in sample.features])
    center = np.array([f.center for f in sample.features])
    raw = sample.x * np.where(known, scale, 0.0) + center
    usable = [i for i in range(raw.shape[1]) if np.ptp(raw[:, i]) > 0]
    variables = [
        Variable(i, float(raw[:, i].min()), float(raw[:, i].max()), _distinct(raw, i))
        for i in usable
        if sample.features[i].role == "number"
    ]
    plain = tuple(Term(((i, 1.0),)) for i in usable)
    return Rows(raw, sample.y, telling(sample.w), task, plain, tuple(variables))


def _distinct(raw: np.ndarray, i: int) -> int:
    return len(np.unique(raw[:, i]))


@dataclass(frozen=True, eq=False)
class Solution:
    """Terms with coefficients: eta = intercept + values(terms) @ beta.

    beta: (k, outputs) and intercept: (outputs,), in the terms' own units; errors:
    standard errors of beta given the terms (k, outputs), None for many classes. eta:
    (n, outputs). loss: n log(Σ w r²), or twice the negative log-likelihood.
    """

    terms: tuple[Term, ...]
    beta: np.ndarray
    intercept: np.ndarray
    errors: np.ndarray | None
    eta: np.ndarray
    loss: float


def solve(rows: Rows, terms: Sequence[Term]) -> Solution:
    """The coefficients of these terms. What is asked for again is at hand."""
    key = frozenset(terms)
    if key not in rows.solved:
        if len(rows.solved) > SOLVED:
            rows.solved.clear()
        rows.solved[key] = _solve(rows, tuple(terms))
    return rows.solved[key]


def _solve(rows: Rows, terms: tuple[Term, ...]) -> Solution:
    """On terms of mean 0 and variance 1; told in their own units."""
    values = rows.values(terms)
    center = np.average(values, axis=0, weights=rows.w)
    scale = np.sqrt(np.average((values - center) ** 2, axis=0, weights=rows.w))
    z = (values - center) / scale
    found = _logistic(rows, z) if rows.task.classes else _least_squares(rows, z)
    beta, intercept, errors, loss = found
    raw = beta / scale[:, None]
    return Solution(
        terms,
        raw,
        intercept - center @ raw,
        None if errors is None else errors / scale[:, None],
        z @ beta + intercept,
        loss,
    )


Found = tuple[np.ndarray, np.ndarray, np.ndarray | None, float]


def _least_squares(rows: Rows, z: np.ndarray) -> Found:
    """Errors from σ² (X'WX)⁻¹."""
    root = np.sqrt(rows.w)
    design = np.column_stack([np.ones(len(z)), z]) * root[:, None]
    q, upper = np.linalg.qr(design)
    if np.abs(np.diag(upper)).min() < SAME * np.sqrt(rows.size):
        nothing = np.zeros((z.shape[1], 1))
        return nothing, np.zeros(1), nothing, np.inf
    inverse = np.linalg.inv(upper)
    solution = inverse @ (q.T @ (root * rows.y))
    square = float(((root * rows.y - design @ solution) ** 2).sum())
    variance = square / max(rows.size - design.shape[1], 1.0)
    errors = np.sqrt((inverse**2).sum(axis=1) * variance)
    loss = float(rows.squares_loss(np.array(square)))
    return solution[1:, None], solution[:1], errors[1:, None], loss


def _logistic(rows: Rows, z: np.ndarray) -> Found:
    """Errors from the inverse of the Fisher information, for two classes."""
    classes = rows.task.classes
    beta, intercept = (
        logistic_ridge(z, rows.y, rows.w, classes, PENALTY)
        if z.shape[1]
        else _shares(rows)
    )
    p = Target(classes=classes).decode(z @ beta + intercept)
    loss = 2 * float(rows.w @ negative_log_likelihood(rows.y, p))
    if classes > 2:
        return beta, intercept, None, loss
    design = np.column_stack([np.ones(len(z)), z])
    fisher = (design * (rows.w * p[:, 0] * p[:, 1])[:, None]).T @ design
    inverse = np.linalg.pinv(fisher, hermitian=True)
    errors = np.sqrt(np.maximum(np.diag(inverse), 0.0))
    return beta, intercept, errors[1:, None], loss


def _shares(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """No terms: the log of each class's share."""
    classes = rows.task.classes
    counts = np.bincount(rows.y.astype(int), rows.w, classes) + HALF_A_ROW
    logits = np.log(counts / counts.sum())
    intercept = logits[1:] - logits[:1] if classes == 2 else logits
    return np.zeros((0, rows.task.outputs)), intercept


@dataclass(frozen=True, eq=False)
class Working:
    """A weighted least-squares problem that stands for the loss near some eta.

    z: (n, outputs), v: (n,) weights, loss: of the sum of squares.
    """

    z: np.ndarray
    v: np.ndarray
    loss: Loss


def working(rows: Rows, eta: np.ndarray) -> Working:
    """The target itself; for classes, the working response of Newton's method.

    z = eta + (y - p)/h with h the curvature p(1 - p), of many classes the mean of it
    (McCullagh & Nelder 1989, *Generalized Linear Models*, §2.5).
    """
    if not rows.task.classes:
        return Working(rows.y[:, None], rows.w, rows.squares_loss)
    p = Target(classes=rows.task.classes).decode(eta)
    truth = np.eye(rows.task.classes)[rows.y.astype(int)]
    curvature = (p * (1 - p)).sum(axis=1)
    if rows.task.classes == 2:
        p, truth, curvature = p[:, 1:], truth[:, 1:], curvature / 2
    else:
        curvature = curvature / (rows.task.classes - 1)
    h = np.maximum(curvature, FLATTEST)
    return Working(eta + (truth - p) / h[:, None], rows.w * h, lambda square: square)
