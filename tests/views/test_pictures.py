"""Pictures in notebooks and on paper: every one, and with the model's numbers."""

import io
import sys

import numpy as np
import pytest
from problems import PROBLEMS

import mapsto
from mapsto import figures
from mapsto.errors import ExtraMissing, OptionError
from mapsto.views import notebook, pictures, plots
from mapsto.views.page import asset

COMMON = {"ladder", "capacity", "target", "importance", "coverage"}
HAS = {
    "town": {"activation", "column", "plane", "lift", "network", "losses", "residuals"},
    "moons": {"column", "plane", "lift", "confusion", "reliability"},
    "letters": {"column", "plane", "lift", "confusion", "reliability"},
    "cubic": {"column", "residuals"},
}


def possible(make, model, names):
    """The names for which `make` gives something instead of an OptionError."""
    found = set()
    for name in names:
        try:
            assert make(model, name) is not None
        except OptionError as error:
            assert "nothing of that kind" in str(error)
        else:
            found.add(name)
    return found


@pytest.mark.parametrize("name", HAS)
def test_which_pictures_a_model_has(name, request):
    model = request.getfixturevalue(name)

    given = possible(mapsto.view, model, set(pictures.NAMES) - {"formula"})

    assert given == COMMON | HAS[name]


OF_OTHERS = {
    "groups": {"map", "families", "strength"},
    "heap": {"map", "strength"},
    "wave": {"beside", "error", "errors", "sizes", "yardsticks", "network"},
    "hill": {"plane", "errors", "sizes", "network"},
    "dots": {"errors", "sizes", "network"},
}


@pytest.mark.parametrize("name", OF_OTHERS)
def test_which_pictures_groups_and_approximations_have(name, request):
    found = request.getfixturevalue(name)
    names = (
        pictures.OF_GROUPS
        if isinstance(found, mapsto.Groups)
        else pictures.OF_APPROXIMATIONS
    )

    assert possible(mapsto.view, found, names) == OF_OTHERS[name]
    assert mapsto.view(found, next(iter(OF_OTHERS[name]), "map")).finding
    with pytest.raises(OptionError, match="Choose from"):
        mapsto.view(found, "ladders")


def test_a_composition_has_its_parts(composed):
    picture = mapsto.view(composed, "parts", language="zh")

    assert picture.finding.startswith("size(area, floor)对预测的影响最大")


@pytest.mark.parametrize("name", ["groups", "heap", "wave", "hill"])
def test_it_is_drawn_in_a_notebook(name, request):
    """Still, where nothing is installed; nothing is loaded for it."""
    shown = request.getfixturevalue(name)._repr_html_()

    assert "<svg" in shown or name == "hill"
    assert "NaN" not in shown


@pytest.mark.parametrize("name", HAS)
def test_each_can_be_put_on_paper(name, request):
    """As vectors, in a PDF."""
    model = request.getfixturevalue(name)

    def printed(model, picture):
        file = io.BytesIO()
        mapsto.plot(model, picture).savefig(file, format="pdf")
        return file.getvalue().startswith(b"%PDF")

    assert possible(printed, model, plots.DRAWERS) == set(plots.DRAWERS) & (
        COMMON | HAS[name]
    )


@pytest.mark.parametrize("name", OF_OTHERS)
def test_groups_and_approximations_can_be_put_on_paper(name, request):
    """As vectors: no bitmap stands in the file."""
    found = request.getfixturevalue(name)
    drawers = (
        plots.OF_GROUPS if isinstance(found, mapsto.Groups) else plots.OF_APPROXIMATIONS
    )

    def printed(found, picture):
        file = io.BytesIO()
        mapsto.plot(found, picture).savefig(file, format="svg")
        return b"<image" not in file.getvalue()

    assert possible(printed, found, drawers) == OF_OTHERS[name]
    with pytest.raises(OptionError, match="Choose from"):
        mapsto.plot(found, "ladders")


def test_the_figure_of_an_approximation_is_the_network(wave):
    """The line is the network, the dots are f."""
    dots, line = mapsto.plot(wave).axes[0].lines

    x, y = line.get_data()
    assert y == pytest.approx(wave.predict(np.asarray(x)), abs=1e-9)
    x, f = dots.get_data()
    assert f == pytest.approx(np.sin(2 * np.asarray(x)), abs=1e-6)


def test_the_figure_of_groups_has_every_row(groups):
    drawn = mapsto.plot(groups).axes[0].lines

    assert sum(len(one.get_xdata()) for one in drawn) == len(groups.record["map"]["x"])
    assert [one.get_label() for one in drawn] == ["Group 1", "Group 2"]


def test_every_picture_is_told(town):
    """The table at the head of the file names them all."""
    for name in pictures.NAMES:
        assert f"\n| {name} " in pictures.__doc__
    for name in (*pictures.NAMES, *pictures.OF_GROUPS, *pictures.OF_APPROXIMATIONS):
        assert f'"{name}"' in mapsto.view.__doc__
    for name in (*plots.DRAWERS, *plots.OF_GROUPS, *plots.OF_APPROXIMATIONS):
        assert f'"{name}"' in mapsto.plot.__doc__


def test_a_column_is_drawn_as_the_model_predicts(cubic):
    figure = mapsto.plot(cubic, "column", column="x0")

    x, y = figure.axes[0].lines[0].get_data()
    assert y == pytest.approx(cubic.predict({"x0": np.array(x)}), abs=1e-4)


def test_dates_are_few_and_short():
    table, _ = PROBLEMS["dates"].draw(0, 200)
    model = mapsto.fit(table, "y", families=("line",), effort="quick")

    figure = mapsto.plot(model, "column")
    figure.draw_without_rendering()

    labels = [t.get_text() for t in figure.axes[0].get_xticklabels()]
    assert 2 <= len(labels) <= 10
    assert all(len(label) <= 4 for label in labels)


def test_it_draws_on_the_callers_axes(town):
    from matplotlib.figure import Figure

    ours = Figure()
    left, right = ours.subplots(1, 2)

    assert mapsto.plot(town, "ladder", ax=left) is ours
    assert left.get_xlabel()
    assert not right.get_xlabel()


def test_a_widget_holds_the_view(town):
    widget = mapsto.view(town, "ladder").widget()

    assert widget.view == "Leaderboard"
    assert [r["score"] for r in widget.state["rows"]] == [
        r.score for r in town.ladder.values()
    ]
    assert "simplest adequate" in widget.words.values()


def test_a_notebook_shows_it_live(town):
    bundle = mapsto.view(town, "ladder")._repr_mimebundle_()

    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "application/vnd.jupyter.widget-view+json" in data


def test_marimo_shows_it_live(town):
    """It asks for `_display_`, and a widget it knows how to show."""
    assert mapsto.view(town, "ladder")._display_().view == "Leaderboard"


def test_the_notebooks_theme_goes_before_the_systems():
    """Ink on paper in a light notebook on a dark system, and the other way round."""
    told = notebook.styles()

    for host, ink in (("true", "#1d2733"), ("false", "#e9e4d8")):
        rule = told.split(f"[data-jp-theme-light='{host}'] .mapsto {{")[1]
        assert f"--ink: {ink}" in rule.split("}")[0]
    assert told.startswith(asset("tokens.css").decode())


def test_without_anywidget_it_is_still(town, monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.setattr(pictures, "find_spec", lambda name: None)
    pictures.widget.__globals__["_widget_class"].cache_clear()
    picture = mapsto.view(town, "ladder")

    assert "<svg" in picture._repr_mimebundle_()["text/html"]
    assert picture.finding in picture._repr_html_()
    assert picture._display_()._repr_html_() == picture._repr_html_()
    with pytest.raises(ExtraMissing, match="mapsto\\[notebook\\]"):
        picture.widget()


def test_without_matplotlib_it_says_what_to_install(town, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)

    with pytest.raises(ExtraMissing, match="mapsto\\[plots\\]"):
        mapsto.plot(town)


@pytest.mark.parametrize("make", [mapsto.view, mapsto.plot])
def test_what_is_not_there(make, town):
    with pytest.raises(OptionError, match="Did you mean 'ladder'"):
        make(town, "lader")
    with pytest.raises(OptionError, match="Did you mean 'area'"):
        make(town, "column", column="aera")


def test_a_network_that_did_not_descend_has_no_losses():
    """Levenberg and Marquardt's method has steps, but no epochs."""
    table, _ = PROBLEMS["cubic"].draw(0, 60)
    asked = {"network": {"solver": "levenberg_marquardt", "hidden": (2,)}}
    model = mapsto.fit(
        table, "y", families=("network",), hyperparameters=asked, effort="quick"
    )

    assert mapsto.view(model, "network").finding
    with pytest.raises(OptionError, match="nothing of that kind"):
        mapsto.view(model, "losses")


def test_a_model_and_its_ladder_show_themselves(model):
    """Scores as in print, drawn and in a table."""
    for shown in (model._repr_html_(), model.ladder._repr_html_()):
        assert shown.count("<svg") == 1
        for rung in model.ladder.values():
            pair = figures.with_error(rung.score, rung.standard_error)
            assert " ± ".join(pair) in shown
