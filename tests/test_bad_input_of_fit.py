"""Bad input at the front door: `mapsto.fit` and `model.predict`.

Whatever comes, the answer is a model or a MapstoError that names the column, the row
and the value, and says what to try. The door's own tests are in tests/data.
"""

import string
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mapsto
from mapsto import Validation, events
from mapsto.errors import DataError, FileError, MapstoError, NothingKept, OptionError
from mapsto.families import LADDER

ROWS = 60
RNG = np.random.default_rng(0)
PLAIN = {
    "area": np.round(RNG.uniform(30, 200, ROWS), 1),
    "place": RNG.choice(["hill", "mill", "park"], ROWS).astype(object),
    "price": np.round(RNG.uniform(100, 900, ROWS), 2),
}


def table(**changes):
    return {**PLAIN, **changes}


def one(value, other):
    """A column of `value` with one `other`, in row 7."""
    return np.where(np.arange(ROWS) == 6, other, value)


def objects(*values):
    """The values over and over."""
    return np.array([values[i % len(values)] for i in range(ROWS)], object)


def fit(data, target="price", **options):
    given = {"families": ("line",), "effort": "quick", **options}
    return mapsto.fit(data, target, **given)


# ── tables that cannot be used ──

BAD_TABLES = {
    "no such target": (table(), {"target": "prise"}, "Did you mean 'price'"),
    "no target": (table(), {"target": None}, "Name it: target=.*area, place, price"),
    "empty target": (table(price=np.full(ROWS, np.nan)), {}, "'price' is missing"),
    "constant target": (table(price=np.full(ROWS, 3.0)), {}, "'price'.*'3'.*filter"),
    "text to regress": (
        table(price=objects("dear", "cheap")),
        {"task": "regression"},
        "'price'.*'dear'.*classification",
    ),
    "five rows": ({k: v[:5] for k, v in PLAIN.items()}, {}, r"5 rows.*at least \d"),
    "five known": (
        table(price=np.where(np.arange(ROWS) < 5, PLAIN["price"], np.nan)),
        {},
        r"5 rows with a known target.*at least \d",
    ),
    "a class of one row": (
        table(price=one("cheap", "dear").astype(object)),
        {},
        "'dear' of 'price' has 1 row.*at least 3.*Join it",
    ),
    "a class for each row": (
        table(price=objects(*(f"no. {i}" for i in range(ROWS)))),
        {"task": "classification"},
        "60 classes in 60 rows.*regression",
    ),
    "only the target": ({"price": PLAIN["price"]}, {}, "no column"),
    "only constants": (
        {"a": np.ones(ROWS), "b": objects("x"), "price": PLAIN["price"]},
        {},
        "no column.*Set aside: a, b",
    ),
    "only empty columns": (
        {"a": np.full(ROWS, np.nan), "price": PLAIN["price"]},
        {},
        "no column.*Set aside: a",
    ),
    "duplicate names": (
        pd.DataFrame(np.zeros((ROWS, 3)), columns=["a", "a", "price"]),
        {},
        "same name: a.*Rename",
    ),
    "uneven columns": (table(area=np.ones(3)), {}, "'area' has 3"),
    "no table": (3.5, {}, "type float.*polars"),
    "a cube": (np.zeros((3,) * 5), {}, r"\(3, 3, 3, 3, 3\)"),
    "no rows": (table(area=[], place=[], price=[]), {}, "no rows"),
    "short weights": (table(), {"weights": np.ones(3)}, r"60 are needed.*\(3,\)"),
    "weights below zero": (
        table(),
        {"weights": one(1.0, -2.0)},
        "weights.*row 7 has weight -2",
    ),
    "weights that are missing": (
        table(w=one(1.0, np.nan)),
        {"weights": "w"},
        "row 7 has weight nan",
    ),
    "weights in words": (table(), {"weights": "place"}, "not all are numbers"),
    "no weight at all": (table(), {"weights": np.zeros(ROWS)}, "all zero"),
    "weights of no column": (table(), {"weights": "araa"}, "weights.*'area'"),
    "a kind that cannot be": (
        table(place=one("12", "hill").astype(object)),
        {"kinds": {"place": "date"}},
        "'place' cannot be of kind date: row 1 holds '12'",
    ),
    "groups of no column": (
        table(),
        {"validation": Validation(group_on="plaze")},
        "'plaze'.*Did you mean 'place'",
    ),
    "groups of one class each": (
        table(price=PLAIN["place"] == "hill", place=PLAIN["place"] == "hill"),
        {"validation": Validation(folds=2, group_on="place")},
        "fold 1 would learn from rows of class '(True|False)' only",
    ),
}


@pytest.mark.parametrize("name", BAD_TABLES)
def test_bad_tables_say_what_is_wrong_with_them(name):
    data, options, told = BAD_TABLES[name]

    with pytest.raises(DataError, match=f"(?s){told}"):
        fit(data, **{"target": "price", **options})


def test_row_numbers_are_those_of_the_callers_table():
    """Rows without a target or a weight are left out, but they are counted."""
    price = np.where(np.arange(ROWS) < 20, np.nan, PLAIN["price"])
    size = objects("yes", "no")
    size[40] = "large"
    noticed = []

    with pytest.raises(DataError, match="row 41 holds 'large'"):
        fit(table(price=price, size=size), kinds={"size": "boolean"})
    fit(
        table(
            price=price,
            area=np.where(np.arange(ROWS) == 50, np.inf, 1.0 * RNG.random(ROWS)),
        ),
        weights=(np.arange(ROWS) != 30) * 1.0,
        on_event=noticed.append,
    )

    rows = [e.parameters["row"] for e in noticed if isinstance(e, events.Noticed)]
    assert rows == [51]


# ── arguments that cannot be ──

BAD_ARGUMENTS = {
    "task": ({"task": "regresion"}, "Did you mean 'regression'"),
    "effort": ({"effort": "fast"}, "quick, normal, thorough"),
    "score": ({"score": "accurcy"}, "rmse"),
    "a family": ({"families": "lin"}, "Did you mean 'line'"),
    "families": ({"families": 3}, "constant, line"),
    "a family's hyperparameters": ({"hyperparameters": {"lien": {}}}, "'line'"),
    "a hyperparameter": (
        {"hyperparameters": {"line": {"penaltie": 1}}},
        "hyperparameters.*'line'.*Did you mean 'penalty'",
    ),
    "its value": ({"hyperparameters": {"line": {"penalty": -1}}}, "penalty.*-1"),
    "hyperparameters": ({"hyperparameters": "line"}, "mapping"),
    "log of what is not positive": (
        {"data": table(price=PLAIN["price"] - 500)}
        | {"hyperparameters": {"line": {"target": "log"}}},
        "line.target.*log",
    ),
    "kinds": ({"kinds": "area"}, "mapping"),
    "a column of kinds": ({"kinds": {"araa": "number"}}, "Did you mean 'area'"),
    "a kind": ({"kinds": {"area": "numbr"}}, "kinds.*'area'.*'number'"),
    "a column of monotone": ({"monotone": {"araa": 1}}, "Did you mean 'area'"),
    "a direction": ({"monotone": {"area": "up"}}, "monotone.*'area'.*1 to rise"),
    "costs of a quantity": ({"costs": {"yes": 5}}, "only labels have costs"),
    "adequate": ({"adequate": 5}, "adequate.*from 0 to 1"),
    "use": ({"use": "bst"}, "Did you mean 'best'"),
    "seed": ({"seed": -1}, "seed.*whole number"),
    "budget": ({"budget": "60s"}, "budget.*number"),
    "validation": ({"validation": 5}, "mapsto.Validation"),
    "folds": ({"validation": Validation(folds=1000)}, "folds.*60 rows"),
    "half a fold": ({"validation": Validation(folds=2.5)}, "whole number"),
    "one group": (
        {"data": table(g=objects("a")), "validation": Validation(group_on="g")},
        "enough groups",
    ),
    "like": ({"like": "town.mapsto"}, "mapsto.load"),
    "on_event": ({"on_event": "print"}, "function"),
}


@pytest.mark.parametrize("name", BAD_ARGUMENTS)
def test_bad_arguments_say_what_they_may_be(name):
    options, told = BAD_ARGUMENTS[name]

    with pytest.raises(OptionError, match=f"(?s){told}"):
        fit(**{"data": table(), **options})


def test_a_file_that_is_not_there_suggests_one_that_is(tmp_path):
    (tmp_path / "houses.csv").write_text("a,b\n1,2\n")

    with pytest.raises(FileError, match=r"Did you mean 'houses.csv'"):
        fit(tmp_path / "hauses.csv")


# ── tables that are odd, but can be used ──

ODD_COLUMNS = {
    "prices": (objects("1,200 €", "950 €", "1,050 €", "2,000 €"), "1,200 €"),
    "percents": (objects("12 %", "7 %", "30.5 %"), "12 %"),
    "decimal commas": (objects("1,5", "2,25", "10,75"), "1,5"),
    "one infinity": (one(PLAIN["area"], np.inf), "row 7"),
    "a sentinel": (one(PLAIN["area"], 1.7e308), "row 7"),
    "a word among numbers": (
        np.array([*map(str, range(ROWS - 1)), "unknown!"], object),
        "row 60",
    ),
}


@pytest.mark.parametrize("name", ODD_COLUMNS)
def test_odd_columns_are_read_and_it_is_said(name):
    values, told = ODD_COLUMNS[name]
    noticed = []

    model = fit(table(odd=values), on_event=noticed.append)

    sentences = [e.sentence for e in noticed if isinstance(e, events.Noticed)]
    assert any("'odd'" in s and told in s for s in sentences)
    assert {c.name: c.kind for c in model.columns}["odd"] == "number"


def test_infinities_in_the_target_count_as_missing_and_it_is_said():
    noticed = []

    model = fit(table(price=one(PLAIN["price"], np.inf)), on_event=noticed.append)

    assert model.record["rows"] == ROWS - 1
    assert any(
        e.code == "infinities" and e.parameters["column"] == "price"
        for e in noticed
        if isinstance(e, events.Noticed)
    )


MIXED = {
    "numbers, words, truths and gaps": objects(1, "x", 2.5, None, True, "3"),
    "lists": objects([1, 2], [3], None),
    "dates in several forms": objects("2020-01-31", "31.1.2020", "Jan 31, 2020"),
    "dates and moments": objects(date(2020, 1, 1), datetime(2021, 2, 3, 4), None),
    "nullable integers": pd.array([1, None, 3] * (ROWS // 3), dtype="Int64"),
    "nullable truths": pd.array([True, None, False] * (ROWS // 3), dtype="boolean"),
    "nullable text": pd.array(["a", None, "b"] * (ROWS // 3), dtype="string"),
    "categories": pd.Categorical(["a", "b", None] * (ROWS // 3)),
    "numbers that are not real": PLAIN["area"] + 1j,
}


@pytest.mark.parametrize("name", MIXED)
def test_mixed_columns_are_learned_from(name):
    frame = pd.DataFrame({**PLAIN, "mixed": pd.Series(list(MIXED[name]))})

    model = fit(frame)

    assert np.isfinite(model.predict(frame)).all()


def test_a_target_of_prices_in_words_is_a_quantity():
    words = np.array([f"{p:,.2f} €" for p in 10 * PLAIN["price"]], object)

    model = fit(table(price=words), families=("constant",))

    assert model.predict(PLAIN) == pytest.approx(10 * PLAIN["price"].mean())


FEW = {
    "eight rows": (8, None),
    "twelve rows in time": (12, Validation(time_on="day")),
    "two groups": (40, Validation(group_on="group")),
}


# A network is compiled for each shape of table: one of them is enough here.
CLIMBS = [
    (family.name, name)
    for family in LADDER
    if family.name != "image"
    for name in (FEW if family.name != "network" else ["eight rows"])
]


@pytest.mark.parametrize("classes", [False, True], ids=["quantity", "classes"])
@pytest.mark.parametrize(("family", "name"), CLIMBS)
def test_every_rung_can_be_climbed_with_few_rows(family, name, classes):
    rows, validation = FEW[name]
    data = {"size": np.sin(np.arange(rows)), "day": np.arange(rows) % 11.0}
    data["group"] = np.arange(rows) // 5 % 2
    data["y"] = np.arange(rows) % 2 == 0 if classes else np.cos(np.arange(rows))

    model = fit(data, "y", families=(family,), validation=validation)

    assert family in model.rungs
    assert len(model.predict(data)) == rows


# ── rows to come ──


@pytest.fixture(scope="module")
def model():
    return fit(table(day=np.datetime64("2020-01-01") + np.arange(ROWS)))


def new(**changes):
    rows = {"area": [50.0, 60.0], "place": ["hill", "park"]}
    return {**rows, "day": ["2020-01-05", "2020-02-01"], **changes}


BAD_ROWS = {
    "a missing column": ({"area": [50.0], "day": ["2020-01-05"]}, "'place'.*missing"),
    "a misspelt column": (
        {"areas": [50.0], "place": ["hill"], "day": ["2020-01-05"]},
        "'area'.*Did you mean 'areas'",
    ),
    "a word for a number": (new(area=[50.0, "big"]), "'area'.*row 2 holds 'big'"),
    "a word for a date": (new(day=["2020-01-05", "soon"]), "'day'.*row 2 holds 'soon'"),
    "uneven columns": (new(area=[50.0]), "'area' has 1"),
    "no rows": (new(area=[], place=[], day=[]), "no rows"),
    "no table": (None, "NoneType"),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_bad_rows_say_what_is_wrong_with_them(model, name):
    rows, told = BAD_ROWS[name]

    with pytest.raises(DataError, match=f"(?s){told}"):
        model.predict(rows)


def test_extra_and_reordered_columns_do_not_matter(model):
    rows = new()
    turned = dict(reversed({**rows, "price": [1.0, 2.0], "note": ["a", "b"]}.items()))

    assert (model.predict(turned) == model.predict(rows)).all()


@pytest.mark.parametrize(
    "changes",
    [
        {"place": ["hill", "moon"]},
        {"place": ["hill", None]},
        {"area": [50.0, None]},
        {"area": [50.0, np.inf]},
        {"area": [50.0, 1e9]},
        {"day": ["2020-01-05", None]},
        {"day": ["2020-01-05", "2090-01-01"]},
    ],
    ids=str,
)
def test_rows_unlike_those_seen_are_predicted_and_marked(model, changes):
    """Unseen levels, gaps where there were none, and numbers beyond the range."""
    rows = new(**changes)

    bounds = model.predict_interval(rows)

    assert bounds["outside"].tolist() == [False, True]
    assert np.isfinite(model.predict(rows)).all()


@pytest.mark.parametrize("coverage", [0, 1, 90, float("nan")])
def test_coverage_is_a_share(model, coverage):
    for ask in (model.predict_interval, model.predictions):
        with pytest.raises(OptionError, match=r"coverage.*0.9"):
            ask(new(), coverage)


def test_probabilities_need_classes(model):
    with pytest.raises(OptionError, match="classification"):
        model.predict_proba(new())


@pytest.mark.parametrize("damage", ["cut off", "foreign", "missing"])
def test_a_bad_model_file_is_told_by_name(model, tmp_path, damage):
    path = tmp_path / "town.mapsto"
    if damage == "cut off":
        path.write_bytes(model.to_bytes()[:-500])
    elif damage == "foreign":
        path.write_text("no model")

    with pytest.raises(FileError, match=r"town\.mapsto"):
        mapsto.load(path)


# ── whatever comes ──

NUMBERS = st.floats(width=64) | st.integers(-(2**70), 2**70) | st.booleans()
WORDS = st.text(string.printable, max_size=6) | st.sampled_from(
    ["1,200 €", "12 %", "2020-01-31", "31/01/20", "yes", "nan", "-inf", "1e999", "价格"]
)
MOMENTS = st.dates() | st.datetimes() | st.sampled_from([pd.NaT, pd.NA])
CELLS = [
    st.floats(-5, 5),
    st.floats(width=64),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from(["a", "b", "c", None]),
    WORDS,
    st.dates(),
    st.none(),
    NUMBERS | WORDS | MOMENTS | st.none() | st.binary(max_size=3),
]


JUNK_SETTINGS = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@st.composite
def junk(draw, names="xyz"):
    """A table of a few columns; each repeats a few cells, with some of its own."""
    rows = draw(st.integers(8, 30))
    columns = {}
    for name in names:
        cells = draw(st.lists(draw(st.sampled_from(CELLS)), min_size=1, max_size=rows))
        columns[name] = [cells[i % len(cells)] for i in range(rows)]
    return columns


@JUNK_SETTINGS
@given(junk(), junk(), st.sampled_from(["line", "curve", "steps"]))
def test_any_table_gives_a_model_or_a_clear_error(data, other, family):
    """Junk is learned from or refused, and so are the junk rows to come."""
    try:
        model = fit(data, "z", families=(family,))
    except (DataError, OptionError) as error:
        assert str(error)
        return
    assert len(model.predict(data)) == len(data["z"])
    assert len(str(model)) > 0
    for rung in model.rungs.values():
        assert np.isfinite(np.asarray(_told(rung, data), float)).all()
    try:
        assert len(model.predict(other)) == len(other["z"])
    except DataError as error:
        assert str(error)


def _told(rung, data):
    try:
        return list(rung.predict_proba(data).values())
    except OptionError:
        return rung.predict(data)


JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
ARGUMENTS = (
    *("task", "families", "hyperparameters", "score", "effort", "budget"),
    *("validation", "weights", "kinds", "adequate", "use", "like", "seed", "on_event"),
    *("monotone", "costs"),
)


@JUNK_SETTINGS
@given(
    st.sampled_from(ARGUMENTS),
    JUNK | st.lists(JUNK, max_size=2) | st.dictionaries(st.text(max_size=2), JUNK),
)
def test_any_argument_is_taken_or_refused_clearly(name, value):
    given = {"families": "constant", "effort": "quick"}
    try:
        mapsto.fit(PLAIN, "price", **{**given, name: value})
    except (DataError, OptionError, NothingKept) as error:
        assert isinstance(error, MapstoError)
        assert str(error)
