"""The graph of every function that the space family can return."""

import numpy as np
import pytest
from running import graph, model_of

from mapsto.data.encoding import Feature
from mapsto.events import Watch
from mapsto.families.family import Fitted, Sample, Task
from mapsto.families.space import Space
from mapsto.threads import one_thread_each


@pytest.fixture(autouse=True)
def one_thread():
    with one_thread_each():
        yield


WAYS = [
    {"door": "lift", "map": "polynomial", "degree": 3},
    {"door": "lift", "map": "fourier", "degree": 2},
    {"door": "hilbert", "kernel": "gaussian", "metric": "isotropic"},
    {"door": "hilbert", "exponent": 1.0, "metric": "diagonal"},
    {"door": "hilbert", "metric": "full"},
]


def clock(classes: int) -> Sample:
    """Two numbers and an hour, smoothly clipped, that act on a quantity or classes."""
    rng = np.random.default_rng(0)
    x, hour = rng.uniform(-1, 1, (250, 3)), rng.integers(0, 24, 250)
    z = (hour - 12) / 12
    x[:, 2] = z / np.sqrt(1 + (z / 3) ** 2)
    y = np.sin(2 * x[:, 0]) + np.cos(np.pi * hour / 12) + rng.normal(0, 0.1, 250)
    if classes:
        cuts = np.quantile(y, np.arange(1, classes) / classes)
        y = np.digitize(y, cuts).astype(float)
    features = (
        Feature("a", "a", "number"),
        Feature("b", "b", "number"),
        Feature("hour", "hour", "number", 12.0, 12.0),
    )
    return Sample(x, y, np.ones(250), np.arange(250) % 5 == 0, features)


def fitted(of: Sample, classes: int, given: dict) -> Fitted:
    task = Task("classification" if classes else "regression", classes)
    return Space().fit([of], task, given, "quick", 0, Watch())[0]


@pytest.mark.parametrize("classes", [0, 2, 6])
@pytest.mark.parametrize(
    "given", WAYS, ids=lambda way: "-".join(map(str, way.values()))
)
def test_the_graph_is_the_function_in_double(given, classes):
    of = clock(classes)
    fit = fitted(of, classes, given)

    expected = fit.function(fit.parameters, of.x)
    told = graph(lambda x: fit.function(fit.parameters, x), of.x)

    assert told.dtype == np.float64
    assert np.isfinite(expected).all()
    assert told == pytest.approx(expected, abs=1e-9 * np.abs(expected).max())


def test_the_file_holds_the_centres_and_little_else():
    of = clock(0)

    fit = fitted(of, 0, {"door": "hilbert", "metric": "diagonal"})

    model = model_of(lambda x: fit.function(fit.parameters, x), of.x)
    numbers = fit.parameters["centres"].size + fit.parameters["alpha"].size
    assert len(model) < 8 * numbers + 20_000
