"""What the README shows is what happens.

`python tests/test_docs.py` writes the session's output into the README anew.
"""

import contextlib
import io
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"\d[\d,]*\.?\d*")


def blocks(text: str) -> list[tuple[str, str]]:
    """(language, content) of each fenced block."""
    return [(m[1], m[2]) for m in BLOCK.finditer(text)]


def session(folder: Path) -> tuple[str, str]:
    """What the first Python block prints, and what the README says it prints.

    Later Python blocks go on in the same session, in `folder`.
    """
    found = blocks(README.read_text())
    python = [body for language, body in found if language == "python"]
    shown = found[[language for language, _ in found].index("python") + 1][1]
    names: dict[str, object] = {}
    before, printed = os.getcwd(), io.StringIO()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(printed):
            exec(python[0], names)
        for body in python[1:]:
            exec(body, names)
    finally:
        os.chdir(before)
    return printed.getvalue(), shown


def words(text: str) -> list[str]:
    """The text without its numbers, times and alignment."""
    text = re.sub(r"\d[\d.]* s\b", "TIME", text)
    return NUMBER.sub("#", text).split()


def numbers(text: str) -> list[float]:
    text = re.sub(r"\d[\d.]* s\b", "TIME", text)
    return [float(n.replace(",", "").rstrip(".")) for n in NUMBER.findall(text)]


def test_the_session_of_the_readme_is_real(tmp_path):
    """Same words; numbers within 5 %, since processors differ in the last digits."""
    printed, shown = session(tmp_path)

    assert words(printed) == words(shown)
    assert numbers(printed) == pytest.approx(numbers(shown), rel=0.05)
    assert (tmp_path / "town.mapsto").exists()


def test_every_link_leads_somewhere():
    for page in [README, *ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for link in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_picture_of_the_house_names_every_room():
    """docs/architecture.md shows each file and folder of the package, and no other."""
    page = (ROOT / "docs/architecture.md").read_text()
    shown = set(re.findall(r"^[├└]── (\w+(?:\.py|/))", page, re.MULTILINE))
    package = ROOT / "src/mapsto"
    rooms = {
        f"{p.name}/" if p.is_dir() else p.name
        for p in package.iterdir()
        if not p.name.startswith("_") and p.suffix != ".typed"
    }

    assert shown == rooms


if __name__ == "__main__":
    from tempfile import mkdtemp

    printed, shown = session(Path(mkdtemp()))
    README.write_text(README.read_text().replace(shown, printed))
