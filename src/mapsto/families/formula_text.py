r"""Terms as text and as LaTeX, in the names of their columns.

q1·q2/(eps·r²)                             r·F·sin(theta)
\frac{q_{1} \, q_{2}}{eps \, r^{2}}        r \, F \, \sin\left(\theta\right)
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mapsto.families.formula_terms import RATED, Powers, Term
from mapsto.latex import name as latex_name

RAISED = {2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶"}


@dataclass(frozen=True)
class Style:
    """How the parts of a term are written down."""

    times: str
    pi: str
    name: Callable[[str], str]
    power: Callable[[str, float], str]
    root: Callable[[str, bool], str]
    fraction: Callable[[str, Sequence[str]], str]
    call: Callable[[str, str], str]


def text(term: Term, names: Sequence[str]) -> str:
    """The term in one line."""
    return names[term.powers[0][0]] if term.plain else _written(term, names, TEXT)


def latex(term: Term, names: Sequence[str]) -> str:
    """The term in LaTeX."""
    return _written(term, names, LATEX)


def _written(term: Term, names: Sequence[str], style: Style) -> str:
    called = []
    if term.function:
        called = [style.call(term.function, _argument(term, names, style))]
    if len(term.powers) > 1 and all(abs(p) == 0.5 for _, p in term.powers):
        squared = tuple((i, 2 * p) for i, p in term.powers)
        root = style.root(_monomial(squared, names, style), False)
        return style.times.join([root, *called])
    return _monomial(term.powers, names, style, after=called)


def _monomial(
    powers: Powers,
    names: Sequence[str],
    style: Style,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
) -> str:
    """The powers and further factors as a product or a fraction."""
    told = [(_power(style.name(names[i]), abs(p), style), p) for i, p in powers]
    over = style.times.join([*before, *(t for t, p in told if p > 0), *after])
    under = [t for t, p in told if p < 0]
    return style.fraction(over or "1", under) if under else over


def _power(name: str, exponent: float, style: Style) -> str:
    if exponent == 1:
        return name
    return style.root(name, True) if exponent == 0.5 else style.power(name, exponent)


def _argument(term: Term, names: Sequence[str], style: Style) -> str:
    """The monomial with its rate before it: 2π·x, -x/y, 10/x."""
    rate = term.rate if term.function in RATED else 1.0
    size = [] if abs(rate) == 1 else _rate(abs(rate), style)
    inner = _monomial(term.inner, names, style, before=size)
    return f"-{inner}" if rate < 0 else inner


def _rate(rate: float, style: Style) -> list[str]:
    """The factors of a positive rate: 5, 0.5, 2 and π."""
    turns = rate / math.pi
    if turns != round(turns):
        return [f"{rate:.6g}"]
    return [style.pi] if turns == 1 else [f"{turns:g}{style.pi}"]


def _text_power(name: str, exponent: float) -> str:
    whole = exponent == int(exponent)
    return name + (RAISED[int(exponent)] if whole else f"^{exponent:g}")


def _text_fraction(over: str, under: Sequence[str]) -> str:
    return f"{over}/{under[0]}" if len(under) == 1 else f"{over}/({'·'.join(under)})"


def _is_word(text: str) -> bool:
    """Python lets an identifier have the dot by which we multiply."""
    return text.isidentifier() and "·" not in text


TEXT = Style(
    times="·",
    pi="π",
    name=lambda name: name if _is_word(name) else f"({name})",
    power=_text_power,
    root=lambda inside, alone: f"√{inside}" if alone else f"√({inside})",
    fraction=_text_fraction,
    call=lambda function, argument: f"{function}({argument})",
)


def _latex_fraction(over: str, under: Sequence[str]) -> str:
    below = LATEX.times.join(under)
    return rf"\frac{{{over}}}{{{below}}}"


def _latex_call(function: str, argument: str) -> str:
    name = function.replace("²", "^{2}")
    return rf"\{name}\left({argument}\right)"


LATEX = Style(
    times=r" \, ",
    pi=r"\pi",
    name=latex_name,
    power=lambda name, exponent: f"{{{name}}}^{{{exponent:g}}}",
    root=lambda inside, alone: rf"\sqrt{{{inside}}}",
    fraction=_latex_fraction,
    call=_latex_call,
)
