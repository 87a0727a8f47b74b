"""Sparse least squares: the screens against least squares itself, and the searches."""

from itertools import combinations

import numpy as np
import pytest

from mapsto.solvers.sparse import best_pair, best_subset, left_over, products

ROWS = 80


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def square(x, z, v):
    """Σ v (z - a - xβ)² at its least, by NumPy."""
    root = np.sqrt(v)[:, None]
    design = np.column_stack([np.ones(len(z)), x]) * root
    beta = np.linalg.lstsq(design, z * root, rcond=None)[0]
    return float(((z * root - design @ beta) ** 2).sum())


def plain(squares):
    return np.asarray(squares)


@pytest.mark.parametrize("outputs", [1, 2])
def test_the_screen_tells_what_least_squares_gives(rng, outputs):
    """Of every product: added to the chosen columns, and in the place of each."""
    left, right = rng.standard_normal((ROWS, 4)), rng.standard_normal((ROWS, 5))
    chosen, v = rng.standard_normal((ROWS, 2)), rng.uniform(0.5, 2, ROWS)
    z = rng.standard_normal((ROWS, outputs)) + left[:, :1] * right[:, :1]
    before = square(chosen, z, v)

    told = products(left, right, chosen, z, v)

    for a in range(4):
        for b in range(5):
            new = (left[:, a] * right[:, b])[:, None]
            added = before - square(np.hstack([chosen, new]), z, v)
            assert told.added[a, b] == pytest.approx(added, rel=1e-8)
            for k in range(2):
                rest = np.delete(chosen, k, axis=1)
                swapped = before - square(np.hstack([rest, new]), z, v)
                assert told.swapped[k][a, b] == pytest.approx(swapped, rel=1e-8)


def test_what_is_said_already_adds_nothing(rng):
    """A constant, a copy of a chosen column, and a column of zeros."""
    x, z = rng.standard_normal((ROWS, 1)), rng.standard_normal((ROWS, 1))
    right = np.column_stack([np.ones(ROWS), 3 * x - 1, np.zeros(ROWS)])

    told = products(np.ones((ROWS, 1)), right, x, z, np.ones(ROWS))

    assert told.added == pytest.approx(0, abs=1e-9)


def test_what_is_left_over_is_the_square_of_least_squares(rng):
    x, z = rng.standard_normal((ROWS, 3)), rng.standard_normal((ROWS, 2))
    v = rng.uniform(0.5, 2, ROWS)

    assert left_over(x, z, v) == pytest.approx(square(x, z, v))


def test_the_best_pair_is_the_best_of_all_pairs(rng):
    x, chosen = rng.standard_normal((ROWS, 7)), rng.standard_normal((ROWS, 1))
    z, v, costs = rng.standard_normal((ROWS, 2)), rng.uniform(1, 2, ROWS), np.arange(7)
    every = {
        pair: square(np.hstack([chosen, x[:, pair]]), z, v) + costs[list(pair)].sum()
        for pair in combinations(range(7), 2)
    }

    found = best_pair(x, chosen, z, v, costs, plain)

    assert tuple(sorted(found)) == min(every, key=every.get)


def test_a_difference_is_found_that_neither_of_its_parts_tells(rng):
    """Two columns that are nearly alike, among eight that each tell more."""
    a = rng.standard_normal(ROWS)
    b = a + 0.1 * rng.standard_normal(ROWS)
    z = (a - b)[:, None]
    others = z + rng.standard_normal((ROWS, 8)) * z.std()
    x = np.column_stack([others, a, b])

    pair = best_pair(x, np.empty((ROWS, 0)), z, np.ones(ROWS), np.zeros(10), plain)

    assert set(pair) == {8, 9}


def test_there_is_no_pair_among_copies(rng):
    a = rng.standard_normal(ROWS)
    x = np.column_stack([a, 2 * a, 1 - a])

    nothing = np.empty((ROWS, 0))
    assert best_pair(x, nothing, a[:, None], np.ones(ROWS), np.zeros(3), plain) is None


def test_the_subset_is_the_best_of_all_subsets(rng):
    """Against every subset of up to three of eight columns that hang together."""
    shared = rng.standard_normal((ROWS, 1))
    x = rng.standard_normal((ROWS, 8)) + shared
    z = x[:, :3] @ np.array([[1.0], [-2.0], [1.5]]) + rng.standard_normal((ROWS, 1))
    v, costs = rng.uniform(0.5, 2, ROWS), rng.uniform(2, 6, 8)

    def loss(square):
        return ROWS * np.log(square)

    every = {
        s: loss(square(x[:, s], z, v)) + costs[list(s)].sum()
        for size in range(4)
        for s in combinations(range(8), size)
    }

    found = best_subset(x, z, v, costs, loss, 3, 6)

    assert tuple(found) == min(every, key=every.get)


def test_what_costs_more_than_it_gives_is_left_out(rng):
    x, z = rng.standard_normal((ROWS, 5)), rng.standard_normal((ROWS, 1))

    assert best_subset(x, z, np.ones(ROWS), np.full(5, 1e6), plain, 3, 4) == []


def test_copies_are_not_chosen_twice(rng):
    a, b = rng.standard_normal((2, ROWS))
    x = np.column_stack([a, a, b, b, 2 * a + 1])

    z = (a + b)[:, None]
    found = best_subset(x, z, np.ones(ROWS), np.full(5, 1e-3), plain, 5, 4)

    assert len(found) == 2
    assert square(x[:, found], z, np.ones(ROWS)) < 1e-20 * ROWS
