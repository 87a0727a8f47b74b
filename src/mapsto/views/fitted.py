"""The report of a fitted model.

The answer first, then the ladder, the function drawn, what each column does, the parts
of a composition, the network inside, what it gets wrong, how far to trust it,
parameters and hyperparameters apart, and how to have the same again.
"""

from mapsto import figures
from mapsto.model import Model
from mapsto.views.composed import composed
from mapsto.views.drawable import record_of
from mapsto.views.inside import effects, ladder, network
from mapsto.views.judging import errors, trust
from mapsto.views.looking import looking
from mapsto.views.opening import opening
from mapsto.views.page import Page, Sheet
from mapsto.views.taking import again, parts
from mapsto.words import columns


def sheet(model: Model, page: Page, language: str) -> Sheet:
    """The page of a model. Errors: FileError (its file kept nothing to draw)."""
    words, record = page.words, record_of(model)
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
    subtitle = words.REPORT["subtitle"].format(
        columns=columns(record, words).strip(),
        rows=figures.count(record["rows"]),
    )
    version = record["versions"]["mapsto"]
    return Sheet(str(record["target"]), subtitle, version, "".join(told))
