"""What the theme leaves unsaid: names of landmarks, levels of headings, and code that
can be scrolled with the keyboard."""

from pathlib import Path
from typing import Any

SAID = {
    '<p class="caption" role="heading">': (
        '<p class="caption" role="heading" aria-level="2">'
    ),
    "<pre><span></span>": '<pre tabindex="0"><span></span>',
}
DRAWERS = {
    '<aside class="sidebar-drawer">': ("All pages", "全部页面"),
    '<aside class="toc-drawer">': ("On this page", "本页内容"),
}


def finished(app: Any, error: Exception | None) -> None:
    """Say it in every page that was written."""
    if error or app.builder.format != "html":
        return
    for path in Path(app.outdir).glob("*.html"):
        page = path.read_text("utf-8")
        path.write_text(said(page), "utf-8")


def said(page: str) -> str:
    """The page with all of it; the same for a page that has it."""
    chinese = 'lang="zh' in page[:500]
    for mute, loud in SAID.items():
        page = page.replace(mute, loud)
    for mute, names in DRAWERS.items():
        page = page.replace(mute, f'{mute[:-1]} aria-label="{names[chinese]}">')
    return page


def setup(app: Any) -> dict[str, bool]:
    app.connect("build-finished", finished)
    return {"parallel_read_safe": True}
