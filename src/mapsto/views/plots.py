"""`mapsto.plot`: figures for papers, by Matplotlib; vector, labelled, tight."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from mapsto import figures
from mapsto.approximation.result import Approximation
from mapsto.data.date_numbers import DAY
from mapsto.errors import ExtraMissing
from mapsto.groups import Groups
from mapsto.languages import words_of
from mapsto.views import states
from mapsto.views.drawable import record_of
from mapsto.views.ink import FRESH, FUNCTION, INK, QUIET
from mapsto.views.other_plots import OF_APPROXIMATIONS, OF_GROUPS
from mapsto.views.pictures import (
    check,
    chosen_effect,
    chosen_part,
    known,
    present_of_approximation,
    present_of_groups,
)

Record = Mapping[str, Any]
WIDE, HIGH = 5.2, 3.4  # inches: one column of a paper
MOST_BARS = 15
LEVELS = 12
FAR = 3  # scores that are further apart are drawn on a logarithmic axis
WORDS = words_of("en")


def plot(model: Any, name: str = "", column: str | None = None, ax: Any = None) -> Any:
    """A Matplotlib figure of a model: "ladder", "capacity", "column", "plane",
    "importance", "losses", "residuals", "reliability", "coverage" or "part"; of
    groups: "map", "families" or "strength"; of an approximation: "beside" (f and the
    network), "plane", "error", "errors", "sizes", "yardsticks" or "network". The first
    of each is the default.

    column: which, for "column"; "wear" or "size.floor", for "part". ax: axes to draw
    on; by default a figure is made.
    Gives back the figure: `mapsto.plot(model, "plane").savefig("plane.pdf")`.

    Errors: ExtraMissing (Matplotlib is not installed), OptionError (no such picture
    or column, or there is none of it).
    """
    draw = _drawer(model, name, column)
    ax = _axes() if ax is None else ax
    ax.spines[["top", "right"]].set_visible(False)
    draw(ax)
    return ax.figure


def _drawer(model: Any, name: str, column: str | None) -> Callable[[Any], None]:
    """What draws it on axes. Errors: OptionError."""
    if isinstance(model, Groups):
        name = known(name or "map", OF_GROUPS)
        present_of_groups(model, name)
        of_groups = OF_GROUPS[name]
        return lambda ax: of_groups(ax, model)
    if isinstance(model, Approximation):
        name = known(name or "beside", OF_APPROXIMATIONS)
        present_of_approximation(model, name)
        of_made = OF_APPROXIMATIONS[name]
        return lambda ax: of_made(ax, model)
    record = record_of(model)
    name = known(name or "ladder", DRAWERS)
    check(record, name)
    if name == "column":
        effect = states.effect(record, chosen_effect(record, column), WORDS)
        return partial(_column, state=effect)
    if name == "part":
        return partial(_column, state=chosen_part(record, column, WORDS))
    return partial(DRAWERS[name], record=record)


def _axes() -> Any:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ExtraMissing(
            "extra-missing", what="A figure", package="matplotlib", extra="plots"
        ) from error
    return Figure(figsize=(WIDE, HIGH), layout="tight").subplots()


def _ladder(ax: Any, record: Record) -> None:
    state = states.ladder(record, WORDS)
    rows = state["rows"][::-1]
    for y, row in enumerate(rows):
        colour = FUNCTION if row["best"] else INK
        ax.plot([row["train"], row["score"]], [y, y], color=FRESH, alpha=0.25, lw=5)
        ax.plot(row["train"], y, "o", mfc="white", mec=QUIET, ms=4)
        ax.errorbar(row["score"], y, xerr=row["error"], fmt="o", color=colour, ms=5)
    low, high = min(r["train"] for r in rows), max(r["score"] for r in rows)
    if low > 0 and high / low > FAR:
        ax.set_xscale("log")
    ax.set_yticks(range(len(rows)), [row["label"] for row in rows])
    ax.set_xlabel(f"{state['xlabel']} (open: training rows)")


def _capacity(ax: Any, record: Record) -> None:
    state = states.capacity(record, WORDS)
    points = sorted(state["points"], key=lambda p: p["size"])
    size, fresh, train, error = (
        [p[k] for p in points] for k in ("size", "score", "train", "error")
    )
    ax.fill_between(size, train, fresh, color=FRESH, alpha=0.14, lw=0)
    ax.errorbar(size, fresh, yerr=error, fmt="o-", color=FRESH, label="unseen rows")
    ax.plot(size, train, "o-", mfc="white", color=INK, label="training rows")
    ax.set_xscale("log")
    ax.set_xlabel("parameters")
    ax.set_ylabel(state["ylabel"])
    ax.legend(frameon=False)


def _column(ax: Any, state: Record) -> None:
    if state["kind"] in ("number", "date"):
        _curve(ax, state)
    else:
        _levels(ax, state)
    if len(state["labels"]) > 1:
        ax.legend(frameon=False)


def _curve(ax: Any, state: Record) -> None:
    x: Any = np.array(state["x"])
    if state["kind"] == "date":
        x = np.datetime64("1970-01-01") + (x / DAY).astype("timedelta64[D]")
        _few_dates(ax)
    for values, label in zip(state["y"], state["labels"], strict=True):
        ax.plot(x, values, label=label, color=None if label else FUNCTION)
    if "low" in state and len(state["y"]) == 1:
        ax.fill_between(
            x, state["low"], state["high"], color=FUNCTION, alpha=0.14, lw=0
        )
    if "points" in state and state["kind"] == "number":
        ax.plot(state["points"]["x"], state["points"]["y"], ".", color=INK, alpha=0.35)
    ax.set_xlabel(state["xlabel"])
    ax.set_ylabel(_height(state))


def _few_dates(ax: Any) -> None:
    from matplotlib import dates

    every: Any = dates.AutoDateLocator()
    form: Any = dates.ConciseDateFormatter(every)
    ax.xaxis.set_major_locator(every)
    ax.xaxis.set_major_formatter(form)


def _height(state: Record) -> str:
    """The name of the answer's axis: of several classes, each curve has its own."""
    several = len(state["y"]) > 1 and state["band"] != "error"
    return "probability" if several else str(state["ylabel"])


def _levels(ax: Any, state: Record) -> None:
    names = [name or WORDS.VIEWS["view-missing"] for name in state["x"]]
    for values, label in zip(state["y"], state["labels"], strict=True):
        colour = None if label else FUNCTION
        ax.plot(values, range(len(names)), "o", label=label, color=colour)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set_xlabel(_height(state))
    ax.set_title(state["xlabel"], fontsize="medium")


def _plane(ax: Any, record: Record) -> None:
    state = states.field(record, WORDS)
    shown = state.get("k", state["z"])
    drawn = ax.pcolormesh(
        state["x"],
        state["y"],
        np.array(shown),
        shading="gouraud" if "k" not in state else "nearest",
        cmap="PuOr_r" if "k" not in state else "tab20",
        rasterized=True,
    )
    if "k" not in state:
        lines = state["levels"] if state.get("border") else LEVELS
        ax.contour(
            state["x"], state["y"], state["z"], lines, colors=INK, linewidths=0.6
        )
        ax.figure.colorbar(drawn, label=states.output(record, WORDS))
    else:
        _name_regions(ax, state)
    ax.set_xlabel(state["xlabel"])
    ax.set_ylabel(state["ylabel"])


def _name_regions(ax: Any, state: Record) -> None:
    """Each class's label in the middle of where it is the most probable."""
    x, y, k = (np.array(state[name]) for name in ("x", "y", "k"))
    for one in np.unique(k):
        row, column = np.nonzero(k == one)
        middle = x[column].mean(), y[row].mean()
        ax.annotate(state["labels"][one], middle, ha="center", va="center")


def _importance(ax: Any, record: Record) -> None:
    state = states.importance(record, WORDS)
    rows = state["rows"][:MOST_BARS][::-1]
    ax.barh(
        [row["label"] for row in rows],
        [row["rise"] for row in rows],
        xerr=[row["error"] for row in rows],
        color=FUNCTION,
        alpha=0.8,
    )
    ax.set_xlabel(state["xlabel"])


def _losses(ax: Any, record: Record) -> None:
    state = states.losses(record, WORDS) or {}
    training = np.array(state["training"])
    ax.plot(*training.T, color=INK, label="training")
    if "validation" in state:
        validation = np.array(state["validation"])
        ax.plot(*validation.T, color=FRESH, label="validation")
        ax.fill_between(
            training[:, 0],
            training[:, 1],
            np.maximum(training[:, 1], validation[:, 1]),
            color=FRESH,
            alpha=0.14,
            lw=0,
        )
    ax.set_xlabel("epoch")
    ax.set_ylabel("loss")
    ax.legend(frameon=False)


def _residuals(ax: Any, record: Record) -> None:
    state = states.residuals(record, WORDS)
    told, mean, spread = np.array(state["trend"]).T
    ax.axhline(0, color=QUIET, lw=0.8)
    ax.plot(*np.array(state["points"]).T, ".", color=INK, alpha=0.35)
    ax.plot(told, mean, color=FUNCTION)
    ax.fill_between(
        told, mean - spread, mean + spread, color=FUNCTION, alpha=0.14, lw=0
    )
    ax.set_xlabel(state["xlabel"])
    ax.set_ylabel(state["ylabel"])


def _reliability(ax: Any, record: Record) -> None:
    _told_and_true(ax, states.reliability(record, WORDS))


def _coverage(ax: Any, record: Record) -> None:
    _told_and_true(ax, states.coverage(record, WORDS))


def _told_and_true(ax: Any, state: Record) -> None:
    points = state["points"]
    told, true = [p["told"] for p in points], [p["share"] for p in points]
    if "low" in points[0]:
        ax.vlines(
            told,
            [p["low"] for p in points],
            [p["high"] for p in points],
            color=FUNCTION,
            alpha=0.3,
            lw=4,
        )
    ax.plot(told, true, "o-", color=FUNCTION)
    ax.plot([0, 1], [0, 1], ":", color=QUIET)
    ax.set_xlim(state.get("from", 0), 1)
    ax.set_ylim(state.get("from", 0), 1)
    ax.set_xlabel(state["xlabel"])
    ax.set_ylabel(state["ylabel"])
    gap = max(points, key=lambda p: abs(p["told"] - p["share"]))
    ax.set_title(
        f"largest gap {figures.plain(abs(gap['told'] - gap['share']), 2)}",
        fontsize="small",
        color=QUIET,
    )


DRAWERS: dict[str, Callable[..., None]] = {
    "ladder": _ladder,
    "capacity": _capacity,
    "column": _column,
    "part": _column,
    "plane": _plane,
    "importance": _importance,
    "losses": _losses,
    "residuals": _residuals,
    "reliability": _reliability,
    "coverage": _coverage,
}
