"""The composition: its form, its objective, its start, its dials, what it learns."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mapsto.data.encoding import Feature
from mapsto.data.table import Column
from mapsto.events import Stopped, Watch
from mapsto.families.activations import ACTIVATIONS
from mapsto.families.composition import Composition, Loss, joined
from mapsto.families.composition_dials import chosen
from mapsto.families.composition_form import composition, part, values_of
from mapsto.families.composition_stack import Parts
from mapsto.families.composition_training import side_by_side
from mapsto.families.family import Sample, Task
from mapsto.families.structure import read_structure
from mapsto.families.structure_order import order_of

REGRESSION = Task("regression")
COLUMNS = (
    *(Column(n, "number") for n in ("a", "b", "c", "d")),
    Column("k", "category"),
)
FEATURES = (
    *(Feature(n, n, "number", 0.0, 1.0) for n in "abcd"),
    Feature("k", "k", "code", levels=12),
)
EFFECT = np.random.default_rng(9).standard_normal(12)


def drawn(truth, rows=600, seed=0, noise=0.01):
    """A sample of y = truth(x) and a little noise. x: a, b, c, d and a level."""
    rng = np.random.default_rng(seed)
    x = np.column_stack(
        [rng.uniform(-1.7, 1.7, (rows, 4)), rng.integers(0, 12, rows).astype(float)]
    )
    y = truth(*x.T)
    y = y + noise * y.std() * rng.standard_normal(rows)
    center, scale = float(y.mean()), float(y.std())
    inner = np.arange(rows) % 5 == 0
    unit = (center, scale)
    return Sample(x, (y - center) / scale, np.ones(rows), inner, FEATURES, *unit)


def family(text):
    return Composition(read_structure(text, COLUMNS))


def fit(text, samples, watch=None, effort="quick", task=REGRESSION, seed=0, **given):
    watch = watch or Watch()
    return family(text).fit(samples, task, given, effort, seed, watch)


def values(fitted, x):
    """Each part, (n,)."""
    form = fitted.function.keywords["form"]
    names = form.structure.names
    return {n: np.asarray(part(fitted.parameters, x, form, n)) for n in names}


def told(fitted, x):
    return np.asarray(fitted.function(fitted.parameters, x))[:, 0]


def likeness(value, truth):
    """R² of the best straight line from the value to the truth."""
    return np.corrcoef(value, truth)[0, 1] ** 2


# ── what it learns ──

TRUTHS = {
    "f(a, b) + g(c, k)": (
        lambda a, b, c, d, k: np.sin(2 * a) * (1 + 0.3 * b),
        lambda a, b, c, d, k: 0.5 * c**2 + EFFECT[k.astype(int)],
        lambda f, g, **_: f + g,
    ),
    "f(a, b) * g(c)": (
        lambda a, b, c, d, k: 10 + 3 * a + 2 * np.cos(2 * b),
        lambda a, b, c, d, k: 2 + np.tanh(2 * c),
        lambda f, g, **_: f * g,
    ),
    "f(a) + g(k) * d": (
        lambda a, b, c, d, k: np.sin(2 * a),
        lambda a, b, c, d, k: EFFECT[k.astype(int)],
        lambda f, g, d, **_: f + g * d,
    ),
    "exp(f(a) + g(c))": (
        lambda a, b, c, d, k: 3 + 0.5 * np.sin(2 * a),
        lambda a, b, c, d, k: 0.3 * c**2,
        lambda f, g, **_: np.exp(f + g),
    ),
}


def whole(text):
    f, g, join = TRUTHS[text]
    return lambda a, b, c, d, k: join(f=f(a, b, c, d, k), g=g(a, b, c, d, k), d=d)


@pytest.fixture(scope="module")
def learned():
    found = {}
    for text in TRUTHS:
        sample = drawn(whole(text))
        found[text] = (fit(text, [sample], stopping="last", epochs=40)[0], sample)
    return found


@pytest.mark.parametrize("text", TRUTHS)
def test_every_part_is_recovered_up_to_the_convention(text, learned):
    fitted, _ = learned[text]
    fresh = drawn(whole(text), seed=1)
    f, g, _ = TRUTHS[text]

    found = values(fitted, fresh.x)

    assert likeness(found["f"], f(*fresh.x.T)) > 0.99
    assert likeness(found["g"], g(*fresh.x.T)) > 0.99


@pytest.mark.parametrize("text", TRUTHS)
def test_the_prediction_is_what_the_parts_make_of_it(text, learned):
    fitted, sample = learned[text]
    join = TRUTHS[text][2]

    found = values(fitted, sample.x)
    made = join(**found, d=sample.x[:, 3]) + fitted.details["intercept"]

    eta = (made - sample.center) / sample.scale
    low, high = fitted.parameters["low"], fitted.parameters["high"]
    assert told(fitted, sample.x) == pytest.approx(np.clip(eta, low, high), abs=1e-5)


def test_the_parts_are_by_the_convention(learned):
    total = values(learned["f(a, b) + g(c, k)"][0], drawn(whole("f(a, b) + g(c, k)")).x)
    product = values(learned["f(a, b) * g(c)"][0], drawn(whole("f(a, b) * g(c)")).x)

    assert [v.mean() for v in total.values()] == pytest.approx([0, 0], abs=1e-5)
    assert np.mean(product["g"] ** 2) == pytest.approx(1, abs=1e-5)
    assert product["g"].mean() > 0


def test_a_chain_is_recovered_in_its_order():
    def inner(a, b):
        return a + 0.5 * a * b

    def outer(a, b, c, d, k):
        return np.tanh(inner(a, b)) + 0.3 * c * inner(a, b)

    fitted = fit("f(g(a, b), c)", [drawn(outer)], stopping="last", epochs=60)[0]
    fresh = drawn(outer, seed=1)

    rank = [
        np.argsort(np.argsort(v))
        for v in (values(fitted, fresh.x)["g"], inner(*fresh.x.T[:2]))
    ]
    assert likeness(*rank) > 0.97
    assert likeness(told(fitted, fresh.x), fresh.y) > 0.99


def test_shared_inputs_give_their_main_effect_to_the_first_part():
    """What depends on a alone is f's, whichever part learned it."""

    def truth(a, b, c, d, k):
        return np.sin(2 * a) + a * b + np.cos(2 * a) + 2 * a * np.sin(2 * c)

    sample = drawn(truth, rows=800)
    fitted = fit("f(a, b) + g(a, c)", [sample], stopping="last", epochs=40)[0]
    grid = np.linspace(-1.5, 1.5, 9)
    x = np.repeat(sample.x[None, :200], len(grid), axis=0)
    x[:, :, 0] = grid[:, None]
    found = {
        n: v.reshape(len(grid), -1).mean(axis=1)
        for n, v in values(fitted, x.reshape(-1, 5)).items()
    }

    assert np.ptp(found["g"]) < 0.3  # the mean of 200 other rows; f has 3 and more
    shown = np.sin(2 * grid) + np.cos(2 * grid)
    shown = shown + (x[0, :, 1].mean() + 2 * np.sin(2 * x[0, :, 2]).mean()) * grid
    assert likeness(found["f"], shown) > 0.98
    for name, truth_of in (
        ("f", lambda a, b, c, d, k: np.sin(2 * a) + np.cos(2 * a) + a * b),
        ("g", lambda a, b, c, d, k: 2 * a * np.sin(2 * c)),
    ):
        assert likeness(values(fitted, sample.x)[name], truth_of(*sample.x.T)) > 0.98


def test_two_classes_are_told_apart():
    rng = np.random.default_rng(0)
    sample = drawn(lambda a, b, c, d, k: 6 * a * b + 3 * c, rows=800, noise=0)
    eta = sample.y * sample.scale + sample.center
    y = (rng.random(800) < 1 / (1 + np.exp(-eta))).astype(float)
    sample = Sample(sample.x, y, sample.w, sample.inner, FEATURES)

    fitted = fit("f(a, b) + g(c)", [sample], task=Task("classification", 2))[0]

    assert likeness(told(fitted, sample.x), eta) > 0.85
    assert fitted.details["intercept"] != 0


@pytest.fixture(scope="module")
def three():
    """A sample of three classes, its true scores, and what was learned of it."""
    rng = np.random.default_rng(0)
    sample = drawn(lambda a, b, c, d, k: a, rows=1500, noise=0)
    a, d, k = sample.x.T[[0, 3, 4]]
    f = np.stack([4 * np.sin(2 * a), 3 * a**2, -4 * a], axis=1)
    g = np.stack([2 * EFFECT[k.astype(int)], np.ones(len(k)), 0 * k], axis=1)
    f, g = (v - v.mean(axis=1, keepdims=True) for v in (f, g))
    odds = np.exp(f + g * d[:, None])
    share = (odds / odds.sum(axis=1, keepdims=True)).cumsum(axis=1)
    y = (share > rng.random((len(k), 1))).argmax(axis=1).astype(float)
    sample = Sample(sample.x, y, sample.w, sample.inner, FEATURES)
    dials = {"stopping": "last", "epochs": 30, "f": {"family": "curve"}}
    task = Task("classification", 3)
    return sample, f, g, fit("f(a) + g(k) * d", [sample], task=task, **dials)[0]


def test_each_of_several_classes_has_its_own_parts(three):
    sample, f, g, fitted = three

    found = values(fitted, sample.x)

    assert found["f"].shape == (1500, 3)
    for k in range(3):
        assert likeness(found["f"][:, k], f[:, k]) > 0.85
        assert likeness(found["g"][:, k], g[:, k]) > 0.85


def test_parts_of_several_classes_have_mean_0_over_classes_and_rows(three):
    sample, _, _, fitted = three

    found = values(fitted, sample.x)

    for part_of in found.values():
        assert part_of.mean(axis=1) == pytest.approx(np.zeros(1500), abs=1e-4)
    assert found["f"].mean(axis=0) == pytest.approx(np.zeros(3), abs=1e-4)
    assert sum(fitted.details["intercept"]) == pytest.approx(0, abs=1e-6)


def test_the_scores_of_several_classes_are_what_the_parts_make(three):
    sample, _, _, fitted = three
    found = values(fitted, sample.x)

    made = found["f"] + found["g"] * sample.x[:, 3:4] + fitted.details["intercept"]

    eta = np.asarray(fitted.function(fitted.parameters, sample.x))
    assert eta == pytest.approx(made, abs=1e-4)


def test_several_classes_share_what_is_inside_a_part_and_main_effects_move():
    sample = drawn(lambda a, b, c, d, k: a * b + c, rows=300)
    y = np.digitize(sample.y, [-0.5, 0.5]).astype(float)
    sample = Sample(sample.x, y, sample.w, sample.inner, FEATURES)
    text, task = "f(h(a), b) + g(k, a) + m(k, c)", Task("classification", 3)

    (fitted,) = fit(text, [sample], task=task, epochs=2, stopping="last")

    found = values(fitted, sample.x)
    eta = np.asarray(fitted.function(fitted.parameters, sample.x))
    made = found["f"] + found["g"] + found["m"] + fitted.details["intercept"]
    assert found["h"].shape == (300,)
    assert (found["h"].mean(), found["h"].std()) == pytest.approx((0, 1), abs=1e-4)
    assert eta - eta.mean(axis=1, keepdims=True) == pytest.approx(made, abs=1e-4)


# ── the form and the objective ──

TEXTS = ("f(a, k) + g(h(b), c) * d", "exp(f(a)) / (1 + g(c, h(b))**2)")


@pytest.mark.parametrize("text", TEXTS)
def test_jax_gives_what_numpy_gives(text):
    sample = drawn(lambda a, b, c, d, k: a + b * c + 3)
    fitted = fit(text, [sample], epochs=2)[0]

    traced = jax.jit(fitted.function)(fitted.parameters, sample.x)

    assert np.asarray(traced)[:, 0] == pytest.approx(told(fitted, sample.x), abs=1e-4)


@pytest.mark.parametrize("text", TEXTS)
def test_gradient_is_that_of_finite_differences(text):
    sample = drawn(lambda a, b, c, d, k: a + b * c + 3)
    of_structure = family(text)
    _, dials = chosen({}, of_structure.structure, [sample], REGRESSION, "quick")
    form = of_structure._form(sample, dials, REGRESSION)
    stack = Parts(form, [sample], dials, seed=0)
    learned, fixed = stack.start(1)
    batch = {n: v[:, :40] for n, v in stack.batches.examples(1, hold=True).data.items()}
    loss, rng = Loss(form, drops=False), np.random.default_rng(0)

    with jax.enable_x64(True):
        p, constants, batch = jax.tree.map(
            lambda a: jnp.asarray(a, jnp.float64 if a.dtype.kind == "f" else a.dtype),
            (learned, fixed, batch),
        )

        def total(tree):
            return loss(tree, constants, batch, None).sum()

        slope = jax.grad(total)(p)
        way = jax.tree.map(lambda a: jnp.asarray(rng.standard_normal(a.shape)), p)
        up, down = (
            total(jax.tree.map(lambda a, d, s=s: a + s * d, p, way))
            for s in (1e-6, -1e-6)
        )
        along = sum(
            float((g * d).sum())
            for g, d in zip(jax.tree.leaves(slope), jax.tree.leaves(way), strict=True)
        )

    assert float(up - down) / 2e-6 == pytest.approx(along, rel=1e-4)


@pytest.mark.parametrize("classes", [0, 3])
def test_parts_side_by_side_are_what_they_are_one_by_one(classes):
    """Stacked: f, g and h, of which two see fewer inputs; m and q see other parts."""
    sample = drawn(lambda a, b, c, d, k: a + b * c + 3)
    task = Task("classification" if classes else "regression", classes)
    if classes:
        thirds = np.quantile(sample.y, [1 / 3, 2 / 3])
        sample = replace(sample, y=np.digitize(sample.y, thirds).astype(float))
    of_structure = family("f(a, k) + g(b) * d + m(q(c), h(b, c), c)")
    given = {n: {"hidden": (8, 8)} for n in "fghq"} | {"m": {"family": "curve"}}
    _, dials = chosen(given, of_structure.structure, [sample], task, "quick")
    form = of_structure._form(sample, dials, task)
    learned, fixed = Parts(form, [sample], dials, seed=0).start(2)
    whole, x = joined(learned, fixed), np.stack([sample.x[:50]] * 2).astype(np.float32)

    together = side_by_side(whole, x, form, ACTIVATIONS.__getitem__)

    for name, value in values_of(whole, x, form).items():
        assert np.asarray(together[name]) == pytest.approx(value, abs=1e-4), name


@pytest.mark.parametrize(
    "text", ["f(a) * g(b)", "exp(f(a, k) + g(c))", "f(a) + g(b) * d"]
)
def test_the_start_is_near_the_target(text):
    """On the target's scale, whatever the structure: no mean or spread far off."""
    sample = drawn(lambda a, b, c, d, k: 200 + 50 * a * (b + 2))
    of_structure = family(text)
    _, dials = chosen({}, of_structure.structure, [sample], REGRESSION, "quick")
    form = of_structure._form(sample, dials, REGRESSION)
    learned, fixed = Parts(form, [sample], dials, seed=0).start(1)
    parameters = joined(learned, fixed) | {"low": -99.0, "high": 99.0}

    eta = np.asarray(composition(parameters, sample.x, form))

    assert abs(np.median(eta)) < 2
    assert 0.1 < eta.std() < 4


# ── the training ──


def test_same_seed_same_bits_and_another_seed_others():
    sample = drawn(lambda a, b, c, d, k: a + b)
    once, again, other = (
        fit("f(a) + g(b)", [sample], epochs=2, seed=s)[0].parameters for s in (0, 0, 1)
    )

    same = jax.tree.map(lambda a, b: bool((a == b).all()), once, again)
    assert all(jax.tree.leaves(same))
    first = [p["parts"]["f"]["layers"][0]["w"] for p in (once, other)]
    assert not (first[0] == first[1]).all()


def test_a_stop_before_the_first_epoch_keeps_nothing():
    watch = Watch()
    watch.stop()

    with pytest.raises(Stopped):
        fit("f(a) + g(b)", [drawn(lambda a, b, c, d, k: a + b)], watch)


def test_a_refit_that_is_stopped_is_not_kept():
    sample = drawn(lambda a, b, c, d, k: a + b)
    structure, watch = family("f(a) + g(b)"), Watch()
    fits = structure.fit([sample], REGRESSION, {"epochs": 20}, "quick", 0, watch)
    stopping = Watch(lambda event: stopping.stop() if event.done > 0.2 else None)

    with pytest.raises(Stopped):
        structure.refit(sample, fits, REGRESSION, {"epochs": 20}, "quick", 0, stopping)


PART_DIALS = {
    "family": ["curve", "line"],
    "hidden": [(5,)],
    "activation": ["tanh"],
    "inputs": ["raw", "quantile", "periodic"],
    "bins": [4],
    "embedding": [3],
    "residual": [True],
}


@pytest.fixture(scope="module")
def plain():
    sample = drawn(lambda a, b, c, d, k: np.sin(3 * a) + EFFECT[k.astype(int)] + b)
    return sample, told(fit("f(a, k) + g(b)", [sample], epochs=2)[0], sample.x)


@pytest.mark.parametrize("name", PART_DIALS)
def test_every_dial_of_a_part_changes_what_is_learned(name, plain):
    sample, before = plain
    for value in PART_DIALS[name]:
        fitted = fit("f(a, k) + g(b)", [sample], epochs=2, f={name: value})[0]

        assert fitted.hyperparameters["f"][name] == value
        assert np.abs(told(fitted, sample.x) - before).max() > 1e-4


def test_a_curve_adds_its_inputs_up_and_a_line_is_straight():
    sample = drawn(lambda a, b, c, d, k: a * b + np.sin(3 * c))
    fitted = fit(
        "f(a, b) + g(c)",
        [sample],
        epochs=5,
        f={"family": "curve"},
        g={"family": "line"},
    )[0]
    corners = np.zeros((4, 5))
    corners[:, :2] = [[-1, -1], [-1, 1], [1, -1], [1, 1]]
    steps = np.zeros((3, 5))
    steps[:, 2] = [-1, 0, 1]

    f, g = values(fitted, corners)["f"], values(fitted, steps)["g"]

    assert f[0] + f[3] == pytest.approx(f[1] + f[2], abs=1e-4)
    assert g[0] + g[2] == pytest.approx(2 * g[1], abs=1e-4)


# ── held to rise or fall ──

ORDERED = {
    "f(a, b, k) + g(c)": {"a": 1, "c": -1},
    "f(a, b) * g(c, k)": {"a": -1, "c": 1},
    "f(g(a, b), k)": {"a": 1},
    "exp(f(a) + g(b, c))": {"a": -1},
    "f(a, b) + g(a, c)": {"a": 1},
    "f(b) + g(c, k) * a": {"a": 1},
    "f(log(a + 3), b) / (1 + g(c)**2)": {"a": 1},
}


def in_order(text, held, x, columns, task=REGRESSION, **given):
    """The least gain over pairs of rows that differ in one column, and the largest."""
    structure = read_structure(text, COLUMNS)
    ways = [held.get(n, 0) for n in "ac"]

    def bent(a, b, c, d, k):
        rising = ways[0] * (a + np.sin(4 * a)) + ways[1] * c
        return 8 + rising + a * b - np.cos(3 * c)

    sample = drawn(bent, rows=300)
    dials = {"stopping": "last", "epochs": 10, **given}
    of_order = Composition(structure, order_of(structure, held))
    (fitted,) = of_order.fit([sample], task, dials, "quick", 0, Watch())
    rng, gains = np.random.default_rng(1), []
    for name, way in held.items():
        rows = np.concatenate([x, x])
        at = columns.index(name)
        low = rng.uniform(-3, 3, len(x)) * 10 ** rng.uniform(0, 4, len(x))
        step = 10 ** rng.uniform(-8, 3, len(x))
        rows[:, at] = np.concatenate([low, low + step])
        values = told(fitted, rows)
        gains.append(way * (values[len(x) :] - values[: len(x)]))
    return np.min(gains), np.max(gains)


@pytest.mark.parametrize("text", ORDERED)
def test_every_pair_of_rows_keeps_the_order(text):
    x = drawn(lambda a, b, c, d, k: a, rows=400, seed=5).x

    least, most = in_order(text, ORDERED[text], x, "abcdk", f={"hidden": (8, 8)})

    assert least >= -1e-12
    assert most > 0.01


@pytest.mark.parametrize(
    "dials",
    [
        {"inputs": "quantile", "residual": True},
        {"inputs": "periodic", "activation": "tanh"},
        {"inputs": "raw", "hidden": (4, 4, 4)},
        {"family": "curve"},
        {"family": "line"},
    ],
)
def test_every_form_of_part_keeps_the_order(dials):
    x = drawn(lambda a, b, c, d, k: a, rows=400, seed=5).x

    least, most = in_order("f(a, b, k)", {"a": 1}, x, "abcdk", f=dials)

    assert least >= -1e-12
    assert most > 0.01


def test_a_truth_that_keeps_the_order_is_learned_as_well():
    """A product: the second part is held to be nowhere negative as well."""

    def truth(a, b, c, d, k):
        return np.exp(a) * (2 + np.tanh(2 * c)) + np.sin(2 * b)

    structure = read_structure("f(a) * g(c) + h(b)", COLUMNS)
    held = Composition(structure, order_of(structure, {"a": 1, "c": 1}))
    sample, fresh = drawn(truth), drawn(truth, seed=1)
    dials = {"stopping": "last", "epochs": 40}

    (fitted,) = held.fit([sample], REGRESSION, dials, "quick", 0, Watch())

    assert likeness(told(fitted, fresh.x), fresh.y) > 0.995
    assert values(fitted, fresh.x)["g"].min() >= 0
    assert np.mean(values(fitted, sample.x)["g"] ** 2) == pytest.approx(1, abs=1e-5)
