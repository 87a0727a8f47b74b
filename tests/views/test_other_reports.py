"""Reports of what is no fitted model: groups and approximations; and compositions."""

import re

import numpy as np
import pytest
from reading import states, text_of

import mapsto
from mapsto.families.activations import ACTIVATIONS
from mapsto.portrait.flow import Single, flow
from mapsto.views.approximated import program
from mapsto.views.approximation_states import flowed
from mapsto.views.grouped import short
from mapsto.views.reporting import html

OTHERS = ("composed", "groups", "heap", "wave", "hill", "dots")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", OTHERS)
def test_everything_has_a_report(name, language, request, tmp_path):
    """One small file that stands alone, the same after saving and loading."""
    found = request.getfixturevalue(name)
    found.save(tmp_path / "found.mapsto")

    page = mapsto.report(found, tmp_path / "page.html", language).read_text("utf-8")

    assert page == html(mapsto.load(tmp_path / "found.mapsto"), language)
    assert len(page) < 1 << 20
    assert not re.search(r"<link|<img|<iframe|@import|\bsrc=", page)


# ── compositions ──


def test_a_part_is_drawn_as_the_model_tells_it(composed):
    """Its curve along its only column, and over the plane of its two."""
    told = states(html(composed))
    (wear,) = (c for c in told["Curve1D"] if c["ylabel"] == "wear")
    _, size = told["Field2D"]

    assert wear["y"][0] == pytest.approx(
        composed.parts["wear"].predict({"age": np.array(wear["x"])}), abs=1e-3
    )
    across, up = np.meshgrid(size["x"], size["y"])
    new = {"area": across.ravel(), "floor": up.ravel()}
    z = composed.parts["size"].predict(new)
    assert np.ravel(size["z"]) == pytest.approx(z, abs=1e-6)


def test_the_parts_are_the_models(composed):
    (drawn,) = states(html(composed))["Parts"]

    parts = composed.parts.values()
    assert [r["label"] for r in drawn["rows"]] == [p.declared for p in parts]
    assert [r["importance"] for r in drawn["rows"]] == [p.importance for p in parts]
    assert [(r["low"], r["high"]) for r in drawn["rows"]] == [p.range for p in parts]


def test_the_price_of_a_structure_is_told(composed):
    said = " ".join(text_of(html(composed)).split())

    assert "size(area, floor) * wear(age) + place(district)" in said
    assert str(composed.record["price"]["rival"]) in said


# ── groups ──


def test_the_map_and_the_effects_are_the_groups(groups):
    told = states(html(groups))

    (drawn,) = told["GroupMap"]
    assert {k: drawn[k] for k in ("row", "x", "y", "group")} == groups.map
    assert len(told["FeatureBars"]) == groups.count == 2
    for bars, group in zip(told["FeatureBars"], groups.groups, strict=True):
        assert [r["rise"] for r in bars["rows"]] == [
            e["effect"] for e in group["effects"]
        ]


def test_groups_are_put_into_words(groups):
    """Sizes, what sets them apart, some rows, and how the number was chosen."""
    said = " ".join(text_of(html(groups)).split())

    for group in groups.groups:
        assert f"Group {group['group']}" in said
        assert f"{group['rows']} rows" in said
        for effect in group["effects"]:
            assert effect["column"] in said
        for row in (*group["typical"], *group["borderline"]):
            told = ", ".join(f"{k} {short(v)}" for k, v in row["values"].items())
            assert told in said
    assert all(v.advice in said for v in groups.verdicts)
    assert "prediction strength" in said


def test_long_numbers_are_rounded():
    assert short("5.14384795978693") == "5.144"
    assert short("a long name of something") == "a long name of something"
    assert short("12.5") == "12.5"


def test_no_groups_are_said_plainly(heap):
    said = text_of(html(heap))

    assert heap.count == 1
    assert "No groups" in said
    assert "There are no groups here" in said


# ── approximations ──


def test_the_curve_is_the_network_and_the_dots_are_f(wave):
    curve, error = states(html(wave))["Curve1D"]

    assert curve["y"][0] == pytest.approx(wave.predict(curve["x"]))
    x, y = (np.array(curve["points"][k]) for k in ("x", "y"))
    assert y == pytest.approx(np.sin(2 * x))
    x, wrong = np.array(error["x"]), np.array(error["y"][0])
    assert wrong == pytest.approx(np.sin(2 * x) - wave.predict(x), abs=1e-9)
    assert np.abs(wrong).max() <= wave.error * 1.001
    assert error["high"][0] == wave.tol


def test_the_plane_of_two_inputs_is_the_network(hill):
    network, error = states(html(hill))["Field2D"]

    across, up = np.meshgrid(network["x"], network["y"])
    z = hill.predict(np.stack([across, up], axis=-1))
    assert np.array(network["z"]) == pytest.approx(z)
    wrong = np.exp(-(across**2) - up**2) - z
    assert np.array(error["z"]) == pytest.approx(wrong, abs=1e-9)


def test_the_sizes_that_were_tried_are_drawn(wave):
    (drawn,) = states(html(wave))["CapacityChart"]

    assert [(p["line"], p["size"], p["score"]) for p in drawn["points"]] == [
        (t.activation, t.neurons, t.error) for t in wave.tried
    ]
    assert drawn["limit"]["value"] == wave.tol
    assert sum(p["chosen"] for p in drawn["points"]) == 1


@pytest.mark.parametrize("name", ["wave", "hill", "dots"])
def test_a_point_flows_through_the_network(name, request):
    """The weighted sums are those of the weights, and the last is the value."""
    made = request.getfixturevalue(name)
    (drawn,) = states(html(made))["NetDiagram"]

    low, high = np.array(made.low), np.array(made.high)
    for share, row in zip(np.linspace(0, 1, 7), drawn["rows"], strict=True):
        x = (low + share * (high - low))[None]
        sums, _ = flowed(made, x)
        assert sums[-1][0, 0] == pytest.approx(np.ravel(made.predict(x))[0])
        assert row["sums"][-1][0] == pytest.approx(sums[-1][0, 0])
        first = np.sum(row["terms"], axis=0) + drawn["biases"][0]
        assert row["sums"][0] == pytest.approx(first)


def test_the_proof_is_told(wave):
    said = " ".join(text_of(html(wave)).split())

    assert wave.certificate is not None
    assert f"{wave.certificate.bound:.6g}" in said
    assert wave.certificate.digest[:16] in said
    assert "mapsto verify" in said


def test_samples_have_no_proof_and_are_given_again(dots):
    said = " ".join(text_of(html(dots)).split())

    assert "No proof: nothing is known between the samples" in said
    assert "mapsto.approximate( f, tol=0.1," in said


def test_the_call_that_is_told_finds_the_same(wave):
    names = {}

    exec(program(wave), names)

    assert names["found"].error == wave.error
    assert names["found"].tried[-1].neurons == wave.tried[-1].neurons


# ── what flows through the network of a model ──


def test_a_row_flows_through_one_of_the_networks(town):
    """Neurons bend their weighted sums, as the activation of that name does."""
    (drawn,) = states(html(town))["NetDiagram"]

    bend = ACTIVATIONS[drawn["activation"]]
    assert len(drawn["rows"]) > 3
    for row in drawn["rows"]:
        for sums, values in zip(row["sums"], row["values"], strict=False):
            assert values == pytest.approx(bend(np.array(sums)), abs=1e-9)


@pytest.mark.parametrize(
    ("target", "dials"),
    [
        ("number", {"inputs": "quantile"}),
        ("number", {"inputs": "periodic", "residual": True, "hidden": [4, 4]}),
        ("two", {"activation": "tanh"}),
        ("three", {"hidden": [5]}),
    ],
)
def test_the_network_that_is_drawn_is_the_function(target, dials, monkeypatch):
    """What flows comes out as the learned function itself says, on every row."""
    rng = np.random.default_rng(0)
    x, kind = rng.normal(size=90), rng.choice(["a", "b", "c"], 90).astype(object)
    y = {"number": np.exp(x), "two": x > 0, "three": kind}[target]
    table = {"x": x, "z": rng.normal(size=90), "kind": kind, "y": y}
    if target == "three":
        del table["kind"]
    gaps = []

    def compared(problem, member, *rest):
        net = Single.of(member)
        sums, _ = net(net.inputs(problem.t))
        gaps.append(np.abs(net.told(sums[-1]) - member(problem.t)).max())
        return flow(problem, member, *rest)

    monkeypatch.setattr("mapsto.portrait.network.flow", compared)
    few = {"hidden": [4], "epochs": 2, "members": 1, "solver": "descent"} | dials
    mapsto.fit(
        table,
        "y",
        families=("network",),
        effort="quick",
        hyperparameters={"network": few},
    )

    assert gaps == [pytest.approx(0, abs=1e-5)]


def test_the_rows_that_flow_are_none_of_the_tables(town):
    """Each differs from the middle of all columns in one column at most."""
    first, *others = town.record["portrait"]["network"]["flow"]["rows"]

    assert first["moved"] is None
    for row in others:
        differ = [a != b for a, b in zip(first["inputs"], row["inputs"], strict=True)]
        assert sum(differ) <= 1


def test_one_networks_answer_is_near_the_whole(town):
    """The network that is drawn is one of those that are averaged."""
    flow = town.record["portrait"]["network"]["flow"]
    columns = town.record["portrait"]["network"]["inputs"]
    rows = {
        name: [row["inputs"][k] for row in flow["rows"]]
        for k, name in enumerate(columns)
    }

    told = np.array([row["told"][0] for row in flow["rows"]])
    whole = np.asarray(town.rungs["network"].predict(rows))

    assert np.corrcoef(told, whole)[0, 1] > 0.8


def test_a_file_of_before_rows_flowed_has_its_diagram(town):
    network = town.record["portrait"]["network"]
    old = {k: v for k, v in network.items() if k != "flow"}
    portrait = town.record["portrait"] | {"network": old}
    model = mapsto.Model(dict(town.record) | {"portrait": portrait}, town.graphs)

    (drawn,) = states(html(model))["NetDiagram"]

    assert "rows" not in drawn
    assert drawn["weights"] == network["weights"]
