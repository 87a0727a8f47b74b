"""The report of a fitted model.

The answer first, then the ladder, the function drawn, what each column does, the parts
of a composition, the network inside, what it gets wrong, how far to trust it,
parameters and hyperparameters apart, and how to have the same again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mapsto import figures
from mapsto.model import Model
from mapsto.views.composed import composed
from mapsto.views.drawable import record_of
from mapsto.views.inside import effects, ladder, network, walked
from mapsto.views.judging import errors, trust
from mapsto.views.looking import looking
from mapsto.views.opening import opening
from mapsto.views.page import Page, Sheet
from mapsto.views.sketch import sketched
from mapsto.views.taking import again, parts
from mapsto.words import columns

Record = Mapping[str, Any]


def sheet(model: Model, page: Page, language: str) -> Sheet:
    """The page of a model; of one whose file kept no portrait, what is known."""
    if isinstance(model, Model) and "portrait" not in model.record:
        known = sketched(model)
        return _sheet(page, known, _bare(page, known, language))
    record = record_of(model)
    told = [
        opening(page, record, language),
        ladder(page, record),
        composed(page, record, model),
        effects(page, record),
        network(page, record),
        errors(page, record),
        looking(page, record),
        trust(page, record),
        parts(page, record),
        again(page, record),
    ]
    return _sheet(page, record, told)


def _bare(page: Page, record: Record, language: str) -> list[str]:
    """The sections that need nothing of the data."""
    return [
        opening(page, record, language),
        ladder(page, record),
        walked(page, record),
        parts(page, record),
        again(page, record),
    ]


def _sheet(page: Page, record: Record, told: Sequence[str]) -> Sheet:
    words = page.words
    subtitle = words.REPORT["subtitle"].format(
        columns=columns(record, words).strip(),
        rows=figures.count(record["rows"]),
    )
    version = record["versions"]["mapsto"]
    return Sheet(str(record["target"]), subtitle, version, "".join(told))
