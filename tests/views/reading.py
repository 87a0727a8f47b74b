"""Reading a report back: what its views are told, and what a person reads."""

import json
import re
from html import unescape


def states(page):
    """What the views of a page are told, by view: a list of states."""
    (told,) = re.findall(r'id="mapsto-state">(.*?)</script>', page, re.DOTALL)
    found = {}
    for key, state in json.loads(told)["states"].items():
        found.setdefault(key.partition("-")[0], []).append(state)
    return found


def text_of(page):
    """What a reader without scripts reads."""
    body = page[page.index("<body") : page.index('<script type="application/json"')]
    return unescape(re.sub(r"<[^>]*>", " ", body))
