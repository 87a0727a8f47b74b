"""What an approximation says of itself in plain text. Reads the record only."""

from collections.abc import Mapping
from html import escape
from typing import Any

from mapsto import catalogue, drawing
from mapsto.words import wrapped

Record = Mapping[str, Any]


def summary(record: Record) -> str:
    """The network, how far it is from f, the proof, the sizes tried, the yardsticks."""
    parts = [_found(record), _proof(record), _sizes(record), _yardsticks(record)]
    return "\n".join(wrapped(part) for part in parts if part)


def story(record: Record, formula: str) -> str:
    """The summary, and the network written out."""
    told = wrapped(f"N({', '.join(record['names'])}) = {formula}", indent="    ")
    return f"{summary(record)}\n\n{told}"


def html(record: Record) -> str:
    """The same for a notebook: sentences, and the sizes tried as a table."""
    said = [_found(record), _proof(record), _yardsticks(record)]
    sizes = [
        {"activation": a, "neurons": n, "largest error": _number(e)}
        for a, n, e in record["tried"]
    ]
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in said if text)
    return paragraphs + drawing.table(sizes)


def _say(code: str, **parameters: Any) -> str:
    return catalogue.APPROXIMATIONS[code].format(**parameters)


def domain(record: Record) -> str:
    """x in [-1, 1], y in [0, 2]."""
    ends = zip(record["names"], record["low"], record["high"], strict=True)
    return ", ".join(f"{n} in [{a:g}, {b:g}]" for n, a, b in ends)


def point(names: list[str], values: list[float]) -> str:
    return ", ".join(f"{n} = {v:.8g}" for n, v in zip(names, values, strict=True))


def _found(record: Record) -> str:
    code = "found" if record["met"] else "not-met"
    return _say(
        code,
        function=record["function"],
        domain=domain(record),
        neurons=record["neurons"],
        units="neuron" if record["neurons"] == 1 else "neurons",
        activation=record["activation"],
        parameters=record["parameters"],
        precision=record["precision"],
        largest=f"{record['largest_weight']:.2g}",
        kind="relative error" if record["relative"] else "error",
        error=_number(record["error"]),
        where=point(record["names"], record["where"]),
        tol=_number(record["tol"]),
    )


def _proof(record: Record) -> str:
    proof = record["certificate"]
    if proof is None:
        return _say(record["unproved"])
    code = "proved-relative" if proof["relative"] else "proved"
    return _say(
        code,
        bound=_number(proof["bound"]),
        domain=domain(record),
        cells=len(proof["cells"]) - 1,
        rounding=_number(proof["rounding"]),
    )


def _sizes(record: Record) -> str:
    """Every size that was tried, and what is known of smaller ones."""
    least = record["least"]
    known = "" if least is None else _say("least", least=least)
    if len(record["tried"]) < 2:
        return known
    told = [
        f"{activation} {neurons}: {_number(error)}"
        for activation, neurons, error in record["tried"]
    ]
    smallest = record["met"] and record["tol"] is not None
    head = _say("smallest-found" if smallest else "sizes-tried")
    return " ".join(filter(None, [known, head, f"{', '.join(told)}."]))


def _yardsticks(record: Record) -> str:
    if not record["yardsticks"]:
        return ""
    told = [f"{name} {_number(e)}" for name, e in record["yardsticks"].items()]
    return _say("yardsticks", numbers=record["parameters"], errors=", ".join(told))


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3g}"
