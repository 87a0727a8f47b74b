"""The command line: every command and option, what it says, where, and how fast."""

import csv
import io
import json
import os
import subprocess
import sys
from unicodedata import east_asian_width

import numpy as np
import pandas as pd
import pytest
from commands import Command, own_process

import mapsto
from mapsto import events
from mapsto.terminal import Display

LINE = ("--family", "line", "--effort", "quick")
HEAVY = {"jax", "sklearn", "lightgbm", "scipy", "pandas"}


def columns_of(line):
    """How many columns of a terminal a line takes."""
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in line)


def is_readable(text):
    """No line is wider than 80 columns, and there are no escape codes."""
    return "\x1b" not in text and max(map(columns_of, text.splitlines())) <= 80


def write_csv(path, table, encoding="utf-8"):
    pd.DataFrame(table).to_csv(path, index=False, encoding=encoding)


@pytest.fixture
def command(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Command(monkeypatch, capsys)


@pytest.fixture(scope="module")
def town():
    return mapsto.examples.houses(120, seed=0)


@pytest.fixture(scope="module")
def model(town):
    return mapsto.fit(town, "price", families=("line",), effort="quick")


@pytest.fixture
def files(tmp_path, town, model):
    """The folder of a user: a table in three forms, and a model."""
    frame = pd.DataFrame(town)
    frame.to_csv(tmp_path / "houses.csv", index=False)
    frame.to_parquet(tmp_path / "houses.parquet")
    frame.to_json(tmp_path / "houses.jsonl", orient="records", lines=True)
    model.save(tmp_path / "town.mapsto")
    return tmp_path


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


# ── fit ──


def test_fit_saves_beside_and_tells_the_ladder(command, files):
    """Results on stdout, talk on stderr, both readable at 80 columns."""
    told = command("fit", "houses.csv", "--target", "price", *LINE)

    assert told.code == 0
    assert "simplest adequate" in told.out
    assert "120 rows, 7 columns → price (regression)" in told.err
    assert told.err.endswith("Saved houses.mapsto\n")
    assert is_readable(told.out)
    assert is_readable(told.err)
    assert mapsto.load("houses.mapsto").target == "price"


def test_every_form_of_a_table_gives_the_same_function(command, files, town):
    names = ("houses.csv", "houses.parquet", "houses.jsonl")
    for name in names:
        command("fit", name, "-t", "price", "-o", f"{name}.mapsto", *LINE)
    command("fit", "-", "-t", "price", *LINE, stdin=(files / names[0]).read_bytes())

    saved = [*(f"{name}.mapsto" for name in names), "model.mapsto"]
    first, *others = (mapsto.load(file).predict(town) for file in saved)

    assert all(np.array_equal(first, other) for other in others)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_names(command, files, town, encoding):
    names = {"area": "面积", "price": "价格", "district": "区" * 20}
    write_csv("房子.csv", pd.DataFrame(town).rename(columns=names), encoding)

    fitted = command("fit", "房子.csv", "--target", "价格", *LINE)
    shown = command("show", "房子.mapsto")
    told = command("predict", "房子.mapsto", "房子.csv")

    assert (fitted.code, shown.code, told.code) == (0, 0, 0)
    assert "· 面积" in shown.out
    assert is_readable(fitted.out + fitted.err + shown.out)
    assert list(rows_of(told.out)[0]) == ["价格", "lower", "upper", "outside"]


@pytest.mark.parametrize(
    ("arguments", "arrived"),
    [
        (("--seed", "7"), lambda r: r["seed"] == 7),
        (("--effort", "quick"), lambda r: r["effort"] == "quick"),
        (("--use", "simplest"), lambda r: r["use"] == "simplest"),
        (("--adequate", "0.5"), lambda r: r["adequate"] == 0.5),
        (("--score", "mae"), lambda r: r["score"] == "mae"),
        (("--score", "r2"), lambda r: r["rungs"]["line"]["score"] > 0.5),
        (("--task", "regression"), lambda r: r["task"] == "regression"),
        (("--folds", "3"), lambda r: r["folds"] == 3),
        (("--group-on", "district"), lambda r: "each district" in r["validation"]),
        (("--time-on", "age"), lambda r: "forward in time" in r["validation"]),
        (
            ("--weights", "floor"),
            lambda r: "floor" not in {c["name"] for c in r["columns"]},
        ),
        (
            ("--kind", "floor=category"),
            lambda r: (
                {"floor": "category"}.items()
                <= {c["name"]: c["kind"] for c in r["columns"]}.items()
            ),
        ),
        (
            ("--set", "line.penalty=0.25"),
            lambda r: r["rungs"]["line"]["hyperparameters"]["penalty"] == 0.25,
        ),
        (
            ("--monotone", "area=+1", "--monotone", "age=-1"),
            lambda r: (
                [c["monotone"] for c in r["columns"] if "monotone" in c] == [1, -1]
            ),
        ),
        (("--family", "constant"), lambda r: "constant" in r["rungs"]),
        (("--budget", "10min"), lambda r: "line" in r["rungs"]),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_options_of_fit_arrive(command, files, arguments, arrived):
    """`--json` is the whole record on stdout, and nothing else."""
    told = command("fit", "houses.csv", "-t", "price", *LINE, *arguments, "--json")

    assert told.code == 0
    assert arrived(json.loads(told.out))


def test_costs_arrive_and_say_the_label(command, files, town):
    dear = np.where(town["price"] > np.median(town["price"]), "dear", "cheap")
    write_csv("dear.csv", {**town, "price": dear})

    told = command("fit", "dear.csv", "-t", "price", *LINE, "--cost", "dear=4")
    shown = command("show", "dear.mapsto", "--json")

    assert "says dear where its probability is above 20.0 %" in flat(told.out)
    assert json.loads(shown.out)["costs"] == [[0.0, 1.0], [4.0, 0.0]]
    for wrong, what in (
        ("dear", "name=value"),
        ("dear=much", "yes=5"),
        ("deer=2", "dear"),
    ):
        told = command("fit", "dear.csv", "-t", "price", *LINE, "--cost", wrong)
        assert told.code == 2
        assert what in told.err


def flat(text):
    return " ".join(text.split())


def test_settings_are_read_as_json_or_as_text(command, files):
    settings = ("--set", "line.penalty=1e-3", "--set", "line.target=log")
    told = command("fit", "houses.csv", "-t", "price", *LINE, *settings, "--json")

    line = json.loads(told.out)["rungs"]["line"]
    assert line["hyperparameters"] == {"penalty": 0.001, "target": "log"}


def test_names_that_begin_with_a_minus(command, town):
    write_csv("t.csv", {"-x": town["floor"], "-w": town["age"] + 1, "-y": town["area"]})
    told = command(
        *("fit", "t.csv", "--target", "-y", "--weights", "-w"),
        *("--kind", "-x=category", *LINE, "--json"),
    )

    record = json.loads(told.out)
    assert record["target"] == "-y"
    assert [(c["name"], c["kind"]) for c in record["columns"]] == [("-x", "category")]


def test_what_was_noticed_is_told(command, town):
    write_csv("t.csv", {"a": [f"{x:.0f} €" for x in town["price"]], **town})

    told = command("fit", "t.csv", "-t", "price", *LINE)

    assert "note: Column 'a' holds numbers written as text" in told.err
    assert is_readable(told.err)


# ── predict and show ──


def test_predictions_are_those_of_the_model(command, files, model, town):
    told = rows_of(command("predict", "town.mapsto", "houses.csv").out)

    bounds = model.predict_interval(town)
    assert [float(r["price"]) for r in told] == model.predict(town).tolist()
    assert [float(r["lower"]) for r in told] == bounds["lower"].tolist()
    assert [float(r["upper"]) for r in told] == bounds["upper"].tolist()
    assert {r["outside"] for r in told} <= {"True", "False"}


def test_predict_reads_standard_input(command, files):
    head = b"".join((files / "houses.csv").read_bytes().splitlines(True)[:4])

    told = command("predict", "town.mapsto", "-", stdin=head)

    assert len(rows_of(told.out)) == 3


def test_predict_as_json_lines(command, files):
    told = command("predict", "town.mapsto", "houses.csv", "--json")

    rows = [json.loads(line) for line in told.out.splitlines()]
    assert len(rows) == 120
    assert set(rows[0]) == {"price", "lower", "upper", "outside"}


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("out.csv", pd.read_csv),
        ("out.parquet", pd.read_parquet),
        ("out.jsonl", lambda path: pd.read_json(path, lines=True)),
    ],
)
def test_predict_into_a_file(command, files, model, town, name, read):
    told = command("predict", "town.mapsto", "houses.parquet", "-o", name)

    assert (told.code, told.out, told.err) == (0, "", f"Saved {name}\n")
    assert read(name)["price"].to_numpy() == pytest.approx(model.predict(town))


def test_more_coverage_is_wider(command, files):
    def width(coverage):
        told = command("predict", "town.mapsto", "houses.csv", "--coverage", coverage)
        return np.mean(
            [float(r["upper"]) - float(r["lower"]) for r in rows_of(told.out)]
        )

    assert width(0.5) < width(0.9) < width(0.95)


def test_use_says_which_function(command, files, model, town):
    told = command("predict", "town.mapsto", "houses.csv", "--use", "simplest")

    by_hand = model.simplest.predict(town).tolist()
    assert [float(r["price"]) for r in rows_of(told.out)] == by_hand


def test_classes_have_probabilities_and_a_set(command, town):
    dear = np.where(town["price"] > np.median(town["price"]), "dear", "cheap")
    write_csv("t.csv", {"area": town["area"], "age": town["age"], "class": dear})
    command("fit", "t.csv", "-t", "class", *LINE)

    row = rows_of(command("predict", "t.mapsto", "t.csv").out)[0]

    assert list(row) == ["class", "p(cheap)", "p(dear)", "set", "outside"]
    assert float(row["p(cheap)"]) + float(row["p(dear)"]) == pytest.approx(1)
    assert set(row["set"].split(" | ")) <= {"cheap", "dear"}


def test_show_tells_ladder_formula_columns_and_settings(command, files, model):
    told = command("show", "town.mapsto")

    assert told.err == ""
    assert is_readable(told.out)
    for part in (str(model.ladder), "· area", "age: number", "penalty ="):
        assert part in told.out


def test_show_as_json_is_the_record(command, files, model):
    assert json.loads(command("show", "town.mapsto", "--json").out) == model.to_dict()


def test_report_writes_a_page_beside(command, files, model):
    from mapsto.views.reporting import html

    told = command("report", "town.mapsto")

    assert (told.code, told.out, told.err) == (0, "", "Saved town.html\n")
    assert (files / "town.html").read_text("utf-8") == html(model)


def test_report_in_chinese_where_it_is_wanted(command, files):
    told = command("report", "town.mapsto", "-o", "房子.html", "--language", "zh")

    assert told.code == 0
    assert "函数阶梯" in (files / "房子.html").read_text("utf-8")


def test_report_in_an_unknown_language(command, files):
    told = command("report", "town.mapsto", "--language", "fr")

    assert told.code == 2
    assert "Choose from: en, zh" in told.err
    assert not (files / "town.html").exists()


def test_demo_ends_with_what_to_try_next(command, town, monkeypatch, tmp_path):
    """The demo's own words, on a small town and with the line alone."""
    from mapsto import demo

    def fit(table, target, **options):
        return mapsto.fit(table, target, families=("line",), **options)

    monkeypatch.setattr(demo, "fit", fit)
    monkeypatch.setattr(demo, "houses_table", lambda: (town, "price", "A small town."))
    told = command("demo", "--quick")

    (page,) = tmp_path.glob("*.html")
    assert told.code == 0
    assert is_readable(told.out.replace(page.as_uri(), "an address"))
    assert "A small town." in told.out
    assert "90 % interval" in told.out
    assert told.out.count("\n  mapsto ") == 3
    assert page.as_uri() in told.out
    assert mapsto.load("houses.mapsto").target == "price"


@pytest.mark.slow
def test_demo_as_it_is(tmp_path):
    told = own_process(["demo", "--quick"], tmp_path)

    assert told.returncode == 0
    assert "2,930 house sales in Ames" in told.stdout
    address = (tmp_path / "houses.html").as_uri()
    assert address in told.stdout
    shown = told.stdout.replace(address, "an address")
    assert is_readable(shown + told.stderr)


# ── what goes wrong ──


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("fit", "houses.csv"), 2, "--target"),
        (("fit", "houses.csv", "-t", "price", "--effort", "fast"), 2, "thorough"),
        (("fit", "houses.csv", "-t", "price", "--family", "lin"), 2, "'line'"),
        (("fit", "houses.csv", "-t", "price", "--budget", "soon"), 2, "60s"),
        (("fit", "houses.csv", "-t", "price", "--seed", "-1"), 2, "whole number"),
        (("fit", "houses.csv", "-t", "price", "--set", "penalty=1"), 2, "family.name"),
        (("fit", "houses.csv", "-t", "price", "--set", "line.p"), 2, "name=value"),
        (("fit", "houses.csv", "-t", "price", "--set", "line.p=1"), 2, "penalty"),
        (("fit", "houses.csv", "-t", "price", "--kind", "area=size"), 2, "category"),
        (("fit", "houses.csv", "-t", "price", "--monotone", "area"), 2, "name=value"),
        (("fit", "houses.csv", "-t", "price", "--monotone", "area=up"), 2, "column=+1"),
        (("fit", "houses.csv", "-t", "price", "--monotone", "are=1"), 2, "'area'"),
        (("predict", "town.mapsto", "houses.csv", "--use", "first"), 2, "simplest"),
        (("predict", "town.mapsto", "houses.csv", "--coverage", "90"), 2, "0.9"),
        (("fit", "houses.csv", "-t", "prise"), 3, "Did you mean 'price'"),
        (("fit", "houses.csv", "-t", "price", "--weights", "w"), 3, "area"),
        (("predict", "town.mapsto", "few.csv"), 3, "'area'"),
        (("predict", "town.mapsto", "wrong.csv"), 3, "row 2 holds 'big'"),
        (("fit", "hauses.csv", "-t", "price"), 4, "Did you mean 'houses.csv'"),
        (("fit", "noise.parquet", "-t", "price"), 4, "noise.parquet"),
        (("fit", "houses.csv", "-t", "price", "-o", "no/x.mapsto"), 4, "no/x.mapsto"),
        (("show", "hauses.mapsto"), 4, "no file"),
        (("show", "houses.csv"), 4, "not a .mapsto file"),
        (("predict", "town.mapsto", "houses.csv", "-o", "x.doc"), 4, ".parquet"),
        (("fit", "houses.csv", "-t", "price", "--budget", "0s"), 5, "nothing was kept"),
    ],
)
def test_each_mistake_has_its_exit_code_and_its_sentence(
    command, files, arguments, code, told
):
    """One message on stderr that says what to try; no traceback, no result."""
    write_csv("few.csv", {"floor": [1.0]})
    write_csv(
        "wrong.csv",
        {"area": [1, "big"], "age": 1, "floor": 1, "environment": 1}
        | {"management": "none", "school_district": "west", "district": "Hill"},
    )
    (files / "noise.parquet").write_bytes(b"no parquet at all")

    answer = command(*arguments)

    assert answer.code == code
    assert told in " ".join(answer.err.split())
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert set(os.listdir()) <= {f.name for f in files.iterdir()}


def test_a_bad_file_gives_one_line(command, files):
    (files / "bad.csv").write_text("a,b\n1,2\n3,4,5\n")

    answer = command("fit", "bad.csv", "-t", "b")

    assert answer.err.startswith("mapsto: bad.csv: line 3 has 3 cells")
    assert answer.err.count("\n") == 1


def test_where_it_cannot_write_is_asked_before_the_work(command, files, monkeypatch):
    def never(*arguments, **options):
        raise AssertionError("the work was begun")

    monkeypatch.setattr("mapsto.fitting.fit", never)

    assert command("fit", "houses.csv", "-t", "price", "-o", "no/x.mapsto").code == 4


def test_a_reader_that_leaves_is_no_error(files):
    """mapsto show … | head -1"""
    show = subprocess.Popen(
        [sys.executable, "-m", "mapsto", "show", "town.mapsto"],
        cwd=files,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    show.stdout.close()

    _, told = show.communicate(timeout=60)

    assert told == b""


def test_help_of_every_command(command):
    told = command("--help")

    assert told.code == 0
    for name in ("fit", "predict", "show", "report", "demo"):
        assert name in told.out
        help_text = command(name, "--help")
        assert help_text.code == 0
        assert is_readable(help_text.out)


def test_version(command):
    assert command("--version").out == f"{mapsto.__version__}\n"


# ── how light and how fast ──


def imported_by(arguments, cwd):
    """Which top-level modules the command has imported when it ends."""
    before = (
        "import atexit, sys\n"
        "atexit.register(lambda: print(*{m.partition('.')[0] for m in sys.modules},"
        " file=sys.stderr))"
    )
    done = own_process(arguments, cwd, before)
    assert done.returncode == 0
    return set(done.stderr.split())


def test_help_imports_nothing_heavy(files):
    assert not imported_by(["--help"], files) & (
        HEAVY | {"numpy", "duckdb", "onnxruntime", "onnx"}
    )


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_predict_imports_nothing_of_training(files, form):
    assert not imported_by(["predict", "town.mapsto", f"houses.{form}"], files) & HEAVY


def test_show_imports_nothing_of_training(files):
    assert not imported_by(["show", "town.mapsto"], files) & HEAVY


def least_seconds(arguments, cwd, runs=4):
    """The processor's time of a cold start; the least of several runs."""

    def spent():
        times = os.times()
        return times.children_user + times.children_system

    found = []
    for _ in range(runs):
        before = spent()
        assert own_process(arguments, cwd).returncode == 0
        found.append(spent() - before)
    return min(found)


def test_help_answers_at_once(tmp_path):
    assert least_seconds(["--help"], tmp_path) < 0.4


def test_a_thousand_rows_are_predicted_in_a_moment(files):
    write_csv(files / "many.csv", mapsto.examples.houses(1000, seed=1))

    assert least_seconds(["predict", "town.mapsto", "many.csv"], files) < 1.5


def test_progress_of_a_finished_rung_is_shown_and_disturbs_no_other():
    """Its function of all rows is learned after it has been told."""
    display = Display()
    display.show(events.RungStarted("image"))
    display.show(events.RungFinished("image", 0.4, 0.1, 9.0))

    display.show(events.Progress("image", 0.9, "epoch 3"))
    (task,) = display._progress.tasks
    assert (task.description, task.completed) == ("image", 0.9)

    display.show(events.RungStarted("network"))
    display.show(events.Progress("image", 1.0, "epoch 4"))
    (task,) = display._progress.tasks
    assert (task.description, task.completed) == ("network", 0.0)
