"""How a kernel learns what "near" means.

    ‖x - z‖_M² = (x - z)' M (x - z) ,   M = A A' ,   u = A' x

Two ways, which go well after one another:

- the average outer product of the function's gradients: directions in which the
  function changes grow, the others shrink (recursive feature machine: Radhakrishnan,
  Beaglehole, Pandit & Belkin 2024, https://doi.org/10.1126/science.adi5639);
- descent on the loss of held-out rows: each step draws rows, fits the kernel
  function on two thirds of them and follows the slope of its loss on the last third
  (kernel flow: Owhadi & Yoo 2019, https://doi.org/10.1016/j.jcp.2019.03.040).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from mapsto.solvers.kernel import squared_distances, typical_distance
from mapsto.solvers.on_features import (
    factorised,
    one_hot,
    prior_logits,
    probabilities,
)
from mapsto.solvers.triangular import solve_both

FITTED_SHARE = 2 / 3
RATE = 0.1
DECAYS = 0.9, 0.97  # of the mean slope and the mean squared slope (Adam)
EXPONENTS = 0.5, 2.0
SLOWER = 0.3  # the rate of the exponent and of the loss's own parameters
LEAST_RIDGE = 2e-4  # λ · rows; below it, single precision cannot tell K from singular
NOTHING = 1e-6  # squared distances up to this are rounding
ROUNDED = 5e-7  # the same in single precision, as a share of the largest square
ZERO = 1e-30  # a squared distance of nothing, which has a logarithm
FAR = 60.0  # exp(-FAR) is as good as 0; smaller numbers would be slow ones
DROPPED = -1
"""The group of an input that the metric leaves out."""

Tick = Callable[[], None]


def gradient_outer_product(
    u: np.ndarray, centres: np.ndarray, alpha: np.ndarray, exponent: float
) -> np.ndarray:
    """Mean over rows and sum over outputs of ∇f ∇f': (r, r).

    f(u) = Σ_j α_j exp(-s_j^(q/2)), s_j = ‖u - c_j‖²:
    ∇f = -q Σ_j α_j s_j^(q/2-1) exp(-s_j^(q/2)) (u - c_j).
    A row that is itself a centre has no slope from it.
    """
    squares = squared_distances(u, centres)
    apart = squares > NOTHING
    squares = np.where(apart, squares, 1.0)
    power = squares ** (exponent / 2)
    pull = np.where(apart, -exponent * power * np.exp(-power) / squares, 0.0)
    total = np.zeros((u.shape[1], u.shape[1]))
    for of_output in alpha.T:
        weight = pull * of_output
        slope = weight.sum(axis=1)[:, None] * u - weight @ centres
        total += slope.T @ slope
    return total / len(u)


class Loss(Protocol):
    """A loss of held-out rows, with parameters p of its own."""

    @property
    def start(self) -> np.ndarray: ...

    def __call__(
        self, f: np.ndarray, rows: np.ndarray, w: np.ndarray, p: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Its slopes in f (rows, k) and in p. w sums to 1."""
        ...


@dataclass(frozen=True, eq=False)
class Squares:
    """(f - y)² in units of the variance of y. y: (n, k), centred."""

    y: np.ndarray
    start = np.zeros(0)

    def __call__(
        self, f: np.ndarray, rows: np.ndarray, w: np.ndarray, p: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        y = self.y[rows]
        size = max(float(w @ (y**2).sum(axis=1)), 1e-300)
        return 2 * (f - y) * w[:, None] / size, p


@dataclass(frozen=True, eq=False)
class LogLoss:
    """-log p(label) with logits τ f + b, p = (log τ, b)."""

    labels: np.ndarray
    classes: int
    start: np.ndarray

    def __call__(
        self, f: np.ndarray, rows: np.ndarray, w: np.ndarray, p: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        tau, truth = np.exp(p[0]), one_hot(self.labels[rows], self.classes)
        slope = (probabilities(tau * f + p[1:]) - truth) * w[:, None]
        return tau * slope, np.append(tau * (slope * f).sum(), slope.sum(axis=0))


def make_loss(y: np.ndarray, labels: np.ndarray, w: np.ndarray, classes: int) -> Loss:
    """Squares of the coded targets y (n, k), or the log loss of the labels (n,)."""
    if not classes:
        return Squares(y)
    start = np.append(np.log(5.0), prior_logits(labels, w, classes))
    return LogLoss(labels, classes, start)


@dataclass(frozen=True, eq=False)
class Shape:
    """A kernel with its metric in coordinates: u = x · scale[groups].

    groups: (d,), which scale each input has, DROPPED for none. scale: (g,).
    `ridge` is λ per row, for as few rows as a step of a flow sees. `fixed` names what
    a flow leaves as it is: "exponent", or "length" (the typical distance of u).
    """

    groups: np.ndarray
    scale: np.ndarray
    exponent: float
    ridge: float
    fixed: frozenset[str] = frozenset()

    @property
    def scales(self) -> np.ndarray:
        """One per input, (d,)."""
        return np.append(self.scale, 0.0)[self.groups]


@dataclass(frozen=True, eq=False)
class Examples:
    """x: float32 (n, d). y: float32 (n, k), centred targets. w: (n,). And the loss."""

    x: np.ndarray
    y: np.ndarray
    w: np.ndarray
    loss: Loss


def kernel_flow(
    examples: Examples,
    shape: Shape,
    steps: int,
    rows: int,
    rng: np.random.Generator,
    tick: Tick,
) -> Shape:
    """Follow the held-out loss for some steps, by Adam on log scales, log λ and q.

    Each step draws `rows` rows. It ends early where rounding has made the kernel's
    matrix indefinite, as it may of a rough kernel and rows that are nearly the same.
    """
    g, rows = len(shape.scale), min(rows, len(examples.x))
    start = [np.log(shape.scale), [np.log(shape.ridge), shape.exponent]]
    theta = np.concatenate([*start, examples.loss.start])
    speeds = np.ones(len(theta))
    speeds[g + 1 :] = SLOWER
    if "exponent" in shape.fixed:
        speeds[g + 1] = 0.0
    adam, slope = Adam(len(theta)), Slope(examples, shape.groups, g, rows)
    floor = np.log(LEAST_RIDGE / (FITTED_SHARE * rows))
    some = examples.x[:rows]
    length = typical_distance(some * shape.scales)
    for step in range(steps):
        tick()
        drawn = rng.choice(len(examples.x), rows, replace=False)
        rate = RATE * np.cos(np.pi / 2 * step / steps)
        try:
            steepest = slope(theta, drawn)
        except np.linalg.LinAlgError:
            break
        theta = theta - rate * speeds * adam(steepest)
        theta[g] = np.clip(theta[g], floor, 2.0)
        theta[g + 1] = np.clip(theta[g + 1], *EXPONENTS)
        if "length" in shape.fixed:
            now = typical_distance(some * _shape(shape, theta).scales)
            theta[:g] += np.log(length / now)
    return _shape(shape, theta)


def _shape(shape: Shape, theta: np.ndarray) -> Shape:
    g = len(shape.scale)
    ridge, exponent = float(np.exp(theta[g])), float(theta[g + 1])
    return Shape(shape.groups, np.exp(theta[:g]), exponent, ridge, shape.fixed)


class Adam:
    """Slopes divided by their typical size (https://arxiv.org/abs/1412.6980)."""

    def __init__(self, size: int):
        self._first, self._second, self._steps = np.zeros(size), np.zeros(size), 0

    def __call__(self, slope: np.ndarray) -> np.ndarray:
        one, two = DECAYS
        self._steps += 1
        self._first = one * self._first + (1 - one) * slope
        self._second = two * self._second + (1 - two) * slope**2
        mean = self._first / (1 - one**self._steps)
        return mean / (np.sqrt(self._second / (1 - two**self._steps)) + 1e-8)


class Slope:
    """d loss / d θ on drawn rows: on a, f is fitted, and on b it is judged.

    θ = (log scales, log λ, q, the loss's own).

    With r = √w: f = K_ba α, α = r c, S c = r y, S = r K_aa r + λ n. With p = d loss/df
    and v = r h, S h = r K_ab p, a change of the kernel's matrices changes the loss by
    p' dK_ba α - v' dK_aa α, and a change of λ by - n h'c dλ.
    """

    def __init__(self, examples: Examples, groups: np.ndarray, scales: int, rows: int):
        self._of, self._groups, self._scales = examples, groups, scales
        self._fitted = round(FITTED_SHARE * rows)
        self._near_aa = Nearness(self._fitted, self._fitted)
        self._near_ba = Nearness(rows - self._fitted, self._fitted)

    def __call__(self, theta: np.ndarray, drawn: np.ndarray) -> np.ndarray:
        g, n, of = self._scales, self._fitted, self._of
        scales = np.append(np.exp(theta[:g]), 0.0)[self._groups].astype(np.float32)
        ridge, exponent = np.exp(theta[g]), float(theta[g + 1])
        a, b = drawn[:n], drawn[n:]
        xa, xb, near_aa, near_ba = of.x[a], of.x[b], self._near_aa, self._near_ba
        k_aa = near_aa(xa * scales, xa * scales, exponent)
        k_ba = near_ba(xb * scales, xa * scales, exponent)
        r = np.sqrt(of.w[a] / max(float(of.w[a].mean()), 1e-300))[:, None]
        r = r.astype(np.float32)
        system = k_aa * r * r.T
        system.flat[:: n + 1] += ridge * n
        factor = factorised(system)
        c = solve_both(factor, r * of.y[a])
        share = of.w[b] / max(float(of.w[b].sum()), 1e-300)
        p, of_loss = of.loss(k_ba @ (r * c), b, share, theta[g + 2 :])
        p = p.astype(np.float32)
        h = solve_both(factor, r * (k_ba.T @ p))
        in_ba, q_ba = near_ba.slopes(p, r * c)
        in_aa, q_aa = near_aa.slopes(r * h, r * c)
        moved = _quadratic(in_ba, xb, xa) - _quadratic(in_aa, xa, xa)
        kept = self._groups != DROPPED
        of_scale = np.bincount(self._groups[kept], (2 * scales**2 * moved)[kept], g)
        of_ridge = -ridge * n * float((h * c).sum())
        return np.concatenate([of_scale, [of_ridge, q_ba - q_aa], of_loss])


class Nearness:
    """k = exp(-s^(q/2)) of squared distances s, and how it changes with s and q.

    The arrays are made once and written again at each step, which is several times
    as fast as making them anew. Where s is rounding the rows count as one and k is 1,
    as on the diagonal: a rough kernel's s^(q/2) would make much of nothing, and a
    matrix of it would not be positive definite.
    """

    def __init__(self, rows: int, columns: int):
        made = [np.empty((rows, columns), np.float32) for _ in range(5)]
        self._squares, self._log, self._drop, self._k, self._change = made
        self._same = np.empty((rows, columns), bool)
        self._exponent = 0.0

    def __call__(self, u: np.ndarray, v: np.ndarray, exponent: float) -> np.ndarray:
        """k(u, v)."""
        s, log, power = self._squares, self._log, self._drop
        np.matmul(u, -2 * v.T, out=s)
        of_v = (v * v).sum(axis=1)
        s += (u * u).sum(axis=1)[:, None]
        s += of_v
        np.less_equal(s, ROUNDED * float(of_v.max()), out=self._same)
        np.copyto(s, ZERO, where=self._same)
        np.log(s, out=log)
        np.multiply(log, np.float32(exponent / 2), out=power)
        np.exp(power, out=power)
        np.minimum(power, FAR, out=power)
        np.negative(power, out=self._k)
        np.exp(self._k, out=self._k)
        power *= self._k
        self._exponent = exponent
        return self._k

    def slopes(self, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, float]:
        """C ∘ dk/ds, nothing where the distance is 0, and Σ C ∘ dk/dq, of the change
        C = left right'."""
        change = np.matmul(left, right.T, out=self._change)
        change *= self._drop
        in_exponent = -0.5 * float(np.vdot(change, self._log))
        change /= self._squares
        change *= np.float32(-self._exponent / 2)
        np.copyto(change, 0.0, where=self._same)
        return change, in_exponent


def _quadratic(weight: np.ndarray, x: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Σ_ij weight_ij (x_i - z_j)² for each input: (d,)."""
    cross = ((weight.T @ x) * z).sum(axis=0)
    return weight.sum(axis=1) @ x**2 + weight.sum(axis=0) @ z**2 - 2 * cross
