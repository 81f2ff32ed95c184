"""Grants: to exactly one, for one purpose the dataset offers, with an end, revoked once, all in the trail."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from catalog import grants, people
from catalog.errors import ConflictError, DataHubError, InvalidTransitionError, NotFoundError
from catalog.grants import Grantee, Term
from catalog.vocabulary import DatasetId, GrantId, OrganisationId, PersonId, Purpose
from tests.catalog.ledger import events, rows, run, value
from tests.fixtures.nation import OPERATOR, TERM, Nation

NOW = datetime.now(UTC)
ID = uuid4()
BODY = ["The harbour master keeps the light."]
#: Who a grant may not go to: nobody, or two at once.
NOT_ONE: list[dict[str, Any]] = [
    {},
    {"everyone": False},
    {"person_id": PersonId(ID), "organisation_id": OrganisationId(ID)},
    {"person_id": PersonId(ID), "everyone": True},
    {"organisation_id": OrganisationId(ID), "everyone": True},
    {"person_id": PersonId(ID), "organisation_id": OrganisationId(ID), "everyone": True},
]
#: Terms that are none: without a zone, without length, backwards.
NO_TERMS: list[tuple[datetime, datetime]] = [
    (NOW, NOW),
    (NOW, NOW - timedelta(microseconds=1)),
    (NOW.replace(tzinfo=None), NOW + timedelta(days=1)),
    (NOW, (NOW + timedelta(days=1)).replace(tzinfo=None)),
    (NOW.replace(tzinfo=None), (NOW + timedelta(days=1)).replace(tzinfo=None)),
    (NOW, NOW.astimezone(timezone(timedelta(hours=9)))),
]


@pytest.fixture
def rivers(nation: Nation) -> Nation:
    nation.person("ada")
    nation.person("eve", organisation="startup")
    nation.dataset("rivers", purposes=[Purpose.RESEARCH, Purpose.STATISTICS])
    nation.document("rivers", "one.txt", BODY)
    return nation


def organisation(nation: Nation, slug: str) -> OrganisationId:
    with nation.operator.begin(OPERATOR) as session:
        return people.find_organisation(session, slug)


def give(nation: Nation, grantee: Grantee, **other: Any) -> GrantId:
    facts: dict[str, Any] = {"dataset_id": nation.datasets["rivers"], "purpose": Purpose.RESEARCH, "term": TERM}
    with nation.operator.begin(OPERATOR) as session:
        return grants.give(session, grantee=grantee, **{**facts, **other})


def revoke(nation: Nation, grant: UUID, reason: str = "over") -> None:
    with nation.operator.begin(OPERATOR) as session:
        grants.revoke(session, grant, reason=reason)


def reads(nation: Nation, person: str, purpose: Purpose = Purpose.RESEARCH) -> bool:
    return bool(nation.search(nation.scope(person, purpose), "harbour"))


@pytest.mark.parametrize("who", NOT_ONE)
def test_a_grant_goes_to_exactly_one(who: dict[str, Any]) -> None:
    with pytest.raises(DataHubError, match="exactly one: a person, an organisation, or everyone"):
        Grantee(**who)


@pytest.mark.parametrize(("starts_at", "ends_at"), NO_TERMS)
def test_a_term_has_a_start_and_a_later_end_with_zones(starts_at: datetime, ends_at: datetime) -> None:
    with pytest.raises(DataHubError, match="later end, both with a time zone"):
        Term(starts_at=starts_at, ends_at=ends_at)


def test_a_grant_to_a_person_opens_for_them_and_for_nobody_else(rivers: Nation) -> None:
    assert (reads(rivers, "ada"), reads(rivers, "eve")) == (False, False)
    give(rivers, Grantee(person_id=rivers.people["eve"]))
    assert (reads(rivers, "ada"), reads(rivers, "eve")) == (False, True)


def test_a_grant_to_an_organisation_opens_for_its_people_also_for_those_who_join_later(rivers: Nation) -> None:
    give(rivers, Grantee(organisation_id=organisation(rivers, "startup")))
    assert (reads(rivers, "ada"), reads(rivers, "eve")) == (False, True)
    rivers.person("mia", organisation="startup")
    assert reads(rivers, "mia")


def test_a_grant_to_everyone_opens_for_everyone(rivers: Nation) -> None:
    give(rivers, Grantee(everyone=True))
    assert (reads(rivers, "ada"), reads(rivers, "eve")) == (True, True)


def test_a_grant_opens_for_its_purpose_alone(rivers: Nation) -> None:
    give(rivers, Grantee(person_id=rivers.people["ada"]), purpose=Purpose.STATISTICS)
    assert reads(rivers, "ada", Purpose.STATISTICS)
    assert not reads(rivers, "ada", Purpose.RESEARCH)


@pytest.mark.parametrize("purpose", [p for p in Purpose if p not in {Purpose.RESEARCH, Purpose.STATISTICS}])
def test_a_purpose_the_dataset_is_not_offered_for_is_a_conflict(rivers: Nation, purpose: Purpose) -> None:
    with pytest.raises(ConflictError, match=f"not offered for {purpose}; it is for research, statistics"):
        give(rivers, Grantee(everyone=True), purpose=purpose)
    assert value(rivers.database, "SELECT count(*) FROM hub.grants") == 0


@pytest.mark.parametrize(
    ("steps", "open_"),
    [
        ([timedelta(0)], [False]),
        ([timedelta(minutes=59)], [False]),
        ([timedelta(minutes=61)], [True]),
        ([timedelta(hours=2, seconds=-5)], [True]),
        ([timedelta(hours=2, seconds=1)], [False]),
        ([timedelta(0), timedelta(minutes=61), timedelta(hours=3)], [False, True, False]),
    ],
)
def test_a_grant_opens_from_its_start_and_not_from_its_end_on(
    rivers: Nation, steps: list[timedelta], open_: list[bool]
) -> None:
    now = datetime.now(UTC)
    term = Term(starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2))
    give(rivers, Grantee(person_id=rivers.people["ada"]), term=term)
    seen = []
    for ahead in steps:
        rivers.step_clock(ahead)
        seen.append(reads(rivers, "ada"))
    assert seen == open_


def test_a_grant_is_kept_with_its_figures_and_its_giver(rivers: Nation) -> None:
    given = give(rivers, Grantee(person_id=rivers.people["ada"]), window_characters=77, lifetime_characters=99)
    query = """SELECT id, person_id, organisation_id, everyone, purpose, starts_at, ends_at, window_characters,
                      lifetime_characters, given_by, suspended_at, revoked_at FROM hub.grants"""
    ada = rivers.people["ada"]
    assert rows(rivers.database, query) == [
        (given, ada, None, False, "research", TERM.starts_at, TERM.ends_at, 77, 99, "operator:test", None, None)
    ]


def test_giving_and_revoking_are_in_the_trail(rivers: Nation) -> None:
    given = give(rivers, Grantee(person_id=rivers.people["ada"]))
    revoke(rivers, given, "the project ended")
    ((actor, what, detail),) = events(rivers.database, "grant.given")
    assert (actor, what) == ("operator:test", f"grant:{given}")
    assert detail == {"purpose": "research", "ends_at": TERM.ends_at.isoformat(), "everyone": False, "mode": "quotes"}
    assert events(rivers.database, "grant.revoked") == [
        ("operator:test", f"grant:{given}", {"reason": "the project ended"})
    ]


@pytest.mark.parametrize(("field", "figure"), [("window_characters", 0), ("lifetime_characters", -5)])
def test_a_grant_with_a_budget_of_nothing_is_refused_whole(rivers: Nation, field: str, figure: int) -> None:
    with pytest.raises(DataHubError):
        give(rivers, Grantee(person_id=rivers.people["ada"]), **{field: figure})
    assert value(rivers.database, "SELECT count(*) FROM hub.grants") == 0
    assert value(rivers.database, "SELECT count(*) FROM hub.organisation_budgets") == 0


def test_a_grant_on_nothing_or_to_nobody_is_not_found(rivers: Nation) -> None:
    with pytest.raises(NotFoundError, match="no such dataset"):
        give(rivers, Grantee(everyone=True), dataset_id=DatasetId(uuid4()))
    with pytest.raises(NotFoundError, match="no such person"):
        give(rivers, Grantee(person_id=PersonId(uuid4())))
    with pytest.raises(DataHubError):
        give(rivers, Grantee(organisation_id=OrganisationId(uuid4())))
    assert value(rivers.database, "SELECT count(*) FROM hub.grants") == 0


def test_a_revoked_grant_opens_nothing_from_that_moment(rivers: Nation) -> None:
    given = give(rivers, Grantee(person_id=rivers.people["ada"]))
    scope = rivers.scope("ada")
    assert rivers.search(scope, "harbour")
    revoke(rivers, given)
    assert rivers.search(scope, "harbour") == []
    assert rivers.scope("ada").dataset_ids == ()


def test_revoking_one_of_two_grants_leaves_the_other_open(rivers: Nation) -> None:
    first, second = (give(rivers, Grantee(person_id=rivers.people["ada"])) for _ in range(2))
    revoke(rivers, first)
    assert reads(rivers, "ada")
    revoke(rivers, second)
    assert not reads(rivers, "ada")


def test_a_grant_is_revoked_once(rivers: Nation) -> None:
    given = give(rivers, Grantee(person_id=rivers.people["ada"]))
    revoke(rivers, given, "first")
    with pytest.raises(InvalidTransitionError, match="revoked already"):
        revoke(rivers, given, "second")
    assert rows(rivers.database, "SELECT revoked_by, revoked_reason FROM hub.grants") == [("operator:test", "first")]
    assert len(events(rivers.database, "grant.revoked")) == 1


def test_of_many_who_revoke_one_grant_at_once_one_does(rivers: Nation) -> None:
    given = give(rivers, Grantee(person_id=rivers.people["ada"]))

    def attempt(number: int) -> bool:
        try:
            revoke(rivers, given, f"reason {number}")
        except InvalidTransitionError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(attempt, range(8)))
    assert done.count(True) == 1
    assert len(events(rivers.database, "grant.revoked")) == 1
    assert value(rivers.database, "SELECT revoked_reason FROM hub.grants") == f"reason {done.index(True)}"


def test_revoking_what_was_never_given_is_not_found(rivers: Nation) -> None:
    with pytest.raises(NotFoundError, match="hub grant list"):
        revoke(rivers, uuid4())
    assert events(rivers.database, "grant.revoked") == []


def test_a_suspended_grant_opens_nothing_until_it_is_resumed(rivers: Nation) -> None:
    give(rivers, Grantee(person_id=rivers.people["ada"]))
    run(rivers.database, "UPDATE hub.grants SET suspended_at = now()")
    assert not reads(rivers, "ada")
    run(rivers.database, "UPDATE hub.grants SET suspended_at = NULL")
    assert reads(rivers, "ada")


def test_all_grants_are_listed_newest_first_with_names(rivers: Nation) -> None:
    startup = organisation(rivers, "startup")
    given = [
        give(rivers, Grantee(person_id=rivers.people["ada"])),
        give(rivers, Grantee(organisation_id=startup), share=Decimal("0.1")),
        give(rivers, Grantee(everyone=True), purpose=Purpose.STATISTICS),
    ]
    revoke(rivers, given[1])
    with rivers.operator.begin(OPERATOR) as session:
        listed = grants.every(session)
    assert [row["id"] for row in listed] == given[::-1]
    assert [(row["dataset"], row["person"], row["organisation_id"], row["everyone"]) for row in listed] == [
        ("rivers", None, None, True),
        ("rivers", None, startup, False),
        ("rivers", "ada", None, False),
    ]
    assert [row["revoked_at"] is not None for row in listed] == [False, True, False]
