"""What the two doors of the space family share: rows, and how a function is judged."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from mapsto.families.family import Sample, Task
from mapsto.solvers.on_features import (
    Logits,
    Moments,
    least_squares,
    log_loss,
    logistic,
    one_hot,
    prior_logits,
)

PENALTIES = np.logspace(1, -7, 9)  # λ per row, from stiff to loose
LEAST_PENALTY = 1e-9
SHARPNESS = -2.0, 6.0  # where log τ is looked for
PATIENCE = 2  # penalties in a row that may be worse before a path ends

Tick = Callable[[], None]
"""Called a few times a second; raises to stop the work."""

Parts = Iterable[tuple[slice, np.ndarray]]


def paced(parts: Parts, tick: Tick) -> Iterator[tuple[slice, np.ndarray]]:
    """The same, with a tick before each."""
    for part in parts:
        tick()
        yield part


@dataclass(frozen=True, eq=False)
class Rows:
    """x: float64 (n, d). y: float64 (n, k): the target, or 0/1 per class (of two
    classes only the second). labels: (n,), the target as it came. w: (n,)."""

    x: np.ndarray
    y: np.ndarray
    labels: np.ndarray
    w: np.ndarray
    classes: int

    def __len__(self) -> int:
        return len(self.x)

    def part(self, rows: np.ndarray | slice) -> "Rows":
        return Rows(
            self.x[rows], self.y[rows], self.labels[rows], self.w[rows], self.classes
        )


def shuffled_rows(
    sample: Sample, task: Task, rng: np.random.Generator, inner: bool | None = None
) -> Rows:
    """The rows of a sample in random order: all, or only the inner, or the rest."""
    order = rng.permutation(len(sample.y))
    if inner is not None:
        order = order[sample.inner[order] == inner]
    labels = sample.y[order]
    y = one_hot(labels, task.classes) if task.classes else labels[:, None]
    return Rows(sample.x[order], y, labels, sample.w[order], task.classes)


@dataclass(frozen=True)
class Verdict:
    """The loss on the inner rows, as a share of the constant's, and the λ it is of.

    Of classes whose function is fitted by least squares also τ, which makes logits of
    it (`sharpened`); None where the logits themselves are fitted.
    """

    loss: float
    penalty: float
    sharpness: float | None = None


def judged_squares(
    m: Moments, z: np.ndarray, inner: Rows, penalties: Sequence[float]
) -> tuple[Verdict, np.ndarray]:
    """Least squares for each λ, judged on the inner rows; and the best β.

    For classes the squares are fitted to 0/1 targets, and what is judged is the log
    loss of the logits τ f + (the prior's), with the best τ.
    """
    path = least_squares(m, penalties)
    judged = _judged_logits if inner.classes else _judged_values
    verdicts = [
        judged((z @ beta.astype(z.dtype)).astype(float), m, inner, float(penalty))
        for beta, penalty in zip(path, penalties, strict=True)
    ]
    best = int(np.argmin([v.loss for v in verdicts]))
    return verdicts[best], path[best]


def _judged_values(f: np.ndarray, m: Moments, inner: Rows, penalty: float) -> Verdict:
    y = (inner.y - m.mean)[:, 0]
    wrong = float(inner.w @ (f[:, 0] - y) ** 2)
    return Verdict(wrong / max(float(inner.w @ y**2), 1e-300), penalty)


def _judged_logits(f: np.ndarray, m: Moments, inner: Rows, penalty: float) -> Verdict:
    prior = _prior(m.mean, inner.classes)

    def of(log_tau: float) -> float:
        return log_loss(np.exp(log_tau) * f + prior, inner.labels, inner.w)

    found = minimize_scalar(of, bounds=SHARPNESS, options={"xatol": 0.1})
    constant = log_loss(0 * f + prior, inner.labels, inner.w)
    return Verdict(float(found.fun) / constant, penalty, float(np.exp(found.x)))


def sharpened(f: Logits, sharpness: float, classes: int) -> Logits:
    """Logits τ (f - f̄) + (the prior's) from shares f that were fitted by least
    squares, with their mean as the intercept."""
    return Logits(f.beta * sharpness, _prior(f.intercept, classes))


def _prior(shares: np.ndarray, classes: int) -> np.ndarray:
    shares = np.append(1 - shares, shares) if classes == 2 else shares
    shares = np.maximum(shares, 1e-4)
    told = np.log(shares / shares.sum())
    return told[1:] - told[:1] if classes == 2 else told


def judged_logistic(
    z: np.ndarray,
    rest: Rows,
    z_inner: np.ndarray,
    inner: Rows,
    gram: np.ndarray,
    penalties: Sequence[float],
    steps: int,
    tick: Tick,
) -> Verdict:
    """Logistic regression for each λ, each started at the one before."""
    prior = prior_logits(rest.labels, rest.w, rest.classes)
    constant = log_loss(np.tile(prior, (len(inner), 1)), inner.labels, inner.w)
    at: Logits | None = None
    losses: list[float] = []
    for penalty in penalties:
        of_classes = rest.labels, rest.w, rest.classes
        at = logistic(z, *of_classes, gram, penalty, tick, at, steps)
        losses.append(log_loss(at(z_inner), inner.labels, inner.w) / constant)
        if len(losses) - 1 - int(np.argmin(losses)) >= PATIENCE:
            break
    best = int(np.argmin(losses))
    return Verdict(losses[best], float(penalties[best]))
