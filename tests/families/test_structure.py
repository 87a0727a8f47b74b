"""Structures of named parts: what is read, what is refused, what is left open."""

import pytest

from mapsto.data.table import Column
from mapsto.errors import ExpressionError
from mapsto.expression import parse
from mapsto.families.composition_classes import balanced, check_classes
from mapsto.families.composition_convention import role
from mapsto.families.structure import read_structure
from mapsto.families.structure_doubts import chained, sharing
from mapsto.families.structure_terms import multiplied, summed

COLUMNS = (
    *(Column(n, "number") for n in ("area", "floor", "age", "log area", "高度")),
    Column("lift", "boolean"),
    *(Column(n, "category") for n in ("district", "school")),
)


def read(text):
    return read_structure(text, COLUMNS, aside=("id",), target="price")


def test_parts_their_inputs_and_what_joins_them():
    found = read("size(area, floor) + place(district, school) * age")

    assert found.names == ("size", "place")
    assert found.part("size").columns == ("area", "floor")
    assert found.part("place").columns == ("district", "school")
    assert found.direct == ("age",)
    assert found.columns == ("area", "floor", "district", "school", "age")
    assert found.text == "size(area, floor) + place(district, school) * age"


def test_nested_parts_come_after_what_is_inside_them():
    found = read("f(g(area, h(age)), district)")

    assert found.order == ("h", "g", "f")
    assert found.names == ("f", "g", "h")
    f = found.part("f")
    assert f.columns == ("district",)
    assert f.names == ("g(area, h(age))",)
    assert f.reaches == ("area", "age", "district")


def test_expressions_and_functions_of_the_language_may_stand_anywhere():
    found = read("exp(f(log(area), `log area`)) - 2*g(高度)**2 / (1 + lift)")

    assert read("f(area < 2) + where(lift > 0, g(age), 0)").names == ("f", "g")
    assert found.names == ("f", "g")
    assert found.part("f").columns == ("log area",)
    assert found.part("f").names == ("log(area)",)
    assert found.direct == ("lift", "area")


def test_a_part_may_be_used_twice():
    found = read("f(area) + g(age) * f(area)")

    assert found.times("f") == 2
    assert found.times("g") == 1


REFUSED = {
    "": ("compose-empty", "compose="),
    "area + 2*age": ("compose-no-part", "no part to learn"),
    "size(aera)": ("expression-name", "Did you mean 'area'"),
    "size()": ("compose-part-empty", "no inputs"),
    "size(2)": ("compose-part-empty", "no inputs"),
    "area(floor)": ("compose-part-is-column", "name of a column"),
    "gamma(area, floor)": ("compose-part-is-function", "'gamma'.*exp, expm1"),
    "pi(area)": ("compose-part-is-function", "'pi'"),
    "exp(area, floor)": ("expression-arguments", "exp takes 1"),
    "f(area) + f(floor)": ("compose-part-twice", r"f\(area\) and f\(floor\)"),
    "f(f(area))": ("compose-circular", "among its own inputs"),
    "f(g(f(area)))": ("compose-circular", "'f'"),
    "f(area, area)": ("compose-argument-twice", "'area' twice"),
    "f(price)": ("compose-target", "is the target"),
    "f(area) + id": ("compose-aside", "set aside"),
    "f(area) * district": ("compose-not-a-number", r"category.*place\(district\)"),
    "f(area) + g(area)": ("compose-same-inputs", "g.area. cannot be told apart"),
    "f(area, floor) + g(area)": ("compose-same-inputs", "fewer inputs first"),
    "f(g(h(k(m(area)))))": ("compose-deep", "more than 4 deep"),
    "`my part`(area)": ("compose-part-name", "one word"),
    "size(area).real": ("expression-syntax", "'.'"),
    "size(area)[0]": ("expression-syntax", r"'\['"),
    "size(area": ("expression-syntax", "expected '\\)'"),
    "size(area) = 2": ("expression-syntax", "'='"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_used_is_refused_with_the_reason(text):
    code, words = REFUSED[text]

    with pytest.raises(ExpressionError, match=words) as raised:
        read(text)

    assert raised.value.code == code


def test_too_many_parts_are_refused():
    text = " + ".join(f"p{k}(area, age)" for k in range(33))

    with pytest.raises(ExpressionError, match="33 parts"):
        read(text)


def test_what_tells_several_classes_apart():
    check_classes(read("f(area) + g(district) * age + k(h(floor), lift)"))
    assert balanced(read("f(area) - 2*g(district)*age + k(floor)*m(lift)")) == [
        "f",
        "g",
    ]
    with pytest.raises(ExpressionError, match="age is the same for every class"):
        check_classes(read("f(area) + 2 * age"))
    with pytest.raises(ExpressionError, match="'g' is an input of another part"):
        check_classes(read("f(g(area), age) + g(area)"))


# ── terms and factors ──


def test_the_terms_of_a_sum_with_their_numbers():
    terms = summed(parse("2*f - (g - 3*h)/4 + f*g"))

    assert terms == [
        (2.0, parse("f")),
        (-0.25, parse("g")),
        (0.75, parse("h")),
        (1.0, parse("f*g")),
    ]


def test_the_factors_of_a_product_with_their_powers():
    assert multiplied(parse("f*g/(h/f)")) == [
        (1, parse("f")),
        (1, parse("g")),
        (-1, parse("h")),
        (1, parse("f")),
    ]


# ── what is left open ──

ROLES = {
    "f(area) + g(age)": {"f": "summand", "g": "summand"},
    "f(area) * g(age)": {"f": "carrier", "g": "factor"},
    "f(area) / g(age)": {"f": "carrier", "g": "factor"},
    "f(area) + g(district) * age": {"f": "summand", "g": "carrier"},
    "f(g(area), h(age))": {"f": "summand", "g": "argument", "h": "argument"},
    "exp(f(area) + g(age))": {"f": "carrier", "g": "summand"},
    "(f(area) + g(age)) * h(floor)": {"f": "carrier", "g": "summand", "h": "factor"},
    "f(area) + f(area)*g(age)": {"f": "trained", "g": "carrier"},
}


@pytest.mark.parametrize("text", ROLES)
def test_every_part_has_a_role(text):
    found = read(text)

    assert {n: role(found, n) for n in found.names} == ROLES[text]


SHARED = {
    "f(area, floor) + g(floor, age)": [],
    "f(area, floor) + g(area, floor, age)": [("f", "g", ("area", "floor"))],
    "f(area) * g(area, age)": [("f", "g", ("area",))],
    "f(age) + g(district) * age": [("f", "g", ("age",))],
    "f(district) + g(district) * age": [("f", "g", ("district",))],
    "f(g(area), area)": [("f", "g", ("area",))],
    "f(g(area), age)": [],
    "f(area) + g(district) * age": [],
}


@pytest.mark.parametrize("text", SHARED)
def test_what_parts_share_and_the_convention_does_not_settle(text):
    assert sharing(read(text)) == SHARED[text]


def test_parts_that_are_seen_only_through_another():
    assert chained(read("f(g(area), h(age))")) == [("g", "f"), ("h", "f")]
    assert chained(read("f(area, g(age)) + g(age)")) == []
