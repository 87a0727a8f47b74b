"""The wheel and the sdist hold what they should, and the wheel installs."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_the_wheel_holds_the_package_and_nothing_else(built):
    (wheel,) = built.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()

    assert "mapsto/py.typed" in names
    assert any(n.endswith("licenses/LICENSE") for n in names)
    assert all(n.startswith(("mapsto/", "mapsto-")) for n in names)


def test_the_sdist_holds_the_tests_and_the_docs(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {n.split("/", 1)[1] for n in archive.getnames() if "/" in n}

    assert {"README.md", "LICENSE", "Makefile", "tests/problems.py"} <= names
    assert "docs/architecture.md" in names


def test_the_wheel_installs_and_runs(built, tmp_path):
    """Into an empty folder, with the packages of this environment beside it."""
    (wheel,) = built.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--target", str(tmp_path), str(wheel)], check=True)
    told = subprocess.run(
        [sys.executable, "-c", "import mapsto; print(mapsto.__file__)"],
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.startswith(str(tmp_path))
