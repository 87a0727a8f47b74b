"""The parts of a composition, each a function of its own."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from mapsto import catalogue, figures
from mapsto.rungs import aligned


@dataclass(frozen=True)
class Part:
    """One named part of a composition.

    `declared` is how it stands in the structure, `columns` what it depends on.
    `role` says by which convention its level and unit are told. `importance`: how far
    the prediction moves when the part is held at its mean, in standard deviations of
    the prediction. `range`: its least and greatest value on the rows learned from, in
    the target's units (of its logarithm or log-odds, where these are predicted).
    `curves`: for each column the points `at`, the mean `value` of the part there over
    the other columns, and its `standard_error`; of more than two classes, a list for
    each point, in the order of the model's. `graph` is the part as an ONNX file.
    """

    name: str
    declared: str
    columns: tuple[str, ...]
    role: str
    hyperparameters: Mapping[str, Any]
    importance: float
    range: tuple[float, float]
    curves: tuple[Mapping[str, Any], ...] = field(repr=False)
    graph: bytes = field(repr=False)
    predict: Callable[[Any], Any] = field(repr=False, compare=False)
    """data -> the part's value for each row, in the caller's type; of more than two
    classes, a column for each."""
    band: Callable[..., Any] = field(repr=False, compare=False)
    """(data, coverage=0.9) -> columns lower and upper, from the spread of the folds; of
    more than two classes, "lower a", … for each."""

    @property
    def family(self) -> str:
        """ "network", "curve" or "line"."""
        return str(self.hyperparameters["family"])

    @property
    def words(self) -> str:
        """What its level and unit mean."""
        return catalogue.ROLES[self.role]


@dataclass(frozen=True)
class Parts(Mapping[str, Part]):
    """The parts by name, in the order in which they are named. Prints as a table."""

    parts: Mapping[str, Part]

    def __getitem__(self, name: str) -> Part:
        return self.parts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    def rows(self) -> list[dict[str, str]]:
        """The table's cells as text."""
        return [
            row(p.declared, p.hyperparameters, p.importance, p.range, p.role)
            for p in self.parts.values()
        ]

    def __str__(self) -> str:
        return aligned(self.rows(), left=LEFT) if self.parts else "no parts"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


LEFT = ("part", "family", "convention")
LONGEST = 25  # letters of a part in a table, so that a line has no more than 80


def row(
    declared: str,
    hyperparameters: Mapping[str, Any],
    importance: float,
    span: tuple[float, float],
    role: str,
) -> dict[str, str]:
    """A part in a table."""
    return {
        "part": short(declared),
        "family": hyperparameters["family"],
        "importance": f"{importance:.2f}",
        "range": f"{figures.plain(span[0], 3)} to {figures.plain(span[1], 3)}",
        "convention": catalogue.ROLES[role],
    }


def short(declared: str) -> str:
    """A long name is cut."""
    return declared if len(declared) <= LONGEST else declared[: LONGEST - 1] + "…"
