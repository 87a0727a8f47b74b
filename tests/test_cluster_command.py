"""`mapsto cluster`, and `predict` and `show` of what it saves."""

import csv
import io
import json

import numpy as np
import pandas as pd
import pytest
from commands import Command
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_mutual_info_score

import mapsto

FAST = ("--effort", "quick", "--family", "kmeans")


@pytest.fixture
def command(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    return Command(monkeypatch, capsys)


@pytest.fixture
def heaps(tmp_path):
    """heaps.csv with three heaps and a name for each row; the heap of each."""
    x, y = make_blobs(150, centers=3, n_features=3, random_state=1)
    frame = pd.DataFrame(x, columns=["a", "b", "c"])
    frame.insert(0, "name", [f"K{i:03}" for i in range(150)])
    frame.to_csv(tmp_path / "heaps.csv", index=False)
    return y


def test_cluster_saves_beside_and_tells_the_groups(command, heaps):
    told = command("cluster", "heaps.csv", *FAST)

    assert told.code == 0
    assert told.out.strip().startswith("3 groups of rows")
    assert "150 rows, 3 columns → groups" in told.err
    assert "'name'" in told.err
    assert told.err.endswith("Saved heaps-groups.mapsto\n")
    assert max(map(len, (told.out + told.err).splitlines())) <= 80
    assert mapsto.load("heaps-groups.mapsto").count == 3


def test_predict_and_show_take_the_groups(command, heaps):
    command("cluster", "heaps.csv", "-o", "a.mapsto", "--groups", "3", *FAST)

    told = command("predict", "a.mapsto", "heaps.csv")

    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert list(rows[0]) == ["group", "p(1)", "p(2)", "p(3)", "outside"]
    assert adjusted_mutual_info_score(heaps, [r["group"] for r in rows]) > 0.95
    lines = command("predict", "a.mapsto", "heaps.csv", "--json").out.splitlines()
    assert json.loads(lines[0])["group"] == int(rows[0]["group"])
    assert "typical row" in command("show", "a.mapsto").out
    assert json.loads(command("show", "a.mapsto", "--json").out)["count"] == 3


def test_no_groups_are_told_and_saved(command, tmp_path):
    x = np.random.default_rng(0).standard_normal((150, 3))
    pd.DataFrame(x, columns=["a", "b", "c"]).to_csv("noise.csv", index=False)

    told = command("cluster", "noise.csv", "--json", *FAST)

    assert json.loads(told.out)["count"] == 1
    assert "no groups" in told.err
    assert command("predict", "noise-groups.mapsto", "noise.csv").code == 0


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        (("heaps.csv", "--family", "k-means"), 2, "Choose from: kmeans"),
        (("heaps.csv", "--groups", "0"), 2, "from 1 to 100"),
        (("none.csv",), 4, "none.csv"),
        (("heaps.csv", "-o", "no/such/folder.mapsto"), 4, "cannot be written"),
        (("names.csv",), 3, "no column to find groups by"),
        (("heaps.csv", "--budget", "0s"), 5, "nothing was kept"),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_said(command, heaps, given, code, says, tmp_path):
    names = "name\n" + "\n".join(f"K{i}x{i * i}" for i in range(60))
    (tmp_path / "names.csv").write_text(names + "\n")
    kinds = ("--kind", "name=identifier") if given[0] == "names.csv" else ()

    told = command("cluster", *given, "--effort", "quick", *kinds)

    assert told.code == code
    assert says in told.err
