"""Signing in with name and password, for whichever page needs to know who is there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from hub.stack.issuer import pages
from hub.stack.issuer.issuer import Issuer
from hub.stack.issuer.memory import BrowserSession
from hub.stack.issuer.passwords import TooManyTriesError, WrongPasswordError
from hub.stack.issuer.realm import Person
from hub.stack.issuer.requests import PageError, Parameters
from hub.stack.issuer.wording import Words, words_for

COOKIE: Final = "hub_issuer_session"


@dataclass(frozen=True, kw_only=True)
class Purpose:
    """Where the sign-in page sends its form, with what, for whom."""

    path: str
    given: Mapping[str, str]
    client_name: str
    sends_to: Iterable[str] = ()


def issuer_of(request: Request) -> Issuer:
    """Return the issuer a request came to."""
    issuer: Issuer = request.app.state.issuer
    return issuer


def words_of(request: Request) -> Words:
    """Return the words of the person's language."""
    return words_for(request.query_params.get("ui_locales", ""), request.headers.get("accept-language", ""))


def session_of(request: Request) -> BrowserSession | None:
    """Return the live session of the browser."""
    return issuer_of(request).sessions.of_cookie(request.cookies.get(COOKIE, ""))


def require_own_form(request: Request) -> None:
    """Raise PageError for a form that another site sent; browsers name the site of every form."""
    if request.headers.get("origin") != issuer_of(request).origin:
        raise PageError("foreign_form", status=403)


def sign_in(request: Request, sent: Parameters, purpose: Purpose) -> tuple[str, BrowserSession] | Response:
    """Return cookie and session of whoever gave name and password, or the page again with what is wrong."""
    require_own_form(request)
    issuer, words, name = issuer_of(request), words_of(request), sent.get("username", "").strip().lower()
    try:
        person = issuer.door.enter(name, sent.get("password", ""))
    except WrongPasswordError:
        return sign_in_page(request, purpose, name=name, wrong=words["wrong"])
    except TooManyTriesError as error:
        page = sign_in_page(request, purpose, name=name, wrong=words["too_many"].format(wait=error.wait_s), status=429)
        page.headers["Retry-After"] = str(error.wait_s)
        return page
    return issuer.sessions.start(person, instead_of=request.cookies.get(COOKIE, ""))


def sign_in_page(request: Request, purpose: Purpose, *, name: str = "", wrong: str = "", status: int = 200) -> Response:
    """Return the page that asks for name and password."""
    words, realm = words_of(request), issuer_of(request).realm
    again = {key: value for key, value in purpose.given.items() if key != "login_hint"}
    name = name or purpose.given.get("login_hint", "")
    there = "autofocus" if name else ""
    fields = (
        pages.field("username", words["name"], name, more=f'autocomplete="username" {"" if there else "autofocus"}')
        + pages.field("password", words["password"], more=f'type="password" autocomplete="current-password" {there}')
        + pages.button(words["sign_in"])
    )
    links = "".join(_link(purpose.path, again, person, words, chosen=name) for person in realm.people.values())
    body = (
        pages.sentence(words["to"].format(client=purpose.client_name))
        + (pages.sentence(wrong, kind="wrong") if wrong else "")
        + pages.form(f"{purpose.path}?{urlencode(again)}", fields)
        + f'<nav aria-labelledby="people"><h2 id="people">{escape(words["people"])}</h2>'
        + pages.sentence(words["people_hint"])
        + f"<ul>{links}</ul></nav>"
    )
    return pages.page(words, words["sign_in"], body, status=status, sends_to=purpose.sends_to)


def with_cookie(request: Request, response: Response, cookie: str) -> Response:
    """Let the browser remember the session, for this realm's pages only."""
    issuer = issuer_of(request)
    response.set_cookie(
        COOKIE,
        cookie,
        path=f"{issuer.path}/",
        httponly=True,
        samesite="lax",
        secure=issuer.origin.startswith("https:"),
    )
    return response


def _link(path: str, again: Mapping[str, str], person: Person, words: Words, *, chosen: str) -> str:
    address = escape(f"{path}?{urlencode({**again, 'login_hint': person.username})}")
    roles = [words.get(role, role) for roles in person.roles.values() for role in roles]
    about = " · ".join([*roles, person.attributes.get("affiliation", ""), person.attributes.get("jurisdiction", "")])
    current = ' aria-current="true"' if person.username == chosen else ""
    return f'<li><a href="{address}"{current}>{escape(person.name)}<small>{escape(about)}</small></a></li>'
