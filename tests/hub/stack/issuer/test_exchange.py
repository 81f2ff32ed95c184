"""Token exchange at the development issuer: what it is stricter in than Keycloak."""

from pathlib import Path
from typing import Any

import pytest

from catalog.errors import SettingsError
from hub.stack.issuer.exchange import ACCESS_TOKEN, EXCHANGE_GRANT
from hub.stack.issuer.passwords import api_secret
from hub.stack.keycloak.realm import realm
from tests.hub.stack.issuer.browser import Browser, part


def exchange(browser: Browser, token: str, **changes: str | None) -> Any:
    known: dict[str, str | None] = {
        "grant_type": EXCHANGE_GRANT, "client_id": "hub-api", "client_secret": browser.issuer.api_secret,
        "subject_token": token, "subject_token_type": ACCESS_TOKEN, "audience": "hub-agent-research",
    }  # fmt: skip
    return browser.post({**known, **changes})


def test_an_agents_token_makes_no_other(browser: Browser) -> None:
    agents = exchange(browser, browser.tokens()["access_token"]).json()["access_token"]
    answer = exchange(browser, agents, audience="hub-agent-statistics")
    assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")


def test_an_agents_token_ends_no_later_than_the_token_it_was_made_from(browser: Browser) -> None:
    token = browser.tokens()["access_token"]
    browser.clock.now += 250
    agents = exchange(browser, token).json()
    assert agents["expires_in"] == 50
    assert part(agents["access_token"], 1)["exp"] == part(token, 1)["exp"]
    browser.clock.now += 50
    assert exchange(browser, token).status_code == 400


@pytest.mark.parametrize("changes", [{"audience": None}, {"audience": ""}, {"scope": "openid"}], ids=str)
def test_one_audience_and_no_scope(browser: Browser, changes: dict[str, str | None]) -> None:
    assert exchange(browser, browser.tokens()["access_token"], **changes).status_code == 400


def test_another_issuers_token_is_worth_nothing(browser: Browser) -> None:
    claims = part(browser.tokens()["access_token"], 1)
    strange = browser.issuer.key.sign({**claims, "iss": "https://elsewhere.example"}, kind="at+jwt")
    assert exchange(browser, strange).status_code == 400


def test_the_program_names_itself_in_the_form_alone(browser: Browser) -> None:
    form = {
        "grant_type": EXCHANGE_GRANT, "client_id": "hub-api", "client_secret": browser.issuer.api_secret,
        "subject_token": browser.tokens()["access_token"], "subject_token_type": ACCESS_TOKEN,
        "audience": "hub-agent-research",
    }  # fmt: skip
    assert browser.post(dict(form), headers={"Authorization": "Basic aHViLWFwaTp4"}).status_code == 401


def test_the_apis_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = api_secret(tmp_path)
    assert api_secret(tmp_path) == first
    (tmp_path / "api-secret").chmod(0o644)
    with pytest.raises(SettingsError, match="read by others"):
        api_secret(tmp_path)


def test_an_exchanger_without_a_secret_is_not_read(secrets_dir: Path, tmp_path: Path) -> None:
    raw = realm()
    raw["clients"][2]["publicClient"] = True
    with pytest.raises(SettingsError, match="hub-api"):
        Browser.of_realm(raw, tmp_path, secrets_dir)
