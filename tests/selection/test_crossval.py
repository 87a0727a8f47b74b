"""Out-of-fold predictions, and the function of all rows that takes their place."""

import numpy as np
import pytest

from mapsto import Validation
from mapsto.events import Watch
from mapsto.families.steps import Steps
from mapsto.selection.crossval import cross_validate
from mapsto.selection.reading import read_problem

RNG = np.random.default_rng(0)
X = RNG.uniform(-1, 1, (120, 2))
TABLE = {"a": X[:, 0], "b": X[:, 1], "y": np.sign(X[:, 0]) + X[:, 1]}


def steps(watch, table=TABLE, validation=None):
    """The candidate of the steps rung, and its refit."""
    rest = (None, None, validation, "auto", None, "quick", 0, Watch())
    problem, _ = read_problem(table, "y", "auto", *rest)
    plain = ["identity"] * len(problem.folds)
    return cross_validate(Steps(), problem, {}, plain, "quick", watch)


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


def test_a_stop_before_the_refit_keeps_the_mean_of_the_folds():
    watch = Watch()
    candidate, refit = steps(watch)

    watch.stop()

    assert refit() is candidate
