"""The owner's ceiling: what organisations are allotted never adds up to more, in any order, also at once."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import datasets, grants, people
from catalog.errors import ConflictError
from catalog.grants import DEFAULT_SHARE, Grantee
from catalog.vocabulary import DatasetId, OrganisationId, Purpose
from tests.catalog.ledger import SHARED_DATABASE, rows, run, value
from tests.fixtures.nation import OPERATOR, TERM, Nation

SHARES = "SELECT o.share FROM hub.organisation_budgets o JOIN hub.datasets d USING (lineage_id) WHERE d.id = %s"
shares = st.one_of(st.none(), st.decimals(min_value="0.0001", max_value="1", places=4))


def opened(nation: Nation, ceiling: Decimal) -> DatasetId:
    budget = datasets.Budget(window_characters=100, lifetime_characters=100, ceiling_share=ceiling)
    return nation.dataset(f"d-{uuid4()}", budget=budget)


def organisations(nation: Nation, count: int) -> list[OrganisationId]:
    with nation.operator.begin(OPERATOR) as session:
        return [
            people.register_organisation(session, slug=f"o{number}", name=f"O{number}", jurisdiction="DE")
            for number in range(count)
        ]


def allot(nation: Nation, dataset_id: DatasetId, organisation: OrganisationId, share: Decimal | None) -> bool:
    try:
        with nation.operator.begin(OPERATOR) as session:
            grants.give(
                session,
                dataset_id=dataset_id,
                grantee=Grantee(organisation_id=organisation),
                purpose=Purpose.RESEARCH,
                term=TERM,
                share=share,
            )
    except ConflictError:
        return False
    return True


def allotted(nation: Nation, dataset_id: DatasetId) -> list[Decimal]:
    return sorted(share for (share,) in rows(nation.database, SHARES, dataset_id))


def test_the_first_grant_allots_the_default_and_a_later_one_keeps_what_there_is(nation: Nation) -> None:
    dataset, (one,) = opened(nation, Decimal(1)), organisations(nation, 1)
    assert allot(nation, dataset, one, None)
    assert allotted(nation, dataset) == [DEFAULT_SHARE]
    assert allot(nation, dataset, one, Decimal("0.4"))
    assert allot(nation, dataset, one, None)
    assert allotted(nation, dataset) == [Decimal("0.4")]


def test_an_organisation_has_one_share_however_many_of_its_people_have_grants(nation: Nation) -> None:
    for name in ("ada", "bob", "cem"):
        nation.person(name)
    nation.dataset("rivers")
    for name in nation.people:
        nation.grant(name, "rivers", share=Decimal("0.3"))
    assert allotted(nation, nation.datasets["rivers"]) == [Decimal("0.3")]


@pytest.mark.parametrize("share", ["0", "-0.1", "0.5001", "1", "2"])
def test_a_share_of_nothing_or_beyond_the_ceiling_is_refused_with_what_is_left(nation: Nation, share: str) -> None:
    dataset, (one,) = opened(nation, Decimal("0.5")), organisations(nation, 1)
    with nation.operator.begin(OPERATOR) as session, pytest.raises(ConflictError, match="ceiling of 50% leaves 50%"):
        grants.give(
            session,
            dataset_id=dataset,
            grantee=Grantee(organisation_id=one),
            purpose=Purpose.RESEARCH,
            term=TERM,
            share=Decimal(share),
        )
    assert allotted(nation, dataset) == []
    assert value(nation.database, "SELECT count(*) FROM hub.grants") == 0


def test_the_last_organisation_gets_what_is_left_and_the_next_one_nothing(nation: Nation) -> None:
    dataset, (one, two, three) = opened(nation, Decimal("0.4")), organisations(nation, 3)
    assert allot(nation, dataset, one, None)
    assert allot(nation, dataset, two, None)
    assert allotted(nation, dataset) == [Decimal("0.15"), Decimal("0.25")]
    assert not allot(nation, dataset, three, None)
    assert not allot(nation, dataset, three, Decimal("0.0001"))


def test_a_smaller_share_makes_room_for_another_organisation(nation: Nation) -> None:
    dataset, (one, two) = opened(nation, Decimal("0.5")), organisations(nation, 2)
    assert allot(nation, dataset, one, Decimal("0.5"))
    assert not allot(nation, dataset, two, Decimal("0.2"))
    assert allot(nation, dataset, one, Decimal("0.3"))
    assert allot(nation, dataset, two, Decimal("0.2"))


def test_a_revoked_grant_keeps_its_share_because_what_was_read_stays_read(nation: Nation) -> None:
    dataset, (one, two) = opened(nation, Decimal("0.5")), organisations(nation, 2)
    assert allot(nation, dataset, one, Decimal("0.5"))
    with nation.operator.begin(OPERATOR) as session:
        grants.revoke(session, grants.every(session)[0]["id"], reason="over")  # type: ignore[arg-type]
    assert not allot(nation, dataset, two, Decimal("0.1"))


def test_what_was_used_stays_used_when_a_share_changes(nation: Nation) -> None:
    dataset, (one,) = opened(nation, Decimal(1)), organisations(nation, 1)
    assert allot(nation, dataset, one, Decimal("0.5"))
    run(nation.database, "UPDATE hub.organisation_budgets SET used = 40, cap = 50")
    assert allot(nation, dataset, one, Decimal("0.1"))
    assert rows(nation.database, "SELECT share, used, cap FROM hub.organisation_budgets") == [(Decimal("0.1"), 40, 50)]


def test_a_share_held_openly_counts_once_it_is_a_grant_of_the_organisations_own(nation: Nation) -> None:
    dataset, (one, two) = opened(nation, Decimal("0.5")), organisations(nation, 2)
    run(
        nation.database,
        """INSERT INTO hub.organisation_budgets (organisation_id, lineage_id, share, open, used, cap)
           SELECT %s, lineage_id, 0.5, true, 7, 9 FROM hub.datasets""",
        one,
    )
    assert allot(nation, dataset, two, Decimal("0.3"))
    assert not allot(nation, dataset, one, Decimal("0.3"))
    assert allot(nation, dataset, one, Decimal("0.2"))
    query = "SELECT share, open, used FROM hub.organisation_budgets WHERE organisation_id = %s"
    assert rows(nation.database, query, one) == [(Decimal("0.2"), False, 7)]


@pytest.mark.parametrize("ceiling", ["0.5", "1", "0.0003"])
def test_sixteen_organisations_at_once_never_get_more_than_the_ceiling(nation: Nation, ceiling: str) -> None:
    dataset, all_ = opened(nation, Decimal(ceiling)), organisations(nation, 16)
    share = Decimal("0.0001") if ceiling == "0.0003" else Decimal("0.11")
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda organisation: allot(nation, dataset, organisation, share), all_))
    assert got.count(True) == Decimal(ceiling) // share
    assert sum(allotted(nation, dataset)) == got.count(True) * share


def test_many_who_change_their_shares_at_once_never_pass_the_ceiling(nation: Nation) -> None:
    dataset, all_ = opened(nation, Decimal("0.6")), organisations(nation, 4)
    wishes = [(organisation, Decimal(wish) / 100) for wish in range(5, 45, 4) for organisation in all_]
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda wish: allot(nation, dataset, *wish), wishes))
    assert {True, False} == set(got)
    assert sum(allotted(nation, dataset)) <= Decimal("0.6")


@given(
    ceiling=st.decimals(min_value="0.0001", max_value="1", places=4),
    wishes=st.lists(st.tuples(st.integers(0, 3), shares), min_size=1, max_size=12),
)
@settings(SHARED_DATABASE, max_examples=40)
def test_in_any_order_shares_add_up_to_no_more_than_the_ceiling_and_a_refusal_changes_nothing(
    nation: Nation, ceiling: Decimal, wishes: list[tuple[int, Decimal | None]]
) -> None:
    dataset, all_ = opened(nation, ceiling), organisations(nation, 4)
    had: dict[int, Decimal] = {}
    for who, wish in wishes:
        others = sum(share for other, share in had.items() if other != who)
        wanted = wish if wish is not None else had.get(who) or min(DEFAULT_SHARE, ceiling - others)
        fits = 0 < wanted <= ceiling - others
        assert allot(nation, dataset, all_[who], wish) == fits
        if fits:
            had[who] = wanted
        assert allotted(nation, dataset) == sorted(had.values())
        assert sum(had.values()) <= ceiling
