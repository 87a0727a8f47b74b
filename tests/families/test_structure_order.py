"""What the parts are held to, so that the whole rises with a column."""

import pytest

from mapsto.data.table import Column
from mapsto.families.structure import read_structure
from mapsto.families.structure_order import Unheld, order_of

COLUMNS = (
    *(Column(n, "number") for n in ("a", "b", "c")),
    Column("lift", "boolean"),
    Column("k", "category"),
)


def order(text, way=1, column="a", parts=None):
    return order_of(read_structure(text, COLUMNS), {column: way}, parts, ["lift"])


HELD = {
    "f(a, b) + g(c)": ({"f": {"a": 1}}, ""),
    "g(c) - 2*f(a)": ({"f": {"a": -1}}, ""),
    "f(a, b) + g(a, c)": ({"f": {"a": 1}, "g": {"a": 1}}, ""),
    "f(a) * g(c)": ({"f": {"a": 1}}, "g"),
    "f(a) * -exp(g(c))": ({"f": {"a": -1}}, ""),
    "f(a) * lift": ({"f": {"a": 1}}, ""),
    "f(b) + g(c) * a": ({}, "g"),
    "f(c) / g(a)": ({"g": {"a": -1}}, "fg"),
    "exp(f(a) + g(c))": ({"f": {"a": 1}}, ""),
    "(f(a) + g(c)) * h(k)": ({"f": {"a": 1}}, "h"),
    "h(k) * (f(a) + g(c))": ({"f": {"a": 1}}, "h"),
    "(1 + f(c)**2) * a": ({}, ""),
    "f(a)**2": ({"f": {"a": 1}}, "f"),
    "f(a)**3": ({"f": {"a": 1}}, ""),
    "f(a)**-0.5": ({"f": {"a": -1}}, ""),
    "f(a) * f(a)": ({"f": {"a": 1}}, "f"),
    "f(g(a, c), b)": ({"f": {0: 1}, "g": {"a": 1}}, ""),
    "f(log(a))": ({"f": {0: 1}}, ""),
    "f(-a, b)": ({"f": {0: -1}}, ""),
    "f(a, a*lift, b)": ({"f": {"a": 1, 0: 1}}, ""),
    "max(f(a), g(c)) + abs(h(a, b))": ({"f": {"a": 1}, "h": {"a": 1}}, "h"),
    "where(b > 0, f(a), g(c))": ({"f": {"a": 1}}, ""),
}


@pytest.mark.parametrize("text", HELD)
def test_what_holds_the_whole_to_rise(text):
    ways, positive = HELD[text]

    found = order(text)

    structure = read_structure(text, COLUMNS)
    told = {n: found.of(n) for n in structure.names if found.of(n)}
    assert (told, found.positive) == (ways, frozenset(positive))


def test_to_fall_is_the_opposite():
    assert order("f(a) - g(a, c)", -1).of("g") == {"a": 1}
    assert order("-a + f(b)", -1).ways == frozenset()


UNHELD = {
    "f(b) - a": "unheld-itself",
    "f(b) + g(c) * sin(a)": "unheld-bends",
    "f(b)**a": "unheld-bends",
    "where(a > 0, f(b), g(c))": "unheld-bends",
    "f(a < 2)": "unheld-bends",
    "f(a) * b": "unheld-sign",
    "f(a) * log(b)": "unheld-sign",
    "f(a) - f(a)*exp(g(c))": "unheld-both",
}


@pytest.mark.parametrize("text", UNHELD)
def test_what_cannot_be_held_is_told(text):
    with pytest.raises(Unheld) as raised:
        order(text)

    assert raised.value.code == UNHELD[text]


def test_a_part_may_be_held_for_its_own_sake():
    assert order("f(b) + g(a)", parts={"f": {"b": -1}}).of("f") == {"b": -1}
    with pytest.raises(Unheld):
        order("f(a) + g(b)", parts={"f": {"a": -1}})
