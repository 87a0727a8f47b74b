"""Out-of-fold predictions, and the function of all rows that takes their place."""

import numpy as np
import pytest

from mapsto import Validation
from mapsto.events import Watch
from mapsto.families.network import Network
from mapsto.families.network_dials import LEVENBERG_MARQUARDT
from mapsto.families.steps import Steps
from mapsto.selection.crossval import cross_validate
from mapsto.selection.reading import read_problem

RNG = np.random.default_rng(0)
X = RNG.uniform(-1, 1, (120, 2))
TABLE = {"a": X[:, 0], "b": X[:, 1], "y": np.sign(X[:, 0]) + X[:, 1]}


def judged(family, watch, table=TABLE, validation=None, **given):
    """The candidate of the family's rung, and its refit."""
    rest = (None, None, validation, "auto", None, "quick", 0, Watch())
    problem, _ = read_problem(table, "y", "auto", *rest)
    plain = ["identity"] * len(problem.folds)
    return cross_validate(family, problem, given, plain, "quick", watch)


def steps(watch, table=TABLE, validation=None):
    return judged(Steps(), watch, table, validation)


def test_the_function_of_all_rows_takes_the_place_of_the_folds():
    candidate, refit = steps(Watch())

    refitted = refit()

    assert len(candidate.members) == len(candidate.folded) > 1
    assert len(refitted.members) == 1
    assert refitted.score == candidate.score
    assert refitted.folded == candidate.folded


def test_folds_that_know_little_of_the_past_are_not_kept():
    """Four folds forward in time learn from one to four fifths of the rows; the mean
    of the later three is kept, and all four are judged."""
    table = TABLE | {"day": np.arange(120)}

    candidate, _ = steps(Watch(), table, Validation(time_on="day", folds=4))

    assert len(candidate.folded) == 4
    assert candidate.members == tuple(m for (m,) in candidate.folded[1:])
    assert sum(candidate.weights) == pytest.approx(1)
    assert candidate.details is candidate.members[0].fitted.details


def test_a_network_is_the_mean_of_its_folds_where_they_know_every_row():
    candidate, refit = judged(Network(), Watch(), epochs=3)

    assert refit() is candidate
    assert len(candidate.members) == len(candidate.folded) > 1


def test_a_network_of_the_future_has_learned_from_the_latest_rows():
    """The slope of x turns round in the last fifth, which every fold is judged on."""
    rng = np.random.default_rng(1)
    x, day = rng.uniform(-1, 1, 600), np.arange(600)
    y = np.where(day < 480, x, 4 - x) + rng.normal(0, 0.05, 600)
    table = {"x": x, "day": day, "y": y}

    candidate, refit = judged(
        Network(), Watch(), table, Validation(time_on="day", folds=4), epochs=60
    )
    refitted = refit()

    t = np.stack([x, day], axis=1)[480:].astype(float)
    before, after = (
        np.sqrt(np.mean((c(t) - y[480:]) ** 2)) for c in (candidate, refitted)
    )
    assert len(refitted.members) == 1
    assert after < before / 2
    assert refitted.score == candidate.score
    assert refitted.hyperparameters["stopping"] == "refit"
    assert (
        refitted.details["validation"]
        == candidate.folded[-1][0].fitted.details["validation"]
    )


def test_a_network_of_most_folds_solver():
    """Few rows of a smooth curve: the small networks of Levenberg and Marquardt win."""
    x, day = np.linspace(-1, 1, 60), np.arange(60) * 37 % 60
    table = {"x": x, "day": day, "y": np.sin(3 * x)}

    candidate, refit = judged(
        Network(), Watch(), table, Validation(time_on="day", folds=3)
    )

    solvers = [m.fitted.hyperparameters["solver"] for (m,) in candidate.folded]
    assert solvers.count(LEVENBERG_MARQUARDT) > len(solvers) / 2
    assert refit().hyperparameters["solver"] == LEVENBERG_MARQUARDT


def test_a_stop_before_the_refit_keeps_the_mean_of_the_folds():
    watch = Watch()
    candidate, refit = steps(watch)

    watch.stop()

    assert refit() is candidate
