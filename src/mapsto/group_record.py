"""What is written down of groups: the record, and the graph of their function."""

import base64
import hashlib
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np

from mapsto.data.picture_looks import looks, thumbnail
from mapsto.data.pictures import Picture
from mapsto.data.png import lightened, png
from mapsto.graph.nodes import model_graph
from mapsto.honesty import portraits
from mapsto.honesty.outside import fit_limits, outside
from mapsto.record import PACKAGES, plain
from mapsto.selection.group_choice import GroupCandidate, Held
from mapsto.selection.group_count import APART, Count
from mapsto.selection.grouping import GroupProblem
from mapsto.verdict import Verdict

ONE = "none"
"""The rung that stands for no groups: every row is in one."""

UNSTABLE = 0.6  # a group whose rows come back less is doubtful (Hennig 2007)


def softmax(scores: Any) -> Any:
    """(n, groups) -> probabilities (n, groups)."""
    xp = scores.__array_namespace__()
    odds = xp.exp(scores - xp.max(scores, axis=1, keepdims=True))
    return odds / xp.sum(odds, axis=1, keepdims=True)


def probabilities(candidate: GroupCandidate | None, temperature: float, x: Any) -> Any:
    """(n, d) -> (n, groups)."""
    if candidate is None:
        return x[:, :1] * 0.0 + 1.0
    return softmax(candidate.scores(x) / temperature)


def group_graph(
    candidate: GroupCandidate | None, problem: GroupProblem, temperature: float
) -> bytes:
    """Typed columns in, probabilities and `outside` out."""
    limits = fit_limits(problem.columns)

    def function(t: Any, coverage: Any) -> dict[str, Any]:
        return {
            "probability": probabilities(candidate, temperature, problem.space(t)),
            "outside": outside(limits, t),
        }

    called = ONE if candidate is None else candidate.family
    return model_graph(problem.columns, function, called, problem.extractor)


def judge_groups(
    best: GroupCandidate | None,
    held: Held | None,
    one_column: tuple[str, float] | None,
    counts: Sequence[Count],
    given: int | None,
    border: float | None,
) -> list[Verdict]:
    """What the numbers mean."""
    if best is None or held is None:
        if given is not None:
            return []
        strong = max([c.strength for c in counts], default=0.0)
        return [Verdict("groups-none", "note", {"strength": f"{strong:.2f}"})]
    told = []
    if one_column is not None:
        name, share = one_column
        words = {"column": name, "percent": round(100 * share)}
        told.append(Verdict("groups-one-column", "warning", words))
    doubtful = [g + 1 for g, s in enumerate(held.stability) if s < UNSTABLE]
    if doubtful:
        listed = ", ".join(map(str, doubtful))
        unsure = {"groups": listed, "least": f"{np.min(held.stability):.2f}"}
        told.append(Verdict("groups-unstable", "warning", unsure))
    if border is not None and border > APART:
        words = {"groups": len(best.order), "percent": round(100 * border)}
        told.append(Verdict("groups-given", "warning", words))
    return told


def group_portraits(
    problem: GroupProblem, p: np.ndarray, stability: np.ndarray
) -> list[dict[str, Any]]:
    """One dict per group: its size, what sets it apart, and some of its rows."""
    labels = p.argmax(axis=1)
    shown = [c.name for c in problem.columns if c.kind == "picture"]
    seen = [
        (name, look, values)
        for name in shown
        for look, values in looks(problem.raw.columns[name]).items()
    ]
    told = []
    for g in range(p.shape[1]):
        rows = int((labels == g).sum())
        apart = portraits.effects(problem.columns, problem.t, labels, g, seen)
        names = list(dict.fromkeys([*shown, *(e["column"] for e in apart)]))[:4]
        names = names or [c.name for c in problem.columns][:4]

        def some(found: np.ndarray, g: int = g, names: list[str] = names) -> list[Any]:
            return [
                {
                    "row": int(problem.source[r]) + 1,
                    "probability": float(p[r, g]),
                    "values": portraits.row_values(problem.raw, int(r), names),
                    **(kept(problem.raw.columns[shown[0]][r]) if shown else {}),
                }
                for r in found
            ]

        told.append(
            {
                "group": g + 1,
                "rows": rows,
                "share": rows / len(labels),
                "stability": float(stability[g]),
                "effects": apart,
                "typical": some(portraits.typical_rows(problem.x, p, g)),
                "borderline": some(portraits.borderline_rows(p, g)),
            }
        )
    return told


def kept(picture: Picture) -> dict[str, Any]:
    """A picture as a record keeps it: its name, and itself in small, a PNG file in
    base64."""
    small = base64.b64encode(png(lightened(thumbnail(picture)))).decode()
    return {"picture": {"name": picture.name, "png": small}}


def group_map(problem: GroupProblem, labels: np.ndarray) -> dict[str, list[Any]]:
    """Row numbers, places on a plane, and groups: of at most MAP_ROWS rows."""
    rows = np.arange(len(labels))
    if len(rows) > portraits.MAP_ROWS:
        rng = np.random.default_rng([problem.seed, 6])
        rows = np.sort(rng.choice(rows, portraits.MAP_ROWS, replace=False))
    places = portraits.plane(problem.x, labels)[rows]
    return {
        "row": (problem.source[rows] + 1).tolist(),
        "x": [float(f"{v:.4g}") for v in places[:, 0]],
        "y": [float(f"{v:.4g}") for v in places[:, 1]],
        "group": (labels[rows] + 1).tolist(),
    }


def make_group_record(
    problem: GroupProblem,
    candidates: Sequence[GroupCandidate],
    best: GroupCandidate | None,
    held: Held | None,
    counts: Sequence[Count],
    border: float | None,
    options: Mapping[str, Any],
) -> dict[str, Any]:
    """The JSON part of a .mapsto file of groups."""
    groups = 1 if best is None else len(best.order)
    temperature = 1.0 if held is None else held.temperature
    p = np.asarray(probabilities(best, temperature, problem.x))
    labels = p.argmax(axis=1)
    stability = np.ones(1) if held is None else held.stability
    one = None
    if groups > 1:
        one = portraits.told_by_one_column(problem.columns, problem.t, labels)
    verdicts = judge_groups(best, held, one, counts, options["given"], border)
    extractor = problem.extractor
    through = {} if extractor is None else {"backbone": extractor.to_dict()}
    return plain(
        {
            "kind": "groups",
            "columns": [c.to_dict() for c in problem.columns],
            "aside": [{"name": c.name, "kind": c.kind} for c in problem.aside],
            "notices": [n.sentence for n in problem.notices],
            "rows": problem.total,
            "learned_from": len(problem.x),
            "count": groups,
            "best": ONE if best is None else best.family,
            "rungs": {
                c.family: {
                    "words": c.words,
                    "gain": c.gain,
                    "agreement": c.agreement,
                    "score": c.score,
                    "hyperparameters": c.grouping.hyperparameters,
                    "seconds": c.seconds,
                }
                for c in candidates
            },
            "tried": [
                {
                    "family": c.family,
                    "groups": c.groups,
                    "strength": c.strength,
                    "border": c.border,
                    "believed": c.believed,
                }
                for c in counts
            ],
            "refits": 0 if held is None else held.refits,
            "agreement": None if held is None else held.agreement,
            "border": border,
            "temperature": temperature,
            "groups": group_portraits(problem, p, stability),
            "map": group_map(problem, labels),
            "verdicts": [v.to_dict() for v in verdicts],
            "fingerprint": hashlib.sha256(problem.t.tobytes()).hexdigest(),
            "versions": {name: version(name) for name in PACKAGES}
            | {"python": platform.python_version()},
            **through,
            **options,
        }
    )
