"""The convention: each part means the same, and the whole stays as it is."""

import numpy as np
import pytest

from mapsto.data.table import Column
from mapsto.families.composition_convention import Settling
from mapsto.families.structure import read_structure
from mapsto.families.structure_terms import value_of

ROWS = 200
COLUMNS = tuple(Column(n, "number") for n in ("a", "b", "c", "d"))
TEXTS = (
    "f(a) + 2*g(b) - h(c)",
    "f(a) * g(b)",
    "f(a) * g(b) + h(c)",
    "-f(a) * g(b) / h(c)",
    "f(a) + g(b) * c",
    "(f(a) + g(b)) * h(c)",
    "(1 + f(a)) * g(b)",
    "exp(f(a) + g(b)) * h(c)",
    "log(f(a) * g(b)) + h(c)",
    "f(a) + f(a) * g(b)",
    "(f(a) - g(b))**2",
)


def settled(text, seed=0):
    rng = np.random.default_rng(seed)
    structure = read_structure(text, COLUMNS)
    raw = {n: np.exp(rng.standard_normal((ROWS, 1))) for n in structure.names}
    columns = {n: rng.uniform(1, 3, (ROWS, 1)) for n in structure.direct}
    found = Settling(structure, raw, columns, rng.uniform(0.5, 2, ROWS))
    before = value_of(structure.body, {**columns, **raw})
    found.settle()
    values = {n: found.value(n) for n in structure.names}
    after = value_of(structure.body, {**columns, **values}) + found.intercept
    return found, values, before, after


@pytest.mark.parametrize("text", TEXTS)
def test_the_whole_stays_as_it_is(text):
    _, _, before, after = settled(text)

    assert after == pytest.approx(before, rel=1e-9, abs=1e-9)


def mean(value, w):
    return float(np.average(value[:, 0], weights=w))


def test_summands_have_mean_0_and_the_intercept_their_levels():
    found, values, before, _ = settled(TEXTS[0])

    assert [mean(v, found.w) for v in values.values()] == pytest.approx([0] * 3)
    assert found.intercept == pytest.approx(mean(before, found.w))


def test_later_factors_have_root_mean_square_1_and_a_mean_that_is_not_negative():
    for text in ("f(a) * g(b)", "-f(a) * g(b) / h(c)"):
        found, values, _, _ = settled(text)

        assert mean(values["g"] ** 2, found.w) == pytest.approx(1)
        assert mean(values["g"], found.w) > 0
        assert found.intercept == 0


def test_what_is_multiplied_with_a_column_is_told_by_the_data():
    found, _, _, _ = settled("f(a) + g(b) * c")

    assert found.scale["g"] == 1
    assert found.shift["g"] == 0


def test_a_number_beside_a_part_fixes_its_unit():
    found, values, _, _ = settled("(1 + f(a)) * g(b)")

    assert found.scale == {"f": 1, "g": 1}
    assert values["f"] is not None


def test_arguments_are_standardised_and_rise_with_the_part():
    rng = np.random.default_rng(0)
    structure = read_structure("f(g(a), h(b))", COLUMNS)
    g, h = 5 + 3 * rng.standard_normal((2, ROWS, 1))
    raw = {"f": h - 2 * g, "g": g, "h": h}

    found = Settling(structure, raw, {}, np.ones(ROWS)).settle()

    for name, sign in (("g", -1), ("h", 1)):
        value = found.value(name)
        assert value.mean() == pytest.approx(0, abs=1e-12)
        assert value.std() == pytest.approx(1)
        assert np.corrcoef(value[:, 0], sign * raw[name][:, 0])[0, 1] > 0.999
    assert found.argument["f", 0][0] < 0 < found.argument["f", 1][0]


def test_the_levels_of_a_sum_inside_go_to_the_first():
    found, values, _, _ = settled("exp(f(a) + g(b)) * h(c)")

    assert mean(values["g"], found.w) == pytest.approx(0, abs=1e-12)
    assert mean(values["h"] ** 2, found.w) == pytest.approx(1)
