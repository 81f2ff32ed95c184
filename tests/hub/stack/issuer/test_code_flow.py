"""A code goes to the registered address of the client that asked, and is worth something once, to whoever began."""

import secrets
from pathlib import Path
from typing import Any

import pytest

from hub.stack.keycloak.realm import realm
from tests.hub.stack.issuer.browser import AUTH, CALLBACK, TOKEN, URL, Browser, answer_in, challenge, said


def refused(answer: Any, code: str = "invalid_grant", status: int = 400) -> None:
    assert (answer.status_code, answer.json()["error"]) == (status, code), answer.text
    assert answer.json()["error_description"].endswith(".")


def test_a_person_signs_in_and_a_code_goes_back_with_the_programs_own_state(browser: Browser) -> None:
    page = browser.authorize()
    assert page.status_code == 200
    assert "Sign in" in said(page)
    answer = answer_in(browser.sign_in(state="?&= ü https://evil.example"))
    assert set(answer) == {"state", "session_state", "code", "iss"}
    assert answer["state"] == "?&= ü https://evil.example"
    assert answer["iss"] == URL
    assert browser.redeem(answer["code"]).status_code == 200


def test_without_a_state_none_is_made_up(browser: Browser) -> None:
    assert "state" not in answer_in(browser.sign_in(state=None))


@pytest.mark.parametrize("changes", [
    {"client_id": "nobody"}, {"client_id": None}, {"client_id": "hub-cli"}, {"client_id": "hub-api"},
    {"redirect_uri": None}, {"redirect_uri": "https://evil.example/"}, {"redirect_uri": f"{CALLBACK}/"},
    {"redirect_uri": f"{CALLBACK}?x=1"}, {"redirect_uri": f"{CALLBACK}#x"}, {"redirect_uri": CALLBACK.upper()},
    {"redirect_uri": "http://127.0.0.1:8080/oauth2callback"}, {"redirect_uri": "http://localhost:8081/oauth2callback"},
    {"redirect_uri": "https://localhost:8080/oauth2callback"}, {"redirect_uri": f"{CALLBACK}/../x"},
    {"redirect_uri": "http://localhost:8080@evil.example/oauth2callback"}, {"redirect_uri": "//evil.example"},
    {"redirect_uri": "http://localhost:8080/"}, {"redirect_uri": "javascript:alert(1)"},
    {"redirect_uri": f"{CALLBACK} "}, {"redirect_uri": f"{CALLBACK}\r\nX: y"},
], ids=str)  # fmt: skip
@pytest.mark.parametrize("signed_in", [False, True])
def test_to_an_unknown_client_or_address_nobody_is_sent(
    changes: dict[str, str | None], browser: Browser, *, signed_in: bool
) -> None:
    if signed_in:
        browser.sign_in()
    for answer in (browser.authorize(**changes), browser.sign_in(**changes)):
        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert "evil.example" not in answer.text


@pytest.mark.parametrize(("changes", "error"), [
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_type": "code id_token"}, "unsupported_response_type"),
    ({"response_type": None}, "unsupported_response_type"),
    ({"response_mode": "fragment"}, "invalid_request"),
    ({"response_mode": "form_post"}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"),
    ({"code_challenge_method": "s256"}, "invalid_request"),
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge": "short"}, "invalid_request"),
    ({"code_challenge": "x" * 44}, "invalid_request"),
    ({"code_challenge": "=" * 43}, "invalid_request"),
    ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
    ({"scope": "openid profile"}, "invalid_scope"),
    ({"scope": "offline_access"}, "invalid_scope"),
    ({"request": "e30.e30."}, "request_not_supported"),
    ({"request_uri": "https://evil.example"}, "request_not_supported"),
    ({"prompt": "none login"}, "invalid_request"),
    ({"max_age": "-1"}, "invalid_request"),
    ({"max_age": "9" * 5000}, "invalid_request"),
], ids=str)  # fmt: skip
def test_a_wrong_request_goes_back_as_an_error_with_its_state(
    changes: dict[str, str | None], error: str, browser: Browser
) -> None:
    for answer in (browser.authorize(**changes), browser.sign_in(**changes)):
        told = answer_in(answer)
        assert (told["error"], told["state"], told["iss"]) == (error, "a state", URL)
        assert "code" not in told


def test_a_client_without_the_code_flow_has_none_even_with_an_address(secrets_dir: Path, tmp_path: Path) -> None:
    raw = realm()
    raw["clients"][1]["redirectUris"] = [CALLBACK]
    made = Browser.of_realm(raw, tmp_path, secrets_dir)
    assert made.authorize(client_id="hub-cli").status_code == 400
    assert made.authorize(client_id="hub-ui").status_code == 200


def test_a_parameter_given_twice_is_not_chosen_from(browser: Browser) -> None:
    twice = [*browser.asked().items(), ("redirect_uri", "https://evil.example")]
    answer = browser.http.get(AUTH, params=twice)
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_a_code_is_good_once_and_a_second_use_ends_the_session(browser: Browser) -> None:
    code = browser.code()
    assert browser.redeem(code).status_code == 200
    assert answer_in(browser.authorize(prompt="none"))["code"]
    refused(browser.redeem(code))
    assert answer_in(browser.authorize(prompt="none"))["error"] == "login_required"


def test_a_code_that_was_tried_with_a_wrong_proof_is_used(browser: Browser) -> None:
    code = browser.code()
    refused(browser.redeem(code, code_verifier=secrets.token_urlsafe(48)))
    refused(browser.redeem(code))


@pytest.mark.parametrize("changes", [
    {"code_verifier": None}, {"code_verifier": "x" * 43}, {"code_verifier": challenge()}, {"code_verifier": "ü" * 50},
    {"code_verifier": "x" * 129}, {"redirect_uri": None}, {"redirect_uri": "http://localhost:8080/"},
    {"redirect_uri": "https://evil.example"}, {"client_id": "hub-cli"}, {"code": None}, {"code": "made-up"},
    {"code": "ü"},
], ids=str)  # fmt: skip
def test_a_code_is_worth_nothing_to_anyone_else(changes: dict[str, str | None], browser: Browser) -> None:
    refused(browser.redeem(browser.code(), **changes))


def test_a_challenge_that_is_sent_as_its_own_proof_is_no_proof(browser: Browser) -> None:
    plain = "p" * 43
    refused(browser.redeem(browser.code(code_challenge=plain), code_verifier=plain))


@pytest.mark.parametrize("proof", ["x" * 42, "x" * 129, "x y" * 20, "x" * 60 + "\n", "ü" * 50])
def test_a_proof_outside_the_norm_is_none_even_if_it_fits(proof: str, browser: Browser) -> None:
    fitting = challenge(proof.encode("ascii", "replace").decode())
    refused(browser.redeem(browser.code(code_challenge=fitting), code_verifier=proof))


def test_a_code_lives_a_minute(browser: Browser) -> None:
    in_time = browser.code()
    late = answer_in(browser.authorize())["code"]  # of the same session: only time is between them
    browser.clock.now += 59
    assert browser.redeem(in_time).status_code == 200
    browser.clock.now += 2
    refused(browser.redeem(late))


def test_a_code_dies_with_its_session(browser: Browser) -> None:
    code = browser.code()
    browser.code("mia")  # somebody else signs in with the same browser
    refused(browser.redeem(code))


@pytest.mark.parametrize("changes", [{"client_id": None}, {"client_id": "nobody"}, {"client_id": "hub-api"},
                                     {"client_secret": "x"}], ids=str)  # fmt: skip
def test_a_client_nobody_knows_gets_nothing(changes: dict[str, str | None], browser: Browser) -> None:
    refused(browser.redeem(browser.code(), **changes), "invalid_client", 401)


def test_a_client_that_sends_a_secret_is_told_it_has_none(browser: Browser) -> None:
    form = {"grant_type": "authorization_code", "client_id": "hub-ui", "code": browser.code()}
    refused(browser.post(form, headers={"Authorization": "Basic aHViLXVpOg=="}), "invalid_client", 401)


@pytest.mark.parametrize("grant", ["password", "implicit", None])
def test_other_ways_to_a_token_are_not_offered(grant: str | None, browser: Browser) -> None:
    form = {"grant_type": grant, "client_id": "hub-ui", "username": "ada", "password": browser.password}
    refused(browser.post(form), "unsupported_grant_type")


@pytest.mark.parametrize(("body", "kind", "status"), [
    (b'{"grant_type": "authorization_code"}', "application/json", 400),
    (b"grant_type=a&grant_type=b", "application/x-www-form-urlencoded", 400),
    (b"grant_type=" + b"a" * 20_000, "application/x-www-form-urlencoded", 413),
    (b"&".join(b"a%d=1" % n for n in range(40)), "application/x-www-form-urlencoded", 400),
    (b"grant_type=%ff", "application/x-www-form-urlencoded", 400),
    (b"\xff\xfe", "application/x-www-form-urlencoded", 401),
    (b"", "application/x-www-form-urlencoded", 401),
    (b"", "", 400),
])  # fmt: skip
def test_a_body_that_is_no_form_is_refused_with_a_sentence(
    body: bytes, kind: str, status: int, browser: Browser
) -> None:
    answer = browser.http.post(TOKEN, content=body, headers={"Content-Type": kind})
    assert answer.status_code == status, answer.text
    assert answer.json()["error_description"].endswith(".")


def test_a_live_session_signs_in_silently_and_a_prompt_asks_again(browser: Browser) -> None:
    browser.sign_in("ada")
    assert answer_in(browser.authorize())["code"]
    assert answer_in(browser.authorize(prompt="none"))["code"]
    assert "Password" in said(browser.authorize(prompt="login"))
    assert answer_in(browser.sign_in("mia", prompt="login"))["code"]


def test_nobody_signed_in_is_said_where_no_page_may_be_shown(browser: Browser) -> None:
    assert answer_in(browser.authorize(prompt="none"))["error"] == "login_required"


def test_a_session_older_than_the_program_wants_is_asked_again(browser: Browser) -> None:
    browser.sign_in()
    browser.clock.now += 61
    assert "Password" in said(browser.authorize(max_age="60"))
    assert answer_in(browser.authorize(max_age="61"))["code"]


def test_a_session_ends_by_idling_and_by_age(browser: Browser) -> None:
    browser.sign_in()
    browser.clock.now += 1_801
    assert answer_in(browser.authorize(prompt="none"))["error"] == "login_required"
    browser.sign_in()
    for _ in range(19):
        browser.clock.now += 1_799
        assert answer_in(browser.authorize(prompt="none"))["code"]
    browser.clock.now += 1_820
    assert answer_in(browser.authorize(prompt="none"))["error"] == "login_required"


def test_one_persons_session_is_not_anothers(browser: Browser) -> None:
    browser.sign_in("ada")
    assert answer_in(browser.another().authorize(prompt="none"))["error"] == "login_required"
