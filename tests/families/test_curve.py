"""The additive family: laws of its fit and of its form."""

from dataclasses import replace

import jax
import numpy as np
import pytest

from mapsto.data.encoding import Feature
from mapsto.events import Watch
from mapsto.families.curve import Curve, _parameters, _solve
from mapsto.families.curve_columns import columns_of
from mapsto.families.family import Sample, Task
from mapsto.families.smooths import additive

REGRESSION = Task("regression")
BINARY = Task("classification", 2)


def sample(x: np.ndarray, y: np.ndarray, w: np.ndarray | None = None) -> Sample:
    features = tuple(Feature(f"x{k}", f"x{k}", "number") for k in range(x.shape[1]))
    w = np.ones(len(y)) if w is None else w
    return Sample(x, y, w, np.arange(len(y)) % 5 == 0, features)


def fitted(of: Sample, task: Task = REGRESSION, effort: str = "normal", **given):
    return Curve().fit([of], task, given, effort, 0, Watch())[0]


def values(fit, x: np.ndarray) -> np.ndarray:
    return fit.function(fit.parameters, x)[:, 0]


def drawn(rows: int, columns: int, seed: int = 0):
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, (rows, columns)), rng.standard_normal(rows)


def test_an_additive_truth_is_recovered_within_its_noise():
    x, noise = drawn(1000, 3)
    truth = np.cos(4 * x[:, 0]) + x[:, 1] ** 3 + x[:, 2]

    fit = fitted(sample(x, truth + 0.2 * noise))

    assert np.mean((values(fit, x) - truth) ** 2) < 0.02 * truth.var()


def test_an_interaction_needs_a_surface():
    x, noise = drawn(1000, 3)
    truth = 2 * x[:, 0] * x[:, 1]
    of = sample(x, truth + 0.1 * noise)

    without, with_one = fitted(of, surfaces=0), fitted(of, surfaces=1)

    assert with_one.details["surfaces"] == [["x0", "x1"]]
    assert np.mean((values(with_one, x) - truth) ** 2) < 0.02 * truth.var()
    assert np.mean((values(without, x) - truth) ** 2) > 0.8 * truth.var()


def test_a_surface_may_jump_where_the_curves_may():
    """One corner of the square is higher than the rest."""
    x, noise = drawn(1500, 2)
    truth = ((x[:, 0] > 0.3) & (x[:, 1] > 0.2)).astype(float)
    of = sample(x, truth + 0.1 * noise)

    jumping, smooth = fitted(of), fitted(of, jumps=0)

    assert jumping.details["surfaces"] == [["x0", "x1"]]
    assert "tiles" in jumping.parameters
    assert "tiles" not in smooth.parameters
    wrong = [np.mean((values(f, x) - truth) ** 2) for f in (jumping, smooth)]
    assert wrong[0] < 0.8 * wrong[1]


@pytest.mark.parametrize("task", [REGRESSION, BINARY, Task("classification", 3)])
def test_the_function_is_the_sum_that_was_fitted(task):
    """Its surfaces, tiles among them, have as many steps as their columns can tell:
    tables of unlike sizes."""
    rng = np.random.default_rng(0)
    x = np.stack(
        [rng.uniform(-1, 1, 900), rng.integers(0, 8, 900), rng.normal(size=900)], 1
    )
    eta = 3 * (x[:, 0] > 0.2) * (x[:, 1] > 3) + x[:, 0] * x[:, 2]
    y = eta if not task.classes else np.digitize(eta, [1.0, 2.0][: task.classes - 1])
    of = sample(x, y.astype(float))
    pairs = [((0,), (1,)), ((0,), (2,))]
    columns = columns_of(of, task, 5, 6, pairs)

    found = _solve(columns, of, task, 1.0, lambda: None)

    told = additive(_parameters(columns, found), x)
    assert len(columns.tiles) == 2
    assert told == pytest.approx(columns.whole @ found.beta, abs=1e-9)


def with_levels(x: np.ndarray, y: np.ndarray, sides: list[np.ndarray]) -> Sample:
    """A sample with a category of as many levels as each side has values, after the
    numbers of x."""
    of, columns = sample(x, y), [x]
    features = list(of.features)
    for k, side in enumerate(sides):
        levels = np.unique(side)
        columns.append((side[:, None] == levels).astype(float))
        features += [Feature(f"c{k} = {v}", f"c{k}", "level") for v in levels]
    return replace(of, x=np.concatenate(columns, axis=1), features=tuple(features))


def test_a_curve_that_is_another_for_each_level_needs_a_surface():
    x, noise = drawn(1200, 2)
    level = np.arange(1200) % 3
    truth = np.sin(4 * x[:, 0] + 2 * level)
    of = with_levels(x, truth + 0.1 * noise, [level])

    without, with_one = fitted(of, surfaces=0), fitted(of, surfaces=1)

    assert with_one.details["surfaces"] == [["x0", "c0"]]
    assert np.mean((values(with_one, of.x) - truth) ** 2) < 0.02 * truth.var()
    assert np.mean((values(without, of.x) - truth) ** 2) > 0.5 * truth.var()


@pytest.mark.parametrize("task", [REGRESSION, BINARY, Task("classification", 3)])
def test_two_categories_that_act_together_need_a_surface(task):
    x, noise = drawn(900, 1)
    one, other = np.arange(900) % 3, np.arange(900) // 3 % 4
    truth = ((one + other) % 3).astype(float)
    y = truth + 0.1 * noise if not task.classes else np.minimum(truth, task.classes - 1)
    of = with_levels(x, y, [one, other])

    fit = fitted(of, task, surfaces=1)
    eta = fit.function(fit.parameters, of.x)

    assert fit.details["surfaces"] == [["c0", "c1"]]
    if not task.classes:
        assert np.mean((eta[:, 0] - truth) ** 2) < 0.01
    else:
        told = eta.argmax(axis=1) if task.outputs > 1 else eta[:, 0] > 0
        assert (told == y).all()


def test_a_category_of_many_levels_has_no_surface():
    x, noise = drawn(1200, 1)
    level = np.arange(1200) % 30
    of = with_levels(x, x[:, 0] * (level % 2) + 0.1 * noise, [level])

    assert fitted(of).details["surfaces"] == []


def test_what_jumps_is_followed_and_what_is_smooth_stays_smooth():
    """A level for each hour of the day, beside a wave."""
    x, noise = drawn(2000, 2)
    x[:, 0] = np.floor(12 * (x[:, 0] + 1))
    levels = np.random.default_rng(1).standard_normal(24)[x[:, 0].astype(int)]
    smooth = np.cos(x[:, 0] / 4) + np.sin(2 * x[:, 1])

    def wrong(truth, **given):
        told = values(fitted(sample(x, truth + 0.2 * noise), surfaces=0, **given), x)
        return np.sqrt(np.mean((told - truth) ** 2))

    assert wrong(smooth + levels) < 0.5 * wrong(smooth + levels, jumps=0)
    assert wrong(smooth) < 1.1 * wrong(smooth, jumps=0)


def test_a_value_that_many_rows_share_may_stand_apart():
    """As zero does among counts and lengths."""
    x, noise = drawn(1000, 1)
    x = np.where(x < 0.2, 0.2, x)
    truth = np.where(x[:, 0] == 0.2, -1.0, x[:, 0])

    told = values(fitted(sample(x, truth + 0.1 * noise)), x)

    assert np.sqrt(np.mean((told - truth) ** 2)) < 0.03


def test_a_curve_is_told_with_its_jumps():
    x, noise = drawn(1000, 1)
    of = sample(x, np.where(x[:, 0] > 0, 1.0, -1.0) + 0.1 * noise)

    fit = fitted(of)

    (curve,) = fit.details["curves"]
    grid = np.array(curve["at"])[:, None]
    shape = values(fit, grid) - values(fit, grid).mean()
    value = np.array(curve["value"])
    assert np.allclose(value - value.mean(), shape, atol=1e-5)
    assert fit.hyperparameters["jumps"] > 0


def test_a_quantity_is_held_to_the_range_of_the_target():
    x, noise = drawn(300, 2)
    y = 3 * x[:, 0] * x[:, 1] + 0.1 * noise

    far = values(fitted(sample(x, y)), 9 * x)

    margin = 0.25 * np.ptp(y) + 1e-9
    assert y.min() - margin <= far.min()
    assert far.max() <= y.max() + margin


def test_noise_is_shrunk_to_nothing():
    """Of some fifty basis functions, only a few degrees of freedom are left."""
    x, noise = drawn(400, 4)

    fit = fitted(sample(x, noise), surfaces=0)

    assert fit.size > 40
    assert fit.details["edf"] < 10
    assert values(fit, x).var() < 0.08


def test_integer_weights_are_repeated_rows():
    x, noise = drawn(300, 2)
    y = np.sin(3 * x[:, 0]) + 0.3 * noise
    w = np.random.default_rng(1).integers(1, 4, 300)
    again = np.repeat(np.arange(300), w)

    given = {"surfaces": 0, "segments": 6, "jumps": 6}

    weighted = fitted(sample(x, y, w.astype(float)), **given)
    repeated = fitted(sample(x[again], y[again]), **given)

    assert values(weighted, x) == pytest.approx(values(repeated, x), abs=1e-6)


@pytest.mark.parametrize("task", [REGRESSION, BINARY])
def test_jax_gives_what_numpy_gives(task):
    x, noise = drawn(500, 3)
    y = x[:, 0] * x[:, 1] + 0.3 * noise
    fit = fitted(sample(x, (y > 0).astype(float) if task.classes else y), task)

    with jax.enable_x64(True):
        traced = np.asarray(jax.jit(fit.function)(fit.parameters, x))

    assert traced == pytest.approx(fit.function(fit.parameters, x), abs=1e-11)


def test_the_function_is_continuous_and_bounded_far_away():
    x, noise = drawn(500, 1)
    fit = fitted(sample(x, np.cos(5 * x[:, 0]) + 0.1 * noise))
    fine = np.linspace(-3, 3, 60_001)[:, None]

    told = values(fit, fine)

    assert np.abs(np.diff(told)).max() < 1e-2
    assert told[0] == told[1]
    assert told[-1] == told[-2]


def test_more_smoothness_is_smoother():
    x, noise = drawn(500, 1)
    of = sample(x, np.cos(6 * x[:, 0]) + 0.3 * noise)

    edf = [fitted(of, smoothness=s).details["edf"] for s in (0.01, 1.0, 1e4)]

    assert edf[0] > edf[1] > edf[2]
    assert edf[2] < 3


@pytest.mark.parametrize("columns", [4, 60])
def test_a_wide_and_short_table_has_no_more_functions_than_it_can_tell_apart(columns):
    x, noise = drawn(120, columns)

    fit = fitted(sample(x, x[:, 0] * x[:, 1] + 0.1 * noise))

    assert columns * fit.hyperparameters["segments"] <= 120
    assert columns * fit.hyperparameters["jumps"] <= 120
    assert len(fit.details["surfaces"]) <= 120 // 36


def test_given_segments_arrive():
    x, noise = drawn(300, 1)

    fit = fitted(sample(x, noise), segments=3, jumps=0)

    assert fit.parameters["curves"]["knots"].shape == (1, 4)
    assert fit.hyperparameters["segments"] == 3
