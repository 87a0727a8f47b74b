"""What sets a group apart, some of its rows, and the map."""

import numpy as np
import pytest

from mapsto.data.table import Column
from mapsto.honesty import portraits

COLUMNS = (
    Column("size", "number", low=0, high=9, has_missing=True),
    Column("sort", "category", levels=("a", "b", "c")),
    Column("new", "boolean"),
)


def table():
    """Two groups of 100 rows: sizes around 1 and 4, a against b, half new in both."""
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 100)
    size = rng.normal(np.array([1.0, 4.0])[labels], 1)
    sort = np.where(rng.random(200) < 0.2, 2.0, labels)
    return np.column_stack([size, sort, np.arange(200) % 2]), labels


def test_the_effect_of_a_number_is_cohens_d():
    t, labels = table()
    here, there = t[labels == 0, 0], t[labels == 1, 0]
    pooled = np.sqrt((here.var() + there.var()) / 2)

    told = {e["column"]: e for e in portraits.effects(COLUMNS, t, labels, 0)}

    assert told["size"]["effect"] == pytest.approx(
        (here.mean() - there.mean()) / pooled
    )
    assert told["size"]["here"] == pytest.approx(here.mean())
    assert "new" not in told


def test_the_effect_of_a_level_is_cohens_h():
    t, labels = table()
    share = (t[labels == 0, 1] == 0).mean()

    told = {e["column"]: e for e in portraits.effects(COLUMNS, t, labels, 0)}

    assert told["sort"]["level"] == "a"
    assert told["sort"]["effect"] == pytest.approx(2 * np.arcsin(share**0.5))
    assert told["sort"]["elsewhere"] == 0


def test_gaps_set_a_group_apart_too():
    t, labels = table()
    t[:60, 0] = np.nan

    told = portraits.effects(COLUMNS, t, labels, 0)

    assert ("size", "missing") in [(e["column"], e.get("level")) for e in told]


def test_one_group_is_set_apart_by_nothing():
    t, _ = table()

    assert portraits.effects(COLUMNS, t, np.zeros(200, int), 0) == []


def test_one_column_tells_the_groups_or_does_not():
    t, labels = table()

    assert portraits.told_by_one_column(COLUMNS, t, labels) is None
    t[:, 1] = labels
    name, share = portraits.told_by_one_column(COLUMNS, t, labels)
    assert (name, share) == ("sort", pytest.approx(1))


def test_a_column_with_gaps_may_tell_the_groups():
    t, labels = table()
    t[:, 2] = np.where(labels == 0, np.nan, 1)

    assert portraits.told_by_one_column(COLUMNS, t, labels)[0] == "new"


def test_typical_rows_are_in_the_middle_and_borderline_rows_are_doubtful():
    x = np.linspace(-1, 1, 41)[:, None]
    p = np.column_stack([0.5 - x / 2, 0.5 + x / 2])

    typical = portraits.typical_rows(x, p, 1)
    borderline = portraits.borderline_rows(p, 1)

    assert x[typical, 0] == pytest.approx(x[p[:, 1] > 0.5, 0].mean(), abs=0.4)
    assert borderline[0] == 21
    assert portraits.borderline_rows(np.array([[0.0, 1.0]]), 1).tolist() == []


@pytest.mark.parametrize("groups", [1, 2, 3])
@pytest.mark.parametrize("width", [1, 2, 6])
def test_the_map_parts_the_groups(groups, width):
    rng = np.random.default_rng(0)
    labels = np.arange(90) % groups
    x = rng.standard_normal((90, width))
    x[:, 0] += 9 * labels

    told = portraits.plane(x, labels)

    assert told.shape == (90, 2)
    assert np.isfinite(told).all()
    if groups > 1:
        middles = np.array([told[labels == g, 0].mean() for g in range(groups)])
        within = max(told[labels == g, 0].std() for g in range(groups))
        assert np.abs(np.diff(middles)).min() > 2 * within
