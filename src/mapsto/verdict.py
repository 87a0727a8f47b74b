"""A judgement as an object: code, severity, and the parameters of its evidence."""

from dataclasses import dataclass, field
from typing import Any, Literal

from mapsto import catalogue, figures

Severity = Literal["good", "note", "warning"]


@dataclass(frozen=True)
class Verdict:
    """A judgement: code, severity and parameters; the words are the catalogue's."""

    code: str
    severity: Severity
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self._told(0)

    @property
    def evidence(self) -> str:
        return self._told(1)

    @property
    def advice(self) -> str:
        return self._told(2)

    def _told(self, part: int) -> str:
        words = {
            name: figures.plain(value) if isinstance(value, float) else value
            for name, value in self.parameters.items()
        }
        return catalogue.VERDICTS[self.code][part].format(**words)

    def to_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity,
            "parameters": dict(self.parameters),
            "title": self.title,
            "evidence": self.evidence,
            "advice": self.advice,
        }
