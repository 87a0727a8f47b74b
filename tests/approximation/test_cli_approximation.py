"""mapsto approximate, and what the other commands do with its files."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from found import found

import mapsto

sys.path.insert(0, str(Path(__file__).parent.parent))

from commands import Command, own_process


@pytest.fixture
def command(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Command(monkeypatch, capsys)


@pytest.fixture
def file(tmp_path):
    found("tanh").save(tmp_path / "f.mapsto")
    return tmp_path / "f.mapsto"


def test_from_an_expression_to_a_checked_file(command, tmp_path):
    """An expression and a domain that begin with a minus are no options."""
    made = command(
        "approximate", "-x**2", "--on", "-1,1", "--tol", "1e-2", "-o", "f.mapsto"
    )

    assert made.code == 0
    assert "-x**2 for x in [-1, 1]" in made.out
    assert "largest error" in made.err
    assert "Saved f.mapsto" in made.err
    assert mapsto.load(tmp_path / "f.mapsto").met


@pytest.mark.parametrize(
    "words", [("-tanh(x)",), ("--", "-tanh(x)"), ("-o + tanh(x)",)]
)
def test_a_minus_in_front(command, words):
    """Whatever stands where: options come before and after."""
    name = "o" if "-o + tanh(x)" in words else "x"
    extra = ("--on", "o=-1,1", "--on", "x=-1,1") if name == "o" else ("--on", "x=-1,1")

    made = command("approximate", "--tol", "0.3", *extra, *words)

    assert made.code == 0


def test_json_tells_all(command):
    made = command("approximate", "exp(x)", "--on", "-1,1", "--tol", "1e-2", "--json")

    record = json.loads(made.out)
    assert record["met"]
    assert record["certificate"]["bound"] <= 1e-2


def test_several_inputs(command):
    made = command(
        "approximate", "x + y", "--on", "x=-1,1", "--on", "y=0,2", "--tol", "0.1"
    )

    assert "x in [-1, 1], y in [0, 2]" in made.out


def test_a_file_of_samples(command, tmp_path):
    x = np.linspace(0, 1, 20)
    rows = "\n".join(f"{a},{a * a}" for a in x)
    (tmp_path / "samples.csv").write_text(f"time,height\n{rows}\n")

    made = command("approximate", "samples.csv", "--tol", "1e-2")

    assert made.code == 0
    assert "20 samples for time in [0, 1]" in made.out


def test_a_tolerance_that_is_not_met_is_told_by_the_exit_code(command):
    made = command(
        "approximate", "sin(90*x**2)", "--on=-1,1", "--tol", "1e-12", "--budget", "1s"
    )

    assert made.code == 1
    assert "the tolerance 1e-12 was not met" in " ".join(made.out.split())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("sin(x",), "expected ')'"),
        (("x", "--on", "3"), "write it as -1,1"),
        (("x", "--on", "-1,1", "--on", "y=0,1"), "write it as name=value"),
        (("x", "--on", "0,1", "--budget", "long"), "60s, 5min or 1h"),
        (("x", "--on", "0,1", "-o", "missing/f.mapsto"), "missing"),
        (("x", "--on", "0,1", "--tool", "3"), "No such option"),
        (("1/x", "--on", "-1,1"), "x = 0"),
    ],
)
def test_bad_input(command, words, says):
    made = command("approximate", *words)

    assert made.code not in (0, 5)
    assert says in made.err


def test_show_and_predict(command, file, tmp_path):
    (tmp_path / "points.csv").write_text("x\n0\n0.5\n2\n")

    shown = command("show", file)
    predicted = command("predict", file, "points.csv")

    assert "N(x) = " in shown.out
    assert json.loads(command("show", file, "--json").out)["kind"] == "approximation"
    rows = predicted.out.splitlines()
    assert rows[0] == "y,outside"
    assert [row.split(",")[1] for row in rows[1:]] == ["False", "False", "True"]
    assert float(rows[1].split(",")[0]) == pytest.approx(1.0, abs=1e-3)


def test_verify_a_certificate_that_holds(command, file):
    pytest.importorskip("flint")

    checked = command("verify", file)

    assert checked.code == 0
    assert "The certificate holds: |f - N| <=" in checked.out
    assert json.loads(command("verify", file, "--json").out)["holds"]


def test_verify_refuses_what_was_changed(command, file):
    pytest.importorskip("flint")
    record, graphs = mapsto.approximation.filing.archive.read(file)
    record["weights"][0][0][0] += 1e-3
    mapsto.approximation.filing.archive.write(file, record, graphs)

    checked = command("verify", file)

    assert checked.code == 1
    assert "another network" in checked.out


def test_verify_says_when_there_is_nothing_to_check(command, tmp_path):
    replace(found("tanh"), certificate=None).save(tmp_path / "bare.mapsto")

    checked = command("verify", "bare.mapsto")

    assert checked.code == 1
    assert "no certificate" in checked.out


def test_a_fitted_model_is_no_approximation(command, tmp_path):
    model = mapsto.fit(
        {"x": np.arange(30.0), "y": np.arange(30.0) ** 2},
        "y",
        families=("line",),
        effort="quick",
    )
    model.save(tmp_path / "line.mapsto")

    assert "does not hold an approximation" in command("verify", "line.mapsto").err


def test_looking_at_a_file_imports_nothing_heavy(file):
    program = "import atexit, sys; atexit.register(lambda: print(*sys.modules))"

    told = own_process(["show", file], before=program).stdout

    assert not {"jax", "sklearn", "lightgbm"} & set(told.split())
