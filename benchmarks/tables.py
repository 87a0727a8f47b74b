"""benchmarks/README.md's tables, computed from benchmarks/results/.

python benchmarks/tables.py
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import curves
import numpy as np
import paired

HERE = Path(__file__).parent
RESULTS = HERE / "results"
LABEL, PACKAGED = "normal", "packaged"
BEGIN, END = "<!-- computed: begin -->", "<!-- computed: end -->"


def lines(name: str) -> list[dict[str, Any]]:
    path = RESULTS / name
    return (
        [json.loads(t) for t in path.read_text().splitlines()] if path.exists() else []
    )


def scores(label: str = LABEL) -> dict[str, dict[tuple[str, int], float]]:
    """method → (table, seed) → score on fresh rows; mapsto's best and each rung."""
    found: dict[str, dict[tuple[str, int], float]] = defaultdict(dict)
    for line in lines(f"accuracy-{label}.jsonl"):
        key = (line["table"], line["seed"])
        found["mapsto"][key] = line["rungs"][line["best"]]["fresh"]
        for rung, told in line["rungs"].items():
            found[f"mapsto {rung}"][key] = told["fresh"]
    for path in rivals():
        for line in lines(path.name):
            if "score" in line:
                found[line["rival"]][(line["table"], line["seed"])] = line["score"]
    return found


def rivals() -> list[Path]:
    return sorted(RESULTS.glob("rival-*.jsonl"))


def on_table(
    table: str, told: dict[str, dict[tuple[str, int], float]], methods: Sequence[str]
) -> dict[str, float]:
    """The mean of each method that has this table, over the splits that all have."""
    own = {m: {k: s for k, s in told[m].items() if k[0] == table} for m in methods}
    have = {m: of for m, of in own.items() if of}
    shared = set.intersection(*map(set, have.values()))
    return {m: float(np.mean([of[k] for k in shared])) for m, of in have.items()}


def accuracy_table(label: str) -> str:
    every = scores(label)
    tables = list(dict.fromkeys(table for table, _ in every["mapsto"]))
    ran = [m for m in every if any(table in tables for table, _ in every[m])]
    methods = [m for m in ran if not m.startswith("mapsto ")]
    rows = [["table", *methods]]
    ranks: dict[str, list[int]] = defaultdict(list)
    for table in tables:
        told = on_table(table, every, methods)
        order = sorted(told, key=lambda m: told[m])
        for rank, method in enumerate(order, 1):
            ranks[method].append(rank)
        rows.append([table, *[_cell(told.get(m), m == order[0]) for m in methods]])
    if len(methods) > 1:
        rows.append(["mean rank", *[f"{np.mean(ranks[m]):.2f}" for m in methods]])
    return markdown(rows)


SMOOTH = ("line", "formula", "curve", "space", "network")


def wins_table(label: str) -> str:
    """mapsto's best against each rival: tables won, a tie within one error ½. And of
    its smooth rungs alone (no trees, no blend) the one that is best out of fold."""
    rows = [["rival", "tables", "won (a tie is ½)", "won by the best smooth rung"]]
    told = scores(label)
    best, smooth = {}, {}
    for line in lines(f"accuracy-{label}.jsonl"):
        key = (line["table"], line["seed"])
        best[key] = line["best"]
        smooth[key] = min(SMOOTH, key=lambda rung: line["rungs"][rung]["oof"])
    for rival in [m for m in told if not m.startswith("mapsto")]:
        keys = [key for key in told["mapsto"] if key in told[rival]]
        if not keys:
            continue
        won = [_won(rival, keys, rungs, told, label) for rungs in (best, smooth)]
        count = str(len({table for table, _ in keys}))
        rows.append([rival, count, *[f"{w:.1f}" for w in won]])
    return markdown(rows)


def _won(
    rival: str,
    keys: Sequence[tuple[str, int]],
    rungs: dict[tuple[str, int], str],
    told: dict[str, dict[tuple[str, int], float]],
    label: str = LABEL,
) -> float:
    """Tables won by these rungs; several splits of one are one table."""
    points: dict[str, list[float]] = defaultdict(list)
    for key in keys:
        points[key[0]].append(_point(rival, key, rungs[key], told, label))
    return sum(float(np.mean(p)) for p in points.values())


def _point(
    rival: str,
    key: tuple[str, int],
    rung: str,
    told: dict[str, dict[tuple[str, int], float]],
    label: str,
) -> float:
    ours, theirs = told[f"mapsto {rung}"][key], told[rival][key]
    errors = paired.apart((f"mapsto-{label}-{rung}", rival, *key), (ours, theirs))
    return 0.5 if errors is not None and abs(errors) <= 1 else float(ours < theirs)


EFFORTS = ("quick", "normal", "thorough")


def efforts_table() -> str:
    """What each effort scores and takes beside LightGBM's default, on split 0."""
    peer, columns, won = "lightgbm", {}, []
    for effort in EFFORTS:
        told = scores(effort)
        runs = {(k["table"], 0): k for k in lines(f"accuracy-{effort}.jsonl")[::-1]}
        if not runs:
            continue
        best = {key: run["best"] for key, run in runs.items()}
        both = [key for key in runs if key in told[peer]]
        won.append(f"{_won(peer, both, best, told, effort):.1f} of {len(both)}")
        columns[effort] = told["mapsto"]
        columns[f"{effort}, CPU s"] = {key: run["cpu"] for key, run in runs.items()}
        columns[peer] = told[peer]
    order = sorted(columns, key=lambda name: (name == peer, name.endswith(" s")))
    tables = dict.fromkeys(t for name in columns if name != peer for t in columns[name])
    rows = [["table", *order]]
    for key in (key for key in tables if not key[1]):
        shown = [_cell(columns[name].get(key), False) for name in order]
        rows.append([key[0], *shown])
    blank = [""] * (len(order) - len(won))
    rows.append([f"won against {peer}", *won, *blank])
    return markdown(rows)


PEERS = (("curve", "ebm"), ("space", "xrfm"), ("network", "realmlp"))
"""Rungs, and the libraries whose functions are of the same kind."""


def peers_table() -> str:
    """Each rung alone against its peer, by the same rule."""
    told = scores()
    rows = [["rung", "peer", "tables", "won (a tie is ½)", "score over the peer's"]]
    for rung, peer in PEERS:
        keys = [key for key in told[f"mapsto {rung}"] if key in told[peer]]
        if keys:
            won = _won(peer, keys, dict.fromkeys(keys, rung), told)
            over = [told[f"mapsto {rung}"][key] / told[peer][key] for key in keys]
            count = str(len({table for table, _ in keys}))
            middle = f"{np.median(over):.3f} (median)"
            rows.append([rung, peer, count, f"{won:.1f}", middle])
    return markdown(rows)


def honesty_table() -> str:
    head = [
        "table",
        "best",
        "simplest",
        "out of fold",
        "fresh",
        "coverage",
        "size",
        "s",
    ]
    rows = [head]
    for line in lines(f"accuracy-{LABEL}.jsonl"):
        rung, kept_ = line["rungs"][line["best"]], line["coverage"]
        rows.append(
            [
                f"{line['table']}/{line['seed']}",
                line["best"],
                line["simplest"],
                f"{rung['oof']:.4g} ± {rung['oof_error']:.2g}",
                f"{rung['fresh']:.4g} ± {rung['fresh_error']:.2g}",
                f"{kept_['inside']:.3f}",
                f"{kept_['size']:.4g}",
                f"{line['wall']:.0f}",
            ]
        )
    return markdown(rows)


def formula_table() -> str:
    """Ten laws: what was found, of exactly which terms."""
    told = json.loads((RESULTS / "formula.json").read_text("utf-8"))
    rows = [["equation", "exact terms", "R² out of fold", "terms", "s of processor"]]
    for law in told["laws"]:
        found = "yes" if law["found"] else "no"
        terms = "<br>".join(law["terms"])
        rows.append(
            [law["equation"], found, f"{law['r2']:.5f}", terms, f"{law['cpu']:.0f}"]
        )
    return markdown(rows)


GROUPERS = ("mapsto", "KMeans", "GaussianMixture", "SpectralClustering", "HDBSCAN")


def groups_table(column: str) -> str:
    """Agreement with the hidden labels; the number of groups is "given" or "chosen"."""
    head = ["table", "classes", "groups", "mapsto's family", *GROUPERS]
    rows, told = [head], []
    for line in lines("groups-quick.jsonl"):
        scores = [line[column][name] or 0.0 for name in GROUPERS]
        told.append(scores)
        most = max(scores)
        cells = [f"**{s:.3f}**" if s == most else f"{s:.3f}" for s in scores]
        groups = str(line[column]["groups"])
        family = line[column]["family"]
        rows.append([line["table"], str(line["truth"]), groups, family, *cells])
    means = np.mean(told, axis=0)
    rows.append(["mean", "", "", "", *[f"{m:.3f}" for m in means]])
    near = sum(s[0] >= max(s[1:]) - 0.02 for s in told)
    rows.append(["within 0.02 of the best", "", "", "", f"{near} of {len(told)}"])
    return markdown([[*row, *[""] * (len(head) - len(row))] for row in rows])


TASKS = {"quantity": "a quantity", "classes": "two classes"}


def speed_table() -> str:
    """What `speed.py` measured, each figure beside what it is measured against."""
    told = json.loads((RESULTS / "speed.json").read_text())
    train, eager = told["training"], told["eager"]
    starts, predict = told["starts"], told["prediction"]
    product = f"{train['product_gflops']:.0f} GFLOP/s matrix product"
    rows = [["what", "figure", "beside"]]
    for name, words in (("default", "as fitted"), ("plain_relu", "ReLU, no dropout")):
        part = train[name]
        rows.append(
            [
                f"training step, 5 × 3×256, batch 256, {words}",
                f"{part['gflops']:.0f} GFLOP/s",
                f"{100 * part['share_of_product']:.0f} % of the {product}",
            ]
        )
    beside = f"{eager['torch_steps_per_second']:,.0f} in PyTorch eager mode"
    rows += [
        [
            "training steps a second, 2×64, batch 32",
            f"{eager['mapsto_steps_per_second']:,.0f}",
            f"{beside} ({eager['ratio']:.1f} times)",
        ],
        ["`mapsto --help`", _seconds(starts["help"]), "whole process"],
        ["`mapsto show`", _seconds(starts["show"]), "whole process"],
        [
            "`mapsto predict`, 1,000 rows",
            _seconds(starts["predict_1000_rows"]),
            "whole process",
        ],
        *[
            [f"{name}: one row", _seconds(predict[f"{name}_one_row"]), "in process"]
            for name in ("simplest", "best")
        ],
        *[
            [
                f"{name}: 100,000 rows",
                _seconds(predict[f"{name}_100000_rows"]),
                f"{_seconds(predict['lightgbm_100000_rows'])} LightGBM's default",
            ]
            for name in ("simplest", "best")
        ],
        *[
            [
                f"a whole fit, {effort}, {line['rows']:,} × 20",
                _seconds(line["seconds"]),
                _peak(line),
            ]
            for effort, lines_ in told["growth"].items()
            for line in lines_
        ],
    ]
    for task, ladder in told.get("ladder", {}).items():
        if "realmlp" in ladder:
            whole, one = (ladder[k]["seconds"] for k in ("mapsto", "realmlp"))
            beside = f"{_seconds(one)} one fit of RealMLP-TD (in the same run)"
            name = f"a whole fit, normal, 8,000 × 20, {TASKS[task]}"
            rows.append([name, _seconds(whole), beside])
    return markdown(rows)


def _seconds(value: float) -> str:
    return f"{1000 * value:.2f} ms" if value < 0.1 else f"{value:.2f} s"


def _peak(line: dict[str, Any]) -> str:
    peak = line.get("peak_megabytes")
    return "fresh process" + (f", at most {peak:,.0f} MB" if peak else "")


def _cell(score: float | None, best: bool) -> str:
    told = "–" if score is None else f"{score:.4g}"
    return f"**{told}**" if best else told


def markdown(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    rule = ["---"] * len(head)
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *body))


def main() -> None:
    page = HERE / "README.md"
    text = page.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    parts = [
        "## Score on fresh rows (rmse or log loss; lower is better)",
        accuracy_table(LABEL),
        "## mapsto's best against each rival",
        wins_table(LABEL),
        "## Rungs alone against their peers",
        peers_table(),
        "## Tables that packages ship: score on fresh rows",
        accuracy_table(PACKAGED),
        "## Tables that packages ship: mapsto's best against each rival",
        wins_table(PACKAGED),
        "## Efforts: score on fresh rows, and time",
        efforts_table(),
        "## Honesty: out of fold against fresh rows, and coverage asked at 0.9",
        honesty_table(),
        "## Laws of physics that the formula finds, from 200 rows with 1 % noise",
        formula_table(),
        "## Groups: agreement with labels that nobody saw, their number told",
        groups_table("given"),
        "## Groups: the same, their number chosen by mapsto",
        groups_table("chosen"),
    ]
    if (RESULTS / "speed.json").exists():
        parts += ["## Speed", speed_table()]
    for title, rows in curves.sections():
        parts += [f"## {title}", markdown(rows)]
    computed = "\n\n".join(["", *parts, ""])
    page.write_text(f"{before}{BEGIN}{computed}{END}{after}")
    paired.write()


if __name__ == "__main__":
    main()
