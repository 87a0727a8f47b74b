"""The hyperparameters of a composition, and those of each of its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mapsto import catalogue
from mapsto.errors import OptionError
from mapsto.families import network_dials, network_monotone
from mapsto.families.checks import one_of
from mapsto.families.family import Dial, Sample, Task
from mapsto.families.inputs import KINDS, SPLINE
from mapsto.families.structure import Structure
from mapsto.families.structure_order import Order

NETWORK = {d.name: d for d in network_dials.DIALS}
SHOWN = (*KINDS, SPLINE)
NETWORK["inputs"] = replace(NETWORK["inputs"], check=one_of(SHOWN))
MONOTONE = "monotone"
OF_ALL = ("learning_rate", "schedule", "epochs", "stopping", "batch")
SHRINKING = {"dropout": 0.0, "weight_decay": 0.02}
DIALS: tuple[Dial, ...] = (
    *(NETWORK[name] for name in OF_ALL),
    *(replace(NETWORK[n], default=value) for n, value in SHRINKING.items()),
)


def _ways(value: Any) -> str:
    if isinstance(value, Mapping) and all(
        type(way) is int and way in (1, -1) for way in value.values()
    ):
        return ""
    return 'it must be a mapping such as {"age": -1}, of 1 to rise and -1 to fall'


PART = {
    **NETWORK,
    MONOTONE: Dial(
        MONOTONE, "its own numbers with which it rises or falls", None, _ways
    ),
}

PART_FAMILIES: Mapping[str, Mapping[str, Any]] = {
    "network": {"inputs": SPLINE, "bins": 6},
    "curve": {"inputs": SPLINE, "bins": 12, "hidden": (), "embedding": 1},
    "line": {"inputs": "raw", "hidden": (), "embedding": 1},
}
"""What a part of each family is: a network; a sum of smooth curves, one for each
input; a sum of lines."""

PART_DIALS: Mapping[str, tuple[str, ...]] = {
    "network": (
        *("hidden", "activation", "inputs", "bins", "frequencies", "spread"),
        *("embedding", "residual", MONOTONE),
    ),
    "curve": ("bins", MONOTONE),
    "line": (MONOTONE,),
}
"""Which dials can be given to a part of each family."""

EPOCHS = {"quick": 40, "normal": 100, "thorough": 250}
HIDDEN = {"quick": (64, 64), "normal": (64, 64), "thorough": (128, 128)}


def chosen(
    given: Mapping[str, Any],
    structure: Structure,
    samples: Sequence[Sample],
    task: Task,
    effort: str,
    order: Order | None = None,
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Every hyperparameter of the descent, and of each part by name."""
    own = {d.name: d.default for d in DIALS if d.default is not None}
    own |= {"epochs": EPOCHS[effort], "members": 1}
    own |= {n: v for n, v in given.items() if n not in structure.names}
    dials = network_dials.chosen(own, samples, task, effort)
    order = order or Order()
    parts = {
        name: _part(name, given.get(name, {}), effort, order)
        for name in structure.names
    }
    kept = [d.name for d in DIALS]
    return {n: dials[n] for n in (*kept, "members", "averaging")}, parts


def _part(
    name: str, given: Mapping[str, Any], effort: str, order: Order
) -> dict[str, Any]:
    family, held = given.get("family", "network"), order.of(name)
    dials = {n: d.default for n, d in NETWORK.items() if n in PART_DIALS["network"]}
    activation = network_monotone.ACTIVATION if held else network_dials.ACTIVATION
    dials |= {"activation": activation, "hidden": HIDDEN[effort]}
    dials |= {**PART_FAMILIES[family], **given}
    if held and family == "network":
        network_monotone.check_rising(
            dials["activation"], f"composition.{name}.activation"
        )
    return {**dials, "family": family, "hidden": tuple(dials["hidden"])}


def told(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Of each part, the dials that its family has."""
    return {name: {n: dials[n] for n in _shown(dials)} for name, dials in parts.items()}


def _shown(dials: Mapping[str, Any]) -> list[str]:
    return [n for n in ("family", *PART_DIALS[dials["family"]]) if n in dials]


def check(
    given: Mapping[str, Any], structure: Structure, dials: Sequence[Dial] = DIALS
) -> None:
    """Raise an OptionError for what is no part and no dial, or has no such value.

    A part's name comes before a dial's of the same name.
    """
    own = {d.name: d for d in dials}
    for name, value in given.items():
        if name in structure.names:
            _check_part(name, value)
        elif name in own:
            _check_value(f"composition.{name}", own[name], value)
        else:
            option, choices = 'hyperparameters["composition"]', [*structure.names, *own]
            raise _unknown(option, name, choices)


def _check_part(name: str, given: Any) -> None:
    option = f"composition.{name}"
    if not isinstance(given, Mapping):
        problem = 'give a mapping such as {"family": "curve"}'
        raise OptionError("option-bad", option=option, value=given, problem=problem)
    family = given.get("family", "network")
    if family not in PART_FAMILIES:
        raise _unknown(f"{option}.family", family, list(PART_FAMILIES))
    for dial, value in given.items():
        if dial != "family" and dial not in PART_DIALS[family]:
            raise _unknown(option, dial, ["family", *PART_DIALS[family]])
        if dial != "family":
            _check_value(f"{option}.{dial}", PART[dial], value)


def _check_value(option: str, dial: Dial, value: Any) -> None:
    problem = dial.check(value)
    if problem:
        raise OptionError("option-bad", option=option, value=value, problem=problem)


def _unknown(option: str, value: Any, choices: list[str]) -> OptionError:
    return OptionError(
        "option-unknown",
        option=option,
        value=value,
        near=catalogue.near(str(value), choices),
        choices=catalogue.listed(choices, 20),
    )
