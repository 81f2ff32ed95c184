"""What stands beside a person's own datasets neither comes through a door nor moves what they see."""

from decimal import Decimal

import pytest

from catalog import datasets
from catalog.chunks import SearchMode, of_document
from catalog.db import Asker
from catalog.disclosure import disclose
from catalog.policy.model import Scope
from catalog.vocabulary import ChunkId, DocumentId
from tests.fixtures.nation import Nation

BUDGET = datasets.Budget(window_characters=10_000, lifetime_characters=10_000, ceiling_share=Decimal(1))
OWN = [f"The pump of river station {n} was repaired." for n in range(4)]
STRANGE = ["The pump of river station 9 failed in secret.", "The pump failed again.", "River station 9 is closed."]


@pytest.fixture
def beside(nation: Nation) -> Nation:
    """Ada may read the rivers; Bob, of her own ministry, reads the lakes."""
    for person, dataset, bodies in (("ada", "rivers", OWN), ("bob", "lakes", [])):
        nation.person(person)
        nation.dataset(dataset, budget=BUDGET)
        nation.grant(person, dataset, share=Decimal(1))
        if bodies:
            nation.document(dataset, f"{dataset}.txt", bodies)
    return nation


def chunks_of(nation: Nation, dataset: str) -> list[ChunkId]:
    with nation.database.connect() as connection:
        query = "SELECT id FROM hub.chunks WHERE dataset_id = %s ORDER BY ordinal"
        return [ChunkId(one) for (one,) in connection.execute(query, [nation.datasets[dataset]])]


def seen(nation: Nation, scope: Scope, mode: SearchMode) -> list[tuple[ChunkId, float, float]]:
    found = nation.search(scope, "the pump of river station failed", limit=50, mode=mode)
    return [(one.chunk_id, one.score, one.similarity) for one in found]


def document_chunks(nation: Nation, scope: Scope, document: DocumentId) -> list[ChunkId]:
    with nation.api.begin(Asker(person_id=scope.subject.person_id, zone="zone")) as session:
        return of_document(session, scope.decision_id, document)


@pytest.mark.parametrize("mode", SearchMode)
def test_a_search_finds_ones_own_and_is_not_moved_by_what_is_beside(beside: Nation, mode: SearchMode) -> None:
    before = seen(beside, beside.scope("ada"), mode)
    beside.document("lakes", "lakes.txt", STRANGE)
    after = seen(beside, beside.scope("ada"), mode)
    assert {chunk for chunk, _, _ in after} == set(chunks_of(beside, "rivers"))
    assert after == before
    assert {chunk for chunk, _, _ in seen(beside, beside.scope("bob"), mode)} == set(chunks_of(beside, "lakes"))


def test_knowing_the_ids_of_a_neighbours_chunks_and_documents_is_worth_nothing(beside: Nation) -> None:
    beside.document("lakes", "lakes.txt", STRANGE)
    scope = beside.scope("ada")
    mixed = [*chunks_of(beside, "lakes"), *chunks_of(beside, "rivers")]
    got = disclose(beside.api, scope, mixed)
    assert [passage.body for passage in got.passages] == OWN
    assert document_chunks(beside, scope, beside.document_of("lakes.txt")) == []
    assert document_chunks(beside, scope, beside.document_of("rivers.txt")) == chunks_of(beside, "rivers")


def test_what_left_the_scope_between_charge_and_reading_is_not_read(beside: Nation) -> None:
    """Two datasets in one disclosure; the grant on one ends before the text is fetched."""
    beside.grant("ada", "lakes", share=Decimal(1))
    beside.document("lakes", "lakes.txt", STRANGE)
    scope = beside.scope("ada")
    context = Asker(person_id=scope.subject.person_id, zone="zone")
    both = [*chunks_of(beside, "lakes"), *chunks_of(beside, "rivers")]
    with beside.database.connect("hub_api") as connection:
        connection.execute(
            "SELECT set_config('hub.subject', %s, false), set_config('hub.zone', 'zone', false)",
            [str(context.person_id)],
        )
        charged = "SELECT disclosure_id, taken FROM hub.disclose(%s, %s)"
        made, taken = connection.execute(charged, [scope.decision_id, both]).fetchall()[0]
        connection.commit()
        with beside.database.connect() as owner:
            owner.execute("UPDATE hub.grants SET ends_at = now() WHERE dataset_id = %s", [beside.datasets["lakes"]])
        read = connection.execute("SELECT body FROM hub.disclosed_text(%s)", [made]).fetchall()
    assert taken == len(both)
    assert [body for (body,) in read] == OWN


def test_a_superseded_text_is_found_and_read_by_nobody(beside: Nation) -> None:
    old = chunks_of(beside, "rivers")
    beside.document("rivers", "rivers.txt", ["The pump of river station 1 is new."])
    scope = beside.scope("ada")
    for mode in SearchMode:
        assert not {chunk for chunk, _, _ in seen(beside, scope, mode)} & set(old)
    assert disclose(beside.api, scope, old).passages == ()
    with beside.database.connect() as connection:
        charged = connection.execute("SELECT count(*), sum(lifetime_used) FROM hub.person_budgets").fetchall()
    assert charged == [(1, 0)], "what can't be read is not charged"


def test_a_caller_asks_for_two_hundred_chunks_at_most(beside: Nation) -> None:
    from catalog.errors import DataHubError

    scope = beside.scope("ada")
    own = chunks_of(beside, "rivers")
    assert len(disclose(beside.api, scope, own * 50).passages) == 200
    with pytest.raises(DataHubError):
        disclose(beside.api, scope, [*own * 50, own[0]])


def test_a_neighbours_passage_is_not_even_told_to_be_left_out(beside: Nation) -> None:
    beside.document("lakes", "lakes.txt", STRANGE)
    scope = beside.scope("ada")
    for chunk in chunks_of(beside, "lakes"):
        assert disclose(beside.api, scope, [chunk]).left_out == 0
