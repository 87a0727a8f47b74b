"""The view of a picture, fed with made-up numbers."""

import base64
import io

import numpy as np
import pytest

import mapsto
from mapsto.errors import OptionError
from mapsto.evidence import Evidence
from mapsto.languages import words_of
from mapsto.views.image_states import image, png


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
        "Taken for kind 0, with a probability of 64.3 %. Most of the evidence lies in "
        "the upper left."
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


def test_a_quantity_has_no_classes_to_show():
    seen = Evidence(grey(np.ones((8, 8))), 3.5, {}, {"": np.eye(4)})

    with pytest.raises(OptionError, match="nothing of that kind"):
        mapsto.view(seen)


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
