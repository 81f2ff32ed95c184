"""Groups of places: dated members, and what a decision makes of them on its day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from catalog import datasets, groups
from catalog.amendments import Change, amend
from catalog.errors import ConflictError, SettingsError
from catalog.groups import Membership
from tests.catalog.ledger import events
from tests.catalog.memberships import GROUPS, OUTSIDE
from tests.fixtures.nation import OPERATOR, Nation

NORDIC = ("DK", "FI", "IS", "NO", "SE")
SOURCE = "Treaty of Helsinki"
LONG_AGO = date(1962, 7, 1)


def on(nation: Nation, day: date) -> dict[str, frozenset[str]]:
    """The groups as they are on a day to come."""
    ahead = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - datetime.now(UTC)
    nation.step_clock(max(ahead, timedelta(0)))
    with nation.operator.begin(OPERATOR) as session:
        return dict(groups.today(session))


def join(nation: Nation, *members: str, name: str = "NORDIC", since: date = LONG_AGO, source: str = SOURCE) -> None:
    with nation.operator.begin(OPERATOR) as session:
        groups.join(session, [Membership(name=name, member=one, joined_on=since, source=source) for one in members])


def leave(nation: Nation, member: str, day: date, name: str = "NORDIC") -> None:
    with nation.operator.begin(OPERATOR) as session:
        groups.leave(session, name, member, on=day, source="Act 7")


def coming(days: int) -> date:
    return datetime.now(UTC).date() + timedelta(days=days)


def test_the_union_and_the_area_are_there_as_the_treaties_say(nation: Nation) -> None:
    assert on(nation, coming(0)) == GROUPS
    assert not {code for members in GROUPS.values() for code in members} & set(OUTSIDE)


def test_who_left_is_still_told_with_both_days(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR) as session:
        found = [one for one in groups.every(session) if one.member == "GB"]
    assert [(one.name, one.joined_on, one.left_on) for one in found] == [
        ("EEA", date(1994, 1, 1), date(2020, 2, 1)),
        ("EU", date(1973, 1, 1), date(2020, 2, 1)),
    ]


def test_every_membership_names_its_source(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR) as session:
        assert {one.name: one.source[:9] for one in groups.every(session)} == {"EU": "Treaty on", "EEA": "Agreement"}


def test_a_dataset_may_be_declared_for_a_nations_own_group(nation: Nation) -> None:
    join(nation, *NORDIC)
    nation.at_home = True
    nation.dataset("fjords", access_from=["NORDIC"])
    nation.person("ada", jurisdiction="NO")
    nation.person("luc", jurisdiction="FR")
    for person in ("ada", "luc"):
        nation.grant(person, "fjords", share=None)
    assert nation.scope("ada").dataset_ids == (nation.datasets["fjords"],)
    assert nation.scope("luc").dataset_ids == ()


def test_who_leaves_is_refused_from_that_day_on_and_not_a_day_before(nation: Nation) -> None:
    join(nation, *NORDIC)
    nation.at_home = True
    nation.dataset("fjords", access_from=["NORDIC"])
    nation.person("ada", jurisdiction="IS")
    nation.grant("ada", "fjords")
    leave(nation, "IS", coming(10))
    assert "IS" in on(nation, coming(9))["NORDIC"]
    assert nation.scope("ada").dataset_ids == (nation.datasets["fjords"],)
    assert "IS" not in on(nation, coming(10))["NORDIC"]
    assert nation.scope("ada").dataset_ids == ()


def test_who_joins_is_let_in_from_that_day_on_and_not_a_day_before(nation: Nation) -> None:
    nation.dataset("rivers", access_from=["EU"])
    nation.person("ada", jurisdiction="ME")
    nation.grant("ada", "rivers")
    join(nation, "ME", name="EU", since=coming(5), source="Treaty of accession")
    assert on(nation, coming(4))["EU"] == GROUPS["EU"]
    assert nation.scope("ada").dataset_ids == ()
    assert on(nation, coming(5))["EU"] == {*GROUPS["EU"], "ME"}
    assert nation.scope("ada").dataset_ids == (nation.datasets["rivers"],)


def test_a_group_whose_last_member_left_is_known_and_stands_for_nothing(nation: Nation) -> None:
    join(nation, "IS", name="ALONE")
    nation.dataset("one", store_in=["ALONE"], access_from=["ALONE"])
    nation.person("ada", jurisdiction="IS")
    nation.grant("ada", "one")
    leave(nation, "IS", coming(-1), name="ALONE")
    assert on(nation, coming(0))["ALONE"] == frozenset()
    assert nation.scope("ada").dataset_ids == ()


def test_who_left_may_come_again(nation: Nation) -> None:
    join(nation, "IS")
    leave(nation, "IS", coming(-5))
    join(nation, "IS", since=coming(3))
    assert on(nation, coming(2))["NORDIC"] == frozenset()
    assert on(nation, coming(3))["NORDIC"] == {"IS"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "nordic"}, "'nordic' can't name a group"),
        ({"name": "N"}, "'N' can't name a group"),
        ({"name": "DE"}, "'DE' can't name a group"),
        ({"name": "CA-QC"}, "'CA-QC' can't name a group"),
        ({"name": "NORDIC COUNCIL"}, "can't name a group"),
        ({"member": "EU"}, "'EU' is not a place"),
        ({"member": "Iceland"}, "'Iceland' is not a place"),
        ({"left_on": LONG_AGO}, "leaves a group after it joined"),
        ({"source": "  "}, "by what the place belongs"),
        ({"source": "x" * 141}, "by what the place belongs"),
    ],
)
def test_what_will_not_do_is_refused_with_how_to_write_it(
    nation: Nation, change: dict[str, object], sentence: str
) -> None:
    values = {"name": "NORDIC", "member": "IS", "joined_on": LONG_AGO, "source": SOURCE, **change}
    with nation.operator.begin(OPERATOR) as session, pytest.raises(SettingsError, match=sentence):
        groups.join(session, [Membership(**values)])  # type: ignore[arg-type]
    assert set(on(nation, coming(0))) == set(GROUPS)


def test_two_memberships_of_one_place_never_overlap(nation: Nation) -> None:
    join(nation, "IS")
    with pytest.raises(ConflictError, match="IS belongs to NORDIC already"):
        join(nation, "IS", since=coming(1))


def test_several_join_together_or_none(nation: Nation) -> None:
    with pytest.raises(SettingsError, match="'XX' is not a place"):
        join(nation, "IS", "XX")
    assert "NORDIC" not in on(nation, coming(0))


@pytest.mark.parametrize(("name", "member"), [("NORDIC", "IS"), ("EU", "GB"), ("EU", "CH")])
def test_who_does_not_belong_can_not_leave(nation: Nation, name: str, member: str) -> None:
    with pytest.raises(SettingsError, match=f"{member} does not belong to {name}"):
        leave(nation, member, coming(0), name=name)


@pytest.mark.parametrize("source", ["", "  ", "x" * 141])
def test_leaving_needs_a_source_as_joining_does(nation: Nation, source: str) -> None:
    join(nation, "IS", source="y" * 140)
    with nation.operator.begin(OPERATOR) as session, pytest.raises(SettingsError, match="by what the place belongs"):
        groups.leave(session, "NORDIC", "IS", on=coming(1), source=source)
    with nation.operator.begin(OPERATOR) as session:
        groups.leave(session, "NORDIC", "IS", on=coming(1), source="z" * 140)
    assert "IS" not in on(nation, coming(1))["NORDIC"]


def test_a_title_may_change_though_a_group_has_lost_its_last_member(nation: Nation) -> None:
    join(nation, "IS", name="ALONE")
    nation.dataset("one", store_in=["ALONE"])
    leave(nation, "IS", coming(-1), name="ALONE")
    with nation.operator.begin(OPERATOR) as session:
        amend(session, "one", Change(title="Another"))
        assert datasets.find(session, "one").title == "Another"
    with nation.operator.begin(OPERATOR) as session, pytest.raises(SettingsError, match="stored nowhere"):
        amend(session, "one", Change(process_in=["EU"]))


def test_each_change_is_in_the_trail_with_its_source(nation: Nation) -> None:
    join(nation, "IS")
    leave(nation, "IS", coming(1))
    told = [(what, detail["member"], detail["source"]) for _, what, detail in events(nation.database, "group.changed")]
    assert told == [("group:NORDIC", "IS", SOURCE), ("group:NORDIC", "IS", "Act 7")]


def test_an_unknown_group_is_refused_with_those_there_are(nation: Nation) -> None:
    join(nation, "IS")
    with pytest.raises(SettingsError, match="one of the groups EEA, EU, NORDIC"):
        nation.dataset("one", store_in=["BALTIC"])
    assert "one" not in nation.datasets
    with nation.operator.begin(OPERATOR) as session, pytest.raises(Exception, match="no dataset 'one'"):
        datasets.find(session, "one")


def test_a_dataset_nobody_could_keep_is_neither_registered_nor_made_by_a_change(nation: Nation) -> None:
    with pytest.raises(SettingsError, match="nobody could keep it"):
        nation.dataset("one", store_in=["DE"], forbidden_legal_control=["DE"])
    nation.dataset("two", store_in=["DE"])
    with nation.operator.begin(OPERATOR) as session, pytest.raises(SettingsError, match="nobody could keep it"):
        amend(session, "two", Change(forbidden_legal_control=["DE"]))
    nation.dataset("three", forbidden_legal_control=["FR"], store_in=["DE", "FR"])
    with nation.operator.begin(OPERATOR) as session, pytest.raises(SettingsError, match="stored in FR only"):
        amend(session, "three", Change(store_in=["FR"]))
