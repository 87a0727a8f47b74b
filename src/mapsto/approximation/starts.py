"""Where units of one input begin: no single start wins, so there are several kinds.

Units that bend start from centres t and slopes s: σ(s (x - t)) bends at t within 1/s.

| kind      | centres and slopes                             | best on              |
|-----------|------------------------------------------------|----------------------|
| quantiles | as dense as the mesh                           | kinks, long waves    |
| poles     | over the poles of a rational approximation     | peaks, steep steps   |
| arcs      | over poles laid on an arc around the interval  | smooth, oscillating  |

Waves start from the frequencies of linear prediction, or from even ones.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from mapsto.approximation import mesh
from mapsto.approximation.aaa import aaa
from mapsto.approximation.box import Scatter
from mapsto.approximation.curve import Curve
from mapsto.approximation.search import Candidate
from mapsto.approximation.units import Bends, Waves, gelu_units, tanh_units

Array = np.ndarray
Rng = np.random.Generator
STEEPEST = 1e14


@dataclass(frozen=True)
class Placement:
    """Centres t and slopes s, each (units,)."""

    t: Array
    s: Array


def quantiles(curve: Curve | Scatter, units: int, rng: Rng) -> Placement:
    """Centres at quantiles of a mixture of the mesh's density and an even one.

    A random stretch puts some centres outside; slopes are such that neighbours
    overlap.
    """
    share = rng.choice([0.02, 0.3, 0.7, 0.98])
    low, edges = curve.low, curve.edges
    at = np.unique(np.concatenate([edges, np.linspace(low, 1.0, 400)]))
    rank = np.interp(at, edges, np.linspace(0.0, 1.0, len(edges)))
    rank = (1.0 - share) * rank + share * (at - low) / (1.0 - low)
    span, step = rng.uniform(0.98, 1.3), 1.0 / units
    begin = rng.uniform(0.0, 1.0) * step if curve.parity else 1.0 - span
    q = np.linspace(begin, span, units) + rng.normal(0.0, 0.15 * step, units)
    t = _stretched(q, rank, at)
    width = _stretched(q + 0.5 * step, rank, at) - _stretched(q - 0.5 * step, rank, at)
    steepness = rng.uniform(0.4, 1.2) * np.exp(rng.normal(0.0, 0.2, units))
    return Placement(t, steepness / np.maximum(np.abs(width), 1.0 / STEEPEST))


def _stretched(q: Array, rank: Array, at: Array) -> Array:
    """The place of rank q; beyond [0, 1] the density near the end goes on."""
    t = np.interp(q, rank, at)
    first = (np.interp(0.1, rank, at) - at[0]) / 0.1
    last = (at[-1] - np.interp(0.9, rank, at)) / 0.1
    return np.asarray(t + np.minimum(q, 0.0) * first + np.maximum(q - 1.0, 0.0) * last)


def poles(curve: Curve | Scatter, units: int, rng: Rng) -> Placement:
    """A unit for each pole pair t ± iη of a rational approximation, slope π/(2η):
    the nearest poles of tanh(s (x - t)) are at t ± iπ/(2s)."""
    filler = quantiles(curve, units, rng)
    plain = curve.plain()
    at = np.unique(mesh.spread(plain.edges, 4))
    pairs = units * (2 if curve.parity else 1)
    rational = aaa(at, plain.value(at), 2 * pairs + int(rng.integers(-1, 2)))
    found = rational.poles()
    found = found[(found.imag > 1.0 / STEEPEST) & (np.abs(found.real) < 1.5)]
    if curve.parity:
        found = found[found.real >= -1e-12]
    # mostly the nearest to the interval, which matter most
    order = np.argsort(found.imag * np.exp(rng.normal(0.0, 0.3, len(found))))
    found = found[order][:units]
    rest = rng.choice(units, units - len(found), replace=False)
    t = np.append(found.real, filler.t[rest])
    return Placement(t, np.append(np.pi / (2.0 * found.imag), filler.s[rest]))


def arcs(curve: Curve | Scatter, units: int, rng: Rng) -> Placement:
    """Poles on a flattened ellipse around the interval, of random height."""
    wide = rng.uniform(0.9, 1.4)
    high = np.exp(rng.uniform(np.log(0.1), np.log(1.2)))
    turn = (np.arange(units) + 0.5) / units + rng.normal(0.0, 0.03 / units, units)
    angle = turn * (np.pi / 2.0 if curve.parity else np.pi)
    eta = high * np.sqrt(0.05 + np.abs(np.sin(angle)))
    eta = eta * np.exp(rng.normal(0.0, 0.15, units))
    return Placement(wide * np.cos(angle), np.pi / (2.0 * eta))


Kind = Callable[[Curve | Scatter, int, Rng], Placement]
KINDS: tuple[Kind, ...] = (
    quantiles,
    poles,
    arcs,
)


@dataclass(frozen=True)
class LineStarts:
    """Starts for functions of one input."""

    problem: Curve | Scatter

    def start(self, activation: str, neurons: int, turn: int, rng: Rng) -> Candidate:
        """The start number `turn` for a network of this size.

        Two of three starts use the curve's symmetry, where the size allows it.
        """
        curve = self.problem
        odd_size = curve.parity == 1 and neurons % 2 and activation != "sin"
        if turn % 3 == 2 or odd_size or neurons < 2:
            curve = curve.plain()
        if activation == "sin":
            return waves(curve, neurons, turn, rng)
        return bends(curve, activation, neurons, KINDS[turn // 3 % 3], rng)

    def resized(self, c: Candidate, neurons: int, rng: Rng) -> Candidate | None:
        """A candidate of another size: without the units that matter least, or with
        new ones. Keeps the symmetry if the sizes differ by whole pairs."""
        if c.fit is None or c.network is None:
            return None
        curve, hidden, out = self.problem, *c.network.layers
        if isinstance(c.units, Waves):
            kept = _kept(out.weights[0], neurons, rng)
            new = waves(curve, neurons, 0, rng).theta[: neurons - len(kept)]
            theta = np.append(hidden.weights[kept, 0], new)
            return Candidate(c.problem, c.units, theta, c.extra)
        assert isinstance(c.units, Bends)
        w, b, v = c.units.split(c.theta)
        pairs, half = divmod(neurons - c.network.neurons, 2)
        if c.units.parity and not half and len(b) + pairs > 0:
            w, b = _changed(curve, w[:, 0], b, c.fit.a, len(b) + pairs, rng)
            return Candidate(c.problem, c.units, np.concatenate([w, b, v]), c.extra)
        w, b = hidden.weights[:, 0], hidden.bias
        w, b = _changed(curve.plain(), w, b, out.weights[0], neurons, rng)
        units = replace(c.units, parity=0, central=0)
        return Candidate(curve.plain(), units, np.concatenate([w, b]))


def bends(
    curve: Curve | Scatter,
    activation: str,
    neurons: int,
    kind: Kind,
    rng: Rng,
) -> Candidate:
    """A start of units tanh or gelu."""
    central = _central(curve, neurons, rng) if activation == "tanh" else 0
    units = (neurons - central) // 2 if curve.parity else neurons
    placed = kind(curve, units, rng) if units else Placement(np.zeros(0), np.zeros(0))
    none = np.zeros((1, 1))
    if activation == "tanh":
        model = tanh_units(none, curve.parity, central)
        w = placed.s
    else:
        model = gelu_units(none, curve.parity)
        w = placed.s * rng.choice([-1.0, 1.0], units)
    middle = np.exp(rng.normal(0.0, 1.0, central)) * 0.35 * neurons
    return Candidate(curve, model, np.concatenate([w, -w * placed.t, middle]))


def _central(curve: Curve | Scatter, neurons: int, rng: Rng) -> int:
    """How many units of an odd function sit at 0: the parity of n, rarely more."""
    if curve.parity >= 0:
        return 0
    more = 2 if rng.random() < 0.25 else 0
    return min(neurons % 2 + more, neurons)


def waves(curve: Curve | Scatter, neurons: int, turn: int, rng: Rng) -> Candidate:
    """A start of waves: predicted frequencies in turn with even ones."""
    omega = predicted(curve, neurons) if turn % 2 else np.zeros(0)
    omega = omega[:neurons]
    rest = neurons - len(omega)
    highest = rng.uniform(0.5, 1.6) * fastest(curve)
    even = highest * (np.arange(rest) + rng.uniform(0.2, 0.8)) / max(rest, 1)
    omega = np.append(omega, even) * np.exp(rng.normal(0.0, 0.05, neurons))
    return Candidate(curve, Waves(np.zeros((1, 1)), curve.parity), omega)


def fastest(curve: Curve | Scatter) -> float:
    """A frequency above which little happens: 99.9 % of the windowed power is below."""
    count = 4096
    t = np.linspace(-1.0, 1.0, count, endpoint=False)
    power = np.abs(np.fft.rfft(curve.value(t) * np.hanning(count))) ** 2
    below = np.searchsorted(np.cumsum(power), 0.999 * power.sum())
    return float(np.pi * max(below, 1))


def predicted(curve: Curve | Scatter, neurons: int) -> Array:
    """Frequencies of a sum of waves, by linear prediction on even samples.

    The samples' Hankel matrix has the column space of the waves; a shift of one
    sample multiplies each wave by e^(iω h), so those factors are eigenvalues (ESPRIT,
    Roy & Kailath 1989, https://doi.org/10.1109/29.32276).
    """
    count = int(np.clip(2.0 * fastest(curve), 8 * neurons + 8, 600))
    t = np.linspace(-1.0, 1.0, count)
    y = curve.value(t)
    rows = count // 2
    hankel = np.lib.stride_tricks.sliding_window_view(y, rows).T
    basis = np.linalg.svd(hankel, full_matrices=False)[0][:, : 2 * neurons]
    shift = np.linalg.lstsq(basis[:-1], basis[1:], rcond=None)[0]
    omega = np.abs(np.angle(np.linalg.eigvals(shift))) / (t[1] - t[0])
    omega = np.sort(omega[omega > 1e-3])
    apart = np.diff(omega, prepend=-np.inf) > 1e-6 * omega
    return np.asarray(omega[apart])


def hop(c: Candidate, rng: Rng) -> Candidate:
    """A candidate shaken: each unit a little, in its own scale."""
    size = np.exp(rng.uniform(np.log(0.01), np.log(0.3)))
    if isinstance(c.units, Bends):
        w, b, v = c.units.split(c.theta)
        grow = np.exp(size * rng.normal(0.0, 1.0, w.shape))
        move = size * rng.normal(0.0, 1.0, len(b))
        b = b * grow.mean(axis=1) + move
        theta = np.concatenate([(w * grow).ravel(), b, v])
    else:
        # waves, and layers of layers
        apart: float = np.median(np.abs(c.theta)) / 4.0
        theta = c.theta + size * apart * rng.normal(0.0, 1.0, len(c.theta))
    return Candidate(c.problem, c.units, theta, c.extra)


def _changed(
    curve: Curve | Scatter, w: Array, b: Array, a: Array, units: int, rng: Rng
) -> tuple[Array, Array]:
    """w and b of `units` units: of the old ones, and quantiles where they are few."""
    kept = _kept(a[: len(b)], units, rng)
    new = quantiles(curve, max(units, 2), rng)
    some = rng.permutation(len(new.t))[: units - len(kept)]
    t, s = new.t[some], new.s[some]
    return np.append(w[kept], s), np.append(b[kept], -s * t)


def _kept(a: Array, count: int, rng: Rng) -> Array:
    """Which units to keep: those of large output weight, with some chance."""
    order = np.argsort(-np.abs(a) * np.exp(rng.normal(0.0, 0.5, len(a))))
    return np.sort(order[:count])
