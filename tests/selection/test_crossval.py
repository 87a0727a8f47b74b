"""Out-of-fold predictions, and the function of all rows that takes their place."""

import numpy as np

from mapsto.events import Watch
from mapsto.families.steps import Steps
from mapsto.selection.crossval import cross_validate
from mapsto.selection.reading import read_problem

RNG = np.random.default_rng(0)
X = RNG.uniform(-1, 1, (120, 2))
TABLE = {"a": X[:, 0], "b": X[:, 1], "y": np.sign(X[:, 0]) + X[:, 1]}


def steps(watch):
    """The candidate of the steps rung, and its refit."""
    rest = (None, None, None, "auto", None, "quick", 0, Watch())
    problem, _ = read_problem(TABLE, "y", "auto", *rest)
    plain = ["identity"] * len(problem.folds)
    return cross_validate(Steps(), problem, {}, plain, "quick", watch)


def test_the_function_of_all_rows_takes_the_place_of_the_folds():
    candidate, refit = steps(Watch())

    refitted = refit()

    assert len(candidate.members) == len(candidate.folded) > 1
    assert len(refitted.members) == 1
    assert refitted.score == candidate.score
    assert refitted.folded == candidate.folded


def test_a_stop_before_the_refit_keeps_the_mean_of_the_folds():
    watch = Watch()
    candidate, refit = steps(watch)

    watch.stop()

    assert refit() is candidate
