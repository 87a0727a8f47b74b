"""The target as the solvers see it, and the way back.

Regression: y is standardised, in its own units or in log space. Classification: y
is the class index, and eta becomes probabilities through the logistic or softmax
link.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mapsto.data.piecewise import interpolate

TRANSFORMS = ("identity", "log")
OWN = 0.01  # of a probability, beside its calibrated one
MARGIN = 0.05  # of the range of log y, beyond its ends
LARGEST_EXPONENT = {"float64": 700.0, "float32": 88.0}  # exp of more is infinite


@dataclass(frozen=True)
class Target:
    """How the target of one training set is encoded.

    `smear` is Duan's factor E[exp(residual)], so that a log-space fit predicts the
    mean and not the median (Duan 1983, https://doi.org/10.2307/2288126). `low` and
    `high` bound a log-space fit: beyond what was seen it would grow exponentially.
    `temperature` divides the logits, so that probabilities mean what they say (Guo,
    Pleiss, Sun & Weinberger 2017, https://arxiv.org/abs/1706.04599). `surprise` is
    the share of rows whose class nothing foretells, so that no class is told as
    impossible. Of two classes, `knots` and `shares` may bend the probability of the
    second once more, by interpolation (`selection.calibration`).
    """

    classes: int = 0
    transform: str = "identity"
    center: float = 0.0
    scale: float = 1.0
    smear: float = 1.0
    low: float = 0.0
    high: float = 0.0
    temperature: float = 1.0
    surprise: float = 0.0
    knots: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()

    def encode(self, y: np.ndarray) -> np.ndarray:
        """What the solver fits: (log y - center) / scale, or the class index."""
        if self.classes:
            return y
        y = np.log(y) if self.transform == "log" else y
        return (y - self.center) / self.scale

    def decode(self, eta: Any) -> Any:
        """eta (n, outputs) -> the prediction (n,), or probabilities (n, classes)."""
        xp = eta.__array_namespace__()
        if self.classes:
            eta = eta / self.temperature
        if self.classes == 2:
            largest = LARGEST_EXPONENT[str(eta.dtype)]
            p = self._unsure(1.0 / (1.0 + xp.exp(xp.minimum(-eta, largest))))
            p = self._bent(p) if self.knots else p
            return xp.concat([1.0 - p, p], axis=1)
        if self.classes:
            odds = xp.exp(eta - xp.max(eta, axis=1, keepdims=True))
            return self._unsure(odds / xp.sum(odds, axis=1, keepdims=True))
        value = eta[:, 0] * self.scale + self.center
        if self.transform == "identity":
            return value
        return xp.exp(xp.clip(value, self.low, self.high)) * self.smear

    def _unsure(self, p: Any) -> Any:
        return (1 - self.surprise) * p + self.surprise / self.classes

    def _bent(self, p: Any) -> Any:
        """The share at p, and a hundredth part of p itself: where the curve is flat,
        probabilities keep their order."""
        xp = p.__array_namespace__()
        knots, shares = (xp.asarray(np.array(a)) for a in (self.knots, self.shares))
        return (1 - OWN) * interpolate(p, knots, shares) + OWN * p

    def smeared(self, eta: np.ndarray, y: np.ndarray, w: np.ndarray) -> "Target":
        """The same target with Duan's factor from these rows' residuals."""
        if self.transform != "log":
            return self
        ratio = y / replace(self, smear=1.0).decode(eta)
        return replace(self, smear=float(np.average(ratio, weights=w)))


def fit_target(y: np.ndarray, w: np.ndarray, classes: int, transform: str) -> Target:
    """Centre and scale from these rows. y: (n,)."""
    if classes:
        return Target(classes=classes)
    y = np.log(y) if transform == "log" else y
    center = float(np.average(y, weights=w))
    scale = float(np.sqrt(np.average((y - center) ** 2, weights=w)))
    margin = MARGIN * float(y.max() - y.min())
    low, high = float(y.min()) - margin, float(y.max()) + margin
    return Target(0, transform, center, scale or 1.0, 1.0, low, high)


def transforms_worth_trying(y: np.ndarray) -> tuple[str, ...]:
    """Log space is tried for positive targets whose logarithm is less skewed."""
    if y.min() <= 0 or skewness(y) < 0.5:
        return ("identity",)
    return TRANSFORMS if abs(skewness(np.log(y))) < skewness(y) else ("identity",)


def skewness(y: np.ndarray) -> float:
    """Third standardised moment; 0 where all values are the same."""
    z = y - y.mean()
    spread = float(z.std())
    return float(((z / spread) ** 3).mean()) if spread > 0 else 0.0
