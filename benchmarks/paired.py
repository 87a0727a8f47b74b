"""How far two functions are apart on the same test rows, in standard errors.

Losses of single rows are too large to commit. What comes of them is: a line for each
pair of functions that is compared, with the scores that it holds for.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from losses import kept

FILE = Path(__file__).parent / "results" / "paired.jsonl"
Pair = tuple[str, str, str, int]
"""Names of both functions, as `losses.keep` has them, the table and the seed."""

_used: dict[Pair, dict[str, Any]] = {}


@cache
def known() -> dict[Pair, dict[str, Any]]:
    told = map(json.loads, FILE.read_text().splitlines()) if FILE.exists() else ()
    return {(t["ours"], t["theirs"], t["table"], t["seed"]): t for t in told}


def apart(pair: Pair, scores: tuple[float, float]) -> float | None:
    """The mean difference of their losses over its standard error: from the losses
    where they are at hand, else as it was when both had these scores. Or None."""
    ours, theirs, table, seed = pair
    losses = kept(ours, table, seed), kept(theirs, table, seed)
    told = known().get(pair)
    if losses[0] is not None and losses[1] is not None:
        gap = losses[0] - losses[1]
        error = gap.std() / len(gap) ** 0.5
        names = dict(zip(("ours", "theirs", "table", "seed"), pair, strict=True))
        errors = float(gap.mean() / error) if error else 0.0
        told = {**names, "scores": list(scores), "errors": round(errors, 3)}
    if told is None or told["scores"] != list(scores):
        return None
    _used[pair] = told
    return float(told["errors"])


def write() -> None:
    """Keep what was compared."""
    told = [_used[pair] for pair in sorted(_used)]
    FILE.write_text("".join(json.dumps(line) + "\n" for line in told))
