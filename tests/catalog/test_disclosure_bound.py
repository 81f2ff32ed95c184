"""The bound: no sequence of disclosures passes a window, a lifetime or an organisation's share; each character once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from catalog.datasets import Budget
from catalog.db import Asker
from catalog.disclosure import disclose
from catalog.errors import AccessDeniedError, BudgetExhaustedError, DataHubError
from catalog.vocabulary import ChunkId
from tests.catalog.ledger import SHARED_DATABASE, rows, value
from tests.catalog.shelf import publish_spans
from tests.fixtures.nation import Nation

WINDOW, LIFETIME, SIZE, SHARE = 300, 500, 1000, Decimal("0.4")
#: Chunks of 100 characters that overlap by half, and one that holds them all in the middle.
SPANS = [(start, start + 100) for start in range(0, 900, 50)] + [(300, 520)]
TEXT = "".join(f"{number:04d} " for number in range(200))
STEP = timedelta(hours=7)


@dataclass(kw_only=True)
class Reader:
    """What the oracle knows of one person's reading."""

    organisation: str
    seen: set[int] = field(default_factory=set)
    window_used: int = 0
    window_started: timedelta | None = None
    total: int = 0


def read(nation: Nation, person: str, ids: Sequence[ChunkId]) -> list[int]:
    """What each passage cost; nothing when not one fitted."""
    try:
        return [passage.charged for passage in disclose(nation.api, nation.scope(person), ids).passages]
    except BudgetExhaustedError:
        return []


def opened(nation: Nation, *people: tuple[str, str], **budget: int) -> tuple[str, list[ChunkId]]:
    """A dataset of 1,000 characters that these people (name, organisation) may read."""
    slug = f"d-{uuid4()}"
    figures = {"window_characters": WINDOW, "lifetime_characters": LIFETIME, **budget}
    nation.dataset(slug, listed=False, budget=Budget(ceiling_share=Decimal(1), **figures))  # type: ignore[arg-type]
    for person, organisation in people:
        nation.person(person, organisation=organisation)
        nation.grant(person, slug, share=SHARE)
    _, ids = publish_spans(nation, slug, "a.txt", TEXT, SPANS)
    return slug, ids


@given(
    acts=st.lists(
        st.tuples(
            st.integers(0, 2),
            st.lists(st.integers(0, len(SPANS) - 1), min_size=1, max_size=5),
            st.sampled_from([0, 0, 0, 1, 2, 4]),
        ),
        min_size=3,
        max_size=14,
    )
)
@settings(SHARED_DATABASE, max_examples=15)
def test_any_sequence_of_disclosures_costs_what_the_oracle_says_and_keeps_the_bound(
    nation: Nation, acts: list[tuple[int, list[int], int]]
) -> None:
    nation.step_clock(timedelta(0))
    startup, lab = f"o-{uuid4()}", f"o-{uuid4()}"
    people = {f"p-{uuid4()}": Reader(organisation=organisation) for organisation in (startup, startup, lab)}
    _, ids = opened(nation, *((name, one.organisation) for name, one in people.items()))
    used, ahead = {startup: 0, lab: 0}, timedelta(0)
    for who, places, steps in acts:
        ahead += steps * STEP
        nation.step_clock(ahead)
        name = list(people)[who]
        costs = expected(people[name], used, places, ahead)
        assert read(nation, name, [ids[place] for place in places]) == costs
        assert all(one.total == len(one.seen) <= LIFETIME for one in people.values())
        assert all(one.window_used <= WINDOW for one in people.values())
        assert all(total <= SHARE * SIZE for total in used.values())
        days = ahead / timedelta(days=1)
        assert people[name].total <= min(LIFETIME, WINDOW * (int(days) + 2))


def expected(one: Reader, used: dict[str, int], places: list[int], ahead: timedelta) -> list[int]:
    """Charge best first; the first that doesn't fit ends it."""
    if one.window_started is None or ahead >= one.window_started + timedelta(days=1):
        one.window_started, one.window_used = ahead, 0
    costs = []
    for place in places:
        fresh = set(range(*SPANS[place])) - one.seen
        left = min(WINDOW - one.window_used, LIFETIME - one.total, int(SHARE * SIZE) - used[one.organisation])
        if len(fresh) > left:
            break
        one.seen |= fresh
        one.window_used += len(fresh)
        one.total += len(fresh)
        used[one.organisation] += len(fresh)
        costs.append(len(fresh))
    return costs


def test_overlapping_chunks_are_charged_once_and_a_gap_between_two_readings_is_charged(nation: Nation) -> None:
    _, ids = opened(nation, ("ada", "lab"))
    assert read(nation, "ada", [ids[0], ids[1]]) == [100, 50]
    assert read(nation, "ada", [ids[3]]) == [100]
    assert read(nation, "ada", [ids[2]]) == [0]


def test_the_same_chunk_twice_in_one_call_is_charged_once(nation: Nation) -> None:
    _, ids = opened(nation, ("ada", "lab"))
    assert read(nation, "ada", [ids[0]] * 3) == [100, 0, 0]


def test_other_peoples_reading_makes_nothing_free_for_me(nation: Nation) -> None:
    _, ids = opened(nation, ("ada", "lab"), ("bob", "lab"), ("eve", "startup"))
    assert [read(nation, person, [ids[0]]) for person in ("ada", "bob", "eve", "ada", "bob")] == [
        [100],
        [100],
        [100],
        [0],
        [0],
    ]
    query = """SELECT o.slug, b.used, b.cap FROM hub.organisation_budgets b
                 JOIN hub.organisations o ON o.id = b.organisation_id ORDER BY 1"""
    assert rows(nation.database, query) == [("lab", 200, 400), ("startup", 100, 400)]


def test_a_new_version_is_charged_anew(nation: Nation) -> None:
    slug, ids = opened(nation, ("ada", "lab"))
    assert read(nation, "ada", [ids[0]]) == [100]
    _, again = publish_spans(nation, slug, "a.txt", TEXT, SPANS)
    assert read(nation, "ada", [again[0]]) == [100]


def test_a_chunk_that_was_superseded_or_never_was_or_is_not_mine_costs_nothing_and_gives_nothing(
    nation: Nation,
) -> None:
    slug, ids = opened(nation, ("ada", "lab"))
    _, foreign = opened(nation, ("eve", "startup"))
    publish_spans(nation, slug, "a.txt", TEXT, SPANS[:1])
    assert read(nation, "ada", [ids[0], foreign[0], ChunkId(uuid4())]) == []
    assert value(nation.database, "SELECT coalesce(sum(lifetime_used), 0)::int FROM hub.person_budgets") == 0


@pytest.mark.parametrize(("count", "fits"), [(0, True), (1, True), (200, True), (201, False)])
def test_at_most_two_hundred_at_once(nation: Nation, count: int, *, fits: bool) -> None:
    _, ids = opened(nation, ("ada", "lab"))
    if fits:
        assert read(nation, "ada", [ids[0]] * count) == [100, *[0] * (count - 1)][:count]
        return
    with pytest.raises(DataHubError):
        read(nation, "ada", [ids[0]] * count)
    assert value(nation.database, "SELECT count(*) FROM hub.disclosures") == 0


@pytest.mark.parametrize(
    ("window", "lifetime", "costs"),
    [(None, None, [100, 100, 100]), (150, None, [100]), (None, 250, [100, 100]), (400, None, [100, 100, 100, 100])],
)
def test_a_grant_may_set_a_budget_of_its_own(
    nation: Nation, window: int | None, lifetime: int | None, costs: list[int]
) -> None:
    slug, ids = opened(nation)
    nation.person("ada", organisation="lab")
    nation.grant("ada", slug, share=Decimal(1), window_characters=window, lifetime_characters=lifetime)
    assert read(nation, "ada", ids[::2]) == costs


def test_of_several_grants_the_widest_counts_and_not_their_sum(nation: Nation) -> None:
    slug, ids = opened(nation)
    nation.person("ada", organisation="lab")
    for window in (100, 200):
        nation.grant("ada", slug, share=Decimal(1), window_characters=window)
    assert read(nation, "ada", ids[::2]) == [100, 100]


def test_a_renewed_grant_gives_no_character_back(nation: Nation) -> None:
    slug, ids = opened(nation, ("ada", "lab"))
    assert sum(read(nation, "ada", ids[::2])) == 300
    nation.grant("ada", slug, share=SHARE)
    assert read(nation, "ada", ids[8:]) == []


def test_a_window_says_when_it_refills_and_a_lifetime_that_is_spent_says_never(nation: Nation) -> None:
    _, ids = opened(nation, ("ada", "lab"), window_characters=100, lifetime_characters=200)
    before = datetime.now(UTC)
    got = disclose(nation.api, nation.scope("ada"), ids[::2])
    assert got.refills_at is not None
    assert timedelta(0) <= got.refills_at - before - timedelta(days=1) < timedelta(seconds=30)
    nation.step_clock(timedelta(days=1))
    assert read(nation, "ada", [ids[2]]) == [100]
    with pytest.raises(BudgetExhaustedError) as caught:
        disclose(nation.api, nation.scope("ada"), [ids[4]])
    assert caught.value.refills_at is None


def test_a_spent_share_of_the_organisation_does_not_promise_to_refill(nation: Nation) -> None:
    _, ids = opened(nation, ("ada", "lab"), ("bob", "lab"))
    assert sum(read(nation, "ada", ids[::2])) == 300
    assert sum(read(nation, "bob", ids[::2])) == 100
    with pytest.raises(BudgetExhaustedError) as caught:
        disclose(nation.api, nation.scope("bob"), [ids[4]])
    assert caught.value.refills_at is None


def test_when_a_dataset_shrinks_what_was_read_stays_counted_and_no_more_is_given(nation: Nation) -> None:
    slug, ids = opened(nation, ("ada", "lab"))
    assert sum(read(nation, "ada", ids[::2])) == 300
    _, (fresh,) = publish_spans(nation, slug, "a.txt", TEXT[:100], [(0, 100)])
    nation.step_clock(timedelta(days=2))
    assert read(nation, "ada", [fresh]) == []
    assert rows(nation.database, "SELECT used, cap FROM hub.organisation_budgets") == [(300, 300)]


def test_sixteen_people_of_one_organisation_at_once_never_pass_its_share(nation: Nation) -> None:
    people = [(f"p{number}", "lab") for number in range(16)]
    _, ids = opened(nation, *people)
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda person: read(nation, person[0], ids[::2]), people))
    assert sum(map(sum, got)) == SHARE * SIZE
    assert rows(nation.database, "SELECT used, cap FROM hub.organisation_budgets") == [(400, 400)]


def test_one_person_in_many_places_at_once_never_passes_their_window(nation: Nation) -> None:
    _, ids = opened(nation, ("ada", "lab"))
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda number: read(nation, "ada", [ids[number]]), range(0, 18, 2)))
    assert sum(map(sum, got)) == WINDOW
    assert value(nation.database, "SELECT window_used FROM hub.person_budgets") == WINDOW


def test_two_who_read_two_datasets_in_opposite_order_do_not_wait_for_each_other(nation: Nation) -> None:
    slugs, chunks = zip(*(opened(nation) for _ in range(2)), strict=True)
    for person in ("ada", "bob"):
        nation.person(person, organisation="lab")
        for slug in slugs:
            nation.grant(person, slug, share=Decimal("0.9"), window_characters=900, lifetime_characters=900)
    orders = [("ada", [chunks[0][0], chunks[1][0]]), ("bob", [chunks[1][0], chunks[0][0]])] * 10
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda ask: len(read(nation, *ask)), orders))
    assert got == [2] * 20


def test_a_refused_disclosure_leaves_no_row_and_one_that_gives_nothing_leaves_its_own(nation: Nation) -> None:
    _, ids = opened(nation, ("ada", "lab"), window_characters=50)
    scope = nation.scope("ada")
    assert read(nation, "ada", [ids[0]]) == []
    assert rows(nation.database, "SELECT chunk_ids, charged, left_out FROM hub.disclosures") == [([], [], 1)]
    nation.step_clock(timedelta(minutes=1))
    with pytest.raises(AccessDeniedError):
        disclose(nation.api, scope, [ids[0]])
    assert value(nation.database, "SELECT count(*) FROM hub.disclosures") == 1


def test_a_heading_is_charged_once_and_free_when_it_comes_again(nation: Nation) -> None:
    nation.person("ada", organisation="lab")
    nation.dataset("rules", budget=Budget(window_characters=500, lifetime_characters=500, ceiling_share=Decimal(1)))
    nation.grant("ada", "rules", share=Decimal(1))
    nation.document(
        "rules",
        "a.txt",
        [f"Rule {number} of the harbour.".ljust(40, ".") for number in range(20)],
        heading="Rules of the harbour",
    )
    ids = [ChunkId(one) for (one,) in rows(nation.database, "SELECT id FROM hub.chunks ORDER BY ordinal")]
    assert read(nation, "ada", ids[:2]) == [40 + len("Rules of the harbour"), 40]
    assert read(nation, "ada", ids[1:3]) == [0, 40]


def test_the_price_of_a_page_holds_its_headings(nation: Nation) -> None:
    nation.person("ada", organisation="lab")
    nation.dataset("rules", budget=Budget(window_characters=500, lifetime_characters=500, ceiling_share=Decimal(1)))
    nation.grant("ada", "rules", share=Decimal(1))
    nation.document("rules", "a.pdf", ["Rule one of the harbour.".ljust(40, ".")], heading="Rules of the harbour")
    ((chunk,),) = rows(nation.database, "SELECT id FROM hub.chunks")
    nation.document("rules", "b.pdf", ["Another rule.".ljust(40, ".")])
    scope = nation.scope("ada")
    with nation.api.begin(Asker(person_id=scope.subject.person_id, zone="zone")) as session:
        query = text("SELECT cost FROM hub.page_chunks(:decision, :chunk, 1)")
        cost = session.scalar(query, {"decision": scope.decision_id, "chunk": chunk})
    assert [cost] == read(nation, "ada", [ChunkId(chunk)]) == [40 + len("Rules of the harbour")]
