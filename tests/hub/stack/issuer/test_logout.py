"""Signing out: by proof or by a person's own yes, and back to registered addresses only."""

from typing import Any

import pytest

from tests.hub.stack.issuer.browser import LOGOUT, ORIGIN, Browser, answer_in, said


def out(browser: Browser, **parameters: str) -> Any:
    return browser.http.get(LOGOUT, params=parameters)


def is_signed_in(browser: Browser) -> bool:
    return "code" in answer_in(browser.authorize(prompt="none"))


def test_the_program_signs_its_person_out_by_their_id_token(browser: Browser) -> None:
    hint = browser.tokens()["id_token"]
    browser.clock.now += 1_000  # also when the token itself has ended
    answer = out(browser, id_token_hint=hint, post_logout_redirect_uri="http://localhost:8080/", state="a b")
    assert answer.headers["location"] == "http://localhost:8080/?state=a+b"
    assert not is_signed_in(browser)


@pytest.mark.parametrize("address", [
    "https://evil.example/", "http://localhost:8080", "http://localhost:8080/x", "http://localhost:8080/?x", "",
    "//evil.example", "http://localhost:8080/oauth2callback/",
])  # fmt: skip
def test_signing_out_leads_to_registered_addresses_only(address: str, browser: Browser) -> None:
    hint = browser.tokens()["id_token"]
    answer = browser.http.get(f"{LOGOUT}?id_token_hint={hint}&post_logout_redirect_uri={address or '%20'}")
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert is_signed_in(browser)


def test_an_address_is_registered_for_its_own_client(browser: Browser) -> None:
    for client in ("hub-cli", "nobody"):
        answer = out(browser, client_id=client, post_logout_redirect_uri="http://localhost:8080/")
        assert answer.status_code == 400


def test_without_proof_a_person_is_asked_first(browser: Browser) -> None:
    browser.sign_in()
    for parameters_ in ({}, {"client_id": "hub-ui"}, {"id_token_hint": "made.up.token"}):
        assert "You are signed in as Ada Lind" in said(out(browser, **parameters_))
    assert is_signed_in(browser)
    for origin in ("https://evil.example", "null"):
        answer = browser.http.post(LOGOUT, data={"answer": "yes"}, headers={"Origin": origin})
        assert answer.status_code == 403
    assert is_signed_in(browser)
    assert "You are signed out" in said(browser.http.post(LOGOUT, data={"answer": "yes"}, headers={"Origin": ORIGIN}))
    assert not is_signed_in(browser)


def test_another_persons_id_token_signs_nobody_else_out(browser: Browser) -> None:
    other = browser.another()
    hint = other.tokens("mia")["id_token"]
    browser.sign_in("ada")
    assert "You are signed in as Ada Lind" in said(out(browser, id_token_hint=hint))
    assert is_signed_in(browser)


def test_an_access_token_is_no_proof_for_signing_out(browser: Browser) -> None:
    token = browser.tokens()["access_token"]
    assert "You are signed in as" in said(out(browser, id_token_hint=token))


def test_an_id_token_for_another_client_is_refused(browser: Browser) -> None:
    assert out(browser, id_token_hint=browser.tokens()["id_token"], client_id="hub-cli").status_code == 400


def test_signing_out_without_a_session_just_goes_back(browser: Browser) -> None:
    address = "http://localhost:8080/oauth2callback"
    answer = out(browser, client_id="hub-ui", post_logout_redirect_uri=address)
    assert answer.headers["location"] == address
