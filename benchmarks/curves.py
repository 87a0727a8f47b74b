"""The README's tables of `approximate.py`, computed from benchmarks/results/."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def lines(method: str) -> list[dict[str, Any]]:
    path = RESULTS / f"approximate-{method}.jsonl"
    return (
        [json.loads(t) for t in path.read_text().splitlines()] if path.exists() else []
    )


def errors() -> list[list[str]]:
    """The largest error of each method at each size."""
    methods = [m for m in ("mapsto", "sklearn", "torch") if lines(m)]
    told = {(m, x["curve"], x["size"]): x for m in methods for x in lines(m)}
    sizes = sorted({size for _, _, size in told})
    heads = [f"{m}, n = {s}" for s in sizes for m in methods]
    rows = [["curve", *heads]]
    for curve in dict.fromkeys(curve for _, curve, _ in told):
        keys = [(m, curve, s) for s in sizes for m in methods]
        rows.append([curve, *(_error(told.get(key)) for key in keys)])
    used = [c for c in range(len(rows[0])) if any(row[c] != "–" for row in rows[1:])]
    return [[row[c] for c in used] for row in rows]


def below() -> list[list[str]]:
    """How many times mapsto's error is below that of the better rival, and its time."""
    ours = {(x["curve"], x["size"]): x for x in lines("mapsto")}
    others = [x for m in ("sklearn", "torch") for x in lines(m)]
    sizes = sorted({size for _, size in ours})
    rows = [["curve", *(f"n = {size}" for size in sizes)]]
    for curve in dict.fromkeys(curve for curve, _ in ours):
        cells = []
        for size in sizes:
            line = ours.get((curve, size))
            best = [
                x["error"] for x in others if (x["curve"], x["size"]) == (curve, size)
            ]
            cells.append(_times(line, min(best)) if line and best else "–")
        rows.append([curve, *cells])
    return rows


def _times(line: dict[str, Any], rival: float) -> str:
    return f"{rival / line['error']:.0e}, {line['cpu']:.0f} s"


def smallest() -> list[list[str]]:
    """The smallest network of any activation within 1e-6, and its proof."""
    head = ["curve", "neurons", "largest error", "proved", "CPU s", "proof, CPU s"]
    rows = [head]
    for line in lines("auto"):
        proved = "–" if line["proved"] is None else f"{line['proved']:.2e}"
        rows.append(
            [
                line["curve"],
                f"{line['neurons']} {line['activation']}",
                _error(line),
                proved if line["holds"] else "–",
                f"{line['cpu']:.0f}",
                f"{line['proof_seconds']:.1f}",
            ]
        )
    return rows


def _error(line: dict[str, Any] | None) -> str:
    return "–" if line is None else f"{line['error']:.1e}"


def sections() -> Sequence[tuple[str, list[list[str]]]]:
    """Title and rows of each table that has results."""
    return [
        (title, rows)
        for title, rows in (
            ("Largest error of a network of n tanh neurons on [-1, 1]", errors()),
            ("mapsto's error, so many times below the better rival's; CPU s", below()),
            ("The smallest network within 1e-6, of any activation", smallest()),
        )
        if len(rows) > 1
    ]
