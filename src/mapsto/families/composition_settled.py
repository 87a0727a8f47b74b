"""A trained composition, with its parts by the convention; it computes the same."""

from typing import Any

import numpy as np

from mapsto.families.composition_convention import Settling
from mapsto.families.composition_effects import moved
from mapsto.families.composition_form import Form, values_of
from mapsto.families.family import Sample
from mapsto.families.member import in_chunks


def settled(parameters: Any, sample: Sample, form: Form) -> tuple[Any, float]:
    """The parameters of one member by the convention, and the intercept."""
    structure = form.structure
    dtype = parameters["center"].dtype
    pieces = moved(structure, lambda x: _values(parameters, x, form), sample, dtype)
    if pieces:
        parts = {
            n: own | ({"moved": pieces[n]} if n in pieces else {})
            for n, own in parameters["parts"].items()
        }
        parameters = {**parameters, "parts": parts}
    values = _values(parameters, sample.x, form)
    found = Settling(
        structure,
        {n: values[n] for n in structure.names},
        {n: values[n] for n in structure.direct},
        sample.w,
        form.order,
    ).settle()
    parts = {n: _rescaled(p, n, found) for n, p in parameters["parts"].items()}
    center = parameters["center"] - parameters["center"].dtype.type(found.intercept)
    return {**parameters, "parts": parts, "center": center}, found.intercept


def _values(parameters: Any, x: np.ndarray, form: Form) -> dict[str, np.ndarray]:
    """(n, 1) of each part and column. x: (n, d)."""
    names = [*form.structure.names, *form.structure.direct]
    dtype = parameters["center"].dtype

    def every(x: np.ndarray) -> np.ndarray:
        values = values_of(parameters, x[None].astype(dtype), form)
        return np.concatenate([values[n][0] for n in names], axis=1)

    found = in_chunks(every, x).astype(float)
    return {n: found[:, k : k + 1] for k, n in enumerate(names)}


def _rescaled(own: Any, name: str, found: Settling) -> Any:
    """part = scale · part + shift; (argument - middle) / spread is as it was."""
    dtype = own["level"].dtype.type
    a, c = dtype(found.scale[name]), dtype(found.shift[name])
    new = {**own, "level": a * own["level"] + c, "unit": a * own["unit"]}
    if "moved" in own:
        new["moved"] = [_times(piece, a) for piece in own["moved"]]
    if "middle" in own:
        scales, shifts = np.ones_like(own["middle"]), np.zeros_like(own["middle"])
        for (part, k), (factor, shift) in found.argument.items():
            if part == name:
                scales[..., k], shifts[..., k] = factor, shift
        new["middle"] = scales * own["middle"] + shifts
        new["spread"] = scales * own["spread"]
    return new


def _times(piece: Any, factor: np.floating[Any]) -> Any:
    (layer,) = piece["layers"]
    layer = {n: factor * a for n, a in layer.items()}
    return {**piece, "layers": [layer]}
