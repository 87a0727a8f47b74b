"""Real notebooks: JupyterLab and marimo show models, ladders and live pictures.

`make test-all` installs both; without them these tests are skipped.
"""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from browsing import browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

FIT = """
import mapsto

town = mapsto.examples.houses(200, seed=0)
model = mapsto.fit(town, "price", families=("line", "curve"), effort="quick")
made = mapsto.approximate("tanh(3*x)", on=(-1, 1), tol=1e-3)
heaps = {"x": [k % 3 * 9 + k / 50 for k in range(90)], "y": [*range(90)]}
groups = mapsto.cluster(heaps, families=("kmeans",), effort="quick")
"""
SHOWN = (
    "model",
    "model.ladder",
    "made",
    "groups",
    'mapsto.view(model, "column", column="age")',
    'mapsto.view(model, "plane", language="zh")',
)
INK_AND_PAPER = """(drawn) => {
  const ink = getComputedStyle(drawn).color
  let paper, at = drawn
  do {
    paper = getComputedStyle(at).backgroundColor
    at = at.parentElement ?? at.getRootNode().host
  } while (at && paper.endsWith(', 0)'))
  const brush = document.createElement('canvas').getContext('2d')
  return [ink, paper].map((colour) => {
    brush.fillStyle = colour
    brush.fillRect(0, 0, 1, 1)
    return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3)
  })
}"""
"""The colour of what is drawn, and of what is behind it: [r, g, b] each."""

NAMES = "mapsto, model, made, groups"
PATIENCE = 90_000  # milliseconds: a notebook on a busy machine is slow to begin


def needs(package: str) -> None:
    if find_spec(package) is None:
        assert not os.environ.get("CI"), f"CI needs {package}: make test-all"
        pytest.skip(f"{package} is not installed")


@contextmanager
def served(command: list[str], address: str, folder: Path):
    """A server in a process of its own, with settings of its own, until it is left."""
    home = {
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "IPYTHONDIR": str(folder / "ipython"),
        "XDG_CONFIG_HOME": str(folder / "xdg"),
    }
    log = (folder / "log").open("wb")
    server = subprocess.Popen(
        command, cwd=folder, env={**os.environ, **home}, stdout=log, stderr=log
    )
    try:
        wait_for(address, server, folder / "log")
        yield
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(240):
        assert server.poll() is None, log.read_text("utf-8", "replace")
        try:
            urlopen(address, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.5)
        else:
            return
    raise AssertionError(log.read_text("utf-8", "replace"))


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def opened(address: str, size: tuple[int, int] = (1280, 2600)):
    """The page, tall enough that nothing waits to be scrolled to. The system is dark,
    and the notebooks are light."""
    with browser() as chromium:
        page = chromium.new_page(
            viewport={"width": size[0], "height": size[1]}, color_scheme="dark"
        )
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        yield page
        page.close()


def is_shown(page) -> None:
    """What was learned is told and drawn still, the column and the plane are alive."""
    slider = page.get_by_role("slider", name="Read the function along age")
    slider.wait_for()
    plane = page.locator("canvas")
    plane.first.wait_for()
    still = page.locator("svg[aria-label^='constant ']")
    assert still.count() == 2
    assert page.get_by_role("cell", name="← best").count() == 2
    assert page.get_by_text("1 tanh neuron").count() >= 1
    assert page.get_by_text("2 columns of 90 rows").count() >= 1
    ink, paper = map(sum, slider.evaluate(INK_AND_PAPER))
    assert paper - ink > 300, "light on light"
    slider.focus()
    slider.press("ArrowRight")
    assert " ↦ " in slider.get_attribute("aria-valuetext")


def test_jupyterlab(tmp_path):
    needs("jupyterlab")
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    cells = [new_code_cell(source) for source in (FIT, *SHOWN)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    book = new_notebook(cells=cells, metadata=kernel)
    nbformat.write(book, tmp_path / "town.ipynb")
    port = free_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--port={port}", "--ServerApp.token=sesame", "--ip=127.0.0.1"]
    command += [f"--ServerApp.root_dir={tmp_path}"]
    root = f"http://127.0.0.1:{port}"

    with (
        served(command, f"{root}/api", tmp_path),
        opened(f"{root}/lab/tree/town.ipynb?token=sesame") as page,
    ):
        page.locator(".jp-Notebook").wait_for()
        page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
        page.get_by_text("Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        try:
            is_shown(page)
        finally:
            keep(page, "jupyterlab")
        assert page.locator(".jp-OutputArea-output[data-mime-type*=error]").count() == 0


def marimo_app() -> str:
    cells = "".join(
        f"@app.cell\ndef _({NAMES}):\n    {source}\n    return\n\n\n"
        for source in SHOWN
    )
    fit = FIT.strip().replace("\n", "\n    ")
    return (
        "import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef _():\n"
        f"    {fit}\n    return {NAMES}\n\n\n{cells}"
        'if __name__ == "__main__":\n    app.run()\n'
    )


def test_marimo(tmp_path):
    needs("marimo")
    (tmp_path / "town.py").write_text(marimo_app(), "utf-8")
    port = free_port()
    command = [sys.executable, "-m", "marimo", "run", "town.py", "--headless"]
    command += [f"--port={port}", "--host=127.0.0.1", "--no-token"]
    root = f"http://127.0.0.1:{port}"

    with served(command, f"{root}/health", tmp_path), opened(root) as page:
        try:
            is_shown(page)
        finally:
            keep(page, "marimo")


def test_marimo_exports_what_it_shows(tmp_path):
    needs("marimo")
    (tmp_path / "town.py").write_text(marimo_app(), "utf-8")
    command = [sys.executable, "-m", "marimo", "export", "html", "town.py"]

    done = subprocess.run(
        [*command, "-o", "town.html"], cwd=tmp_path, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    page = (tmp_path / "town.html").read_text("utf-8")
    assert page.count("price from 7 columns, learned from 200 rows") == 1
    assert page.count("marimo-anywidget") >= 2


def keep(page, name: str) -> None:
    """A screenshot in the folder MAPSTO_PICTURES, for people."""
    if folder := os.environ.get("MAPSTO_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")
