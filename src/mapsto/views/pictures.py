"""`mapsto.view`: one picture of a model, live in a notebook, still anywhere else.

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
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from importlib.util import find_spec
from typing import Any

from mapsto import catalogue, drawing
from mapsto.errors import OptionError
from mapsto.languages import Words, words_of
from mapsto.model import Model
from mapsto.views import states
from mapsto.views.composed import parts_of
from mapsto.views.composed import states as part_states
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
    "network": ("NetDiagram", states.network),
    "losses": ("LossChart", states.losses),
    "residuals": ("ResidualPlot", states.residuals),
    "confusion": ("Confusion", states.confusion),
    "reliability": ("Reliability", states.reliability),
    "coverage": ("Reliability", states.coverage),
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
    "column": lambda record: record["portrait"]["effects"],
    "part": lambda record: parts_of(record),
    "formula": lambda record: _formula(record),
}
"""What the model must have for a picture; the others every model has."""


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
    model: Model, name: str = "ladder", column: str | None = None, language: str = "en"
) -> Picture:
    """One picture of the model: "ladder", "capacity", "target", "column", "plane",
    "lift", "importance", "network", "losses", "residuals", "confusion",
    "reliability", "coverage", "part" or "formula". column: which, for "column"; which
    part, for "part", and along which of its columns: "wear" or "size.floor".

    Errors: OptionError (no such picture or column, or the model has none of it).
    """
    words, record = words_of(language), record_of(model)
    check(record, name)
    if name == "column":
        effect = states.effect(record, chosen_effect(record, column), words)
        return Picture(name, "Curve1D", effect, words.VIEWS)
    if name == "part":
        drawn = chosen_part(record, column, words)
        return Picture(name, "Curve1D", drawn, words.VIEWS)
    if name == "formula":
        told = _formula(record)
        state = states.formula(told) | {"alt": model.simplest.formula()}
        return Picture(name, "FormulaLine", state, words.VIEWS)
    component, make = MAKERS[name]
    return Picture(name, component, make(record, words) or {}, words.VIEWS)


def check(record: Record, name: str) -> None:
    """Raise OptionError where there is no such picture of this model."""
    if name not in NAMES:
        raise OptionError(
            "option-unknown",
            option="name",
            value=name,
            near=catalogue.near(name, list(NAMES)),
            choices=", ".join(NAMES),
        )
    if name in NEEDS and not NEEDS[name](record):
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
    drawn = list(part_states(record, words))
    names = [f"{s['ylabel']}.{s['column']}" for s in drawn]
    for name, state in zip(names, drawn, strict=True):
        if which in (None, name, state["ylabel"]):
            return state
    raise OptionError(
        "option-unknown",
        option="column",
        value=which,
        near=catalogue.near(str(which), [*parts_of(record), *names]),
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
    if picture.view == "FeatureBars":
        return drawing.bars(state["rows"][:MOST_BARS], state["alt"])
    if picture.view == "Curve1D" and state["kind"] in ("number", "date"):
        ends = state.get("low"), state.get("high")
        return drawing.curve(state["x"], state["y"][0], *ends, state["alt"])
    return ""
