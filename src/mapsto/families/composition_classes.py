"""A composition of more than two classes: one structure, one score for each class.

    score of class k = body(part₁ of k, part₂ of k, …, columns)
    probabilities    = softmax(scores)

A part of the body has a value for each class, a part inside another part one value that
all classes share. The softmax does not tell what all scores have in common, so a term
that is nothing but a part, or a part times columns, has mean 0 over the classes in
every row, as the effects of a multinomial logit that are coded to sum to zero.
"""

from typing import Any

import numpy as np

from mapsto.errors import ExpressionError
from mapsto.expression import Name, Node, walk, write
from mapsto.families.structure import Structure
from mapsto.families.structure_terms import multiplied, summed


def inner(structure: Structure) -> frozenset[str]:
    """The parts that are an input of another part."""
    arguments = [a for p in structure.parts for a in p.arguments]
    return _parts(structure, *arguments)


def _parts(structure: Structure, *nodes: Node) -> frozenset[str]:
    named = (n.name for node in nodes for n in walk(node) if isinstance(n, Name))
    return frozenset(named) & frozenset(structure.names)


def check_classes(structure: Structure) -> None:
    """Raise an ExpressionError for what does not tell several classes apart."""
    for _, term in summed(structure.body):
        if not _parts(structure, term):
            raise ExpressionError("compose-same-for-classes", term=write(term))
    both = inner(structure) & _parts(structure, structure.body)
    if both:
        raise ExpressionError("compose-inside-and-out", part=min(both))


def balanced(structure: Structure) -> list[str]:
    """The parts that are, alone or times columns, a term of the body."""
    found = []
    for _, term in summed(structure.body):
        parts = _parts(structure, term)
        factors = [f for power, f in multiplied(term) if power == 1]
        found += [n for n in parts if len(parts) == 1 and Name(n) in factors]
    return [n for n in found if structure.times(n) == 1]


def balance(parameters: Any, structure: Structure) -> Any:
    """The parameters with such parts at mean 0 over the classes; the softmax of what
    they make is the same."""
    names = balanced(structure)
    parts = {
        n: _balanced(own) if n in names else own
        for n, own in parameters["parts"].items()
    }
    return {**parameters, "parts": parts}


def _balanced(own: Any) -> Any:
    """level + unit · (h w + b), less its mean over the last axis."""
    *hidden, last = own["layers"]
    last = {name: _less_mean(own["unit"] * a) for name, a in last.items()}
    rest = {"level": _less_mean(own["level"]), "unit": np.ones_like(own["unit"])}
    return {**own, **rest, "layers": [*hidden, last]}


def _less_mean(a: np.ndarray) -> np.ndarray:
    return a - a.mean(axis=-1, keepdims=True)
