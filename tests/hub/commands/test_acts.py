"""What the commands do on a running hub, and what a person reads of it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.identity.development import DevelopmentKey
from tests.hub.commands.conftest import ASKED, Town
from tests.hub.commands.terminal import done


def kinds(town: Town, person: str) -> list[str]:
    return [event["type"] for event in done(town.hub("audit", "--person", person, "--json", "--limit", "99")).json]


def test_an_answer_shows_text_source_quote_and_label(told: Town) -> None:
    said = done(told.ask())
    lines = said.out.splitlines()
    assert lines[0].endswith("[1]")
    assert "350 euros" in lines[0]
    assert any(line.startswith(f"[1] Harbour {told.mark}: rules.md") for line in lines)
    assert any(line.startswith("    “") and "fine of 350 euros" in line for line in lines)
    assert lines[-1] == "This answer is internal; it may be processed in DE."


def test_stages_go_to_standard_error_and_the_draft_to_no_pipe(told: Town) -> None:
    said = done(told.ask())
    assert said.err.splitlines() == ["Checking who asks …", "Looking in 1 dataset …", "Reading 1 passage …"]


def test_a_refusal_says_what_to_do_and_has_its_exit_code(told: Town) -> None:
    said = told.ask(person=told.mia)
    assert said.code == 3
    assert "Request access from a dataset's steward" in said.out
    assert "Harbour" not in said.out + said.err


def test_the_acts_of_both_stand_in_the_trail(told: Town) -> None:
    done(told.ask())
    told.ask(person=told.mia)
    assert kinds(told, told.ada)[0] == "question.answered"
    assert kinds(told, told.mia)[0] == "question.refused"
    table = done(told.hub("audit", "--limit", "5")).out
    assert told.mia in table
    assert "question.refused" in table


def test_the_trail_can_be_asked_for_one_kind(told: Town) -> None:
    done(told.ask())
    rows = done(told.hub("audit", "--type", "question.answered", "--type", "question.refused", "--json")).json
    assert {row["type"] for row in rows} <= {"question.answered", "question.refused"}


def test_the_trail_is_read_for_a_reason_and_says_by_whom_and_why(town: Town) -> None:
    for nothing in ("", "  because "):
        said = town.hub("audit", HUB_AUDIT_REASON=nothing)
        assert (said.code, said.out) == (3, "")
        assert "says why, in 10 to 300 characters" in said.err
    done(town.hub("audit", "--reason", f"The look of {town.mark}"))
    found = done(town.hub("audit", "--type", "audit.consulted", "--json")).json
    (reading,) = [row for row in found if row["detail"]["reason"] == f"The look of {town.mark}"]
    assert reading["actor"].startswith("operator:")


def test_a_person_without_acts_is_not_told_that_nothing_has_happened(town: Town) -> None:
    assert done(town.hub("audit", "--person", town.mia)).out == "No such act in the trail.\n"


def test_a_token_can_be_handed_over_instead_of_a_name(told: Town) -> None:
    token = done(told.hub("person", "token", told.ada)).out.strip()
    assert "350" in done(told.hub("ask", ASKED, "--token", token)).out
    assert "350" in done(told.hub("ask", ASKED, HUB_TOKEN=token)).out
    assert "token.issued" in {row["type"] for row in done(told.hub("audit", "--json", "--limit", "50")).json}


def test_a_name_counts_before_a_token_left_in_the_environment(told: Town) -> None:
    token = done(told.hub("person", "token", told.ada)).out.strip()
    assert told.hub("ask", ASKED, "--as", told.mia, HUB_TOKEN=token).code == 3


def test_nobody_who_asks_is_told_how_to_say_who(told: Town, tmp_path: Path) -> None:
    said = told.hub("ask", ASKED, HUB_TOKEN_FILE=str(tmp_path / "none"))
    assert said.code == 6
    assert "hub login" in said.err
    said = told.hub("search", ASKED)
    assert said.code == 4
    assert "--as PERSON" in said.err


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda token: token[:-4] + "AAAA", "not one this hub's issuer signed"),
        (lambda _: "nonsense", "not one this hub's issuer signed"),
        (lambda _: "x" * 9000, "too long"),
    ],
)
def test_a_bad_token_is_refused_in_words(told: Town, change: object, sentence: str) -> None:
    assert callable(change)
    said = told.hub("ask", ASKED, "--token", change(done(told.hub("person", "token", told.ada)).out.strip()))
    assert said.code == 6
    assert sentence in said.err
    assert said.out == ""


def test_an_expired_token_is_refused_in_words(told: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    token = done(told.hub("person", "token", told.ada, "--life-s", "1")).out.strip()
    later = datetime.now(UTC) + timedelta(seconds=2)
    monkeypatch.setattr("hub.identity.verification.Verifier.__init__.__kwdefaults__", {"now": later.timestamp})
    said = told.hub("ask", ASKED, "--token", token)
    assert said.code == 6
    assert "has expired. Sign in again." in said.err


def test_a_token_of_another_hub_is_refused(told: Town, tmp_path: Path) -> None:
    people = {row["slug"]: row for row in done(told.hub("person", "list", "--json")).json}
    from catalog.people import Person
    from catalog.vocabulary import Classification

    ada = Person(**{**people[told.ada], "clearance": Classification.SECRET})
    stranger = DevelopmentKey(tmp_path / "key.json").token_for(ada)
    assert told.hub("ask", ASKED, "--token", stranger).code == 6


def test_search_shows_passages_or_says_why_not(told: Town) -> None:
    said = done(told.hub("search", "breakwaters", "--as", told.ada))
    assert said.out.startswith(f"1. Harbour {told.mark}: rules.md")
    assert "five knots" in said.out
    assert told.hub("search", "breakwaters", "--as", told.mia).code == 3
    nothing = told.hub("search", "zanzibar quixotic", "--as", told.ada)
    assert nothing.code == 3
    assert "I found nothing" in nothing.out


@pytest.mark.parametrize("question", ["", "???", "x" * 2001])
def test_what_is_no_question_is_refused_alike_by_ask_and_search(told: Town, question: str) -> None:
    assert told.hub("search", question, "--as", told.ada).code == 3
    assert told.ask(question=question).code == 3


def test_ingest_counts_and_names_what_was_refused(town: Town, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.txt").write_text("The first jetty was built in 1634.")
    (tmp_path / "b.zip").write_bytes(b"PK\x05\x06" + b"\0" * 18)
    (tmp_path / "c.txt").write_text("")
    said = done(town.hub("ingest", str(tmp_path), "--dataset", town.dataset))
    assert said.out.startswith("1 published, 2 refused, 0 unchanged, 0 unreadable, in ")
    assert "b.zip: unsupported: zip" in said.err
    assert "c.txt: empty" in said.err
    again = done(town.hub("ingest", str(tmp_path / "sub"), "--dataset", town.dataset, "--json")).json
    assert again["handed_in"]["files"] == 1


def test_the_same_files_again_are_unchanged(town: Town, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The first jetty was built in 1634.")
    done(town.hub("ingest", str(tmp_path), "--dataset", town.dataset))
    again = done(town.hub("ingest", str(tmp_path), "--dataset", town.dataset, "--json")).json
    assert (again["handed_in"]["files"], again["handed_in"]["unchanged"]) == (1, 1)
    assert again["documents"] == []


def test_without_waiting_ingest_says_what_is_in_the_queue(town: Town, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The first jetty was built in 1634.")
    said = done(town.hub("ingest", str(tmp_path), "--dataset", town.dataset, "--no-wait"))
    assert "in the queue" in said.out or "0 documents" in said.out


def test_a_site_that_may_not_take_a_dataset_in_stores_no_byte(town: Town, tmp_path: Path) -> None:
    tags = ["--title", "X", "--owner", f"board-{town.mark}", "--classification", "internal", "--purpose", "research"]
    tags += ["--store-in", "FR", "--process-in", "FR", "--access-from", "FR"]
    done(town.hub("dataset", "add", f"far-{town.mark}", *tags))
    (tmp_path / "a.txt").write_text(f"Only here: {town.mark}")
    before = sorted((town.root / "objects").rglob("*"))
    said = town.hub("ingest", str(tmp_path), "--dataset", f"far-{town.mark}")
    assert said.code == 6
    assert "Nothing was stored." in said.err
    assert sorted((town.root / "objects").rglob("*")) == before


def test_a_revoked_grant_and_a_withdrawn_dataset_close_at_once(town: Town, tmp_path: Path) -> None:
    (tmp_path / "rules.md").write_text("Throwing waste is punished with a fine of 350 euros.")
    done(town.hub("ingest", str(tmp_path), "--dataset", town.dataset))
    grant = ("grant", "add", town.dataset, "--purpose", "research", "--person", town.ada, "--share", "1", "--json")
    given = done(town.hub(*grant)).json["id"]
    assert town.ask().code == 0
    done(town.hub("grant", "revoke", given, "--reason", "over"))
    assert town.ask().code == 3
    done(town.hub(*grant))
    assert town.ask().code == 0
    said = done(town.hub("dataset", "withdraw", town.dataset, "--reason", "over"))
    assert said.out == f"Dataset {town.dataset} is withdrawn.\n"
    assert town.ask().code == 3


CONFLICTS: dict[str, tuple[tuple[str, ...], int, str]] = {
    "a grant twice revoked": (("grant", "revoke", "{revoked}", "--reason", "over"), 8, "revoked already"),
    "a grant that is not": (
        ("grant", "revoke", "00000000-0000-0000-0000-000000000001", "--reason", "over"), 5, "no such grant",
    ),
    "a grant to nobody": (
        ("grant", "add", "{dataset}", "--purpose", "research"), 4, "either --person or --organisation",
    ),
    "a grant to two": (
        ("grant", "add", "{dataset}", "--purpose", "research", "--person", "{ada}", "--organisation", "board-{mark}"),
        4, "either --person or --organisation",
    ),
    "a grant for another purpose": (
        ("grant", "add", "{dataset}", "--purpose", "statistics", "--person", "{ada}"),
        8, "is not offered for statistics",
    ),
    "a grant of an unknown dataset": (
        ("grant", "add", "nowhere", "--purpose", "research", "--person", "{ada}"), 5, "There is no dataset 'nowhere'",
    ),
    "a grant to an unknown person": (
        ("grant", "add", "{dataset}", "--purpose", "research", "--person", "nemo"), 5, "There is no person 'nemo'",
    ),
    "a person twice": (
        ("person", "add", "{ada}", "--name", "A", "--organisation", "board-{mark}", "--jurisdiction", "DE"),
        8, "already a person",
    ),
    "a person of nobody": (
        ("person", "add", "new", "--name", "A", "--organisation", "nowhere", "--jurisdiction", "DE"),
        5, "no organisation 'nowhere'",
    ),
    "a person in no place": (
        ("person", "add", "new", "--name", "A", "--organisation", "board-{mark}", "--jurisdiction", "ZZ"), 4, "'ZZ'",
    ),
    "withdrawing what is not": (("dataset", "withdraw", "nowhere", "--reason", "over"), 5, "no dataset 'nowhere'"),
    "the token of nobody": (("person", "token", "nemo"), 5, "hub person list"),
    "the trail of nobody": (("audit", "--person", "nemo"), 5, "hub person list"),
    "ingest into nothing": (("ingest", ".", "--dataset", "nowhere"), 5, "hub dataset list"),
    "ingest of nothing into nothing": (
        ("ingest", "/nonexistent", "--dataset", "nowhere"), 5, "no dataset 'nowhere'",
    ),
    "ingest of nothing": (
        ("ingest", "/nonexistent", "--dataset", "{dataset}"), 4, "There is no file or folder /nonexistent",
    ),
    "asked by nobody known": (("ask", "Who?", "--as", "nemo"), 5, "hub person list"),
    "modes that are none": (("eval", "retrieval", ".", "--modes", "magic"), 4, "lexical"),
    "a set that is none": (("eval", "retrieval", "/nonexistent"), 4, "has no corpus.jsonl"),
    "a manifest that is none": (("eval", "documents", "/nonexistent.csv"), 4, "There is no manifest"),
    "a dataset in no place": (
        ("dataset", "add", "x-{mark}", "--title", "X", "--owner", "board-{mark}", "--classification", "public",
         "--store-in", "Atlantis", "--process-in", "DE", "--access-from", "EU", "--purpose", "research"), 4, "Atlantis",
    ),
    "a dataset twice": (
        ("dataset", "add", "{dataset}", "--title", "X", "--owner", "board-{mark}", "--classification", "public",
         "--store-in", "DE", "--process-in", "DE", "--access-from", "EU", "--purpose",
         "research"), 8, "already a dataset",
    ),
}  # fmt: skip


def last_act(town: Town) -> object:
    """The newest act that is no reading of the trail."""
    rows = done(town.hub("audit", "--json", "--limit", "500")).json
    return next(row for row in rows if row["type"] != "audit.consulted")


@pytest.fixture(scope="module")
def revoked(told: Town) -> str:
    person = ("--person", told.mia, "--share", "0.0001")
    given: str = done(told.hub("grant", "add", told.dataset, "--purpose", "research", *person, "--json")).json["id"]
    done(told.hub("grant", "revoke", given, "--reason", "test"))
    return given


@pytest.mark.parametrize(("arguments", "code", "sentence"), CONFLICTS.values(), ids=CONFLICTS)
def test_what_can_not_be_done_is_said_in_a_sentence_and_changes_nothing(
    told: Town, revoked: str, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    before = last_act(told)
    filled = [one.format(mark=told.mark, ada=told.ada, dataset=told.dataset, revoked=revoked) for one in arguments]
    said = told.hub(*filled)
    assert said.code == code, said
    assert sentence in said.err
    assert said.out == ""
    assert "Traceback" not in said.err
    assert last_act(told) == before
    as_json = told.hub(*filled, "--json")
    assert as_json.code == code
    assert sentence in json.loads(as_json.err)["message"]


def test_registering_says_what_was_registered_and_how_much_may_be_read(town: Town) -> None:
    tags = ["--title", "Rivers", "--owner", f"board-{town.mark}", "--classification", "restricted"]
    tags += ["--store-in", "DE", "--process-in", "DE", "--access-from", "EU", "--purpose", "research"]
    said = done(town.hub("dataset", "add", f"rivers-{town.mark}", *tags, "--window-characters", "1234"))
    assert "One person may read 1,234 characters a day and 200,000 ever" in said.out
    assert "50% of it" in said.out


def test_a_second_organisation_of_that_name_is_the_first(town: Town) -> None:
    again = ("person", "organisation", f"board-{town.mark}", "--name", "Other", "--jurisdiction", "FR", "--json")
    assert done(town.hub(*again)).json["id"] == done(town.hub(*again)).json["id"]


def test_the_database_is_as_it_was_built_and_a_change_is_found(running_hub: Path, told: Town) -> None:
    import psycopg

    from hub.stack.folder import DataFolder
    from hub.stack.parts import database_of
    from hub.stack.settings import StackSettings

    assert done(told.hub("db", "check")).out == "The database is as this hub was built.\n"
    socket_dir = database_of(DataFolder.existing(running_hub), StackSettings()).socket_dir
    with psycopg.connect(host=str(socket_dir), user="postgres", dbname="hub", autocommit=True) as connection:
        connection.execute("GRANT SELECT ON hub.chunks TO hub_api")
        said = told.hub("db", "check")
        connection.execute("REVOKE SELECT ON hub.chunks FROM hub_api")
    assert said.code == 3
    assert "hub_api SELECT chunks" in said.out
    assert "hub migrate" in said.out


def test_the_operator_ends_every_session_of_a_person(town: Town) -> None:
    said = done(town.hub("person", "end-sessions", town.mia))
    assert f"Every session of {town.mia} has ended" in said.out
    assert "session.ended" in {row["type"] for row in done(town.hub("audit", "--json", "--limit", "20")).json}
    nobody = town.hub("person", "end-sessions", "nobody-of-that-name")
    assert (nobody.code, "There is no person 'nobody-of-that-name'" in nobody.err) == (5, True)
