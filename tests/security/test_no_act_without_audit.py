"""When the audit trail can't be written, nothing is done: each act and its record stand or fall together."""

from collections.abc import Callable

import pytest

from catalog import datasets, grants, people, public_metadata
from catalog.db import Database, Steward
from catalog.disclosure import disclose
from catalog.errors import DataHubError
from catalog.vocabulary import Classification
from tests.fixtures.nation import OPERATOR, Nation

#: Everything an act could leave behind.
LEFT = """SELECT (SELECT count(*) FROM hub.datasets), (SELECT count(*) FROM hub.people),
                 (SELECT count(*) FROM hub.grants), (SELECT count(*) FROM hub.grants WHERE revoked_at IS NULL),
                 (SELECT count(*) FROM hub.datasets WHERE withdrawn_at IS NULL),
                 (SELECT count(*) FROM hub.chunks), (SELECT count(*) FROM hub.document_versions),
                 (SELECT count(*) FROM hub.metadata_reviews),
                 (SELECT count(*) FROM hub.decisions), (SELECT count(*) FROM hub.disclosures),
                 (SELECT coalesce(sum(window_used), 0) FROM hub.person_budgets)"""


def withdraw(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR) as session:
        datasets.withdraw(session, nation.datasets["rivers"], reason="test")


def revoke(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR) as session:
        grants.revoke(session, grants.every(session)[0]["id"], reason="test")  # type: ignore[arg-type]


def register_person(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR) as session:
        people.register_person(
            session,
            slug="cem",
            name="Cem",
            organisation="ministry",
            jurisdiction="DE",
            clearance=Classification.PUBLIC,
        )


def review_what_is_public(nation: Nation) -> None:
    stewards = Database(nation.database.url("hub_steward"), pool_size=1)
    try:
        with stewards.begin(Steward(person_id=nation.people["ada"])) as session:
            public_metadata.review(session, "rivers", public_metadata.of(session, "rivers").digest)
    finally:
        stewards.close()


def disclosed(nation: Nation) -> Callable[[], None]:
    """The decision is made before the trail breaks."""
    scope = nation.scope("ada")
    found = nation.search(scope, "river")
    assert found
    return lambda: disclose(nation.api, scope, [one.chunk_id for one in found]) and None


ACTS: dict[str, Callable[[Nation], Callable[[], object]]] = {
    "register a dataset": lambda n: lambda: n.dataset("ports"),
    "withdraw a dataset": lambda n: lambda: withdraw(n),
    "register a person": lambda n: lambda: register_person(n),
    "give a grant": lambda n: lambda: n.grant("bob", "rivers"),
    "revoke a grant": lambda n: lambda: revoke(n),
    "publish a document": lambda n: lambda: n.document("rivers", "two.txt", ["Another river."]),
    "make a decision": lambda n: lambda: n.scope("ada"),
    "review what is public": lambda n: lambda: review_what_is_public(n),
    "disclose": disclosed,
}


@pytest.mark.parametrize("act", ACTS)
def test_no_act_is_done_that_can_not_be_recorded(nation: Nation, act: str) -> None:
    nation.person("ada")
    nation.person("bob")
    nation.dataset("rivers")
    nation.grant("ada", "rivers")
    nation.document("rivers", "one.txt", ["A river. " * 20, "Its harbour. " * 20])
    do = ACTS[act](nation)
    with nation.database.connect() as connection:
        before = connection.execute(LEFT).fetchall()
        connection.execute("ALTER TABLE hub.audit_events ADD CONSTRAINT broken CHECK (false) NOT VALID")
    with pytest.raises(DataHubError):
        do()
    with nation.database.connect() as connection:
        assert connection.execute(LEFT).fetchall() == before
        connection.execute("ALTER TABLE hub.audit_events DROP CONSTRAINT broken")
    do()
    with nation.database.connect() as connection:
        assert connection.execute(LEFT).fetchall() != before
