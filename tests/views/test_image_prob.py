"""The view of a picture, fed with made-up numbers."""

import base64
import io
import json

import numpy as np
import pytest
import reading
from drawn import drawings
from PIL import Image

import mapsto
from mapsto.data.png import lightened, png
from mapsto.evidence import Evidence, _log_odds
from mapsto.languages import words_of
from mapsto.views.image_states import image, kept
from mapsto.views.reporting import html


def grey(values):
    return values.astype(np.uint8)[:, :, None]


def made_up(language="en", classes=3):
    """A bright spot at the upper left, and evidence where it is."""
    rows, columns = np.mgrid[:24, :24]
    spot = 255 * np.exp(-((rows - 5) ** 2 + (columns - 6) ** 2) / 20)
    evidence = np.full((6, 6), -0.1)
    evidence[:2, :2] = 1.0
    p = np.arange(classes, 0, -1.0) ** 2
    names = [f"kind {k}" for k in range(classes)]
    words = words_of(language)
    return image(names, p / p.sum(), grey(spot), words, evidence, truth="kind 0")


def test_what_is_told_of_a_picture():
    state = made_up()

    assert state["probabilities"] == pytest.approx([9 / 14, 4 / 14, 1 / 14])
    assert state["picture"].startswith("data:image/png;base64,")
    assert base64.b64decode(state["picture"].partition(",")[2]).startswith(b"\x89PNG")
    assert state["alt"] == (
        "Taken for kind 0, with a probability of 64.3 %. The truth is kind 0. Most of "
        "the evidence lies in the upper left."
    )
    assert made_up("zh")["alt"].endswith("大部分依据在左上。")


def test_what_a_model_tells_of_a_picture_is_shown():
    """`mapsto.view(model.evidence(picture))`."""
    maps = {label: np.eye(4) * k for k, label in enumerate(["a", "b"], 1)}
    seen = Evidence(grey(np.ones((8, 8))), "b", {"a": 0.1, "b": 0.9}, maps)

    picture = mapsto.view(seen)

    assert picture.view == "ImageProb"
    assert picture.state["probabilities"] == [0.1, 0.9]
    assert picture.state["evidence"] == maps["b"].tolist()
    assert picture.finding.startswith("Taken for b, with a probability of 90.0 %.")


def test_a_quantity_is_shown_as_a_number():
    seen = Evidence(grey(np.ones((8, 8))), 3.5, {}, {"": np.eye(4)})

    picture = mapsto.view(seen)

    assert picture.state["said"] == [["prediction", "3.500"]]
    assert picture.finding.startswith("Predicted 3.500.")


def test_nothing_speaks_for_it():
    """No place is named where hiding any changes nothing."""
    seen = Evidence(grey(np.ones((8, 8))), "a", {"a": 1.0}, {"a": np.zeros((4, 4))})

    assert mapsto.view(seen).finding == "Taken for a, with a probability of 100.0 %."


@pytest.mark.parametrize("name", ["shapes", "bright"])
def test_a_model_keeps_the_pictures_that_it_tells_worst_and_best(name, request):
    """Of each what was said out of fold, and its pixels; few kB of them."""
    model = request.getfixturevalue(name)
    told = model.record["portrait"]["pictures"]

    assert len(told["worst"]) == len(told["best"]) == 5
    for which in ("worst", "best"):
        rows = model.record["portrait"]["extremes"][which]
        assert [one["row"] for one in told[which]] == [row["row"] for row in rows]
        for one in told[which]:
            assert np.shape(one["map"])[0] == np.shape(one["map"])[1]
            state = kept(model.record, one, words_of("en"))
            assert state["truth"] in state["alt"]
    assert len(json.dumps(told)) < 100_000


def test_the_picture_that_is_kept_is_the_one_that_was_told(shapes):
    """Its pixels are those of that row of the data."""
    pictures, names = drawings(("disc", "stripes"), 40, side=16)
    one = shapes.record["portrait"]["pictures"]["worst"][0]

    with Image.open(io.BytesIO(base64.b64decode(one["picture"]))) as read:
        assert (np.asarray(read) == pictures[one["row"] - 1]).all()
    assert shapes.classes[int(one["truth"])] == names[one["row"] - 1]
    assert sum(p for _, p in one["p"]) == pytest.approx(1)


def test_what_is_all_dark_is_drawn_lighter():
    dark = grey(np.arange(16).reshape(4, 4))

    assert lightened(dark).max() == 255
    assert (lightened(dark) // 17 == dark).all()
    assert (lightened(dark * 10) == dark * 10).all()


def test_a_report_of_pictures_shows_where_it_looked(shapes, bright):
    """Two small pictures each, and no bar that says that the picture matters."""
    for model, said in ((shapes, "Taken for"), (bright, "Predicted")):
        page = html(model)
        states = reading.states(page)
        drawn = states["ImageProb"]

        assert len(drawn) == 11
        assert all(s["alt"].startswith(said) for s in drawn)
        assert "FeatureBars" not in states
        assert "The model file keeps these pictures and no others." in page


def test_rounding_is_not_evidence():
    """Where float32 says 1 and 1 - p is 0, the others still tell how sure it is."""
    p = np.array([[1.0, 1e-8], [1.0, 1e-6]], np.float32)

    (sure, less), _ = _log_odds(p).T

    assert sure - less == pytest.approx(np.log(100), rel=1e-3)


def test_evidence_may_be_left_out():
    state = image(["a", "b"], [0.2, 0.8], grey(np.zeros((2, 2))), words_of("en"))

    assert state["alt"] == "Taken for b, with a probability of 80.0 %."
    assert "evidence" not in state


@pytest.mark.parametrize("channels", [1, 3])
def test_the_file_holds_the_pixels(channels):
    """Read back by Matplotlib."""
    from matplotlib.image import imread

    pixels = np.arange(5 * 4 * channels, dtype=np.uint8).reshape(5, 4, channels) * 3

    read = imread(io.BytesIO(png(pixels)), format="png")

    shown = (255 * read.reshape(5, 4, -1)[..., :channels]).round().astype(int)
    assert shown.tolist() == pixels.tolist()
