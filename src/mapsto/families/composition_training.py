"""The parts of a composition side by side, for the descent.

Parts with layers of the same widths are stacked as if they were members of one
network, so that the step has as few operations as that of one network: it is compiled
sooner, and its products are larger. What the first layer sees is padded to the same
width; a zero that meets a weight of zero changes nothing.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import jax.numpy as jnp

from mapsto.families.composition_form import Bends, Form, shown, values_of
from mapsto.families.layers import layers
from mapsto.families.network_form import seen


def side_by_side(
    parameters: Any, x: Any, form: Form, bends: Bends
) -> Mapping[str, Any]:
    """As `values_of`, to rounding. x: (members, n, d)."""
    raw: dict[str, Any] = {}
    for names in _alike(parameters, form):
        raw |= _stacked(parameters, x, form, bends, names)
    return values_of(parameters, x, form, bends, raw=raw)


def _alike(parameters: Any, form: Form) -> list[list[str]]:
    """Groups of two parts and more that see columns only and have the same layers."""
    groups: dict[Hashable, list[str]] = {}
    for name, how in zip(form.structure.order, form.parts, strict=True):
        if not form.structure.part(name).arguments:
            own = parameters["parts"][name]["layers"]
            widths = tuple(layer["b"].shape[-1] for layer in own)
            key = (how.activation, how.residual, widths)
            groups.setdefault(key, []).append(name)
    return [names for names in groups.values() if len(names) > 1]


def _stacked(
    parameters: Any, x: Any, form: Form, bends: Bends, names: Sequence[str]
) -> dict[str, Any]:
    """What the layers of these parts answer, each (members, n, width)."""
    how = {n: form.parts[form.structure.order.index(n)] for n in names}
    parts = [parameters["parts"][n] for n in names]
    inputs = [
        seen(
            own, own["inputs"], shown(form.structure.part(n), own, {}, x), how[n].inputs
        )
        for n, own in zip(names, parts, strict=True)
    ]
    widest = max(h.shape[2] for h in inputs)
    h = jnp.concatenate([_padded(h, widest, 2) for h in inputs])
    several = [own["layers"] for own in parts]
    stacked = [
        {
            "w": jnp.concatenate([_padded(a["w"], widest, 1) for a in each])
            if number == 0
            else jnp.concatenate([a["w"] for a in each]),
            "b": jnp.concatenate([a["b"] for a in each]),
        }
        for number, each in enumerate(zip(*several, strict=True))
    ]
    first = how[names[0]]
    told = layers(stacked, h, bends(first.activation), first.residual)
    return dict(zip(names, jnp.split(told, len(names)), strict=True))


def _padded(a: Any, width: int, axis: int) -> Any:
    spare = [(0, 0)] * a.ndim
    spare[axis] = (0, width - a.shape[axis])
    return jnp.pad(a, spare)
