"""Signing out (OIDC RP-initiated logout): by the id token of whoever signs out, or by their own yes."""

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hub.stack.issuer import pages
from hub.stack.issuer.issuer import PROTOCOL, Issuer, origin_of
from hub.stack.issuer.memory import BrowserSession
from hub.stack.issuer.requests import OAuthError, PageError, Parameters, form, query
from hub.stack.issuer.signin import COOKIE, issuer_of, require_own_form, session_of, words_of

#: What the question keeps for afterwards.
KEPT = ("client_id", "post_logout_redirect_uri", "state", "ui_locales")


async def logout(request: Request) -> Response:
    """End the session and go back to an address the program has registered."""
    issuer = issuer_of(request)
    given, confirmed = await _given(request)
    hint = _hint(issuer, given.get("id_token_hint", ""))
    goes_to = _goes_to(issuer, given, hint)
    session = session_of(request)
    if hint and (named := issuer.sessions.of_id(hint["sid"])):
        issuer.sessions.end(named)
    if session is not None and not confirmed and (hint is None or hint["sub"] != session.person.id):
        return _confirm_page(request, given, session)
    if session is not None:
        issuer.sessions.end(session)
    words = words_of(request)
    done = (
        RedirectResponse(goes_to, 303)
        if goes_to
        else pages.page(words, words["signed_out"], pages.sentence(words["signed_out_hint"]))
    )
    done.delete_cookie(COOKIE, path=f"{issuer.path}/", httponly=True, samesite="lax")
    return done


async def _given(request: Request) -> tuple[Parameters, bool]:
    """Return the parameters, and whether they come with a person's yes from our own page."""
    if request.method != "POST":
        return query(request), False
    try:
        sent = await form(request)
    except OAuthError as error:
        raise PageError("bad_request") from error
    if sent.get("answer") != "yes":
        return sent, False
    require_own_form(request)
    return query(request), True


def _hint(issuer: Issuer, hint: str) -> dict[str, Any] | None:
    """Return the claims of an id token of ours, ended or not: it proves who signs out, no more."""
    claims = issuer.key.read_back(hint, kind="JWT") if hint else None
    ours = claims is not None and (claims.get("iss"), claims.get("typ")) == (issuer.url, "ID")
    return claims if ours else None


def _goes_to(issuer: Issuer, given: Parameters, hint: dict[str, Any] | None) -> str | None:
    """Return the registered address to go back to; raises PageError for any other."""
    client_id = given.get("client_id") or (hint["azp"] if hint else "")
    if hint and client_id != hint["azp"]:
        raise PageError("bad_request")
    address = given.get("post_logout_redirect_uri")
    if address is None:
        return None
    client = issuer.realm.clients.get(client_id)
    if client is None or address not in client.after_logout:
        raise PageError("bad_redirect")
    return f"{address}?{urlencode({'state': given['state']})}" if "state" in given else address


def _confirm_page(request: Request, given: Parameters, session: BrowserSession) -> Response:
    issuer, words = issuer_of(request), words_of(request)
    again = {key: given[key] for key in KEPT if key in given}
    body = pages.sentence(words["sign_out_hint"].format(person=session.person.name)) + pages.form(
        f"{issuer.path}{PROTOCOL}/logout?{urlencode(again)}", pages.button(words["sign_out"], answer="yes")
    )
    back = {origin_of(address) for client in issuer.realm.clients.values() for address in client.after_logout}
    return pages.page(words, words["sign_out"], body, sends_to=sorted(back))
