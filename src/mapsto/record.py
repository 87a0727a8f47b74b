"""What is written down of a fit: the record, and one graph per rung."""

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from mapsto import catalogue
from mapsto.families.member import Member
from mapsto.graph.nodes import model_graph
from mapsto.graph.run import ERROR
from mapsto.honesty import conformal
from mapsto.honesty.optimism import corrected_score
from mapsto.honesty.outside import fit_limits, outside
from mapsto.scores import accuracy, mean_cost, r2
from mapsto.selection import parts
from mapsto.selection.crossval import Candidate
from mapsto.selection.ladder import Choice
from mapsto.selection.problem import Origin, Problem
from mapsto.verdict import Verdict

PACKAGES = ("mapsto", "numpy", "jax", "lightgbm", "scikit-learn", "onnxruntime")
COVERAGE = 0.9


def function_graph(candidate: Candidate, problem: Problem) -> bytes:
    """The rung's whole function: typed columns in, prediction and interval out."""
    limits = fit_limits(problem.columns)
    classes, fresh = problem.task.classes, problem.fresh
    if classes:
        sets = conformal.fit_sets(fresh.y, candidate.oof)
    else:
        tails = conformal.fit_intervals(fresh.y, candidate.oof, fresh.folds)

    def regression(t: Any, coverage: Any) -> dict[str, Any]:
        prediction = candidate(t)
        lower, upper = conformal.interval(tails, prediction, coverage)
        return {
            "prediction": prediction,
            "lower": lower,
            "upper": upper,
            "outside": outside(limits, t),
        }

    def classification(t: Any, coverage: Any) -> dict[str, Any]:
        probability = candidate(t)
        return {
            "probability": probability,
            "set": conformal.prediction_set(sets, probability, coverage),
            "outside": outside(limits, t),
        }

    function = classification if classes else regression
    return model_graph(problem.columns, function, candidate.family, problem.extractor)


def part_graphs(candidate: Candidate, problem: Problem) -> dict[str, bytes]:
    """Each part of a composition as a function of its own columns, by the name
    "composition.part"."""
    return {
        f"{candidate.family}.{name}": _part_graph(candidate, problem, name)
        for name in parts.form_of(candidate.members[0]).structure.names
    }


def _part_graph(candidate: Candidate, problem: Problem, name: str) -> bytes:
    """Typed columns in, the part's value and its standard error out."""
    own = parts.own_columns(candidate, problem, name)
    told = parts.with_error(candidate, name)

    def function(t: Any, coverage: Any) -> dict[str, Any]:
        value, error = told(parts.widened(problem.columns, own, t))
        return {"prediction": value, ERROR: error}

    return model_graph(own, function, f"the part {name}", problem.extractor)


def rung_record(
    candidate: Candidate, problem: Problem, origin: Origin, costs: Any = None
) -> dict[str, Any]:
    """What the model keeps of a rung besides its graph."""
    details, fresh = dict(candidate.details), problem.fresh
    covered, size = conformal.measured_coverage(
        fresh.y, candidate.oof, fresh.folds, problem.task.classes, COVERAGE
    )
    if "terms" in details:
        terms, member = details.pop("terms"), candidate.members[0]
        target, labels = origin.target.name, origin.target.labels.tolist()
        details["formula"] = formula(terms, member, target, labels)
    if "structure" in details:
        details["parts"] = parts.parts_of(candidate, problem)
    return {
        "score": candidate.score,
        "standard_error": candidate.standard_error,
        "train_score": candidate.train_score,
        "parameters": candidate.size,
        "hyperparameters": plain(candidate.hyperparameters),
        "given": list(candidate.given),
        "seconds": candidate.seconds,
        "words": details.get("words", candidate.family),
        "also": _also(candidate, problem, costs),
        "coverage": {"asked": COVERAGE, "measured": covered, "size": size},
        "details": plain(details),
    }


def _also(candidate: Candidate, problem: Problem, costs: Any) -> dict[str, float]:
    fresh = problem.fresh
    rows = fresh.y, candidate.oof, fresh.w
    if problem.task.classes and costs is not None:
        by_costs, plainly = (mean_cost(*rows, costs, by) for by in (costs, None))
        also = {"cost": by_costs, "cost_of_most_probable": plainly}
        return {"accuracy": accuracy(*rows), **also}
    if problem.task.classes:
        return {"accuracy": accuracy(*rows)}
    return {"r2": r2(fresh.y, candidate.oof, fresh.w)}


def formula(
    terms: Mapping[str, Any], member: Member, target: str, labels: Sequence[Any]
) -> dict[str, Any]:
    """{output: intercept, terms}, in the target's units, the largest terms first."""
    scales = [f.scale for f in member.encoding.features]
    sizes = terms.get("sizes") or [s if np.isfinite(s) else 0.0 for s in scales]
    unit, shift = member.target.scale, member.target.center
    told = {}
    for k, name in enumerate(_outputs(member, target, labels)):
        listed = [
            {
                "feature": feature,
                "coefficient": unit * terms["coefficients"][j][k],
                "standard_error": unit * terms["standard_errors"][j][k]
                if terms["standard_errors"]
                else None,
                "effect": unit * terms["coefficients"][j][k] * sizes[j],
                **({"latex": terms["latex"][j]} if "latex" in terms else {}),
            }
            for j, feature in enumerate(terms["features"])
        ]
        listed.sort(key=lambda term: -abs(term["effect"]))
        told[name] = {
            "intercept": shift + unit * terms["intercept"][k],
            "terms": listed,
        }
    return told


def _outputs(member: Member, target: str, labels: Sequence[Any]) -> list[str]:
    """What each column of eta stands for: the target, its logarithm, or classes."""
    if len(labels) == 0:
        return [f"log({target})" if member.target.transform == "log" else target]
    if len(labels) == 2:
        return [catalogue.OUTPUTS["log-odds"].format(label=labels[1])]
    return [catalogue.OUTPUTS["score"].format(label=label) for label in labels]


def make_record(
    problem: Problem,
    origin: Origin,
    rungs: Sequence[Candidate],
    choice: Choice,
    verdicts: Sequence[Verdict],
    portrait: Mapping[str, Any],
    options: Mapping[str, Any],
) -> dict[str, Any]:
    """The JSON part of a .mapsto file."""
    extractor = problem.extractor
    seen = {} if extractor is None else {"backbone": extractor.to_dict()}
    return plain(
        {
            "target": origin.target.name,
            "task": problem.task.name,
            "classes": origin.target.labels,
            "columns": [c.to_dict() for c in problem.columns],
            "aside": [{"name": c.name, "kind": c.kind} for c in origin.aside],
            "notices": [n.sentence for n in origin.notices],
            "rows": len(problem.y),
            "folds": len(problem.folds),
            "validation": origin.validation,
            "score": problem.score.name,
            "rungs": {
                c.family: rung_record(c, problem, origin, options.get("costs"))
                for c in rungs
            },
            "best": choice.best,
            "corrected_score": corrected_score(
                [c.losses for c in rungs], problem.fresh.w, problem.score, problem.seed
            ),
            "simplest": choice.simplest,
            "clause": choice.clause,
            "share": choice.share,
            "verdicts": [v.to_dict() for v in verdicts],
            "portrait": portrait,
            "fingerprint": origin.fingerprint,
            "versions": {name: version(name) for name in PACKAGES}
            | {"python": platform.python_version()},
            **seen,
            **options,
        }
    )


def plain(value: Any) -> Any:
    """The same in JSON's own types: NumPy scalars and arrays become numbers, lists."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
