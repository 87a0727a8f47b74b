"""Every error that a user can meet.

MapstoError
├── DataError       the table cannot be used as it is        (also a ValueError)
├── OptionError     an argument is not one of the choices    (also a ValueError)
├── ExpressionError an expression cannot be read             (also a ValueError)
├── FileError       a file cannot be read or written         (also an OSError)
├── GraphError      a function cannot be written as a graph
├── NothingKept     stopped before anything was finished
└── ExtraMissing    an optional package is not installed     (also an ImportError)

Each carries a `code` and `parameters`; its sentence comes from `catalogue.ERRORS`
and says what was expected, what came, and what to try.
"""

from typing import Any

from mapsto import catalogue


class MapstoError(Exception):
    """An error with a code, its parameters, and a sentence."""

    def __init__(self, code: str, **parameters: Any):
        self.code = code
        self.parameters = parameters
        super().__init__(catalogue.ERRORS[code].format(**parameters))

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.code, self.parameters)


def _rebuild(kind: type[MapstoError], code: str, parameters: dict[str, Any]) -> Any:
    return kind(code, **parameters)


class DataError(MapstoError, ValueError):
    """The table cannot be used as it is."""


class OptionError(MapstoError, ValueError):
    """An argument is not one of the choices."""


class ExpressionError(MapstoError, ValueError):
    """An expression cannot be read; `parameters["position"]` counts from 1."""


class FileError(MapstoError, OSError):
    """A file cannot be read or written."""


class GraphError(MapstoError):
    """A function cannot be written as a graph."""


class NothingKept(MapstoError):
    """Stopped before anything was finished."""


class ExtraMissing(MapstoError, ImportError):
    """An optional package is not installed."""
