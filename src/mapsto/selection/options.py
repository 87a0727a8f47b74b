"""The choices that a user makes, checked before any work is done."""

from collections.abc import Iterable, Mapping, Sequence
from math import inf
from numbers import Integral, Real
from typing import Any

import numpy as np

from mapsto import catalogue
from mapsto.data.target import TRANSFORMS
from mapsto.errors import OptionError
from mapsto.families import LADDER
from mapsto.families.family import Dial, Family
from mapsto.selection.costs import as_pairs

TASKS = ("auto", "regression", "classification")
EFFORTS = ("quick", "normal", "thorough")
USES = ("best", "simplest")
MOST_GROUPS = 100
LARGEST_SEED = 2**31 - 1  # every generator takes it
TARGET = Dial(
    "target",
    "the space in which the target is fitted",
    None,
    lambda v: "" if v in TRANSFORMS else f"it must be one of {', '.join(TRANSFORMS)}",
)


COMPOSITION = "composition"
"""The family whose form is declared with `compose`."""


def choices_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """What a fit chose, as arguments for another. `record` is a model's."""
    climbed = [f.name for f in LADDER if f.name in record["rungs"]]
    families = tuple(name for name in climbed if name != "constant")
    known = {f.name: {d.name for d in dials_of(f)} for f in LADDER}
    composed = record["rungs"].get(COMPOSITION, {}).get("hyperparameters")
    columns = [*record["columns"], *record["aside"]]
    return {
        "target": record["target"],
        "task": record["task"],
        "score": record["score"],
        "kinds": {c["name"]: c["kind"] for c in columns},
        "costs": as_pairs(record),
        "monotone": {c["name"]: c["monotone"] for c in columns if "monotone" in c},
        "families": families,
        "hyperparameters": {
            name: {
                dial: value
                for dial, value in record["rungs"][name]["hyperparameters"].items()
                if dial in known[name] and value is not None
            }
            for name in families
        }
        | ({COMPOSITION: composed} if composed else {}),
        "compose": record.get("compose"),
    }


def one_of(option: str, value: Any, choices: Sequence[str]) -> Any:
    """The value itself, or an OptionError that names the choices."""
    if not isinstance(value, str) or value not in choices:
        raise OptionError(
            "option-unknown",
            option=option,
            value=value,
            near=catalogue.near(str(value), list(choices)),
            choices=catalogue.listed(list(choices)),
        )
    return value


def check_plain(
    *,
    task: Any,
    effort: Any,
    use: Any,
    adequate: Any,
    seed: Any,
    budget: Any,
    kinds: Any,
    monotone: Any,
    costs: Any,
    hyperparameters: Any,
    like: Any,
    backbone: Any,
    on_event: Any,
) -> None:
    """The arguments of `fit` that can be judged without the data."""
    check_common(effort, kinds, seed, monotone)
    one_of("task", task, TASKS)
    one_of("use", use, USES)
    _number("adequate", adequate, Real, 0, 1)
    if costs is not None:
        _mapping("costs", costs, '{"yes": 5.0}')
    if budget is not None:
        _number("budget", budget, Real, 0, inf)
    if hyperparameters is not None:
        _mapping("hyperparameters", hyperparameters, '{"line": {"penalty": 0.1}}')
    if like is not None and not hasattr(like, "record"):
        raise _bad("like", like, "give a model, such as mapsto.load returns")
    if like is not None and backbone is None and "backbone" in like.record:
        file = like.record["backbone"]["file"]
        problem = f"the earlier model looks through {file}: give it again"
        raise _bad("backbone", None, problem)
    if on_event is not None and not callable(on_event):
        raise _bad("on_event", on_event, "give a function that takes one event")


def check_common(effort: Any, kinds: Any, seed: Any, monotone: Any = None) -> None:
    """The arguments of every fit, of one family or of the ladder."""
    one_of("effort", effort, EFFORTS)
    _number("seed", seed, Integral, 0, LARGEST_SEED)
    if kinds is not None:
        _mapping("kinds", kinds, '{"zip": "category"}')
    if monotone is not None:
        _mapping("monotone", monotone, '{"area": 1, "age": -1}')
        for name, way in monotone.items():
            if isinstance(way, bool) or way not in (-1, 0, 1):
                problem = "give 1 to rise with the column, -1 to fall, 0 for neither"
                raise _bad(f"monotone[{name!r}]", way, problem)


def _number(option: str, value: Any, kind: type, least: float, most: float) -> None:
    good = isinstance(value, kind) and not isinstance(value, bool)
    if good and least <= value <= most:
        return
    what = "a whole number" if kind is Integral else "a number"
    span = f"{least} or more" if most == inf else f"from {least} to {most}"
    raise _bad(option, value, f"it must be {what}, {span}")


def _mapping(option: str, value: Any, such_as: str) -> None:
    if not isinstance(value, Mapping):
        raise _bad(option, value, f"give a mapping such as {such_as}")


def _bad(option: str, value: Any, problem: str) -> OptionError:
    return OptionError("option-bad", option=option, value=value, problem=problem)


def chosen_families(
    families: str | Sequence[str], compose: str | None = None
) -> tuple[Family, ...]:
    """The families to climb, in the ladder's order; the constant always among them.
    A composition is climbed wherever a structure is given; it may be named as well."""
    names = [f.name for f in LADDER] + ([COMPOSITION] if compose is not None else [])
    if isinstance(families, str) and families == "auto":
        return LADDER
    if not isinstance(families, Iterable):
        raise _bad("families", families, f"choose from {catalogue.listed(names)}")
    wanted = (families,) if isinstance(families, str) else tuple(families)
    for name in wanted:
        if name == COMPOSITION and compose is None:
            raise OptionError("compose-no-structure")
        one_of("families", name, names)
    return tuple(f for f in LADDER if f.name in wanted or f.name == "constant")


def chosen_group_families(families: Any, ladder: Sequence[Any]) -> tuple[Any, ...]:
    """The families of groups to climb, in the order of their `ladder`."""
    names = [f.name for f in ladder]
    if isinstance(families, str) and families == "auto":
        return tuple(ladder)
    wanted = (families,) if isinstance(families, str) else families
    if not isinstance(wanted, Iterable) or not (wanted := tuple(wanted)):
        raise _bad("families", families, f"choose from {catalogue.listed(names)}")
    for name in wanted:
        one_of("families", name, names)
    return tuple(f for f in ladder if f.name in wanted)


def check_groups(
    groups: Any, effort: Any, kinds: Any, seed: Any, budget: Any, on_event: Any
) -> None:
    """The arguments of `cluster` that can be judged without the data."""
    check_common(effort, kinds, seed)
    if groups is not None:
        _number("groups", groups, Integral, 1, MOST_GROUPS)
    if budget is not None:
        _number("budget", budget, Real, 0, inf)
    if on_event is not None and not callable(on_event):
        raise _bad("on_event", on_event, "give a function that takes one event")


def dials_of(family: Family) -> tuple[Dial, ...]:
    """Every hyperparameter that can be given to a family."""
    return (*family.dials, TARGET) if family.name != "constant" else ()


def checked_hyperparameters(
    given: Mapping[str, Mapping[str, Any]] | None, compose: str | None = None
) -> dict[str, dict[str, Any]]:
    """{"network": {"activation": "tanh"}}, each name and value checked; those of a
    composition are checked when its structure has been read."""
    families = {f.name: f for f in LADDER}
    told = {name: _plain(values) for name, values in (given or {}).items()}
    for name, values in told.items():
        if name == COMPOSITION and compose is None:
            raise OptionError("compose-no-structure")
        if name != COMPOSITION:
            one_of("hyperparameters", name, list(families))
        _mapping(f"hyperparameters[{name!r}]", values, '{"penalty": 0.1}')
        if name == COMPOSITION:
            continue
        dials = {d.name: d for d in dials_of(families[name])}
        for dial, value in values.items():
            one_of(f"hyperparameters[{name!r}]", dial, list(dials))
            problem = dials[dial].check(value)
            if problem:
                raise _bad(f"{name}.{dial}", value, problem)
    return told


def _plain(values: Any) -> Any:
    """NumPy's single values, as searches draw them, become Python's."""
    if not isinstance(values, Mapping):
        return values
    return {n: v.item() if isinstance(v, np.generic) else v for n, v in values.items()}
