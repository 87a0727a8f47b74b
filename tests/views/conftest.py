"""Models to look at, fitted once for all tests of the views."""

import numpy as np
import pytest
from drawn import drawings
from problems import PROBLEMS

import mapsto

QUICK = {"network": {"hidden": [16, 16], "epochs": 8}}
MODELS = ("town", "moons", "letters", "cubic")


def fitted(name, *families):
    table, _ = PROBLEMS[name].draw(0, 500)
    return mapsto.fit(
        table, "y", families=families, effort="quick", hyperparameters=QUICK
    )


@pytest.fixture(scope="session")
def town():
    """Numbers and categories, a network and a blend."""
    table = mapsto.examples.houses(300, seed=0)
    families = ("line", "steps", "network")
    return mapsto.fit(
        table, "price", families=families, effort="quick", hyperparameters=QUICK
    )


@pytest.fixture(scope="session")
def moons():
    """Two classes over two numbers."""
    return fitted("moons", "line", "curve")


@pytest.fixture(scope="session")
def letters():
    """26 classes."""
    return fitted("letters", "line")


@pytest.fixture(scope="session")
def cubic():
    """One number."""
    return fitted("cubic", "line", "curve")


@pytest.fixture(scope="session")
def composed():
    """Named parts: of two numbers, of one, of a category."""
    table = mapsto.examples.houses(240, seed=0)
    return mapsto.fit(
        table,
        "price",
        families=("line", "composition"),
        compose="size(area, floor) * wear(age) + place(district)",
        effort="quick",
        hyperparameters={"composition": {"epochs": 6}},
    )


@pytest.fixture(scope="session")
def groups():
    """Two heaps that a number, a category, and yes or no tell apart."""
    rng = np.random.default_rng(0)
    here = np.arange(90) % 3 > 0
    table = {
        "length": rng.normal(10 * here, 1),
        "width": rng.normal(4 * here, 1),
        "kind": np.where(here, "round", "flat").astype(object),
        "sold": np.where(rng.random(90) < np.where(here, 0.9, 0.1), "yes", "no"),
    }
    table["kind"][::17] = None
    return mapsto.cluster(table, families=("kmeans", "mixture"), effort="quick")


@pytest.fixture(scope="session")
def heap():
    """Rows in which there are no groups."""
    table = np.random.default_rng(0).normal(size=(80, 2))
    return mapsto.cluster(table, families=("kmeans",), effort="quick")


@pytest.fixture(scope="session")
def wave():
    """A known function of one input, with its proof."""
    return mapsto.approximate("sin(2*x)", on=(-1, 1), tol=1e-2, activation="tanh")


@pytest.fixture(scope="session")
def hill():
    """A known function of two inputs."""
    return mapsto.approximate(
        "exp(-x**2-y**2)",
        on={"x": (-1, 1), "y": (-1, 1)},
        neurons=2,
        activation="tanh",
    )


@pytest.fixture(scope="session")
def dots():
    """Samples of a function of three inputs, which no picture has room for."""
    x = np.random.default_rng(0).random((60, 3))
    return mapsto.approximate((x, x.sum(axis=1)), tol=0.1)


@pytest.fixture(scope="session")
def shapes():
    """Pictures of two classes."""
    pictures, names = drawings(("disc", "stripes"), 40, side=16)
    return mapsto.fit((pictures, names), families=("line",), effort="quick")


@pytest.fixture(scope="session")
def bright():
    """How bright a picture is: a number; nearly black ones."""
    pictures, _ = drawings(("disc", "stripes"), 30, side=12)
    dark = pictures // 8
    y = dark.mean(axis=(1, 2, 3)) + np.random.default_rng(0).normal(0, 0.5, len(dark))
    return mapsto.fit((dark, y), families=("line",), effort="quick", task="regression")


@pytest.fixture(params=MODELS)
def model(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def flat():
    """Nothing but the constant, and a column with a far value."""
    rng = np.random.default_rng(0)
    table = {"x": np.append(np.zeros(58), [1e6, 2e6]), "z": rng.integers(0, 3, 60)}
    table["y"] = np.exp(3 * rng.standard_normal(60))
    return mapsto.fit(table, "y", families=("constant",), effort="quick")


@pytest.fixture(scope="session")
def wide():
    """A hundred columns with long names in two scripts, and dates, of noise."""
    rng = np.random.default_rng(0)
    table = {
        f"一个非常非常长的列名_of_a_measurement_that_goes_on_{k}": rng.random(80)
        for k in range(98)
    }
    table["day"] = np.datetime64("2020-01-01") + np.arange(80)
    table["colour"] = rng.choice(["red", "绿" * 20, "blue " * 9], 80).astype(object)
    table["很长的目标名称 with many words"] = rng.random(80)
    return mapsto.fit(
        table, "很长的目标名称 with many words", families=("line",), effort="quick"
    )
