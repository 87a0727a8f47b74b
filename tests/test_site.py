"""The site builds without a warning, and its pictures show what Python says.

Without Sphinx (`make site` installs it) these tests are skipped, and under CI they
fail.
"""

import contextlib
import html
import io
import json
import os
import re
import warnings
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from browsing import EMPTY, SPILT, browser, complaints

import mapsto

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
GUIDES = {"guide": "en", "guide-zh": "zh-Hans"}
LIVING = ("index", *GUIDES)
WIDTHS = (390, 1280)

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the built site; the code of its pages has run in this process."""
    if find_spec("sphinx") is None:
        assert not os.environ.get("CI"), "CI needs Sphinx: make test installs it"
        pytest.skip("Sphinx is not installed")
    from sphinx.cmd.build import main

    folder = tmp_path_factory.mktemp("site")
    options = ["--quiet", "--fresh-env", "--fail-on-warning", "--keep-going"]
    told = io.StringIO()
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(told),
        contextlib.redirect_stderr(told),
    ):
        warnings.simplefilter("ignore")
        code = main([*options, str(DOCS), str(folder)])
    assert code == 0, told.getvalue()
    return folder


def states(page: Path) -> dict[str, dict]:
    """What each view of a built page draws, by its key."""
    (found,) = re.findall(
        r'id="mapsto-state">(.*?)</script>', page.read_text("utf-8"), re.DOTALL
    )
    return json.loads(found)["states"]


# ── the pages ──


def test_every_page_is_built(site):
    built = {path.stem for path in site.glob("*.html")}

    assert {path.stem for path in DOCS.glob("*.md")} <= built


def test_every_public_name_is_in_the_reference(site):
    page = (site / "api.html").read_text("utf-8")

    for name in set(mapsto.__all__) - {"errors", "events", "examples"}:
        assert f'id="mapsto.{name}"' in page
    for module in ("errors", "events", "examples"):
        assert f'id="module-mapsto.{module}"' in page


def test_arguments_are_told_one_by_one(site):
    """Those of `mapsto.fit`, in a list, and its errors after them."""
    page = (site / "api.html").read_text("utf-8")
    start = page.index('id="mapsto.fit"')
    told = page[start : page.index("</dl>", start)]

    names = re.findall(r"<li><p><strong>(\w+)</strong>: ", told)
    assert {"data", "families", "monotone", "on_event"} <= set(names)
    assert "<em>Errors:</em> DataError" in told


# ── the pictures ──


def walk(page: str, site: Path):
    """Each picture of a page: what it is of, its name, and the state that is drawn."""
    import living

    text = (DOCS / f"{page}.md").read_text("utf-8")
    drawn = iter(states(site / f"{page}.html").values())
    programs: tuple[str, ...] = ()
    for language, body in living.BLOCK.findall(text):
        if language == "python":
            programs += (body,)
        elif language == "{picture}":
            of, name = re.match(r'mapsto\.view\((.+?), "(\w+)"', body).groups()
            yield eval(of, dict(living.after(programs))), name, next(drawn)


def same_column(model, state):
    """The curve is the prediction, and the band its interval."""
    x = {model.columns[0].name: np.array(state["x"])}
    band = model.predict_interval(x)

    assert state["y"][0] == pytest.approx(model.predict(x), rel=1e-3, abs=1e-3)
    assert state["low"] == pytest.approx(band["lower"], rel=1e-2, abs=1e-2)
    assert state["high"] == pytest.approx(band["upper"], rel=1e-2, abs=1e-2)


def over_the_plane(model, state):
    across, up = np.meshgrid(state["x"], state["y"])
    names = (state["xlabel"], state["ylabel"])
    rows = dict(zip(names, (across.ravel(), up.ravel()), strict=True))
    if model.task == "regression":
        return np.asarray(model.predict(rows)).reshape(across.shape)
    return np.asarray(model.predict_proba(rows)["old"]).reshape(across.shape)


def same_plane(model, state):
    z = over_the_plane(model, state)

    assert np.array(state["z"]) == pytest.approx(z, rel=1e-3, abs=2e-3)


def same_lift(model, state):
    """Prices as they are; a probability as its log-odds, cut at 4."""
    z = over_the_plane(model, state)
    if model.task == "classification":
        z = np.clip(np.log(z + 1e-3) - np.log(1 - z + 1e-3), -4, 4)

    assert np.array(state["z"]) == pytest.approx(z, rel=1e-2, abs=0.05)


def same_ladder(model, state):
    drawn = [(row["score"], row["error"], row["train"]) for row in state["rows"]]

    assert drawn == [
        (r.score, r.standard_error, r.train_score) for r in model.ladder.values()
    ]


def same_network(model, state):
    """The widths of the layers, and a weight from each neuron to each."""
    hidden = list(model.rungs["network"].hyperparameters["hidden"])

    assert state["sizes"] == [len(model.columns), *hidden, 1]
    shapes = [np.shape(w) for w in state["weights"]]
    assert shapes == list(zip(state["sizes"], state["sizes"][1:], strict=False))


def same_losses(model, state):
    told = model.rungs["network"].details

    assert state["training"] == [list(pair) for pair in told["training"]]
    assert state["validation"] == [list(pair) for pair in told["validation"]]


SAME = {
    "column": same_column,
    "ladder": same_ladder,
    "lift": same_lift,
    "losses": same_losses,
    "network": same_network,
    "plane": same_plane,
}


@pytest.mark.parametrize("page", GUIDES)
def test_the_pictures_of_the_guide_show_what_python_says(page, site):
    seen = []
    for model, name, state in walk(page, site):
        SAME[name](model, state)
        seen.append(name)

    assert set(seen) == set(SAME)
    assert len(seen) == len(states(site / f"{page}.html"))


def test_an_unknown_name_in_a_picture_stops_the_build(site):
    import living

    page = "```python\nimport mapsto\n```\n```{picture}\nmapsto.view(nobody)\n```\n"
    with pytest.raises(NameError, match="nobody"):
        list(living.pictures(page))


# ── in a browser ──


@pytest.fixture(scope="module")
def chromium():
    with browser() as opened:
        yield opened


@pytest.mark.parametrize("name", [*LIVING, "matlab", "api"])
def test_nothing_is_missing_or_spilt(name, site, chromium):
    """At each width and in each theme, from disk: all drawn, nothing beyond."""
    page = chromium.new_page()
    loud = complaints(page)
    page.goto((site / f"{name}.html").as_uri())

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(150)
            assert page.evaluate(SPILT) == [], (scheme, width)
            assert page.evaluate(EMPTY) == []
    assert page.locator("[data-view]").count() == (
        len(states(site / f"{name}.html")) if name in LIVING else 0
    )
    assert loud == []
    page.close()


@pytest.mark.parametrize("name", [*LIVING, "report", "estimators", "matlab"])
def test_a_screen_reader_finds_its_way(name, site, chromium):
    """axe-core has nothing to complain of, in both themes."""
    from axe_playwright_python.sync_playwright import Axe

    page = chromium.new_page()
    page.goto((site / f"{name}.html").as_uri())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(150)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []
    page.close()


@pytest.mark.parametrize("name", GUIDES)
def test_a_curve_is_read_as_python_predicts(name, site, chromium):
    """With the keyboard, on the first picture: x ↦ y as the line gives it."""
    line, *_ = next(walk(name, site))
    page = chromium.new_page()
    page.goto((site / f"{name}.html").as_uri())
    slider = page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowRight")

    x, y = slider.get_attribute("aria-valuetext").split(" ↦ ")
    page.close()

    assert float(y) == pytest.approx(float(line.predict({"area": [float(x)]})[0]), 5e-3)


@pytest.mark.parametrize(("name", "language"), GUIDES.items())
def test_a_page_speaks_one_language(name, language, site):
    page = (site / f"{name}.html").read_text("utf-8")

    assert re.search(r'<html[^>]* lang="([^"]+)"', page)[1] == language
    for caption in re.findall(r"<figcaption>(.*?)</figcaption>", page):
        chinese = re.search(r"[\u4e00-\u9fff]", html.unescape(caption))
        assert bool(chinese) == (language != "en"), caption
