"""The choices that a user makes, checked before any work is done."""

from collections.abc import Mapping, Sequence
from typing import Any

from mapsto import catalogue
from mapsto.data.target import TRANSFORMS
from mapsto.errors import OptionError
from mapsto.families import LADDER
from mapsto.families.family import Dial, Family

EFFORTS = ("quick", "normal", "thorough")
TARGET = Dial(
    "target",
    "the space in which the target is fitted",
    None,
    lambda v: "" if v in TRANSFORMS else f"it must be one of {', '.join(TRANSFORMS)}",
)


def one_of(option: str, value: Any, choices: Sequence[str]) -> Any:
    """The value itself, or an OptionError that names the choices."""
    if value not in choices:
        raise OptionError(
            "option-unknown",
            option=option,
            value=value,
            near=catalogue.near(str(value), list(choices)),
            choices=catalogue.listed(list(choices)),
        )
    return value


def chosen_families(families: str | Sequence[str]) -> tuple[Family, ...]:
    """The families to climb, in the ladder's order; the constant always among them."""
    names = [f.name for f in LADDER]
    if families == "auto":
        return LADDER
    wanted = (families,) if isinstance(families, str) else tuple(families)
    for name in wanted:
        one_of("families", name, names)
    return tuple(f for f in LADDER if f.name in wanted or f.name == "constant")


def dials_of(family: Family) -> tuple[Dial, ...]:
    """Every hyperparameter that can be given to a family."""
    return (*family.dials, TARGET) if family.name != "constant" else ()


def checked_hyperparameters(
    given: Mapping[str, Mapping[str, Any]] | None,
) -> dict[str, dict[str, Any]]:
    """{"network": {"activation": "tanh"}}, each name and value checked."""
    families = {f.name: f for f in LADDER}
    for name, values in (given or {}).items():
        one_of("hyperparameters", name, list(families))
        dials = {d.name: d for d in dials_of(families[name])}
        for dial, value in values.items():
            one_of(f"hyperparameters[{name!r}]", dial, list(dials))
            problem = dials[dial].check(value)
            if problem:
                raise OptionError(
                    "option-bad", option=f"{name}.{dial}", value=value, problem=problem
                )
    return {name: dict(values) for name, values in (given or {}).items()}
