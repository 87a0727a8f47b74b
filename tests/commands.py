"""Running the command line from tests, in this process and in one of its own."""

import io
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mapsto import cli


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


class Command:
    """`command("show", "a.mapsto")` runs `mapsto show a.mapsto` in this process."""

    def __init__(self, monkeypatch, capsys):
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *arguments: object, stdin: bytes = b"") -> Answer:
        words = ["mapsto", *map(str, arguments)]
        self.monkeypatch.setattr(sys, "argv", words)
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        self.capsys.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as end:
            code = int(end.code or 0)
        told = self.capsys.readouterr()
        return Answer(code, told.out, told.err)


def own_process(
    arguments: Sequence[object], cwd: Path | str = ".", before: str = ""
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own; `before` is Python to run first."""
    if before:
        program = f"{before}\nfrom mapsto.__main__ import main\nmain()"
        start = [sys.executable, "-c", program]
    else:
        start = [sys.executable, "-m", "mapsto"]
    return subprocess.run(
        [*start, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        timeout=120,
    )
