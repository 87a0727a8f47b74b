"""What a composition computes: its parts, and the structure that joins them.

    part = level + unit · layers(inputs(x, arguments))
    eta  = (body(parts, columns) - center) / scale

A part that must be nowhere negative is unit · rectified(layers(...) + inside).
Every array has a leading member axis, as in a network. Of more than two classes, eta
and the parts of the body have one value for each (`composition_classes`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mapsto.families.activations import ACTIVATIONS, Activation
from mapsto.families.bounds import within
from mapsto.families.composition_classes import inner
from mapsto.families.inputs import SPLINE
from mapsto.families.layers import Drop, layers
from mapsto.families.network_form import seen
from mapsto.families.network_monotone import held
from mapsto.families.structure import PartOf, Structure
from mapsto.families.structure_order import Order
from mapsto.families.structure_terms import value_of

Bends = Callable[[str], Activation]
MOVED = SPLINE  # how a main effect that was moved is written


@dataclass(frozen=True)
class PartForm:
    """What of a part is not a parameter."""

    activation: str
    inputs: str
    residual: bool


@dataclass(frozen=True)
class Form:
    """What of a composition is not a parameter. `parts`: in the structure's order.
    `direct`: where in x the columns stand that are calculated with. `order`: to what
    the parts are held."""

    structure: Structure
    parts: tuple[PartForm, ...]
    direct: tuple[int, ...]
    classes: int
    order: Order = field(default_factory=Order)

    @property
    def outputs(self) -> int:
        """Columns of eta."""
        return self.classes if self.classes > 2 else 1

    def width(self, name: str) -> int:
        """How many values a part has for a row."""
        return 1 if name in inner(self.structure) else self.outputs


def composition(parameters: Any, x: Any, form: Form) -> Any:
    """x: (n, d) -> eta: (n, outputs); a quantity within what was seen, and a margin."""
    eta = eta_of(parameters, values_of(parameters, _spread(parameters, x), form), form)
    if form.classes:
        return eta[0]
    return within(parameters, eta[0])


def part(parameters: Any, x: Any, form: Form, name: str) -> Any:
    """x: (n, d) -> the value of one part: (n,), or (n, classes)."""
    value = values_of(parameters, _spread(parameters, x), form)[name][0]
    return value[:, 0] if form.width(name) == 1 else value


def _spread(parameters: Any, x: Any) -> Any:
    """x as every member sees it, in the parameters' precision."""
    xp = x.__array_namespace__()
    like = parameters["center"]
    return xp.broadcast_to(xp.astype(x, like.dtype), (like.shape[0], *x.shape))


def values_of(
    parameters: Any,
    x: Any,
    form: Form,
    bends: Bends = ACTIVATIONS.__getitem__,
    drop: Drop | None = None,
    held: Mapping[str, Any] | None = None,
    raw: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Every part, (members, n, width), and every column that is calculated with,
    (members, n, 1).

    x: (members, n, d). `held` gives some parts other values, `raw` what the layers of
    some parts answer.
    """
    values: dict[str, Any] = {}
    for k, name in enumerate(form.structure.direct):
        at = form.direct[k]
        own = parameters["direct"][name]
        values[name] = x[:, :, at : at + 1] * own["scale"] + own["center"]
    for k, name in enumerate(form.structure.order):
        declared, how = form.structure.part(name), form.parts[k]
        own = parameters["parts"][name]
        if raw is not None and name in raw:
            told = raw[name]
        else:
            h = seen(own, own["inputs"], shown(declared, own, values, x), how.inputs)
            told = layers(own["layers"], h, bends(how.activation), how.residual, drop)
        if name in form.order.positive:
            told = rectified(told + own["inside"])
        values[name] = own["level"] + own["unit"] * told + _moved(own, x)
        values |= {n: v for n, v in (held or {}).items() if n == name}
    return values


def rectified(x: Any) -> Any:
    """(x + √(x² + 4)) / 2, which rises and is nowhere negative, near 0 and near x; its
    slope fades slowly, so that a part that came near 0 everywhere can come back."""
    xp = x.__array_namespace__()
    u = xp.abs(x) + xp.sqrt(x * x + 4.0)
    return xp.where(x > 0, 0.5 * u, 2.0 / u)


def acting(parameters: Any) -> Any:
    """The parameters with weights that keep the directions of each part."""

    def acts(own: Any) -> Any:
        if "ways" not in own:
            return own
        rest = {n: a for n, a in own.items() if n != "ways"}
        return {**rest, "layers": held(own["layers"], own["ways"])}

    parts = {name: acts(own) for name, own in parameters["parts"].items()}
    return {**parameters, "parts": parts}


def shown(declared: PartOf, own: Any, values: Mapping[str, Any], x: Any) -> Any:
    """What a part sees, (members, n, inputs): its columns of x, then its arguments."""
    xp = x.__array_namespace__()
    blocks = [xp.take(x, own["columns"], axis=2)] if declared.columns else []
    if declared.arguments:
        told = [
            xp.broadcast_to(value_of(a, values), (*x.shape[:2], 1))
            for a in declared.arguments
        ]
        z = xp.concat(told, axis=2)
        blocks.append((z - own["middle"]) / own["spread"])
    return blocks[0] if len(blocks) == 1 else xp.concat(blocks, axis=2)


def _moved(own: Any, x: Any) -> Any:
    """The main effects that were taken from other parts, or given to them."""
    total = 0.0
    for piece in own.get("moved", ()):
        xp = x.__array_namespace__()
        z = xp.take(x, piece["columns"], axis=2)
        (layer,) = piece["layers"]
        h = seen(piece, piece["inputs"], z, MOVED)
        total = total + (h @ layer["w"] + layer["b"])
    return total


def eta_of(parameters: Any, values: Mapping[str, Any], form: Form) -> Any:
    """(members, n, outputs)."""
    whole = value_of(form.structure.body, values)
    return (whole - parameters["center"]) / parameters["scale"]
