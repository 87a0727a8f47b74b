"""The network: its form, its objective, its dials, and what it learns."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mapsto.data.encoding import Feature
from mapsto.events import Progress, Stopped, Watch
from mapsto.families import network_training
from mapsto.families.activations import ACTIVATIONS
from mapsto.families.family import Sample, Task
from mapsto.families.network import Network
from mapsto.families.network_dials import REGULARISATIONS, chosen
from mapsto.families.network_form import Form, network
from mapsto.families.network_stack import Stack
from mapsto.families.network_training import SHORTEST, Loss, row_losses

REGRESSION = Task("regression")
SMALL = {"hidden": (8, 8), "epochs": 12, "batch": 32, "members": 1}
FEATURES = (
    Feature("a", "a", "number"),
    Feature("b", "b", "number"),
    Feature("c", "c", "code", levels=5),
)


def sample(rows: int = 200, seed: int = 0) -> Sample:
    rng = np.random.default_rng(seed)
    x = np.column_stack([rng.uniform(-1, 1, (rows, 2)), rng.integers(0, 5, rows)])
    y = np.sin(3 * x[:, 0]) + x[:, 1] * (x[:, 2] > 2) + 0.05 * rng.standard_normal(rows)
    return Sample(x, y, np.ones(rows), np.arange(rows) % 5 == 0, FEATURES)


def fit(samples, watch=None, seed=0, task=REGRESSION, **given):
    dials = {**SMALL, **given}
    return Network().fit(samples, task, dials, "quick", seed, watch or Watch())


def told(fitted, x):
    return np.asarray(fitted.function(fitted.parameters, x))


# ── the form ──


@pytest.mark.parametrize("inputs", ["raw", "quantile", "periodic"])
@pytest.mark.parametrize("members", [1, 2])
def test_jax_gives_what_numpy_gives(inputs, members):
    fitted = fit([sample()], inputs=inputs, members=members, epochs=2)[0]
    x = sample(50, seed=1).x

    traced = np.asarray(jax.jit(fitted.function)(fitted.parameters, x))

    assert traced == pytest.approx(told(fitted, x), abs=2e-5)


@pytest.mark.parametrize("classes", [2, 3])
def test_members_are_averaged_as_probabilities(classes):
    s = sample()
    y = np.digitize(s.y, np.quantile(s.y, np.arange(1, classes) / classes))
    s = Sample(s.x, y.astype(float), s.w, s.inner, s.features)
    both = fit([s], task=Task("classification", classes), members=2, epochs=2)[0]

    def alone(m):
        learned = {k: v for k, v in both.parameters.items() if k != "inputs"}
        own = jax.tree.map(lambda a: a[m : m + 1], learned)
        return both.function(own | {"inputs": both.parameters["inputs"]}, s.x)

    mean = (probabilities(alone(0)) + probabilities(alone(1))) / 2

    assert probabilities(told(both, s.x)) == pytest.approx(mean, abs=1e-6)


def probabilities(eta):
    eta = np.concatenate([0 * eta, eta], axis=1) if eta.shape[1] == 1 else eta
    odds = np.exp(eta - eta.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def test_nothing_is_predicted_far_beyond_what_was_seen():
    s = sample()
    far = told(fit([s], inputs="raw", epochs=2)[0], s.x * [1e6, 1e6, 1])

    assert far.min() >= s.y.min() - 0.06 * np.ptp(s.y)
    assert far.max() <= s.y.max() + 0.06 * np.ptp(s.y)


# ── the objective ──


@pytest.mark.parametrize("inputs", ["raw", "quantile", "periodic"])
@pytest.mark.parametrize("residual", [False, True])
def test_gradient_is_that_of_finite_differences(inputs, residual):
    given = {**SMALL, "inputs": inputs, "residual": residual}
    dials = chosen(given, [sample()], REGRESSION, "quick")
    stack = Stack([sample()], dials, seed=0)
    form = Form("tanh", inputs, residual, 0)
    loss = Loss(form, drops=False, smoothing=0.0)
    rng = np.random.default_rng(0)
    batch = {k: v[:, :40] for k, v in stack.batches.examples(1, hold=True).data.items()}

    with jax.enable_x64(True):
        p, constants, batch = jax.tree.map(
            lambda a: jnp.asarray(a, jnp.float64 if a.dtype.kind == "f" else a.dtype),
            (stack.start(1, 1), stack.constants(1), batch),
        )

        def total(tree):
            return loss(tree, constants, batch, None).sum()

        slope = jax.grad(total)(p)
        way = jax.tree.map(lambda a: jnp.asarray(rng.standard_normal(a.shape)), p)
        step = 1e-6
        up, down = (
            total(jax.tree.map(lambda a, d, s=s: a + s * step * d, p, way))
            for s in (1, -1)
        )
        along = sum(
            float((g * d).sum())
            for g, d in zip(jax.tree.leaves(slope), jax.tree.leaves(way), strict=True)
        )

    assert float(up - down) / (2 * step) == pytest.approx(along, rel=1e-5)


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_log_loss_is_the_cross_entropy_of_the_smoothed_label(classes, smoothing):
    rng = np.random.default_rng(0)
    outputs = 1 if classes == 2 else classes
    eta = rng.standard_normal((1, 30, outputs)).astype(np.float32)
    y = rng.integers(0, classes, 30)

    loss = row_losses(eta, y[None].astype(np.float32), classes, smoothing)[0]

    label = np.eye(classes)[y] * (1 - smoothing) + smoothing / classes
    exact = -(label * np.log(probabilities(eta[0]))).sum(axis=1)
    assert np.asarray(loss) == pytest.approx(exact, abs=1e-5)


def test_a_weight_of_two_is_a_row_twice():
    loss = Loss(Form("tanh", "raw", False, 0), drops=False, smoothing=0.0)
    s = sample()
    stack = Stack([s], chosen({**SMALL, "inputs": "raw"}, [s], REGRESSION, "quick"), 0)
    start, constants = stack.start(1, 1), stack.constants(1)
    batch = {k: v[:, :40] for k, v in stack.batches.examples(1, hold=True).data.items()}
    twice = jax.tree.map(lambda a: np.concatenate([a, a[:, :10]], axis=1), batch)
    batch["w"] = batch["w"] + (np.arange(40) < 10).astype(np.float32)

    weighted, repeated = (loss(start, constants, b, None) for b in (batch, twice))

    assert np.asarray(weighted) == pytest.approx(np.asarray(repeated), rel=1e-5)


# ── the training ──


def test_the_start_has_unit_variance_everywhere():
    """Of each neuron's weighted sum, over the training rows."""
    s = sample(400)
    dials = chosen({**SMALL, "activation": "relu"}, [s], REGRESSION, "quick")
    stack = Stack([s], dials, 0)
    start = stack.trimmed(stack.start(1, 1))
    form = Form("relu", dials["inputs"], False, 0)
    seen, bound = [], np.float32(1e9)

    for depth in (1, 2, 3):
        p = {**start, "layers": start["layers"][:depth], "inputs": stack.inputs_of(0)}
        rows = s.x[~s.inner]
        sums = network({**p, "low": -bound, "high": bound}, rows, form)
        seen.append(sums.std(axis=0))

    assert np.concatenate(seen) == pytest.approx(1.0, abs=0.02)


def test_same_seed_same_bits_and_another_seed_others():
    once, again, other = (fit([sample()], seed=s)[0].parameters for s in (0, 0, 1))

    same = jax.tree.map(lambda a, b: bool((a == b).all()), once, again)
    assert all(jax.tree.leaves(same))
    assert not (once["layers"][0]["w"] == other["layers"][0]["w"]).all()


def test_folds_trained_together_are_as_trained_alone():
    """What a fold learns does not depend on the others, up to rounding."""
    given = {"stopping": "last", "dropout": 0.3}
    together = fit([sample(200, 0), sample(200, 1)], **given)[0]
    alone = fit([sample(200, 0)], **given)[0]
    x = sample(50, seed=2).x

    assert told(together, x) == pytest.approx(told(alone, x), abs=1e-3)


def test_the_inner_rows_are_trained_on_after_they_have_chosen():
    """Another target on them changes a refit, but not what stops at the best epoch
    of one."""
    s = sample()
    y = np.where(s.inner, s.y + 0.3, s.y)
    other = Sample(s.x, y, s.w, s.inner, s.features)
    x = sample(50, seed=1).x

    def moved(stopping):
        first, second = (
            told(fit([a], stopping=stopping, epochs=1)[0], x) for a in (s, other)
        )
        return np.abs(first - second).max()

    assert moved("best") == 0
    assert moved("refit") > 1e-3


def test_one_member_chooses_the_length_where_that_saves_time(monkeypatch):
    tried = []
    descend = network_training.descend

    def counted(*parts):
        tried.append(len(parts[7]))
        return descend(*parts)

    monkeypatch.setattr(network_training, "descend", counted)
    monkeypatch.setattr(network_training, "COMPILING", 0.0)
    both = fit([sample(), sample(seed=1)], members=3, hidden=(8,))

    assert tried == [2, 6]
    for fitted in both:
        assert len(fitted.parameters["layers"][0]["w"]) == 3
        assert len(fitted.details["best_epoch"]) == 3
        assert fitted.hyperparameters["members"] == 3
        assert fitted.details["validation"]
        assert fitted.details["final"]


@pytest.mark.parametrize("stopping", ["refit", "best", "last"])
def test_without_inner_rows_it_trains_on(stopping):
    s = sample()
    bare = Sample(s.x, s.y, s.w, np.zeros(200, bool), s.features)

    fitted = fit([bare], stopping=stopping, epochs=30)[0]

    assert np.mean((told(fitted, s.x)[:, 0] - s.y) ** 2) < 0.2 * s.y.var()


def test_noise_is_not_learned_for_long():
    """On pure noise the trial sees that longer is worse."""
    rng = np.random.default_rng(0)
    features = tuple(Feature(f"{k}", f"{k}", "number") for k in range(5))
    noise = [
        Sample(
            rng.standard_normal((240, 5)),
            rng.standard_normal(240),
            np.ones(240),
            np.arange(240) % 5 == 0,
            features,
        )
        for _ in range(3)
    ]

    fits = fit(noise, hidden=(32, 32), epochs=45)
    last = fit(noise, hidden=(32, 32), epochs=45, stopping="last")

    assert np.mean([f.details["epochs"] for f in fits]) < 45
    assert {f.details["epochs"] for f in last} == {45}


BINARY = Task("classification", 2)


def test_two_classes_choose_how_firmly_they_are_regularised():
    """Labels that are mostly noise ask for the firm one, a clear border does not, and
    what is given is not chosen."""
    gentle, firm = REGULARISATIONS
    rng = np.random.default_rng(0)
    x, inner = rng.uniform(-1, 1, (600, 2)), np.arange(600) % 3 == 0

    def took(probability, **given):
        y = (rng.random(600) < probability).astype(float)
        s = Sample(x, y, np.ones(600), inner, FEATURES[:2])
        dials = {"members": 2, **given}
        told = fit([s], task=BINARY, **{**dials, "epochs": 40})[0].hyperparameters
        return {name: told[name] for name in gentle}

    noisy, clear = logistic(0.7 * x[:, 0]), np.sin(8 * x[:, 0]) > x[:, 1]
    assert took(noisy) == firm
    assert took(clear) == gentle
    assert took(noisy, members=1) == gentle, "one member can try one"
    assert took(noisy, dropout=0.1) == {**gentle, "dropout": 0.1}


# ── what it learns ──


def logistic(z):
    return 1 / (1 + np.exp(-z))


TRUTHS = {
    "cosine": (0, lambda x: np.cos(6 * x[:, 0])),
    "interaction": (0, lambda x: 3 * x[:, 0] * x[:, 1]),
    "xor": (2, lambda x: logistic(20 * x[:, 0] * x[:, 1])),
    "moons": (2, lambda x: logistic(14 * (x[:, 1] - np.sin(np.pi * x[:, 0]) / 2))),
    "rings": (2, lambda x: logistic(25 * (np.hypot(x[:, 0], x[:, 1]) - 0.65))),
}


@pytest.mark.parametrize("name", TRUTHS)
def test_it_learns_what_a_line_cannot(name):
    """Of what there is to learn, less than a twelfth is missed on fresh rows."""
    classes, truth = TRUTHS[name]
    rng = np.random.default_rng(0)
    x, fresh = rng.uniform(-1, 1, (2, 800, 2))
    y = truth(x)
    y = y + 0.2 * rng.standard_normal(800) if not classes else rng.random(800) < y
    s = Sample(x, y.astype(float), np.ones(800), np.arange(800) % 5 == 0, FEATURES[:2])
    task = Task("classification" if classes else "regression", classes)

    fitted = Network().fit([s], task, {"hidden": (64, 64)}, "normal", 0, Watch())[0]

    eta = told(fitted, fresh)[:, 0]
    missed = (logistic(eta) if classes else eta) - truth(fresh)
    assert (missed**2).mean() < truth(fresh).var() / 12


# ── the dials ──


def test_given_hyperparameters_arrive():
    fitted = fit([sample()], hidden=(7, 5), members=2, embedding=3)[0]

    shapes = [layer["w"].shape for layer in fitted.parameters["layers"]]
    assert [s[0] for s in shapes] == [2, 2, 2]
    assert [s[2] for s in shapes] == [7, 5, 1]
    assert fitted.parameters["embedding"].shape == (2, 5, 3)
    assert fitted.hyperparameters["hidden"] == (7, 5)


GIVEN = {
    "hidden": [(7, 5), ()],
    "activation": [a for a in ACTIVATIONS if a != "mish"],
    "inputs": ["raw", "periodic"],
    "bins": [4],
    "embedding": [3],
    "residual": [True],
    "learning_rate": [0.01],
    "schedule": ["coslog4", "flat_cosine", "constant"],
    "epochs": [3],
    "stopping": ["best"],
    "batch": [16],
    "dropout": [0.0, 0.5],
    "weight_decay": [0.5],
    "averaging": [4],
    "members": [2],
}


@pytest.fixture(scope="module")
def plain():
    return fit([sample()])[0]


@pytest.mark.parametrize("name", GIVEN)
def test_every_dial_changes_what_is_learned(name, plain):
    x = sample(50, seed=1).x
    for value in GIVEN[name]:
        given = {name: value}
        if name == "averaging":
            given |= {"stopping": "best", "schedule": "constant"}
        changed = fit([sample()], **given)[0]

        assert changed.hyperparameters[name] == value
        assert np.abs(told(plain, x) - told(changed, x)).max() > 1e-4


@pytest.mark.parametrize("name", ["frequencies", "spread"])
def test_dials_of_the_waves_change_what_is_learned(name):
    x = sample(50, seed=1).x
    base, changed = (
        fit([sample()], inputs="periodic", **{name: value})[0] for value in (2, 5)
    )

    assert np.abs(told(base, x) - told(changed, x)).max() > 1e-4


def test_label_smoothing_keeps_probabilities_from_the_edge():
    s = sample()
    s = Sample(s.x, (s.x[:, 0] > 0).astype(float), s.w, s.inner, s.features)
    sure, smooth = (
        np.abs(
            told(
                fit([s], task=Task("classification", 2), label_smoothing=a, epochs=40)[
                    0
                ],
                s.x,
            )
        ).max()
        for a in (0.0, 0.2)
    )

    assert smooth < 3.5 < sure


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("hidden", (0,), "sequence"),
        ("hidden", 64, "sequence"),
        ("activation", "swishy", "one of"),
        ("dropout", 1.5, "at most 0.95"),
        ("epochs", 2.5, "whole number"),
        ("residual", "yes", "true or false"),
        ("batch", True, "whole number"),
    ],
)
def test_bad_dials_are_told(name, value, word):
    check = {d.name: d.check for d in Network.dials}[name]

    assert word in check(value)


def test_the_dials_take_what_they_should():
    checks = {d.name: d.check for d in Network.dials}

    assert all(checks[name](v) == "" for name, vs in GIVEN.items() for v in vs)
    assert checks["hidden"]([64, 64]) == ""


# ── stopping ──


@pytest.mark.parametrize("share", [0.1, 0.3, 0.7])
def test_a_stop_keeps_the_best_so_far(share):
    """In the trial, or in the training that follows it."""
    watch = Watch(lambda e: watch.stop() if e.done >= share else None)

    fitted = fit([sample()], watch, epochs=30)[0]

    assert 1 <= fitted.details["epochs"] <= 21
    assert np.isfinite(told(fitted, sample().x)).all()


def test_a_stop_before_the_first_epoch_keeps_nothing():
    watch = Watch()
    watch.stop()

    with pytest.raises(Stopped):
        fit([sample()], watch)


def test_progress_only_grows_and_ends_at_one():
    seen = []
    fit([sample()], Watch(seen.append))

    done = [e.done for e in seen if isinstance(e, Progress)]
    assert done == sorted(done)
    assert done[-1] == 1


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_few_rows_are_passed_often_enough(seed):
    """Of 200 rows an epoch is seven steps; a length of seven steps led nowhere."""
    known, fresh = sample(seed=seed), sample(seed=seed + 10)

    (fitted,) = Network().fit([known], REGRESSION, {}, "quick", seed, Watch())

    missed = told(fitted, fresh.x)[:, 0] - fresh.y
    assert (missed**2).mean() < 0.1 * fresh.y.var()
    assert fitted.hyperparameters["epochs"] * 7 >= SHORTEST
