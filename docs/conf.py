"""The site: `make site` builds it from the pages of this folder, warnings as errors.

The pages are plain Markdown and read well without it. `living.py` adds the pictures,
`docstrings.py` lays out the reference, `landmarks.py` names what is only seen.
"""

import sys
from importlib.resources import files
from pathlib import Path

import mapsto

sys.path.insert(0, str(Path(__file__).parent))

VIEWS = Path(str(files("mapsto.views").joinpath("static")))

project = "mapsto"
author = "The mapsto developers"
release = version = mapsto.__version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "docstrings", "landmarks", "living"]
exclude_patterns = ["pictures", "static"]
smartquotes = False  # what stands in quotes is often code

myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "none"
add_module_names = False
highlight_language = "none"
default_role = "code"

# The colours are the views' own, by their roles; they know light and dark themselves.
COLOURS = {
    "font-stack": "var(--sans)",
    "font-stack--monospace": "Menlo, Consolas, DejaVu Sans Mono, monospace",
    "color-foreground-primary": "var(--ink)",
    "color-foreground-secondary": "var(--ink-2)",
    "color-foreground-muted": "var(--ink-2)",
    "color-foreground-border": "var(--rule-2)",
    "color-background-primary": "var(--paper)",
    "color-background-secondary": "var(--card)",
    "color-background-hover": "var(--rule)",
    "color-background-hover--transparent": "transparent",
    "color-background-border": "var(--rule)",
    "color-background-item": "var(--rule-2)",
    "color-brand-primary": "var(--ink)",
    "color-brand-content": "var(--a)",
    "color-brand-visited": "var(--a)",
    "color-problematic": "var(--function)",
    "color-code-background": "var(--card)",
    "color-sidebar-link-text--top-level": "var(--ink)",
    "color-sidebar-background": "var(--paper)",
    "color-sidebar-search-background": "var(--card)",
    "color-api-background": "transparent",
    "color-link-underline": "var(--rule-2)",
    "color-table-header-background": "transparent",
}

html_theme = "furo"
html_theme_options = {
    "light_css_variables": COLOURS,
    "dark_css_variables": COLOURS,
    "navigation_with_keys": False,
}
pygments_style = "friendly"
pygments_dark_style = "native"
html_title = "mapsto"
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
html_static_path = ["static", str(VIEWS / "source-serif-4.woff2")]
html_css_files = ["site.css"]
html_context = {"tokens": (VIEWS / "tokens.css").read_text("utf-8")}
templates_path = ["templates"]
