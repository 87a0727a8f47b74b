"""Pictures through the whole house: a folder, the ladder, a file, predictions."""

import json
import pickle

import numpy as np
import onnxruntime
import pandas as pd
import polars as pl
import pytest
from commands import Command
from drawn import drawing, drawings, photograph, saved
from PIL import Image

import mapsto
from mapsto.errors import DataError, OptionError
from mapsto.events import Noticed
from mapsto.selection import pictures as limits

CHEAP = {"image": {"width": 6, "epochs": 10}}
EACH = 50


def heard():
    """A list, and what `on_event` appends to it."""
    told = []
    return told, told.append


def sentences(told, kind=Noticed):
    return " ".join(e.sentence for e in told if isinstance(e, kind))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Discs and stripes, 16 pixels wide; one is there twice, one file is broken."""
    path = tmp_path_factory.mktemp("shapes")
    pictures, names = drawings(("disc", "stripes"), EACH, side=16)
    saved(path, pictures, names)
    Image.fromarray(pictures[0]).save(path / "disc" / "again.png")
    (path / "stripes" / "broken.jpg").write_bytes(b"not a picture")
    return path


@pytest.fixture(scope="module")
def learned(folder):
    """The ladder of a folder, judged on one fifth, and what was told on the way."""
    told, hear = heard()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "AFFORDABLE", 0)
        model = mapsto.fit(folder, effort="quick", hyperparameters=CHEAP, on_event=hear)
    return model, told


@pytest.fixture(scope="module")
def fresh():
    return drawings(("disc", "stripes"), 30, seed=9, side=16)


# ── learning ──


def test_a_folder_is_climbed_by_what_can_see(learned):
    model, told = learned
    rungs = [name for name in model.rungs if name != "blend"]

    assert rungs == ["constant", "line", "space", "image"]
    assert model.target == "class"
    assert model.classes == ["disc", "stripes"]
    assert "no other column: formula, curve, steps, network." in sentences(told)


def test_what_is_left_out_and_kept_together_is_told(learned, folder):
    model, told = learned

    assert "One picture cannot be read" in sentences(told)
    assert "broken.jpg (it is not a picture)" in sentences(told)
    assert f"{folder / 'disc' / 'again.png'}" in sentences(told)
    assert "one fifth of the rows held out" in sentences(told)
    assert model.record["rows"] == 2 * EACH + 1
    assert "near-duplicates kept together" in model.record["validation"]


def test_shapes_are_told_apart_on_pictures_it_has_not_seen(learned, fresh):
    model, _ = learned
    pictures, names = fresh

    assert (model.predict(pictures) == names).mean() > 0.9
    assert model.best.score < 0.4
    assert model.rungs["space"].score < model.rungs["constant"].score


def test_near_duplicates_stay_on_one_side(folder):
    """Each in a class of many copies: no fold may hold one to judge by."""
    rng = np.random.default_rng(0)
    originals = [photograph(rng, 16) for _ in range(30)]
    every = np.stack([p for p in originals for _ in range(3)])
    noise = rng.normal(0, 1, every.shape)
    every = np.clip(every + noise, 0, 255).astype(np.uint8)
    owner = np.repeat(np.arange(30), 3)
    y = rng.integers(0, 2, 30)[owner]

    groups, told = limits.twins(
        (
            mapsto.data.table.Column(
                "picture", "picture", parse={"side": 16, "channels": 3}
            ),
        ),
        mapsto.data.read.read(every, side=16),
        y,
        np.array([0, 1]),
    )
    folds, _, how = mapsto.selection.validation.deal_folds(
        None, None, y.astype(float), 2, "normal", 0, groups
    )

    assert "kept together" in how
    assert "60 pictures" in told[0].sentence
    for fold in folds:
        assert not set(owner[fold.train]) & set(owner[fold.test])
        assert not set(owner[fold.train[fold.inner]]) & set(
            owner[fold.train[~fold.inner]]
        )


def test_near_duplicates_of_different_classes_are_told(tmp_path):
    pictures, names = drawings(("disc", "stripes"), 20, side=16)
    saved(tmp_path, pictures, names)
    Image.fromarray(pictures[0]).save(tmp_path / "stripes" / "wrong.png")
    told, hear = heard()
    mapsto.fit(tmp_path, families=["line"], effort="quick", on_event=hear)

    assert "different classes" in sentences(told)


# ── predicting ──


def test_every_way_to_give_a_picture_is_the_same(learned, fresh, tmp_path):
    model, _ = learned
    pictures, names = fresh
    saved(tmp_path, pictures[:4], names[:4])
    files = [str(tmp_path / n / f"{k:03}.png") for k, n in enumerate(names[:4])]
    expected = model.predict_proba(pictures[:4])

    assert np.allclose(model.predict_proba(files), expected)
    assert np.allclose(model.predict_proba(list(pictures[:4])), expected)
    shown = [Image.fromarray(p) for p in pictures[:4]]
    assert np.allclose(model.predict_proba(shown), expected)
    assert np.allclose(model.predict_proba(pictures[0]), expected[:1])
    of_table = model.predict_proba({"picture": files})
    assert np.allclose(np.column_stack(list(of_table.values())), expected)
    assert np.allclose(model.predict_proba(f"{tmp_path}/disc/*.png"), expected[::2])


def test_a_folder_leaves_out_what_it_cannot_read_and_a_list_does_not(learned, folder):
    model, _ = learned
    with pytest.warns(UserWarning, match=r"broken\.jpg"):
        told = model.predictions(folder)

    assert len(told["picture"]) == 2 * EACH + 1
    assert list(told)[:2] == ["picture", "class"]
    with pytest.raises(DataError, match="row 1 cannot be read"):
        model.predict([str(folder / "stripes" / "broken.jpg")])
    with pytest.raises(DataError, match="None of the pictures can be read"):
        model.predict(str(folder / "stripes" / "broken.jpg"))


def test_a_model_is_the_same_from_its_file(learned, fresh, tmp_path):
    model, _ = learned
    model.save(tmp_path / "m.mapsto")
    again = mapsto.load(tmp_path / "m.mapsto")
    pictures, _ = fresh

    for name, rung in model.rungs.items():
        told = rung.predict_proba(pictures)
        assert (again.rungs[name].predict_proba(pictures) == told).all()
    assert (
        pickle.loads(pickle.dumps(model)).predict(pictures) == model.predict(pictures)
    ).all()
    assert str(again) == str(model)


def test_the_graph_takes_a_picture_of_any_size(learned):
    """Decoded bytes in, probabilities out: the size is made right inside."""
    model, _ = learned
    large = drawing("disc", np.random.default_rng(5), side=80)[:, :70]
    session = onnxruntime.InferenceSession(model.graphs["image"])
    picture = next(i for i in session.get_inputs() if i.name == "picture")
    feeds = {"picture": large[None], "coverage": np.array(0.9)}
    (probability,) = session.run(["probability"], feeds)

    assert picture.type == "tensor(uint8)"
    expected = model.rungs["image"].predict_proba(large)
    assert np.allclose(probability, expected, atol=0.05)


def test_grey_pictures_are_one_channel_and_may_come_in_colour():
    pictures, names = drawings(("disc", "stripes"), 25, side=12)
    grey = pictures.mean(axis=3)
    model = mapsto.fit((grey, names), families=["line"], effort="quick")
    colour = np.repeat(np.rint(grey)[..., None], 3, axis=3).astype(np.uint8)

    assert model.columns[0].parse == {"side": 12, "channels": 1}
    assert (model.predict(grey[0]) == model.predict(grey[:1])).all()
    assert np.allclose(
        model.predict_proba(colour), model.predict_proba(np.rint(grey)), atol=1e-6
    )


# ── where it looked ──


@pytest.mark.parametrize("rung", ["line", "space", "image", "blend"])
def test_evidence_is_there_for_every_rung(learned, fresh, rung):
    model, _ = learned
    if rung not in model.rungs:
        pytest.skip("one rung had all of the weight")
    seen = model.evidence(fresh[0][0], use=rung)

    assert set(seen.maps) == set(seen.probability) == {"disc", "stripes"}
    assert seen.maps["disc"].shape == (16, 16)
    assert np.isfinite(seen.maps["disc"]).all()
    assert np.allclose(seen.maps["disc"], -seen.maps["stripes"], atol=1e-6)
    assert sum(seen.probability.values()) == pytest.approx(1)
    assert json.loads(json.dumps(seen.to_dict()))["told"] == seen.told


def test_evidence_is_where_the_thing_is():
    """A dot in the left half or none: hiding the dot is what changes the answer."""
    rng = np.random.default_rng(0)
    pictures = rng.normal(90, 6, (120, 16, 16, 3))
    y = np.arange(120) % 2
    pictures[y == 1, 4:8, 2:6] += 120
    pictures = np.clip(pictures, 0, 255).astype(np.uint8)
    model = mapsto.fit(
        (pictures, y), families=["line"], effort="quick", task="classification"
    )
    seen = model.evidence(pictures[1])
    row, column = np.unravel_index(seen.maps[1].argmax(), seen.maps[1].shape)

    assert seen.told == 1
    assert 2 <= row <= 9
    assert 0 <= column <= 7


def test_evidence_needs_pictures():
    x = np.linspace(0, 1, 40)
    model = mapsto.fit({"x": x, "y": 2 * x}, "y", families=["line"], effort="quick")
    with pytest.raises(OptionError, match="not learned from pictures"):
        model.evidence({"x": 1.0})


# ── tables that name pictures ──


def test_a_table_with_a_column_of_names_and_others(tmp_path):
    """The price is told by the column and by the shape together."""
    rng = np.random.default_rng(0)
    pictures, names = drawings(("disc", "stripes"), 50, side=12)
    saved(tmp_path, pictures, names)
    area = rng.uniform(1, 9, 100)
    price = 2 * area + 10 * (names == "disc") + rng.normal(0, 0.2, 100)
    lines = [
        f"{n}/{k:03}.png,{a},{p}"
        for k, (n, a, p) in enumerate(zip(names, area, price, strict=True))
    ]
    lines.append(",5.0,20.0")
    (tmp_path / "t.csv").write_text("\n".join(["photo,area,price", *lines]))
    told, hear = heard()
    model = mapsto.fit(
        tmp_path / "t.csv",
        "price",
        families=["line", "curve", "image"],
        effort="quick",
        validation=mapsto.Validation(folds=2),
        hyperparameters={"image": {"width": 4, "epochs": 12, "learning_rate": 0.03}},
        on_event=hear,
    )

    assert {c.name: c.kind for c in model.columns} == {
        "photo": "picture",
        "area": "number",
    }
    assert "One row names no picture" in sentences(told)
    # the curve sees the area alone; the others see both
    assert model.rungs["image"].score < model.rungs["curve"].score
    (tmp_path / "new.csv").write_text("photo,area\ndisc/000.png,3.0\n")
    assert np.isfinite(model.predict(tmp_path / "new.csv")).all()


def test_a_column_of_pictures_that_cannot_be_read_at_prediction(tmp_path):
    pictures, names = drawings(("disc", "stripes"), 20, side=12)
    saved(tmp_path, pictures, names)
    files = [str(tmp_path / n / f"{k:03}.png") for k, n in enumerate(names)]
    model = mapsto.fit(
        {"photo": files, "kind": names}, "kind", families=["line"], effort="quick"
    )

    assert (model.predict({"photo": files}) == names).mean() > 0.5
    with pytest.raises(DataError, match="row 2 cannot be read: there is none"):
        model.predict({"photo": [files[0], None]})


@pytest.mark.parametrize("library", ["pandas", "polars", "dict", "rows"])
def test_a_column_of_pictures_in_memory_is_read_like_one_of_names(library):
    pictures, names = drawings(("disc", "stripes"), 20, side=12)
    shown = [Image.fromarray(p) if k % 2 else p for k, p in enumerate(pictures)]
    area = np.arange(40.0)
    table = {"photo": shown, "area": area, "kind": names}
    if library == "pandas":
        data = pd.DataFrame(table)
    elif library == "polars":
        photo = pl.Series("photo", shown, dtype=pl.Object)
        data = pl.DataFrame([photo, pl.Series("area", area), pl.Series("kind", names)])
    elif library == "rows":
        rows = zip(shown, area, names, strict=True)
        data = [dict(zip(table, row, strict=True)) for row in rows]
    else:
        data = table
    model = mapsto.fit(data, "kind", families=["line"], effort="quick")
    one = model.predict({"photo": shown[0], "area": 3.0})

    assert {c.name: c.kind for c in model.columns} == {
        "photo": "picture",
        "area": "number",
    }
    assert one == model.predict({"photo": pictures[:1], "area": area[3:4]})[0]
    whole = mapsto.fit(
        {**table, "photo": pictures}, "kind", families=["line"], effort="quick"
    )
    told = [m.rungs["line"].score for m in (model, whole)]
    assert told[0] == pytest.approx(told[1], rel=1e-6)


def test_a_gap_and_a_broken_picture_in_a_column_in_memory(tmp_path):
    pictures, names = drawings(("disc", "stripes"), 20, side=12)
    Image.fromarray(photograph(np.random.default_rng(0))).save(tmp_path / "a.png")
    broken = tmp_path / "a.png"
    broken.write_bytes(broken.read_bytes()[:900])
    told, hear = heard()
    with Image.open(broken) as image:
        shown = [image, None, *pictures[2:]]
        frame = pd.DataFrame({"photo": shown, "kind": names})
        asked = {"families": ["line"], "effort": "quick", "on_event": hear}
        model = mapsto.fit(frame, "kind", **asked)

    assert model.record["rows"] == 38
    assert "One picture cannot be read and is left out: photo of row 1 (" in sentences(
        told
    )
    assert "One row names no picture in column 'photo'" in sentences(told)


def test_which_of_two_pictures_the_image_network_sees_is_said():
    pictures, names = drawings(("disc", "stripes"), 20, side=8)
    told, hear = heard()
    data = {"left": pictures, "right": pictures[::-1], "kind": names}
    model = mapsto.fit(
        data,
        "kind",
        families=["line", "image"],
        hyperparameters={"image": {"width": 2, "epochs": 1, "mirror": False}},
        validation=mapsto.Validation(folds=2),
        effort="quick",
        on_event=hear,
    )

    assert [c.kind for c in model.columns] == ["picture", "picture"]
    assert "looks at the pictures of column 'left' alone" in sentences(told)


# ── bad input ──


def test_one_class(tmp_path):
    saved(tmp_path, *drawings(("disc",), 12))
    with pytest.raises(DataError, match="only one class to learn, 'disc'"):
        mapsto.fit(tmp_path)


def test_a_class_of_one_picture(tmp_path):
    saved(tmp_path, *drawings(("disc", "stripes"), 12))
    (tmp_path / "bird").mkdir()
    Image.fromarray(drawings(("square",), 1)[0][0]).save(tmp_path / "bird" / "a.png")
    with pytest.raises(DataError, match=r"Class 'bird' of 'class' has 1 row\(s\)"):
        mapsto.fit(tmp_path)


def test_a_class_of_broken_pictures(tmp_path):
    saved(tmp_path, *drawings(("disc", "stripes"), 12))
    (tmp_path / "bird").mkdir()
    (tmp_path / "bird" / "a.jpg").write_bytes(b"")
    with pytest.raises(DataError, match="None of the pictures of bird can be read"):
        mapsto.fit(tmp_path)


def test_thousands_of_classes(tmp_path):
    picture = drawings(("disc",), 1, side=4)[0]
    for k in range(1500):
        saved(tmp_path, picture, np.array([f"{k:04}"]))
    with pytest.raises(DataError, match=r"has 1 row\(s\)|has 1500 classes"):
        mapsto.fit(tmp_path)


def test_pictures_alone_have_no_target(tmp_path):
    saved(tmp_path, *drawings(("disc",), 12))
    with pytest.raises(DataError, match="Which column is to be predicted"):
        mapsto.fit(tmp_path / "disc")


def test_families_that_cannot_see(folder):
    with pytest.raises(OptionError, match="choose from line, space and image"):
        mapsto.fit(folder, families=["steps", "network"])
    x = np.linspace(0, 1, 20)
    with pytest.raises(OptionError, match="no column of pictures"):
        mapsto.fit({"x": x, "y": 2 * x}, "y", families=["image"])


def test_too_many_pictures_for_the_memory_are_drawn(monkeypatch):
    monkeypatch.setattr(limits, "MOST_NUMBERS", 60 * 12 * 12 * 3)
    pictures, names = drawings(("disc", "stripes"), 50, side=12)
    told, hear = heard()
    model = mapsto.fit(
        (pictures, names), families=["line"], effort="quick", on_event=hear
    )

    assert model.record["rows"] == 60
    assert "There are 100 pictures; 60 of them" in sentences(told)


def test_names_of_pictures_that_are_not_there_are_only_words():
    x = np.linspace(0, 1, 40)
    data = {"photo": [f"gone/{k}.jpg" for k in range(40)], "x": x, "y": 2 * x}
    model = mapsto.fit(data, "y", families=["line"], effort="quick")

    assert [c.name for c in model.columns] == ["x"]


def test_a_kind_can_be_asked_for_and_an_earlier_choice_be_taken(folder):
    names = sorted(str(p) for p in folder.glob("disc/*.png"))
    data = {"what": names, "y": np.arange(len(names)) % 2 * 1.0}
    wrong = data | {"z": np.arange(len(names)) * 1.5}
    with pytest.raises(DataError, match="cannot be of kind picture"):
        mapsto.fit(wrong, "y", kinds={"z": "picture"}, families=["line"])
    asked = {"kinds": {"what": "picture"}, "families": ["line"], "effort": "quick"}
    first = mapsto.fit(data, "y", task="classification", **asked)
    again = mapsto.fit(data, like=first, effort="quick")

    assert first.columns[0].kind == again.columns[0].kind == "picture"
    assert list(again.rungs) == ["constant", "line"]


def test_a_broken_image_object_is_told_by_its_row(learned, tmp_path):
    model, _ = learned
    path = tmp_path / "a.png"
    whole = Image.fromarray(photograph(np.random.default_rng(0)))
    whole.save(path)
    path.write_bytes(path.read_bytes()[:900])
    with Image.open(path) as broken, pytest.raises(DataError, match="row 2 cannot"):
        model.predict([whole, broken])


# ── the command line ──


def test_the_command_line_from_a_folder_to_a_prediction(
    folder, tmp_path, monkeypatch, capsys
):
    command = Command(monkeypatch, capsys)
    monkeypatch.chdir(tmp_path)
    fitted = command("fit", f"{folder}/", "--family", "line", "--effort", "quick")
    disc, broken = folder / "disc" / "000.png", folder / "stripes" / "broken.jpg"
    told = command(
        "predict", f"{folder.name}.mapsto", disc, broken, f"{folder}/stripes/00*.png"
    )
    lines = told.out.splitlines()

    assert fitted.code == told.code == 0
    assert lines[0] == "picture,class,p(disc),p(stripes),set,outside"
    assert lines[1].startswith(f"{disc},")
    assert len(lines) == 2 + len(list(folder.glob("stripes/00*.png")))
    assert "One picture cannot be read and is left out" in told.err


def test_a_table_and_a_picture_together(folder, tmp_path, monkeypatch, capsys):
    command = Command(monkeypatch, capsys)
    monkeypatch.chdir(tmp_path)
    command("fit", folder, "--family", "line", "--effort", "quick")
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    told = command(
        "predict", f"{folder.name}.mapsto", "t.csv", folder / "disc" / "000.png"
    )

    assert told.code == 2
    assert "only pictures can be several" in told.err
