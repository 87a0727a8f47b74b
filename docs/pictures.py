"""`make pictures`: the pictures of README.md, from the report of `mapsto demo --quick`.

A Chromium on the PATH looks at the page; each picture is its upper part.
`python docs/pictures.py houses.mapsto` takes the model of a demo that has been run.
"""

import contextlib
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

import mapsto
from mapsto import demo

FOLDER = Path(__file__).parent / "pictures"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
SIZE = {"width": 1280, "height": 760}
SHOTS = {"report.png": ("en", "light"), "report-zh.png": ("zh", "dark")}


def main(model_file: str = "") -> None:
    """Run the demo, or take its model file, and photograph the report."""
    FOLDER.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        if not model_file:
            model_file = f"{folder}/{demo.FILE}"
            with contextlib.chdir(folder):
                demo.run("quick")
        model = mapsto.load(model_file)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        for name, (language, scheme) in SHOTS.items():
            path = mapsto.report(model, Path(folder) / f"{language}.html", language)
            page = browser.new_page(viewport=SIZE, color_scheme=scheme)
            page.goto(path.as_uri())
            page.wait_for_timeout(500)
            page.screenshot(path=FOLDER / name)
            print(FOLDER / name)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
