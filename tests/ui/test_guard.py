"""What reaches Streamlit at all: own host, own origin, listed paths; and what every answer carries."""

import asyncio
import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from streamlit.file_util import get_static_dir
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from ui.guard import Guard, script_hashes
from ui.navigation import PAGES
from ui.serve import signed_in

KEY = "k" * 40
URL = "http://localhost:8080"
INDEX = Path(get_static_dir()) / "index.html"
SIGNED = create_signed_value(KEY, "_streamlit_user", '{"is_logged_in": true}').decode()
STRICT = {
    "default-src": "'none'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'none'",
    "media-src": "'none'",
    "manifest-src": "'none'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}


class Behind:
    """Streamlit's place: says that it was reached."""

    def __init__(self, status: int = 200, headers: list[tuple[bytes, bytes]] | None = None) -> None:
        self.status = status
        self.headers = headers or []
        self.reached = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.reached = True
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            return
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": b"behind"})


def call(  # noqa: PLR0913  # the parts of a request
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    behind: Behind | None = None,
    url: str = URL,
    kind: str = "http",
) -> tuple[Any, dict[str, str], bytes, bool]:
    """Return status (or the type of the first answer of a socket), headers, body, and whether Streamlit was reached."""
    behind = behind or Behind()
    guard = Guard(behind, url=url, pages=PAGES, index=INDEX, signed_in=lambda cookies: signed_in(cookies, KEY))
    told = {"host": url.partition("//")[2], **(headers or {})}
    scope = {
        "type": kind,
        "path": path.partition("?")[0],
        "query_string": path.partition("?")[2].encode(),
        "method": method,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in told.items()],
    }
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    asyncio.run(guard(scope, receive, send))
    if kind == "websocket":
        return sent[0]["type"], {}, b"", behind.reached
    answer = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], answer, b"".join(one.get("body", b"") for one in sent[1:]), behind.reached


@pytest.mark.parametrize(
    "path", ["/", *(f"/{page}" for page in PAGES), "/static/js/x.js", "/_stcore/health", "/auth/login"]
)
def test_what_people_need_is_there(path: str) -> None:
    assert call(path)[3]


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/interact",
        "/_stcore/agent/mcp",
        "/_stcore/script-health-check",
        "/_stcore/bidi-components/x/y.js",
        "/_stcore/allowed-message-origins",
        "/_stcore/upload_file",
        "/_stcore/stream",
        "/component/x/index.html",
        "/media/0123.png",
        f"/media/{'0f' * 28}.png",
        f"/media/{'0f' * 28}.csv/x",
        "/media/../media/x.csv",
        "/app/static/x",
        "/healthz",
        "/ask/",
        "/ask/_stcore/metrics",
        "//evil.example",
        "/staticky",
        "/docs",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_every_other_door_is_closed(path: str, method: str) -> None:
    status, _, _, reached = call(path, method=method, headers={"cookie": f"_streamlit_user={SIGNED}"})
    assert (status, reached) == (404, False)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_pages_are_only_read(method: str) -> None:
    assert not call("/", method=method)[3]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost",
        "localhost:8081",
        "127.0.0.1:8080",
        "localhost:8080.evil.example",
        "",
        "LOCALHOST:8080@x",
    ],
)
@pytest.mark.parametrize("path", ["/", "/_stcore/host-config", "/theme/dark"])
def test_a_foreign_name_for_this_host_gets_nothing(host: str, path: str) -> None:
    status, _, _, reached = call(path, headers={"host": host})
    assert (status, reached) == (400, False)


def test_the_front_end_is_told_of_no_other_host() -> None:
    status, headers, body, reached = call("/_stcore/host-config")
    assert (status, reached) == (200, False)
    assert b'"allowedOrigins": []' in body
    assert headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(
    ("headers", "opens"),
    [
        ({"origin": URL}, True),
        ({}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://localhost:8082"}, False),
        ({"origin": URL, "host": "evil.example"}, False),
        ({"origin": "https://localhost:8080"}, False),
    ],
)
def test_a_socket_opens_for_this_very_origin_only(headers: dict[str, str], opens: bool) -> None:  # noqa: FBT001
    answer, _, _, reached = call("/_stcore/stream", headers=headers, kind="websocket")
    assert (answer, reached) == ("websocket.accept" if opens else "websocket.close", opens)


def test_no_other_path_opens_a_socket() -> None:
    assert not call("/", headers={"origin": URL}, kind="websocket")[3]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/_stcore/upload_file/s/f"),
        ("DELETE", "/_stcore/upload_file/s/f"),
        ("GET", f"/media/{'0f' * 28}.csv"),
        ("HEAD", f"/media/{'0f' * 28}.html"),
    ],
)
@pytest.mark.parametrize(
    ("cookie", "may"),
    [
        ("", False),
        ("_streamlit_user=forged", False),
        (f"_streamlit_user={SIGNED}", True),
        (f"_streamlit_user={SIGNED[:-3]}abc", False),
        ("_streamlit_user=" + create_signed_value(KEY, "_streamlit_user", '{"is_logged_in": false}').decode(), False),
        (
            "_streamlit_user=" + create_signed_value("x" * 40, "_streamlit_user", '{"is_logged_in": true}').decode(),
            False,
        ),
        (
            "_streamlit_user=" + create_signed_value(KEY, "_streamlit_user_tokens", '{"is_logged_in": true}').decode(),
            False,
        ),
    ],
    # Signed values hold the time: as names they would differ between the processes of one run.
    ids="nothing forged signed altered signed-out another-key another-cookie".split(),
)
def test_only_who_is_signed_in_hands_files_in_or_takes_them_along(
    method: str,
    path: str,
    cookie: str,
    may: bool,  # noqa: FBT001
) -> None:
    headers = {"cookie": cookie} if cookie else {}
    status, _, _, reached = call(path, method=method, headers=headers)
    assert reached == may
    assert status == (200 if may else 403)


@pytest.mark.parametrize("path", ["/", "/_stcore/metrics", "/_stcore/host-config", "/theme/dark", "/static/x.js"])
def test_every_answer_carries_the_strictest_policy_that_works(path: str) -> None:
    headers = call(path)[1]
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    scripts = policy.pop("script-src")
    assert policy == STRICT
    assert re.fullmatch(r"'self'( 'sha256-[A-Za-z0-9+/=]{44}')+", scripts)
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "camera=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers


def test_what_streamlit_says_of_the_policy_is_replaced() -> None:
    behind = Behind(headers=[(b"Content-Security-Policy", b"default-src *"), (b"x-other", b"kept")])
    headers = call("/", behind=behind)[1]
    assert [name for name in headers if name.lower() == "content-security-policy"] == ["content-security-policy"]
    assert "*" not in headers["content-security-policy"]
    assert headers["x-other"] == "kept"


def test_the_hash_is_that_of_the_installed_front_ends_own_script() -> None:
    inline = re.findall(r"<script>(.*?)</script>", INDEX.read_text(encoding="utf-8"), re.DOTALL)
    assert inline
    expected = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
    assert script_hashes(INDEX)[0] == f"'sha256-{expected}'"


def test_over_https_cookies_are_secure_and_the_browser_is_told_to_stay() -> None:
    behind = Behind(headers=[(b"set-cookie", b"a=b; HttpOnly"), (b"Set-Cookie", b"c=d; Secure")])
    headers = call("/", behind=behind, url="https://hub.example")[1]
    assert headers["set-cookie"] == "a=b; HttpOnly; Secure"
    assert headers["Set-Cookie"] == "c=d; Secure"
    assert headers["strict-transport-security"] == "max-age=31536000"


def test_without_https_a_cookie_stays_as_it_is() -> None:
    assert call("/", behind=Behind(headers=[(b"set-cookie", b"a=b")]))[1]["set-cookie"] == "a=b"


@pytest.mark.parametrize("status", [400, 500, 503])
def test_when_the_issuer_is_down_the_person_comes_back_to_a_sentence(status: int) -> None:
    answer, headers, body, _ = call("/auth/login", behind=Behind(status, [(b"content-length", b"6")]))
    assert (answer, headers["location"], body) == (303, "/?problem=issuer", b"")
    assert "content-length" not in headers


def test_a_sign_in_that_works_goes_on() -> None:
    answer, headers, _, _ = call("/auth/login", behind=Behind(302, [(b"location", b"https://issuer.example/")]))
    assert (answer, headers["location"]) == (302, "https://issuer.example/")
