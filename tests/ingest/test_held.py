"""The worker holds what a person must look at: unread, unindexed, with the reason; and takes it in once released."""

from dataclasses import replace

import pytest

from catalog import document_laws, holds
from catalog.document_tags import DocumentTags, tags
from catalog.vocabulary import Classification
from ingest import pipeline
from ingest.pipeline import Equipment
from ingest.worker import handle
from tests.fixtures.nation import OPERATOR, Nation
from tests.ingest.test_worker import PATIENCE, Unreachable, ended, rows, submit

MARKED = b"GEHEIM\n\nThe gate of the dyke opens at noon. CANARY-7781-B"
SAID = "A marking printed in it asks for secret at least; it is declared internal."


def say(nation: Nation, name: str, own: DocumentTags) -> None:
    with nation.operator.begin(OPERATOR) as session:
        document_laws.retag(session, nation.document_of(name), own)


def release(nation: Nation, own: DocumentTags | None = None) -> None:
    with nation.operator.begin(OPERATOR) as session:
        holds.release(session, nation.document_of("a.txt"), reason="A test.", tags=own or DocumentTags())


def stored(nation: Nation) -> int:
    return len(rows(nation, "SELECT id FROM hub.chunks")) + len(rows(nation, "SELECT id FROM hub.text_revisions"))


def test_what_is_printed_stricter_than_declared_is_held_and_nothing_of_it_is_kept_or_told(
    nation: Nation, equipment: Equipment
) -> None:
    claim = submit(nation, equipment, MARKED)
    handle(claim, equipment=equipment, patience=PATIENCE)
    assert ended(nation, claim) == ("held", "marked", SAID)
    assert stored(nation) == 0
    assert rows(nation, "SELECT id FROM hub.audit_events WHERE detail::text LIKE '%%CANARY%%'") == []


def test_released_it_is_taken_in_though_the_marking_still_stands_there(nation: Nation, equipment: Equipment) -> None:
    claim = submit(nation, equipment, MARKED)
    handle(claim, equipment=equipment, patience=PATIENCE)
    release(nation)
    handle(claim, equipment=equipment, patience=PATIENCE)
    assert ended(nation, claim) == ("published", None, None)


def test_released_with_tags_it_is_taken_in_under_them(nation: Nation, equipment: Equipment) -> None:
    claim = submit(nation, equipment, MARKED)
    handle(claim, equipment=equipment, patience=PATIENCE)
    release(nation, tags(classification="secret"))
    handle(claim, equipment=equipment, patience=PATIENCE)
    assert ended(nation, claim)[0] == "published"
    for person, clearance in (("ada", Classification.RESTRICTED), ("bob", Classification.SECRET)):
        nation.person(person, clearance=clearance, organisation=person)
        nation.grant(person, "water", share=None)
    assert [len(nation.search(nation.scope(person), "gate of the dyke")) for person in ("ada", "bob")] == [0, 1]


@pytest.mark.parametrize("level", ["secret", None])
def test_what_is_declared_as_high_as_it_is_printed_is_not_held(
    nation: Nation, equipment: Equipment, level: str | None
) -> None:
    if level is None:
        nation.dataset("vault", classification=Classification.SECRET)
        claim = submit(nation, equipment, MARKED, dataset="vault")
    else:
        claim = submit(nation, equipment, MARKED)
        say(nation, "a.txt", tags(classification=level))
    handle(claim, equipment=equipment, patience=PATIENCE)
    assert ended(nation, claim)[0] == "published"


def test_a_classification_lowered_while_it_was_read_is_compared_again(
    nation: Nation, equipment: Equipment, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = submit(nation, equipment, MARKED)
    say(nation, "a.txt", tags(classification="secret"))

    def lower(*args: object, **more: object) -> object:
        say(nation, "a.txt", DocumentTags())
        return chunked(*args, **more)  # type: ignore[arg-type]

    chunked = pipeline.chunk
    monkeypatch.setattr(pipeline, "chunk", lower)
    handle(claim, equipment=equipment, patience=PATIENCE)
    assert ended(nation, claim) == ("held", "marked", SAID)
    assert stored(nation) == 0


def test_tags_that_are_not_within_the_datasets_any_more_hold_it_before_a_byte_is_read(
    nation: Nation, equipment: Equipment
) -> None:
    nation.dataset("wide", store_in=["EU"])
    claim = submit(nation, equipment, b"The gate.", dataset="wide")
    say(nation, "a.txt", tags(store_in=["DE", "FR"]))
    with nation.database.connect() as connection:
        connection.execute("UPDATE hub.datasets SET store_in = '{DE}' WHERE slug = 'wide'")
    handle(claim, equipment=replace(equipment, objects=Unreachable()), patience=PATIENCE)
    state, reason, detail = ended(nation, claim)
    assert (state, reason) == ("held", "looser")
    assert "store_in DE, FR does not lie within DE" in (detail or "")
    release(nation, tags(store_in=["DE"]))
    handle(claim, equipment=equipment, patience=PATIENCE)
    assert ended(nation, claim)[0] == "published"


def test_a_dataset_that_is_not_labelled_in_full_holds_its_documents(nation: Nation, equipment: Equipment) -> None:
    with nation.database.connect() as connection:
        connection.execute("UPDATE hub.datasets SET process_in = '{NORDIC}' WHERE slug = 'water'")
    claim = submit(nation, equipment, b"The gate.")
    handle(claim, equipment=replace(equipment, objects=Unreachable()), patience=PATIENCE)
    state, reason, detail = ended(nation, claim)
    assert (state, reason) == ("held", "unlabelled")
    assert "It may be processed nowhere: NORDIC stands for no place today." in (detail or "")
    with nation.database.connect() as connection:
        connection.execute("UPDATE hub.datasets SET process_in = '{DE}' WHERE slug = 'water'")
    release(nation)
    handle(claim, equipment=equipment, patience=PATIENCE)
    assert ended(nation, claim)[0] == "published"


@pytest.mark.parametrize(
    ("own", "rules"),
    [
        ({"store_in": ["FR"]}, "ingest.database-outside-store-in, ingest.store-outside-store-in"),
        ({"process_in": ["FR"]}, "ingest.endpoint-outside-process-in, ingest.worker-outside-process-in"),
    ],
)
def test_where_a_documents_own_tags_forbid_it_no_byte_is_read(
    nation: Nation, equipment: Equipment, own: dict[str, list[str]], rules: str
) -> None:
    nation.dataset("wide", store_in=["EU"], process_in=["EU"])
    claim = submit(nation, equipment, b"The gate.", dataset="wide")
    say(nation, "a.txt", tags(**own))
    handle(claim, equipment=replace(equipment, objects=Unreachable()), patience=PATIENCE)
    assert ended(nation, claim) == ("refused", "not allowed here", rules)


def test_while_a_new_version_is_held_the_one_before_stays(nation: Nation, equipment: Equipment) -> None:
    first = submit(nation, equipment, b"The gate opens at noon.")
    handle(first, equipment=equipment, patience=PATIENCE)
    second = submit(nation, equipment, MARKED)
    handle(second, equipment=equipment, patience=PATIENCE)
    assert (ended(nation, first)[0], ended(nation, second)[0]) == ("published", "held")
    assert [body for (body,) in rows(nation, "SELECT body FROM hub.chunks WHERE live")] == ["The gate opens at noon."]
