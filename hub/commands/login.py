"""`hub login`, `hub whoami`, `hub logout`: a person's own sign-in on a terminal."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.commands.output import console, errors, say, show_json, show_table

if TYPE_CHECKING:
    from hub.identity.settings import PersonSettings

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _settings() -> "PersonSettings":
    from catalog.settings import load
    from hub.identity.settings import PersonSettings

    return load(PersonSettings)


def login(as_json: Json = False) -> None:
    """Sign in on this terminal: open the address it prints, check the code, say yes.

    Example: hub login
    """
    from hub.identity.device import IssuerClient
    from hub.identity.own_token import keep

    settings = _settings()
    with IssuerClient(settings.issuer_url) as issuer:
        codes = issuer.begin()
        to = errors if as_json else console
        say(f"Open {codes.address_with_code}", to=to)
        say(f"and check that it shows this code: {codes.user_code}", style="bold", to=to)
        with errors.status("Waiting for your yes in the browser …"):
            tokens = issuer.wait(codes)
    place = settings.token_place
    held = keep(place, settings.issuer_url, tokens)
    if as_json:
        show_json({"signed_in": True, "expires_at": held.expires_at, "kept_in": str(place)})
    else:
        say(f"You are signed in; it is kept in {place}. See who you are here: hub whoami")


def logout(as_json: Json = False) -> None:
    """Sign this terminal out.

    Example: hub logout
    """
    from catalog.errors import DependencyError
    from hub.identity.device import IssuerClient
    from hub.identity.own_token import forget

    try:
        forget(_settings().token_place, IssuerClient)
    except DependencyError:
        say("The issuer does not answer; it forgets this sign-in by itself.", style="yellow", to=errors)
    show_json({"signed_in": False}) if as_json else say("You are signed out on this terminal.")


def whoami(as_json: Json = False) -> None:
    """Show who you are to the hub: organisation, place, clearance, roles, and for which purposes you may ask.

    Example: hub whoami
    """
    from hub.identity.device import IssuerClient
    from hub.identity.me import who_am_i
    from hub.identity.own_token import own_token

    settings = _settings()
    me = who_am_i(settings.api_url, own_token(settings.token_place, IssuerClient))
    if as_json:
        show_json(me)
        return
    rows = [{"you": name, "are": value} for name, value in _lines(me).items()]
    show_table(rows, columns=("you", "are"), empty="The hub knows nothing of you.")


def _grant(grant: Mapping[str, Any]) -> str:
    return f"{grant.get('dataset')} for {grant.get('purpose')} until {str(grant.get('ends_at'))[:10]}"


def _lines(me: Mapping[str, Any]) -> dict[str, object]:
    organisation = me.get("organisation")
    return {
        "name": me.get("name"),
        "organisation": organisation.get("name") if isinstance(organisation, Mapping) else None,
        "place": me.get("jurisdiction"),
        "clearance": me.get("clearance"),
        "roles": me.get("roles"),
        "may ask for": me.get("purposes"),
        "grants": [_grant(one) for one in me.get("grants") or [] if isinstance(one, Mapping)],
        "signed in until": me.get("token_ends_at"),
    }
