"""The space in which rows are near or far: every column has about the same weight."""

import numpy as np
import pytest

from mapsto.data.columns import find_columns
from mapsto.data.group_space import fit_space, of_one_unit
from mapsto.data.read import read
from mapsto.data.typed import type_table


def space_of(table):
    raw = read(table)
    columns, _ = find_columns(raw)
    t = type_table(raw, columns).matrix()
    return *fit_space(columns, t), columns, t


def spread(space, t):
    x = space(t)
    owners = np.array([f.column for f in space.features])
    return {n: x[:, owners == n].var(axis=0).sum() for n in np.unique(owners)}


def mixed(rows=400):
    rng = np.random.default_rng(0)
    return {
        "size": rng.normal(50, 9, rows),
        "price": rng.lognormal(4, 1, rows),
        "sort": rng.choice(list("abcdefgh"), rows).astype(object),
        "day": np.datetime64("2020-01-01") + rng.integers(0, 2000, rows),
    }


def test_no_column_weighs_much_more_than_another():
    space, unit, _, t = space_of(mixed())

    told = spread(space, t)

    assert not unit
    assert set(told) == {"size", "price", "sort", "day"}
    assert max(told.values()) < 2.5 * min(told.values())


def test_a_gap_says_less_than_a_value():
    table = mixed()
    table["size"][::3] = np.nan

    space, _, _, _ = space_of(table)

    names = [f.name for f in space.features]
    assert space.weights[names.index("size is missing")] <= 0.5


def test_numbers_of_one_unit_keep_their_relative_spread():
    rng = np.random.default_rng(0)
    v = rng.integers(0, 17, (300, 9)).astype(float)
    v[:, 8] = np.where(rng.random(300) < 0.05, 1, 0)  # a dark corner of a picture

    space, unit, columns, t = space_of({f"p{k}": c for k, c in enumerate(v.T)})

    assert unit
    assert of_one_unit(columns)
    ratio = np.sqrt(spread(space, t)["p8"] / spread(space, t)["p0"])
    assert ratio == pytest.approx(v[:, 8].std() / v[:, 0].std())


def test_numbers_of_several_units_are_not_of_one():
    rng = np.random.default_rng(0)
    table = {f"x{k}": rng.normal(0, k + 1, 50) for k in range(9)}

    assert not space_of(table)[1]
