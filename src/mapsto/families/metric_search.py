"""Finding the metric, the exponent and the penalty of a kernel, by a short search.

A trial fits the kernel's function at few centres and is judged on the inner rows.
The search goes on from its best: one scale for all inputs; a scale for each; the
figures that help; the scales that the function's gradients ask for; a longer
descent; the axes along which the function changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mapsto.families.doors import (
    LEAST_PENALTY,
    PENALTIES,
    Rows,
    Tick,
    Verdict,
    judged_logistic,
    judged_squares,
)
from mapsto.families.geometry import Figure
from mapsto.families.hilbert import METRICS, Metric
from mapsto.solvers.kernel import make_basis
from mapsto.solvers.metric import (
    DROPPED,
    EXPONENTS,
    Examples,
    Shape,
    gradient_outer_product,
    kernel_flow,
    make_loss,
)
from mapsto.solvers.on_features import least_squares, moments

LENGTH, EXPONENT, RIDGE = 2.0, 1.2, 1e-3  # where a search begins
FAINT = 1e-2  # the least scale that gradients give, as a share of the largest
NEAR_EXPONENT = 0.3
SEARCHED = 100_000  # rows, of which every step draws some
EVEN_STEPS = 24  # one scale for all inputs is soon found


@dataclass(frozen=True)
class Work:
    """How much is done: rows and centres of a trial; steps of the short and the long
    descents and the rows of each step; rounds of gradients; L-BFGS steps; the most
    centres of the function that is kept; which metrics are tried."""

    rows: int
    centres: int
    short: int
    long: int
    drawn: int
    rounds: int
    newton: int
    kept: int
    kinds: tuple[str, ...] = METRICS


WORK = {
    "quick": Work(1500, 300, 24, 0, 390, 1, 15, 800, ("isotropic", "diagonal")),
    "normal": Work(4000, 600, 60, 120, 600, 2, 25, 2000),
    "thorough": Work(10_000, 1200, 120, 400, 1200, 3, 60, 4000),
}


@dataclass(frozen=True, eq=False)
class Trial:
    """A metric, how it did, and the function of the trial: α at some centres."""

    metric: Metric
    verdict: Verdict
    centres: np.ndarray
    alpha: np.ndarray

    @property
    def loss(self) -> float:
        return self.verdict.loss


class Learner:
    """Learns metrics on the rest rows and judges them on the inner rows.

    given: hyperparameters that are held ("exponent", "bandwidth", "penalty"). Without
    inner rows the penalty must be given, and nothing is judged.
    """

    def __init__(
        self,
        rest: Rows,
        inner: Rows | None,
        given: Mapping[str, Any],
        work: Work,
        rng: np.random.Generator,
        tick: Tick,
    ):
        rest = rest.part(slice(SEARCHED))
        self.rest, self.inner, self.given, self.work = rest, inner, given, work
        self._rng, self._tick = rng, tick
        self._y = rest.y - rest.w @ rest.y / rest.w.sum()
        self._loss = make_loss(self._y, rest.labels, rest.w, rest.classes)

    @property
    def penalties(self) -> Sequence[float]:
        given = self.given.get("penalty")
        return PENALTIES.tolist() if given is None else [max(given, LEAST_PENALTY)]

    # ── where to start ──

    def even(self, figures: tuple[Figure, ...]) -> Metric:
        """One scale for all inputs, at a typical bandwidth."""
        more = sum(sum(f.sizes) for f in figures)
        groups = np.zeros(self.rest.x.shape[1] + more, int)
        for figure in figures:
            groups[list(figure.replaces)] = DROPPED
        fixed = {"exponent": "exponent", "bandwidth": "length"}
        held = frozenset(v for k, v in fixed.items() if self.given.get(k) is not None)
        exponent = self.given.get("exponent") or EXPONENT
        shape = Shape(groups, np.ones(1), exponent, RIDGE, held)
        return self._sized(Metric("isotropic", figures, None, shape))

    def split(self, metric: Metric, outer: np.ndarray | None = None) -> Metric:
        """A scale for each input and each figure: as they are in `metric`, or from
        the outer product of gradients (d, d)."""
        d = self.rest.x.shape[1]
        kept = np.flatnonzero(metric.shape.groups[:d] != DROPPED)
        groups = np.full(len(metric.shape.groups), DROPPED)
        groups[kept] = np.arange(len(kept))
        sizes = [size for f in metric.figures for size in f.sizes]
        groups[d:] = np.repeat(len(kept) + np.arange(len(sizes)), sizes)
        squares = metric.shape.scales**2 if outer is None else np.diag(outer)
        inside = groups != DROPPED
        mean = np.bincount(groups[inside], squares[inside]) / np.bincount(
            groups[inside]
        )
        shape = replace(metric.shape, groups=groups, scale=_not_faint(np.sqrt(mean)))
        start = "even" if outer is None else "gradients"
        return self._sized(Metric("diagonal", metric.figures, None, shape, start))

    def axes(self, metric: Metric, outer: np.ndarray) -> Metric:
        """A scale for each eigenvector of the outer product of gradients."""
        values, vectors = np.linalg.eigh(outer)
        scale = _not_faint(np.sqrt(np.maximum(values, 0.0)))
        shape = replace(metric.shape, groups=np.arange(len(scale)), scale=scale)
        turned = replace(metric, kind="full", rotation=vectors, shape=shape)
        return self._sized(turned)

    def _sized(self, metric: Metric) -> Metric:
        length = self.given.get("bandwidth") or LENGTH
        return metric.of_length(self.rest.x[: self.work.centres], length)

    # ── how to go on ──

    def descended(self, metric: Metric, steps: int) -> Metric:
        """Descent on the loss of held-out rows."""
        x, y = metric.turned(self.rest.x).astype(np.float32), self._y.astype(np.float32)
        shape = kernel_flow(
            Examples(x, y, self.rest.w, self._loss),
            metric.shape,
            steps,
            self.work.drawn,
            self._rng,
            self._tick,
        )
        found = replace(metric, shape=shape)
        return found if self.given.get("bandwidth") is None else self._sized(found)

    def gradients(self, trial: Trial) -> np.ndarray:
        """The outer product of the gradients of a trial's function, (d, d)."""
        metric, a = trial.metric, trial.metric.matrix
        u = metric(self.rest.x[: self.work.centres])
        exponent = metric.shape.exponent
        return a @ gradient_outer_product(u, trial.centres, trial.alpha, exponent) @ a.T

    def from_gradients(self, figures: tuple[Figure, ...]) -> Metric:
        """Fit, take the gradients, fit in their metric, and so on, from even scales.

        The recursive feature machine with a diagonal metric
        (https://doi.org/10.1126/science.adi5639).
        """
        even = self.even(figures)
        at = even
        for _ in range(self.work.rounds):
            at = self.split(even, self.gradients(self.trial(at)))
        return at

    # ── how good it is ──

    def trial(self, metric: Metric, share: float = 1.0) -> Trial:
        """Fit at few centres; judge on the inner rows. share: of the usual size."""
        self._tick()
        some = self.rest.part(slice(int(share * self.work.rows)))
        u, exponent = metric(some.x), metric.shape.exponent
        centres = int(share * self.work.centres)
        basis = make_basis(u[:centres], exponent, np.float32)
        m = moments(basis.chunks(u), some.y, some.w)
        if self.inner is None:
            (penalty,) = self.penalties
            (beta,) = least_squares(m, [penalty])
            verdict = Verdict(np.nan, penalty)
        else:
            z = basis(metric(self.inner.x))
            verdict, beta = judged_squares(m, z, self.inner, self.penalties)
        return Trial(metric, verdict, basis.centres, basis.weights(beta))

    def logistic_verdict(self, metric: Metric) -> Verdict:
        """The same for the log loss of a logistic function, and its penalty."""
        assert self.inner is not None
        some = self.rest.part(slice(self.work.rows))
        u, exponent = metric(some.x), metric.shape.exponent
        basis = make_basis(u[: self.work.centres], exponent, np.float32)
        z, z_inner = basis(u), basis(metric(self.inner.x))
        gram = moments([(slice(None), z)], some.y, some.w).gram
        penalties, steps = self.penalties, self.work.newton
        return judged_logistic(
            z, some, z_inner, self.inner, gram, penalties, steps, self._tick
        )


def _not_faint(scale: np.ndarray) -> np.ndarray:
    return np.maximum(scale, max(FAINT * float(scale.max()), 1e-12))


def searched(
    learner: Learner, figures: Sequence[Figure], kinds: Sequence[str]
) -> Trial:
    """The best metric of the allowed kinds, judged on the inner rows.

    A figure is used where it lowers the loss.
    """
    work = learner.work

    def tried(metric: Metric, steps: int = work.short) -> Trial:
        return learner.trial(learner.descended(metric, steps))

    even = tried(learner.even(()), min(work.short, EVEN_STEPS))
    only_even = tuple(kinds) == ("isotropic",)
    trials = [even] if only_even else [even, tried(learner.split(even.metric))]
    for figure in figures:
        start = learner.even((*trials[-1].metric.figures, figure))
        other = tried(start if only_even else learner.split(start))
        if other.loss < trials[-1].loss:
            trials.append(other)
    if not only_even:
        trials.append(tried(learner.from_gradients(trials[-1].metric.figures)))
    if work.long:
        best = min(trials, key=lambda t: t.loss).metric
        if not only_even and best.kind == "isotropic":
            best = learner.split(best)
        trials.append(tried(replace(best, long=True), work.long))
    if "full" in kinds:
        best_trial = min(trials, key=lambda t: t.loss)
        outer = learner.gradients(best_trial)
        trials.append(tried(learner.axes(best_trial.metric, outer)))
    best_trial = min(
        (t for t in trials if t.metric.kind in kinds), key=lambda t: t.loss
    )
    others = _near_exponents(best_trial.metric)
    return min([best_trial, *map(learner.trial, others)], key=lambda t: t.loss)


def _near_exponents(metric: Metric) -> list[Metric]:
    """The same metric with a rougher and a smoother kernel."""
    if "exponent" in metric.shape.fixed:
        return []
    low, high = EXPONENTS
    now = metric.shape.exponent
    near = {max(now - NEAR_EXPONENT, low), min(now + NEAR_EXPONENT, high)} - {now}
    return [metric.with_exponent(q) for q in sorted(near)]


def learned_again(
    learner: Learner, kind: str, start: str, long: bool, figures: tuple[Figure, ...]
) -> Metric:
    """The metric of other rows, in the way that a search has found to be best."""
    work = learner.work
    steps = work.short + (work.long if long else 0)
    if start == "gradients":
        return _turned(learner, kind, learner.from_gradients(figures), steps)
    even = learner.descended(learner.even(figures), work.short)
    if kind == "isotropic":
        return learner.descended(even, work.long) if long else even
    return _turned(learner, kind, learner.split(even), steps)


def _turned(learner: Learner, kind: str, start: Metric, steps: int) -> Metric:
    metric = learner.descended(start, steps)
    if kind != "full":
        return metric
    outer = learner.gradients(learner.trial(metric))
    return learner.descended(learner.axes(metric, outer), learner.work.short)
