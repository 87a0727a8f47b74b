"""The descent: a convex problem, members side by side, stops, random bits."""

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mapsto.events import Stopped, Watch
from mapsto.solvers import descent
from mapsto.solvers.descent import Examples, Recipe, descend, roomy
from mapsto.solvers.dropout import Noise, dropout
from mapsto.solvers.flat import Layout
from mapsto.solvers.schedules import CYCLE_ENDS, SCHEDULES, coslog4

RECIPE = Recipe(rate=0.1, epochs=40, batch=16, schedule="cosine")


@dataclass(frozen=True)
class SquaredError:
    """½ mean (x w + b - y)²."""

    def __call__(self, parameters, constants, batch, noise):
        told = (batch["x"] @ parameters["w"] + parameters["b"])[..., 0]
        return 0.5 * ((told - batch["y"]) ** 2).mean(axis=1)


def examples(samples: int = 2, rows: int = 160, held: bool = True) -> Examples:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((samples, rows, 3)).astype(np.float32)
    slopes = np.arange(1, samples + 1)[:, None, None] * np.array([1.0, -2.0, 0.5])
    y = (x * slopes).sum(axis=2).astype(np.float32) + 3
    cut = 3 * rows // 4
    data = {"x": x[:, :cut], "y": y[:, :cut]}
    part = {"x": x[:, cut:], "y": y[:, cut:]} if held else None
    owner = np.arange(samples, dtype=np.int32)
    return Examples(data, part, np.full(samples, cut), owner)


def run(given: Examples, recipe=RECIPE, seeds=None, watch=None, follow=None):
    members = len(given.owner)
    start = {
        "w": np.zeros((members, 3, 1), np.float32),
        "b": np.zeros((members, 1, 1), np.float32),
    }
    ones = {"w": 1.0, "b": 1.0}
    return descend(
        SquaredError(),
        start,
        ones,
        {"w": 1.0, "b": 0.0},
        {},
        given,
        recipe,
        seeds or list(range(members)),
        watch or Watch(),
        follow or (lambda _: False),
    )


def test_it_finds_what_least_squares_finds():
    given = examples()

    found = run(given).parameters

    for k in range(2):
        x = np.column_stack([given.data["x"][k], np.ones(120)])
        exact = np.linalg.lstsq(x, given.data["y"][k], rcond=None)[0]
        told = [*found["w"][k, :, 0], found["b"][k, 0, 0]]
        assert told == pytest.approx(exact, abs=1e-3)


def test_it_moves_as_adam_is_written():
    """Three steps on all rows, against the formula in float64."""
    given = examples(1)
    recipe = Recipe(rate=0.1, epochs=3, batch=120, decay=0.3, schedule="constant")

    found = run(replace(given, held=None), recipe).parameters

    x = np.column_stack([given.data["x"][0], np.ones(120)]).astype(float)
    y, p, m, v = given.data["y"][0].astype(float), *np.zeros((3, 4))
    for k in range(1, 4):
        fade = 1.0 if k == 1 else 0.5 * (1 - np.cos(2 * np.pi * (k - 0.5) / 3))
        g = x.T @ (x @ p - y) / 120
        m, v = 0.9 * m + 0.1 * g, 0.95 * v + 0.05 * g**2
        p = p * (1 - 0.1 * 0.3 * fade * np.array([1, 1, 1, 0]))
        p -= 0.1 * (m / (1 - 0.9**k)) / (np.sqrt(v / (1 - 0.95**k)) + 1e-8)
    told = [*found["w"][0, :, 0], found["b"][0, 0, 0]]
    assert told == pytest.approx(p, abs=1e-5)


def test_same_seed_same_bits_however_steps_are_grouped(monkeypatch):
    given = examples()
    once = run(given)

    monkeypatch.setattr(descent, "CALL_SECONDS", 0.0)  # one step a call
    again = run(given)

    assert (once.parameters["w"] == again.parameters["w"]).all()
    assert (once.training == again.training).all()


@pytest.mark.parametrize("members", [3, 4, 5])
def test_crews_learn_what_all_learn_together(monkeypatch, members):
    """Members with lengths and rates of their own, some of one sample."""
    given = examples(2)
    given = replace(given, owner=np.arange(members, dtype=np.int32) % 2)
    rates, epochs = np.linspace(0.05, 0.1, members), np.arange(10, 10 + members)
    recipe = replace(RECIPE, rate=rates, epochs=epochs, averaging=3)

    parted = run(given, recipe)
    monkeypatch.setattr(descent, "CREWS", ())
    together = run(given, recipe)

    for name in ("w", "b"):
        a, b = parted.parameters[name], together.parameters[name]
        assert np.asarray(a) == pytest.approx(np.asarray(b), abs=1e-6)
    assert parted.validation == pytest.approx(together.validation, abs=1e-6)
    assert (parted.best == together.best).all()


def test_a_member_among_others_learns_what_it_learns_alone():
    given = examples(3)
    first = {k: v[:1] for k, v in given.data.items()}
    held = {k: v[:1] for k, v in given.held.items()}
    alone = run(Examples(first, held, given.counts[:1], given.owner[:1]), seeds=[7])

    together = run(given, seeds=[7, 8, 9])

    assert together.parameters["w"][0] == pytest.approx(
        alone.parameters["w"][0], abs=1e-5
    )


def test_members_of_one_sample_differ_by_their_seeds():
    given = replace(examples(1), owner=np.zeros(2, np.int32))
    short = replace(RECIPE, epochs=1)

    w = run(given, short, seeds=[1, 2]).parameters["w"]

    assert np.abs(w[0] - w[1]).max() > 1e-4


def test_members_may_have_lengths_of_their_own():
    """The shorter one stands still when its epochs are over."""
    given = examples(held=False)
    recipe = replace(RECIPE, epochs=np.array([10, 20]))

    both = run(given, recipe).parameters["w"]
    short = run(given, replace(RECIPE, epochs=10)).parameters["w"]

    assert (both[0] == short[0]).all()
    assert not (both[1] == short[1]).all()


def test_the_best_epoch_is_kept():
    """With a rate that grows wild again, the last epoch is not the best one."""
    given = examples(1)
    wild = replace(RECIPE, rate=20.0, schedule="coslog4")

    found = run(given, wild)

    x, y = given.held["x"][0], given.held["y"][0]
    told = (x @ found.parameters["w"][0] + found.parameters["b"][0])[:, 0]
    assert 0.5 * ((told - y) ** 2).mean() == pytest.approx(
        found.validation.min(), rel=1e-3
    )
    assert (
        found.best[0]
        == 1 + np.flatnonzero(found.validation == found.validation.min())[-1]
    )


def test_the_mean_over_epochs_is_taken_where_it_is_better():
    """A constant rate leaves noise, which the mean of many epochs has less of."""
    given = examples(1)
    rng = np.random.default_rng(1)
    given.data["y"] += rng.standard_normal(given.data["y"].shape).astype(np.float32)
    rough = replace(RECIPE, rate=0.3, schedule="constant")

    plain, mean = run(given, rough), run(given, replace(rough, averaging=25))

    assert mean.best[0] in (*plain.best, rough.longest + 1)
    exact = np.linalg.lstsq(
        np.column_stack([given.data["x"][0], np.ones(120)]),
        given.data["y"][0],
        rcond=None,
    )[0][:3]
    assert np.abs(mean.parameters["w"][0, :, 0] - exact).max() <= (
        np.abs(plain.parameters["w"][0, :, 0] - exact).max() + 0.05
    )


def test_a_stop_keeps_what_is_done_and_nothing_is_an_error():
    watch, seen = Watch(), []

    def stop_at_three(validation):
        seen.append(len(validation))
        if len(validation) == 3:
            watch.stop()
        return False

    found = run(examples(), watch=watch, follow=stop_at_three)

    assert seen == [1, 2, 3]
    assert len(found.validation) == 3
    with pytest.raises(Stopped):
        run(examples(), watch=watch)


def test_the_caller_can_say_enough():
    assert len(run(examples(), follow=lambda v: len(v) == 5).training) == 5


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_dropout_leaves_out_its_share_and_keeps_the_mean(share):
    h = jnp.ones((2, 512, 256))
    noise = Noise(jnp.array([3, 4], jnp.uint32), jnp.full((2, 1, 1), share))

    left = np.asarray(dropout(noise, h, 0))

    n = left[0].size
    off = (left == 0).mean(axis=(1, 2))
    assert np.abs(off - share).max() < 5 * np.sqrt(share * (1 - share) / n)
    assert left.mean() == pytest.approx(1.0, abs=0.02)


def test_dropout_is_independent_between_rows_columns_layers_and_members():
    h = jnp.ones((2, 256, 256))
    noise = Noise(jnp.array([3, 4], jnp.uint32), jnp.full((2, 1, 1), 0.5))
    off = np.asarray(dropout(noise, h, 0) == 0).astype(float) - 0.5
    other = np.asarray(dropout(noise, h, 1) == 0).astype(float) - 0.5

    pairs = [
        off[0] @ off[0].T / 64,  # rows with rows
        off[0].T @ off[0] / 64,  # columns with columns
    ]
    for pair in pairs:
        away = pair[~np.eye(256, dtype=bool)]
        assert away.std() == pytest.approx(1 / 16, rel=0.2)
        assert np.abs(away).max() < 0.5
    for a, b in ((off[0], off[1]), (off[0], other[0])):
        assert abs((a * b).mean() * 4) < 5 / 256


def test_a_layout_splits_what_it_joins():
    rng = np.random.default_rng(0)
    shapes = {"a": (3, 2, 4), "b": [(3, 5), (3, 1, 1)]}
    tree = jax.tree.map(
        lambda s: rng.random(s, np.float32), shapes, is_leaf=lambda s: type(s) is tuple
    )
    layout = Layout.of(tree)

    back = layout.split(np.asarray(layout.join(tree)))

    assert jax.tree.all(jax.tree.map(lambda a, b: bool((a == b).all()), tree, back))
    spread = layout.spread({"a": 1.0, "b": [2.0, 3.0]})
    assert spread.tolist() == [1.0] * 8 + [2.0] * 5 + [3.0]


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_stay_within_zero_and_one(name):
    s = SCHEDULES[name](np.linspace(0, 1, 1001))

    assert s.min() >= 0
    assert s.max() <= 1
    assert name == "constant" or s[-1] == pytest.approx(0, abs=1e-12)


def test_the_cycles_end_where_they_say():
    assert coslog4(np.array(CYCLE_ENDS)) == pytest.approx(0, abs=1e-12)


def test_padding_sizes_are_few_and_large_enough():
    sizes = {n: roomy(n) for n in range(1, 5000)}

    assert all(n <= s <= max(16, 1.26 * n) for n, s in sizes.items())
    assert len(set(sizes.values())) < 40
