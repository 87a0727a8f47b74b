"""What an approximation says of itself in plain text. Reads the record only."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from mapsto import drawing
from mapsto.approximation.proof import count
from mapsto.languages import Words, words_of
from mapsto.words import wrapped

Record = Mapping[str, Any]
ENGLISH = words_of("en")


def summary(record: Record) -> str:
    """The network, how far it is from f, the proof, the sizes tried, the yardsticks."""
    return "\n".join(wrapped(part) for part in sentences(record, ENGLISH))


def story(record: Record, formula: str) -> str:
    """The summary, and the network written out."""
    told = wrapped(f"N({', '.join(record['names'])}) = {formula}", indent="    ")
    return f"{summary(record)}\n\n{told}"


def html(record: Record) -> str:
    """The same for a notebook: the curves, sentences, the sizes tried as a table."""
    words = ENGLISH
    said = [found(record, words), proof(record, words), yardsticks(record, words)]
    tried = [
        {"activation": a, "neurons": n, "largest error": number(e, words)}
        for a, n, e in record["tried"]
    ]
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in said if text)
    return _drawn(record, said[0]) + paragraphs + drawing.table(tried)


def _drawn(record: Record, told: str) -> str:
    """The network and its error along the only input; nothing for several."""
    if len(record["names"]) > 1:
        return ""
    x = [point[0] for point in record["samples"]["x"]]
    at = sorted(range(len(x)), key=x.__getitem__)
    return "".join(
        drawing.curve(
            [x[k] for k in at],
            [record["samples"][name][k] for k in at],
            None,
            None,
            told,
        )
        for name in ("network", "error")
    )


def sentences(record: Record, words: Words) -> list[str]:
    """Everything that it says, in a language."""
    parts = (found, proof, sizes, yardsticks)
    return [told for part in parts if (told := part(record, words))]


def domain(record: Record, words: Words = ENGLISH) -> str:
    """x in [-1, 1], y in [0, 2]."""
    ends = zip(record["names"], record["low"], record["high"], strict=True)
    told = words.APPROXIMATIONS["within"]
    return ", ".join(
        told.format(name=n, low=f"{a:g}", high=f"{b:g}") for n, a, b in ends
    )


def point(names: Sequence[str], values: Sequence[float]) -> str:
    return ", ".join(f"{n} = {v:.8g}" for n, v in zip(names, values, strict=True))


def found(record: Record, words: Words) -> str:
    """The network, and its largest error."""
    said = words.APPROXIMATIONS
    return said["found" if record["met"] else "not-met"].format(
        function=function(record, words),
        domain=domain(record, words),
        neurons=record["neurons"],
        units=said["unit" if record["neurons"] == 1 else "units"],
        activation=record["activation"],
        parameters=record["parameters"],
        precision=record["precision"],
        largest=f"{record['largest_weight']:.2g}",
        kind=said["relative-error" if record["relative"] else "error"],
        error=number(record["error"], words),
        where=point(record["names"], record["where"]),
        tol=number(record["tol"], words),
    )


def function(record: Record, words: Words) -> str:
    """What is approximated: an expression, a function by its name, so many samples."""
    told = str(record["function"])
    if record["unproved"] != "no-proof-samples":
        return told
    return words.APPROXIMATIONS["samples"].format(count=told.split()[0])


def proof(record: Record, words: Words) -> str:
    """What is proved, or why nothing is."""
    told = record["certificate"]
    if told is None:
        return words.APPROXIMATIONS[record["unproved"]]
    code = "proved-relative" if told["relative"] else "proved"
    return words.APPROXIMATIONS[code].format(
        bound=number(told["bound"], words),
        domain=domain(record, words),
        cells=count(told["cells"]),
        rounding=number(told["rounding"], words),
    )


def sizes(record: Record, words: Words) -> str:
    """Every size that was tried, and what is known of smaller ones."""
    said = words.APPROXIMATIONS
    if len(record["tried"]) < 2:
        return known(record, words)
    told = [
        f"{activation} {neurons}: {number(error, words)}"
        for activation, neurons, error in record["tried"]
    ]
    smallest = record["met"] and record["tol"] is not None
    head = said["smallest-found" if smallest else "sizes-tried"]
    listed = f"{', '.join(told)}{words.STOP}"
    return " ".join(filter(None, [known(record, words), head, listed]))


def known(record: Record, words: Words) -> str:
    """What is known of polygons, which ReLU networks are."""
    least = record["least"]
    few = least is None or least < 2  # that one is needed goes without saying
    return "" if few else words.APPROXIMATIONS["least"].format(least=least)


def yardsticks(record: Record, words: Words) -> str:
    """What polynomials and rational functions do with as many numbers."""
    if not record["yardsticks"]:
        return ""
    told = [f"{name} {number(e, words)}" for name, e in record["yardsticks"].items()]
    return words.APPROXIMATIONS["yardsticks"].format(
        numbers=record["parameters"], errors=", ".join(told)
    )


def number(value: float | None, words: Words = ENGLISH) -> str:
    return words.APPROXIMATIONS["unknown"] if value is None else f"{value:.3g}"
