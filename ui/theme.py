"""The switch between light and dark: Streamlit keeps the choice in the browser, one entry a page."""

import json
from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qs

THEMES: Final = {"light": "Light", "dark": "Dark", "system": "System"}

#: How Streamlit's front end names its entry; a browser test sees to it that it still does.
SCRIPT: Final = """
const told = JSON.parse(document.getElementById("told").textContent);
for (const path of told.paths) localStorage.setItem(`stActiveTheme-${path}-v2`, JSON.stringify(told.theme));
location.replace(told.back);
"""


def answer_theme(path: str, query: bytes, paths: Iterable[str]) -> tuple[int, bytes, str]:
    """Return status, body and media type of `/theme/…`: a page that writes the choice down and goes back."""
    name = path.removeprefix("/theme/")
    if name == "switch.js":
        return 200, SCRIPT.encode(), "text/javascript"
    if name not in THEMES:
        return 404, b"There is nothing here.", "text/plain"
    known = list(paths)
    back = parse_qs(query.decode("latin-1")).get("back", ["/"])[0]
    told = {"theme": THEMES[name], "paths": known, "back": back if back in known else "/"}
    # Nothing of the request is written into the page: `back` is one of our own paths.
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Theme</title>'
        f'<script type="application/json" id="told">{json.dumps(told)}</script>'
        '<script src="/theme/switch.js"></script></html>'
    )
    return 200, page.encode(), "text/html"
