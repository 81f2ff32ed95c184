"""The device flow (RFC 8628): a terminal gets two codes, a person says yes in a browser."""

import re
import secrets
from html import escape
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from hub.stack.issuer import pages
from hub.stack.issuer.issuer import Device
from hub.stack.issuer.memory import BrowserSession
from hub.stack.issuer.passwords import TooManyTriesError
from hub.stack.issuer.requests import OAuthError, PageError, Parameters, challenge_in, form, query, token_scope_in
from hub.stack.issuer.signin import (
    Purpose,
    issuer_of,
    require_own_form,
    session_of,
    sign_in,
    sign_in_page,
    with_cookie,
    words_of,
)

#: Letters without vowels make no words (RFC 8628, 6.1); eight of them are 34 bits, and guesses wait.
_LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
#: A faster poll lengthens the interval by this (RFC 8628, 3.5).
SLOWER_S: Final = 5


async def begin(request: Request) -> Response:
    """Hand a terminal its two codes."""
    issuer, given = issuer_of(request), await form(request)
    client = issuer.realm.clients.get(given.get("client_id", ""))
    if client is None or not client.device or "authorization" in request.headers:
        raise OAuthError("invalid_client", "This client may not use the device flow.", status=401)
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    device = Device(
        client=client,
        user_code=f"{letters[:4]}-{letters[4:]}",
        challenge=challenge_in(given),
        token_scope=token_scope_in(given),
        next_poll_at=float("-inf"),
        interval_s=issuer.realm.poll_s,
    )
    device_code = issuer.devices.put(device)
    issuer.user_codes.put(device, letters)
    issuer.ended_devices.put(client, device_code)
    address = f"{issuer.url}/device"
    return JSONResponse(
        {
            "device_code": device_code,
            "user_code": device.user_code,
            "verification_uri": address,
            "verification_uri_complete": f"{address}?user_code={device.user_code}",
            "expires_in": issuer.realm.device_s,
            "interval": issuer.realm.poll_s,
        }
    )


async def verify(request: Request) -> Response:
    """Lead a person from the code to yes or no."""
    issuer, given, words = issuer_of(request), query(request), words_of(request)
    if "user_code" not in given:
        return _code_page(request)
    try:
        issuer.code_guesses.check()
    except TooManyTriesError as error:
        return _code_page(request, wrong=words["too_many"].format(wait=error.wait_s), status=429)
    device = issuer.user_codes.get(_letters(given["user_code"]))
    if device is None:
        issuer.code_guesses.failed()
        return _code_page(request, wrong=words["code_unknown"])
    purpose = Purpose(path=f"{issuer.path}/device", given=given, client_name=device.client.name)
    if request.method == "POST":
        return await _posted(request, device, purpose)
    session = session_of(request)
    if session is None or given.get("prompt") == "login":
        return sign_in_page(request, purpose)
    return _confirm_page(request, device, session)


async def _posted(request: Request, device: Device, purpose: Purpose) -> Response:
    require_own_form(request)
    try:
        sent = await form(request)
    except OAuthError as error:
        raise PageError("bad_request") from error
    if "answer" in sent:
        return _answered(request, device, sent)
    signed_in = sign_in(request, sent, purpose)
    if isinstance(signed_in, Response):
        return signed_in
    onwards = urlencode({"user_code": device.user_code, **_locale(purpose.given)})
    return with_cookie(request, RedirectResponse(f"{purpose.path}?{onwards}", 303), signed_in[0])


def _answered(request: Request, device: Device, sent: Parameters) -> Response:
    issuer, words, session = issuer_of(request), words_of(request), session_of(request)
    if session is None:
        raise PageError("bad_request")
    issuer.user_codes.take(_letters(device.user_code))  # one answer, then the code is gone
    if sent["answer"] != "yes":
        device.denied = True
        return pages.page(words, words["denied"], pages.sentence(words["denied_hint"]))
    device.session = session
    return pages.page(words, words["connected"], pages.sentence(words["connected_hint"]))


def _code_page(request: Request, *, wrong: str = "", status: int = 200) -> Response:
    words, path = words_of(request), f"{issuer_of(request).path}/device"
    more = 'autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="12" autofocus'
    field = pages.field("user_code", words["code"], more=more)
    body = (
        pages.sentence(words["device_hint"])
        + (pages.sentence(wrong, kind="wrong") if wrong else "")
        + pages.form(path, field + pages.button(words["next"]), method="get")
    )
    return pages.page(words, words["device"], body, status=status)


def _confirm_page(request: Request, device: Device, session: BrowserSession) -> Response:
    words, path = words_of(request), f"{issuer_of(request).path}/device"
    again = {"user_code": device.user_code, **_locale(query(request))}
    buttons = pages.button(words["yes"], answer="yes") + pages.button(words["no"], answer="no", second=True)
    hint = words["confirm_hint"].format(client=device.client.name, person=session.person.name)
    other = escape(f"{path}?{urlencode({**again, 'prompt': 'login'})}")
    body = (
        f'<p class="big">{escape(device.user_code)}</p>'
        + pages.sentence(hint)
        + pages.form(f"{path}?{urlencode(again)}", buttons)
        + f'<p><br><a href="{other}">{escape(words["other_person"])}</a></p>'
    )
    return pages.page(words, words["confirm"], body)


def _locale(given: Parameters) -> dict[str, str]:
    return {"ui_locales": given["ui_locales"]} if "ui_locales" in given else {}


def _letters(code: str) -> str:
    return re.sub(r"[^A-Z]", "", code.upper())
