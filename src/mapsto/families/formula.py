"""The formula: a short sum of composite terms, y = b + 3 x² - 2 log x + cos(5x).

    eta = b + Σ_k β_k term_k(x)

The terms are found by sparse search over up to some hundred thousand products of
powers, roots, logs, exponentials and waves (`formula_search`), judged by the extended
Bayesian information criterion (Chen & Chen 2008,
https://doi.org/10.1093/biomet/asn034), in which a prior that prefers short terms takes
the place of the size of the library:

    n log(Σ w r² / n) + Σ_k (log n · numbers_k + 2 parsimony · length_k)

For classes twice the negative log-likelihood stands in the first place.

A new row beyond the rows that were seen is not followed to infinity: composite terms
see columns no farther out than FARTHER times their range, and the sum stays as near
to its own. Plain columns go on as in the line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from mapsto.data.encoding import Plan
from mapsto.events import Progress, Watch
from mapsto.families.checks import number, some_of, whole
from mapsto.families.family import Dial, Family, Fitted, Sample, Task
from mapsto.families.formula_library import KINDS
from mapsto.families.formula_rows import Rows, Solution, make_rows, solve
from mapsto.families.formula_search import Effort, Search, dropped
from mapsto.families.formula_terms import (
    Columns,
    Term,
    evaluate,
    fitted_numbers,
    monomial,
)
from mapsto.families.formula_text import latex, text
from mapsto.families.formula_tuning import sound_among
from mapsto.threads import side_by_side

TERMS = {"quick": 6, "normal": 8, "thorough": 12}
EFFORTS = {
    "quick": Effort(1000, 3e7, 6, 6, ((100, 1), (1600, 99)), 1),
    "normal": Effort(1500, 6e7, 8, 12, ((100, 99), (400, 1), (1600, 99)), 2),
    "thorough": Effort(6000, 4e8, 12, 20, ((100, 99), (400, 1), (1600, 99)), 3),
}
MANY_ROWS = 3000
OF_MANY_ROWS = {"normal": Effort(1000, 3e7, 8, 12, ((100, 99), (400, 1)), 1)}
"""With more rows, half the work finds formulas within half a percent."""
ROWS_PER_TERM = 8
FARTHER = 0.5  # of a range


def formula(parameters: Any, x: Any, *, terms: tuple[Term, ...]) -> Any:
    """eta = b + Σ β_k term_k. x: (n, d), β: (k, outputs), b: (outputs,)."""
    xp = x.__array_namespace__()
    if not terms:
        return xp.zeros((x.shape[0], 1)) + parameters["intercept"]
    values = [
        evaluate(term, own_units(parameters, x, term.plain), seen)
        for term, seen in zip(terms, parameters["seen"], strict=True)
    ]
    eta = xp.stack(values, axis=1) @ parameters["beta"] + parameters["intercept"]
    if all(term.plain for term in terms):
        return eta
    return xp.minimum(xp.maximum(eta, parameters["least"]), parameters["most"])


def own_units(parameters: Any, x: Any, free: bool) -> Columns:
    """The columns of x in their own units.

    Where it is not `free`, a column is held to its seen range [low, high] or, where
    that is not asked for, to FARTHER times its length beyond.
    """

    def column(i: int, held: bool) -> Any:
        raw = x[:, i] * parameters["scale"][i] + parameters["center"][i]
        if free:
            return raw
        xp = raw.__array_namespace__()
        low, high = parameters["low"][i], parameters["high"][i]
        room = 0.0 if held else FARTHER * (high - low)
        return xp.minimum(xp.maximum(raw, low - room), high + room)

    return column


class Formula(Family):
    """A short sum of terms, chosen by an information criterion."""

    name = "formula"
    dials: tuple[Dial, ...] = (
        Dial("terms", "most terms of the sum", None, whole(1)),
        Dial("parsimony", "how much long terms are distrusted", 1.0, number(0)),
        Dial("functions", "what terms may be made of", KINDS, some_of(KINDS)),
    )
    rehearsal = {"terms": 4}

    def sees(self, given: Mapping[str, Any]) -> Plan:
        return Plan(clip=False, one_hot=30, many="mean")

    def fit(
        self,
        samples: Sequence[Sample],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> list[Fitted]:
        done: list[int] = []

        def one(k: int) -> Fitted:
            fitted = _fit(samples[k], task, _dials(given, effort), effort, seed, watch)
            done.append(k)
            watch.tell(Progress(self.name, len(done) / len(samples)))
            return fitted

        return side_by_side(one, range(len(samples)))

    def refit(
        self,
        sample: Sample,
        fits: Sequence[Fitted],
        task: Task,
        given: Mapping[str, Any],
        effort: str,
        seed: int,
        watch: Watch,
    ) -> Fitted:
        dials = _dials(given, effort)
        return _fit(sample, task, dials, effort, seed, watch, _found(sample, fits))


def _found(sample: Sample, fits: Sequence[Fitted]) -> list[tuple[Term, ...]]:
    """The terms of each fold that has as many columns as the sample."""
    columns = sample.x.shape[1]
    alike = (f.function for f in fits if len(f.parameters["scale"]) == columns)
    return [told.keywords["terms"] for told in alike if isinstance(told, partial)]


def _dials(given: Mapping[str, Any], effort: str) -> dict[str, Any]:
    dials = {dial.name: dial.default for dial in Formula.dials} | dict(given)
    dials["terms"] = dials["terms"] or TERMS[effort]
    dials["functions"] = tuple(dials["functions"])
    return dials


def _fit(
    sample: Sample,
    task: Task,
    dials: dict[str, Any],
    effort: str,
    seed: int,
    watch: Watch,
    known: Sequence[tuple[Term, ...]] = (),
) -> Fitted:
    """Search on some of the rows; coefficients, and what is dropped, from all.

    known: terms that were found on other rows. The best of them and of what is found
    here is kept: a search has luck, and all rows can judge.
    """
    rows, work = make_rows(sample, task), EFFORTS[effort]
    if len(sample.y) > MANY_ROWS:
        work = OF_MANY_ROWS.get(effort, work)
    if task.outputs > 1:  # a logistic regression of many classes takes its time
        work = replace(work, starts=work.starts[:1], climbs=1)
    some = rows.some(work.rows, seed)
    most = min(dials["terms"], max(int(some.size / ROWS_PER_TERM), 1))
    search = Search(some, most, dials["parsimony"], dials["functions"], work, watch)
    whole = replace(search, rows=rows)
    found = [sound_among(rows, terms) for terms in (search.run().terms, *known)]
    best = whole.best([solve(rows, terms) for terms in found])
    return _fitted(dropped(best, rows, whole.cost), rows, sample, dials)


def _fitted(
    found: Solution, rows: Rows, sample: Sample, dials: dict[str, Any]
) -> Fitted:
    scale = np.array([f.scale for f in sample.features])
    least, most = found.eta.min(axis=0), found.eta.max(axis=0)
    room = FARTHER * (most - least)
    parameters = {
        "beta": found.beta,
        "intercept": found.intercept,
        "scale": np.where(np.isfinite(scale), scale, 0.0),
        "center": np.array([f.center for f in sample.features]),
        "low": rows.raw.min(axis=0),
        "high": rows.raw.max(axis=0),
        "least": least - room,
        "most": most + room,
        "seen": _seen(rows, found.terms),
    }
    inside = sum(fitted_numbers(t) for t in found.terms)
    size = found.beta.size + found.intercept.size + inside
    function = partial(formula, terms=found.terms)
    return Fitted(function, parameters, size, dials, _details(found, rows, sample))


def _seen(rows: Rows, terms: Sequence[Term]) -> np.ndarray:
    """The range of each exponential's argument, (k, 2); 0 where there is none."""
    seen = np.zeros((len(terms), 2))
    for k, term in enumerate(terms):
        if term.function == "exp":
            u = term.rate * monomial(term.inner, lambda i, held: rows.raw[:, i])
            seen[k] = u.min(), u.max()
    return seen


def _details(found: Solution, rows: Rows, sample: Sample) -> dict[str, Any]:
    names = [f.name for f in sample.features]
    told = [text(term, names) for term in found.terms]
    count = "1 term" if len(told) == 1 else f"{len(told)} terms"
    return {
        "words": f"{count}: {', '.join(told)}"
        if told
        else "no term is worth its price",
        "terms": {
            "features": told,
            "latex": [latex(term, names) for term in found.terms],
            "coefficients": found.beta.tolist(),
            "standard_errors": None if found.errors is None else found.errors.tolist(),
            "intercept": found.intercept.tolist(),
            "sizes": rows.values(found.terms).std(axis=0).tolist(),
        },
    }
