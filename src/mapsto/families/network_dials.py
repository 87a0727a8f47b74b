"""The hyperparameters of a network, and what is taken where none is given."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from mapsto.families.activations import ACTIVATIONS
from mapsto.families.checks import number, one_of, whole, yes_or_no
from mapsto.families.family import Dial, Sample, Task
from mapsto.families.inputs import KINDS
from mapsto.families.network_monotone import ACTIVATION as MONOTONE_ACTIVATION
from mapsto.families.network_monotone import check_rising
from mapsto.solvers.schedules import SCHEDULES


def _widths(value: Any) -> str:
    each = whole(1, 8192)
    if isinstance(value, list | tuple) and not any(map(each, value)):
        return ""
    return "it must be a sequence of layer widths, such as (64, 64)"


STOPPING = ("refit", "best", "last")
"""refit: the length that is best on the inner rows, then anew on all rows. best: the
best epoch on the inner rows, which are never trained on. last: all rows, all epochs."""

LEVENBERG_MARQUARDT = "levenberg_marquardt"
SOLVERS = ("descent", LEVENBERG_MARQUARDT)
"""descent: for all data. levenberg_marquardt: in double precision, for few weights and
smooth quantities. Where none is given and the work is small, both are tried."""

DIALS = (
    Dial("solver", " or ".join(SOLVERS), None, one_of(SOLVERS)),
    Dial("hidden", "neurons of each hidden layer", None, _widths),
    Dial("activation", "what a neuron answers", None, one_of(list(ACTIVATIONS))),
    Dial("inputs", "how numbers are shown to the first layer", None, one_of(KINDS)),
    Dial("bins", "quantile intervals of a number", None, whole(2, 256)),
    Dial("frequencies", "waves of a number, periodic inputs", 16, whole(1, 256)),
    Dial("spread", "standard deviation of their frequencies", 0.1, number(1e-3, 1e3)),
    Dial("embedding", "learned dimensions of a large category", 8, whole(1, 256)),
    Dial("residual", "layers add to their input", False, yes_or_no),
    Dial("learning_rate", "largest step of the descent", None, number(1e-6, 10)),
    Dial("schedule", "course of the step size", None, one_of(list(SCHEDULES))),
    Dial("epochs", "most passes over the rows", None, whole(1, 100_000)),
    Dial("stopping", "how many of them are made, see STOPPING", None, one_of(STOPPING)),
    Dial("batch", "rows per step", None, whole(1, 1 << 20)),
    Dial("dropout", "share of neurons left out while training", None, number(0, 0.95)),
    Dial("weight_decay", "shrinkage of weights per step", None, number(0, 1)),
    Dial("label_smoothing", "share of a label given to all classes", 0.0, number(0, 1)),
    Dial("averaging", "last epochs whose mean is tried as well", 0, whole(0, 100_000)),
    Dial("members", "networks per fold, averaged", None, whole(1, 256)),
)

ACTIVATION = "mish"
EPOCHS = {"quick": 15, "normal": 45, "thorough": 120}
MEMBERS = {"quick": 1, "normal": 2, "thorough": 4}
BINS = {"quick": 16, "normal": 32, "thorough": 32}
HIDDEN = {"quick": (64, 64), "normal": (128,) * 3, "thorough": (256,) * 3}
ROWS, BATCHES = (1024, 2048, 4096), (32, 64, 128, 256)
"""Up to so many rows, and with more, so many go into a step."""
LEAST_STEPS = {"quick": 400, "normal": 600, "thorough": 600}
"""Of few rows an epoch is a few steps, and more of them are made."""
REGULARISATIONS = (
    {"dropout": 0.05, "weight_decay": 0.02},
    {"dropout": 0.3, "weight_decay": 0.2},
)
"""Gentle where much can be learned, firm where labels are mostly noise. Of two classes
the inner rows choose, else it is the gentle one."""
RATES = {"regression": 0.2, "classification": 0.04}


def chosen(
    given: Mapping[str, Any], samples: Sequence[Sample], task: Task, effort: str
) -> dict[str, Any]:
    """Every hyperparameter: what is given, else the default for these rows."""
    rows = max(int((~s.inner).sum()) for s in samples)
    batch = given.get("batch") or BATCHES[bisect_left(ROWS, rows)]
    held = any(f.monotone for f in samples[0].features)
    follow = {
        "solver": "descent",
        "activation": MONOTONE_ACTIVATION if held else ACTIVATION,
        "hidden": HIDDEN[effort],
        "inputs": "quantile",
        "bins": BINS[effort],
        "learning_rate": RATES[task.name],
        "epochs": max(EPOCHS[effort], -(-LEAST_STEPS[effort] // -(-rows // batch))),
        "batch": batch,
        "members": MEMBERS[effort],
        "stopping": "refit" if all(s.inner.any() for s in samples) else "last",
    }
    dials = {dial.name: dial.default for dial in DIALS} | follow
    dials |= {n: v for n, v in given.items() if n in dials and v is not None}
    dials["hidden"] = tuple(int(h) for h in dials["hidden"])
    dials["batch"] = int(min(dials["batch"], rows))
    if dials["schedule"] is None:
        dials["schedule"] = "coslog4" if dials["stopping"] == "best" else "cosine"
    if held:
        check_rising(dials["activation"])
    return dials


def regularisations(
    dials: Mapping[str, Any], task: Task
) -> Sequence[Mapping[str, float]]:
    """What is tried: of two classes both, where neither dial is given and there are
    members to try them; else what is given, and gentle."""
    given = {n: dials[n] for n in REGULARISATIONS[0] if dials[n] is not None}
    free = not given and dials["stopping"] == "refit" and task.classes == 2
    tried = REGULARISATIONS[: dials["members"] if free else 1]
    return [{**each, **given} for each in tried]
