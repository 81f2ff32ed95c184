"""The switch of the theme: a page of our own that goes back to one of our own."""

import json
import re

import pytest

from ui.theme import answer_theme

PATHS = ("/", "/ask")


def told(path: str, query: str = "") -> dict[str, object]:
    status, body, kind = answer_theme(path, query.encode(), PATHS)
    assert (status, kind) == (200, "text/html")
    found = re.search(r'id="told">(.*?)</script>', body.decode())
    assert found
    return dict(json.loads(found[1]))


@pytest.mark.parametrize(("name", "theme"), [("dark", "Dark"), ("light", "Light"), ("system", "System")])
def test_a_theme_is_written_down_for_every_page(name: str, theme: str) -> None:
    assert told(f"/theme/{name}") == {"theme": theme, "paths": ["/", "/ask"], "back": "/"}


def test_the_way_back_is_the_page_one_came_from() -> None:
    assert told("/theme/dark", "back=/ask")["back"] == "/ask"


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "javascript:alert(1)", "/</script>", "/other"]
)
def test_the_way_back_is_never_elsewhere(back: str) -> None:
    assert told("/theme/dark", f"back={back}")["back"] == "/"


@pytest.mark.parametrize("name", ["", "purple", "../dark", "switch.js/x"])
def test_there_is_no_other_theme(name: str) -> None:
    assert answer_theme(f"/theme/{name}", b"", PATHS)[0] == 404


def test_the_script_is_a_file_of_its_own() -> None:
    status, body, kind = answer_theme("/theme/switch.js", b"", PATHS)
    assert (status, kind) == (200, "text/javascript")
    assert b"innerHTML" not in body
