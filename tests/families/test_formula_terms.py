"""The terms of a formula: what they compute, their text, and their library."""

import re

import numpy as np
import pytest

from mapsto.expression import evaluate as evaluate_expression
from mapsto.expression import parse
from mapsto.families.formula import Formula
from mapsto.families.formula_library import Variable, functions, library, monomials
from mapsto.families.formula_terms import (
    FUNCTIONS,
    ONE,
    Term,
    evaluate,
    fitted_numbers,
    length,
)
from mapsto.families.formula_text import latex, text
from mapsto.families.formula_tuning import rounder

NAMES = ["a", "b", "c", "d"]


# ── terms, and how they are told ──

SHOWN = [
    (Term(((0, 1.0),)), "a"),
    (Term(((0, 2.0), (1, -1.0))), "a²/b"),
    (Term(((0, 1.0), (1, -1.0), (2, -2.0))), "a/(b·c²)"),
    (Term(((0, 0.5), (1, -0.5))), "√(a/b)"),
    (Term(((0, 0.5), (1, 0.5)), "cos", ((2, 1.0),)), "√(a·b)·cos(c)"),
    (Term(((0, 0.5), (1, 1.0))), "√a·b"),
    (Term(((0, 1.37),)), "a^1.37"),
    (Term(((0, -1.0),), "log", ((1, 1.0), (2, -1.0))), "log(b/c)/a"),
    (Term((), "exp", ((0, 2.0),), -0.5), "exp(-0.5·a²)"),
    (Term((), "exp", ((0, -1.0),), 10.0), "exp(10/a)"),
    (Term((), "exp", ((0, 1.0), (1, -1.0)), -1.0), "exp(-a/b)"),
    (Term((), "sin", ((0, 1.0),), 2 * np.pi), "sin(2π·a)"),
    (Term((), "cos²", ((0, 1.0), (1, 1.0))), "cos²(a·b)"),
    (Term((), "sin", ((0, 1.0),), np.pi), "sin(π·a)"),
]


@pytest.mark.parametrize(("term", "shown"), SHOWN)
def test_a_term_reads_as_what_it_computes(term, shown):
    """Its text, read by the language of expressions, has its values."""
    x = np.random.default_rng(0).uniform(1, 3, (20, 3))

    said = text(term, NAMES)

    assert said == shown
    names = {name: x[:, i] for i, name in enumerate(NAMES[:3])}
    value = evaluate_expression(parse(as_expression(said)), names)
    own = evaluate(term, lambda i, held: x[:, i])
    assert np.asarray(value) == pytest.approx(own, rel=1e-12)


def as_expression(said):
    """√a·b → sqrt(a)*b, cos²(x) → cos(x)**2, 2π → 2*pi."""
    said = re.sub(r"√(\w)", r"sqrt(\1)", said).replace("√", "sqrt")
    said = re.sub(r"(cos|sin)²(\([^)]*\))", r"\1\2**2", said)
    said = re.sub(r"(\d)π", r"\1*π", said)
    for sign, written in {"·": "*", "²": "**2", "^": "**", "π": "pi"}.items():
        said = said.replace(sign, written)
    return said


def test_names_that_are_no_words_stand_in_brackets():
    term = Term(((0, 0.5), (1, 2.0)), "log", ((2, 1.0),))

    assert text(term, ["net price", "a·b", "2nd"]) == "√(net price)·(a·b)²·log((2nd))"
    assert text(Term(((0, 1.0),)), ["net price"]) == "net price"


@pytest.mark.parametrize(
    ("term", "shown"),
    [
        (Term(((0, 2.0), (1, -1.0))), r"\frac{{q_{1}}^{2}}{\theta}"),
        (Term(((0, 0.5), (1, 0.5))), r"\sqrt{q_{1} \, \theta}"),
        (Term((), "sin²", ((1, 1.0),), 3.0), r"\sin^{2}\left(3 \, \theta\right)"),
        (Term((), "exp", ((1, -1.0),), -2.0), r"\exp\left(-\frac{2}{\theta}\right)"),
        (Term(((2, 1.0),)), r"\mathrm{net~price}"),
    ],
)
def test_latex(term, shown):
    assert latex(term, ["q1", "theta", "net price"]) == shown


def test_a_product_adds_exponents_and_keeps_the_function():
    wave = Term(((0, 1.0),), "sin", ((1, 1.0),), 2.0)

    assert wave * Term(((0, -1.0), (2, 2.0))) == Term(
        ((2, 2.0),), "sin", ((1, 1.0),), 2.0
    )
    assert ONE * wave == wave


def test_longer_terms_cost_more():
    """A plain column is the shortest; more columns to choose from make all longer."""
    x = Term(((0, 1.0),))
    square, ratio = Term(((0, 2.0),)), Term(((0, 1.0), (1, -1.0)))
    wave = Term((), "cos", ((0, 1.0),), 2.3)

    lengths = [length(t, 5) for t in (x, square, ratio, ratio * wave)]

    assert lengths == sorted(lengths)
    assert length(ratio, 50) > length(ratio, 5)
    assert [fitted_numbers(t) for t in (x, wave, Term(((0, 1.37),)))] == [0, 1, 1]
    assert fitted_numbers(Term((), "cos", ((0, 1.0),), 2 * np.pi)) == 0


# ── the library ──


def variables_of(x):
    return [
        Variable(i, float(c.min()), float(c.max()), len(np.unique(c)))
        for i, c in enumerate(x.T)
    ]


def test_every_term_of_the_library_is_finite_on_its_columns():
    """Zeros, negative numbers, constants and two values among them."""
    rng = np.random.default_rng(0)
    x = np.column_stack(
        [
            rng.uniform(0, 2, 100).round(1),
            rng.standard_normal(100),
            rng.uniform(1, 2, 100),
            rng.integers(0, 2, 100),
        ]
    )
    kinds = Formula.dials[2].default

    found = library(variables_of(x), x, kinds, 20_000)

    for term in (*found.left, *found.right):
        if term != ONE:
            with np.errstate(all="raise"):
                assert np.isfinite(evaluate(term, lambda i, held: x[:, i])).all()
    assert {t.function for t in found.right} == {"", *FUNCTIONS}
    assert len(found.left) * len(found.right) <= 20_000


@pytest.mark.parametrize("kind", ["power", "root", "log", "exp", "cosine"])
def test_only_the_asked_functions_are_used(kind):
    x = np.random.default_rng(0).uniform(1, 3, (100, 2))
    variables = variables_of(x)

    made = [*monomials(variables, (kind,), 2), *functions(variables, x, (kind,))]

    names = {"power": set(), "root": set(), "log": {"log"}, "exp": {"exp"}}
    waves = {"cos", "sin", "cos²", "sin²"}
    assert {t.function for t in made} - {""} == names.get(kind, waves)
    exponents = {p for t in made for _, p in t.powers}
    assert (exponents > {1}) == (kind in ("power", "root"))
    assert all(len({*t.powers, *t.inner}) == 1 for t in made)


def test_rounder_numbers_are_tried_the_roundest_first():
    wave = Term((), "cos", ((0, 1.0),), 6.2837)

    tried = [t[0].rate for t in rounder([wave], [(0, -1)])]

    assert tried[0] == pytest.approx(2 * np.pi)
    assert tried[-1] == 6.284
