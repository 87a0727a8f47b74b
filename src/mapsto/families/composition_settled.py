"""A trained composition, with its parts by the convention; it computes the same."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mapsto.families.composition_classes import balance
from mapsto.families.composition_convention import Settling
from mapsto.families.composition_effects import moved
from mapsto.families.composition_form import Form, values_of
from mapsto.families.family import Sample
from mapsto.families.member import in_chunks


def settled(parameters: Any, sample: Sample, form: Form) -> tuple[Any, np.ndarray]:
    """The parameters of a member by the convention, and the intercepts, (outputs,)."""
    structure, dtype = form.structure, parameters["center"].dtype
    if form.outputs > 1:
        parameters = balance(parameters, structure)
    pieces = moved(structure, lambda x: _values(parameters, x, form), sample, dtype)
    if pieces:
        parts = {
            n: own | ({"moved": pieces[n]} if n in pieces else {})
            for n, own in parameters["parts"].items()
        }
        parameters = {**parameters, "parts": parts}
    values = _values(parameters, sample.x, form)
    found = [_settled(values, k, sample, form) for k in range(form.outputs)]
    parts = {
        n: _rescaled(own, n, found[: form.width(n)])
        for n, own in parameters["parts"].items()
    }
    intercept = np.array([f.intercept for f in found])
    if form.outputs > 1:
        intercept -= intercept.mean()
    center = parameters["center"] - intercept.astype(dtype)
    return {**parameters, "parts": parts, "center": center}, intercept


def _settled(
    values: Mapping[str, np.ndarray], k: int, sample: Sample, form: Form
) -> Settling:
    """The constants by which the parts of output k are rescaled."""
    structure = form.structure
    raw = {n: values[n][:, : k + 1][:, -1:] for n in structure.names}
    columns = {n: values[n] for n in structure.direct}
    return Settling(structure, raw, columns, sample.w, form.order).settle()


def _values(parameters: Any, x: np.ndarray, form: Form) -> dict[str, np.ndarray]:
    """(n, width) of each part and column. x: (n, d)."""
    names = [*form.structure.names, *form.structure.direct]
    dtype = parameters["center"].dtype

    def every(x: np.ndarray) -> np.ndarray:
        values = values_of(parameters, x[None].astype(dtype), form)
        return np.concatenate([values[n][0] for n in names], axis=1)

    found = in_chunks(every, x).astype(float)
    ends = np.cumsum(
        [1 if n in form.structure.direct else form.width(n) for n in names]
    )
    return dict(zip(names, np.split(found, ends[:-1], axis=1), strict=True))


def _rescaled(own: Any, name: str, found: Sequence[Settling]) -> Any:
    """part = scale · part + shift; (argument - middle) / spread is as it was."""
    dtype = own["level"].dtype
    a = np.array([f.scale[name] for f in found], dtype)
    c = np.array([f.shift[name] for f in found], dtype)
    new = {**own, "level": a * own["level"] + c, "unit": a * own["unit"]}
    if "moved" in own:
        new["moved"] = [_times(piece, a) for piece in own["moved"]]
    if "middle" in own:
        scales, shifts = np.ones_like(own["middle"]), np.zeros_like(own["middle"])
        for (part, k), (factor, shift) in found[0].argument.items():
            if part == name:
                scales[..., k], shifts[..., k] = factor, shift
        new["middle"] = scales * own["middle"] + shifts
        new["spread"] = scales * own["spread"]
    return new


def _times(piece: Any, factor: np.ndarray) -> Any:
    (layer,) = piece["layers"]
    layer = {n: factor * a for n, a in layer.items()}
    return {**piece, "layers": [layer]}
