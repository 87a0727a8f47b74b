"""`mapsto.view`: one picture, live in a notebook, still anywhere else.

| name       | shows                                                             |
|------------|-------------------------------------------------------------------|
| ladder     | each rung's score with its standard error                         |
| capacity   | the error on fresh and on training rows by the number of parameters |
| target     | how often each value of the target is                             |
| column     | the function along one column (the one that matters most)         |
| plane      | the function over two numbers                                     |
| lift       | the same as a surface that can be turned                          |
| importance | what shuffling each column costs                                  |
| network    | the network's layers and strongest weights                        |
| losses     | its training, epoch by epoch                                      |
| residuals  | truth minus prediction on unseen rows; regression                 |
| confusion  | true against told classes of unseen rows; classification          |
| reliability | told against true probabilities; classification                  |
| coverage   | coverage asked against coverage measured                          |
| part       | a part of a composition along one of its columns                  |
| formula    | the simplest function written out                                 |
| parts      | how much each part of a composition moves the prediction          |
| activation | what a neuron of the network does with its weighted sum           |

of groups: map, families, strength; and of an approximation: beside (the network and
f), plane, error, errors, sizes, yardsticks, network; of the evidence for one picture:
evidence.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from html import escape
from importlib.util import find_spec
from typing import Any

from mapsto import catalogue, drawing
from mapsto.approximation.result import Approximation
from mapsto.errors import OptionError
from mapsto.evidence import Evidence
from mapsto.groups import Groups
from mapsto.languages import Words, words_of
from mapsto.views import (
    approximation_states,
    composed,
    group_states,
    image_states,
    network_states,
    states,
)
from mapsto.views.drawable import record_of
from mapsto.views.notebook import widget

State = dict[str, Any]
Record = Mapping[str, Any]
MOST_BARS = 12

MAKERS: dict[str, tuple[str, Callable[[Record, Words], State | None]]] = {
    "ladder": ("Leaderboard", states.ladder),
    "capacity": ("CapacityChart", states.capacity),
    "target": ("Histogram", states.target),
    "plane": ("Field2D", states.field),
    "lift": ("Lift3D", states.lift),
    "importance": ("FeatureBars", states.importance),
    "network": ("NetDiagram", network_states.network),
    "losses": ("LossChart", states.losses),
    "residuals": ("ResidualPlot", states.residuals),
    "confusion": ("Confusion", states.confusion),
    "reliability": ("Reliability", states.reliability),
    "coverage": ("Reliability", states.coverage),
    "parts": ("Parts", composed.overview),
    "activation": ("ActivationCurve", states.activation),
}
NAMES = (*MAKERS, "column", "part", "formula")
NEEDS: dict[str, Callable[[Record], Any]] = {
    "plane": lambda record: record["portrait"]["pair"],
    "lift": lambda record: record["portrait"]["pair"],
    "network": lambda record: record["portrait"].get("network"),
    "losses": lambda record: states.losses(record, words_of("en")),
    "residuals": lambda record: record["portrait"].get("residuals"),
    "confusion": lambda record: record["portrait"].get("confusion"),
    "reliability": lambda record: record["portrait"].get("reliability"),
    "parts": composed.parts_of,
    "part": composed.parts_of,
    "activation": lambda record: record["rungs"].get("network"),
    "column": lambda record: record["portrait"]["effects"],
    "formula": lambda record: _formula(record),
}
"""What the model must have for a picture; the others every model has."""

OF_GROUPS: dict[str, tuple[str, Callable[[Record, Words], State]]] = {
    "map": ("GroupMap", group_states.heaps),
    "families": ("Leaderboard", group_states.families),
    "strength": ("CapacityChart", group_states.strength),
}
GROUPS_NEED = {"families": "rungs", "strength": "tried"}
OF_APPROXIMATIONS: dict[str, tuple[str, Callable[[Any, Words], State | None]]] = {
    "beside": ("Curve1D", approximation_states.beside),
    "plane": ("Field2D", approximation_states.plane),
    "error": ("Curve1D", approximation_states.error),
    "errors": ("Histogram", approximation_states.errors),
    "sizes": ("CapacityChart", approximation_states.sizes),
    "yardsticks": ("Leaderboard", approximation_states.yardsticks),
    "network": ("NetDiagram", approximation_states.network),
}
APPROXIMATIONS_NEED: dict[str, Callable[[Approximation], Any]] = {
    "beside": lambda made: len(made.names) == 1,
    "error": lambda made: len(made.names) == 1,
    "plane": lambda made: approximation_states.plane(made, words_of("en")),
    "yardsticks": lambda made: made.yardsticks,
}


@dataclass(frozen=True)
class Still:
    """A drawing that is HTML and nothing else."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


@dataclass(frozen=True)
class Picture:
    """A view and what it shows. A notebook draws it live where anywidget is
    installed (`pip install 'mapsto[notebook]'`), and still where it is not."""

    name: str
    view: str
    state: State
    words: Mapping[str, str]

    @property
    def finding(self) -> str:
        """What the picture shows, as a sentence."""
        return str(self.state["alt"])

    def widget(self) -> Any:
        """The live picture, an anywidget. Errors: ExtraMissing."""
        return widget(self.view, self.state, self.words)

    def _repr_mimebundle_(self, **asked: Any) -> Any:
        if find_spec("anywidget"):
            return self.widget()._repr_mimebundle_(**asked)
        return {"text/html": self._repr_html_(), "text/plain": self.finding}

    def _display_(self) -> Any:
        """The door of marimo, which does not look at mime bundles."""
        return self.widget() if find_spec("anywidget") else Still(self._repr_html_())

    def _repr_html_(self) -> str:
        return f"{still(self)}<p>{escape(self.finding)}</p>"

    def __str__(self) -> str:
        return self.finding


def view(
    model: Any, name: str = "", column: str | None = None, language: str = "en"
) -> Picture:
    """One picture of a model: "ladder", "capacity", "target", "column", "plane",
    "lift", "importance", "network", "losses", "residuals", "confusion",
    "reliability", "coverage", "part", "parts", "activation" or "formula"; of groups:
    "map", "families" or "strength"; of an approximation: "beside", "plane", "error",
    "errors", "sizes", "yardsticks" or "network"; of `model.evidence(picture)`:
    "evidence". The first of each is the default.
    column: which, for "column"; which part, for "part", and along which of its
    columns: "wear" or "size.floor".

    Errors: OptionError (no such picture or column, or there is none of it).
    """
    words = words_of(language)
    if isinstance(model, Groups):
        return _of_groups(model, name or "map", words)
    if isinstance(model, Approximation):
        return _of_approximation(model, name or "beside", words)
    if isinstance(model, Evidence):
        return _of_evidence(model, name or "evidence", words)
    return _of_model(model, name or "ladder", column, words)


def _of_groups(groups: Groups, name: str, words: Words) -> Picture:
    known(name, OF_GROUPS)
    present_of_groups(groups, name)
    component, make = OF_GROUPS[name]
    return Picture(name, component, make(groups.record, words), words.VIEWS)


def _of_approximation(made: Approximation, name: str, words: Words) -> Picture:
    known(name, OF_APPROXIMATIONS)
    present_of_approximation(made, name)
    component, make = OF_APPROXIMATIONS[name]
    return Picture(name, component, make(made, words) or {}, words.VIEWS)


def _of_evidence(seen: Evidence, name: str, words: Words) -> Picture:
    known(name, ["evidence"])
    state = image_states.evidence(seen, words)
    return Picture(name, "ImageProb", state, words.VIEWS)


def _of_model(model: Any, name: str, column: str | None, words: Words) -> Picture:
    record = record_of(model)
    check(record, name)
    if name == "column":
        effect = states.effect(record, chosen_effect(record, column), words)
        return Picture(name, "Curve1D", effect, words.VIEWS)
    if name == "part":
        drawn = chosen_part(record, column, words)
        return Picture(name, "Curve1D", drawn, words.VIEWS)
    if name == "formula":
        told = _formula(record)
        state = states.formula(told, words) | {"alt": model.simplest.formula()}
        return Picture(name, "FormulaLine", state, words.VIEWS)
    component, make = MAKERS[name]
    return Picture(name, component, make(record, words) or {}, words.VIEWS)


def check(record: Record, name: str) -> None:
    """Raise OptionError where there is no such picture of this model."""
    known(name, NAMES)
    present(name not in NEEDS or NEEDS[name](record), name)


def known(name: str, names: Collection[str]) -> str:
    """The name. Errors: OptionError (no picture is called so)."""
    if name not in names:
        raise OptionError(
            "option-unknown",
            option="name",
            value=name,
            near=catalogue.near(name, list(names)),
            choices=", ".join(names),
        )
    return name


def present_of_groups(groups: Groups, name: str) -> None:
    """Raise OptionError where the groups have no such picture."""
    present(name not in GROUPS_NEED or groups.record[GROUPS_NEED[name]], name)


def present_of_approximation(made: Approximation, name: str) -> None:
    """Raise OptionError where the approximation has no such picture."""
    present(APPROXIMATIONS_NEED.get(name, bool)(made), name)


def present(there: Any, name: str) -> None:
    """Raise OptionError where there is nothing to draw."""
    if not there:
        problem = "this model has nothing of that kind to show"
        raise OptionError("option-bad", option="name", value=name, problem=problem)


def chosen_effect(record: Record, column: str | None) -> Record:
    """The curve of a column, or of the one that matters most."""
    drawn = {one["column"]: one for one in record["portrait"]["effects"]}
    if column is not None and column not in drawn:
        raise OptionError(
            "option-unknown",
            option="column",
            value=column,
            near=catalogue.near(column, list(drawn)),
            choices=catalogue.listed(list(drawn)),
        )
    first: Record = drawn[column] if column else next(iter(drawn.values()))
    return first


def chosen_part(record: Record, which: str | None, words: Words) -> State:
    """A part along the column that is named, or the first of either."""
    drawn = list(composed.states(record, words))
    names = [f"{s['ylabel']}.{s['column']}" for s in drawn]
    for name, state in zip(names, drawn, strict=True):
        if which in (None, name, state["ylabel"]):
            return state
    raise OptionError(
        "option-unknown",
        option="column",
        value=which,
        near=catalogue.near(str(which), [*composed.parts_of(record), *names]),
        choices=catalogue.listed(names),
    )


def _formula(record: Record) -> Any:
    """That of the simplest adequate function, if it has one."""
    return record["rungs"][record["simplest"]]["details"].get("formula")


def still(picture: Picture) -> str:
    """The drawing as SVG text where one is made without scripts, or nothing."""
    state = picture.state
    if picture.view == "Leaderboard":
        return drawing.rungs(state["rows"], state["alt"])
    if picture.view == "GroupMap":
        return drawing.heaps(state["x"], state["y"], state["group"], state["alt"])
    if picture.view == "FeatureBars":
        return drawing.bars(state["rows"][:MOST_BARS], state["alt"])
    if picture.view == "Curve1D" and state["kind"] in ("number", "date"):
        ends = state.get("low"), state.get("high")
        return drawing.curve(state["x"], state["y"][0], *ends, state["alt"])
    return ""
