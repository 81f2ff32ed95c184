"""Words nobody may hear, sown into documents, names, titles and questions: nothing the API says or logs holds one."""

import json
import logging
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx
import pytest

from catalog.vocabulary import Classification, Role
from tests.fixtures.ground import WHOLE
from tests.hub.api.conftest import AUDIENCE, Door
from tests.hub.api.walked import Ground, operations, walk

#: Invented, each where nothing else stands. `hushed`: unlisted. `guarded`: listed, granted to nobody but Ada.
TEXT, NAME, TITLE = "quillonwort", "brazzenfold", "marnothic"
ABOUT, OPEN_TEXT, OPEN_NAME = "vellumspar", "tarnhelmic", "oskelgrim"
ASKED, ANSWER_NOTE = "pyrrhomance", "grelloway"
#: Of an unlisted dataset nothing may be heard; of a listed one its title may, its documents may not.
HIDDEN = frozenset({TEXT, NAME, TITLE, ABOUT})
DOCUMENTS = frozenset({TEXT, NAME, OPEN_TEXT, OPEN_NAME})
PRIVATE = frozenset({ASKED, ANSWER_NOTE})
EVERY = HIDDEN | DOCUMENTS | PRIVATE
QUESTIONS = (
    f"What is the {TEXT}?", f"What does {TITLE} say of {OPEN_TEXT}?", f"Which {NAME} {OPEN_NAME} is there?",
    "What is kept in the blue safe behind the pump house?", "What is the fine for throwing waste into the basin?",
)  # fmt: skip


@dataclass(kw_only=True)
class Heard:
    """All that left the API: bodies, headers, and lines of log."""

    said: list[tuple[str, str]]

    def holds(self, words: frozenset[str]) -> set[tuple[str, str]]:
        """Which words were heard, and where."""
        return {(word, where) for where, text in self.said for word in words if word in text.lower()}


@pytest.fixture
def sown(door: Door) -> Door:
    """Ada alone may ask `guarded`; `hushed` is unlisted and granted to Luc alone, who stands outside its places."""
    nation = door.nation
    words = {"title": f"The {TITLE} files", "description": f"All of {ABOUT}."}
    nation.dataset("hushed-marnothic", **words, budget=WHOLE, listed=False, classification=Classification.SECRET)
    nation.document("hushed-marnothic", f"{NAME}.md", [f"The {TEXT} is kept in the blue safe behind the pump house."])
    nation.grant("luc", "hushed-marnothic")
    with nation.database.connect() as connection:
        connection.execute("UPDATE hub.datasets SET access_from = '{DE}' WHERE slug LIKE 'hushed%'")
    nation.dataset("guarded", budget=WHOLE)
    nation.grant("ada", "guarded", share=Decimal(1))
    nation.document("guarded", f"{OPEN_NAME}.md", [f"The {OPEN_TEXT} of the pump house is counted twice a year."])
    return door


def token(door: Door, person: str, roles: list[str]) -> dict[str, str]:
    access = {AUDIENCE: {"roles": roles}}
    return {"Authorization": f"Bearer {door.token(person, resource_access=access)}"}


def listen(door: Door, person: str | None, roles: list[str], ground: Ground, ids: dict[str, str]) -> Heard:
    """Walk every operation, with right values and with those of the hidden dataset; ask and search for the words."""
    headers = token(door, person, roles) if person else {}
    named = operations() - {"POST /documents/{document_id}/withdrawal"}
    found = [*walk(door, ground, named, headers), *walk(door, Ground(**ids), named, headers)]
    for question in QUESTIONS:
        for path, field in (("/questions", "question"), ("/search", "query")):
            body = {field: question, "purpose": "research"}
            found.append((f"{path} {question[:12]}", door.client.post(path, json=body, headers=headers)))
    query = {"query": "pump house", "purpose": "research", "filters": {"datasets": ["hushed-marnothic", "guarded"]}}
    found.append(("/search filtered", door.client.post("/search", json=query, headers=headers)))
    narrowed: tuple[dict[str, Any], ...] = (
        {"dataset": "hushed-marnothic", "reason": "A test looks"},
        {"limit": 200, "reason": "A test looks"},
    )
    found += [(f"/audit {params}", door.client.get("/audit", params=params, headers=headers)) for params in narrowed]
    return Heard(said=[(where, _all_of(said)) for where, said in found])


def _all_of(said: httpx.Response) -> str:
    return said.text + json.dumps(dict(said.headers))


@pytest.fixture
def places(sown: Door) -> tuple[Ground, dict[str, str]]:
    """Ada's own things, and the hidden dataset's."""
    ground = Ground.lay(sown)
    document = str(sown.nation.document_of(f"{NAME}.md"))
    with sown.nation.database.connect() as connection:
        query = "SELECT id FROM hub.chunks WHERE document_id = %s"
        chunk = str(connection.execute(query, [document]).fetchall()[0][0])
        query = "SELECT submission_id FROM hub.document_versions WHERE document_id = %s"
        submission = str(connection.execute(query, [document]).fetchall()[0][0])
    hidden = {"passage_id": chunk, "document_id": document, "submission_id": submission, "slug": "hushed-marnothic"}
    return ground, {**hidden, "turn_id": ground.turn_id}


def own_words(heard: Heard) -> Heard:
    """Without one's own history, which holds what one asked."""
    return Heard(said=[(where, text) for where, text in heard.said if not where.startswith("GET /questions")])


STRANGERS = {
    "mia": ["researcher"], "mia, a founder": ["founder"], "rosa": ["reviewer"],
    "olga": ["steward"], "olga, everything but an overseer": [str(r) for r in Role if r not in {"auditor", "admin"}],
}  # fmt: skip


@pytest.mark.parametrize("who", STRANGERS)
def test_whoever_holds_no_grant_hears_none_of_the_words(
    sown: Door, places: tuple[Ground, dict[str, str]], who: str
) -> None:
    sown.nation.person("olga", organisation="other-office")
    heard = listen(sown, who.partition(",")[0], STRANGERS[who], *places)
    assert own_words(heard).holds(EVERY) == set()
    assert len(heard.said) > 50


def test_without_a_token_none_of_the_words_is_heard(sown: Door, places: tuple[Ground, dict[str, str]]) -> None:
    assert listen(sown, None, [], *places).holds(EVERY) == set()


@pytest.mark.parametrize("who", ["ines", "anton"])
def test_who_oversees_sees_titles_and_never_documents_names_or_questions(
    sown: Door, places: tuple[Ground, dict[str, str]], who: str
) -> None:
    for person, question in (("ada", f"What is the {ASKED} of {OPEN_TEXT} in the pump house?"), ("mia", ASKED)):
        _, end = sown.events(person, question)[-1]
        note = {"useful": False, "note": ANSWER_NOTE}
        assert sown.call(person, "POST", f"/questions/{end['id']}/feedback", json=note).status_code == 204
    heard = listen(sown, who, ["auditor" if who == "ines" else "admin"], *places)
    assert heard.holds(DOCUMENTS | PRIVATE) == set()
    assert ("marnothic", "GET /residency") in heard.holds(HIDDEN)


def test_ada_hears_what_she_holds_a_grant_on_and_nothing_of_the_rest(
    sown: Door, places: tuple[Ground, dict[str, str]]
) -> None:
    heard = own_words(listen(sown, "ada", ["researcher"], *places))
    assert {word for word, _ in heard.holds(EVERY)} == {OPEN_TEXT, OPEN_NAME}
    assert {where.split()[0] for _, where in heard.holds(EVERY)} == {"/questions", "/search"}
    sown.nation.grant("ada", "hushed-marnothic", share=Decimal(1))
    heard = own_words(listen(sown, "ada", ["researcher"], *places))
    assert {word for word, _ in heard.holds(EVERY)} == {OPEN_TEXT, OPEN_NAME, TEXT, NAME, TITLE, ABOUT}


def test_a_grant_that_the_law_overrules_shows_the_card_and_no_document(
    sown: Door, places: tuple[Ground, dict[str, str]]
) -> None:
    heard = own_words(listen(sown, "luc", ["researcher"], *places))
    seen = {"GET /datasets", "GET /datasets/{slug}", "GET /me", "GET /budget", "POST /step-ups"}
    assert {where for _, where in heard.holds(EVERY)} == seen
    assert heard.holds(DOCUMENTS) == set()


def test_a_steward_of_the_owner_sees_names_and_never_a_word_of_text(
    sown: Door, places: tuple[Ground, dict[str, str]]
) -> None:
    heard = listen(sown, "sten", ["steward"], *places)
    assert {word for word, _ in heard.holds(EVERY)} == {TITLE, ABOUT, NAME}


def test_no_line_of_log_holds_a_word_a_question_or_a_token(
    sown: Door,
    places: tuple[Ground, dict[str, str]],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
    capfd.readouterr()
    for person, roles in (("ada", ["researcher"]), ("sten", ["steward"]), ("ines", ["auditor"])):
        listen(sown, person, roles, *places)
    logged = "".join(capfd.readouterr()) + "".join(_line(record) for record in caplog.records)
    assert logged.count("request_id" if "request_id" in logged else "id=") > 150
    kept = EVERY | {"what is the", "pump house", "bearer", "eyj", "hushed"}
    assert {word for word in kept if word in logged.lower()} == set()
    assert str(sown.nation.people["ada"]) not in logged


def _line(record: logging.LogRecord) -> str:
    # The test's own HTTP client logs the addresses it calls; the API's log is what is looked at.
    return "" if record.name.startswith("httpx") else record.getMessage() + str(record.exc_info or "")


def test_adding_a_word_changes_nothing_a_stranger_can_count(sown: Door) -> None:
    def seen() -> list[Any]:
        search = sown.call("mia", "POST", "/search", json={"query": "pump house", "purpose": "research"}).json()
        (_, end) = sown.events("mia", "What is in the pump house?")[-1]
        return [sown.call("mia", "GET", "/datasets").content, search, end["kind"], end["message"]]

    before = seen()
    sown.nation.document("hushed-marnothic", "more.md", [f"More {TEXT} behind the pump house."])
    sown.nation.dataset("second-marnothic", listed=False)
    assert seen() == before
