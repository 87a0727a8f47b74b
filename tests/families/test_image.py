"""The image network: its form, its training, and when it mirrors."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from drawn import drawings

from mapsto.data.encoding import Plan, fit_encoding
from mapsto.data.table import Column
from mapsto.events import Stopped, Watch
from mapsto.families.family import Sample, Task
from mapsto.families.image import Image, chosen
from mapsto.families.image_changes import Changes, changed
from mapsto.families.image_form import Form, folded, headed, image_network, seen, start
from mapsto.graph.lower import lower
from mapsto.solvers.nesterov import beginning, moved, one_cycle

CLASSES = Task("classification", 2)
STILL = Changes(nearest=1, farthest=1, aspect=1, light=0, hole=0)


def sample(pictures, y, others=()):
    """A sample as the encoder makes it: other columns first."""
    n, side, _, channels = pictures.shape
    columns = [Column(f"z{k}", "number", low=0.0, high=1.0) for k in range(len(others))]
    parse = {"side": side, "channels": channels}
    columns.append(Column("photo", "picture", parse=parse))
    parts = [np.asarray(z, float)[:, None] for z in others]
    t = np.concatenate([*parts, pictures.reshape(n, -1).astype(float)], axis=1)
    plan = Image().sees({})
    encoding, x = fit_encoding(columns, t, np.zeros(n), np.ones(n), plan, 0)
    inner = np.arange(n) % 5 == 0
    return Sample(x, np.asarray(y, float), np.ones(n), inner, encoding.features)


def fitted(one, task=CLASSES, seed=0, **given):
    (found,) = Image().fit([one], task, given, "quick", seed, Watch())
    return found


def accuracy(found, x, y):
    eta = found.function(found.parameters, x)[:, 0]
    return float(((eta > 0) == y).mean())


# ── the form ──


@pytest.mark.parametrize(
    ("side", "places"),
    [(64, [32, 32, 16, 8]), (28, [28, 28, 14]), (8, [8, 8]), (5, [5])],
)
def test_stages_halve_the_picture_until_it_is_four_places_wide(side, places):
    form = Form(side, 3, 0, width=4, blocks=1, outputs=1)
    assert [p for _, _, p in form.stages] == places


@pytest.mark.parametrize("side", [5, 8, 33, 64])
def test_the_folded_function_is_the_normalised_one(side):
    """With the moments of these very pictures, both are the same function."""
    rng = np.random.default_rng(0)
    form = Form(side, 3, 2, width=4, blocks=1, outputs=3)
    parameters = start(form, rng)
    parameters["head"]["w"] = rng.standard_normal(parameters["head"]["w"].shape)
    x = rng.standard_normal((6, form.pixels + 2)).astype(np.float32)
    pictures = x[:, : form.pixels].reshape(6, side, side, 3)

    h, moments = seen(form, parameters, jnp.asarray(pictures))
    expected = headed(parameters, h, x[:, form.pixels :])
    assert np.allclose(
        image_network(folded(parameters, moments), x, form), expected, atol=1e-3
    )


def test_the_graph_is_the_function_and_tells_mirror_images_alike():
    rng = np.random.default_rng(0)
    form = Form(12, 1, 1, width=4, blocks=1, outputs=1, mirrored=True)
    parameters = start(form, rng)
    parameters["head"]["w"] += 1
    pictures = rng.standard_normal((5, 12, 12, 1)).astype(np.float32)
    network = folded(parameters, seen(form, parameters, pictures)[1])
    x = np.concatenate([pictures.reshape(5, -1), np.ones((5, 1), np.float32)], axis=1)
    turned = x.copy()
    turned[:, :-1] = pictures[:, :, ::-1].reshape(5, -1)

    graph = lower(
        lambda a: {"eta": image_network(network, a, form)},
        {"x": (np.float64, (None, x.shape[1]))},
    )
    import onnxruntime

    session = onnxruntime.InferenceSession(graph.model())
    (eta,) = session.run(["eta"], {"x": x.astype(np.float64)})
    assert np.allclose(eta, image_network(network, x, form), atol=1e-5)
    assert np.allclose(eta, image_network(network, turned, form), atol=1e-5)
    assert eta.std() > 0.01


# ── changes ──


def test_no_change_leaves_pictures_as_they_are_and_a_mirror_turns_them():
    x = np.random.default_rng(0).standard_normal((4, 10, 10, 3)).astype(np.float32)
    same = changed(jax.random.key(0), x, np.float32(0), STILL)
    turned = changed(jax.random.key(0), x, np.float32(1), STILL)

    assert np.allclose(same, x, atol=1e-5)
    assert np.allclose(turned, x[:, :, ::-1], atol=1e-5)


def test_changed_pictures_stay_in_range_and_differ():
    x = np.random.default_rng(0).uniform(-1, 1, (8, 16, 16, 3)).astype(np.float32)
    changes = Changes(light=0)
    first = changed(jax.random.key(1), x, np.float32(0.5), changes)
    again = changed(jax.random.key(1), x, np.float32(0.5), changes)
    other = changed(jax.random.key(2), x, np.float32(0.5), changes)

    assert abs(np.asarray(first)).max() <= 1 + 1e-5
    assert (np.asarray(first) == np.asarray(again)).all()
    assert not np.allclose(first, other)


# ── training ──


def test_it_learns_shapes_wherever_they_are_and_is_the_same_again():
    pictures, names = drawings(("disc", "stripes"), 60, side=16)
    y = names == "stripes"
    one = sample(pictures, y)
    first, again = (fitted(one, width=6, epochs=12) for _ in range(2))
    fresh, names = drawings(("disc", "stripes"), 40, seed=1, side=16)
    x = sample(fresh, names == "stripes").x

    assert accuracy(first, x, names == "stripes") > 0.9
    assert (
        first.function(first.parameters, x) == again.function(again.parameters, x)
    ).all()


def leaning(n, seed):
    """Stripes that lean to one side or the other; mirrored, to the other."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:16, :16]
    y = np.arange(n) % 2
    way = np.where(y == 1, 1, -1)[:, None, None]
    phase = rng.uniform(0, 8, (n, 1, 1))
    light = ((rows + way * columns + phase) % 8 < 4) * 150.0 + 50
    return light[..., None] + rng.normal(0, 5, (n, 16, 16, 1)), y


def test_it_mirrors_only_where_a_mirror_image_is_of_the_same_class():
    pictures, y = leaning(160, 0)
    lean = fitted(sample(pictures, y), width=6, epochs=20)
    shapes, names = drawings(("disc", "stripes"), 80, side=16)
    same = fitted(sample(shapes, names == "disc"), width=6, epochs=10)
    fresh, truth = leaning(80, 1)

    assert lean.hyperparameters["mirror"] is False
    assert same.hyperparameters["mirror"] is True
    assert accuracy(lean, sample(fresh, truth).x, truth) > 0.9


def test_other_columns_are_told_beside_the_picture():
    """The picture says nothing here; the first column says all."""
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 255, (120, 8, 8, 3)).astype(np.uint8)
    z = rng.uniform(0, 1, 120)
    found = fitted(sample(pictures, z > 0.5, [z]), width=4, epochs=15)

    assert found.parameters["order"] is not None
    one = sample(pictures, z > 0.5, [z])
    assert accuracy(found, one.x, z > 0.5) > 0.9


def test_a_quantity_is_learned_too():
    """How light the picture is."""
    rng = np.random.default_rng(0)
    light = rng.uniform(40, 210, 120)
    noise = rng.normal(0, 8, (120, 8, 8, 1))
    y = (light - light.mean()) / light.std()
    one = sample(light[:, None, None, None] + noise, y)
    found = fitted(one, Task("regression"), width=4, epochs=20, learning_rate=0.03)
    eta = found.function(found.parameters, one.x)[:, 0]

    assert np.corrcoef(eta, y)[0, 1] > 0.9


def test_the_last_training_goes_on_with_all_rows():
    pictures, names = drawings(("disc", "stripes"), 40, side=12)
    one = sample(pictures, names == "disc")
    first = fitted(one, width=4, epochs=6)
    other = fitted(one, width=4, epochs=5, seed=1)

    onward = Image().refit(one, [other, first], CLASSES, {}, "quick", 0, Watch())

    before = first.details["training"]
    assert len(onward.details["training"]) > len(before)
    assert onward.details["training"][: len(before)] == before


def test_a_stop_is_heard():
    pictures, names = drawings(("disc", "stripes"), 20, side=8)
    watch = Watch()
    watch.stop()
    with pytest.raises(Stopped):
        Image().fit([sample(pictures, names == "disc")], CLASSES, {}, "quick", 0, watch)


def test_epochs_are_bounded_by_the_work():
    small = sample(*_blank(8))
    large = sample(*_blank(64))
    told = {
        effort: [chosen({}, [s], CLASSES, effort)["epochs"] for s in (small, large)]
        for effort in ("quick", "normal", "thorough")
    }

    assert told["quick"][1] < told["normal"][1] <= told["thorough"][1]
    assert chosen({"epochs": 3}, [small], CLASSES, "normal")["epochs"] == 3
    assert Image().sees({}) == Plan(
        clip=True, one_hot=30, many="mean", pictures="pixels"
    )


def _blank(side):
    return np.zeros((10, side, side, 1)), np.arange(10) % 2


# ── the solver ──


def test_nesterov_comes_down_a_valley():
    """½ (p - 3)' A (p - 3) with A = diag(1, 50)."""
    slope = np.array([1.0, 50.0])
    place = beginning({"p": np.zeros(2)})
    for k in range(300):
        gradient = {"p": slope * (place.parameters["p"] - 3)}
        rate = 0.02 * one_cycle((k + 0.5) / 300)
        place = moved(place, gradient, rate, 0.0, min(k / (k + 10), 0.9))

    assert np.allclose(place.parameters["p"], 3, atol=1e-3)
    assert np.allclose(place.mean["p"], 3, atol=1e-3)


def test_one_cycle_rises_and_falls_to_nothing():
    rates = [one_cycle(t) for t in np.linspace(0.001, 0.999, 101)]

    assert max(rates) == pytest.approx(1, abs=0.02)
    assert np.argmax(rates) == pytest.approx(15, abs=1)
    assert rates[0] < 0.01
    assert rates[-1] < 0.001
