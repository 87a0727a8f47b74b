"""Penalised logistic and multinomial regression that finds its own strengths.

    minimise over β   −2 Σ_i w_i log share_{y_i}(η_i) + Σ_j λ_j ‖β_j‖² ,   η = Xβ

share = softmax of K logits, or the sigmoid of one. One class at a time: with the
others held, class k is a binary logistic regression with offset log Σ_{l≠k} exp η_l,
so that a Newton step on β_k lowers the joint loss. After each sweep the strengths,
which the classes share, take one Fellner–Schall step on the working least-squares
problems (Breslow & Clayton 1993, https://doi.org/10.1080/01621459.1993.10594284).
Without penalty the classes' β are defined up to a common vector; the ridge picks one.
"""

import numpy as np
from scipy.special import expit, logsumexp

from mapsto.solvers.penalised import (
    WEAKEST,
    Design,
    Quadratic,
    Solution,
    Tick,
    begun,
    minimum,
    moments,
    ridge,
    spread,
    times,
    transposed_times,
    typical,
    updated,
)

SWEEPS = 30
"""The most Newton steps per class."""
CLOSE = 1e-5
"""Newton ends when a sweep changes the penalised loss per row by less than this."""
RENEWED = (0, 1, 2, 4, 8, 16)
"""Sweeps that make X'WX anew; once the fit has settled it changes little."""


def logistic(
    design: Design,
    target: np.ndarray,
    w: np.ndarray,
    groups: np.ndarray,
    tick: Tick,
    strengths: np.ndarray | None = None,
    rising: np.ndarray | None = None,
    start: Solution | None = None,
) -> Solution:
    """Fit K = 1 or K > 2 logits. target: 0/1 (n, K). w: (n,). groups: (p,).

    strengths: λ to hold, or None to find them. rising: (q, p), subject to which K = 1
    logits are fitted, see `minimum`; every step goes from a β that keeps it to another.
    start: what was found without the last columns and groups, to begin with.
    """
    fit = Logits(design, target, w, start)
    first = fit.working(0, fit.offset(0))
    usual = typical(first, groups)
    least = WEAKEST * usual
    lam = begun(usual, start) if strengths is None else strengths
    before = np.inf
    for sweep in range(SWEEPS):
        penalty, found = spread(lam, groups), []
        for k in range(target.shape[1]):
            tick()
            offset = fit.offset(k)
            known = not sweep and not k
            problem = first if known else fit.working(k, offset, sweep in RENEWED)
            found.append(minimum(problem, penalty, rising))
            fit.move(k, offset, found[k].beta, penalty)
        after = fit.loss() + ridge(penalty, fit.beta)
        if abs(before - after) <= CLOSE * w.sum():
            break
        before = after
        if strengths is None:
            lam = updated(lam, least, groups, found, fit.beta)
            fit.leave_out(np.isinf(spread(lam, groups)))
    edf = np.stack([f.edf for f in found], axis=1)
    return Solution(fit.beta, lam, edf, [f.covariance(1.0) for f in found], 1.0)


class Logits:
    """The state of a fit: β (p, K) and η = Xβ (n, K), moved in place."""

    def __init__(
        self,
        design: Design,
        target: np.ndarray,
        w: np.ndarray,
        start: Solution | None = None,
    ):
        self.design, self.target, self.w = design, target, w
        shape = design.shape[1], target.shape[1]
        self.beta = np.zeros(shape)
        if start is not None:
            self.beta[: len(start.beta)] = start.beta
        self.eta = times(design, self.beta)
        self._grams = [np.empty((0, 0))] * target.shape[1]
        self._kept = np.arange(len(self.beta))

    def working(self, k: int, offset: np.ndarray, renew: bool = True) -> Quadratic:
        """The least-squares problem whose minimum is the Newton step for class k.

        Its response is Xβ + r/W with W = share (1 − share) and r = target − share;
        the constant Σ r²/W is left out of its total. renew: make X'WX anew, which is
        0 where a column was left out.
        """
        share = expit(self.eta[:, k] - offset)
        slope = self.w * (self.target[:, k] - share)
        if renew:
            weight = self.w * share * (1 - share)
            self._grams[k], force = moments(self.design, weight, slope, self._kept)
        else:
            force = transposed_times(self.design, slope)
        gram, beta = self._grams[k], self.beta[:, k]
        cross = gram @ beta + force
        return Quadratic(gram, cross, float(beta @ (cross + force)), self.w.sum())

    def move(
        self, k: int, offset: np.ndarray, goal: np.ndarray, penalty: np.ndarray
    ) -> None:
        """Move β_k towards `goal`, halving the step until the loss does not rise."""
        step = goal - self.beta[:, k]
        change = times(self.design, step[:, None])[:, 0]
        logit = self.eta[:, k] - offset

        def objective(size: float) -> float:
            at = logit + size * change
            loss = 2 * self.w @ (np.logaddexp(0, at) - self.target[:, k] * at)
            return float(loss) + ridge(penalty, self.beta[:, k] + size * step)

        start = objective(0.0)
        sizes = (0.5**i for i in range(20))
        size = next((size for size in sizes if objective(size) <= start), 0.0)
        self.beta[:, k] += size * step
        self.eta[:, k] += size * change

    def leave_out(self, columns: np.ndarray) -> None:
        """Set β to 0 at columns (p,) bool, and look at them no more."""
        self._kept = np.flatnonzero(~columns)
        if np.any(self.beta[columns]):
            self.beta[columns] = 0
            self.eta = times(self.design, self.beta)

    def loss(self) -> float:
        """−2 log likelihood."""
        if self.target.shape[1] == 1:
            total = np.logaddexp(0, self.eta[:, 0])
        else:
            total = logsumexp(self.eta, axis=1)
        return float(2 * self.w @ (total - (self.target * self.eta).sum(axis=1)))

    def offset(self, k: int) -> np.ndarray:
        """log Σ_{l≠k} exp η_l (n,): what class k competes with; 0 for one logit."""
        if self.eta.shape[1] == 1:
            return np.zeros(len(self.eta))
        return np.asarray(logsumexp(np.delete(self.eta, k, axis=1), axis=1))
