"""A page is shown whole or not at all: what it costs, and to whom its original is named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import psycopg
import pytest

from catalog import grants, pages
from catalog.datasets import Budget
from catalog.db import Asker, Database
from catalog.disclosure import disclose
from catalog.errors import AccessDeniedError, DataHubError, NoPageError, NotFoundError
from catalog.pages import DisclosedPage, PageCost
from catalog.policy.model import Scope
from catalog.vocabulary import ChunkId, DisclosureId, GrantId
from tests.fixtures.nation import OPERATOR, Nation
from tests.fixtures.opened import only, speaking_for
from tests.fixtures.paged import publish_pages

#: Page 1 holds three chunks of 100 characters and the beginning of one that ends on page 2; page 3 holds one.
PIECES = [("a" * 100, 1, 1), ("b" * 100, 1, 1), ("c" * 100, 1, 1), ("d" * 100, 1, 2), ("e" * 100, 3, 3)]
BUDGET = Budget(window_characters=450, lifetime_characters=800, ceiling_share=Decimal(1))


@dataclass(kw_only=True)
class Shelf:
    """Ada may read a PDF of three pages; Eve, of another organisation, may too."""

    nation: Nation
    reader: Database
    grant: GrantId
    chunks: list[ChunkId]

    def cost(self, chunk: ChunkId, page: int | None = None, person: str = "ada") -> PageCost:
        scope = self.nation.scope(person)
        with self.nation.api.begin(Asker(person_id=scope.subject.person_id, zone="zone")) as session:
            return pages.page_cost(session, scope.decision_id, chunk, page)

    def disclosed(self, scope: Scope, places: range) -> DisclosureId:
        found = disclose(self.nation.api, scope, [self.chunks[place] for place in places])
        assert found.id is not None
        return found.id

    def original(self, disclosure: DisclosureId, place: int = 0, page: int = 1, person: str = "ada") -> DisclosedPage:
        """What the reader is told, in the reader's own role."""
        with self.reader.begin(Asker(person_id=self.nation.people[person], zone="zone")) as session:
            return pages.disclosed_page(session, disclosure, self.chunks[place], page)


@pytest.fixture
def shelf(nation: Nation) -> Iterator[Shelf]:
    nation.person("ada")
    nation.person("eve", organisation="startup")
    nation.dataset("rivers", budget=BUDGET)
    grant = nation.grant("ada", "rivers", share=Decimal("0.9"))
    nation.grant("eve", "rivers", share=Decimal("0.1"))
    made = publish_pages(nation, "rivers", "one.pdf", PIECES)
    publish_pages(nation, "rivers", "two.pdf", [("z" * 1000, 1, 1)])
    reader = Database(nation.database.url("hub_reader"), pool_size=2)
    yield Shelf(nation=nation, reader=reader, grant=grant, chunks=made)
    reader.close()


def test_a_page_costs_all_that_touches_it(shelf: Shelf) -> None:
    found = shelf.cost(shelf.chunks[1])
    assert (found.page, found.first_page, found.last_page) == (1, 1, 1)
    assert found.chunk_ids == tuple(shelf.chunks[:4])
    assert (found.cost, found.characters_left, found.fits) == (400, 450, True)


def test_a_passage_over_two_pages_may_be_asked_for_either(shelf: Shelf) -> None:
    over = shelf.chunks[3]
    assert (shelf.cost(over).page, shelf.cost(over, 1).cost) == (1, 400)
    second = shelf.cost(over, 2)
    assert (second.page, second.first_page, second.last_page, second.cost) == (2, 1, 2, 100)
    assert second.chunk_ids == (over,)


@pytest.mark.parametrize("page", [0, -1, 2, 3, 2**31 - 1])
def test_no_passage_is_asked_for_a_page_it_does_not_touch(shelf: Shelf, page: int) -> None:
    with pytest.raises(NotFoundError) as refused:
        shelf.cost(shelf.chunks[0], page)
    assert not isinstance(refused.value, NoPageError)


def test_the_figure_is_what_is_then_charged_and_asking_for_it_charges_nothing(shelf: Shelf) -> None:
    disclose(shelf.nation.api, shelf.nation.scope("ada"), [shelf.chunks[2]])
    for _ in range(2):
        said = shelf.cost(shelf.chunks[0])
        assert (said.cost, said.characters_left) == (300, 350)
    paid = disclose(shelf.nation.api, shelf.nation.scope("ada"), said.chunk_ids)
    assert sum(passage.charged for passage in paid.passages) == said.cost
    again = shelf.cost(shelf.chunks[0])
    assert (again.cost, again.fits, again.refills_at) == (0, True, None)


def test_what_another_person_has_read_is_not_free_for_me(shelf: Shelf) -> None:
    disclose(shelf.nation.api, shelf.nation.scope("eve"), [shelf.chunks[0]])
    assert shelf.cost(shelf.chunks[0]).cost == 400


def test_overlapping_chunks_cost_their_characters_once(shelf: Shelf) -> None:
    with shelf.nation.database.connect() as connection:
        connection.execute(
            "UPDATE hub.chunks SET span_start = 50, body = repeat('b', 150) WHERE id = %s", [shelf.chunks[1]]
        )
    said = shelf.cost(shelf.chunks[0])
    assert said.cost == 400
    paid = disclose(shelf.nation.api, shelf.nation.scope("ada"), said.chunk_ids)
    assert sum(passage.charged for passage in paid.passages) == 400


def test_a_window_that_is_used_up_says_when_the_page_fits_again(shelf: Shelf) -> None:
    disclose(shelf.nation.api, shelf.nation.scope("ada"), [shelf.chunks[4]])
    said = shelf.cost(shelf.chunks[0])
    assert (said.cost, said.characters_left, said.fits) == (400, 350, False)
    assert said.refills_at is not None
    shelf.nation.step_clock(timedelta(days=1, seconds=1))
    assert shelf.cost(shelf.chunks[0]).fits


@pytest.mark.parametrize("column", ["window_limit", "lifetime_limit"])
def test_a_page_that_never_fits_promises_no_time(shelf: Shelf, column: str) -> None:
    disclose(shelf.nation.api, shelf.nation.scope("ada"), [shelf.chunks[4]])
    with shelf.nation.database.connect() as connection:
        changed = {"window_limit": "window_characters", "lifetime_limit": "lifetime_characters"}[column]
        connection.execute(f"UPDATE hub.datasets SET {changed} = 399")  # noqa: S608  # own names
        connection.execute(f"UPDATE hub.person_budgets SET {column} = 399")  # noqa: S608  # own names
    said = shelf.cost(shelf.chunks[0])
    assert (said.fits, said.refills_at) == (False, None)


def test_an_organisations_share_bounds_a_page_and_does_not_refill(shelf: Shelf) -> None:
    disclose(shelf.nation.api, shelf.nation.scope("eve"), [shelf.chunks[4]])
    said = shelf.cost(shelf.chunks[0], person="eve")
    assert (said.cost, said.characters_left, said.refills_at) == (400, 50, None)


@pytest.mark.parametrize(
    ("media_type", "pages_of"), [("text/html", 1), ("application/pdf", None), ("image/png", None), ("", 1)]
)
def test_what_has_no_pages_says_so(shelf: Shelf, media_type: str, pages_of: int | None) -> None:
    (chunk,) = publish_pages(
        shelf.nation, "rivers", "other", [("words", pages_of, pages_of)], media_type=media_type
    )  # fmt: skip
    with pytest.raises(NoPageError, match="This document has no pages to show"):
        shelf.cost(chunk)


def test_a_passage_that_is_not_mine_is_absent_whatever_it_is(shelf: Shelf) -> None:
    shelf.nation.dataset("vault")
    (hidden,) = publish_pages(shelf.nation, "vault", "v.html", [("words", 1, 1)], media_type="text/html")
    for chunk in (hidden, ChunkId(uuid4())):
        with pytest.raises(NotFoundError) as refused:
            shelf.cost(chunk)
        assert not isinstance(refused.value, NoPageError)


def test_anothers_decision_and_an_old_one_tell_nothing(shelf: Shelf) -> None:
    scope = shelf.nation.scope("ada")
    for person, ahead in (("eve", timedelta(0)), ("ada", timedelta(seconds=31))):
        shelf.nation.step_clock(ahead)
        context = Asker(person_id=shelf.nation.people[person], zone="zone")
        with pytest.raises(AccessDeniedError), shelf.nation.api.begin(context) as session:
            pages.page_cost(session, scope.decision_id, shelf.chunks[0])


def test_a_page_that_was_disclosed_whole_names_its_original(shelf: Shelf) -> None:
    from hashlib import sha256

    words = "".join(body for body, _, _ in PIECES).encode()
    found = shelf.original(shelf.disclosed(shelf.nation.scope("ada"), range(4)))
    assert found == DisclosedPage(sha256=sha256(words).hexdigest(), size_bytes=500)  # type: ignore[arg-type]


def test_a_page_that_was_read_before_is_named_for_nothing(shelf: Shelf) -> None:
    for charged in (400, 0):
        found = disclose(shelf.nation.api, shelf.nation.scope("ada"), shelf.chunks[:4])
        assert sum(passage.charged for passage in found.passages) == charged
        assert found.id is not None
        assert shelf.original(found.id)


@pytest.mark.parametrize("places", [range(3), range(1, 4), range(1), range(4, 5)])
def test_a_part_of_a_page_names_nothing(shelf: Shelf, places: range) -> None:
    with pytest.raises(AccessDeniedError):
        shelf.original(shelf.disclosed(shelf.nation.scope("ada"), places))


def test_what_an_earlier_disclosure_held_does_not_count(shelf: Shelf) -> None:
    shelf.disclosed(shelf.nation.scope("ada"), range(2))
    with pytest.raises(AccessDeniedError):
        shelf.original(shelf.disclosed(shelf.nation.scope("ada"), range(2, 4)))


def test_a_disclosure_opens_its_own_pages_only(shelf: Shelf) -> None:
    disclosure = shelf.disclosed(shelf.nation.scope("ada"), range(4))
    assert shelf.original(disclosure, place=3, page=2)
    for place, page in ((4, 3), (3, 3), (0, 2), (0, 0)):
        with pytest.raises(AccessDeniedError):
            shelf.original(disclosure, place, page)


def test_another_persons_disclosure_names_nothing(shelf: Shelf) -> None:
    disclosure = shelf.disclosed(shelf.nation.scope("ada"), range(4))
    with pytest.raises(AccessDeniedError):
        shelf.original(disclosure, person="eve")


def test_a_disclosure_under_anothers_decision_names_nothing_to_either(shelf: Shelf) -> None:
    disclosure = shelf.disclosed(shelf.nation.scope("ada"), range(4))
    with shelf.nation.database.connect() as connection:
        eve = shelf.nation.people["eve"]
        connection.execute("UPDATE hub.disclosures SET subject_id = %s WHERE id = %s", [eve, disclosure])
    for person in ("ada", "eve"):
        with pytest.raises(AccessDeniedError):
            shelf.original(disclosure, person=person)


def test_a_disclosure_that_never_was_names_nothing(shelf: Shelf) -> None:
    with pytest.raises(AccessDeniedError):
        shelf.original(DisclosureId(UUID(int=1)))


def test_a_disclosure_names_its_original_for_thirty_seconds(shelf: Shelf) -> None:
    disclosure = shelf.disclosed(shelf.nation.scope("ada"), range(4))
    shelf.nation.step_clock(timedelta(seconds=26))
    assert shelf.original(disclosure)
    shelf.nation.step_clock(timedelta(seconds=31))
    with pytest.raises(AccessDeniedError):
        shelf.original(disclosure)


@pytest.mark.parametrize("end", ["COMMIT", "ROLLBACK"])
def test_only_a_charge_that_has_committed_names_an_original(shelf: Shelf, end: str) -> None:
    scope = shelf.nation.scope("ada")
    with speaking_for(shelf.nation, shelf.nation.people["ada"]) as connection:
        query = "SELECT disclosure_id FROM hub.disclose(%s, %s)"
        disclosure = DisclosureId(only(connection, query, [scope.decision_id, shelf.chunks[:4]]))
        with pytest.raises(AccessDeniedError):
            shelf.original(disclosure)
        connection.execute(end)  # type: ignore[call-overload]  # one of two words
    if end == "COMMIT":
        assert shelf.original(disclosure)
    else:
        with pytest.raises(AccessDeniedError):
            shelf.original(disclosure)


def test_a_charge_in_progress_is_not_taken_for_one_that_committed(shelf: Shelf) -> None:
    """The row of a transaction in progress is not seen by others; should it be, its transaction still counts."""
    disclosure = shelf.disclosed(shelf.nation.scope("ada"), range(4))
    with shelf.nation.database.connect() as connection:
        connection.execute("SELECT pg_current_xact_id()")
        with shelf.nation.database.connect() as other:
            (number,) = connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchone() or (0,)
            other.execute("UPDATE hub.disclosures SET charged_in = %s WHERE id = %s", [number, disclosure])
        with pytest.raises(AccessDeniedError):
            shelf.original(disclosure)
    assert shelf.original(disclosure)


def revoked(shelf: Shelf) -> None:
    with shelf.nation.operator.begin(OPERATOR) as session:
        grants.revoke(session, shelf.grant, reason="test")


def replaced(shelf: Shelf) -> None:
    publish_pages(shelf.nation, "rivers", "one.pdf", [("other words", 1, 1)])


def withdrawn(shelf: Shelf) -> None:
    with shelf.nation.database.connect() as connection:
        query = """UPDATE hub.document_versions SET state = 'withdrawn'
                    WHERE id = (SELECT version_id FROM hub.chunks WHERE id = %s)"""
        connection.execute(query, [shelf.chunks[0]])


def out_of_the_index(shelf: Shelf) -> None:
    with shelf.nation.database.connect() as connection:
        connection.execute("UPDATE hub.chunks SET live = false")


def grown(shelf: Shelf) -> None:
    """One more chunk on the page than was disclosed."""
    with shelf.nation.database.connect() as connection:
        connection.execute("UPDATE hub.chunks SET first_page = 1 WHERE id = %s", [shelf.chunks[4]])


@pytest.mark.parametrize("change", [revoked, replaced, withdrawn, out_of_the_index, grown])
def test_what_happens_after_the_disclosure_ends_it(shelf: Shelf, change: Callable[[Shelf], None]) -> None:
    disclosure = shelf.disclosed(shelf.nation.scope("ada"), range(4))
    assert shelf.original(disclosure)
    change(shelf)
    with pytest.raises(AccessDeniedError):
        shelf.original(disclosure)


@pytest.mark.parametrize("change", [revoked, replaced, withdrawn, out_of_the_index])
def test_what_is_no_longer_to_be_read_has_no_price(shelf: Shelf, change: Callable[[Shelf], None]) -> None:
    change(shelf)
    with pytest.raises(NotFoundError) as refused:
        shelf.cost(shelf.chunks[0])
    assert not isinstance(refused.value, NoPageError)


def test_a_disclosed_page_of_another_type_is_no_page(shelf: Shelf) -> None:
    (chunk,) = publish_pages(shelf.nation, "rivers", "a.docx", [("words", 1, 1)], media_type="application/msword")
    found = disclose(shelf.nation.api, shelf.nation.scope("ada"), [chunk])
    assert found.id is not None
    shelf = replace(shelf, chunks=[chunk])
    with pytest.raises(NoPageError):
        shelf.original(found.id)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT sha256 FROM hub.document_versions",
        "SELECT body FROM hub.chunks",
        "SELECT id FROM hub.disclosures",
        "SELECT slug FROM hub.people",
        "SELECT * FROM hub.disclosed_text(gen_random_uuid())",
        "SELECT * FROM hub.disclose(gen_random_uuid(), '{}')",
        "SELECT * FROM hub.page_chunks(gen_random_uuid(), gen_random_uuid(), 1)",
        "SELECT hub.hub_now()",
        "SELECT count(*) FROM queue.procrastinate_jobs",
        "CREATE TABLE hub.x (a int)",
    ],
)
def test_the_readers_role_may_ask_its_one_question_and_nothing_else(shelf: Shelf, query: str) -> None:
    with shelf.nation.database.connect("hub_reader") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(query)  # type: ignore[call-overload]  # the constants above


def test_nobody_but_the_reader_may_ask_for_an_original(shelf: Shelf) -> None:
    for role in ("hub_api", "hub_worker", "hub_steward", "hub_auditor"):
        with (
            shelf.nation.database.connect(role) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute("SELECT * FROM hub.disclosed_page(gen_random_uuid(), gen_random_uuid(), 1)")


def test_without_a_person_the_reader_is_told_nothing(shelf: Shelf) -> None:
    disclosure = shelf.disclosed(shelf.nation.scope("ada"), range(4))
    with pytest.raises(DataHubError), shelf.reader.begin(OPERATOR) as session:
        pages.disclosed_page(session, disclosure, shelf.chunks[0], 1)
