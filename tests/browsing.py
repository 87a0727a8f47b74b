"""A Chromium for the tests that look at pages."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")

SPILT = """() => {
  const wide = innerWidth, found = []
  if (document.documentElement.scrollWidth > wide) found.push('page')
  for (const text of document.querySelectorAll('svg text')) {
    const box = text.getBoundingClientRect()
    const out = box.left < -1 || box.right > wide + 1
    if (box.width && out) found.push(text.textContent)
  }
  return found
}"""
"""What stands beyond the page, to the left or the right."""

EMPTY = """() => [...document.querySelectorAll('[data-view]')]
  .filter((view) => !view.querySelector('svg, canvas, p') || view.clientHeight < 20)
  .map((view) => view.dataset.state)"""
"""The views that drew nothing."""


@contextmanager
def browser() -> Iterator[Any]:
    """The system's Chromium. Without one the test is skipped; under CI it fails."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        assert not os.environ.get("CI"), "CI needs Chromium: make browser"
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield opened
        opened.close()


def complaints(page: Any) -> list[str]:
    """What the page says on its console, its errors, and what it fetches from afar;
    the list grows."""
    loud: list[str] = []
    page.on("console", lambda m: loud.append(m.text))
    page.on("pageerror", lambda e: loud.append(str(e)))
    page.on("request", lambda r: _from_afar(r.url) and loud.append(r.url))
    return loud


def _from_afar(url: str) -> bool:
    return not url.startswith(("file://", "data:"))
