"""A view as a widget for notebooks (anywidget: Jupyter, marimo, VS Code, Colab)."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from mapsto.errors import ExtraMissing
from mapsto.views.page import asset


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
        _css = asset("tokens.css").decode()
        view = traitlets.Unicode().tag(sync=True)
        state = traitlets.Dict().tag(sync=True)
        words = traitlets.Dict().tag(sync=True)

    return View
