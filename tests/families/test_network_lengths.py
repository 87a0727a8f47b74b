"""What the cycles of a trial decide, from losses written by hand."""

import numpy as np
import pytest

from mapsto.families.network_lengths import Cycles, cycle_ends

EPOCHS = 30  # cycles end with 2, 6, 14 and 30


def told(*by_member: list[float]) -> np.ndarray:
    """(epochs, members) losses that are those at the ends of the cycles, and 9 else."""
    ends = cycle_ends(EPOCHS)[: len(by_member[0])]
    validation = np.full((ends[-1], len(by_member)), 9.0)
    for member, losses in enumerate(by_member):
        validation[ends - 1, member] = losses
    return validation


def alone(samples: int) -> Cycles:
    return Cycles(EPOCHS, np.zeros(1, int), samples)


def test_cycles_are_each_twice_as_long():
    assert cycle_ends(EPOCHS).tolist() == [2, 6, 14, 30]
    assert cycle_ends(1).tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("losses", "decided"),
    [
        ([[1.0, 1.1], [1.0, 1.2]], True),  # worse for both
        ([[1.0, 1.1], [1.0, 0.9]], False),
        ([[1.0, 0.8, 0.79], [1.0, 0.8, 0.79]], True),  # little
        ([[1.0, 0.8, 0.70], [1.0, 0.8, 0.72]], False),  # in doubt
        ([[1.0, 0.8, 0.50], [1.0, 0.8, 0.40]], True),  # much
    ],
)
def test_the_trial_ends_where_the_next_cycle_is_not_in_doubt(losses, decided):
    assert alone(2).decided(told(*losses)) == decided


def test_within_a_cycle_nothing_is_decided():
    within = told([1.0, 2.0])[:-1]

    assert not alone(1).decided(within)


def test_after_much_gain_the_cycle_that_was_spared_is_taken():
    chosen, cycle = alone(2).best(told([1.0, 0.8, 0.4], [1.0, 0.5, 0.51]), 0)

    assert chosen.tolist() == [0, 0]
    assert cycle.tolist() == [3, 1], "the second was best before the third"


def test_after_little_gain_the_best_cycle_is_taken():
    _, cycle = alone(2).best(told([1.0, 0.8, 0.79], [1.0, 0.8, 0.81]), 0)

    assert cycle.tolist() == [2, 1]


def test_each_sample_has_the_regularisation_of_its_best_cycle():
    """Members: gentle of both samples, then firm of both."""
    both = Cycles(EPOCHS, np.array([0, 1]), 2)
    losses = told([0.5, 0.6, 0.7], [0.9, 0.8, 0.7], [0.9, 0.7, 0.6], [0.9, 0.7, 0.6])

    chosen, cycle = both.best(losses, 0)

    assert chosen.tolist() == [0, 1]
    assert cycle.tolist() == [0, 2]


def test_cycles_that_are_too_short_do_not_count():
    _, cycle = alone(1).best(told([0.5, 0.6, 0.55]), 1)

    assert cycle.tolist() == [2]


def test_stopped_before_any_cycle_the_first_is_taken():
    chosen, cycle = alone(2).best(np.ones((1, 2)), 0)

    assert (chosen.tolist(), cycle.tolist()) == ([0, 0], [0, 0])
