"""A judgement as an object: code, severity, and the parameters of its evidence."""

from dataclasses import dataclass, field
from typing import Any, Literal

from mapsto import catalogue

Severity = Literal["good", "note", "warning"]


@dataclass(frozen=True)
class Verdict:
    """A judgement: code, severity and parameters; the words are the catalogue's."""

    code: str
    severity: Severity
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return catalogue.VERDICTS[self.code][0].format(**self.parameters)

    @property
    def evidence(self) -> str:
        return catalogue.VERDICTS[self.code][1].format(**self.parameters)

    @property
    def advice(self) -> str:
        return catalogue.VERDICTS[self.code][2].format(**self.parameters)

    def to_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity,
            "parameters": dict(self.parameters),
            "title": self.title,
            "evidence": self.evidence,
            "advice": self.advice,
        }
