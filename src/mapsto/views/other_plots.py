"""Figures for papers of groups and of approximations, by Matplotlib."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from mapsto.approximation.result import Approximation
from mapsto.groups import Groups
from mapsto.languages import words_of
from mapsto.views import approximation_states, group_states
from mapsto.views.ink import COLOURS, FUNCTION, INK, MARKERS, QUIET

State = Mapping[str, Any]
WORDS = words_of("en")
FILLED = 24  # steps of a heat map, which stays vectors
THICK, THIN = 3.0, 0.3  # points: the largest and the smallest weight
LEAST = 0.08  # weights below this share of the largest are left out


def _map(ax: Any, groups: Groups) -> None:
    state = group_states.heaps(groups.record, WORDS)
    x, y, group = (np.array(state[k]) for k in ("x", "y", "group"))
    for k, name in enumerate(state["named"]):
        mine = group == k + 1
        colour, marker = COLOURS[k % len(COLOURS)], MARKERS[k % len(MARKERS)]
        ax.plot(x[mine], y[mine], marker, color=colour, ms=4, alpha=0.75, label=name)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_xlabel("the plane that parts the groups the most")
    if len(state["named"]) > 1:
        ax.legend(frameon=False, fontsize="small")


def _families(ax: Any, groups: Groups) -> None:
    _side_by_side(ax, group_states.families(groups.record, WORDS))


def _strength(ax: Any, groups: Groups) -> None:
    _lines(ax, group_states.strength(groups.record, WORDS))


def _beside(ax: Any, made: Approximation) -> None:
    state = approximation_states.beside(made, WORDS)
    dots = state["points"]
    ax.plot(dots["x"], dots["y"], "o", color=INK, ms=3, label="f")
    ax.plot(state["x"], state["y"][0], color=FUNCTION, label="network")
    ax.set_xlabel(state["xlabel"])
    ax.legend(frameon=False)


def _error(ax: Any, made: Approximation) -> None:
    state = approximation_states.error(made, WORDS)
    if "low" in state:
        ax.fill_between(
            state["x"], state["low"], state["high"], color=QUIET, alpha=0.15, lw=0,
            label="tolerance",
        )  # fmt: skip
        ax.legend(frameon=False)
    ax.axhline(0, color=QUIET, lw=0.8)
    ax.plot(state["x"], state["y"][0], color=FUNCTION)
    ax.set_xlabel(state["xlabel"])
    ax.set_ylabel("f − network")


def _plane(ax: Any, made: Approximation) -> None:
    state = approximation_states.plane(made, WORDS) or {}
    across, up, z = (np.array(state[k]) for k in ("x", "y", "z"))
    drawn = ax.contourf(across, up, z, FILLED, cmap="PuOr_r")
    ax.contour(across, up, z, state["levels"], colors=INK, linewidths=0.6)
    ax.figure.colorbar(drawn, label="network")
    ax.set_xlabel(state["xlabel"])
    ax.set_ylabel(state["ylabel"])


def _errors(ax: Any, made: Approximation) -> None:
    state = approximation_states.errors(made, WORDS)
    ax.stairs(state["counts"], state["edges"], fill=True, color=INK, alpha=0.6)
    ax.set_xlabel("f − network")
    ax.set_ylabel("points")


def _sizes(ax: Any, made: Approximation) -> None:
    _lines(ax, approximation_states.sizes(made, WORDS))


def _yardsticks(ax: Any, made: Approximation) -> None:
    _side_by_side(ax, approximation_states.yardsticks(made, WORDS))
    ax.set_xscale("log")


def _network(ax: Any, made: Approximation) -> None:
    """Layers from left to right; a line for a weight, its width the size."""
    state = approximation_states.network(made, WORDS)
    counts = [len(state["inputs"]), *(len(w[0]) for w in state["weights"])]
    places = [np.arange(n, 0, -1) - (n + 1) / 2 for n in counts]
    for layer, weights in enumerate(map(np.array, state["weights"])):
        size = np.abs(weights) / max(np.abs(weights).max(), np.finfo(float).tiny)
        for i, j in zip(*np.nonzero(size > LEAST), strict=True):
            ends = places[layer][i], places[layer + 1][j]
            colour = COLOURS[0] if weights[i, j] > 0 else COLOURS[1]
            wide = THIN + (THICK - THIN) * size[i, j]
            ax.plot([layer, layer + 1], ends, color=colour, lw=wide, zorder=1)
    for layer, up in enumerate(places):
        ax.plot(np.full(len(up), layer), up, "o", mfc="white", mec=INK, ms=9)
    for name, up in zip(state["inputs"], places[0], strict=True):
        ax.annotate(name, (-0.12, up), ha="right", va="center", style="italic")
    ax.annotate("N", (len(counts) - 0.88, 0), va="center", style="italic")
    ax.set_xlim(-0.5, len(counts) - 0.5)
    ax.set_ylim(-max(counts) / 2 - 0.5, max(counts) / 2 + 0.5)
    ax.set_xlabel(f"{state['activation']}; blue: positive weights, ochre: negative")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[["left", "bottom"]].set_visible(False)


def _side_by_side(ax: Any, state: State) -> None:
    """A dot for each of several, the chosen one coloured."""
    rows = state["rows"][::-1]
    for y, row in enumerate(rows):
        ax.plot(row["score"], y, "o", color=FUNCTION if row["best"] else INK)
    ax.set_yticks(range(len(rows)), [row["label"] for row in rows])
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlabel(state["xlabel"])


def _lines(ax: Any, state: State) -> None:
    """A line for each kind, by its size; the chosen one ringed; the limit dotted."""
    kinds = list(dict.fromkeys(p["line"] for p in state["points"]))
    for k, kind in enumerate(kinds):
        mine = sorted(
            (p for p in state["points"] if p["line"] == kind), key=lambda p: p["size"]
        )
        colour, marker = COLOURS[k % len(COLOURS)], MARKERS[k % len(MARKERS)]
        sizes, scores = [p["size"] for p in mine], [p["score"] for p in mine]
        ax.plot(sizes, scores, f"{marker}-", color=colour, ms=4, label=kind)
    for p in state["points"]:
        if p["chosen"]:
            ax.plot(p["size"], p["score"], "o", mfc="none", mec=FUNCTION, ms=10)
    if "limit" in state:
        ax.axhline(state["limit"]["value"], color=QUIET, ls=":", lw=1)
    if state.get("bent"):
        ax.set_yscale("log")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_xlabel(state["xlabel"])
    ax.set_ylabel(state["ylabel"])
    if len(kinds) > 1:
        ax.legend(frameon=False, fontsize="small")


OF_GROUPS: dict[str, Callable[[Any, Groups], None]] = {
    "map": _map,
    "families": _families,
    "strength": _strength,
}
OF_APPROXIMATIONS: dict[str, Callable[[Any, Approximation], None]] = {
    "beside": _beside,
    "plane": _plane,
    "error": _error,
    "errors": _errors,
    "sizes": _sizes,
    "yardsticks": _yardsticks,
    "network": _network,
}
