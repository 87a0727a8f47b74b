"""Chinese pages speak Chinese: no English sentence of the catalogue is left on them."""

import re
from string import Formatter

import numpy as np
import pytest

import mapsto
from mapsto import catalogue, chinese
from mapsto.data.split import Validation
from mapsto.events import Noticed
from mapsto.languages import held_out, translated, verdict, words_of
from mapsto.views.reporting import html

TABLES = (
    *(
        "HELD_OUT",
        "DEALT",
        "PAIRS",
        "GROUPINGS",
        "NOTICES",
        "ANSWERS",
        "VERDICTS",
        "ROLES",
        "OUTPUTS",
    ),
    *("APPROXIMATIONS", "REPORT", "VIEWS"),
)
CHINESE = words_of("zh")


def sentences(told):
    for one in told.values():
        yield from [one] if isinstance(one, str) else one


def pieces():
    """What stands between the fields of English sentences: of two words or more."""
    for table in TABLES:
        for sentence in sentences(getattr(catalogue, table)):
            for text, _, _, _ in Formatter().parse(sentence):
                words = re.findall(r"[A-Za-z]{2,}", text)
                if len(words) > 1 and text.strip().count(" "):
                    yield text.strip()


def said(page):
    """What a reader reads and what the views are told, but no programs."""
    body = page[page.index("<body") : page.index('<script type="module"')]
    return re.sub(r"<pre>.*?</pre>", "", body, flags=re.DOTALL)


@pytest.fixture(scope="module")
def noticed():
    """A table about which much is noticed at the door, in folds forward in time."""
    rng = np.random.default_rng(0)
    n = 80
    table = {
        "size": rng.random(n),
        "paid": [f"{1000 + 7 * k:,} €" for k in range(n)],
        "heated": rng.choice(["yes", "no"], n).astype(object),
        "id": [f"row-{k:05d}x" for k in range(n)],
        "same": np.ones(n),
        "gap": [None] * n,
        "start": [f"{k % 12 + 1:02d}/{k % 12 + 1:02d}/2020" for k in range(n)],
        "year": np.arange(n),
    }
    table["y"] = table["size"] + (table["heated"] == "yes") + rng.normal(0, 0.1, n)
    return mapsto.fit(
        table,
        "y",
        families=("line", "network"),
        effort="quick",
        hyperparameters={"network": {"hidden": [4], "epochs": 3}},
        validation=Validation(time_on="year"),
    )


NAMES = (
    *("town", "moons", "letters", "cubic", "flat", "wide", "noticed"),
    *("composed", "groups", "heap", "wave", "hill", "dots"),
)


@pytest.mark.parametrize("name", NAMES)
def test_no_english_sentence_is_left(name, request):
    page = said(html(request.getfixturevalue(name), "zh"))

    assert [piece for piece in pieces() if piece in page] == []
    assert 'lang="en"' not in page


def test_notices_and_folds_are_told_in_chinese(noticed):
    page = said(html(noticed, "zh"))

    assert len(noticed.record["notices"]) > 3
    assert "搁置，因为每一行都相同" in page
    assert "按year在时间上向前的" in page
    assert "否" in page


@pytest.mark.parametrize("code", catalogue.NOTICES)
def test_every_notice_is_recognised(code):
    """Whatever its fields hold, also what looks like the end of another sentence."""
    english = catalogue.NOTICES[code]
    fields = {f for _, f, _, _ in Formatter().parse(english) if f}
    values = {f: 1234 if f in ("total", "rows") else f"<{f}>" for f in fields}
    sentence = Noticed(code, values).sentence

    told = translated(CHINESE, "NOTICES", sentence)

    assert told is not None
    for field in fields:
        drawn = code in ("rows-drawn", "pictures-drawn")
        shown = f"{values[field]:,}" if drawn else str(values[field])
        assert (shown in told) == (f"{{{field}" in chinese.NOTICES[code])


@pytest.mark.parametrize("outer", catalogue.HELD_OUT)
@pytest.mark.parametrize("inner", catalogue.DEALT)
def test_every_way_of_holding_out_is_recognised(outer, inner):
    told = {"column": "year", "splitter": "KFold(5)"}

    def in_words(tables):
        how = tables.DEALT[inner].format(**told)
        return tables.HELD_OUT[outer].format(folds=5, how=how)

    assert held_out(CHINESE, in_words(catalogue)) == in_words(chinese)


def test_a_notice_within_a_notice_is_told_in_chinese():
    reason = catalogue.NOTICES["unheld-bends"].format(what="sin(x)")
    sentence = Noticed("composition-not-monotone", {"reason": reason}).sentence

    told = translated(CHINESE, "NOTICES", sentence)

    assert "sin(x) 并不是一直上升或一直下降" in told


def test_words_of_the_door_are_translated():
    told = {"column": "d", "expected": "dates", "count": 2, "example": "x", "row": 7}

    sentence = Noticed("values-unreadable", told).sentence

    assert translated(CHINESE, "NOTICES", sentence) == (
        "'d' 列读作日期；有 2 个值读不成，例如第 7 行的 'x'，当作缺失。"
    )


def test_what_is_not_of_the_catalogue_stays():
    assert translated(CHINESE, "NOTICES", "Something else.") is None


def test_pairs_of_parts_are_told_in_chinese():
    """What the data do not tell apart, in a verdict."""
    pairs = {"pairs": "a and b: x, y; c and d: z"}

    _, evidence, _ = verdict(CHINESE, "parts-share", pairs)

    assert "a与b：x, y; c与d：z" in evidence
