"""The contract: every family on every problem of the gallery.

Each cell states what must happen. "recovers": on fresh rows, what the function
misses of the truth is small beside what there is to learn. "fails": it stays far
from the truth, and a verdict says so. "partly" claims neither.
"""

from functools import cache

import numpy as np
import pytest
from problems import PROBLEMS, Problem, Table

import mapsto
from mapsto.model import Model

MISSED = 0.10  # share of the truth's variance that "recovers" may miss on fresh rows
FAR = 0.30  # share of it that "fails" misses at least

RECOVERS: dict[str, set[str]] = {
    "line": {"line", "collinear", "weights", "heteroscedastic", "rare", "text"},
    "formula": {
        "line",
        "cubic",
        "cosine",
        "additive",
        "interaction",
        "xor",
        "rings",
        "rare",
        "collinear",
        "weights",
        "heteroscedastic",
    },
    "curve": {
        "line",
        "cubic",
        "cosine",
        "additive",
        "interaction",
        "moons",
        "rings",
        "letters",
        "rare",
        "collinear",
        "weights",
        "heteroscedastic",
        "text",
        "dates",
    },
    "network": {
        "line",
        "cubic",
        "cosine",
        "additive",
        "interaction",
        "xor",
        "moons",
        "rings",
        "letters",
        "collinear",
        "weights",
        "heteroscedastic",
        "text",
        "dates",
    },
    "space": {
        "line",
        "cubic",
        "cosine",
        "additive",
        "interaction",
        "xor",
        "moons",
        "rings",
        "letters",
        "collinear",
        "weights",
        "heteroscedastic",
        "text",
        "dates",
    },
    "steps": {"step", "letters", "weights", "heteroscedastic", "text"},
}
FAILS: dict[str, set[str]] = {
    "constant": set(PROBLEMS) - {"noise"},
    "line": {"cosine", "interaction", "xor", "rings"},
}
SAYS_SO = {"nothing-learned", "underfitting"}
CELLS = [(f, p, "recovers") for f, names in RECOVERS.items() for p in sorted(names)] + [
    (f, p, "fails") for f, names in FAILS.items() for p in sorted(names)
]


@cache
def fitted(family: str, name: str) -> Model:
    problem = PROBLEMS[name]
    table, _ = problem.draw(seed=0)
    return mapsto.fit(
        table,
        "y",
        families=(family,),
        task=problem.task,
        weights=problem.weights,
        effort="quick",
    )


def missed(model: Model, problem: Problem, family: str) -> float:
    """The share of what there is to learn that the function misses on fresh rows."""
    table, truth = problem.draw(seed=1, rows=1000)
    told = _told(model, table, family)
    floor = truth.mean(axis=0)
    return float(((told - truth) ** 2).mean() / ((floor - truth) ** 2).mean())


def _told(model: Model, table: Table, family: str) -> np.ndarray:
    rung = model.rungs[family]
    if model.task == "regression":
        return np.asarray(rung.predict(table))
    return np.stack(list(rung.predict_proba(table).values()), axis=1)


@pytest.mark.parametrize(("family", "name", "outcome"), CELLS)
def test_recovers_or_says_that_it_does_not(family, name, outcome):
    model = fitted(family, name)

    share = missed(model, PROBLEMS[name], family)

    if outcome == "recovers":
        assert share < MISSED
    else:
        assert share > FAR
        assert SAYS_SO & {v.code for v in model.verdicts}


@pytest.mark.parametrize("family", sorted(RECOVERS))
def test_nothing_is_learned_from_noise(family):
    """On pure noise the constant stays the simplest adequate, and a verdict says so."""
    model = fitted(family, "noise")

    assert model.simplest.family == "constant"
    assert "nothing-learned" in {v.code for v in model.verdicts}
    floor, rung = model.rungs["constant"], model.rungs[family]
    assert rung.score > floor.score - 2 * rung.standard_error


@pytest.mark.parametrize("family", sorted({*RECOVERS, *FAILS}))
def test_one_row_is_as_its_batch(family):
    name = "text" if family != "constant" else "line"
    table, _ = PROBLEMS[name].draw(seed=2, rows=40)
    model = fitted(family, name)
    whole = _told(model, table, family)

    rows = [
        _told(model, {k: v[i : i + 1] for k, v in table.items()}, family)[0]
        for i in range(5)
    ]

    assert np.stack(rows) == pytest.approx(whole[:5], abs=1e-6)


@pytest.mark.parametrize("family", sorted({*RECOVERS, *FAILS}))
def test_saved_and_loaded_is_the_same(family, tmp_path):
    model = fitted(family, "line")
    table, _ = PROBLEMS["line"].draw(seed=3, rows=200)

    model.save(tmp_path / "a.mapsto")
    again = mapsto.load(tmp_path / "a.mapsto")

    assert (again.predict(table) == model.predict(table)).all()
    assert again.record == model.record


@pytest.mark.parametrize("family", sorted(RECOVERS))
def test_same_seed_same_bits(family):
    table, _ = PROBLEMS["line"].draw(seed=0)

    again = mapsto.fit(table, "y", families=(family,), effort="quick")

    assert again.graphs == fitted(family, "line").graphs
