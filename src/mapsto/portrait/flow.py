"""Rows that flow through a network: what each neuron is given, and passes on.

The rows are none of the table's: every column stands at its middle (the median, or
the most frequent level), and then the columns that matter most at other values, one
at a time. So what a neuron does can be shown, and the file still keeps no rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mapsto.data.table import Column, positions
from mapsto.families.activations import ACTIVATIONS
from mapsto.families.member import Member
from mapsto.families.network_form import Form, seen
from mapsto.selection.problem import Problem

MOVED = 3  # columns that are set to other values
LOOKED = 6  # columns among which the one is sought that a neuron answers to most
LOW, HIGH = 0.1, 0.9  # the values that a number is moved to
GRID, MOST_LEVELS = 24, 8
ENDS = (0.02, 0.98)


@dataclass(frozen=True, eq=False)
class Single:
    """One network of those that a member averages: its layers, as plain arrays."""

    member: Member
    layers: tuple[tuple[np.ndarray, np.ndarray], ...]

    @staticmethod
    def of(member: Member) -> "Single":
        layers = member.fitted.parameters["layers"]
        pairs = ((np.asarray(la["w"][0], float), _row(la["b"])) for la in layers)
        return Single(member, tuple(pairs))

    def inputs(self, t: np.ndarray) -> np.ndarray:
        """T (n, width) -> what the first layer sees, (n, inputs)."""
        parameters = self.member.fitted.parameters
        members = len(parameters["layers"][0]["w"])
        x = np.asarray(self.member.encoding(t), np.float32)
        x = np.broadcast_to(x, (members, *x.shape))
        told = seen(parameters, parameters["inputs"], x, self.form.inputs)
        return np.asarray(told[0], float)

    def __call__(self, h: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
        """h (n, inputs) -> each layer's weighted sums, and each hidden one's values.

        The last sums are eta. With residual layers a value has the layer's input in it
        (`families.layers`).
        """
        bend = ACTIVATIONS[self.form.activation]
        sums, values = [], []
        for w, b in self.layers[:-1]:
            sums.append(h @ w + b)
            bent = np.asarray(bend(sums[-1]))
            h = bent + h if self.form.residual and bent.shape == h.shape else bent
            values.append(h)
        w, b = self.layers[-1]
        return [*sums, h @ w + b], values

    def told(self, eta: np.ndarray) -> np.ndarray:
        """eta -> this network's prediction (n,), or probabilities (n, classes)."""
        parameters = self.member.fitted.parameters
        if not self.form.classes:
            eta = np.clip(eta, parameters["low"], parameters["high"])
        return np.asarray(self.member.target.decode(eta))

    @property
    def form(self) -> Form:
        function: Any = self.member.fitted.function
        found: Form = function.keywords["form"]
        return found


def _row(b: Any) -> np.ndarray:
    return np.asarray(b[0], float).reshape(1, -1)


def flow(
    problem: Problem,
    member: Member,
    names: Sequence[str],
    inputs: Sequence[str],
    order: Sequence[str],
    kept: Sequence[np.ndarray],
) -> dict[str, Any]:
    """The rows at the shown neurons, and what each of these answers to.

    names: the column behind each input of the first layer. inputs: the columns that
    are shown. order: the columns, those that matter most first. kept: which columns,
    neurons and outputs are shown.

    {activation, residual, biases: [layer][neuron], rows, answers: [layer][neuron]}; of
    a row the column that is moved and its value, the shown columns' values `inputs`,
    their `terms` in the first sums [column][neuron], `sums` and `values`
    [layer][neuron], and what the network makes of it, `told`.
    """
    net, columns = Single.of(member), {c.name: c for c in problem.columns}
    middle = _middle(problem)
    drawn = [n for n in order if columns[n].width == 1]
    made: list[tuple[str | None, np.ndarray]] = [(None, middle)]
    for name in drawn[:MOVED]:
        made += [(name, row) for row in _moved(problem, middle, name)]
    told = [_told(problem, net, names, inputs, kept, *one) for one in made]
    return {
        "activation": net.form.activation,
        "residual": net.form.residual,
        "biases": [b[0, k] for (_, b), k in zip(net.layers, kept[1:], strict=True)],
        "rows": told,
        "answers": _answers(problem, net, middle, drawn[:LOOKED], kept),
    }


def _told(
    problem: Problem,
    net: Single,
    names: Sequence[str],
    inputs: Sequence[str],
    kept: Sequence[np.ndarray],
    moved: str | None,
    t: np.ndarray,
) -> dict[str, Any]:
    h = net.inputs(t)
    sums, values = net(h)
    each = h[0][:, None] * net.layers[0][0]
    terms = [
        each[[k for k, n in enumerate(names) if n == column]].sum(axis=0)[kept[1]]
        for column in inputs
    ]
    eta = net.told(sums[-1])
    return {
        "moved": moved and {"column": moved, "value": _value(problem, t, moved)},
        "inputs": [_value(problem, t, column) for column in inputs],
        "terms": terms,
        "sums": [s[0, k] for s, k in zip(sums, kept[1:], strict=True)],
        "values": [v[0, k] for v, k in zip(values, kept[1:-1], strict=True)],
        "told": eta[0] if eta.ndim == 2 else eta[:1],
    }


def _middle(problem: Problem) -> np.ndarray:
    """A row of T, (1, width): medians, most frequent levels, of vectors the mean."""
    row = np.empty((1, problem.t.shape[1]))
    for column in problem.columns:
        block = positions(problem.columns)[column.name]
        values = problem.t[:, block]
        if column.kind in ("number", "date"):
            row[0, block] = np.nanmedian(values)
        elif column.kind in ("category", "boolean"):
            row[0, block] = _frequent(values[:, 0])[0]
        else:
            row[0, block] = np.nan_to_num(values).mean(axis=0)
    return row


def _frequent(codes: np.ndarray) -> np.ndarray:
    """The known codes, the most frequent first."""
    known = codes[~np.isnan(codes) & (codes >= 0)]
    found, counts = np.unique(known, return_counts=True)
    return np.asarray(found[np.argsort(-counts, kind="stable")])


def _moved(problem: Problem, middle: np.ndarray, name: str) -> list[np.ndarray]:
    """The row with two other values of a column: low and high, or the next levels."""
    block = positions(problem.columns)[name]
    values = problem.t[:, block][:, 0]
    if _column(problem, name).kind in ("number", "date"):
        others = np.unique(np.nanquantile(values, (LOW, HIGH), method="nearest"))
    else:
        others = _frequent(values)[1:3]
    rows = np.repeat(middle, len(others), axis=0)
    rows[:, block] = others[:, None]
    return list(rows[:, None])


def _column(problem: Problem, name: str) -> Column:
    return next(c for c in problem.columns if c.name == name)


def _value(problem: Problem, t: np.ndarray, name: str) -> Any:
    """The row's value of a column: a number, a level, or "" for text."""
    column = _column(problem, name)
    value = float(t[0, positions(problem.columns)[name]][0])
    if column.kind in ("number", "date"):
        return value
    if column.kind == "boolean":
        return ("no", "yes")[int(value)]
    return column.levels[int(value)] if column.kind == "category" else ""


def _answers(
    problem: Problem,
    net: Single,
    middle: np.ndarray,
    names: Sequence[str],
    kept: Sequence[np.ndarray],
) -> list[list[dict[str, Any] | None]]:
    """Of each shown hidden neuron: its values along the column that moves it most."""
    if not names:
        return [[None] * len(shown) for shown in kept[1:-1]]
    grids = [_grid(problem, name) for name in names]
    along = []
    for name, (grid, _) in zip(names, grids, strict=True):
        t = np.repeat(middle, len(grid), axis=0)
        t[:, positions(problem.columns)[name]] = grid[:, None]
        along.append(net(net.inputs(t))[1])
    found: list[list[dict[str, Any] | None]] = []
    for layer, shown in enumerate(kept[1:-1]):
        curves = [values[layer][:, shown] for values in along]
        most = np.argmax([np.ptp(c, axis=0) for c in curves], axis=0)
        found.append(
            [
                {"column": names[k], "x": grids[k][1], "y": curves[k][:, j]}
                for j, k in enumerate(most.tolist())
            ]
        )
    return found


def _grid(problem: Problem, name: str) -> tuple[np.ndarray, list[Any]]:
    """Values of a column for T, and as they are told."""
    column = _column(problem, name)
    values = problem.t[:, positions(problem.columns)[name]][:, 0]
    if column.kind in ("number", "date"):
        known = np.unique(values[~np.isnan(values)])
        if len(known) > GRID:
            low, high = np.quantile(known, ENDS)
            known = np.linspace(low, high, GRID)
        return known, known.tolist()
    codes = np.sort(_frequent(values)[:MOST_LEVELS])
    names = ("no", "yes") if column.kind == "boolean" else column.levels
    return codes, [names[int(k)] for k in codes]
