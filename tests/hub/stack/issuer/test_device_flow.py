"""A terminal's code is answered by a person who is signed in, on our own page; only its own terminal gains by it."""

from typing import Any

import pytest

from tests.hub.stack.issuer.browser import ORIGIN, URL, Browser, challenge, part, said
from tests.hub.stack.issuer.test_code_flow import refused


@pytest.fixture
def codes(browser: Browser) -> dict[str, Any]:
    return dict(browser.begin_device().json())


def test_a_terminal_gets_two_codes_and_an_address(codes: dict[str, Any]) -> None:
    assert set(codes) == {
        "device_code", "user_code", "verification_uri", "verification_uri_complete", "expires_in", "interval",
    }  # fmt: skip
    assert codes["verification_uri"] == f"{URL}/device"
    assert codes["verification_uri_complete"] == f"{URL}/device?user_code={codes['user_code']}"
    assert (codes["expires_in"], codes["interval"]) == (600, 5)
    assert len(codes["user_code"]) == 9
    assert not set(codes["user_code"]) & set("AEIOUYO01")


def test_a_person_signs_in_checks_the_code_and_says_yes(browser: Browser, codes: dict[str, Any]) -> None:
    refused(browser.poll(codes), "authorization_pending")
    address = codes["verification_uri_complete"]
    assert "Password" in said(browser.http.get(address))
    entered = browser.http.post(
        address, data={"username": "ada", "password": browser.password}, headers={"Origin": ORIGIN}
    )
    assert entered.status_code == 303
    page = browser.http.get(entered.headers["location"])
    assert codes["user_code"] in said(page)
    assert "acts as Ada Lind" in said(page)
    assert "Connected" in said(browser.say(codes))
    browser.clock.now += 5
    claims = part(browser.poll(codes).json()["access_token"], 1)
    assert (claims["azp"], claims["affiliation"]) == ("hub-cli", "Institute for Coast and Climate")


def test_the_code_may_be_typed_as_people_type(browser: Browser, codes: dict[str, Any]) -> None:
    browser.sign_in()
    for typed in (codes["user_code"].lower(), codes["user_code"].replace("-", " "), f" {codes['user_code']}. "):
        assert "Does your terminal show this code?" in said(
            browser.http.get(f"{URL}/device", params={"user_code": typed})
        )


def test_no_is_no(browser: Browser, codes: dict[str, Any]) -> None:
    browser.sign_in()
    assert "Not connected" in said(browser.say(codes, "no"))
    refused(browser.poll(codes), "access_denied")
    refused(browser.poll(codes), "expired_token")


def test_a_code_is_answered_once(browser: Browser, codes: dict[str, Any]) -> None:
    browser.sign_in()
    browser.say(codes, "no")
    assert "not known" in said(browser.say(codes, "yes"))
    refused(browser.poll(codes), "access_denied")


def test_a_yes_is_worth_tokens_once(browser: Browser, codes: dict[str, Any]) -> None:
    browser.sign_in()
    browser.say(codes)
    assert browser.poll(codes).status_code == 200
    refused(browser.poll(codes), "expired_token")


def test_without_a_session_nobody_says_yes(browser: Browser, codes: dict[str, Any]) -> None:
    assert browser.say(codes).status_code == 400
    refused(browser.poll(codes), "authorization_pending")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:8080", ""])
def test_another_sites_form_says_no_yes(origin: str, browser: Browser, codes: dict[str, Any]) -> None:
    browser.sign_in()
    assert browser.say(codes, origin=origin).status_code == 403
    refused(browser.poll(codes), "authorization_pending")


def test_an_address_alone_says_no_yes(browser: Browser, codes: dict[str, Any]) -> None:
    browser.sign_in()
    browser.http.get(f"{codes['verification_uri_complete']}&answer=yes")
    refused(browser.poll(codes), "authorization_pending")


@pytest.mark.parametrize("changes", [
    {"code_challenge": None}, {"code_challenge_method": "plain"}, {"code_challenge_method": None},
    {"code_challenge": "short"}, {"code_challenge": None, "code_challenge_method": None},
], ids=str)  # fmt: skip
def test_a_terminal_without_pkce_gets_no_code(changes: dict[str, str | None], browser: Browser) -> None:
    refused(browser.begin_device(**changes), "invalid_request")


@pytest.mark.parametrize("client", ["hub-ui", "hub-api", "nobody", None])
def test_other_clients_have_no_device_flow(client: str | None, browser: Browser) -> None:
    refused(browser.begin_device(client_id=client), "invalid_client", 401)


def test_a_scope_the_client_lacks_is_refused(browser: Browser) -> None:
    refused(browser.begin_device(scope="openid offline_access"), "invalid_scope")


@pytest.mark.parametrize("changes", [
    {"code_verifier": None}, {"code_verifier": "x" * 50}, {"code_verifier": challenge()}, {"client_id": "hub-ui"},
], ids=str)  # fmt: skip
def test_a_stolen_device_code_gains_nothing_and_ends(
    changes: dict[str, str | None], browser: Browser, codes: dict[str, Any]
) -> None:
    browser.sign_in()
    browser.say(codes)
    refused(browser.poll(codes, **changes))
    refused(browser.poll(codes), "expired_token")


def test_a_made_up_device_code_is_not_known(browser: Browser) -> None:
    refused(browser.poll({"device_code": "made-up"}))
    refused(browser.poll({"device_code": None}))


def test_whoever_asks_too_often_is_told_to_slow_down_and_waits_longer(browser: Browser, codes: dict[str, Any]) -> None:
    refused(browser.poll(codes), "authorization_pending")
    refused(browser.poll(codes), "slow_down")
    browser.clock.now += 6
    refused(browser.poll(codes), "slow_down")
    browser.clock.now += 15
    refused(browser.poll(codes), "authorization_pending")


def test_codes_end_after_ten_minutes(browser: Browser, codes: dict[str, Any]) -> None:
    browser.clock.now += 601
    browser.sign_in()
    assert "not known or has ended" in said(browser.say(codes))
    refused(browser.poll(codes), "expired_token")


def test_a_yes_ends_with_the_session_it_was_given_in(browser: Browser, codes: dict[str, Any]) -> None:
    browser.sign_in("ada")
    browser.say(codes)
    browser.sign_in("mia")
    refused(browser.poll(codes))


def test_guessing_codes_waits(browser: Browser, codes: dict[str, Any]) -> None:
    browser.sign_in()
    for _ in range(5):
        assert "not known" in said(browser.http.get(f"{URL}/device", params={"user_code": "BBBB-BBBB"}))
    right = browser.http.get(codes["verification_uri_complete"])
    assert right.status_code == 429
    assert codes["user_code"] not in said(right)
    browser.clock.now += 31
    assert codes["user_code"] in said(browser.http.get(codes["verification_uri_complete"]))


def test_someone_else_may_sign_in_for_the_terminal(browser: Browser, codes: dict[str, Any]) -> None:
    browser.sign_in("ada")
    assert "Password" in said(browser.http.get(f"{codes['verification_uri_complete']}&prompt=login"))


def test_the_page_without_a_code_asks_for_it(browser: Browser) -> None:
    assert "Type the code" in said(browser.http.get(f"{URL}/device"))


# refresh tokens: the terminal's, renewed while its session lives


def renew(browser: Browser, token: str, **changes: str | None) -> Any:
    return browser.post({"grant_type": "refresh_token", "client_id": "hub-cli", "refresh_token": token, **changes})


def test_a_terminal_renews_its_token_and_gets_the_next_one(browser: Browser) -> None:
    first = browser.connect()
    second = renew(browser, first["refresh_token"])
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert part(second.json()["access_token"], 1)["azp"] == "hub-cli"
    assert renew(browser, second.json()["refresh_token"]).status_code == 200


def test_a_refresh_token_used_twice_ends_all_that_came_of_it(browser: Browser) -> None:
    first = browser.connect()["refresh_token"]
    second = renew(browser, first).json()["refresh_token"]
    refused(renew(browser, first))
    refused(renew(browser, second))


def test_a_refresh_token_is_its_clients_own(browser: Browser) -> None:
    token = browser.connect()["refresh_token"]
    refused(renew(browser, token, client_id="hub-ui"))
    refused(renew(browser, "made-up"))
    assert renew(browser, token).status_code == 200


def test_a_refresh_token_ends_with_its_session(browser: Browser) -> None:
    token = browser.connect()["refresh_token"]
    browser.clock.now += 1_801
    refused(renew(browser, token))


def test_the_ui_gets_no_refresh_token(browser: Browser) -> None:
    assert "refresh_token" not in browser.tokens()


def test_a_revoked_refresh_token_is_worth_nothing(browser: Browser) -> None:
    token, address = browser.connect()["refresh_token"], f"{URL}/protocol/openid-connect/revoke"
    assert browser.post({"client_id": "hub-ui", "token": token}, address).status_code == 200
    assert browser.post({"client_id": "hub-cli", "token": "made-up"}, address).status_code == 200
    token = renew(browser, token).json()["refresh_token"]
    assert browser.post({"client_id": "hub-cli", "token": token}, address).status_code == 200
    refused(renew(browser, token))
