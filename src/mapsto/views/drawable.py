"""What can be drawn: a fitted model whose record holds its portrait."""

from collections.abc import Mapping
from typing import Any

from mapsto.errors import FileError, OptionError
from mapsto.model import Model


def record_of(model: Any) -> Mapping[str, Any]:
    """The record of the model.

    Errors: OptionError (it is no fitted model), FileError (the model was saved by a
    version that kept nothing to draw).
    """
    if not isinstance(model, Model):
        raise OptionError(
            "option-bad",
            option="model",
            value=type(model).__name__,
            problem="it must be what mapsto.fit gave, or for views and reports what "
            "mapsto.cluster or mapsto.approximate gave",
        )
    if "portrait" not in model.record:
        problem = "it was saved before reports were; fit the model again"
        raise FileError("file-unreadable", path=model.target, problem=problem)
    return model.record
