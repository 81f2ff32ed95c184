"""A card tells of a dataset what its person may know: unlisted ones look absent, and figures never tell of others."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import LiteralString

import psycopg
import pytest

from catalog import cards, withdrawals
from catalog.cards import Access, DatasetCard, Holding
from catalog.datasets import Budget
from catalog.db import Asker, Database, Steward
from catalog.disclosure import disclose
from catalog.errors import NotFoundError
from catalog.grants import Grantee, Term, give
from catalog.vocabulary import Classification, Purpose
from tests.catalog.ledger import rows, run
from tests.fixtures.nation import OPERATOR, TERM, Nation

#: 100 characters a chunk and 400 in all: a quarter of them is one chunk.
BODIES = [f"Chunk {n} tells of the river. ".ljust(100, ".") for n in range(4)]
BUDGET = Budget(window_characters=1000, lifetime_characters=1000, ceiling_share=Decimal(1))


@pytest.fixture
def shore(nation: Nation) -> Nation:
    """Ada of the ministry, which owns what there is; Eve of a startup, and a dataset of each kind."""
    nation.person("ada")
    nation.person("eve", organisation="startup")
    nation.dataset("rivers", budget=BUDGET, purposes=[Purpose.RESEARCH, Purpose.STATISTICS])
    nation.dataset("vault", listed=False, budget=BUDGET)
    nation.document("rivers", "rivers.txt", BODIES)
    nation.document("vault", "vault.txt", BODIES, language="german")
    return nation


def seen(nation: Nation, person: str) -> dict[str, DatasetCard]:
    with nation.api.begin(Asker(person_id=nation.people[person], zone="zone")) as session:
        return {card.slug: card for card in cards.cards(session)}


def asked(nation: Nation, query: LiteralString, person: str = "eve", role: str = "hub_api") -> list[tuple[object, ...]]:
    """A function's rows under a role, as a person."""
    with nation.database.connect(role) as connection:
        connection.execute("SELECT set_config('hub.subject', %s, true)", [str(nation.people[person])])
        return connection.execute(query).fetchall()


def held_ids(nation: Nation, person: str = "eve", role: str = "hub_api") -> set[str]:
    slugs = {identifier: slug for slug, identifier in nation.datasets.items()}
    found = asked(nation, "SELECT dataset_id FROM hub.holdings()", person, role)
    return {slugs[identifier] for (identifier,) in found}  # type: ignore[index]


def left(nation: Nation, person: str = "eve", purpose: str = "research") -> dict[str, int]:
    with nation.database.connect("hub_api") as connection:
        connection.execute("SELECT set_config('hub.subject', %s, true)", [str(nation.people[person])])
        found = connection.execute("SELECT * FROM hub.characters_left(%s)", [purpose]).fetchall()
    slugs = {identifier: slug for slug, identifier in nation.datasets.items()}
    return {slugs[identifier]: characters for identifier, characters in found}


def test_a_listed_card_is_seen_by_anyone_and_tells_no_access(shore: Nation) -> None:
    (card,) = seen(shore, "eve").values()
    assert (card.slug, card.owner_slug, card.owner_name) == ("rivers", "ministry", "Ministry")
    assert card.purposes == (Purpose.RESEARCH, Purpose.STATISTICS)
    assert (card.classification, card.store_in, card.process_in) == (Classification.INTERNAL, ("DE",), ("DE",))
    assert card.holding == Holding(documents=1, pages=1, media_types=("text/plain",), languages=("english",))
    assert card.access == Access()


def test_an_unlisted_dataset_is_absent_until_a_grant_names_its_person(shore: Nation) -> None:
    with shore.api.begin(Asker(person_id=shore.people["eve"], zone="zone")) as session:
        for slug in ("vault", "never-was"):
            with pytest.raises(NotFoundError):
                cards.card(session, slug)
    shore.grant("eve", "vault")
    assert set(seen(shore, "eve")) == {"rivers", "vault"}
    assert set(seen(shore, "ada")) == {"rivers"}


GRANTEES: dict[str, LiteralString] = {
    "a person": "person_id = %s",
    "their organisation": "person_id = NULL, organisation_id = (SELECT organisation_id FROM hub.people WHERE id = %s)",
    "everyone": "person_id = NULL, everyone = (%s::uuid IS NOT NULL)",
}


@pytest.mark.parametrize("who", GRANTEES)
def test_what_holdings_count_is_what_cards_are_seen_of(shore: Nation, who: str) -> None:
    """The function repeats the policy's condition: neither tells more than the other."""
    assert held_ids(shore) == set(seen(shore, "eve")) == {"rivers"}
    shore.grant("eve", "vault")
    with shore.database.connect() as connection:
        connection.execute("UPDATE hub.grants SET " + GRANTEES[who], [shore.people["eve"]])  # noqa: S608  # constants
    assert held_ids(shore) == set(seen(shore, "eve")) == {"rivers", "vault"}
    expected = {"rivers", "vault"} if who == "everyone" else {"rivers"}
    assert held_ids(shore, "ada") == set(seen(shore, "ada")) == expected


def test_a_grant_that_has_ended_still_shows_the_card_and_opens_nothing(shore: Nation) -> None:
    shore.grant("eve", "vault")
    run(shore.database, "UPDATE hub.grants SET ends_at = now()")
    assert held_ids(shore) == {"rivers", "vault"}
    assert seen(shore, "eve")["vault"].access == Access()
    assert left(shore) == {}


def test_a_withdrawn_dataset_has_no_card_and_is_not_counted(shore: Nation) -> None:
    run(shore.database, "UPDATE hub.datasets SET withdrawn_at = now() WHERE slug = 'rivers'")
    assert seen(shore, "eve") == {}
    assert held_ids(shore) == set()


def test_only_as_a_steward_the_own_organisations_unlisted_datasets_are_counted(
    shore: Nation, stewards: Database
) -> None:
    assert held_ids(shore, "ada") == {"rivers"}
    assert held_ids(shore, "ada", "hub_steward") == {"rivers", "vault"}
    assert held_ids(shore, "eve", "hub_steward") == {"rivers"}
    with stewards.begin(Steward(person_id=shore.people["ada"])) as session:
        assert [(card.slug, card.holding.documents) for card in cards.cards(session)] == [("rivers", 1), ("vault", 1)]
    with stewards.begin(Steward(person_id=shore.people["eve"])) as session:
        assert cards.cards(session) == []


def test_a_holding_counts_published_documents_only(shore: Nation) -> None:
    shore.document("rivers", "rivers.txt", ["Its second version. "])
    assert seen(shore, "ada")["rivers"].holding.documents == 1
    shore.document("rivers", "ufer.txt", ["Das Ufer. "], language="german")
    assert seen(shore, "ada")["rivers"].holding == Holding(
        documents=2, pages=2, media_types=("text/plain",), languages=("english", "german")
    )
    with shore.operator.begin(OPERATOR) as session:
        withdrawals.withdraw(session, shore.document_of("ufer.txt"), reason="test")
    assert seen(shore, "ada")["rivers"].holding.documents == 1
    assert seen(shore, "ada")["rivers"].holding.languages == ("english",)


def test_without_a_person_nothing_is_counted(shore: Nation) -> None:
    queries: tuple[LiteralString, ...] = ("SELECT hub.holdings()", "SELECT hub.characters_left('research')")
    for query in queries:
        with shore.database.connect("hub_api") as connection, pytest.raises(psycopg.DatabaseError):
            connection.execute(query).fetchall()


def test_access_names_the_live_purposes_their_last_end_and_the_most_one_may_read(shore: Nation) -> None:
    shore.grant("eve", "rivers", share=Decimal("0.5"))
    later = Term(starts_at=TERM.starts_at, ends_at=TERM.ends_at + timedelta(days=9))
    shore.grant("eve", "rivers", Purpose.STATISTICS, term=later, window_characters=150)
    assert seen(shore, "eve")["rivers"].access == Access(
        purposes=(Purpose.RESEARCH, Purpose.STATISTICS), ends_at=later.ends_at, characters_left=200
    )
    assert seen(shore, "ada")["rivers"].access == Access()


def test_what_is_left_is_of_live_grants_for_that_purpose_of_that_person_alone(shore: Nation) -> None:
    shore.grant("eve", "rivers", share=Decimal("0.5"))
    assert left(shore) == {"rivers": 200}
    assert left(shore, purpose="statistics") == {}
    assert left(shore, "ada") == {}
    run(shore.database, "UPDATE hub.grants SET suspended_at = now()")
    assert left(shore) == {}


def test_what_is_left_is_the_least_of_window_lifetime_and_the_organisations_part(shore: Nation) -> None:
    shore.grant("eve", "rivers", share=Decimal("0.5"))
    shore.person("cem", organisation="startup")
    shore.grant("cem", "rivers", share=Decimal("0.5"), window_characters=120)
    found = rows(shore.database, "SELECT id FROM hub.chunks WHERE dataset_id = %s ORDER BY ordinal",
                 shore.datasets["rivers"])  # fmt: skip
    disclose(shore.api, shore.scope("eve"), [found[0][0]])
    assert (left(shore), left(shore, "cem")) == ({"rivers": 100}, {"rivers": 100})
    shore.grant("ada", "rivers", share=Decimal("0.5"))
    assert left(shore, "ada") == {"rivers": 200}
    narrowed = "UPDATE hub.grants SET window_characters = %s, lifetime_characters = %s WHERE person_id = %s"
    for window, lifetime, expected in ((130, 1000, 30), (130, 120, 20), (50, 120, 0)):
        run(shore.database, narrowed, window, lifetime, shore.people["eve"])
        assert left(shore) == {"rivers": expected}
    assert left(shore, "cem") == {"rivers": 100}


def test_a_window_that_has_passed_counts_no_more(shore: Nation) -> None:
    shore.grant("eve", "rivers", share=Decimal(1), window_characters=150)
    found = rows(shore.database, "SELECT id FROM hub.chunks WHERE dataset_id = %s", shore.datasets["rivers"])
    disclose(shore.api, shore.scope("eve"), [found[0][0]])
    assert left(shore) == {"rivers": 50}
    shore.step_clock(timedelta(days=1, minutes=1))
    assert left(shore) == {"rivers": 150}


def test_a_grant_for_everyone_counts_the_open_part_of_an_organisation_that_has_none(shore: Nation) -> None:
    with shore.operator.begin(OPERATOR) as session:
        everyone = Grantee(everyone=True)
        give(session, dataset_id=shore.datasets["rivers"], grantee=everyone, purpose=Purpose.RESEARCH, term=TERM)
    assert left(shore) == left(shore, "ada") == {"rivers": 400}


def test_cards_come_by_name_and_page_after_page(shore: Nation) -> None:
    for slug in ("alps", "zoo"):
        shore.dataset(slug)
    with shore.api.begin(Asker(person_id=shore.people["ada"], zone="zone")) as session:
        assert [card.slug for card in cards.cards(session, limit=2)] == ["alps", "rivers"]
        assert [card.slug for card in cards.cards(session, after="rivers", limit=2)] == ["zoo"]


def test_the_purpose_that_opens_most_datasets_comes_first(shore: Nation) -> None:
    shore.dataset("lakes", purposes=[Purpose.STATISTICS])
    shore.grant("eve", "rivers")
    shore.grant("eve", "rivers", Purpose.STATISTICS)
    shore.grant("eve", "lakes", Purpose.STATISTICS)
    past = Term(starts_at=datetime.now(UTC) - timedelta(days=2), ends_at=datetime.now(UTC) - timedelta(days=1))
    shore.dataset("reviewed", purposes=[Purpose.REVIEW])
    shore.grant("eve", "reviewed", Purpose.REVIEW, term=past)
    with shore.api.begin(Asker(person_id=shore.people["eve"], zone="zone")) as session:
        assert cards.purposes_held(session) == [Purpose.STATISTICS, Purpose.RESEARCH]
    with shore.api.begin(Asker(person_id=shore.people["ada"], zone="zone")) as session:
        assert cards.purposes_held(session) == []
