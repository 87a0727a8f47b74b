"""A declared structure from the door to the file: fit, parts, words, command line."""

import json
from functools import partial
from types import SimpleNamespace

import numpy as np
import onnx
import pytest
from commands import Command

import mapsto
from mapsto import events
from mapsto.data.split import Fold
from mapsto.data.table import Column
from mapsto.errors import ExpressionError, OptionError
from mapsto.families.composition_form import Form, composition
from mapsto.families.structure import read_structure
from mapsto.honesty.structure import doubts, price
from mapsto.scores import REGRESSION
from mapsto.selection.composing import with_composition
from mapsto.selection.ladder import paired_difference
from mapsto.selection.options import chosen_families
from mapsto.selection.reading import read_problem

TOWN = mapsto.examples.houses(400, seed=0)
STRUCTURE = (
    "size(area, floor) * wear(age) + place(district, school_district) + 6 * environment"
)
SETTINGS = {
    "composition": {
        "epochs": 40,
        "size": {"hidden": (16,)},
        "wear": {"family": "curve"},
        "place": {"family": "line"},
    }
}


def fit(data=TOWN, compose=STRUCTURE, **options):
    given = {"families": ("line",), "effort": "quick", "hyperparameters": SETTINGS}
    return mapsto.fit(data, "price", compose=compose, **{**given, **options})


@pytest.fixture(scope="module")
def told():
    """The model, and the notices that came with it."""
    seen = []
    return fit(on_event=seen.append), seen


@pytest.fixture(scope="module")
def model(told):
    return told[0]


# ── the rung ──


def test_the_composition_is_a_rung_below_the_network_and_may_be_named():
    watch = events.Watch()
    whole = (None, "auto", None, "quick", 0, watch)
    problem, origin = read_problem(TOWN, "price", "auto", None, None, *whole)

    names = chosen_families(("line", "composition", "network"), STRUCTURE)
    climbed, _ = with_composition(names, STRUCTURE, problem, origin, {}, watch)

    names = [family.name for family in climbed]
    assert names == ["constant", "line", "composition", "network"]


def test_it_learns_what_was_declared(model):
    floor, own = model.rungs["constant"], model.rungs["composition"]

    assert own.score < 0.35 * floor.score
    assert own.words.endswith(STRUCTURE)
    assert own.hyperparameters["wear"]["family"] == "curve"
    assert "wear" in own.given


def test_the_price_of_the_structure_is_in_words(model):
    price = model.record["price"]
    line, own = model.rungs["line"], model.rungs["composition"]

    assert price["rival"] == "line"
    assert price["percent"] == pytest.approx(100 * (own.score / line.score - 1))
    assert 0 < price["error"] < 20
    words = {True: "price of the declared structure", False: "costs nothing"}
    assert words[price["percent"] >= 0] in str(model)


def candidate(family, losses):
    score = REGRESSION["rmse"]
    return SimpleNamespace(
        family=family, losses=losses, error=score.tell(float(losses.mean()))
    )


def test_the_price_is_the_difference_from_the_network_and_its_error():
    rng = np.random.default_rng(0)
    base = rng.exponential(1.0, 400)
    rungs = [
        candidate("line", 3 * base),
        candidate("composition", 1.21 * base),
        candidate("network", base),
        candidate("blend", 0.5 * base),
    ]
    part = np.arange(400) % 4
    folds = [
        Fold(np.flatnonzero(part != k), np.flatnonzero(part == k), part[part != k] == 9)
        for k in range(4)
    ]

    told = price(rungs, np.ones(400), folds, REGRESSION["rmse"])
    alone = price([*rungs[:2], rungs[3]], np.ones(400), folds, REGRESSION["rmse"])

    assert told["rival"] == "network"
    assert told["percent"] == pytest.approx(10)
    _, error = paired_difference(1.21 * base, base, np.ones(400), folds)
    assert told["error"] == pytest.approx(100 * error / (2 * base.mean()), rel=1e-3)
    assert alone["rival"] == "line"
    assert price(rungs[:1], np.ones(400), folds, REGRESSION["rmse"]) is None


def test_columns_that_no_part_uses_are_told(told):
    notices = [e.sentence for e in told[1] if isinstance(e, events.Noticed)]

    assert any("uses no part of: management" in n for n in notices)


def test_the_prediction_is_what_the_parts_make_of_it(model):
    part = {name: np.asarray(p.predict(TOWN)) for name, p in model.parts.items()}
    intercept = model.rungs["composition"].details["intercept"]

    made = part["size"] * part["wear"] + part["place"] + 6 * TOWN["environment"]

    prediction = np.asarray(model.rungs["composition"].predict(TOWN))
    inside = np.abs(prediction - np.median(prediction)) < 200
    assert prediction[inside] == pytest.approx((made + intercept)[inside], abs=0.01)


# ── the parts ──


def test_a_part_needs_its_own_inputs_only(model):
    wear = model.parts["wear"]

    alone, beside = wear.predict({"age": TOWN["age"]}), wear.predict(TOWN)

    assert (np.asarray(alone) == np.asarray(beside)).all()
    assert wear.columns == ("age",)
    with pytest.raises(mapsto.errors.DataError, match=r"'age'.*is missing"):
        wear.predict({"area": [80.0]})


def test_the_band_holds_the_part_and_widens_with_the_coverage(model):
    size = model.parts["size"]
    value = np.asarray(size.predict(TOWN))

    narrow, wide = size.band(TOWN, coverage=0.5), size.band(TOWN, coverage=0.95)

    assert ((narrow["lower"] <= value) & (value <= narrow["upper"])).all()
    assert (wide["upper"] - wide["lower"] >= narrow["upper"] - narrow["lower"]).all()
    assert np.mean(wide["upper"] - wide["lower"]) > 0
    with pytest.raises(OptionError, match="between 0 and 1"):
        size.band(TOWN, coverage=90)


def test_importance_range_and_curves(model):
    parts = model.parts
    wear = np.asarray(parts["wear"].predict(TOWN))

    assert parts["size"].importance > parts["wear"].importance > 0.05
    assert parts["wear"].range == pytest.approx((wear.min(), wear.max()), rel=1e-5)
    (curve,) = parts["wear"].curves
    again = np.asarray(parts["wear"].predict({"age": curve["at"]}))
    assert curve["value"] == pytest.approx(again, rel=1e-5)
    assert len(curve["standard_error"]) == len(curve["at"])
    levels = {c["column"]: c for c in parts["place"].curves}["district"]
    assert levels["at"] == sorted(set(TOWN["district"]))
    assert [c["column"] for c in parts["size"].curves] == ["area", "floor"]


def test_a_part_is_an_onnx_file_of_its_own(model):
    graph = onnx.load_from_string(model.parts["size"].graph)

    onnx.checker.check_model(graph)
    assert {i.name for i in graph.graph.input} >= {"area", "floor"}
    assert "age" not in {i.name for i in graph.graph.input}


def test_saved_and_loaded_the_parts_are_the_same(model, tmp_path):
    model.save(tmp_path / "town.mapsto")

    again = mapsto.load(tmp_path / "town.mapsto")

    assert str(again.parts) == str(model.parts)
    for name in model.parts:
        same = again.parts[name].predict(TOWN) == model.parts[name].predict(TOWN)
        assert np.asarray(same).all()


def test_the_parts_print_as_a_table(model):
    shown = str(model.parts)

    for word in ("size(area, floor)", "curve", "rms 1", "mean 0"):
        assert word in shown
        assert word in model.story()
    assert "size(area, floor)" in model.parts._repr_html_()


def test_the_report_draws_each_part_along_each_of_its_columns(model, tmp_path):
    drawn = [f"{n} · {c}" for n, p in model.parts.items() for c in p.columns]

    for language, word in (
        ("en", "The parts it is made of"),
        ("zh", "它由哪些部分组成"),
    ):
        page = mapsto.report(model, tmp_path / "town.html", language).read_text("utf-8")

        assert word in page
        assert all(f"<h3>{title}</h3>" in page for title in drawn)
        assert "compose=&#x27;size(area, floor) * wear(age)" in page


def test_a_part_is_drawn_by_view_and_plot(model):
    seen = mapsto.view(model, "part", "wear")
    figure = mapsto.plot(model, "part", "size.floor")

    assert seen.state["xlabel"] == "age"
    assert seen.state["y"][0] == list(model.parts["wear"].curves[0]["value"])
    assert (np.array(seen.state["low"]) <= seen.state["y"][0]).all()
    assert "From age" in seen.finding
    assert figure.axes[0].get_xlabel() == "floor"
    with pytest.raises(OptionError, match="Did you mean 'wear'"):
        mapsto.view(model, "part", "weer")


def test_without_a_structure_there_are_no_parts():
    model = mapsto.fit(TOWN, "price", families=("line",), effort="quick")

    assert dict(model.parts) == {}
    assert str(model.parts) == "no parts"
    with pytest.raises(OptionError, match="nothing of that kind"):
        mapsto.plot(model, "part")


def test_an_earlier_model_gives_its_structure(model):
    again = mapsto.fit(mapsto.examples.houses(300, seed=1), like=model, effort="quick")

    assert list(again.rungs) == list(model.rungs)
    old, new = model.rungs["composition"], again.rungs["composition"]
    assert new.hyperparameters == old.hyperparameters


def test_what_a_structure_leaves_open_is_a_verdict():
    def found(text, family="network"):
        columns = [Column(n, "number") for n in ("a", "b", "c")]
        form = Form(read_structure(text, columns), (), (), 0)
        fitted = SimpleNamespace(function=partial(composition, form=form))
        composed = SimpleNamespace(
            members=[SimpleNamespace(fitted=fitted)],
            hyperparameters={"f": {"family": family}},
        )
        return {v.code: v.evidence for v in doubts(composed)}

    assert "g in f" in found("f(g(a), b)")["parts-bent"]
    assert "f and g: a" in found("f(a, b) * g(a, c)")["parts-share"]
    assert found("f(g(a), b)", "line") == {}
    assert found("f(a, b) + g(a, c)") == {}


def test_every_kind_of_column_can_be_an_input():
    rng = np.random.default_rng(0)
    rows = 240
    day = np.datetime64("2024-01-01") + rng.integers(0, 700, rows)
    word = rng.choice(["old house by the sea", "new flat", "barn to convert"], rows)
    table = {
        "day": day,
        "note": word.astype(object),
        "lift": rng.random(rows) < 0.5,
        "zip": rng.choice([f"z{k}" for k in range(20)], rows).astype(object),
        "size": np.where(rng.random(rows) < 0.1, np.nan, rng.uniform(1, 9, rows)),
    }
    table["y"] = np.nan_to_num(table["size"], nan=5) + 3 * table["lift"]

    model = mapsto.fit(
        table,
        "y",
        families=("line",),
        compose="f(size, lift) + g(day, zip) + h(note)",
        kinds={"note": "short text"},
        hyperparameters={"composition": {"epochs": 15}},
        effort="quick",
    )

    assert model.rungs["composition"].score < 0.5 * np.std(table["y"])
    some = {name: values[:5] for name, values in table.items()}
    for name, part in model.parts.items():
        assert np.isfinite(np.asarray(part.predict(some))).all(), name


def test_of_several_classes_each_has_its_values(tmp_path):
    rng = np.random.default_rng(0)
    table = {"a": rng.uniform(-2, 2, 300), "b": rng.uniform(-2, 2, 300)}
    score = np.digitize(table["a"] ** 2 + table["b"], [0.5, 2.0])
    table["kind"] = np.array(["low", "middle", "high"], object)[score]
    given = {"epochs": 15, "stopping": "last", "f": {"family": "curve"}}
    model = mapsto.fit(
        table,
        "kind",
        families=(),
        compose="f(a) + g(b)",
        hyperparameters={"composition": given},
        effort="quick",
    )
    model.save(tmp_path / "kinds.mapsto")
    part = mapsto.load(tmp_path / "kinds.mapsto").parts["f"]

    value, band = part.predict(table), part.band(table)

    assert list(value) == ["high", "low", "middle"]
    assert np.abs(sum(value.values())).max() < 1e-4
    assert list(band)[:2] == ["lower high", "lower low"]
    assert (band["lower low"] <= value["low"]).all()
    assert value["high"][table["a"] > 1.8].mean() > value["high"][score == 0].mean()
    (curve,) = part.curves
    assert mapsto.view(model, "part", "f").state["labels"] == model.classes
    assert np.shape(curve["value"]) == (len(curve["at"]), 3)
    assert part.importance > 0.1
    assert model.rungs["composition"].score < 0.9 * model.rungs["constant"].score
    with pytest.raises(ExpressionError, match="same for every class"):
        mapsto.fit(table, "kind", compose="f(a) + b")


# ── bad input ──


def test_a_structure_that_cannot_be_read_costs_no_work():
    started = []

    with pytest.raises(ExpressionError, match="Did you mean 'area'"):
        fit(compose="size(aera)", on_event=started.append)

    assert not [e for e in started if isinstance(e, events.RungStarted)]


BAD = {
    "no text": ({"compose": 7}, "compose cannot be 7.*write it as text"),
    "a family without a structure": (
        {"compose": None, "families": ("composition",), "hyperparameters": None},
        "needs a structure",
    ),
    "dials without a structure": ({"compose": None}, "needs a structure"),
    "no such part": (
        {"hyperparameters": {"composition": {"wera": {"family": "line"}}}},
        "does not know 'wera'. Did you mean 'wear'",
    ),
    "no such dial": (
        {"hyperparameters": {"composition": {"wear": {"width": 3}}}},
        "composition.wear does not know 'width'",
    ),
    "a dial of another family": (
        {"hyperparameters": {"composition": {"wear": {"family": "line", "bins": 3}}}},
        "composition.wear does not know 'bins'",
    ),
    "no such family": (
        {"hyperparameters": {"composition": {"wear": {"family": "steps"}}}},
        "Choose from: network, curve, line",
    ),
    "no mapping": (
        {"hyperparameters": {"composition": {"wear": "curve"}}},
        "give a mapping such as",
    ),
    "a bad value": (
        {"hyperparameters": {"composition": {"epochs": 0}}},
        "composition.epochs cannot be 0: it must be a whole number",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_choices_are_told(name):
    options, words = BAD[name]

    with pytest.raises(OptionError, match=words):
        fit(**options)


# ── the command line ──


def test_the_command_line_takes_a_structure(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    command = Command(monkeypatch, capsys)
    names = list(TOWN)
    rows = [",".join(map(str, row)) for row in zip(*TOWN.values(), strict=True)]
    (tmp_path / "town.csv").write_text("\n".join([",".join(names), *rows]))

    done = command(
        *("fit", "town.csv", "--target", "price", "--effort", "quick", "--json"),
        *("--family", "line", "--compose", "size(area) + place(district)"),
        *("--set", "composition.size.family=line", "--set", "composition.epochs=2"),
    )

    told = json.loads(done.out)["rungs"]["composition"]
    assert told["hyperparameters"]["size"]["family"] == "line"
    assert set(told["details"]["parts"]) == {"size", "place"}
    shown = command("show", "town.mapsto").out
    assert "Parts of the composition" in shown
    assert max(map(len, shown.splitlines())) <= 80


# ── the examples ──


@pytest.mark.parametrize("rows", [10, 500])
def test_the_examples_are_what_their_parts_make(rows):
    town = mapsto.examples.houses(rows, seed=3, noise=0)
    part = mapsto.examples.houses_parts(town)
    whole = part["size"] * part["wear"] + part["place"] + part["setting"] + part["care"]
    assert town["price"] == pytest.approx(whole, abs=0.051)

    skewers = mapsto.examples.skewers(rows, seed=3, noise=0)
    delight = sum(mapsto.examples.skewers_parts(skewers).values())
    assert skewers["delight"] - skewers["delight"].mean() == pytest.approx(
        delight, abs=0.02
    )


def test_what_the_lamb_does_alone_belongs_to_its_preparation():
    table = mapsto.examples.skewers(4000, seed=1)
    parts = mapsto.examples.skewers_parts(table)
    light, heavy = table["lamb"] < 80, table["lamb"] > 120

    for name in ("season", "fire"):
        gap = parts[name][light].mean() - parts[name][heavy].mean()
        assert abs(gap) < 0.15 * parts[name].std()
