"""The report of an approximation: f, the network beside it, its error, its proof."""

from html import escape
from typing import Any

from mapsto import __version__, drawing
from mapsto.approximation import story
from mapsto.approximation.proof import count
from mapsto.approximation.result import Approximation
from mapsto.views import approximation_states as states
from mapsto.views.curves import curve
from mapsto.views.page import Page, Sheet, columns, paragraph, section, table

DIGITS = 6
LEFT = (0, 1)


def sheet(made: Approximation, page: Page) -> Sheet:
    """The page of an approximation."""
    body = [
        _opening(page, made),
        _error(page, made),
        _inside(page, made),
        _certificate(page, made),
        _written(page, made),
        _again(page, made),
    ]
    subtitle = page.words.REPORT["approximation-subtitle"]
    title = story.function(made.to_dict(), page.words)
    return Sheet(title, subtitle, __version__, "".join(body))


def _opening(page: Page, made: Approximation) -> str:
    words, record = page.words, made.to_dict()
    asked = [["f", story.function(record, words)]]
    for name, *ends in zip(made.names, made.low, made.high, strict=True):
        low, high = (f"{v:.4g}" for v in ends)
        asked.append([name, words.REPORT["from-to"].format(low=low, high=high)])
    if made.tol is not None:
        times = f" {words.REPORT['relative']}" if made.relative else ""
        asked.append([words.REPORT["tolerance"], f"{made.tol:g}{times}"])
    kept = f"{made.neurons} {made.activation}, {made.parameters} × {made.precision}"
    asked.append([words.REPORT["found-network"], kept])
    data = table([words.REPORT["known"], words.REPORT["value"]], asked, left=LEFT)
    told = [story.found(record, words), story.proof(record, words)]
    told.append(story.known(record, words))
    said = "".join(map(paragraph, told))
    return (
        '<div class="opening">'
        + section("x", words.REPORT["asked-x"], data, sign="x")
        + section("f", words.REPORT["asked-f"], _main(page, made), sign="f")
        + section("y", words.REPORT["y"], _big(page, made), said, sign="y")
        + "</div>"
    )


def _main(page: Page, made: Approximation) -> str:
    """The picture that says most: the curve, the plane, or the errors."""
    words = page.words
    if len(made.names) == 1:
        state = states.beside(made, words)
        note = page.told(state, words.REPORT["beside-note"])
        return curve(page, state, note)
    state = states.plane(made, words) or {}
    if state:
        note = page.told(state, words.REPORT["plane-note"])
        return page.figure("Field2D", state, note)
    return _histogram(page, made)


def _histogram(page: Page, made: Approximation) -> str:
    state = states.errors(made, page.words)
    note = page.told(state, page.words.REPORT["histogram-note"])
    return page.figure("Histogram", state, note)


def _big(page: Page, made: Approximation) -> str:
    code = "big-relative" if made.relative else "big-error"
    told = page.words.REPORT[code].format(
        neurons=made.neurons,
        activation=made.activation,
        units=page.words.APPROXIMATIONS["unit" if made.neurons == 1 else "units"],
    )
    size = story.number(made.error, page.words)
    return f'<p class="big"><b>{size}</b> <span>{escape(told)}</span></p>'


def _error(page: Page, made: Approximation) -> str:
    """Where it errs, how that falls with the size, and what else could be had."""
    words = page.words
    left = ""
    if len(made.names) == 1:
        state = states.error(made, words)
        left = curve(page, state, page.told(state, words.REPORT["error-note"]))
    elif plane := states.plane(made, words, "error"):
        left = page.figure("Field2D", plane, plane["alt"]) + _histogram(page, made)
    right = _sizes(page, made) + _yardsticks(page, made)
    return section("error", words.REPORT["error-curve"], columns(left, right))


def _sizes(page: Page, made: Approximation) -> str:
    words = page.words
    if len(made.tried) < 2:
        return ""
    state = states.sizes(made, words)
    heads = [words.REPORT[w] for w in ("neurons", "largest-error")]
    cells = [
        [f"{t.neurons} {t.activation}", story.number(t.error, words)]
        for t in made.tried
    ]
    note = page.told(state, words.REPORT["sizes-note"])
    title = words.REPORT["sizes"]
    return page.figure("CapacityChart", state, note, table(heads, cells), title=title)


def _yardsticks(page: Page, made: Approximation) -> str:
    words = page.words
    if not made.yardsticks:
        return ""
    state = states.yardsticks(made, words)
    note = words.REPORT["yardsticks-note"].format(numbers=made.parameters)
    cells = [[row["label"], row["told"]] for row in state["rows"]]
    numbers = table([words.REPORT["f"], words.REPORT["largest-error"]], cells)
    still = drawing.rungs(state["rows"], state["alt"])
    title = words.REPORT["yardsticks-title"]
    caption = page.told(state, note)
    return page.figure("Leaderboard", state, caption, numbers, still, title)


def _inside(page: Page, made: Approximation) -> str:
    words = page.words
    state = states.network(made, words)
    note = page.told(state, words.REPORT["inside-note"])
    drawn = page.figure("NetDiagram", state, note)
    return section("network", words.REPORT["network"], drawn)


def _certificate(page: Page, made: Approximation) -> str:
    words, record = page.words, made.to_dict()
    told = paragraph(story.proof(record, words))
    proof = record["certificate"]
    if proof is None:
        return section("certificate", words.REPORT["certificate"], told)
    times = " |f|" if proof["relative"] else ""
    cells: list[list[Any]] = [
        [words.REPORT["bound"], f"{proof['bound']:.6g}{times}"],
        [words.REPORT["rounding"], f"{proof['rounding']:.3g}"],
        [words.REPORT["cells"], count(proof["cells"])],
        [words.REPORT["digest"], proof["network"][:16]],
    ]
    listed = table([words.REPORT["certificate"], words.REPORT["value"]], cells)
    note = paragraph(words.REPORT["verify-note"], "hint")
    title = words.REPORT["certificate"]
    return section("certificate", title, columns(told + note, listed))


def _written(page: Page, made: Approximation) -> str:
    words = page.words
    formula = f"N({', '.join(made.names)}) = {made.formula(DIGITS)}"
    note = paragraph(words.REPORT["written-note"], "hint")
    title = words.REPORT["written-out"]
    return section("formula", title, f"<pre>{escape(formula)}</pre>", note)


def _again(page: Page, made: Approximation) -> str:
    words = page.words
    note = paragraph(words.REPORT["same-again"])
    told = f"<pre>{escape(program(made))}</pre>"
    return section("again", words.REPORT["again"], told, note)


def program(made: Approximation) -> str:
    """The call that finds the same network; `f` where it is no expression."""
    ends = list(zip(made.names, made.low, made.high, strict=True))
    on = f"({ends[0][1]!r}, {ends[0][2]!r})"
    if len(ends) > 1:
        inside = ", ".join(f"{n!r}: ({a!r}, {b!r})" for n, a, b in ends)
        on = f"{{{inside}}}"
    given = made.unproved in ("no-proof-samples", "no-proof-callable")
    lines = ["f" if given else f"{made.function!r}"]
    lines += [] if made.unproved == "no-proof-samples" else [f"on={on}"]
    lines += [f"tol={made.tol!r}"] if made.tol is not None else []
    lines += [f"neurons={made.neurons!r}"] if made.tol is None else []
    lines += ["relative=True"] if made.relative else []
    alone = len({t.activation for t in made.tried}) == 1  # it was asked for
    lines += [f"activation={made.activation!r}"] if alone else []
    layers = len(made.network.layers) - 1
    lines += [f"layers={layers}"] if layers > 1 else []
    lines += [f"precision={made.precision!r}", f"seed={made.seed!r}"]
    told = "".join(f"    {line},\n" for line in lines)
    return f"import mapsto\n\nfound = mapsto.approximate(\n{told})"
