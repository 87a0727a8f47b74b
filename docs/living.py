"""Pictures that live in a page: a Sphinx directive.

    ```{picture}
    mapsto.view(model, "column")
    ```

The expression is evaluated after the page's `python` blocks above it, in the order of
the page; the page then carries the state of the view, and the view draws it. So what a
picture shows is what the code beside it gives, and a reader can do the same.
"""

import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import cache
from html import escape
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from mapsto.languages import words_of
from mapsto.views.page import script
from mapsto.views.pictures import Picture, still

BLOCK = re.compile(r"^```([\w{}]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@cache
def after(programs: tuple[str, ...]) -> dict[str, Any]:
    """The names that exist when the programs have run, one after the other.

    Two pages that begin alike share the work.
    """
    names = dict(after(programs[:-1])) if programs else {}
    if programs:
        with redirect_stdout(StringIO()):  # the page shows what it prints
            exec(programs[-1], names)
    return names


def pictures(page: str) -> Iterator[Picture]:
    """The pictures of a page's text, in its order."""
    programs: tuple[str, ...] = ()
    for language, body in BLOCK.findall(page):
        if language == "python":
            programs += (body,)
        elif language == "{picture}":
            yield eval(body.strip(), dict(after(programs)))


# ── in a document ──


class picture(nodes.General, nodes.Element):
    """A figure: `shown` is the Picture, `key` its place in the page."""


class Directive(SphinxDirective):
    has_content = True

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.doc2path(self.env.docname))
        place = self.env.temp_data.setdefault("pictures", 0)
        self.env.temp_data["pictures"] += 1
        shown = next(islice(pictures(path.read_text("utf-8")), place, None))
        return [picture("", shown=shown, key=f"{shown.view}-{place}")]


def enter(writer: Any, node: picture) -> None:
    shown, key = node["shown"], node["key"]
    writer.body.append(
        f'<figure class="living"><div class="view" data-view="{shown.view}"'
        f' data-state="{key}">{still(shown)}</div>'
        f"<figcaption>{escape(shown.finding)}</figcaption></figure>"
    )


def leave(writer: Any, node: picture) -> None:
    """The figure is whole already."""


FOLDS = {"en": "The code", "zh": "代码"}


def fold(app: Sphinx, doctree: nodes.document, name: str) -> None:
    """On a page with pictures the code stands folded: the pictures are the text."""
    if not list(doctree.findall(picture)):
        return
    word = FOLDS[language_of(name)[:2]]
    for block in list(doctree.findall(nodes.literal_block)):
        if block.get("language") == "python":
            start = f'<details class="code"><summary>{word}</summary>'
            ends = [nodes.raw("", tag, format="html") for tag in (start, "</details>")]
            block.replace_self([ends[0], block.deepcopy(), ends[1]])


def language_of(name: str) -> str:
    """guide is English, guide-zh Chinese."""
    return "zh-Hans" if name.endswith("-zh") else "en"


def beside(app: Sphinx, name: str, source: list[str]) -> None:
    """Pages of the repository that are not on the site are given as files."""
    source[0] = re.sub(r"\]\((\.\./[^)]+\.md)\)", r"](path:\1)", source[0])


def finish(
    app: Sphinx, name: str, template: str, context: dict[str, Any], doctree: Any
) -> None:
    """The views and their states at the end of a page that has pictures."""
    language = language_of(name)
    found = list(doctree.findall(picture)) if doctree else []
    if found:
        states = {node["key"]: node["shown"].state for node in found}
        context["body"] += script(words_of(language[:2]), states)
    context["language"] = language


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_node(picture, html=(enter, leave))
    app.add_directive("picture", Directive)
    app.connect("source-read", beside)
    app.connect("doctree-resolved", fold)
    app.connect("html-page-context", finish)
    return {"parallel_read_safe": False}
