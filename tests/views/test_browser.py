"""The report in a real Chromium, from disk: nothing missing, cut, spilt or loud.

Without a Chromium these tests are skipped, and under CI=true they fail.
"""

from itertools import product

import numpy as np
import pytest
from browsing import EMPTY, SPILT, browser, complaints
from test_image_prob import made_up

import mapsto
from mapsto import catalogue, figures
from mapsto.views.page import asset

WIDTHS = (390, 1280, 1920)
SETTLED = 150  # milliseconds for a new width or theme to be drawn

SHOWN = [
    *product(("town", "moons", "letters", "cubic", "flat", "wide"), ("en", "zh")),
    *product(("groups", "hill", "dots", "shapes"), ["en"]),
    *product(("composed", "heap", "wave", "bright"), ["zh"]),
]

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def chromium():
    with browser() as opened:
        yield opened


@pytest.fixture
def opened(chromium, tmp_path):
    """`opened(model, language)`: the report, and what the page complained of."""
    pages = []

    def open_page(model, language="en", scripts=True):
        path = mapsto.report(model, tmp_path / f"{language}.html", language)
        context = chromium.new_context(java_script_enabled=scripts)
        page = context.new_page()
        pages.append(context)
        loud = complaints(page)
        page.goto(path.as_uri())
        return page, loud

    yield open_page
    for context in pages:
        context.close()


@pytest.mark.parametrize(("name", "language"), SHOWN)
def test_nothing_is_missing_or_spilt(name, language, opened, request):
    """At each width and in each theme: all views drawn, no text beyond the page."""
    page, loud = opened(request.getfixturevalue(name), language)

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(SETTLED)
            assert page.evaluate(SPILT) == [], width
            assert page.evaluate(EMPTY) == []
    assert loud == []


KINDS = ("town", "moons", "letters", "shapes", "bright", "groups", "composed", "wave")
"""Tables, pictures, groups, compositions and approximations."""


@pytest.mark.parametrize(("name", "language"), [*product(KINDS, ("en", "zh"))])
def test_a_screen_reader_finds_its_way(opened, name, language, request):
    """axe-core has nothing to complain of, in both themes."""
    from axe_playwright_python.sync_playwright import Axe

    page, _ = opened(request.getfixturevalue(name), language)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []


def test_every_picture_tells_its_finding(opened, town):
    page, _ = opened(town)

    told = page.locator("svg[role=img]").evaluate_all(
        "pictures => pictures.map(p => p.getAttribute('aria-label'))"
    )

    assert len(told) > 10
    assert all(len(sentence) > 10 for sentence in told)


def test_the_ladder_shows_the_models_scores(opened, town):
    page, _ = opened(town)

    titles = page.locator(
        "[data-view=Leaderboard] circle.dot title"
    ).all_text_contents()

    expected = [
        f"{r.family}: {' ± '.join(figures.with_error(r.score, r.standard_error))}"
        for r in town.ladder.values()
    ]
    assert [t.strip() for t in titles] == expected


def test_a_curve_is_read_with_the_keyboard(opened, cubic):
    """The first point of the curve, as the Python face predicts it."""
    page, _ = opened(cubic)
    slider = page.get_by_role("slider", name="Read the function along x0")
    slider.focus()

    slider.press("ArrowRight")
    slider.press("ArrowLeft")

    x, y = slider.get_attribute("aria-valuetext").split(" ↦ ")
    predicted = float(cubic.predict({"x0": [float(x)]})[0])
    assert float(y) == pytest.approx(predicted, abs=0.02)


def test_the_theme_can_be_turned(opened, town):
    page, _ = opened(town)
    page.emulate_media(color_scheme="light")
    paper = "() => getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(paper)

    page.get_by_role("button", name="Light or dark").click()

    assert page.evaluate(paper) != before
    assert page.locator("#mapsto-theme").get_attribute("aria-pressed") == "true"


def test_all_columns_are_shown_on_demand(opened, wide):
    page, _ = opened(wide)
    bars = page.locator("[data-view=FeatureBars] rect")
    assert bars.count() == 12

    page.locator("[data-view=FeatureBars] button").click()

    assert bars.count() == len(wide.columns)


HOST = """async (source) => {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  const { default: module } = await import(url)
  const listeners = new Set()
  const values = { view: 'FormulaLine', words: {},
    state: { outputs: [{ name: 'y', intercept: '1', terms: [], more: 0 }] } }
  const model = {
    get: (key) => values[key],
    on: (event, listener) => listeners.add(listener),
    off: (event, listener) => listeners.delete(listener),
  }
  const pause = () => new Promise((done) => setTimeout(done, 50))
  const place = () => document.createElement('div')
  const host = document.body.appendChild(place())
  const el = host.attachShadow({ mode: 'open' }).appendChild(place())
  const leave = module.render({ model, el })
  const told = [el.textContent.trim()]
  values.state = { outputs: [{ name: 'y', intercept: '2', terms: [], more: 0 }] }
  listeners.forEach((listener) => listener())
  await pause()
  told.push(el.textContent.trim())
  leave()
  await pause()
  return [...told, el.textContent.trim(), listeners.size]
}"""


def test_a_notebook_is_a_host_of_the_views(chromium):
    """anywidget's contract, in a shadow root as in marimo: drawn, redrawn, gone."""
    page = chromium.new_page()

    first, second, last, listeners = page.evaluate(HOST, asset("views.js").decode())
    page.close()

    assert " ".join(first.split()) == "y = 1"
    assert " ".join(second.split()) == "y = 2"
    assert last == ""
    assert listeners == 0


DRAWN = """async ([source, view, state, words]) => {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
  const { default: module } = await import(url)
  const values = { view, state, words }
  const model = { get: (key) => values[key], on: () => {}, off: () => {} }
  document.body.replaceChildren()
  const el = document.body.appendChild(document.createElement('div'))
  el.style.width = '100%'
  module.render({ model, el })
  await new Promise((done) => setTimeout(done, 100))
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_a_picture_with_its_classes(chromium, width):
    """Its most probable classes as bars, and the evidence over it."""
    page = chromium.new_page(viewport={"width": width, "height": 800})
    state = made_up(classes=30)

    told = [asset("views.js").decode(), "ImageProb", state, catalogue.VIEWS]
    page.evaluate(DRAWN, told)

    assert page.locator("svg").get_attribute("aria-label") == state["alt"]
    assert page.locator("image").get_attribute("href") == state["picture"]
    shown = page.locator("rect.bar")
    assert shown.count() == 6
    wide = shown.evaluate_all("bars => bars.map((b) => b.width.baseVal.value)")
    p = state["probabilities"][:6]
    assert wide == pytest.approx(
        [max(w, 1) for w in np.array(p) * wide[0] / p[0]], rel=0.01
    )
    assert page.locator("rect.against").count() == 32
    assert page.evaluate(SPILT) == []
    page.close()


def test_a_neuron_is_opened_for_another_row(opened, wave):
    """With the keyboard; the value is what the network says there."""
    page, _ = opened(wave)
    row = page.get_by_label("What flows through:")
    row.select_option(index=0)

    low = float(wave.predict(wave.low[0]))
    assert figures.plain(low, 4) in page.locator("[data-view=NetDiagram]").inner_text()
    page.get_by_label("Open a neuron:").select_option(index=1)
    told = page.locator(".card svg").first.get_attribute("aria-label")
    assert told.startswith("layer 1, neuron 2: the weighted sum")


def test_a_group_is_picked_out(opened, groups):
    page, _ = opened(groups)
    button = page.get_by_role("button", name="Group 2")

    button.click()

    assert button.get_attribute("aria-pressed") == "true"
    assert page.locator("[data-view=GroupMap] path.dim").count() == groups.count - 1


def test_a_page_without_scripts_is_whole(opened, town):
    """Static drawings, and the numbers of each picture laid open."""
    page, _ = opened(town, scripts=False)

    assert page.locator("[data-view=Leaderboard] svg").is_visible()
    assert page.locator("[data-view=FeatureBars] svg").is_visible()
    tables = page.locator("figure > details table")
    assert tables.count() > 5
    assert all(tables.nth(k).is_visible() for k in range(tables.count()))
