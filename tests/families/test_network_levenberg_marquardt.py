"""Small networks by Levenberg–Marquardt: their slopes, reach, choice and precision."""

import time

import jax
import numpy as np
import pytest

import mapsto
from mapsto.data.encoding import Feature
from mapsto.errors import OptionError
from mapsto.events import Stopped, Watch
from mapsto.families.family import Sample, Task
from mapsto.families.network import Network
from mapsto.families.network_levenberg_marquardt import Misfit, Net, worth_trying
from mapsto.threads import one_thread_each

REGRESSION = Task("regression")
SMALL = {"solver": "levenberg_marquardt", "hidden": (5,), "epochs": 40}


def sample(truth, noise=0.0, rows=200, columns=1, seed=0, w=None):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, (rows, columns))
    y = truth(x) + noise * rng.standard_normal(rows)
    features = tuple(Feature(f"x{k}", f"x{k}", "number") for k in range(columns))
    w = np.ones(rows) if w is None else w
    return Sample(x, (y - y.mean()) / y.std(), w, np.arange(rows) % 5 == 0, features)


def wave(x):
    return np.sin(4 * x[:, 0]) + x[:, 0] ** 2


def fit(samples, effort="quick", seed=0, task=REGRESSION, watch=None, **given):
    return Network().fit(samples, task, given, effort, seed, watch or Watch())


def told(fitted, x):
    return np.asarray(fitted.function(fitted.parameters, x))[:, 0]


# ── the net ──


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
@pytest.mark.parametrize("hidden", [(), (4,), (4, 3)])
def test_slopes_are_those_of_central_differences(activation, hidden):
    net = Net((2, *hidden, 1), activation)
    rng = np.random.default_rng(0)
    x, vector = rng.standard_normal((7, 2)), rng.standard_normal(net.weights)

    slopes = net.slopes(vector, net.answers(vector, x))

    for k in range(net.weights):
        h = 1e-6 * (np.arange(net.weights) == k)
        up, down = (net.answers(vector + s * h, x)[-1][:, 0] for s in (1, -1))
        assert slopes[:, k] == pytest.approx((up - down) / 2e-6, abs=1e-8)


def test_chunks_of_rows_add_up(monkeypatch):
    s = sample(wave)
    net = Net((1, 4, 1), "tanh")
    vector = np.random.default_rng(0).standard_normal(net.weights)
    problem = Misfit(net, s.x, s.y, np.linspace(0.5, 1.5, 200))
    whole, square = problem.normal(vector), problem.square(vector)

    monkeypatch.setattr("mapsto.families.network_levenberg_marquardt.CHUNK", 33)

    for one, other in zip(whole, problem.normal(vector), strict=True):
        assert np.asarray(other) == pytest.approx(np.asarray(one), rel=1e-10)
    assert problem.square(vector) == pytest.approx(square)


def test_a_weight_of_two_is_a_row_twice():
    s = sample(wave, 0.1)
    net = Net((1, 4, 1), "tanh")
    vector = np.random.default_rng(0).standard_normal(net.weights)
    again = np.concatenate([np.arange(200), np.arange(50)])

    weighted = Misfit(net, s.x, s.y, 1.0 + (np.arange(200) < 50))
    repeated = Misfit(net, s.x[again], s.y[again], np.ones(250))

    for one, other in zip(
        weighted.normal(vector), repeated.normal(vector), strict=True
    ):
        assert np.asarray(one) == pytest.approx(np.asarray(other), rel=1e-10)


# ── what it reaches ──


def test_a_smooth_function_is_learned_to_a_billionth():
    """Of its variance, on fresh rows, through the graph that is shipped, saved and
    loaded; the descent ends a thousand times above it."""
    rng = np.random.default_rng(0)
    x, fresh = rng.uniform(-1, 1, 200), rng.uniform(-0.99, 0.99, 1000)
    own = {"solver": "levenberg_marquardt", "hidden": (10,)}

    model = mapsto.fit(
        {"x": x, "y": wave(x[:, None])},
        "y",
        families=("network",),
        hyperparameters={"network": own},
    )

    truth = wave(fresh[:, None])
    missed = np.asarray(model.rungs["network"].predict({"x": fresh})) - truth
    assert np.mean(missed**2) <= 1e-9 * truth.var()
    assert model.rungs["network"].hyperparameters["solver"] == own["solver"]


def test_noise_is_not_learned():
    """Most of 61 weights are not told apart, and the truth is missed by less than a
    hundredth of its variance."""
    s = sample(wave, 0.2)

    fitted = fit([s], solver="levenberg_marquardt", hidden=(20,))[0]

    (used,) = fitted.details["effective_parameters"]
    assert used < 20 < fitted.size == 61
    clean = sample(wave)
    scale = np.polyfit(clean.y, told(fitted, s.x), 1)
    left = told(fitted, s.x) - np.polyval(scale, clean.y)
    assert left.var() < 0.01 * told(fitted, s.x).var()
    assert f"the data tell {used:.1f} of its 61 weights" in fitted.details["words"]


def test_alpha_and_beta_are_told():
    """1/(2β) is the variance of the noise, on the standardised scale."""
    s = sample(wave, 0.2)

    fitted = fit([s], solver="levenberg_marquardt")[0]

    share = 0.04 / (sample(wave, 0.0).y.var() * wave(s.x).var() + 0.04)
    assert 1 / (2 * fitted.details["beta"][0]) == pytest.approx(share, rel=0.3)
    assert fitted.details["alpha"][0] > 0


def test_a_constant_target_and_a_constant_column():
    s = sample(wave, columns=2)
    x = np.column_stack([s.x[:, 0], np.zeros(200)])
    flat = Sample(x, np.zeros(200), s.w, s.inner, s.features)

    fitted = fit([flat], **SMALL)[0]

    assert told(fitted, x) == pytest.approx(0, abs=1e-3)


# ── the form ──


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_members_run_in_double_in_jax_as_in_numpy(activation):
    fitted = fit([sample(wave)], activation=activation, members=2, **SMALL)[0]
    x = np.linspace(-1.2, 1.2, 50)[:, None]

    with jax.enable_x64(True):
        traced = np.asarray(jax.jit(fitted.function)(fitted.parameters, x))[:, 0]

    assert traced.dtype == np.float64
    assert fitted.parameters["layers"][0]["w"].shape == (2, 1, 5)
    assert traced == pytest.approx(told(fitted, x), abs=1e-12)


def test_nothing_is_predicted_far_beyond_what_was_seen():
    s = sample(wave)
    fitted = fit([s], **SMALL)[0]

    far = told(fitted, np.array([[-1e9], [1e9]]))

    assert np.abs(far).max() <= np.abs(s.y).max() + 0.05 * np.ptp(s.y) + 1e-12


def test_same_seed_same_bits_and_another_seed_others():
    once, again, other = (
        told(fit([sample(wave, 0.1)], seed=s, **SMALL)[0], np.eye(1)) for s in (0, 0, 1)
    )

    assert once == again
    assert once != other


def test_a_fold_does_not_depend_on_the_others():
    one, two = sample(wave, 0.1), sample(wave, 0.1, seed=1)

    together, alone = fit([one, two], **SMALL)[0], fit([one], **SMALL)[0]

    assert (told(together, one.x) == told(alone, one.x)).all()


# ── the choice of the solver ──


def test_it_is_chosen_where_it_is_better_and_not_asked_for():
    smooth = sample(wave)

    fitted = fit([smooth], epochs=None)[0]

    assert fitted.hyperparameters["solver"] == "levenberg_marquardt"
    assert np.mean((told(fitted, smooth.x) - smooth.y) ** 2) < 1e-5


def test_the_descent_stays_where_it_is_better():
    """A jagged function of one column: ten neurons are too few."""
    jagged = sample(lambda x: np.sign(np.sin(25 * x[:, 0])), rows=400)

    fitted = fit([jagged], effort="normal", activation=None)[0]

    assert fitted.hyperparameters["solver"] == "descent"


TOO_MUCH = {
    "rows": (sample(wave, rows=20_000), {}),
    "columns": (sample(wave, columns=40), {}),
    "neurons": (sample(wave), {"hidden": (200,)}),
    "its activation": (sample(wave), {"activation": "relu"}),
    "its inputs": (sample(wave), {"inputs": "quantile"}),
    "dropout": (sample(wave), {"dropout": 0.3}),
    "epochs": (sample(wave), {"epochs": 10}),
    "the solver": (sample(wave), {"solver": "descent"}),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_it_is_not_tried_on_much_or_beside_other_wishes(name):
    s, given = TOO_MUCH[name]

    assert not worth_trying([s], REGRESSION, given)


def test_it_is_tried_on_little_only():
    s = sample(wave)
    codes = Sample(s.x, s.y, s.w, s.inner, (Feature("c", "c", "code", levels=9),))
    bare = Sample(s.x, s.y, s.w, np.zeros(200, bool), s.features)

    assert worth_trying([s], REGRESSION, {})
    assert worth_trying([s], REGRESSION, {"hidden": (20,), "activation": "sigmoid"})
    assert worth_trying([s], REGRESSION, {"residual": False})
    assert not worth_trying([s], Task("classification", 2), {})
    assert not worth_trying([codes], REGRESSION, {})
    assert not worth_trying([bare], REGRESSION, {})


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"activation": "relu"}, "tanh or sigmoid"),
        ({"inputs": "periodic"}, "raw"),
        ({"dropout": 0.5}, "no such dial"),
        ({"hidden": (500, 500)}, "is the most"),
    ],
)
def test_what_it_cannot_do_is_told(given, word):
    with pytest.raises(OptionError, match=word):
        fit([sample(wave)], solver="levenberg_marquardt", **given)


def test_classes_are_told_off():
    with pytest.raises(OptionError, match="not for classes"):
        fit([sample(wave)], task=Task("classification", 2), **SMALL)


# ── time ──


def test_the_trial_costs_little():
    """The most work that is tried without being asked for, of one fold."""
    s = sample(wave, 0.5, rows=1000, columns=3)
    assert worth_trying([s], REGRESSION, {})
    given = {"solver": "levenberg_marquardt", "epochs": 160}
    began = time.process_time()

    with one_thread_each():
        fit([s], **given)

    assert time.process_time() - began < 6


def test_a_stop_keeps_nothing_before_a_first_fit_is_there():
    watch = Watch()
    watch.stop()

    with pytest.raises(Stopped):
        fit([sample(wave)], watch=watch, **SMALL)
