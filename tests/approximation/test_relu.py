"""Polygons in a tube: no other has fewer segments."""

from itertools import product

import numpy as np
import pytest

from mapsto.approximation.relu import Tube, fewest_links, network_of, polygon

MARGIN = 1e-9


def random_tube(rng):
    """Few points, sides that wander, on a lattice where other paths can be found."""
    x = np.arange(7.0)
    middle = rng.integers(0, 9, 7)
    width = rng.integers(1, 4, 7)
    return Tube(x, middle - width / 2.0, middle + width / 2.0)


def sides(tube, x):
    return np.interp(x, tube.x, tube.lower), np.interp(x, tube.x, tube.upper)


def inside(tube, x, y):
    """Whether a polygon with corners (x, y) stays in the tube: both are straight
    between their corners, so it is enough to look there."""
    at = np.union1d(tube.x, x)
    low, high = sides(tube, at)
    value = np.interp(at, x, y)
    return bool(((value >= low - MARGIN) & (value <= high + MARGIN)).all())


def fewest_on_a_lattice(tube):
    """The fewest segments of a path whose corners lie on a fine lattice, by breadth
    first search over all of its corners."""
    corners = [
        (x, y)
        for x, y in product(np.linspace(0.0, 6.0, 13), np.arange(-3.0, 12.0, 0.5))
        if sides(tube, x)[0] <= y <= sides(tube, x)[1]
    ]
    reached = {c for c in corners if c[0] == 0.0}
    for links in range(1, 7):
        new = {
            b
            for b in corners
            if any(
                a[0] < b[0] and inside(tube_part(tube, a, b), *zip(a, b, strict=True))
                for a in reached
            )
        }
        if any(b[0] == 6.0 for b in new):
            return links
        reached |= new
    raise AssertionError("the lattice has a path along the middle")


def tube_part(tube, a, b):
    """The tube between two corners."""
    x = np.union1d(tube.x[(tube.x > a[0]) & (tube.x < b[0])], [a[0], b[0]])
    return Tube(x, *sides(tube, x))


@pytest.mark.parametrize("seed", range(12))
def test_no_path_on_a_lattice_has_fewer_segments(seed):
    tube = random_tube(np.random.default_rng(seed))

    links = fewest_links(tube, 10)

    assert inside(tube, *polygon(links))
    assert len(links) <= fewest_on_a_lattice(tube)


@pytest.mark.parametrize("corners", [1, 2, 3, 5])
def test_a_polygon_is_found_again(corners):
    """A narrow tube around a polygon of bends that are wider than it."""
    x = np.linspace(0.0, 1.0, 20 * (corners + 1) + 1)
    knots = np.linspace(0.0, 1.0, corners + 2)
    y = np.interp(x, knots, np.arange(corners + 2) % 2)
    tube = Tube(x, y - 1e-3, y + 1e-3)

    assert len(fewest_links(tube, 100)) == corners + 1


def test_the_count_agrees_with_theory():
    """¼ ε^-½ ∫ √|f″| segments, for small ε."""
    x = np.linspace(0.0, 1.0, 2001)
    y, eps = x**2, 1e-4
    expected = 0.25 * eps**-0.5 * np.sqrt(2.0)

    links = fewest_links(Tube(x, y - eps, y + eps), 1000)

    assert len(links) == pytest.approx(expected, abs=2)


def test_too_many_segments_are_not_gone_on_with():
    x = np.linspace(0.0, 1.0, 101)

    assert fewest_links(Tube(x, x**2 - 1e-4, x**2 + 1e-4), 3) is None


def test_the_network_of_a_polygon_has_its_corners():
    x, y = np.array([-1.0, 0.0, 0.5, 2.0]), np.array([1.0, -1.0, 3.0, 0.0])

    network = network_of(x, y)

    assert network.neurons == 3
    np.testing.assert_allclose(network(x[:, None]), y, atol=1e-15)
