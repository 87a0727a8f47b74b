"""The house keeps its rules: light to enter, one table of sentences, no strange paths.

Which way imports run is checked by `make check`; that the picture in
docs/architecture.md names every room, by test_docs.py.
"""

import ast
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import mapsto
from mapsto import catalogue, errors

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "mapsto"
MODULES = sorted(PACKAGE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text("utf-8")) for path in MODULES}
SENTENCES = {
    "ERRORS": catalogue.ERRORS,
    "NOTICES": catalogue.NOTICES,
    "VERDICTS": catalogue.VERDICTS,
    "ANSWERS": catalogue.ANSWERS,
    "APPROXIMATIONS": catalogue.APPROXIMATIONS,
}


# ── light to enter ──


def test_the_package_imports_only_itself_and_python():
    """`import mapsto` and the list of its names cost nothing."""
    program = "import mapsto, sys; dir(mapsto); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    tops = {name.partition(".")[0] for name in done.stdout.split()}
    assert not tops & {"numpy", "jax", "sklearn", "lightgbm", "duckdb", "rich", "typer"}
    assert {m for m in done.stdout.split() if m.startswith("mapsto")} == {"mapsto"}


@pytest.mark.parametrize("name", mapsto.__all__)
def test_public_names_load_on_first_use_and_are_documented(name):
    assert name in dir(mapsto)
    assert getattr(mapsto, name).__doc__


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="no attribute 'fits'"):
        _ = mapsto.fits


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(TREES[path]) or not path.read_text("utf-8").strip()


# ── one table of sentences ──

RAISED = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.MapstoError)
}
TOLD = {**dict.fromkeys(RAISED, "ERRORS"), "Noticed": "NOTICES", "Verdict": "VERDICTS"}


@cache
def literals():
    """Every string in the package that is not in the catalogue itself."""
    return {
        node.value
        for path, tree in TREES.items()
        if path.parent.name != "catalogue"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@cache
def prefixes():
    """The beginnings of f-strings, as in ANSWERS[f"simplest-{clause}"]."""
    return tuple(
        part.value
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in node.values[:1]
        if isinstance(part, ast.Constant) and part.value.endswith("-")
    )


def calls():
    """(place, table, code, parameters) where an error, notice or verdict is made."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            name = getattr(getattr(node, "func", None), "id", None)
            if name in TOLD and node.args and isinstance(node.args[0], ast.Constant):
                given = {keyword.arg for keyword in node.keywords}
                place = f"{path.relative_to(PACKAGE)}:{node.lineno}"
                yield place, TOLD[name], node.args[0].value, given


def fields(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("table", SENTENCES)
def test_every_sentence_is_said_somewhere(table):
    used, begun = literals(), prefixes()

    silent = {c for c in SENTENCES[table] if c not in used and not c.startswith(begun)}

    assert silent == set()


def test_every_code_has_a_sentence():
    unknown = [c for c in calls() if c[2] not in SENTENCES[c[1]]]

    assert unknown == []


def test_every_error_brings_what_its_sentence_names():
    """`raise DataError("too-few-rows", rows=…, least=…)`: no field stays empty."""
    short = [
        (place, fields(catalogue.ERRORS[code]) - given)
        for place, table, code, given in calls()
        if table == "ERRORS" and None not in given
    ]

    assert [found for found in short if found[1]] == []


# ── no strange paths ──

TEXT = {".py", ".md", ".toml", ".cff", ".yml", ".txt", ".json", ""}
HIDDEN = re.compile(r"^\.(?!ci$)|^(build|dist|__pycache__|node_modules)$|\.egg-info$")
FOREIGN = re.compile(r"(?<![\w.:/])/(work|tmp|home|root|Users|mnt|opt|var)/|[A-Z]:\\\\")


def project_files():
    """Every text file of the project."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if not HIDDEN.search(name))
        for path in (Path(folder, name) for name in sorted(names)):
            if path.suffix in TEXT and not path.name.startswith("."):
                yield path


def test_no_file_names_a_folder_of_some_machine():
    found = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in project_files()
        if (hit := FOREIGN.search(path.read_text("utf-8", errors="ignore")))
    ]

    assert found == []


def test_each_test_file_has_a_name_of_its_own():
    """pytest takes two of one name for the same module."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]

    assert len(names) == len(set(names))
