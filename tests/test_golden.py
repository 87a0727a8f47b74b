"""Old files keep loading: one file per schema version, made when it was new.

`python tests/test_golden.py` writes the present schema's, if there is none yet.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import mapsto
from mapsto.graph.archive import SCHEMA

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(GOLDEN.glob("schema-*.mapsto"))
TOWN = mapsto.examples.houses(60, seed=0)
NEW = mapsto.examples.houses(8, seed=1)
FAMILIES = ("line", "curve", "steps", "network")
SMALL = {"steps": {"rounds": 5}, "network": {"hidden": (4,), "epochs": 5}}


def told(model):
    """What every rung says of the new rows, with its interval."""
    return {
        name: {
            "prediction": np.asarray(rung.predict(NEW)).tolist(),
            **{
                column: np.asarray(values).tolist()
                for column, values in rung.predict_interval(NEW).items()
            },
        }
        for name, rung in model.rungs.items()
    }


def test_the_present_schema_has_a_file():
    assert GOLDEN / f"schema-{SCHEMA}.mapsto" in FILES


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_an_old_file_says_what_it_said(path):
    """Predictions to double precision (trees: to single), and all of its words."""
    model = mapsto.load(path)

    then = json.loads(path.with_suffix(".json").read_text("utf-8"))
    now = told(model)
    assert list(now) == list(then)
    for name, columns in then.items():
        for column, values in columns.items():
            assert now[name][column] == pytest.approx(values, rel=1e-5)
    assert model.best.family in str(model)
    assert "price" in model.story()


def main() -> None:
    path = GOLDEN / f"schema-{SCHEMA}.mapsto"
    if path.exists():
        sys.exit(f"{path} is there already: files of a schema are never made anew")
    GOLDEN.mkdir(exist_ok=True)
    model = mapsto.fit(
        TOWN, "price", families=FAMILIES, hyperparameters=SMALL, effort="quick"
    )
    model.save(path)
    path.with_suffix(".json").write_text(json.dumps(told(model), indent=1) + "\n")


if __name__ == "__main__":
    main()
