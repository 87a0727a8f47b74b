"""`mapsto.approximate`: the smallest network within a tolerance, with a proof.

read f → look whether it is sound → search the sizes → measure → prove

The name of this module is not `approximate`, because that is the function's.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from mapsto.approximation import soundness
from mapsto.approximation.box import Box, Scatter, grid
from mapsto.approximation.choices import Choices, checked
from mapsto.approximation.curve import Curve, curve
from mapsto.approximation.finder import Finder, Found, Problem
from mapsto.approximation.frame import Frame
from mapsto.approximation.network import Network, as_sigmoid
from mapsto.approximation.proof import certify
from mapsto.approximation.result import Approximation
from mapsto.approximation.target import Target, read
from mapsto.approximation.yardsticks import aaa_error, chebyshev_error
from mapsto.events import Event, Watch
from mapsto.interrupt import interruptible
from mapsto.threads import one_thread_each

Array = np.ndarray

LOOKS = {1: 2001, 2: 61, 3: 19, 4: 11}  # points along each side, for a first look
PLOTTED, PLOTTED_SIDE = 1000, {1: 1001, 2: 61, 3: 9, 4: 5}
FINEST, COARSEST = 1e-11, 1e-5  # accuracy of the mesh


def approximate(
    f: Any,
    on: Any = None,
    tol: float = 1e-6,
    relative: bool = False,
    activation: str = "auto",
    neurons: int | None = None,
    layers: int = 1,
    precision: str = "float64",
    budget: float | None = None,
    seed: int = 0,
    on_event: Callable[[Event], Any] | None = None,
) -> Approximation:
    """The smallest network that is found within a tolerance of a known function.

    f: an expression ("exp(-x**2)*sin(20*x)", one to four variables), a function of
    arrays, or samples (x, y). on: the domain, (-1, 1), or {"x": (-1, 1), "y": (0, 2)}.
    tol: the largest error allowed; if `relative`, times |f|. activation: "auto" (the
    one that needs fewest units), "tanh", "sigmoid", "relu", "sin" or "gelu".
    neurons: a fixed size, for which the error is made as small as can be, and tol is
    not used. layers: 1 or 2 hidden layers. precision: what the network is stored and
    run in, "float64" or "float32". budget: seconds after which the best so far is
    kept. seed: the same seed gives the same network.

    Errors: ExpressionError, OptionError (with what is reachable, or where f is not
    finite), NothingKept (stopped before the first size was finished).
    """
    asked = Choices(tol, relative, activation, neurons, layers, precision, seed)
    choices = checked(asked, budget)
    target = read(f, on)
    choices.check_inputs(target.inputs)
    watch = Watch(on_event, budget)
    with interruptible(watch), one_thread_each():
        problem = framed(target, choices)
        found = Finder(problem, choices, watch).found()
        return _concluded(problem, choices, found, watch)


def framed(target: Target, choices: Choices) -> Problem:
    """The target scaled and looked at, ready for the search."""
    dtype = np.dtype(choices.precision)
    if target.samples is None:
        t = grid(LOOKS[target.inputs], target.inputs)
        soundness.check_values(target, t)
        y = Frame(target, 1.0, choices.relative, dtype).value(t)
    else:
        y = target.samples.y
    size = float(np.abs(y).max()) or 1.0
    if choices.relative:
        soundness.check_not_zero(target, y)
    frame = Frame(target, size, choices.relative, dtype)
    problem: Problem
    if target.samples is not None:
        problem = Scatter(
            frame, (target.samples.x - frame.centre) / frame.half, y / size
        )
    else:
        problem = _box(frame, choices) if target.inputs > 1 else _line(frame, choices)
    choices.check_reach(size)
    return problem


def _line(frame: Frame, choices: Choices) -> Curve:
    goal = choices.goal(frame.size)
    made = curve(frame, float(np.clip(goal / 30.0, FINEST, COARSEST)))
    soundness.check_values(frame.target, made.plain().edges[:, None])
    soundness.check_continuous(made, goal or np.inf)
    return made


def _box(frame: Frame, choices: Choices) -> Box:
    inputs = frame.target.inputs
    goal = choices.goal(frame.size)
    soundness.check_box(frame, grid(LOOKS[inputs], inputs), goal or np.inf)
    return Box(frame)


def _concluded(
    problem: Problem, choices: Choices, found: Found, watch: Watch
) -> Approximation:
    """The network measured, compared and proved."""
    frame, target = problem.frame, problem.frame.target
    if isinstance(problem, Curve):
        problem = problem.plain()
    network = found.network
    if choices.activation == "sigmoid":
        network = as_sigmoid(network)
    final = problem.final(network)
    error, t = problem.measure(network)
    error *= 1.0 if choices.relative else frame.size
    bounds = choices.bounds(error, frame.size)
    certificate, unproved = certify(
        target, final, choices.relative, bounds, lambda: watch.stopping
    )
    return Approximation(
        function=target.words,
        names=target.names,
        low=tuple(target.low.tolist()),
        high=tuple(target.high.tolist()),
        network=final,
        tol=None if choices.neurons is not None else choices.tol,
        relative=choices.relative,
        error=error,
        where=tuple(frame.points(np.atleast_2d(t))[0].tolist()),
        certificate=certificate,
        unproved=unproved,
        least=found.least,
        tried=found.tried,
        yardsticks=_yardsticks(problem, final, choices),
        samples=_samples(problem, final, t),
        seed=choices.seed,
    )


def _yardsticks(problem: Problem, final: Network, choices: Choices) -> dict[str, float]:
    """For one input: the errors of classical approximations of the same size."""
    if not isinstance(problem, Curve):
        return {}
    size = 1.0 if choices.relative else problem.frame.size
    numbers = final.parameters
    return {
        "Chebyshev": size * chebyshev_error(problem, numbers),
        "AAA": size * aaa_error(problem, numbers),
    }


def _samples(problem: Problem, final: Network, worst: Array) -> dict[str, list[Any]]:
    """Points with the values of f, of the network and their difference, for a plot.

    For one input also points where f is difficult, and where the error is largest.
    """
    frame, inputs = problem.frame, problem.frame.target.inputs
    if isinstance(problem, Scatter):
        t, g = problem.t[:PLOTTED], problem.g[:PLOTTED]
    else:
        t = grid(PLOTTED_SIDE[inputs], inputs)
        if isinstance(problem, Curve):
            fine = problem.edges[:: 1 + len(problem.edges) // PLOTTED]
            t = np.unique(np.concatenate([t[:, 0], fine, np.ravel(worst)]))[:, None]
        g = frame.value(t)
    x, f = frame.points(t), frame.size * g
    y = final(x.astype(final.dtype)).astype(float)
    told = {"f": f.tolist(), "network": y.tolist(), "error": (f - y).tolist()}
    return {"x": x.tolist(), **told}
