"""What the pages show is what happens.

In README.md and docs/, a block of `python` is run, and the plain block right after it
is what it prints; in a block of `console` the lines after `$ mapsto …` are what the
command says. Each page is one session in a folder with houses.csv and new.csv.

A translation shows the same code and the same outputs as its original, and only its
comments are in its own language.

`make docs` (python tests/test_docs.py) writes the outputs anew.
"""

import contextlib
import csv
import io
import re
import shlex
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote

import pytest

import mapsto
from mapsto import catalogue, cli
from mapsto.families import LADDER

ROOT = Path(__file__).parent.parent
PAGES = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").glob("*.md"))]
TRANSLATIONS = {
    ROOT / "README.zh-CN.md": ROOT / "README.md",
    ROOT / "docs/guide-zh.md": ROOT / "docs/guide.md",
}
PLAYED = [page for page in PAGES if page not in TRANSLATIONS]
BLOCK = re.compile(r"^```([\w{}]*)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
TIME = re.compile(r"\b(\d+ min )?\d[\d.]* s\b")
NUMBER = re.compile(r"\d[\d,]*\.?\d*")


# ── playing a page ──


def played(page: Path, folder: Path) -> str:
    """The page's text with the outputs as they are now."""
    names: dict[str, object] = {}
    text, done, printed, end = page.read_text("utf-8"), [], None, 0
    with contextlib.chdir(folder):
        for block in BLOCK.finditer(text):
            language, body = block[1], block[2]
            between = text[end : block.start()]
            if language == "python":
                printed = output_of(body, names)
            elif language == "console":
                body, printed = conversation(body), None
            elif language == "" and printed is not None and not between.strip():
                body, printed = printed, None
            else:
                printed = None
            done += [between, f"```{language}\n{body}```\n"]
            end = block.end()
    return "".join([*done, text[end:]])


def output_of(program: str, names: dict[str, object]) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(program, names)
    return printed.getvalue()


def conversation(shown: str) -> str:
    """The commands of a console block, each with what it says now."""
    commands = [line for line in shown.splitlines() if line.startswith("$ ")]
    return "".join(f"{line}\n{said(line[2:])}" for line in commands)


def said(command: str) -> str:
    """Both streams of `mapsto …`, as a terminal shows them."""
    sys.argv, before = shlex.split(command), sys.argv
    screen = io.StringIO()
    with (
        contextlib.redirect_stdout(screen),
        contextlib.redirect_stderr(screen),
        contextlib.suppress(SystemExit),
    ):
        cli.main()
    sys.argv = before
    return screen.getvalue()


# ── a translation ──


def shown(text: str) -> list[re.Match[str]]:
    """The blocks that a translation repeats: code, commands and outputs."""
    found, code = [], False
    for block in BLOCK.finditer(text):
        if output := block[1] == "" and code:
            output = not text[found[-1].end() : block.start()].strip()
        code = block[1] == "python"
        if block[1] or output:
            found.append(block)
    return found


def without_comments(block: re.Match[str]) -> tuple[str, str]:
    """The block, and nothing of what a translation says otherwise."""
    body = re.sub(r"\s*#.*", "", block[2])
    return block[1], re.sub(r", language=\"zh\"| --language zh", "", body)


def translated(translation: str, original: str) -> str:
    """The translation with the outputs of the original as they are now."""
    done, end = [], 0
    for ours, theirs in zip(shown(translation), shown(original), strict=True):
        kept = theirs if ours[1] in ("", "console") else ours
        done += [translation[end : ours.start()], kept[0]]
        end = ours.end()
    return "".join([*done, translation[end:]])


def write_tables(folder: Path) -> None:
    """houses.csv to learn from, and new.csv, four rows without their price."""
    town = mapsto.examples.houses(1004, seed=0)
    rows = list(zip(*town.values(), strict=True))
    for name, some in (("houses.csv", rows[:1000]), ("new.csv", rows[1000:])):
        width = None if name == "houses.csv" else -1
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            written = csv.writer(file, lineterminator="\n")
            written.writerow(list(town)[:width])
            written.writerows(row[:width] for row in some)


# ── what must hold ──


def words(text: str) -> list[str]:
    """The text without its numbers, times and alignment."""
    return NUMBER.sub("#", TIME.sub("TIME", text)).split()


def numbers(text: str) -> list[float]:
    found = NUMBER.findall(TIME.sub("TIME", text))
    return [float(n.replace(",", "").rstrip(".")) for n in found]


@pytest.mark.parametrize("page", PLAYED, ids=lambda page: page.stem)
def test_what_a_page_shows_is_what_happens(page, tmp_path):
    """Same words; numbers within 5 %, since processors differ in the last digits."""
    write_tables(tmp_path)
    shown = page.read_text("utf-8")

    now = played(page, tmp_path)

    assert words(now) == words(shown)
    assert numbers(now) == pytest.approx(numbers(shown), rel=0.05)


@pytest.mark.parametrize("page", TRANSLATIONS, ids=lambda page: page.stem)
def test_a_translation_shows_what_its_original_shows(page):
    original = TRANSLATIONS[page]
    ours, theirs = (shown(p.read_text("utf-8")) for p in (page, original))

    assert [*map(without_comments, ours)] == [*map(without_comments, theirs)]
    assert f"({page.name})" in original.read_text("utf-8")
    assert f"({original.name})" in page.read_text("utf-8")


def test_every_link_leads_somewhere():
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for link in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_page_is_reached_from_the_readme():
    readme = (ROOT / "README.md").read_text("utf-8")

    for page in (ROOT / "docs").glob("*.md"):
        assert f"(docs/{page.name})" in readme or page.name == "index.md"


def test_the_picture_of_the_house_names_every_room():
    """docs/architecture.md shows each file and folder of the package, and no other."""
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    shown = set(re.findall(r"^[├└]── (\w+(?:\.py|/))", page, re.MULTILINE))
    package = ROOT / "src/mapsto"
    rooms = {
        f"{p.name}/" if p.is_dir() else p.name
        for p in package.iterdir()
        if not p.name.startswith("_") and p.suffix != ".typed"
    }

    assert shown == rooms


def test_every_rung_is_described():
    """docs/choosing.md has a row for each family, in the ladder's order."""
    page = (ROOT / "docs/choosing.md").read_text("utf-8")

    described = re.findall(r"^\| \*\*(\w+)\*\* \|", page, re.MULTILINE)
    assert described == [*(family.name for family in LADDER), "blend"]


def test_every_verdict_is_explained():
    page = (ROOT / "docs/choosing.md").read_text("utf-8")

    for title, _, _ in catalogue.VERDICTS.values():
        assert f"**{title}**" in page


SCHOLARLY = re.compile(
    r"https://(?:doi\.org|arxiv\.org|papers\.nips\.cc|otexts\.com|members\.loria\.fr)/\S+"
)


def links(text: str) -> set[str]:
    """Links to papers, without the punctuation that follows them."""
    found = (unquote(link).rstrip("`\".,;:'") for link in SCHOLARLY.findall(text))
    return {link[:-1] if link.count(")") > link.count("(") else link for link in found}


def test_every_paper_cited_in_the_code_is_in_the_references():
    page = links((ROOT / "docs/references.md").read_text("utf-8"))

    for path in (ROOT / "src").rglob("*.py"):
        assert links(path.read_text("utf-8")) - page == set(), path.name


if __name__ == "__main__":
    for page in PLAYED:
        with TemporaryDirectory() as folder:
            write_tables(Path(folder))
            page.write_text(played(page, Path(folder)), "utf-8")
            print(page.relative_to(ROOT))
    for page, original in TRANSLATIONS.items():
        text = translated(page.read_text("utf-8"), original.read_text("utf-8"))
        page.write_text(text, "utf-8")
        print(page.relative_to(ROOT))
