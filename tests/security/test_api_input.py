"""What people and programs send that is too large, broken or hostile: said plainly, never carried out."""

import base64
import json
from typing import Any
from uuid import uuid4

import pytest

from tests.hub.api.conftest import Door
from tests.hub.api.walked import FINE, NEW, Ground, kind

SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def test_a_body_over_the_limit_is_refused_before_it_is_read_as_anything(door: Door) -> None:
    most = door.hub.settings.max_request_bytes
    assert most == 64 << 10
    body = json.dumps({"question": "x" * most, "purpose": "research"}).encode()
    for person in ("ada", None):
        for content in (body, (body[at : at + 1000] for at in range(0, len(body), 1000))):
            said = door.call(
                person, "POST", "/questions", content=content, headers={"Content-Type": "application/json"}
            )
            assert kind(said) == (413, "too-large")
    fitting = json.dumps({"question": "x", "purpose": "research"}).ljust(most).encode()
    said = door.call("ada", "POST", "/questions", content=fitting, headers={"Content-Type": "application/json"})
    assert said.status_code == 200


def test_a_question_of_ten_thousand_characters_is_a_refusal_and_of_one_more_is_invalid(door: Door) -> None:
    assert door.events("ada", "x" * 10_000)[-1][1]["kind"] == "guard"
    said = door.call("ada", "POST", "/questions", json={"question": "x" * 10_001, "purpose": "research"})
    assert kind(said) == (422, "invalid")
    assert "xxx" not in said.text


def cursor(**position: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


BROKEN = {
    "empty": "", "a word": "next", "blanks": "   ", "a quote": "'", "SQL": "' OR 1=1 --", "a path": "../../etc/passwd",
    "not base64": "!!!!", "base64 of no JSON": base64.urlsafe_b64encode(b"hello").decode(), "half": cursor(id=1)[:-3],
    "standard base64": base64.b64encode(b"\xff\xfb{}").decode(), "an empty object": cursor(), "a list": "W10",
    "letters between": cursor(slug="a")[:4] + "!!!!" + cursor(slug="a")[4:], "null": "bnVsbA",
    "a number": "MTI", "another page's": cursor(other=1), "one name too many": cursor(id=1, slug="a", name="b"),
    "an id of words": cursor(id="one"), "an id below": cursor(id=-1), "an id beyond": cursor(id=1 << 63),
    "a null character": cursor(slug="a\x00", name="a\x00"), "half a pair": cursor(name="\ud800", slug="\ud800"),
    "a time that is none": cursor(asked_at="yesterday", id=str(uuid4())),
    "a time without a zone": cursor(asked_at="2026-01-01T00:00:00", id=str(uuid4())),
    "nested": base64.urlsafe_b64encode(b"[" * 2000).decode(), "long": "A" * 5000, "a script": SCRIPT, "two": "e30.e30",
}  # fmt: skip
PAGED = {"/questions": "ada", "/datasets": "ada", "/documents": "sten", "/audit": "ines"}


@pytest.mark.parametrize("path", PAGED)
def test_a_broken_cursor_is_said_to_be_one(door: Door, path: str) -> None:
    assert len(BROKEN) >= 20
    for name, broken in BROKEN.items():
        said = door.call(
            PAGED[path], "GET", path, params={"cursor": broken, "dataset": "harbour", "reason": "A test looks"}
        )
        assert kind(said) == (422, "invalid"), name
        assert "<script" not in said.text


def test_a_cursor_survives_the_longest_names(door: Door) -> None:
    names = [f"{number}{'ä' * 399}" for number in range(3)]
    for name in names:
        params = {"dataset": "harbour", "name": name}
        assert door.call("sten", "POST", "/documents", params=params, content=b"a").status_code == 202
    first = door.call("sten", "GET", "/documents", params={"dataset": "harbour", "limit": 2}).json()
    rest = door.call("sten", "GET", "/documents", params={"dataset": "harbour", "cursor": first["next"]})
    assert [one["name"] for one in first["items"]] == names[:2]
    assert rest.json()["items"][0]["name"] == names[2]


def test_a_script_in_every_field_comes_back_as_data_or_not_at_all(door: Door) -> None:
    _, answer = door.events("ada", FINE)[-1]
    said = [
        door.call("ada", "POST", "/questions", json={"question": SCRIPT, "purpose": "research"}),
        door.call("ada", "GET", "/questions"),
        door.call("ada", "POST", f"/questions/{answer['id']}/feedback", json={"useful": True, "note": SCRIPT}),
        door.call("ada", "POST", "/search", json={"query": SCRIPT, "purpose": "research"}),
        door.call("ada", "POST", "/search", json={"query": "x", "purpose": SCRIPT}),
        door.call("ada", "POST", "/search", json={SCRIPT: 1}),
        door.call("ada", "GET", f"/passages/{SCRIPT}", params={"purpose": SCRIPT}),
        door.call("ada", "GET", f"/datasets/{SCRIPT}"),
        door.call("sten", "POST", "/datasets", json={**NEW, "title": SCRIPT, "description": SCRIPT}),
        door.call("sten", "PATCH", "/datasets/harbour", json={"title": SCRIPT, "description": SCRIPT}),
        door.call("sten", "POST", "/documents", params={"dataset": "harbour", "name": SCRIPT}, content=SCRIPT.encode()),
        door.call("sten", "GET", "/documents", params={"dataset": "harbour"}),
        door.call("ines", "GET", "/audit", params={"actor": SCRIPT, "reason": SCRIPT}),
        door.call("ines", "GET", "/audit", params={"type": SCRIPT, "reason": SCRIPT}),
        door.call("ines", "GET", "/residency"),
        door.call(None, "GET", f"/{SCRIPT}"),
    ]
    for one in said:
        assert one.status_code < 500
        allowed = {"application/json", "application/problem+json", "text/event-stream; charset=utf-8", None}
        assert one.headers.get("content-type") in allowed
        assert SCRIPT not in "".join(one.headers.values())
        assert one.headers["x-content-type-options"] == "nosniff"


#: Where people's own text goes in, and what no database or log could keep.
ODD = {"a null character": "a\x00b", "half a pair": "a\ud800b"}
FIELDS: tuple[tuple[str, str, str, dict[str, Any], str], ...] = (
    ("ada", "POST", "/questions", {"purpose": "research"}, "question"),
    ("ada", "POST", "/search", {"purpose": "research"}, "query"),
    ("ada", "POST", "/questions/{turn_id}/feedback", {"useful": True}, "note"),
    ("sten", "POST", "/datasets", NEW, "title"),
    ("sten", "POST", "/datasets", NEW, "description"),
    ("sten", "PATCH", "/datasets/harbour", {}, "title"),
    ("sten", "PATCH", "/datasets/harbour", {}, "description"),
    ("sten", "POST", "/documents/{document_id}/withdrawal", {}, "reason"),
    ("sten", "POST", "/datasets", NEW, "a\ud800name"),
)


@pytest.mark.parametrize("odd", ODD)
def test_what_can_not_be_kept_is_invalid_and_no_fault(door: Door, odd: str) -> None:
    ground = Ground.lay(door)
    for person, method, path, rest, field in FIELDS:
        body = json.dumps({**rest, field: ODD[odd]}).encode()
        headers = {"Content-Type": "application/json"}
        said = door.call(person, method, path.format(**vars(ground)), content=body, headers=headers)
        assert kind(said) == (422, "invalid"), (path, field)
    for path in ("/datasets/a%00b", "/documents?dataset=a%00", "/audit?actor=%00", "/audit?dataset=%00"):
        assert door.call("ines" if "audit" in path else "sten", "GET", path).status_code == 422, path


def test_many_wrong_fields_make_no_long_answer(door: Door) -> None:
    body = {**{f"{'n' * 50}{number}": 1 for number in range(900)}, "question": "x"}
    said = door.call("ada", "POST", "/questions", json=body)
    assert kind(said) == (422, "invalid")
    assert len(said.content) < 10_000
