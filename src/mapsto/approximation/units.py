"""Hidden units as separable models: nonlinear in θ, linear in the output weights.

    N(x) = c + Σ aⱼ σ(wⱼ·x + bⱼ)

For the solver a unit is a column of Φ. Symmetry of f is symmetry of the best units:
a function with f(-x) = ±f(x) is approximated by pairs σ(w x + b) ± σ(-w x + b), which
halves the unknowns. For waves the phase is linear, since
A sin(ω·x) + B cos(ω·x) = a sin(ω·x + φ), so only ω is searched.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from mapsto.approximation.network import ACTIVATIONS, GELU, Layer, Network

Array = np.ndarray


class Units(Protocol):
    """A separable model on the points x, which can be read back as a network."""

    def at(self, theta: Array) -> tuple[Array, Callable[[Array], Array]]: ...

    def on(self, x: Array) -> "Units":
        """The same units on other points."""
        ...

    def network(self, theta: Array, a: Array) -> Network:
        """The network of these parameters."""
        ...


@dataclass(frozen=True)
class Bends:
    """Units of an activation σ that bends once: tanh, gelu.

    x: (m, d). θ = [w (h, d) by rows, b (h,), v (central,)]. parity 0: h units. ±1: h
    pairs of mirrored units. `central` counts units σ(v x) of an odd function.
    """

    x: Array
    activation: str
    value: Callable[[Array], Array]
    slope: Callable[[Array, Array], Array]
    """σ'(z) from z and σ(z)."""
    parity: int = 0
    central: int = 0

    def on(self, x: Array) -> "Bends":
        return replace(self, x=x)

    def split(self, theta: Array) -> tuple[Array, Array, Array]:
        """w (h, d), b (h,), v (central,)."""
        d = self.x.shape[1]
        h = (len(theta) - self.central) // (d + 1)
        w, b = theta[: h * d].reshape(h, d), theta[h * d : h * (d + 1)]
        return w, b, theta[h * (d + 1) :]

    def at(self, theta: Array) -> tuple[Array, Callable[[Array], Array]]:
        w, b, v = self.split(theta)
        inner = self.x @ w.T
        right = _Unit(inner + b, self)
        left = _Unit(b - inner, self) if self.parity else right
        middle = _Unit(self.x[:, :1] * v, self)  # of one input
        columns = [right.value]
        if self.parity:
            columns = [right.value + self.parity * left.value]
        if self.parity >= 0:
            columns.append(np.ones((len(self.x), 1)))
        if self.central:
            columns.append(middle.value)
        h = len(b)

        def slopes(a: Array) -> Array:
            first = right.slope() * a[:h]
            by_w, by_b = first, first
            if self.parity:
                second = self.parity * left.slope() * a[:h]
                by_w, by_b = first - second, first + second
            by_v = middle.slope() * a[len(a) - self.central :] * self.x[:, :1]
            by_rows = (by_w[:, :, None] * self.x[:, None, :]).reshape(len(by_w), -1)
            return np.concatenate([by_rows, by_b, by_v], axis=1)

        return np.concatenate(columns, axis=1), slopes

    def network(self, theta: Array, a: Array) -> Network:
        w, b, v = self.split(theta)
        h, parity = len(b), self.parity
        out, bias = a[:h], a[h] if parity >= 0 else 0.0
        if parity:
            w, b = np.concatenate([w, -w]), np.concatenate([b, b])
            out = np.concatenate([out, parity * out])
        if self.central:
            w = np.concatenate([w, v[:, None]])
            b = np.concatenate([b, np.zeros(self.central)])
            out = np.concatenate([out, a[len(a) - self.central :]])
        hidden = Layer(w, b)
        return Network(self.activation, (hidden, Layer(out[None, :], np.array([bias]))))


class _Unit:
    """σ(z), and its slope when that is asked for."""

    def __init__(self, z: Array, of: Bends):
        self.z, self.of = z, of
        self.value = of.value(z)

    def slope(self) -> Array:
        return self.of.slope(self.z, self.value)


@dataclass(frozen=True)
class Waves:
    """Units sin(ω·x + φ). x: (m, d). θ = ω (n, d) by rows. parity ±1 as in Bends."""

    x: Array
    parity: int = 0

    def on(self, x: Array) -> "Waves":
        return replace(self, x=x)

    def at(self, theta: Array) -> tuple[Array, Callable[[Array], Array]]:
        w = theta.reshape(-1, self.x.shape[1])
        inner = self.x @ w.T
        sine, cosine = np.sin(inner), np.cos(inner)
        n = len(w)
        columns = [sine] * (self.parity <= 0) + [cosine] * (self.parity >= 0)
        if self.parity >= 0:
            columns.append(np.ones((len(self.x), 1)))

        def slopes(a: Array) -> Array:
            by_z = np.zeros_like(sine)
            if self.parity <= 0:
                by_z = by_z + cosine * a[:n]
            if self.parity >= 0:
                by_z = by_z - sine * a[n * (self.parity == 0) :][:n]
            rows = by_z[:, :, None] * self.x[:, None, :]
            return rows.reshape(len(by_z), -1)

        return np.concatenate(columns, axis=1), slopes

    def network(self, theta: Array, a: Array) -> Network:
        w = theta.reshape(-1, self.x.shape[1])
        n = len(w)
        sine = a[:n] if self.parity <= 0 else np.zeros(n)
        cosine = a[n * (self.parity == 0) :][:n] if self.parity >= 0 else np.zeros(n)
        bias = a[-1] if self.parity >= 0 else 0.0
        hidden = Layer(w, np.arctan2(cosine, sine))
        out = Layer(np.hypot(sine, cosine)[None, :], np.array([bias]))
        return Network("sin", (hidden, out))


def tanh_units(x: Array, parity: int = 0, central: int = 0) -> Bends:
    """Units tanh(w·x + b)."""
    return Bends(x, "tanh", np.tanh, lambda z, t: 1.0 - t * t, parity, central)


def gelu_units(x: Array, parity: int = 0) -> Bends:
    """Units z Φ(z)."""
    return Bends(x, "gelu", _gelu, _gelu_slope, parity)


def _gelu(z: Array) -> Array:
    return np.asarray(ACTIVATIONS["gelu"](np, z))


def _gelu_slope(z: Array, value: Array) -> Array:
    """g'(z) with g = z s, s = (1 + tanh u)/2, u = k (z + c z³)."""
    k, c = GELU
    s = 0.5 * (1.0 + np.tanh(k * (z + c * z * z * z)))
    return s + 2.0 * z * s * (1.0 - s) * k * (1.0 + 3.0 * c * z * z)


@dataclass(frozen=True)
class Deep:
    """Two hidden layers of tanh. θ = [V (first, d), c, W (second, first), b].

    h = tanh(V x + c),   Φ = [tanh(W h + b), 1]
    """

    x: Array
    first: int
    second: int

    def on(self, x: Array) -> "Deep":
        return replace(self, x=x)

    def split(self, theta: Array) -> tuple[Array, Array, Array, Array]:
        d = self.x.shape[1]
        sizes = np.cumsum([self.first * d, self.first, self.second * self.first])
        v, c, w, b = np.split(theta, sizes)
        return v.reshape(self.first, d), c, w.reshape(self.second, self.first), b

    def at(self, theta: Array) -> tuple[Array, Callable[[Array], Array]]:
        v, c, w, b = self.split(theta)
        h = np.tanh(self.x @ v.T + c)
        outer = np.tanh(h @ w.T + b)
        columns = np.concatenate([outer, np.ones((len(h), 1))], axis=1)

        def slopes(a: Array) -> Array:
            by_b = (1.0 - outer * outer) * a[: self.second]
            by_w = by_b[:, :, None] * h[:, None, :]
            by_c = (by_b @ w) * (1.0 - h * h)
            by_v = by_c[:, :, None] * self.x[:, None, :]
            m = len(h)
            flat = [by_v.reshape(m, -1), by_c, by_w.reshape(m, -1), by_b]
            return np.concatenate(flat, axis=1)

        return columns, slopes

    def network(self, theta: Array, a: Array) -> Network:
        v, c, w, b = self.split(theta)
        out = Layer(a[None, : self.second], a[self.second :])
        return Network("tanh", (Layer(v, c), Layer(w, b), out))
