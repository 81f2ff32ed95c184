"""`hub login`, `hub whoami`, `hub logout`, against the real issuer and a small real API."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.identity import TokenRules, Verifier
from hub.identity.kept import FilePlace
from hub.identity.own_token import keep
from hub.stack.issuer.issuer import Issuer
from hub.stack.issuer.passwords import demo_password
from tests.hub.commands.terminal import Said, done, hub
from tests.hub.identity.answering import Answer, answering
from tests.hub.stack.issuer.served import served

REPOSITORY = Path(__file__).parents[3]
ME: dict[str, Any] = {
    "id": "0f423e08-89f5-5e1a-a753-1cc8e2bfe4df", "slug": "ada", "name": "Ada Lind",
    "organisation": {"slug": "coast-institute", "name": "Institute for Coast and Climate"},
    "jurisdiction": "DE", "clearance": "secret", "roles": ["researcher"], "purposes": ["research"],
    "token_ends_at": "2026-11-21T10:43:32Z", "site": {"name": "main", "jurisdiction": "DE"}, "sealed": True,
    "unsealed_because": [],
}  # fmt: skip


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Issuer]:
    folder = tmp_path_factory.mktemp("issuer")
    with served(folder / "secrets", folder) as running:
        demo_password(folder / "secrets")
        running.folder = folder  # type: ignore[attr-defined]  # for the tests
        yield running


@pytest.fixture
def variables(issuer: Issuer, tmp_path: Path) -> dict[str, str]:
    return {"HUB_ISSUER_URL": issuer.url, "HUB_TOKEN_FILE": str(tmp_path / "own" / "token.json")}


def sign_in_as(issuer: Issuer, name: str, address: str) -> None:
    password = demo_password(issuer.folder / "secrets")  # type: ignore[attr-defined]
    with httpx.Client(trust_env=False, headers={"Origin": issuer.origin}, follow_redirects=True) as browser:
        page = browser.post(address, data={"username": name, "password": password})
        assert "Does your terminal show this code?" in page.text
        assert "Connected" in browser.post(address, data={"answer": "yes"}).text


def log_in(issuer: Issuer, variables: dict[str, str], *more: str) -> tuple[int, str, str]:
    """Run `hub login` as a person would: read the address, open it, say yes."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    with subprocess.Popen(
        [sys.executable, "-m", "hub.cli", "login", *more], cwd=REPOSITORY, env={**kept, **variables},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        told = process.stderr if more else process.stdout
        first, second = told.readline(), told.readline()
        (address,) = re.findall(r"Open (\S+)", first)
        assert address.endswith(re.findall(r"this code: (\S+)", second)[0])
        sign_in_as(issuer, "ada", address)
        out, err = process.communicate(timeout=30)
    return process.returncode, out, err


def whoami(tmp_path: Path, variables: dict[str, str], answer: Answer, *more: str) -> tuple[Said, list[str]]:
    """`hub whoami` at an API that answers so, and with which tokens it was asked."""
    asked: list[str] = []

    def answers(handler: BaseHTTPRequestHandler) -> Answer:
        asked.append(f"{handler.command} {handler.path} {handler.headers['Authorization']}")
        return answer

    with answering(answers) as address:
        return hub(tmp_path, "whoami", *more, **{**variables, "HUB_API_URL": address}), asked


def as_json(value: Any, status: int = 200, kind: str = "application/json") -> Answer:
    return status, {"Content-Type": kind}, json.dumps(value).encode()


def test_a_person_signs_in_sees_who_they_are_and_signs_out(
    issuer: Issuer, variables: dict[str, str], tmp_path: Path
) -> None:
    code, out, err = log_in(issuer, variables)
    assert (code, err) == (0, "")
    assert "You are signed in" in out
    said, asked = whoami(tmp_path, variables, as_json(ME))
    assert done(said)
    for shown in ("Ada Lind", "Institute for Coast and Climate", "DE", "secret", "researcher", "research"):
        assert shown in said.out
    (request,) = asked
    token = request.removeprefix("GET /me Bearer ")
    rules = TokenRules(issuer=issuer.url, audience="hub-api", clients=frozenset({"hub-cli"}))
    assert Verifier(issuer.key.public_keys(), rules).signed_in(token).organisations == {"coast-institute"}
    assert "signed out" in done(hub(tmp_path, "logout", **variables)).out
    assert hub(tmp_path, "whoami", **variables).code == 6
    assert not Path(variables["HUB_TOKEN_FILE"]).exists()


def test_json_of_login_is_alone_on_standard_output(issuer: Issuer, variables: dict[str, str]) -> None:
    code, out, _ = log_in(issuer, variables, "--json")
    assert code == 0
    assert set(json.loads(out)) == {"signed_in", "expires_at", "kept_in"}


@pytest.fixture
def signed_in(variables: dict[str, str], issuer: Issuer) -> dict[str, str]:
    from hub.identity.device import Tokens

    tokens = Tokens(access_token="a.b.c", expires_in_s=300, refresh_token=None)  # noqa: S106
    keep(FilePlace(Path(variables["HUB_TOKEN_FILE"])), issuer.url, tokens)
    return variables


def test_json_of_whoami_is_the_apis_answer(signed_in: dict[str, str], tmp_path: Path) -> None:
    said, _ = whoami(tmp_path, signed_in, as_json(ME), "--json")
    assert done(said).json == ME


def test_what_the_api_leaves_out_is_shown_as_nothing(signed_in: dict[str, str], tmp_path: Path) -> None:
    said, _ = whoami(tmp_path, signed_in, as_json({"name": "Ada", "organisation": None}))
    assert "Ada" in done(said).out


@pytest.mark.parametrize("name", ["whoami", "logout"])
def test_without_a_sign_in_it_says_how_to(name: str, variables: dict[str, str], tmp_path: Path) -> None:
    said = hub(tmp_path, name, **variables)
    assert (said.code, said.err.strip()) == (6, "You are not signed in. Run `hub login`.")


ANSWERS: dict[str, tuple[Answer, int, str]] = {
    "signed out": (as_json({"title": "x"}, 401, "application/problem+json"), 6, "Run `hub login` again"),
    "clocks": (
        as_json({"type": "https://x/clock", "detail": "Its clock is ahead."}, 401, "application/problem+json"),
        6,
        "Its clock is ahead.",
    ),
    "down": (as_json({"detail": "The database rests."}, 503, "application/problem+json"), 7, "The database rests."),
    "no problem document": (as_json({"detail": "hidden"}, 500), 7, "(500)."),
    "a page": ((200, {}, b"<html>"), 7, "Is HUB_API_URL the hub's API?"),
    "a list": (as_json([]), 7, "can't be read"),
    "nested": ((200, {}, b"[" * 100_000), 7, "can't be read"),
    "a redirect": ((302, {"Location": "https://evil.example/"}, b"{}"), 7, "(302)"),
    "too long": ((200, {}, b" " * 300_000), 7, "too long"),
}


@pytest.mark.parametrize(("answer", "code", "sentence"), ANSWERS.values(), ids=ANSWERS)
def test_an_api_in_trouble_is_a_sentence_and_a_code(
    answer: Answer, code: int, sentence: str, signed_in: dict[str, str], tmp_path: Path
) -> None:
    said, _ = whoami(tmp_path, signed_in, answer)
    assert (said.code, sentence in said.err) == (code, True), said
    assert "Traceback" not in said.err


def test_an_api_that_is_not_there_is_a_sentence(signed_in: dict[str, str], tmp_path: Path) -> None:
    said = hub(tmp_path, "whoami", HUB_API_URL="http://127.0.0.1:9", **signed_in)
    assert said.code == 7
    assert "does not answer" in said.err
    assert "HUB_" in said.err


def test_what_the_api_says_turns_no_terminal(signed_in: dict[str, str], tmp_path: Path) -> None:
    said, _ = whoami(tmp_path, signed_in, as_json({"name": "\x1b[31mAda\u202e"}))
    assert "\x1b" not in said.out
    assert "\u202e" not in said.out


@pytest.mark.parametrize("name", ["HUB_API_URL", "HUB_ISSUER_URL"])
def test_a_token_is_sent_nowhere_it_could_be_read(name: str, signed_in: dict[str, str], tmp_path: Path) -> None:
    said = hub(tmp_path, "whoami", **{**signed_in, name: "http://hub.example"})
    assert said.code == 4
    assert name in said.err


def test_login_without_an_issuer_is_a_sentence(variables: dict[str, str], tmp_path: Path) -> None:
    said = hub(tmp_path, "login", **{**variables, "HUB_ISSUER_URL": "http://127.0.0.1:9/realms/hub"})
    assert said.code == 7
    assert "does not answer" in said.err
    assert "HUB_" in said.err


def test_signing_out_works_without_the_issuer(variables: dict[str, str], tmp_path: Path) -> None:
    from hub.identity.device import Tokens

    tokens = Tokens(access_token="a", expires_in_s=1, refresh_token="r")  # noqa: S106
    keep(FilePlace(Path(variables["HUB_TOKEN_FILE"])), "http://127.0.0.1:9", tokens)
    said = done(hub(tmp_path, "logout", **variables))
    assert "forgets this sign-in by itself" in said.err
    assert not Path(variables["HUB_TOKEN_FILE"]).exists()


def test_an_ended_token_is_renewed_before_it_is_sent(issuer: Issuer, variables: dict[str, str], tmp_path: Path) -> None:
    log_in(issuer, variables)
    path = Path(variables["HUB_TOKEN_FILE"])
    kept = json.loads(path.read_text())
    path.write_text(json.dumps({**kept, "expires_at": time.time() - 1}))
    said, asked = whoami(tmp_path, variables, as_json(ME))
    assert done(said)
    assert kept["access_token"] not in asked[0]
    assert json.loads(path.read_text())["refresh_token"] != kept["refresh_token"]


def test_a_person_gives_a_program_leave_in_the_terminal(
    issuer: Issuer, variables: dict[str, str], tmp_path: Path
) -> None:
    asked: list[bytes] = []

    def api(handler: BaseHTTPRequestHandler) -> Answer:
        asked.append(handler.requestline.encode())
        given = {"token": "an.agents.token", "purpose": "research", "ends_at": "2026-11-21T10:43:32Z"}
        return (201, {"Content-Type": "application/json"}, json.dumps(given).encode())

    with answering(api) as url:
        log_in(issuer, variables)
        said = hub(tmp_path, "agent", "reading-list", "--purpose", "research", **variables, HUB_API_URL=url)
    assert done(said).out == "an.agents.token\n"
    assert "until you sign out" in said.err
    assert asked == [b"POST /agents HTTP/1.1"]


def test_whoami_names_the_grants_one_holds(issuer: Issuer, variables: dict[str, str], tmp_path: Path) -> None:
    held = {"dataset": "rivers", "title": "Rivers", "purpose": "research", "ends_at": "2027-01-31T10:00:00Z"}
    log_in(issuer, variables)
    said = done(whoami(tmp_path, variables, as_json({**ME, "grants": [held]}))[0]).out
    for word in ("researcher", "DE", "secret", "rivers for research until 2027-01-31"):
        assert word in said
