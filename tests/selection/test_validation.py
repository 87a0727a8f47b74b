"""How many folds there are where nobody says so."""

import numpy as np
import pytest

import mapsto
from mapsto.selection.validation import deal_folds


@pytest.mark.parametrize(
    ("effort", "rows", "classes", "folds"),
    [
        ("normal", 150, 0, 10),
        ("normal", 2000, 0, 5),
        ("normal", 2001, 0, 5),
        ("normal", 2001, 2, 4),
        ("quick", 2000, 2, 4),
        ("quick", 2001, 0, 3),
        ("quick", 2001, 2, 3),
        ("thorough", 2001, 2, 8),
    ],
)
def test_few_rows_and_more_effort_have_more_folds(effort, rows, classes, folds):
    y = np.arange(rows) % max(classes, 7)

    dealt, whole, how = deal_folds(None, None, y.astype(float), classes, effort, 0)

    assert len(dealt) == folds
    assert how.startswith(f"{folds} folds")
    assert len(whole.train) == rows


def test_what_is_asked_for_is_dealt():
    y, asked = np.arange(3000.0), mapsto.Validation(folds=6)

    assert len(deal_folds(asked, None, y, 0, "normal", 0)[0]) == 6
