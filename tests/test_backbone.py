"""Pictures seen through a network that the user has: the ladder climbs on its features,
and the file needs no other."""

import json

import numpy as np
import onnxruntime
import pytest
from commands import Command
from drawn import drawing, drawings, saved
from networks import SIDE, network
from PIL import Image

import mapsto
from mapsto.errors import FileError, OptionError
from mapsto.events import Noticed
from mapsto.views.taking import program

SHAPES = ("disc", "stripes")
FAST = {"effort": "quick", "families": ("line", "space")}


@pytest.fixture(scope="module")
def backbone(tmp_path_factory):
    """More features than are seen one by one."""
    return network(tmp_path_factory.mktemp("networks") / "eye.onnx", features=260)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("shapes")
    saved(path, *drawings(SHAPES, 40))
    (path / "disc" / "broken.jpg").write_bytes(b"not a picture")
    return path


@pytest.fixture(scope="module")
def learned(folder, backbone):
    told = []
    model = mapsto.fit(folder, backbone=backbone, on_event=told.append, **FAST)
    return model, " ".join(e.sentence for e in told if isinstance(e, Noticed))


@pytest.fixture(scope="module")
def fresh():
    return drawings(SHAPES, 30, seed=9)


def test_the_ladder_climbs_on_its_features(learned, fresh):
    model, told = learned
    pictures, names = fresh

    assert "seen through eye.onnx: 260 features of 20 × 20 pixels" in told
    assert "broken.jpg" in told
    assert (model.predict(pictures) == names).mean() > 0.9
    assert model.columns[0].kind == "picture"
    assert model.columns[0].width == 260
    assert model.record["backbone"]["file"] == "eye.onnx"
    assert "seen through eye.onnx" in model.story()
    asked = "backbone=mapsto.Backbone('eye.onnx', pixels='imagenet')"
    assert asked in program(model.record)


def test_it_has_a_report(learned, tmp_path):
    model, _ = learned
    mapsto.report(model, tmp_path / "m.html")
    page = (tmp_path / "m.html").read_text("utf-8")

    assert "seen through eye.onnx" in page
    assert "mapsto.Backbone(" in page


def test_the_file_needs_no_other(learned, fresh, tmp_path):
    model, _ = learned
    pictures, _ = fresh
    model.save(tmp_path / "m.mapsto")
    again = mapsto.load(tmp_path / "m.mapsto")

    for name, rung in model.rungs.items():
        told = rung.predict_proba(pictures)
        assert (again.rungs[name].predict_proba(pictures) == told).all()


def test_the_graph_takes_a_picture_of_any_size(learned):
    model, _ = learned
    large = drawing("disc", np.random.default_rng(5), side=80)[:, :70]
    session = onnxruntime.InferenceSession(model.graphs["line"])
    feeds = {"picture": large[None], "coverage": np.array(0.9)}
    (probability,) = session.run(["probability"], feeds)

    expected = model.rungs["line"].predict_proba(large)
    assert np.allclose(probability, expected, atol=0.05)


def test_every_way_to_give_a_picture_is_the_same(learned, fresh, tmp_path):
    model, _ = learned
    pictures, names = fresh
    saved(tmp_path, pictures[:4], names[:4])
    files = [str(tmp_path / n / f"{k:03}.png") for k, n in enumerate(names[:4])]
    expected = model.predict_proba(pictures[:4])

    assert np.allclose(model.predict_proba(files), expected)
    shown = [Image.fromarray(p) for p in pictures[:4]]
    assert np.allclose(model.predict_proba(shown), expected)
    assert np.allclose(model.predict_proba(f"{tmp_path}/disc/*.png"), expected[::2])


def test_where_it_looked(tmp_path):
    """A dot in the left half or none, that a network tells by its brightness."""
    rng = np.random.default_rng(0)
    pictures = rng.normal(90, 6, (80, SIDE, SIDE, 3))
    y = np.arange(80) % 2
    pictures[y == 1, 6:12, 2:8] += rng.uniform(0, 90, (40, 1, 1, 1))
    pictures = np.clip(pictures, 0, 255).astype(np.uint8)
    eye = network(tmp_path / "eye.onnx")
    model = mapsto.fit((pictures, y), backbone=eye, task="classification", **FAST)
    seen = model.evidence(pictures[1], use="line")
    row, column = np.unravel_index(seen.maps[1].argmax(), seen.maps[1].shape)

    assert seen.picture.shape == (SIDE, SIDE, 3)
    assert seen.maps[1].shape == (16, 16)
    assert 2 <= row <= 12
    assert 0 <= column <= 8


def test_pixels_that_are_large_for_the_ladder_are_not_for_it(tmp_path):
    """A backbone of 96 pixels is shown 96, though the ladder alone sees 64."""
    rng = np.random.default_rng(0)
    names = np.array(["fine", "plain"] * 20)
    pictures = np.full((40, 96, 96), 128.0) + rng.normal(0, 1, (40, 96, 96))
    pictures[::2] += 60 * (np.indices((96, 96)).sum(axis=0) % 2) - 30
    shown = np.clip(pictures, 0, 255).astype(np.uint8)
    eye = network(tmp_path / "eye.onnx", shape=(1, 1, 96, 96), channels=1)
    model = mapsto.fit((shown, names), backbone=eye, effort="quick", families=["line"])

    assert model.rungs["line"].score < 0.2
    assert (model.predict(shown) == names).all()


def test_what_does_not_bend_alone_is_left_out(tmp_path):
    pictures, names = drawings(SHAPES, 20)
    told = []
    model = mapsto.fit(
        (pictures, names),
        backbone=network(tmp_path / "eye.onnx"),
        effort="quick",
        hyperparameters={"network": {"hidden": [4], "epochs": 5}},
        validation=mapsto.Validation(folds=2),
        on_event=told.append,
    )
    notes = [e.sentence for e in told if isinstance(e, Noticed)]

    climbed = [name for name in model.rungs if name != "blend"]
    assert climbed == ["constant", "line", "steps", "space", "network"]
    assert sum("Left out" in note for note in notes) == 1
    assert "formula, curve, image" in " ".join(notes)


def test_a_table_with_other_columns(folder, backbone, tmp_path):
    rng = np.random.default_rng(0)
    files = sorted(str(p) for p in folder.glob("*/*.png"))
    area = rng.uniform(1, 9, len(files))
    disc = np.array(["disc" in f for f in files])
    price = 2 * area + 10 * disc + rng.normal(0, 0.2, len(files))
    table = {"photo": files, "area": area, "price": price}
    model = mapsto.fit(
        table,
        "price",
        backbone=mapsto.Backbone(backbone, pixels="0..1"),
        families=("line", "curve"),
        effort="quick",
    )

    assert {c.name: c.width for c in model.columns} == {"photo": 260, "area": 1}
    assert model.rungs["line"].score < 3
    told = model.predict({"photo": files[0], "area": 3.0})
    assert np.isfinite(told)


# ── bad input ──


def test_a_table_without_pictures(backbone):
    x = np.linspace(0, 1, 40)
    with pytest.raises(OptionError, match="no column of pictures"):
        mapsto.fit({"x": x, "y": 2 * x}, "y", backbone=backbone)


def test_families_that_are_not_behind_a_backbone(folder, backbone):
    with pytest.raises(OptionError, match="choose from line, steps, space, network"):
        mapsto.fit(folder, backbone=backbone, families=["image"])


def test_an_earlier_choice_asks_for_its_backbone(learned, folder, backbone):
    model, _ = learned
    with pytest.raises(OptionError, match=r"looks through eye\.onnx: give it again"):
        mapsto.fit(folder, like=model)
    again = mapsto.fit(folder, like=model, backbone=backbone, effort="quick")
    assert again.columns[0].parse == model.columns[0].parse


# ── the command line ──


def test_the_command_line(folder, backbone, tmp_path, monkeypatch, capsys):
    command = Command(monkeypatch, capsys)
    monkeypatch.chdir(tmp_path)
    looked = ("--backbone", backbone, "--pixels", "-1..1")
    fitted = command(
        "fit", folder, "--family", "line", "--effort", "quick", *looked, "--json"
    )
    told = command("predict", f"{folder.name}.mapsto", folder / "disc" / "000.png")

    assert fitted.code == told.code == 0
    assert json.loads(fitted.out)["backbone"]["pixels"] == "-1..1"
    assert "(pixels: -1..1)" in fitted.err
    assert told.out.splitlines()[1].split(",")[1] in SHAPES


def test_the_command_line_with_what_is_no_backbone(
    folder, tmp_path, monkeypatch, capsys
):
    command = Command(monkeypatch, capsys)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "eye.onnx").write_text("no network")
    broken = command("fit", folder, "--backbone", "eye.onnx")
    alone = command("fit", folder, "--pixels", "clip")

    assert broken.code == 4
    assert "not an ONNX network" in broken.err
    assert alone.code == 2
    assert "none is given" in alone.err
    with pytest.raises(FileError, match="There is no file"):
        mapsto.fit(folder, backbone="none.onnx")
