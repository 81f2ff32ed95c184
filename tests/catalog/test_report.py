"""The residency report gathers what is, what was refused and what was changed in a period, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog import report
from catalog.amendments import Change, amend
from catalog.db import Auditor, Database
from catalog.errors import InvalidError
from catalog.policy.decide import rulebook
from catalog.policy.facts import surroundings
from catalog.report import Period, Report
from catalog.vocabulary import EventType
from tests.catalog.ledger import value
from tests.fixtures.nation import OPERATOR, Nation
from tests.spec.drawn import stand

INES = Auditor(name="ines")
ALWAYS = Period(since=datetime(2000, 1, 1, tzinfo=UTC), until=datetime(2100, 1, 1, tzinfo=UTC))


@pytest.fixture
def acted(nation: Nation) -> Nation:
    """Sam was refused from the US; rivers were tagged otherwise, renamed once, and the store moved."""
    nation.person("sam", jurisdiction="US")
    nation.dataset("rivers")
    nation.grant("sam", "rivers", share=None)
    nation.scope("sam")
    with nation.operator.begin(OPERATOR) as session:
        amend(session, "rivers", Change(access_from=["DE"]))
        amend(session, "rivers", Change(title="All rivers"))
    stand(nation, "store", "DE-BY", under=("DE",))
    return nation


def gathered(nation: Nation, auditors: Database, of: Period = ALWAYS) -> Report:
    with auditors.begin(INES) as session:
        return report.gather(session, surroundings(session, nation.site, sealed=True), of)


def test_it_tells_the_board_the_refusals_the_places_and_the_changes(acted: Nation, auditors: Database) -> None:
    told = gathered(acted, auditors)
    assert [(row.slug, row.title, row.access_from) for row in told.datasets] == [("rivers", "All rivers", ("DE",))]
    assert [sum(one.refused for one in row.accessed) for row in told.datasets] == [1]
    assert [(one.rule, one.place) for one in told.violations] == [("query.person-outside-access-from", "US")]
    assert {one.name: one.jurisdiction for one in told.places}["store"] == "DE-BY"
    assert told.policy_version == rulebook().version
    assert told.site.name == "site"
    assert not told.cut


def test_changes_are_those_of_tags_and_places_never_of_a_card_alone(acted: Nation, auditors: Database) -> None:
    changes = gathered(acted, auditors).changes
    assert [one.type for one in changes if one.type.startswith("dataset.")] == [
        EventType.DATASET_AMENDED,
        EventType.DATASET_REGISTERED,
    ]
    tagged = next(one for one in changes if one.type == EventType.DATASET_AMENDED)
    assert tagged.detail["tags"] == {"access_from": {"from": ["EU"], "to": ["DE"]}}
    assert {one.type for one in changes} == {"dataset.amended", "dataset.registered", "place.registered"}


@pytest.mark.parametrize(("before_s", "after_s", "seen"), [(-3600, 3600, 1), (-7200, -3600, 0), (3600, 7200, 0)])
def test_nothing_outside_the_period_stands_in_it(
    acted: Nation, auditors: Database, before_s: int, after_s: int, seen: int
) -> None:
    now = value(acted.database, "SELECT hub.hub_now()")
    told = gathered(
        acted, auditors, Period(since=now + timedelta(seconds=before_s), until=now + timedelta(seconds=after_s))
    )
    assert len(told.violations) == seen
    assert sum(one.refused for row in told.datasets for one in row.accessed) == seen
    assert bool(told.changes) == bool(seen)
    assert len(told.datasets) == 1


def test_a_list_too_long_is_cut_and_says_so(acted: Nation, auditors: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    acted.scope("sam")
    monkeypatch.setattr(report, "MOST", 1)
    told = gathered(acted, auditors)
    assert (told.cut, len(told.violations)) == (True, 1)


def test_without_a_period_it_is_the_last_month_whole(nation: Nation, auditors: Database) -> None:
    for ahead in (0, 20, 40):
        nation.step_clock(timedelta(days=ahead))
        with auditors.begin(INES) as session:
            of = report.period(session, None, None)
        now = value(nation.database, "SELECT hub.hub_now() AT TIME ZONE 'UTC'")
        assert (of.until.day, of.until.month, of.since.day) == (1, now.month, 1)
        assert of.since == (of.until - timedelta(days=1)).replace(day=1)


def test_half_a_period_is_filled_and_one_that_ends_before_it_begins_refused(auditors: Database) -> None:
    day = datetime(2020, 5, 1, tzinfo=UTC)
    with auditors.begin(INES) as session:
        assert report.period(session, day, None).until > day
        assert report.period(session, day, day + timedelta(days=1)) == Period(since=day, until=day + timedelta(days=1))
        for wrong in ((day, day), (day, day - timedelta(days=1)), (None, day - timedelta(days=1))):
            with pytest.raises(InvalidError, match="ends after it begins"):
                report.period(session, *wrong)


def test_that_it_was_made_is_written_down(nation: Nation) -> None:
    with nation.operator.begin(OPERATOR) as session:
        report.write_down(session, ALWAYS, "html")
    detail = value(nation.database, "SELECT detail FROM hub.audit_events WHERE type = 'residency.reported'")
    assert detail == {"since": ALWAYS.since.isoformat(), "until": ALWAYS.until.isoformat(), "form": "html"}
