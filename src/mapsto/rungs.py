"""What a model tells of its functions: each rung, and the ladder they make."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mapsto import drawing, figures, latex


@dataclass(frozen=True)
class Rung:
    """One kept function.

    `score` is from rows that the function was not trained on, `train_score` from
    rows that it was. `parameters` counts what training computed, `hyperparameters`
    are what was chosen; `given` names those that the user set.
    """

    family: str
    score: float
    standard_error: float
    train_score: float
    parameters: int
    hyperparameters: Mapping[str, Any]
    given: tuple[str, ...]
    seconds: float
    words: str
    details: Mapping[str, Any] = field(repr=False)
    predict: Callable[[Any], Any] = field(repr=False, compare=False)
    predict_proba: Callable[[Any], Any] = field(repr=False, compare=False)
    predict_interval: Callable[..., Any] = field(repr=False, compare=False)

    def formula(self, most: int = 12) -> str:
        """The function as text, its largest terms first; at most `most` of them."""
        told = self.details.get("formula")
        return formula_text(told, most) if told else self.words

    def latex(self) -> str:
        """The formula in LaTeX, one line per output; "" where its terms have none."""
        told = self.details.get("formula", {})
        if not all("latex" in t for output in told.values() for t in output["terms"]):
            return ""
        return "\n".join(formula_latex(name, output) for name, output in told.items())


def formula_text(told: Mapping[str, Any], most: int) -> str:
    """A line for each output's intercept and each of its terms (`record.formula`)."""
    lines = []
    for name, output in told.items():
        terms = output["terms"]
        lines.append(f"{name} = {figures.plain(output['intercept'])}")
        for term in terms[:most]:
            sign = "-" if term["coefficient"] < 0 else "+"
            size, error = abs(term["coefficient"]), term.get("standard_error")
            told_size, told_error = figures.with_error(size, error or 0.0)
            spread = f" (± {told_error})" if error else ""
            lines.append(f"    {sign} {told_size}{spread} · {term['feature']}")
        if len(terms) > most:
            lines.append(f"    … and {len(terms) - most} smaller terms")
    return "\n".join(lines)


def formula_latex(name: str, output: Mapping[str, Any]) -> str:
    r"""price = 3.2 + 0.5 \, x^{2} - \frac{y}{z}."""
    sum_of = latex.number(output["intercept"])
    for term in output["terms"]:
        sign = "-" if term["coefficient"] < 0 else "+"
        size = latex.number(abs(term["coefficient"]))
        sum_of += rf" {sign} {size} \, {term['latex']}"
    return rf"{latex.name(name)} = {sum_of}"


@dataclass(frozen=True)
class Ladder(Mapping[str, Rung]):
    """The rungs by name, in order of capacity. Prints as a table."""

    rungs: Mapping[str, Rung]
    score: str
    best: str
    simplest: str

    def __getitem__(self, name: str) -> Rung:
        return self.rungs[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.rungs)

    def __len__(self) -> int:
        return len(self.rungs)

    def rows(self) -> list[dict[str, str]]:
        """The table's cells as text."""
        return [
            {
                "rung": r.family,
                self.score: " ± ".join(figures.with_error(r.score, r.standard_error)),
                "train": _like(r.train_score, r.standard_error),
                "parameters": figures.count(r.parameters),
                "time": figures.seconds(r.seconds),
                "": self._mark(r.family),
            }
            for r in self.rungs.values()
        ]

    def _mark(self, name: str) -> str:
        marks = []
        if name == self.simplest:
            marks.append("simplest adequate")
        if name == self.best:
            marks.append("best")
        return "← " + ", ".join(marks) if marks else ""

    def to_frame(self) -> dict[str, list[Any]]:
        """Columns of plain values: pandas.DataFrame(ladder.to_frame()) and the like."""
        rungs = list(self.rungs.values())
        names = ("family", "score", "standard_error", "train_score", "parameters")
        columns: dict[str, list[Any]] = {
            n: [getattr(r, n) for r in rungs] for n in names
        }
        columns["hyperparameters"] = [dict(r.hyperparameters) for r in rungs]
        columns["seconds"] = [r.seconds for r in rungs]
        columns["words"] = [r.words for r in rungs]
        return columns

    def to_dict(self) -> dict[str, Any]:
        return {"score": self.score, "best": self.best, "simplest": self.simplest} | (
            self.to_frame()
        )

    def __str__(self) -> str:
        return aligned(self.rows(), left=("rung", ""))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        rows = self.rows()
        told = "; ".join(f"{row['rung']} {row[self.score]}" for row in rows)
        return drawing.rungs(self._drawn(rows), told) + drawing.table(rows)

    def _drawn(self, rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
        return [
            {
                "label": r.family,
                "score": r.score,
                "error": r.standard_error,
                "told": row[self.score],
                "best": r.family == self.best,
            }
            for r, row in zip(self.rungs.values(), rows, strict=True)
        ]


def _like(value: float, error: float) -> str:
    return figures.with_error(value, error)[0]


def aligned(rows: Sequence[Mapping[str, str]], left: Sequence[str] = ()) -> str:
    """Rows of cells as a table of aligned columns; `left` names left-aligned ones."""
    names = list(rows[0])
    wide = {n: max(len(n), *(len(row[n]) for row in rows)) for n in names}

    def line(cells: Mapping[str, str]) -> str:
        told = [
            cells[n].ljust(wide[n]) if n in left else cells[n].rjust(wide[n])
            for n in names
        ]
        return "  ".join(told).rstrip()

    return "\n".join([line({n: n for n in names}), *(line(row) for row in rows)])
