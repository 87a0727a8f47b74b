"""What a result was measured with: versions, processor, cores."""

import os
import platform
from importlib.metadata import version
from pathlib import Path


def machine(*packages: str) -> dict[str, str | int]:
    """The versions of these packages, and the machine's own marks."""
    return {name: version(name) for name in packages} | {
        "python": platform.python_version(),
        "processor": processor(),
        "cores": os.cpu_count() or 1,
        "system": platform.system(),
    }


def processor() -> str:
    """The processor's name where the system tells it, else its architecture."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if "model name" in line]
    return names[0] if names else platform.machine()
