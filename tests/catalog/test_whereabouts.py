"""Where a chunk comes from is told inside the decision's live scope, and of what is in the index."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from catalog import grants, whereabouts
from catalog.db import Asker
from catalog.errors import AccessDeniedError
from catalog.policy.model import Scope
from catalog.vocabulary import ChunkId, GrantId
from catalog.whereabouts import Whereabouts
from tests.catalog.ledger import rows, run
from tests.fixtures.nation import OPERATOR, Nation


@pytest.fixture
def grant(nation: Nation) -> GrantId:
    """Ada may read the rivers and not the lakes; Bob may read nothing."""
    for person in ("ada", "bob"):
        nation.person(person)
    for slug in ("rivers", "lakes"):
        nation.dataset(slug)
        nation.document(slug, f"{slug}.txt", ["It is deep. ", "It is cold. "])
    return nation.grant("ada", "rivers")


def chunks(nation: Nation) -> list[ChunkId]:
    return [ChunkId(one) for (one,) in rows(nation.database, "SELECT id FROM hub.chunks ORDER BY dataset_id, ordinal")]


def found(nation: Nation, scope: Scope, person: str = "ada") -> dict[ChunkId, Whereabouts]:
    with nation.api.begin(Asker(person_id=nation.people[person], zone="zone")) as session:
        return whereabouts.whereabouts(session, scope.decision_id, [*chunks(nation), ChunkId(uuid4())])


@pytest.mark.usefixtures("grant")
def test_chunks_inside_the_scope_are_told_and_no_others(nation: Nation) -> None:
    told = found(nation, nation.scope("ada"))
    assert len(told) == 2
    for chunk, one in told.items():
        assert one.chunk_id == chunk
        assert one.dataset_id == nation.datasets["rivers"]
        assert one.document_id == nation.document_of("rivers.txt")
        assert one.media_type == "text/plain"
        assert datetime.now(UTC) - one.published_at < timedelta(minutes=5)


@pytest.mark.usefixtures("grant")
def test_who_may_read_nothing_is_told_nothing(nation: Nation) -> None:
    assert found(nation, nation.scope("bob"), "bob") == {}


def test_a_grant_that_has_ended_ends_it_under_the_same_decision(nation: Nation, grant: GrantId) -> None:
    scope = nation.scope("ada")
    with nation.operator.begin(OPERATOR) as session:
        grants.revoke(session, grant, reason="test")
    assert found(nation, scope) == {}


@pytest.mark.usefixtures("grant")
def test_another_persons_decision_and_an_old_one_tell_nothing(nation: Nation) -> None:
    scope = nation.scope("ada")
    with pytest.raises(AccessDeniedError):
        found(nation, scope, "bob")
    run(nation.database, "UPDATE hub.decisions SET made_at = now() - interval '31 seconds'")
    with pytest.raises(AccessDeniedError):
        found(nation, scope)


@pytest.mark.usefixtures("grant")
def test_superseded_chunks_are_told_no_more(nation: Nation) -> None:
    before = set(found(nation, nation.scope("ada")))
    nation.document("rivers", "rivers.txt", ["It has dried up. "])
    after = set(found(nation, nation.scope("ada")))
    assert len(after) == 1
    assert not before & after


@pytest.mark.usefixtures("grant")
def test_a_chunk_that_another_reading_of_the_same_version_replaced_is_told_no_more(nation: Nation) -> None:
    before = found(nation, nation.scope("ada"))
    gone = min(before)
    run(nation.database, "UPDATE hub.chunks SET live = false WHERE id = %s", gone)
    assert set(found(nation, nation.scope("ada"))) == set(before) - {gone}
