"""Every operation by every role in every state in which a right token has ended: nothing but the open doors answers."""

import json
import time
from collections.abc import Callable

import pytest

from catalog.vocabulary import Role
from tests.hub.api.conftest import AUDIENCE, Door
from tests.hub.api.walked import Ground, kind, walk
from tests.hub.identity.forge import rsa
from tests.security.test_api_matrix import DRAWN, HELD, bearer

REFUSED = (401, "signed-out")
ALL_ROLES = [*map(str, Role), "everything"]


def issuer_ended(door: Door) -> None:
    assert door.client.post("/sessions/ended", data={"logout_token": door.farewell("ada")}).status_code == 204


def admin_ended(door: Door) -> None:
    assert door.call("anton", "POST", "/people/ada/sign-out").status_code == 204


def keys_replaced(door: Door) -> None:
    door.hub.settings.issuer_keys_file.write_text(json.dumps({"keys": [rsa("issuer").as_dict(private=False)]}))


def nothing_more(_: Door) -> None:
    """The token itself is at its end."""


#: What happens after the token was made, and how long ago that was.
STATES: dict[str, tuple[Callable[[Door], None], int]] = {
    "ended at the issuer": (issuer_ended, 0),
    "ended by an admin": (admin_ended, 0),
    "signed by keys that were replaced": (keys_replaced, 0),
    "past its end": (nothing_more, 301),
}


def opened(door: Door, ground: Ground, headers: dict[str, str]) -> dict[str, int]:
    """The operations, but for those open to all, that say something else than to sign in; with their status."""
    closed = {name for name, (action, _) in DRAWN.items() if action != "open"}
    found = dict(walk(door, ground, closed, headers))
    assert set(found) == closed
    return {
        name: said.status_code
        for name, said in found.items()
        if not (said.status_code == 401 and kind(said) == REFUSED)
    }


@pytest.mark.parametrize("state", STATES)
def test_a_token_that_has_ended_opens_no_operation_to_any_role(door: Door, state: str) -> None:
    happens, ago_s = STATES[state]
    made = int(time.time()) - ago_s
    headers = {
        role: bearer(door, resource_access={AUDIENCE: {"roles": HELD[role]}}, iat=made, exp=made + 300)
        for role in ALL_ROLES
    }
    ground = Ground.lay(door)
    happens(door)
    for role, carried in headers.items():
        assert opened(door, ground, carried) == {}, role


def test_an_agent_opens_nothing_once_its_person_has_left(door: Door) -> None:
    carried, ground = {"Authorization": f"Bearer {door.agent('ada')}"}, Ground.lay(door)
    assert "POST /search" in opened(door, ground, carried)
    issuer_ended(door)
    assert opened(door, ground, carried) == {}


@pytest.mark.parametrize("act", ["key", "removal"])
def test_a_program_opens_nothing_once_its_key_is_anew_or_it_is_removed(door: Door, act: str) -> None:
    carried, ground = {"Authorization": f"Bearer {door.service()}"}, Ground.lay(door)
    assert "POST /search" in opened(door, ground, carried)
    assert door.call("anton", "POST", f"/service-accounts/tide-watch/{act}").is_success
    assert opened(door, ground, carried) == {}
