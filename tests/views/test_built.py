"""The committed build of the views is current, small, and of our own words."""

import gzip
import hashlib
import re
from pathlib import Path

from mapsto import catalogue

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
STATIC = ROOT / "src/mapsto/views/static"
KB = 1000


def sources():
    files = [p for p in (FRONTEND / "src").rglob("*") if p.is_file()]
    files += [FRONTEND / "package-lock.json", FRONTEND / "vite.config.js"]
    return sorted(files, key=lambda p: p.relative_to(FRONTEND).as_posix())


def test_the_build_is_current():
    """`make views` builds it anew; the fingerprint is that of vite.config.js."""
    fingerprint = hashlib.sha256()
    for path in sources():
        fingerprint.update(f"{path.relative_to(FRONTEND).as_posix()}\0".encode())
        fingerprint.update(f"{path.read_text('utf-8')}\0".encode())

    built = (STATIC / "views.js").read_text("utf-8")

    assert f"sources {fingerprint.hexdigest()} */" in built[:200]
    tokens = (FRONTEND / "src/kit/tokens.css").read_text("utf-8")
    assert (STATIC / "tokens.css").read_text("utf-8") == tokens


def test_the_build_is_small():
    assert len(gzip.compress((STATIC / "views.js").read_bytes())) < 60 * KB


def test_every_word_that_a_view_says_is_in_the_catalogue():
    text = "".join(p.read_text("utf-8") for p in (FRONTEND / "src").rglob("*.*"))

    assert set(re.findall(r"'(view-[a-z]+)'", text)) == set(catalogue.VIEWS)


def test_every_view_can_be_reached_by_its_name():
    door = (FRONTEND / "src/main.ts").read_text("utf-8")

    for path in (FRONTEND / "src/views").glob("*.svelte"):
        assert f"./views/{path.name}'" in door


def test_the_readme_shows_every_file():
    page = (FRONTEND / "README.md").read_text("utf-8")

    for path in (FRONTEND / "src/kit").iterdir():
        assert path.name in page
