"""Names behind the ids of the trail, for the auditor: whoever and whatever is gone keeps its name there."""

from uuid import uuid4

import pytest
from psycopg import errors, sql

from catalog import ledger_names
from catalog.db import Asker, Auditor, Database
from catalog.errors import NotFoundError
from tests.catalog.ledger import run
from tests.fixtures.nation import Nation

INES = Auditor(name="ines")


@pytest.fixture
def trail(nation: Nation) -> Nation:
    nation.person("ada")
    nation.person("eve", organisation="startup")
    nation.dataset("rivers")
    nation.dataset("vault", listed=False)
    nation.grant("ada", "rivers")
    return nation


def test_everybody_and_every_dataset_has_its_name_withdrawn_and_unlisted_ones_too(
    trail: Nation, auditors: Database
) -> None:
    run(trail.database, "UPDATE hub.datasets SET withdrawn_at = now() WHERE slug = 'rivers'")
    with auditors.begin(INES) as session:
        names = ledger_names.names(session)
    assert names.people == {str(identifier): slug.title() for slug, identifier in trail.people.items()}
    assert names.datasets == {str(trail.datasets[slug]): (slug, slug.title()) for slug in ("rivers", "vault")}


def test_a_decision_is_told_with_its_rules(trail: Nation, auditors: Database) -> None:
    scopes = [trail.scope("ada"), trail.scope("eve")]
    with auditors.begin(INES) as session:
        known = ledger_names.decisions_of(session, [scope.decision_id for scope in scopes])
        assert ledger_names.decisions_of(session, []) == {}
        assert ledger_names.decisions_of(session, [uuid4()]) == {}
    assert set(known) == {scope.decision_id for scope in scopes}
    ada = known[scopes[0].decision_id]
    assert (ada.purpose, len(ada.policy_version)) == ("research", 16)
    permitted = [ruling for ruling in ada.rulings if ruling["permitted"]]
    assert [(ruling["rules"], ruling["datasets"]) for ruling in permitted] == [
        (["query.under-grant"], [str(trail.datasets["rivers"])])
    ]


def test_a_slug_stands_for_its_person_and_any_other_word_for_itself(trail: Nation, auditors: Database) -> None:
    with auditors.begin(INES) as session:
        assert ledger_names.actor_named(session, "ada") == f"person:{trail.people['ada']}"
        for word in ("Ada", "operator:test", f"person:{trail.people['ada']}", "", "a%"):
            assert ledger_names.actor_named(session, word) == word


def test_a_dataset_is_found_by_its_slug_alone(trail: Nation, auditors: Database) -> None:
    with auditors.begin(INES) as session:
        assert ledger_names.dataset_named(session, "vault") == trail.datasets["vault"]
        for slug in ("Vault", "vau", "%", str(trail.datasets["vault"])):
            with pytest.raises(NotFoundError):
                ledger_names.dataset_named(session, slug)


def test_a_person_learns_no_name_but_their_own_this_way(trail: Nation) -> None:
    with trail.api.begin(Asker(person_id=trail.people["eve"], zone="zone")) as session:
        names = ledger_names.names(session)
        assert names.people == {str(trail.people["eve"]): "Eve"}
        assert [slug for slug, _ in names.datasets.values()] == ["rivers"]
        assert ledger_names.actor_named(session, "ada") == "ada"
        with pytest.raises(NotFoundError):
            ledger_names.dataset_named(session, "vault")
        assert ledger_names.decisions_of(session, [trail.scope("ada").decision_id]) == {}


def test_the_auditor_reads_no_word_of_a_document_or_of_a_question(trail: Nation) -> None:
    with trail.database.connect("hub_auditor") as connection:
        for table in ("chunks", "text_revisions", "turns", "documents", "lexeme_counts"):
            with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
                connection.execute(sql.SQL("SELECT * FROM hub.{}").format(sql.Identifier(table)))
        with pytest.raises(errors.InsufficientPrivilege), connection.transaction():
            connection.execute("SELECT hub.holdings()")
