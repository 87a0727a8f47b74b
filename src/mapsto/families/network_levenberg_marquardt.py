"""Small networks by Levenberg–Marquardt: double precision, weights as free as told.

On smooth data with little noise the descent ends far above what a small network can
reach; steps that know the curvature get there (MATLAB's `trainbr` is the model). How
strongly the weights are held is found by the evidence, so no rows have to be held out
for it. Several starts make their first steps, and those with the most evidence go on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from mapsto.errors import OptionError
from mapsto.events import Progress, Stopped, Watch
from mapsto.families.activations import ACTIVATIONS
from mapsto.families.bounds import seen_range
from mapsto.families.family import Fitted, Sample, Task
from mapsto.families.layers import start_layers
from mapsto.families.network_dials import DIALS, LEVENBERG_MARQUARDT
from mapsto.families.network_form import Form, network
from mapsto.solvers.levenberg_marquardt import Fit, minimise
from mapsto.threads import side_by_side

Array = np.ndarray

SLOPES = {"tanh": lambda h: 1.0 - h * h, "sigmoid": lambda h: h * (1.0 - h)}
"""f'(x) of an activation, told by its answer h = f(x)."""

HIDDEN = (10,)
STEPS = {"quick": 300, "normal": 1000, "thorough": 4000}
STARTS = {"quick": 3, "normal": 6, "thorough": 10}
FIRST_STEPS = 80  # after which the starts are compared
CHUNK = 4096  # rows whose slopes are in memory at once
MOST_WEIGHTS = 2000

OFFERED = {"hidden", "activation", "inputs", "members"}
"""The dials that leave the choice of the solver to the data."""
TRIED_STARTS, TRIED_STEPS = 2, 400
TRIED_WORK = 3e6  # rows · weights² of one step: all folds are tried in some 3 s
CLEARLY = 0.97  # of the descent's loss on the inner rows


# ── the dials ──


def dials_of(
    asked: Mapping[str, Any], task: Task, effort: str, inputs: int
) -> dict[str, Any]:
    """Every hyperparameter: what is asked for, else the default.

    Errors: OptionError for what this solver cannot do.
    """
    follow: dict[str, Any] = {
        "solver": LEVENBERG_MARQUARDT,
        "hidden": HIDDEN,
        "activation": "tanh",
        "inputs": "raw",
        "epochs": STEPS[effort],
        "members": 1,
    }
    dials = follow | {name: v for name, v in asked.items() if name in follow}
    dials["hidden"] = tuple(int(h) for h in dials["hidden"])
    weights = Net((inputs, *dials["hidden"], 1), "tanh").weights
    if task.classes:
        raise _bad("solver", dials["solver"], "it is for quantities, not for classes")
    if dials["activation"] not in SLOPES:
        raise _bad("activation", dials["activation"], _only(" or ".join(SLOPES)))
    if dials["inputs"] != "raw":
        raise _bad("inputs", dials["inputs"], _only("raw"))
    if weights > MOST_WEIGHTS:
        much = f"that makes {weights} weights, and {MOST_WEIGHTS} is the most"
        raise _bad("hidden", dials["hidden"], _only(much))
    for name in asked.keys() - follow.keys():
        raise _bad(name, asked[name], f"{LEVENBERG_MARQUARDT} has no such dial")
    return dials


def _only(what: str) -> str:
    return f"with {LEVENBERG_MARQUARDT} it is {what}"


def _bad(dial: str, value: Any, problem: str) -> OptionError:
    return OptionError(
        "option-bad", option=f"network.{dial}", value=value, problem=problem
    )


def asked_for(given: Mapping[str, Any]) -> dict[str, Any]:
    """The given dials that are not at their defaults."""
    default = {dial.name: dial.default for dial in DIALS}
    return {
        name: value
        for name, value in given.items()
        if value is not None and value != default.get(name)
    }


# ── the net, and its slopes ──


@dataclass(frozen=True)
class Net:
    """Layers of these widths, inputs and output included; its weights as one vector:
    w and b of each layer in turn."""

    widths: tuple[int, ...]
    activation: str

    @property
    def weights(self) -> int:
        return sum((n + 1) * m for n, m in pairwise(self.widths))

    def layers(self, vector: Array) -> list[tuple[Array, Array]]:
        """w (inputs, outputs) and b (outputs,) of each layer."""
        found, at = [], 0
        for n, m in pairwise(self.widths):
            w = vector[at : at + n * m].reshape(n, m)
            at += (n + 1) * m
            found.append((w, vector[at - m : at]))
        return found

    def answers(self, vector: Array, x: Array) -> list[Array]:
        """x (n, d), what each hidden layer answers, and the output (n, 1)."""
        *hidden, last = self.layers(vector)
        found = [x]
        for w, b in hidden:
            found.append(ACTIVATIONS[self.activation](found[-1] @ w + b))
        return [*found, found[-1] @ last[0] + last[1]]

    def slopes(self, vector: Array, answers: Sequence[Array]) -> Array:
        """∂ output / ∂ weights, (n, weights): back through the layers."""
        *before, eta = answers
        back, parts = np.ones_like(eta), []
        for (w, _), h in zip(
            reversed(self.layers(vector)), reversed(before), strict=True
        ):
            outer = h[:, :, None] * back[:, None, :]
            parts += [back, outer.reshape(len(h), -1)]
            back = (back @ w.T) * SLOPES[self.activation](h)
        return np.concatenate(parts[::-1], axis=1)


@dataclass(frozen=True, eq=False)
class Misfit:
    """Σ w (net(x) - y)² as a function of the net's weights.

    x: (n, d); y: (n,); w: (n,) weights of the rows.
    """

    net: Net
    x: Array
    y: Array
    w: Array

    @property
    def rows(self) -> float:
        """How many rows tell as much: (Σw)² / Σw²."""
        return float(self.w.sum() ** 2 / (self.w**2).sum())

    def _chunks(self) -> list[slice]:
        return [slice(s, s + CHUNK) for s in range(0, len(self.y), CHUNK)]

    def square(self, vector: Array) -> float:
        told = [self.net.answers(vector, self.x[c])[-1][:, 0] for c in self._chunks()]
        return float(self.w @ (np.concatenate(told) - self.y) ** 2)

    def normal(self, vector: Array) -> tuple[Array, Array, float]:
        size = self.net.weights
        gram, cross, square = np.zeros((size, size)), np.zeros(size), 0.0
        for c in self._chunks():
            answers = self.net.answers(vector, self.x[c])
            root = np.sqrt(self.w[c])
            slopes = self.net.slopes(vector, answers) * root[:, None]
            r = (answers[-1][:, 0] - self.y[c]) * root
            gram, cross = gram + slopes.T @ slopes, cross + slopes.T @ r
            square += float(r @ r)
        return gram, cross, square


def best_fits(
    problem: Misfit, dials: Mapping[str, Any], starts: int, seed: int, watch: Watch
) -> list[Fit]:
    """As many fits as there are members, with the most evidence first."""
    members = dials["members"]
    first = []
    for k in range(max(starts, members)):
        start, steps = _start(problem, seed, k), min(FIRST_STEPS, dials["epochs"])
        first.append(minimise(problem, start, steps, lambda: watch.stopping))
        if watch.stopping:
            raise Stopped
    first.sort(key=lambda fit: -fit.evidence)
    rest = dials["epochs"] - FIRST_STEPS
    if rest <= 0:
        return first[:members]
    return [
        minimise(problem, fit.w, rest, lambda: watch.stopping, fit)
        for fit in first[:members]
    ]


def _start(problem: Misfit, seed: int, k: int) -> Array:
    net, rng = problem.net, np.random.default_rng([seed, k])
    made = start_layers(problem.x, net.widths[1:], net.activation, False, rng)
    parts = [
        a.ravel().astype(float) for layer in made for a in (layer["w"], layer["b"])
    ]
    return np.concatenate(parts)


# ── the folds ──


def fit_samples(
    samples: Sequence[Sample],
    task: Task,
    given: Mapping[str, Any],
    effort: str,
    seed: int,
    watch: Watch,
) -> list[Fitted]:
    """One function per sample, side by side."""
    if any(f.monotone for f in samples[0].features):
        free = "with monotone, only the descent holds the signs of the weights"
        raise _bad("solver", LEVENBERG_MARQUARDT, free)
    dials = dials_of(asked_for(given), task, effort, samples[0].x.shape[1])
    done: list[int] = []

    def one(k: int) -> Fitted:
        fits = best_fits(_misfit(samples[k], dials), dials, STARTS[effort], seed, watch)
        done.append(k)
        watch.tell(Progress("network", len(done) / len(samples)))
        return _fitted(samples[k], fits, dials)

    return side_by_side(one, range(len(samples)))


def _misfit(
    sample: Sample, dials: Mapping[str, Any], rows: Array | slice = slice(None)
) -> Misfit:
    net = Net((sample.x.shape[1], *dials["hidden"], 1), dials["activation"])
    return Misfit(net, sample.x[rows], sample.y[rows], sample.w[rows])


def _fitted(sample: Sample, fits: Sequence[Fit], dials: Mapping[str, Any]) -> Fitted:
    net = _misfit(sample, dials).net
    members = [net.layers(fit.w) for fit in fits]
    layers = [
        {"w": np.stack([w for w, _ in same]), "b": np.stack([b[None] for _, b in same])}
        for same in zip(*members, strict=True)
    ]
    parameters = {
        "layers": layers,
        "inputs": {"column": np.arange(net.widths[0], dtype=np.int32)},
        **seen_range(sample.y, np.float64),
    }
    form = Form(dials["activation"], "raw", False, 0)
    told = _details(net, fits, dials)
    size = net.weights * len(fits)
    return Fitted(partial(network, form=form), parameters, size, dict(dials), told)


def _details(net: Net, fits: Sequence[Fit], dials: Mapping[str, Any]) -> dict[str, Any]:
    hidden = " × ".join(map(str, dials["hidden"])) or "no"
    used = np.mean([fit.effective for fit in fits])
    return {
        "words": f"a network with {hidden} hidden neurons, {dials['activation']}; "
        f"the data tell {used:.1f} of its {net.weights} weights",
        "effective_parameters": [fit.effective for fit in fits],
        "alpha": [fit.alpha for fit in fits],
        "beta": [fit.beta for fit in fits],
        "evidence": [fit.evidence for fit in fits],
        "steps": [fit.steps for fit in fits],
    }


# ── the choice between the two solvers ──


def worth_trying(
    samples: Sequence[Sample], task: Task, given: Mapping[str, Any]
) -> bool:
    """Whether a small network is quickly tried beside the descent: a quantity, few
    rows and columns, inner rows to judge by, and nothing asked for that only the
    descent has."""
    asked = asked_for(given)
    usable = (
        asked.keys() <= OFFERED
        and not task.classes
        and asked.get("activation", "tanh") in SLOPES
        and asked.get("inputs", "raw") == "raw"
        and all(s.inner.any() and not s.inner.all() for s in samples)
        and all(f.role != "code" and not f.monotone for f in samples[0].features)
    )
    if not usable:
        return False
    hidden = asked.get("hidden", HIDDEN)
    weights = Net((samples[0].x.shape[1], *hidden, 1), "tanh").weights
    rows = max(len(s.y) for s in samples)
    return rows * weights**2 <= TRIED_WORK


def better_of_both(
    samples: Sequence[Sample],
    descended: Sequence[Fitted],
    losses: Sequence[float],
    task: Task,
    given: Mapping[str, Any],
    effort: str,
    seed: int,
    watch: Watch,
) -> list[Fitted]:
    """Of each sample the descent's function, or a small network's where that is
    clearly better on the inner rows. losses: the descent's, half the squared error.

    A watch that is stopping leaves the descent's.
    """
    dials = dials_of(asked_for(given), task, effort, samples[0].x.shape[1])
    dials["epochs"] = min(dials["epochs"], TRIED_STEPS)

    def one(k: int) -> Fitted:
        sample, trial = samples[k], dials | {"epochs": FIRST_STEPS}
        try:
            problem = _misfit(sample, dials, ~sample.inner)
            fits = best_fits(problem, trial, TRIED_STARTS, seed, watch)
            inner = _misfit(sample, dials, sample.inner)
            loss = inner.square(fits[0].w) / (2 * inner.w.sum())
            if loss > CLEARLY * losses[k]:
                return descended[k]
            problem = _misfit(sample, dials)
            fits = best_fits(problem, dials, TRIED_STARTS, seed, watch)
        except Stopped:
            return descended[k]
        return _fitted(sample, fits, dials)

    return side_by_side(one, range(len(samples)))
