"""The pages: no script, nothing reflected, for our own forms only, under our own name only."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from hub.stack.issuer.wording import ENGLISH, GERMAN, words_for
from hub.stack.keycloak.people import PEOPLE
from tests.hub.stack.issuer.browser import AUTH, LOGOUT, ORIGIN, URL, Browser, answer_in, parameters, said

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def pages(browser: Browser) -> dict[str, Any]:
    codes = browser.begin_device().json()
    made = {
        "sign in": browser.authorize(),
        "wrong": browser.sign_in(password="wrong"),  # noqa: S106  # a wrong one
        "error": browser.authorize(client_id=HOSTILE),
        "code": browser.http.get(f"{URL}/device"),
        "wrong code": browser.http.get(f"{URL}/device", params={"user_code": HOSTILE}),
    }
    browser.sign_in()
    return made | {
        "confirm": browser.http.get(codes["verification_uri_complete"]),
        "sign out": browser.http.get(LOGOUT, params={"state": HOSTILE}),
        "connected": browser.say(codes),
        "signed out": browser.http.post(LOGOUT, data={"answer": "yes"}, headers={"Origin": ORIGIN}),
    }


def test_no_page_has_a_script_or_anything_from_elsewhere(browser: Browser) -> None:
    for name, page in pages(browser).items():
        elements = Elements(page.text)
        assert not elements.all("script"), name
        assert not elements.all("img"), name
        assert not [a for _, attributes in elements.found for a in attributes if a.startswith("on") or a == "style"]
        assert not re.search(r"https?://(?!localhost:8080|127\.0\.0\.1:8082)", page.text), name


def test_every_page_comes_with_a_policy_that_allows_its_own_style_and_nothing_else(browser: Browser) -> None:
    for name, page in pages(browser).items():
        policy = dict(one.strip().partition(" ")[::2] for one in page.headers["content-security-policy"].split(";"))
        (style,) = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert policy["default-src"] == "'none'", name
        assert policy["style-src"] == f"'sha256-{digest}'", name
        assert (policy["frame-ancestors"], policy["base-uri"], policy["img-src"]) == ("'none'", "'none'", "data:")
        assert set(policy["form-action"].split()) <= {"'self'", "http://localhost:8080"}
        assert "script-src" not in policy


def test_every_answer_says_not_to_keep_sniff_or_frame_it(browser: Browser) -> None:
    answers = [*pages(browser).values(), browser.redeem("x"), browser.http.get("/absent"), browser.http.get("/health")]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["state", "nonce", "login_hint", "ui_locales", "prompt", "made_up"])
def test_what_a_request_brings_is_text_on_the_page(name: str, browser: Browser) -> None:
    page = browser.authorize(**{name: HOSTILE})
    assert HOSTILE not in page.text
    (form,) = Elements(page.text).all("form")
    if name != "login_hint":
        assert parameters(str(form["action"]))[name] == [HOSTILE]


def test_a_wrong_name_comes_back_as_text(browser: Browser) -> None:
    page = browser.sign_in(HOSTILE, "wrong")
    assert HOSTILE not in page.text
    assert Elements(page.text).all("input")[0]["value"] == HOSTILE


def test_every_person_of_the_realm_is_one_click_that_fills_the_name_in(browser: Browser) -> None:
    links = [str(one["href"]) for one in Elements(browser.authorize().text).all("a")]
    assert [parameters(link)["login_hint"] for link in links] == [[person.slug] for person in PEOPLE]
    page = browser.http.get(links[3])
    name, password = Elements(page.text).all("input")
    assert (name["value"], "autofocus" in name, "autofocus" in password) == ("sten", False, True)
    assert [one for one in Elements(page.text).all("a") if "aria-current" in one]


def test_every_input_has_a_label_and_the_password_is_not_shown(browser: Browser) -> None:
    for page in pages(browser).values():
        elements = Elements(page.text)
        assert {one["id"] for one in elements.all("input")} == {one["for"] for one in elements.all("label")}
        assert [one.get("type") for one in elements.all("input") if one["name"] == "password"] in ([], ["password"])
        assert elements.all("html")[0]["lang"] == "en"
        assert len(elements.all("h1")) == 1


def test_the_pages_speak_german_to_those_who_do(browser: Browser) -> None:
    german = browser.http.get(AUTH, params=browser.asked(), headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.8"})
    assert "Anmelden" in said(german)
    assert '<html lang="de">' in german.text
    assert "Anmelden" in said(browser.authorize(ui_locales="de"))


@pytest.mark.parametrize(("asked", "accepted", "lang"), [
    ("", "", "en"), ("", "fr", "en"), ("", "fr,de;q=0.5", "de"), ("", "en,de", "en"), ("de en", "en", "de"),
    ("en", "de", "en"), ("x", "de", "en"), ("", "*", "en"), ("", ";;,,", "en"),
])  # fmt: skip
def test_the_language_is_the_persons(asked: str, accepted: str, lang: str) -> None:
    assert words_for(asked, accepted)["lang"] == lang


def test_both_languages_say_the_same_things() -> None:
    assert set(ENGLISH) == set(GERMAN)
    holes = [{name: set(re.findall(r"\{\w+\}", text)) for name, text in words.items()} for words in (ENGLISH, GERMAN)]
    assert holes[0] == holes[1]


# who may send a form, and under which name we answer


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://127.0.0.1:8083", "http://localhost:8082"]
)
def test_another_sites_form_signs_nobody_in(origin: str | None, browser: Browser) -> None:
    answer = browser.sign_in(origin=origin)
    assert answer.status_code == 403
    assert "sent from another site" in said(answer)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:8082", "127.0.0.1", "127.0.0.1:8082.evil.example", "", "[::1]:8082"]
)
def test_under_another_name_nothing_is_answered(host: str, browser: Browser) -> None:
    for path in ("/realms/hub/.well-known/openid-configuration", "/realms/hub/device"):
        answer = browser.http.get(path, headers={"Host": host})
        assert answer.status_code == 421
        assert "answers as 127.0.0.1:8082 only" in answer.text


def test_whether_it_answers_may_be_asked_under_any_name(browser: Browser) -> None:
    assert browser.http.get("/health", headers={"Host": "localhost"}).json() == {"status": "ok"}


def test_the_issuers_name_is_told_and_never_taken_from_a_request(browser: Browser) -> None:
    more = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    found = browser.http.get("/realms/hub/.well-known/openid-configuration", headers=more).json()
    assert found["issuer"] == URL
    assert all(value.startswith(URL) for value in found.values() if str(value).startswith("http"))
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert {"authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"} <= set(found)


def test_the_cookie_is_for_this_realms_pages_alone(browser: Browser) -> None:
    cookie = browser.sign_in().headers["set-cookie"].lower()
    assert cookie.startswith("hub_issuer_session=")
    assert {"httponly", "samesite=lax", "path=/realms/hub/"} <= set(cookie.split("; "))
    assert "domain" not in cookie


def test_each_sign_in_has_a_new_cookie_and_the_old_one_ends(browser: Browser) -> None:
    browser.sign_in()
    old = dict(browser.http.cookies)
    browser.sign_in()
    assert dict(browser.http.cookies) != old
    other = browser.another()
    other.http.cookies.update(old)
    assert answer_in(other.authorize(prompt="none"))["error"] == "login_required"


def test_a_cookie_chosen_by_someone_else_becomes_no_session(browser: Browser) -> None:
    browser.http.cookies.set("hub_issuer_session", "chosen", domain="127.0.0.1", path="/realms/hub/")
    browser.sign_in()
    other = browser.another()
    other.http.cookies.set("hub_issuer_session", "chosen", domain="127.0.0.1", path="/realms/hub/")
    assert answer_in(other.authorize(prompt="none"))["error"] == "login_required"
