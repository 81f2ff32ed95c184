"""A grant ends when it says: the clock is stepped over the ends of a thousand, one after the other."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import text

from catalog import chunks, clock, grants
from catalog.db import Asker
from catalog.disclosure import disclose
from catalog.policy.model import Scope
from catalog.vocabulary import ChunkId, Purpose
from tests.catalog.ledger import rows
from tests.fixtures.ground import WHOLE
from tests.fixtures.nation import OPERATOR, Nation, embedding

PEOPLE, DATASETS = 50, 20
MINUTE = timedelta(minutes=1)
FIRST = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=3)


def given(nation: Nation) -> list[tuple[str, str]]:
    """Give each person a grant on each dataset; return them in the order in which they end, a minute apart."""
    for number in range(DATASETS):
        nation.dataset(f"d{number}", budget=WHOLE, purposes=[Purpose.RESEARCH])
        nation.document(f"d{number}", f"d{number}.txt", [f"The river of {number} rises."])
    for number in range(PEOPLE):
        nation.person(f"p{number}")
    pairs = [(f"p{person}", f"d{dataset}") for person in range(PEOPLE) for dataset in range(DATASETS)]
    Random(1).shuffle(pairs)  # noqa: S311  # repeatable on purpose
    with nation.operator.begin(OPERATOR) as session:
        for at, (person, dataset) in enumerate(pairs):
            grants.give(
                session, dataset_id=nation.datasets[dataset], purpose=Purpose.RESEARCH,
                grantee=grants.Grantee(person_id=nation.people[person]),
                term=grants.Term(starts_at=FIRST - timedelta(hours=9), ends_at=FIRST + MINUTE * at),
            )  # fmt: skip
    return pairs


@pytest.mark.long
def test_over_a_thousand_ends_nobody_sees_a_row_of_what_has_ended(nation: Nation) -> None:
    pairs = given(nation)
    chunk_of = dict(
        rows(nation.database, "SELECT d.slug, c.id FROM hub.chunks c JOIN hub.datasets d ON d.id = c.dataset_id")
    )
    held = {f"p{person}": {f"d{dataset}" for dataset in range(DATASETS)} for person in range(PEOPLE)}
    step_to(nation, FIRST + timedelta(seconds=1))
    too_much = []
    for at, (person, dataset) in enumerate(pairs):
        held[person].discard(dataset)
        scope = nation.scope(person)
        assert {slug for slug, number in nation.datasets.items() if number in scope.dataset_ids} == held[person]
        too_much += found(nation, scope, ChunkId(chunk_of[dataset]))  # type: ignore[arg-type]
        step_to(nation, FIRST + MINUTE * (at + 1) + timedelta(seconds=1))
    assert len(pairs) == 1_000
    assert too_much == []
    assert not any(held.values())


def step_to(nation: Nation, moment: datetime) -> None:
    """Set the clock to a moment, however long the machine took to come here."""
    with nation.operator.begin(OPERATOR) as session:
        now: datetime = session.execute(text("SELECT hub.hub_now()")).scalar_one()
        clock.step(session, moment - now)


def found(nation: Nation, scope: Scope, chunk: ChunkId) -> list[ChunkId]:
    """What comes of a passage whose grant has ended, by search and by its id."""
    by_id = disclose(nation.api, scope, [chunk]).passages
    return [one.chunk_id for one in nation.search(scope, "river", limit=50) if one.chunk_id == chunk] + [
        one.chunk_id for one in by_id
    ]


def test_a_decision_does_not_outlive_the_grant_it_was_made_under(nation: Nation) -> None:
    """Made a second before the end: at the end it opens nothing, though it is not half a minute old."""
    nation.person("ada")
    nation.dataset("rivers", budget=WHOLE)
    nation.document("rivers", "rivers.txt", ["The river rises."])
    nation.grant("ada", "rivers", term=grants.Term(starts_at=FIRST - timedelta(hours=9), ends_at=FIRST))
    with nation.operator.begin(OPERATOR) as session:
        clock.step(session, FIRST - datetime.now(UTC) - timedelta(seconds=5))
    scope = nation.scope("ada")
    assert len(nation.search(scope, "river")) == 1
    with nation.operator.begin(OPERATOR) as session:
        clock.step(session, timedelta(seconds=6))
    assert nation.search(scope, "river") == []
    assert (
        disclose(nation.api, scope, [one for (one,) in rows(nation.database, "SELECT id FROM hub.chunks")]).passages
        == ()
    )


def test_a_revocation_is_seen_by_the_next_statement_of_a_transaction_that_is_open(nation: Nation) -> None:
    nation.person("ada")
    nation.dataset("rivers", budget=WHOLE)
    nation.document("rivers", "rivers.txt", ["The river rises."])
    grant = nation.grant("ada", "rivers")
    scope = nation.scope("ada")
    with nation.api.begin(Asker(person_id=scope.subject.person_id, zone="zone")) as session:
        looks = {"question": "river", "embedding": embedding("river"), "limit": 5}
        assert len(chunks.nearest(session, scope.decision_id, **looks)) == 1  # type: ignore[arg-type]
        with nation.operator.begin(OPERATOR) as operator:
            grants.revoke(operator, grant, reason="test")
        assert chunks.nearest(session, scope.decision_id, **looks) == []  # type: ignore[arg-type]
