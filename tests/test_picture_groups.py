"""Groups of pictures: found without their labels, told in words and in pictures."""

import pickle
import re

import numpy as np
import pytest
from commands import Command
from drawn import drawings, saved
from networks import network
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.metrics import adjusted_mutual_info_score

import mapsto
from mapsto.data.picture_looks import looks
from mapsto.data.pictures import decoded
from mapsto.errors import DataError, FileError, OptionError
from mapsto.events import Noticed

QUICK = {"effort": "quick", "families": ("kmeans", "mixture", "spectral")}


def lights(each=30, side=20, seed=0):
    """Dark reddish pictures and light bluish ones, with a grain; and which is which."""
    rng = np.random.default_rng(seed)
    kind = np.arange(2 * each) % 2
    colour = np.array([[90, 50, 50], [170, 170, 220]])[kind]
    spread = rng.normal(0, 12, (2 * each, 1, 1, 1))
    grain = rng.normal(0, 8, (2 * each, side, side, 3))
    pictures = np.clip(colour[:, None, None] + spread + grain, 0, 255).astype(np.uint8)
    return pictures, np.array(["dark", "light"])[kind]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Both kinds in folders that say nothing of them, one deeper; and a broken file."""
    path = tmp_path_factory.mktemp("album")
    pictures, _ = lights()
    days = np.array(["monday/a", "monday/b", "tuesday"] * 20)
    for k, (picture, day) in enumerate(zip(pictures, days, strict=True)):
        (path / day).mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(path / day / f"{k:03}.png")
    (path / "tuesday" / "broken.jpg").write_bytes(b"no picture")
    return path


@pytest.fixture(scope="module")
def found(folder):
    told = []
    groups = mapsto.cluster(folder, groups=2, on_event=told.append, **QUICK)
    return groups, " ".join(e.sentence for e in told if isinstance(e, Noticed))


def test_a_folder_is_grouped_without_its_folders_names(found):
    groups, told = found
    new, kind = lights(seed=5)

    assert groups.count == 2
    assert [c.kind for c in groups.columns] == ["picture"]
    assert adjusted_mutual_info_score(kind, groups.predict(new)) == 1
    assert "names of their folders or classes are not looked at" in told
    assert "broken.jpg (it is not a picture)" in told
    assert groups.record["rows"] == 60
    assert sum(g["rows"] for g in groups.groups) == 60


def test_groups_are_told_by_light_and_colour_and_by_typical_pictures(found):
    groups, _ = found
    every = [{e["look"]: e for e in g["effects"]} for g in groups.groups]
    told = min(every, key=lambda looks: looks["brightness"]["here"])
    text = str(groups)

    assert told["brightness"]["here"] == pytest.approx(100 * 63 / 255, abs=3)
    assert told["redness"]["effect"] > 1
    assert told["blueness"]["effect"] < -1
    assert "2 groups of pictures, among 60." in text
    assert re.search(r"brightness of picture 2\d % against 7\d %", text)
    for group in groups.groups:
        name = group["typical"][0]["picture"]["name"]
        assert "/".join(name.split("/")[-2:]) in text
    frame = groups.to_frame()
    assert "brightness" in frame["level"]


def test_groups_are_the_same_from_their_file(found, folder, tmp_path):
    groups, _ = found
    groups.save(tmp_path / "g.mapsto")
    again = mapsto.load(tmp_path / "g.mapsto")
    new, _ = lights(seed=5)

    assert (again.predict_proba(new) == groups.predict_proba(new)).all()
    assert (pickle.loads(pickle.dumps(groups)).predict(new) == again.predict(new)).all()
    assert str(again) == str(groups)
    files = sorted(str(p) for p in folder.glob("tuesday/0*.png"))
    expected = groups.predict([np.asarray(Image.open(f)) for f in files])
    assert (groups.predict(files) == expected).all()
    with pytest.warns(UserWarning, match=r"broken\.jpg"):
        told = groups.predictions(f"{folder}/tuesday/*")
    assert list(told) == ["picture", "group", "p(1)", "p(2)", "outside"]
    assert told["picture"].tolist() == files


def test_the_report_shows_typical_pictures(found, tmp_path):
    groups, _ = found
    for language, title in (("en", "2 groups of pictures"), ("zh", "2 组图片")):
        mapsto.report(groups, tmp_path / "g.html", language)
        page = (tmp_path / "g.html").read_text("utf-8")

        assert title in page
        assert page.count("<img") >= 6
        for group in groups.groups:
            assert f'alt="{group["typical"][0]["picture"]["name"]} (' in page


def test_larger_pictures_are_grouped_by_their_patterns():
    """Stripes and discs of any colours, at any place."""
    pictures, names = drawings(("disc", "stripes"), 50)
    groups = mapsto.cluster(pictures, groups=2, **QUICK)

    assert adjusted_mutual_info_score(names, groups.predict(pictures)) > 0.8


@pytest.mark.slow
def test_digits_as_pictures():
    digits = load_digits()
    groups = mapsto.cluster(digits.images, groups=10)
    agreed = adjusted_mutual_info_score(digits.target, groups.predict(digits.images))

    assert agreed > 0.85


def test_few_digits_as_pictures():
    digits = load_digits(n_class=4)
    groups = mapsto.cluster(digits.images, groups=4, **QUICK)
    agreed = adjusted_mutual_info_score(digits.target, groups.predict(digits.images))

    assert agreed > 0.9
    assert "contrast" in {e["look"] for g in groups.groups for e in g["effects"]}


def test_labels_that_come_with_pictures_are_hidden():
    pictures, kind = lights()
    mixed = np.random.default_rng(0).permutation(kind)
    groups = mapsto.cluster((pictures, mixed), groups=2, **QUICK)

    assert adjusted_mutual_info_score(kind, groups.predict(pictures)) == 1


def test_a_table_with_a_column_of_pictures(tmp_path):
    """The picture and the number tell of three kinds together."""
    pictures, kind = lights(40)
    saved(tmp_path, pictures, kind)
    files = [str(tmp_path / n / f"{k:03}.png") for k, n in enumerate(kind)]
    rng = np.random.default_rng(0)
    half = rng.permutation(80) % 2
    age = np.where(half, 60, 25) + rng.normal(0, 3, 80)
    groups = mapsto.cluster({"photo": files, "age": age}, groups=4, **QUICK)
    told = groups.predict({"photo": files, "age": age})
    truth = 2 * (kind == "dark") + half

    assert adjusted_mutual_info_score(truth, told) > 0.95
    assert {e["column"] for g in groups.groups for e in g["effects"]} == {
        "photo",
        "age",
    }
    assert str(groups.groups[0]["typical"][0]["values"]["photo"]) in files


def test_a_backbone_looks_first(folder, tmp_path):
    eye = network(tmp_path / "eye.onnx")
    groups = mapsto.cluster(folder, groups=2, backbone=eye, **QUICK)
    groups.save(tmp_path / "g.mapsto")
    again = mapsto.load(tmp_path / "g.mapsto")
    new, kind = lights(seed=5)

    assert groups.columns[0].seen_through == "eye.onnx"
    assert adjusted_mutual_info_score(kind, again.predict(new)) == 1
    assert groups.record["backbone"]["file"] == "eye.onnx"
    mapsto.report(groups, tmp_path / "g.html")
    page = (tmp_path / "g.html").read_text("utf-8")
    assert "backbone=mapsto.Backbone(&#x27;eye.onnx&#x27;" in page
    with pytest.raises(OptionError, match="no column of pictures"):
        mapsto.cluster(np.random.default_rng(0).normal(size=(30, 2)), backbone=eye)


def test_noise_has_no_groups():
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (60, 8, 8), np.uint8)
    groups = mapsto.cluster(pictures, **QUICK)

    assert groups.count == 1
    assert "No groups, among 60 pictures." in str(groups)


def test_how_pictures_look():
    red = np.zeros((4, 4, 3), np.uint8)
    red[..., 0] = 255
    halves = np.zeros((2, 2), np.uint8)
    halves[0] = 255
    told = looks([decoded(red), decoded(halves)])

    assert told["brightness"] == pytest.approx([100 / 3, 50])
    assert told["contrast"] == pytest.approx([0, 50])
    assert told["redness"] == pytest.approx([200 / 3, 0])
    assert list(looks([decoded(halves)])) == ["brightness", "contrast"]


# ── bad input ──


def test_what_cannot_be_grouped_is_told(tmp_path):
    pictures, _ = lights(5)
    with pytest.raises(DataError, match="9 rows are too few"):
        mapsto.cluster(pictures[:9])
    with pytest.raises(DataError, match="different"):
        mapsto.cluster(np.repeat(pictures[:1], 20, axis=0))
    with pytest.raises(FileError, match="no pictures in it"):
        mapsto.cluster(tmp_path)


def test_the_command_line(folder, tmp_path, monkeypatch, capsys):
    command = Command(monkeypatch, capsys)
    monkeypatch.chdir(tmp_path)
    fast = ("--groups", "2", "--effort", "quick", "--family", "kmeans")
    found = command("cluster", f"{folder}/", *fast)
    file = f"{folder.name}-groups.mapsto"
    told = command("predict", file, folder / "monday" / "a" / "000.png")
    shown = command("show", file)
    reported = command("report", file)

    assert found.code == told.code == shown.code == reported.code == 0
    assert "2 groups of pictures, among 60." in " ".join(found.out.split())
    assert told.out.splitlines()[0] == "picture,group,p(1),p(2),outside"
    assert "typical row" in shown.out
