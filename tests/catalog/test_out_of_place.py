"""What lies where it may not any more is listed and shut, from the statement that says so until it is moved."""

from typing import Any

import pytest

from catalog import amendments, board, out_of_place
from catalog.amendments import Change
from catalog.db import Auditor, Database, Steward
from catalog.disclosure import disclose
from catalog.policy.facts import surroundings
from catalog.settings import SiteSettings
from catalog.vocabulary import ChunkId
from tests.catalog.ledger import rows, run
from tests.fixtures.nation import OPERATOR, SITE, Nation
from tests.spec.drawn import stand

STORE, DATABASE = "ingest.store-outside-store-in", "ingest.database-outside-store-in"
LAW = "any.forbidden-legal-control"
Listed = list[tuple[str, str, list[str]]]


@pytest.fixture
def shelf(nation: Nation) -> Nation:
    """Two datasets of the EU at a site of DE; one document may only be stored in DE, one only in Bavaria."""
    nation.person("ada")
    for slug in ("lakes", "rivers"):
        nation.dataset(slug, store_in=["EU"], process_in=["EU"])
        nation.grant("ada", slug)
        nation.document(slug, f"{slug}.txt", [f"The water of the {slug}. "])
    nation.document("rivers", "german.txt", ["The German water. "])
    nation.tag("german.txt", store_in=["DE"])
    run(
        nation.database, "UPDATE hub.lineages SET characters = 10 ^ 9, peak_characters = 10 ^ 9"
    )  # no budget in the way
    return nation


def listed(nation: Nation, site: SiteSettings = SITE) -> Listed:
    with nation.operator.begin(OPERATOR) as session:
        found = out_of_place.every(session, surroundings(session, site, sealed=True))
    return [(one.dataset, one.name, [each.rule for each in one.breaches]) for one in found]


def readable(nation: Nation) -> set[str]:
    scope = nation.scope("ada")
    found = [ChunkId(one) for (one,) in rows(nation.database, "SELECT id FROM hub.chunks WHERE live ORDER BY id")]
    return {passage.document_name for passage in disclose(nation.api, scope, found).passages}


def says(nation: Nation, slug: str, **change: Any) -> None:
    with nation.operator.begin(OPERATOR) as session:
        amendments.amend(session, slug, Change(**change))


def test_at_home_nothing_is_listed_and_all_of_it_is_read(shelf: Nation) -> None:
    assert listed(shelf) == []
    assert readable(shelf) == {"lakes.txt", "rivers.txt", "german.txt"}


def test_a_re_tagged_dataset_is_listed_whole_and_shut_in_the_next_statement(shelf: Nation) -> None:
    scope = shelf.scope("ada")
    says(shelf, "lakes", store_in=["FR"])
    found = shelf.search(scope, "the water", limit=50)
    assert shelf.document_of("lakes.txt") not in {one.document_id for one in found}
    assert len(found) == 2
    assert listed(shelf) == [("lakes", "lakes.txt", [DATABASE, STORE])]
    assert readable(shelf) == {"rivers.txt", "german.txt"}
    says(shelf, "lakes", store_in=["EU"])
    assert listed(shelf) == []
    assert "lakes.txt" in readable(shelf)


@pytest.mark.parametrize(("part", "rule"), [("store", STORE), ("database", DATABASE)])
def test_a_part_that_moves_puts_out_of_place_what_may_not_follow_until_it_moves_again(
    shelf: Nation, part: str, rule: str
) -> None:
    stand(shelf, part, "FR")
    assert listed(shelf) == [("rivers", "german.txt", [rule])]
    assert readable(shelf) == {"lakes.txt", "rivers.txt"}
    stand(shelf, part, "DE")
    assert listed(shelf) == []
    assert "german.txt" in readable(shelf)


def test_a_document_that_says_otherwise_is_out_of_place_alone(shelf: Nation) -> None:
    shelf.tag("lakes.txt", store_in=["FR"])
    assert listed(shelf) == [("lakes", "lakes.txt", [DATABASE, STORE])]
    assert readable(shelf) == {"rivers.txt", "german.txt"}


def test_a_worker_or_a_model_elsewhere_takes_nothing_out_of_its_place(shelf: Nation) -> None:
    says(shelf, "lakes", process_in=["FR"])
    assert listed(shelf) == []
    stand(shelf, "worker", "US")
    assert listed(shelf) == []


def test_a_law_that_reaches_an_operator_puts_what_forbids_it_out_of_place(shelf: Nation) -> None:
    shelf.tag("german.txt", forbidden_legal_control=["US"])
    stand(shelf, "store", "DE", under=("DE", "US"))
    assert listed(shelf) == [("rivers", "german.txt", [LAW])]
    assert readable(shelf) == {"lakes.txt", "rivers.txt"}


def test_what_was_refused_or_withdrawn_is_listed_too_it_still_lies_there(shelf: Nation) -> None:
    run(shelf.database, "UPDATE hub.document_versions SET state = 'withdrawn'")
    run(shelf.database, "UPDATE hub.datasets SET withdrawn_at = now() WHERE slug = 'rivers'")
    stand(shelf, "store", "US")
    assert [name for _, name, _ in listed(shelf)] == ["lakes.txt", "german.txt", "rivers.txt"]


def test_the_board_counts_them_for_who_oversees(shelf: Nation, auditors: Database) -> None:
    stand(shelf, "database", "FR")
    says(shelf, "lakes", store_in=["DE"])
    with auditors.begin(Auditor(name="ines")) as session:
        here = surroundings(session, shelf.site, sealed=True)
        rows_found = board.board(session, here, since=board.start_of_month(session))
        assert {row.slug: row.out_of_place for row in rows_found} == {"lakes": 1, "rivers": 1}


def test_a_steward_hears_of_their_own_organisations_alone(shelf: Nation, stewards: Database) -> None:
    sten, olga = shelf.person("sten"), shelf.person("olga", organisation="office")
    stand(shelf, "store", "US")
    told = []
    for person in (sten, olga):
        with stewards.begin(Steward(person_id=person)) as session:
            told.append(len(out_of_place.every(session, surroundings(session, shelf.site, sealed=True))))
            told.append(len(session.connection().exec_driver_sql("SELECT * FROM hub.stored_laws()").all()))
    assert told == [3, 3, 0, 0]


def test_it_is_listed_no_further_than_asked(shelf: Nation) -> None:
    stand(shelf, "store", "US")
    with shelf.operator.begin(OPERATOR) as session:
        assert len(out_of_place.every(session, surroundings(session, SITE, sealed=True), limit=2)) == 2
