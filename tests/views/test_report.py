"""The report: complete, self-contained, in both languages, with the model's numbers."""

import re
from string import Formatter

import numpy as np
import pytest
from reading import states, text_of

import mapsto
from mapsto import catalogue, chinese, figures
from mapsto.errors import FileError, OptionError
from mapsto.families import LADDER
from mapsto.model import Model
from mapsto.views.reporting import html
from mapsto.words import sentences

MB = 1 << 20
LADDER_NAMES = {family.name for family in LADDER}


# ── the page ──


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_stands_alone(model, language, tmp_path):
    """One small file: whatever it loads is inside it."""
    path = mapsto.report(model, tmp_path / "page.html", language)
    page = path.read_text("utf-8")

    assert path.stat().st_size < 2 * MB
    assert not re.search(r"<link|<img|<iframe|@import|\bsrc=", page)
    assert set(re.findall(r"url\((\w+):", page)) == {"data"}
    assert page.count("<!doctype html>") == 1
    assert page.count("</html>") == 1


def test_the_page_is_the_same_for_a_loaded_model(town, tmp_path):
    town.save(tmp_path / "town.mapsto")

    assert html(mapsto.load(tmp_path / "town.mapsto")) == html(town)


def test_markup_in_names_stays_text():
    """A column or a class may be called anything."""
    evil = "</script><script>alert(1)</script><b>"
    rng = np.random.default_rng(0)
    x = rng.standard_normal(60)
    table = {evil: x, "y": np.where(x > 0, "a<b>", "c&d").astype(object)}
    model = mapsto.fit(table, "y", families=("line",), effort="quick")

    page = html(model)

    assert "<script>alert" not in page
    assert page.count("<script") == 2
    assert states(page)["Curve1D"][0]["xlabel"] == evil


def test_what_a_reader_without_scripts_reads(town):
    """The answer, the ladder, each column and each verdict, in words and numbers."""
    told = text_of(html(town))
    squeezed = " ".join(told.split())

    for rung in town.ladder.values():
        pair = figures.with_error(rung.score, rung.standard_error)
        assert " ± ".join(pair) in told
    for column in town.columns:
        assert column.name in told
    for verdict in town.verdicts:
        assert verdict.title in told
        assert verdict.advice in told
    assert all(sentence in squeezed for sentence in sentences(town.record))


# ── the numbers ──


def test_the_ladder_is_the_models(model):
    (ladder,) = states(html(model))["Leaderboard"]

    rungs = list(model.ladder.values())
    assert [r["score"] for r in ladder["rows"]] == [r.score for r in rungs]
    assert [r["error"] for r in ladder["rows"]] == [r.standard_error for r in rungs]
    assert [r["train"] for r in ladder["rows"]] == [r.train_score for r in rungs]


def test_the_curve_of_one_column_is_the_function(cubic):
    """And its band is the interval."""
    curve = states(html(cubic))["Curve1D"][0]

    new = {"x0": np.array(curve["x"])}
    bounds = cubic.predict_interval(new)
    assert curve["y"][0] == pytest.approx(cubic.predict(new), abs=1e-4)
    assert curve["low"] == pytest.approx(bounds["lower"], abs=1e-4)
    assert curve["high"] == pytest.approx(bounds["upper"], abs=1e-4)


@pytest.mark.parametrize("name", ["moons", "letters"])
def test_the_field_of_two_columns_is_the_function(name, request):
    model = request.getfixturevalue(name)
    (field,) = states(html(model))["Field2D"]

    across, up = np.meshgrid(field["x"], field["y"])
    new = {field["xlabel"]: across.ravel(), field["ylabel"]: up.ravel()}
    p = np.stack(list(model.predict_proba(new).values()), axis=1)
    z = p[:, 1] if p.shape[1] == 2 else p.max(axis=1)
    assert np.array(field["z"]).ravel() == pytest.approx(z, abs=1e-4)


def test_the_coverage_is_the_models(model):
    """At 90 % the chart shows what the answer says."""
    kept = model.record["rungs"][model.record["best"]]["coverage"]["measured"]

    points = levels_of(states(html(model))["Reliability"])["points"]

    (at_90,) = (p["share"] for p in points if p["told"] == 0.9)
    assert at_90 == pytest.approx(kept)


def levels_of(charts):
    """Of the charts of told against true, the one of coverage."""
    (found,) = (c for c in charts if "from" in c)
    return found


def test_the_confusion_holds_every_row(letters):
    (told,) = states(html(letters))["Confusion"]
    counts = np.array(told["counts"])

    accuracy = letters.record["rungs"]["line"]["also"]["accuracy"]
    assert counts.sum() == letters.record["rows"]
    assert np.trace(counts) / counts.sum() == pytest.approx(accuracy)


# ── the languages ──

TABLES = (
    *(
        "LEVELS",
        "DOOR",
        "HELD_OUT",
        "DEALT",
        "PAIRS",
        "GROUPINGS",
        "NOTICES",
        "ANSWERS",
        "VERDICTS",
    ),
    *("ROLES", "OUTPUTS", "APPROXIMATIONS", "REPORT", "VIEWS"),
)


def fields(sentences):
    told = [sentences] if isinstance(sentences, str) else sentences
    return [{f for _, f, _, _ in Formatter().parse(s) if f} for s in told]


def test_a_rung_has_a_name_in_every_language():
    """And a family of groups."""
    assert {*LADDER_NAMES, *catalogue.GROUPINGS} <= set(chinese.FAMILIES)


@pytest.mark.parametrize("table", TABLES)
def test_both_languages_say_everything(table):
    """The same codes, and the same fields in each sentence."""
    english, other = getattr(catalogue, table), getattr(chinese, table)

    assert list(english) == list(other)
    for code, told in english.items():
        assert fields(other[code]) == fields(told), code


def test_a_chinese_page_speaks_chinese(town):
    page = html(town, "zh")

    assert '<html lang="zh-Hans">' in page
    told = text_of(page)
    for english in ("unseen", "The ladder", "standard error", "shuffl", " rows"):
        assert english not in told
    for rung in town.ladder:
        assert chinese.FAMILIES[rung] in told


# ── what can go wrong ──


def test_an_unknown_language(town, tmp_path):
    with pytest.raises(OptionError, match="en, zh"):
        mapsto.report(town, tmp_path / "page.html", "fr")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there(town, tmp_path):
    with pytest.raises(FileError, match="cannot be written"):
        mapsto.report(town, tmp_path / "nowhere" / "page.html")


def test_a_function_that_is_flat_is_said_to_be(wide):
    """No place is named as its least or greatest, no bar is rounding, no surface."""
    page = html(wide)
    drawn = states(page)

    assert " everywhere, whatever " in drawn["Field2D"][0]["alt"]
    assert "Lift3D" not in drawn
    assert all(r["rise"] == r["error"] == 0 for r in drawn["FeatureBars"][0]["rows"])


def bare(model):
    """As a file of before reports holds it."""
    record = {k: v for k, v in model.record.items() if k != "portrait"}
    return Model(record, model.graphs)


@pytest.mark.parametrize("name", ["town", "moons", "letters", "cubic", "shapes"])
def test_a_model_without_a_portrait(name, request):
    """Its function is walked along the columns; what is not known is said."""
    model = request.getfixturevalue(name)
    for language, said in (("en", "kept nothing of the data"), ("zh", "较早的版本")):
        page = html(bare(model), language)

        drawn = states(page)
        assert said in text_of(page)
        assert "Leaderboard" in drawn
        assert "Reliability" not in drawn
        assert ("Curve1D" in drawn) == (name != "shapes")


def test_a_walk_is_the_function(town):
    """Along a number, with the others where the page says they are."""
    columns = {c["name"]: c for c in town.record["columns"]}
    drawn = states(html(bare(town)))["Curve1D"]
    area = next(s for s in drawn if s["xlabel"] == "area")

    held = {
        name: [c["levels"][0] if c["levels"] else (c["low"] + c["high"]) / 2] * 2
        for name, c in columns.items()
    }
    ends = town.predict(held | {"area": [area["x"][0], area["x"][-1]]})
    assert [area["y"][0][0], area["y"][0][-1]] == pytest.approx(ends)


def test_dates_and_truths_are_walked_too():
    n = np.arange(60)
    table = {
        "day": np.datetime64("2020-01-01") + n,
        "sold": np.where(n % 2, "ja", "nein"),
        "new": n % 3 == 0,
        "y": n + 5.0 * (n % 2),
    }
    model = mapsto.fit(table, "y", families=("line",), effort="quick")
    drawn = {s["xlabel"]: s for s in states(html(bare(model)))["Curve1D"]}

    assert drawn["sold"]["x"] == ["no", "yes"]
    assert np.diff(drawn["sold"]["y"][0]) == pytest.approx(5, abs=0.5)
    assert drawn["day"]["y"][0][-1] - drawn["day"]["y"][0][0] > 40


def test_what_is_not_of_mapsto(tmp_path):
    """It is said what a report and a view can be of."""
    with pytest.raises(OptionError, match=r"mapsto\.fit gave"):
        mapsto.report({"a": 1}, tmp_path / "page.html")
    with pytest.raises(OptionError, match=r"mapsto\.fit gave"):
        mapsto.view("model.mapsto")
