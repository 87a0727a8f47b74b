"""A view as a widget for notebooks (anywidget: Jupyter, marimo, VS Code, Colab)."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from mapsto.errors import ExtraMissing
from mapsto.views.page import asset

HOSTS = {
    "light": ("[data-jp-theme-light='true']", ".light-theme", ".vscode-light"),
    "dark": ("[data-jp-theme-light='false']", ".dark-theme", ".vscode-dark"),
}
"""How JupyterLab, marimo and VS Code mark their own theme, which need not be that of
the system."""


def widget(view: str, state: Mapping[str, Any], words: Mapping[str, str]) -> Any:
    """The widget that draws `state`. Errors: ExtraMissing where anywidget is not."""
    return _widget_class()(view=view, state=dict(state), words=dict(words))


@cache
def _widget_class() -> Any:
    try:
        import anywidget
        import traitlets
    except ImportError as error:
        raise ExtraMissing(
            "extra-missing",
            what="A live picture",
            package="anywidget",
            extra="notebook",
        ) from error

    class View(anywidget.AnyWidget):
        """One of the built views; `state` may be set anew and is drawn anew."""

        _esm = asset("views.js").decode()
        _css = styles()
        view = traitlets.Unicode().tag(sync=True)
        state = traitlets.Dict().tag(sync=True)
        words = traitlets.Dict().tag(sync=True)

    return View


def styles() -> str:
    """The colours by their roles; the notebook's theme goes before the system's."""
    tokens = asset("tokens.css").decode()
    theme = {"light": r"\.mapsto", "dark": r"\.mapsto\[data-theme='dark'\]"}
    told = [tokens]
    for name, selector in theme.items():
        (colours,) = re.findall(rf"^{selector} (\{{.*?\}})", tokens, re.M | re.S)
        for host in HOSTS[name]:
            told += [
                f"{host} .mapsto {colours}",
                f":host-context({host}) .mapsto {colours}",
            ]
    return "\n".join(told)
