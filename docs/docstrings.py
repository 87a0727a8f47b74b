"""The layout of the reference: the house's docstrings as Sphinx reads them.

A docstring here tells arguments in running text, "target: the column. seed: …", and
what can go wrong after "Errors:". On a page each becomes a line of a list.
"""

import inspect
import re
from typing import Any

from sphinx.application import Sphinx

CODE = re.compile(r"(`[^`]*`)")
DIAL = re.compile(r"^(\w+ : default=.*)\n    (.*)$", re.MULTILINE)
SIGNS = re.compile(r"[*|]|(?<=\w)_(?!\w)")
DRAWN = re.compile(r"^[ |│├└]|\n[ │├└]", re.MULTILINE)
ERRORS = "Errors: "


def laid_out(text: str, parameters: list[str]) -> list[str]:
    """The lines of a docstring as reStructuredText."""
    told = []
    for paragraph in re.split(r"\n\s*\n|\n(?=Errors: )", text):
        if paragraph.startswith("Parameters\n-"):
            told += [dial(name, text) for name, text in DIAL.findall(paragraph)]
        elif DRAWN.search(paragraph):
            told += ["::", "", *("    " + line for line in paragraph.splitlines())]
        elif paragraph.startswith(ERRORS):
            told.append(f"*Errors:* {plain(joined(paragraph.removeprefix(ERRORS)))}")
        else:
            told += arguments(joined(paragraph), parameters)
        told.append("")
    return told


def arguments(paragraph: str, parameters: list[str]) -> list[str]:
    """The text, and each argument it tells as an item of a list."""
    if not parameters:
        return [plain(paragraph)]
    names = "|".join(map(re.escape, parameters))
    first, *rest = re.split(rf"(?:^|(?<=[.;)] ))`?({names})`?: ", paragraph)
    told = [plain(first.strip()), ""] if first.strip() else []
    for name, text in zip(rest[::2], rest[1::2], strict=True):
        told.append(f"- **{name}**: {plain(text.strip().rstrip(';'))}")
    return told


def dial(head: str, text: str) -> str:
    """One parameter of an estimator."""
    name, default = head.split(" : default=")
    return f"- **{plain(name)}** = ``{default}``: {plain(text)}"


def joined(paragraph: str) -> str:
    return " ".join(paragraph.split())


def plain(text: str) -> str:
    """Signs that mean something to Sphinx mean themselves; `code` is code."""
    parts = CODE.split(text)
    for k, part in enumerate(parts):
        if k % 2:
            parts[k] = f"`{part}`"
        else:
            parts[k] = SIGNS.sub(r"\\\g<0>", part)
    return "".join(parts)


def lay_out(
    app: Sphinx, what: str, name: str, one: Any, options: Any, lines: list[str]
) -> None:
    try:
        parameters = [p for p in inspect.signature(one).parameters if p != "self"]
    except (TypeError, ValueError):
        parameters = []
    lines[:] = laid_out("\n".join(lines).strip(), parameters)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("autodoc-process-docstring", lay_out)
    return {"parallel_read_safe": True}
