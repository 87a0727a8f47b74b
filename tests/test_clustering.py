"""`mapsto.cluster`: groups where there are groups, and none where there are none."""

import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_mutual_info_score

import mapsto
from mapsto.errors import DataError, NothingKept, OptionError
from mapsto.events import (
    DataRead,
    Finished,
    GroupsCounted,
    GroupsFound,
    Noticed,
    RungSkipped,
    RungStarted,
    Stopped,
)

QUICK = {"effort": "quick", "families": ("kmeans", "mixture", "spectral")}
FAST = {"effort": "quick", "families": ("kmeans",)}


def customers(rows=300, seed=0):
    """Three kinds of customers in mixed columns with gaps, and the kind of each row."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, rows, p=[0.5, 0.3, 0.2])
    channel = np.array([["web", "shop", "phone"][k] for k in kind], object)
    stray = rng.random(rows) < 0.05
    channel[stray] = rng.choice(["web", "shop", "phone"], stray.sum())
    age = rng.normal(np.array([28, 62, 45])[kind], 4).round()
    table = {
        "customer": [f"C{i:04}" for i in range(rows)],
        "age": np.where(rng.random(rows) < 0.05, np.nan, age),
        "spend": rng.lognormal(np.log([40, 90, 400])[kind], 0.25).round(2),
        "channel": channel,
        "since": pd.Timestamp("2020-01-01")
        + pd.to_timedelta(rng.integers(0, 900, rows), "D"),
    }
    return pd.DataFrame(table), kind


@pytest.fixture(scope="module")
def known():
    return customers()


@pytest.fixture(scope="module")
def found(known):
    return mapsto.cluster(known[0], **QUICK)


# ── where there are groups ──


def test_groups_of_mixed_columns_with_gaps_are_found(known, found):
    frame, kind = known

    told = found.predict(frame)

    assert found.count == 3
    assert adjusted_mutual_info_score(kind, told) > 0.85
    assert list(told.index) == list(frame.index)
    assert [g["rows"] for g in found.groups] == told.value_counts().tolist()
    assert min(g["stability"] for g in found.groups) > 0.8


def test_rows_to_come_have_a_group_and_a_probability(found):
    new, kind = customers(seed=1)

    p = found.predict_proba(new)

    assert list(p.columns) == ["1", "2", "3"]
    assert p.sum(axis=1).to_numpy() == pytest.approx(1)
    assert adjusted_mutual_info_score(kind, found.predict(new)) > 0.85
    assert (p.to_numpy().argmax(axis=1) + 1 == found.predict(new)).all()


def test_a_row_unlike_any_that_was_seen_is_marked(found, known):
    row = known[0].iloc[0].to_dict()

    assert not found.predictions(known[0])["outside"].any()
    assert found.predictions({**row, "age": 140.0})["outside"][0]
    assert found.predictions({**row, "channel": "fax"})["outside"][0]


@pytest.mark.parametrize("groups", [2, 3, 5])
def test_the_number_of_heaps_is_found(groups):
    x, y = make_blobs(300, centers=groups, n_features=4, random_state=1)

    found = mapsto.cluster(x, **QUICK)

    assert found.count == groups
    assert adjusted_mutual_info_score(y, found.predict(x)) > 0.95


def test_what_sets_a_group_apart_is_told_with_its_size(found):
    young = max(found.groups, key=lambda g: g["rows"])

    told = {e["column"]: e for e in young["effects"]}

    assert told["age"]["effect"] < -2
    assert told["age"]["here"] == pytest.approx(28, abs=1)
    assert told["channel"]["level"] == "web"
    assert told["channel"]["here"] > 0.85
    assert "since" not in told
    assert "channel = web in 9" in str(found)


def test_typical_rows_are_sure_and_borderline_rows_are_not(found):
    for group in found.groups:
        sure = [r["probability"] for r in group["typical"]]
        doubtful = [r["probability"] for r in group["borderline"]]
        assert len(sure) == 3
        assert min(sure) >= max(doubtful, default=0.0)
        assert all(p < 0.9 for p in doubtful)


def test_example_rows_are_numbered_as_in_the_table(known, found):
    row = found.groups[0]["typical"][0]

    assert row["values"]["channel"] == known[0]["channel"].iloc[row["row"] - 1]


def test_the_map_has_a_place_for_every_row_and_parts_the_groups(found, known):
    places = pd.DataFrame(found.map)

    assert places["row"].tolist() == list(range(1, 301))
    assert places["group"].tolist() == found.predict(known[0]).tolist()
    middle = places.groupby("group")[["x", "y"]].mean()
    spread = places.groupby("group")[["x", "y"]].std().mean()
    gap = (middle.loc[1] - middle.loc[2]) / spread
    assert np.linalg.norm(gap) > 3


def test_the_same_seed_gives_the_same_groups(known, found):
    again = mapsto.cluster(known[0], **QUICK)

    assert again.graphs == found.graphs
    assert again.groups == found.groups


def test_every_family_has_a_line_of_the_ladder(known):
    frame, kind = known

    found = mapsto.cluster(frame, groups=3, effort="quick")

    assert list(found.ladder)[:4] == ["kmeans", "mixture", "spectral", "network"]
    assert found.ladder[found.family]["score"] == max(
        rung["score"] for rung in found.ladder.values()
    )
    assert adjusted_mutual_info_score(kind, found.predict(frame)) > 0.85


# ── where there are none ──


def long_heap(rng):
    return rng.standard_normal((400, 3)) @ [[1, 0.9, 0.8], [0, 0.4, 0.2], [0, 0, 0.3]]


def letters(rng):
    return {name: rng.choice(list("abc"), 400).astype(object) for name in "pqrs"}


HEAPS = {
    "one Gaussian": lambda rng: rng.standard_normal((400, 2)),
    "a Gaussian of ten columns": lambda rng: rng.standard_normal((400, 10)),
    "a long Gaussian": long_heap,
    "uniform noise": lambda rng: rng.random((400, 3)),
    "a lopsided heap": lambda rng: rng.exponential(size=(400, 3)),
    "levels at random": letters,
}


@pytest.mark.parametrize("heap", HEAPS)
@pytest.mark.parametrize("seed", [0, 1])
def test_there_are_no_groups_in_one_heap(heap, seed):
    data = HEAPS[heap](np.random.default_rng(seed))

    found = mapsto.cluster(data, **QUICK)

    assert found.count == 1
    assert [v.code for v in found.verdicts] == ["groups-none"]
    assert set(np.asarray(found.predict(data))) == {1}
    assert "no groups" in str(found).lower()


def test_groups_that_were_asked_for_are_told_to_be_sections():
    x = np.random.default_rng(0).standard_normal((300, 2))

    found = mapsto.cluster(x, groups=3, **FAST)

    assert found.count == 3
    assert "groups-given" in [v.code for v in found.verdicts]


def test_groups_that_are_there_may_be_asked_for():
    x, _ = make_blobs(300, centers=3, n_features=4, random_state=1)

    assert mapsto.cluster(x, groups=3, **FAST).verdicts == []


def test_groups_that_are_one_column_s_levels_are_named_as_such():
    rng = np.random.default_rng(0)
    site = rng.choice(3, 300)
    data = pd.DataFrame(rng.standard_normal((300, 3)), columns=["a", "b", "c"])
    data["site"] = np.array(["north", "south", "west"], object)[site]
    for name in ("a", "b", "c"):
        data[name] += rng.permutation([-6, 0, 6])[site]

    found = mapsto.cluster(data, **FAST)

    (verdict,) = found.verdicts
    assert verdict.code == "groups-one-column"
    assert verdict.parameters["column"] == "site"


# ── the file ──


def test_groups_are_saved_and_loaded(tmp_path, known, found):
    found.save(tmp_path / "a.mapsto")

    again = mapsto.load(tmp_path / "a.mapsto")

    assert isinstance(again, mapsto.Groups)
    assert again.to_dict() == found.to_dict()
    assert again.predict(known[0]).equals(found.predict(known[0]))
    assert pickle.loads(pickle.dumps(found)).to_bytes() == found.to_bytes()
    assert again.story() == found.story()


def test_predicting_groups_needs_neither_jax_nor_scikit_learn(tmp_path, known, found):
    found.save(tmp_path / "a.mapsto")
    known[0].to_csv(tmp_path / "new.csv", index=False)
    program = (
        "import mapsto, sys; g = mapsto.load('a.mapsto'); print(g)\n"
        "print(*g.predict('new.csv')[:5])\n"
        "assert not {'jax', 'sklearn', 'scipy', 'lightgbm'} & set(sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    first = " ".join(map(str, found.predict(known[0])[:5]))
    assert done.stdout.endswith(first + "\n")


def test_what_it_tells_of_itself(found):
    table = found.to_frame()

    assert repr(found).startswith("<mapsto.Groups: 3 by ")
    assert len(set(map(len, table.values()))) == 1
    assert set(table["group"]) == {1, 2, 3}
    assert "<pre>" in found._repr_html_()
    assert max(map(len, found.story().splitlines())) <= 80
    assert "typical row" in found.story()


# ── what comes in ──


@pytest.mark.parametrize("form", ["array", "dict", "file", "rows"])
def test_any_table_is_read_and_answered_in_kind(form, tmp_path):
    x, _ = make_blobs(120, centers=3, n_features=3, random_state=1)
    frame = pd.DataFrame(x, columns=["a", "b", "c"])
    frame.to_csv(tmp_path / "t.csv", index=False)
    data = {
        "array": x,
        "dict": {name: frame[name].to_numpy() for name in frame},
        "file": tmp_path / "t.csv",
        "rows": frame.to_dict("records"),
    }[form]

    told = mapsto.cluster(data, groups=3, **FAST).predict(data)

    assert isinstance(told, list if form == "rows" else np.ndarray)
    assert sorted(set(told)) == [1, 2, 3]


def test_a_large_table_is_sampled_and_said_so():
    x, y = make_blobs(9000, centers=3, n_features=3, random_state=1)
    heard = []

    found = mapsto.cluster(x, groups=3, on_event=heard.append, **FAST)

    assert "groups-sampled" in [e.code for e in heard if isinstance(e, Noticed)]
    assert adjusted_mutual_info_score(y, found.predict(x)) > 0.95
    assert found.record["rows"] == 9000
    assert len(found.map["x"]) == 1000
    rows = [r["row"] for g in found.groups for r in g["typical"]]
    assert max(rows) > 5000


def test_a_kind_can_be_told():
    rng = np.random.default_rng(0)
    code = rng.integers(0, 2, 200)
    data = {"code": code, "size": rng.normal(8 * code, 1)}

    found = mapsto.cluster(data, groups=2, kinds={"code": "category"}, **FAST)

    assert found.columns[0].kind == "category"


BAD_DATA = {
    "groups-rows": {"x": np.arange(5.0) ** 2},
    "groups-equal": {"x": [1.0, 2.0] * 10, "y": [3.0, 4.0] * 10},
    "groups-no-columns": {"id": [f"K{i}" for i in range(40)]},
    "rows-none": {"x": []},
}


@pytest.mark.parametrize("code", BAD_DATA)
def test_a_table_without_groups_to_find_is_refused(code):
    data = BAD_DATA[code]
    kinds = {"id": "identifier"} if "id" in data else None

    with pytest.raises(DataError) as raised:
        mapsto.cluster(data, groups=3, kinds=kinds, **FAST)

    assert raised.value.code == code


def test_more_groups_than_rows_are_refused():
    with pytest.raises(DataError, match="at least 30 are needed"):
        mapsto.cluster({"x": np.arange(20.0) ** 2}, groups=30, **FAST)


def test_one_column_is_enough():
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.normal(0, 1, 150), rng.normal(9, 1, 150)])

    found = mapsto.cluster({"x": x}, **QUICK)

    assert found.count == 2
    assert len(found.map["y"]) == 300


@pytest.mark.parametrize(
    "given",
    [
        {"groups": 0},
        {"groups": 2.5},
        {"families": "k-means"},
        {"families": ()},
        {"families": 3},
        {"effort": "lazy"},
        {"budget": -1},
        {"seed": -1},
        {"kinds": "category"},
        {"on_event": "print"},
    ],
    ids=str,
)
def test_a_bad_option_is_refused_before_any_work(given):
    with pytest.raises(OptionError):
        mapsto.cluster("not-there.csv", **given)


# ── events, and the wish to stop ──


def test_events_tell_the_course_of_the_work(known):
    heard = []

    found = mapsto.cluster(known[0], on_event=heard.append, **QUICK)

    kinds = [type(e) for e in heard]
    read = kinds.index(DataRead)
    counted = kinds.index(GroupsCounted)
    assert set(kinds[:read]) == {Noticed}
    assert heard[counted].groups == found.count
    assert [e.rung for e in heard if isinstance(e, GroupsFound)] == list(found.ladder)
    assert isinstance(heard[-1], Finished)
    assert heard[-1].best == found.family


def test_a_stop_keeps_the_families_that_are_finished(known):
    def stop_at_spectral(event):
        if isinstance(event, RungStarted) and event.rung == "spectral":
            raise Stopped
        heard.append(event)

    heard = []

    found = mapsto.cluster(known[0], groups=3, on_event=stop_at_spectral, **QUICK)

    assert list(found.ladder) == ["kmeans", "mixture"]
    assert any(isinstance(e, RungSkipped) for e in heard)
    assert found.predict(known[0]).nunique() == 3


def test_a_stop_once_the_number_is_known_keeps_those_groups(known):
    def stop_when_counted(event):
        if isinstance(event, GroupsCounted):
            raise Stopped

    found = mapsto.cluster(known[0], on_event=stop_when_counted, **QUICK)

    assert found.count == 3
    assert len(found.ladder) == 1
    assert found.record["refits"] == 0
    assert "Group 3" in str(found)


@pytest.mark.parametrize("groups", [None, 3])
def test_a_stop_before_anything_is_found_keeps_nothing(known, groups):
    with pytest.raises(NothingKept) as raised:
        mapsto.cluster(known[0], groups=groups, budget=0, **QUICK)

    assert raised.value.code == "nothing-kept"


def test_a_number_that_no_family_finds():
    x, _ = make_blobs(200, centers=2, n_features=3, random_state=1)

    with pytest.raises(NothingKept, match="No family finds 17 groups"):
        mapsto.cluster(x, groups=17, families=("density",), effort="quick")
