"""Signing in, renewing, signing out: nothing is shown to whoever isn't there, nothing typed is lost."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import Open, signed_in, words
from tests.ui.peer import api as peer
from tests.ui.peer.people import PEOPLE, me
from ui import login
from ui.keep import Keep, Kept

LEFT = {"kept.typed": "my question", "kept.language": "de"}


@pytest.fixture
def asked_to_sign_in(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Streamlit's own redirect needs a browser; here it is only counted."""
    found: list[str] = []
    monkeypatch.setattr("streamlit.login", found.append)
    return found


def test_who_is_not_signed_in_sees_the_door_and_nothing_is_asked(opened: Open, said: peer.Said) -> None:
    app = opened("")
    assert app.button[0].label == "Sign in"
    assert said.calls == []


def test_someone_without_an_access_token_is_not_signed_in(opened: Open, said: peer.Said) -> None:
    app = opened("")
    app.user = {**signed_in("ada"), "tokens": {}}
    app.run()
    assert app.button[0].label == "Sign in"
    assert said.calls == []


def test_the_button_goes_to_the_issuer(opened: Open, asked_to_sign_in: list[str]) -> None:
    opened("").button[0].click().run()
    assert asked_to_sign_in == ["hub"]


def test_when_the_issuer_was_down_a_sentence_says_so_and_nobody_turns_in_a_circle(
    opened: Open, asked_to_sign_in: list[str], said: peer.Said
) -> None:
    app = opened("ada", ends_in=-10, problem="issuer")
    assert "does not answer" in words(app)
    assert (asked_to_sign_in, said.calls) == ([], [])
    next(one for one in app.button if one.label == "Try again").click().run()
    assert "hub" in asked_to_sign_in


@pytest.mark.parametrize(("ends_in", "renews"), [(3600, False), (login.EARLY_S + 10, False), (5, True), (-60, True)])
def test_a_token_that_ends_is_renewed_before_anything_is_asked(
    ends_in: float,
    renews: bool,  # noqa: FBT001
    opened: Open,
    asked_to_sign_in: list[str],
    said: peer.Said,
) -> None:
    opened("ada", ends_in=ends_in)
    assert bool(asked_to_sign_in) == renews
    assert bool(said.calls) != renews


def test_a_token_without_an_end_is_renewed(opened: Open, asked_to_sign_in: list[str]) -> None:
    app = opened("")
    app.user = {name: value for name, value in signed_in("ada").items() if name != "exp"}
    app.run()
    assert asked_to_sign_in == ["hub"]


def test_what_was_typed_waits_for_the_renewed_session(
    opened: Open, asked_to_sign_in: list[str], cloakroom: Keep, said: peer.Said
) -> None:
    app = opened("ada", page="ask")
    app.user = signed_in("ada", ends_in=-1)
    app.chat_input[0].set_value("How fast does it rise?").run()
    assert asked_to_sign_in == ["hub"]
    assert said.bodies == []
    again = opened("ada")
    assert again.title[0].value == "Ask"
    assert said.bodies[-1]["question"] == "How fast does it rise?"
    assert cloakroom.take(me("ada")["id"]) is None


def test_a_search_and_its_filters_come_along(opened: Open, asked_to_sign_in: list[str]) -> None:
    app = opened("ada", page="search")
    app.text_input[0].set_value("tide")
    app.user = signed_in("ada", ends_in=-1)
    app.run()
    assert asked_to_sign_in == ["hub"]
    again = opened("ada")
    assert (again.title[0].value, again.text_input[0].value) == ("Search", "tide")


def test_nobody_else_gets_what_was_typed(opened: Open, cloakroom: Keep) -> None:
    cloakroom.leave(me("ada")["id"], Kept(page="ask", state=LEFT))
    app = opened("luc")
    assert app.title[0].value == "Hello, Luc"
    assert cloakroom.take(me("ada")["id"]) is not None


def test_a_token_the_api_refuses_is_renewed_once_then_said(
    opened: Open, asked_to_sign_in: list[str], said: peer.Said
) -> None:
    said.fails["GET /me"] = peer.problem(401, "signed-out")
    opened("ada")
    assert asked_to_sign_in == ["hub"]
    again = opened("ada")
    assert asked_to_sign_in == ["hub"]
    assert "not accepted any more" in words(again)
    (out,) = again.button
    assert out.label == "Sign out"
    assert "Signing you out" in words(out.click().run())


def test_a_token_refused_in_the_middle_is_renewed_too(
    opened: Open, asked_to_sign_in: list[str], said: peer.Said
) -> None:
    said.fails["GET /datasets"] = peer.problem(401, "signed-out")
    opened("ada", page="datasets")
    assert asked_to_sign_in == ["hub"]


def test_signing_out_leaves_nothing_in_memory(opened: Open, cloakroom: Keep) -> None:
    app = opened("ada", page="ask")
    app.session_state["kept.typed"] = "my question"
    cloakroom.leave(me("ada")["id"], Kept(page="ask", state=LEFT))
    app.session_state["kept.typed"] = None
    next(one for one in app.button if one.label == "Sign out").click().run()
    assert cloakroom.take(me("ada")["id"]) is None
    assert ("Signing you out" in words(app), list(app.button)) == (True, [])  # the cookie stands until the way back
    assert "kept.conversation" not in app.session_state


def test_who_someone_is_is_asked_again_after_a_minute(
    opened: Open, said: peer.Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened("ada")
    app.run()
    assert [path for _, _, path in said.calls].count("/me") == 1
    monkeypatch.setattr(login, "ME_LIFE_S", -1.0)
    until, known = app.session_state["me"]
    app.session_state["me"] = (until - 3600, known)
    app.run()
    assert [path for _, _, path in said.calls].count("/me") >= 2


MENU: dict[str, list[str]] = {
    "ada": ["", "ask", "search", "datasets"],
    "mia": ["", "ask", "search", "datasets"],
    "sten": ["", "datasets", "ingestion"],
    "rosa": ["", "datasets"],
    "anton": ["", "datasets", "alerts", "residency", "audit", "system"],
    "ines": ["", "alerts", "residency", "audit", "system"],
}


def pages(app: AppTest) -> list[str]:
    found: dict[str, Any] = app._registered_pages
    return [one["url_pathname"] for one in found.values()]


@pytest.mark.parametrize("who", MENU)
def test_the_menu_is_that_of_the_persons_role(who: str, opened: Open) -> None:
    assert pages(opened(who)) == MENU[who]


@pytest.mark.parametrize("who", MENU)
def test_every_screen_of_every_person_shows_without_a_fault(who: str, opened: Open, said: peer.Said) -> None:
    for page in MENU[who]:
        app = opened(who, page=page)
        assert list(app.exception) == []
        assert list(app.error) == []
        assert app.title or page == ""
    assert said.calls
    assert {one for one, _, _ in said.calls} == {who}


@pytest.mark.parametrize("who", ["ines", "rosa", "anton"])
def test_who_may_see_no_content_asks_for_none(who: str, opened: Open, said: peer.Said) -> None:
    for page in MENU[who]:
        opened(who, page=page)
    paths = {path.partition("?")[0] for _, _, path in said.calls}
    assert not [path for path in paths if path.startswith(("/questions", "/search", "/passages", "/documents"))]


def test_someone_without_a_role_is_told_whom_to_ask(opened: Open, said: peer.Said) -> None:
    said.people["mia"] = {**me("mia"), "roles": ["other"]}
    app = opened("mia")
    assert pages(app) == [""]
    assert "no role here yet" in words(app)


def test_an_unsealed_host_says_so_on_every_screen(opened: Open, said: peer.Said) -> None:
    said.people["ada"] = {**me("ada"), "sealed": False, "unsealed_because": ["no *namespaces*"]}
    for page in MENU["ada"]:
        assert "only public and internal data" in opened("ada", page=page).warning[0].value


def test_every_person_of_the_table_has_a_menu() -> None:
    assert set(MENU) | {"luc"} == set(PEOPLE)
