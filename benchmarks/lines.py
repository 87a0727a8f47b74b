"""Results as JSON lines, of which one can be renewed without the others."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SPLIT = ("table", "seed")


def put(path: Path, line: dict[str, Any], keys: Sequence[str] = SPLIT) -> None:
    """Write this line in the place of the one with the same keys, or last."""
    old = (
        [json.loads(t) for t in path.read_text().splitlines()] if path.exists() else []
    )
    same = [k for k, other in enumerate(old) if all(other[n] == line[n] for n in keys)]
    if same:
        old[same[0]] = line
    else:
        old.append(line)
    path.write_text("".join(json.dumps(one) + "\n" for one in old))
