"""The space family: its doors, what its metric learns, and what stays bounded."""

import time
import tracemalloc

import numpy as np
import pytest

import mapsto
from mapsto.data.encoding import Feature
from mapsto.errors import OptionError
from mapsto.events import Progress, Stopped, Watch
from mapsto.families import hilbert, metric_search
from mapsto.families.family import Sample, Task
from mapsto.families.hilbert import affordable_centres
from mapsto.families.space import Space
from mapsto.solvers.metric import kernel_flow
from mapsto.solvers.on_features import moments
from mapsto.threads import one_thread_each

REGRESSION = Task("regression")
BINARY = Task("classification", 2)


@pytest.fixture(autouse=True)
def one_thread():
    with one_thread_each():
        yield


def sample(x, y, names=None, inner=None) -> Sample:
    names = names or [f"x{k}" for k in range(x.shape[1])]
    features = tuple(Feature(name, name, "number") for name in names)
    inner = np.arange(len(y)) % 5 == 0 if inner is None else inner
    return Sample(x, y, np.ones(len(y)), inner, features)


def fitted(of: Sample, task: Task = REGRESSION, effort: str = "quick", **given):
    return Space().fit([of], task, given, effort, 0, Watch())[0]


def values(fit, x):
    return fit.function(fit.parameters, x)[:, 0]


def drawn(rows, columns, seed=0):
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, (rows, columns)), rng.standard_normal(rows)


# ── the lift ──


def rings(rows=600):
    x, _ = drawn(rows, 2)
    return x, (np.hypot(*x.T) > 0.65).astype(float)


def test_rings_are_parted_by_a_plane_in_the_lift():
    """In (x0, x1, x0², x0 x1, x1²) the border is x0² + x1² = 0.65²: a plane."""
    x, y = rings()

    fit = fitted(sample(x, y), BINARY, door="lift", map="polynomial", degree=2)

    a, b, aa, ab, bb = fit.parameters["beta"][:, 0]
    assert aa == pytest.approx(bb, rel=0.1)
    assert np.abs([a, b, ab]).max() < 0.05 * aa
    radius = np.sqrt(-fit.parameters["intercept"][0] / aa)
    assert radius == pytest.approx(0.65, abs=0.02)
    assert fit.details["words"] == (
        "a straight border in the space of products up to degree 2 of the inputs, "
        "5 dimensions"
    )
    new, truth = rings(2000)
    assert np.mean((values(fit, new) > 0) == truth) > 0.98


@pytest.mark.parametrize("name", ["polynomial", "fourier"])
def test_a_lift_bends_what_is_relevant_where_it_cannot_bend_all(name):
    x, noise = drawn(600, 60)
    truth = x[:, 7] * x[:, 31]

    fit = fitted(sample(x, truth + 0.1 * noise), door="lift", map=name, degree=2)

    bent = fit.function.keywords["lift"].bent
    assert {7, 31} <= set(bent)
    assert len(bent) < 60 or name == "fourier"
    assert len(fit.parameters["beta"]) <= 60 + 300


# ── the Hilbert space ──


def test_of_a_long_table_some_rows_are_searched_and_all_are_learned_from(monkeypatch):
    looked, learned = [], []

    def searching(examples, *rest):
        looked.append(len(examples.x))
        return kernel_flow(examples, *rest)

    def learning(parts, y, w):
        learned.append(len(y))
        return moments(parts, y, w)

    monkeypatch.setattr(metric_search, "SEARCHED", 300)
    monkeypatch.setattr(metric_search, "kernel_flow", searching)
    monkeypatch.setattr(hilbert, "moments", learning)
    x, noise = drawn(2000, 2)

    fit = fitted(sample(x, np.sin(3 * x[:, 0]) + 0.1 * noise), door="hilbert")

    assert set(looked) == {300}
    assert learned == [2000]
    new, _ = drawn(500, 2, seed=1)
    assert np.std(values(fit, new) - np.sin(3 * new[:, 0])) < 0.05


def test_three_of_fifty():
    """The metric puts its mass on what is relevant, and halves the error."""
    x, noise = drawn(1500, 50)

    def truth(x):
        return np.sin(3 * x[:, 4]) * x[:, 17] + x[:, 30] ** 2

    of = sample(x, truth(x) + 0.05 * noise)
    new, _ = drawn(1000, 50, seed=1)

    learned = fitted(of, door="hilbert")
    even = fitted(of, door="hilbert", metric="isotropic")

    shares = learned.details["metric"]["shares"]
    assert sum(shares[k] for k in ("x4", "x17", "x30")) > 0.85
    assert next(iter(shares)) in ("x4", "x17", "x30")
    wrong = [
        np.sqrt(np.mean((values(f, new) - truth(new)) ** 2)) for f in (learned, even)
    ]
    assert wrong[0] < 0.5 * wrong[1]


def test_a_mixture_of_inputs_asks_for_a_full_metric():
    """f depends on x0 + x1 + … alone: one axis of the full metric holds it."""
    x, noise = drawn(800, 6)
    of = sample(x, np.cos(1.5 * x.sum(axis=1)) + 0.1 * noise)

    fit = fitted(of, door="hilbert", metric="full")

    strengths, axes = np.linalg.eigh(
        fit.parameters["metric"] @ fit.parameters["metric"].T
    )
    assert strengths[-1] > 3 * strengths[-2]
    assert np.abs(axes[:6, -1]).min() > 0.7 * np.abs(axes[:6, -1]).max()


def test_what_is_given_is_used():
    x, noise = drawn(300, 3)
    given = {"kernel": "gaussian", "bandwidth": 1.5, "metric": "diagonal"}
    given |= {"centres": 40, "penalty": 1e-3}

    fit = fitted(sample(x, x[:, 0] + 0.1 * noise), **given)

    told = fit.hyperparameters
    assert {k: told[k] for k in given} == given
    assert told["door"] == "hilbert"
    assert told["exponent"] == 2
    assert len(fit.parameters["centres"]) == 40


@pytest.mark.parametrize("kernel", ["laplace", "gaussian"])
def test_a_kernel_that_is_given_is_told(kernel):
    """On a smooth truth, too, where the exponent is learned to be nearly 2."""
    x, _ = drawn(300, 1)

    fit = fitted(sample(x, np.sin(3 * x[:, 0])), kernel=kernel)

    assert fit.hyperparameters["kernel"] == kernel


def test_the_other_doors_dials_are_refused():
    with pytest.raises(OptionError, match="belongs to the door 'hilbert'"):
        Space().sees({"door": "lift", "bandwidth": 1.0})
    with pytest.raises(OptionError, match="exponent 2"):
        Space().sees({"kernel": "gaussian", "exponent": 1.0})


# ── geometry ──


def clock(rows=200):
    """A peak at one in the morning."""
    rng = np.random.default_rng(2)
    hour = rng.uniform(0, 24, rows)
    peak = np.exp(6 * np.cos(2 * np.pi * (hour - 1) / 24) - 6)
    y = peak + 0.1 * rng.standard_normal(rows)
    return {"hour": hour, "other": rng.standard_normal(rows), "y": y}


def test_midnight_joins_the_days():
    told = mapsto.fit(clock(), "y", families=("space",), effort="quick")

    ends = {"hour": [0.001, 23.999], "other": [0.0, 0.0]}
    before, after = told.rungs["space"].predict(ends)

    assert "hour on a circle of 24" in told.rungs["space"].words
    assert before == pytest.approx(after, abs=0.01)


def test_places_are_put_on_a_sphere():
    """The date line runs through the data, and does not cut what is learned."""
    rng = np.random.default_rng(1)
    lat, lon = rng.uniform(-60, 60, 700), rng.uniform(-180, 180, 700)
    a, b = np.radians([lat, lon])
    y = np.cos(a) * np.cos(b - 3) + 0.05 * rng.standard_normal(700)
    table = {"lat": lat, "lon": lon, "y": y}

    model = mapsto.fit(
        table, "y", families=("space",), effort="quick",
        hyperparameters={"space": {"door": "hilbert"}},
    )  # fmt: skip

    assert "lat and lon on a sphere" in model.rungs["space"].words
    west, east = model.rungs["space"].predict({"lat": [10.0, 10], "lon": [180.0, -180]})
    assert west == pytest.approx(east, abs=1e-6)


def test_a_figure_that_does_not_help_is_not_used():
    rng = np.random.default_rng(0)
    hour = rng.integers(0, 24, 600).astype(float)
    y = hour + 0.3 * rng.standard_normal(600)

    model = mapsto.fit({"hour": hour, "y": y}, "y", families=("space",), effort="quick")

    assert "circle" not in model.rungs["space"].words


# ── what stays bounded ──


def test_centres_are_fewer_with_many_rows():
    def rows(n, classes):
        return type("Rows", (), {"__len__": lambda _: n, "classes": classes})()

    assert affordable_centres(2000, rows(500, 0)) == 500
    assert affordable_centres(2000, rows(8000, 0)) == 2000
    assert affordable_centres(2000, rows(10**6, 0)) == 400
    assert affordable_centres(2000, rows(10**6, 2)) == 100
    assert affordable_centres(2000, rows(10**6, 26)) == 400


def test_memory_does_not_grow_with_the_square_of_the_rows():
    """50,000 rows × 5: a kernel matrix of them would be 20 GB."""
    x, noise = drawn(50_000, 5)
    of = sample(x, np.sin(3 * x[:, 0]) * x[:, 1] + 0.1 * noise)

    tracemalloc.start()
    fit = fitted(of, door="hilbert", metric="isotropic", exponent=1.5)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 300e6
    truth = np.sin(3 * x[:, 0]) * x[:, 1]
    assert np.mean((values(fit, x[:5000]) - truth[:5000]) ** 2) < 0.05 * truth.var()


class Asked(Watch):
    """Notes how much a thread has computed between two questions."""

    def __init__(self):
        super().__init__()
        self.gaps, self._last = [], time.thread_time()

    @property
    def stopping(self):
        now = time.thread_time()
        self.gaps.append(now - self._last)
        self._last = now
        return False


@pytest.mark.parametrize("task", [REGRESSION, BINARY], ids=lambda t: t.name)
def test_the_wish_to_stop_is_asked_for_often(task):
    x, noise = drawn(2500, 10)
    y = np.sin(3 * x[:, 0]) * x[:, 1] + 0.1 * noise
    y = (y > 0).astype(float) if task.classes else y
    watch, given = Asked(), {"door": "hilbert"}

    rows = sample(x, y)
    Space().refit(rows, [fitted(rows, task, **given)], task, given, "normal", 0, watch)

    assert len(watch.gaps) > 50
    assert max(watch.gaps) < 0.6


def test_a_stop_ends_the_fit():
    x, noise = drawn(200, 2)
    watch = Watch()
    watch.stop()

    with pytest.raises(Stopped):
        Space().fit([sample(x, noise)], REGRESSION, {}, "quick", 0, watch)


def test_progress_is_told():
    x, noise = drawn(100, 2)
    told = []

    Space().fit([sample(x, noise)] * 2, REGRESSION, {}, "quick", 0, Watch(told.append))

    done = [e.done for e in told if isinstance(e, Progress)]
    assert len(done) >= 2
    assert done == sorted(done)


@pytest.mark.parametrize("task", [REGRESSION, BINARY], ids=lambda t: t.name)
def test_a_handful_of_rows_is_enough(task):
    x = np.array([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0], [3.0, 1.0]])

    fit = fitted(sample(x, np.array([0.0, 1.0, 0.0, 1.0])), task)

    assert np.isfinite(fit.function(fit.parameters, x)).all()
