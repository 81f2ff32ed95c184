"""What a change would break is told before it is made, by the same decision that would make it, and nothing is made."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from catalog import effects, grants, people, preview
from catalog.amendments import Change, amend
from catalog.db import Auditor, Database, Steward
from catalog.effects import Effect
from catalog.errors import InvalidError, NotFoundError, SettingsError
from catalog.policy.facts import ingest_ruling, surroundings
from catalog.preview import Move, Retag
from catalog.vocabulary import Classification, Purpose
from tests.catalog.ledger import run, value
from tests.fixtures.nation import OPERATOR, TERM, Nation
from tests.spec.drawn import stand

INES = Auditor(name="ines")


@pytest.fixture
def held(nation: Nation) -> Nation:
    """Rivers for the EU: two documents, one in two versions; holders in DE (2), FR and US, and Max who holds none."""
    for slug, place in (("ada", "DE"), ("bob", "DE"), ("luc", "FR"), ("sam", "US"), ("max", "DE")):
        nation.person(slug, jurisdiction=place, organisation="lab" if slug == "max" else "ministry")
    nation.dataset("rivers", purposes=[Purpose.RESEARCH, Purpose.STATISTICS])
    nation.dataset("vault", listed=False, access_from=["DE"])
    nation.zone("south", "FR")
    for slug in ("ada", "bob", "luc", "sam"):
        nation.grant(slug, "rivers", share=None)
    nation.document("rivers", "a.md", ["The Elbe rises in the mountains."])
    nation.document("rivers", "a.md", ["The Elbe rises in high mountains."])
    nation.document("rivers", "b.md", ["The Rhine is long."])
    return nation


def retagged(nation: Nation, auditors: Database, slug: str = "rivers", **tags: Any) -> Effect:
    with auditors.begin(INES) as session:
        here = surroundings(session, nation.site, sealed=True)
        return preview.retag(session, here, slug, Retag(**tags))


def moved(nation: Nation, auditors: Database, name: str, to: str, **more: Any) -> Mapping[str, Effect]:
    with auditors.begin(INES) as session:
        here = surroundings(session, nation.site, sealed=True)
        return {one.slug: one for one in preview.move(session, here, Move(name=name, jurisdiction=to, **more))}


def stranded(effect: Effect) -> list[tuple[str, int, int]]:
    return [(one.jurisdiction, one.people, one.held) for one in effect.stranded]


def new_rules(effect: Effect) -> list[tuple[str, str, str, str]]:
    return [(one.rule, one.door, one.tag, one.place) for one in effect.refusing if not one.already]


def test_a_narrower_access_strands_those_who_ask_from_elsewhere_counted_by_place(
    held: Nation, auditors: Database
) -> None:
    effect = retagged(held, auditors, access_from=["DE"])
    assert stranded(effect) == [("FR", 1, 1)]
    assert new_rules(effect) == [("query.person-outside-access-from", "session", "access_from", "FR")]
    assert [one.place for one in effect.refusing if one.already] == ["US"]
    assert (effect.breaks, effect.out_of_place, effect.endpoints) == (True, False, ())


def test_a_store_outside_puts_every_kept_version_out_of_place(held: Nation, auditors: Database) -> None:
    effect = retagged(held, auditors, store_in=["FR"])
    assert (effect.documents, effect.versions) == (2, 3)
    assert (effect.out_of_place, effect.already_out_of_place, effect.breaks) == (True, False, True)
    assert new_rules(effect) == [
        ("ingest.database-outside-store-in", "index", "store_in", "database"),
        ("ingest.store-outside-store-in", "object", "store_in", "store"),
        ("query.database-outside-store-in", "index", "store_in", "database"),
        ("query.store-outside-store-in", "object", "store_in", "store"),
    ]
    assert all(one.reason.endswith(".") for one in effect.refusing)
    assert stranded(effect) == [("DE", 2, 2), ("FR", 1, 1)], "what lies out of place is shut"


def test_an_endpoint_outside_is_named_and_nobody_may_ask(held: Nation, auditors: Database) -> None:
    effect = retagged(held, auditors, process_in=["FR"])
    assert effect.endpoints == ("endpoint",)
    assert stranded(effect) == [("DE", 2, 2), ("FR", 1, 1)]
    assert {rule for rule, *_ in new_rules(effect)} == {
        "ingest.endpoint-outside-process-in",
        "ingest.worker-outside-process-in",
        "query.endpoint-outside-process-in",
        "query.site-outside-process-in",
    }
    assert not effect.out_of_place


def test_a_law_that_reaches_a_part_puts_all_of_it_out_of_place(held: Nation, auditors: Database) -> None:
    stand(held, "store", "DE", under=("DE", "US"))
    effect = retagged(held, auditors, forbidden_legal_control=["US"])
    assert new_rules(effect) == [("any.forbidden-legal-control", "site", "forbidden_legal_control", "store")]
    assert effect.out_of_place
    assert stranded(effect) == [("DE", 2, 2), ("FR", 1, 1)]


def test_a_higher_classification_strands_who_is_not_cleared(held: Nation, auditors: Database) -> None:
    run(held.database, "UPDATE hub.people SET clearance = 'internal' WHERE slug = 'bob'")
    effect = retagged(held, auditors, classification=Classification.RESTRICTED)
    assert stranded(effect) == [("DE", 1, 2)]
    assert new_rules(effect) == [("query.clearance-too-low", "", "", "")]


def test_a_purpose_no_longer_offered_strands_who_holds_it(held: Nation, auditors: Database) -> None:
    effect = retagged(held, auditors, purposes=[Purpose.STATISTICS])
    assert stranded(effect) == [("DE", 2, 2), ("FR", 1, 1)]
    assert ("query.purpose-not-offered", "", "", "") in new_rules(effect)


def test_only_live_grants_of_any_kind_count_and_a_person_once(held: Nation, auditors: Database) -> None:
    assert stranded(retagged(held, auditors, access_from=["FR"])) == [("DE", 2, 2)]
    held.grant("ada", "rivers", Purpose.STATISTICS, share=None)
    with held.operator.begin(OPERATOR) as session:
        lab = people.find_organisation(session, "lab")
        grants.give(session, dataset_id=held.datasets["rivers"], grantee=grants.Grantee(organisation_id=lab),
                    purpose=Purpose.RESEARCH, term=TERM)  # fmt: skip
    assert stranded(retagged(held, auditors, access_from=["FR"])) == [("DE", 3, 3)]
    run(held.database, "UPDATE hub.people SET kind = 'service' WHERE slug = 'max'")
    assert stranded(retagged(held, auditors, access_from=["FR"])) == [("DE", 2, 2)]
    run(held.database, "UPDATE hub.grants SET suspended_at = now() WHERE person_id = (SELECT id FROM hub.people "
        "WHERE slug = 'bob')")  # fmt: skip
    assert stranded(retagged(held, auditors, access_from=["FR"])) == [("DE", 1, 1)]
    held.step_clock(timedelta(days=31))
    assert stranded(retagged(held, auditors, access_from=["FR"])) == []


def test_a_grant_to_train_strands_nobody(held: Nation, auditors: Database) -> None:
    run(held.database, "UPDATE hub.grants SET mode = 'train', confirmed_by = 'x'")
    assert stranded(retagged(held, auditors, access_from=["FR"])) == []


def test_what_it_tells_is_what_the_change_then_does(held: Nation, auditors: Database) -> None:
    """One decision: who is stranded in the preview is who gets an empty scope after the change."""
    for tags in ({"access_from": ["DE"]}, {"process_in": ["FR"]}, {"purposes": [Purpose.STATISTICS]}):
        asked_before = {slug for slug in held.people if held.scope(slug).dataset_ids}
        effect = retagged(held, auditors, **tags)
        with held.operator.begin(OPERATOR) as session:
            amend(session, "rivers", Change(**tags))  # type: ignore[arg-type]
            here = surroundings(session, held.site, sealed=True)
            ruled = ingest_ruling(session, held.datasets["rivers"], here)
        lost = asked_before - {slug for slug in held.people if held.scope(slug).dataset_ids}
        assert sum(one.people for one in effect.stranded) == len(lost)
        assert set(ruled.rules) - {"ingest.by-worker"} <= {one.rule for one in effect.refusing}
        home = {"access_from": ["EU"], "process_in": ["DE"], "purposes": [Purpose.RESEARCH, Purpose.STATISTICS]}
        with held.operator.begin(OPERATOR) as session:
            amend(session, "rivers", Change(**home))  # type: ignore[arg-type]


def test_another_place_of_a_part_names_each_dataset_it_breaks(held: Nation, auditors: Database) -> None:
    found = moved(held, auditors, "store", "US")
    assert list(found) == ["rivers", "vault"]
    assert found["rivers"].out_of_place
    assert new_rules(found["rivers"]) == [
        (f"{act}.store-outside-store-in", "object", "store_in", "store") for act in ("ingest", "query")
    ]
    assert moved(held, auditors, "store", "DE-BY") == {}
    held.dataset("wide", store_in=["DE", "US"])
    assert list(moved(held, auditors, "store", "US")) == ["rivers", "vault"]


def test_another_law_over_a_part_is_a_change_too(held: Nation, auditors: Database) -> None:
    held.dataset("kept", forbidden_legal_control=["US"])
    assert list(moved(held, auditors, "endpoint", "DE", legal_control=["DE", "US"])) == ["kept"]
    assert moved(held, auditors, "endpoint", "DE") == {}


def test_a_change_that_breaks_nothing_says_so(held: Nation, auditors: Database) -> None:
    for tags in ({}, {"access_from": ["EU", "US"]}, {"store_in": ["DE", "FR"]}, {"access_from": ["EU"]}):
        effect = retagged(held, auditors, **tags)
        assert (effect.breaks, stranded(effect), new_rules(effect)) == (False, [], [])


@pytest.mark.parametrize(
    ("tags", "says"),
    [
        ({"store_in": ["ZZ"]}, "neither a place nor a group"),
        ({"forbidden_legal_control": ["EU"]}, "'EU' is not a place"),
        ({"store_in": ["DE"], "forbidden_legal_control": ["DE"]}, "nobody could keep it"),
    ],
)
def test_tags_that_will_not_do_are_refused_as_the_change_would_be(
    held: Nation, auditors: Database, tags: dict[str, Any], says: str
) -> None:
    with pytest.raises(SettingsError, match=says):
        retagged(held, auditors, **tags)


def test_what_is_no_dataset_or_no_part_is_said(held: Nation, auditors: Database) -> None:
    with pytest.raises(NotFoundError):
        retagged(held, auditors, "rivres")
    with pytest.raises(InvalidError, match="no part of this site"):
        moved(held, auditors, "cellar", "FR")


def test_nothing_is_changed_by_it(held: Nation, auditors: Database) -> None:
    count = "SELECT count(*) FROM hub.audit_events"
    before = value(held.database, count)
    retagged(held, auditors, store_in=["FR"], access_from=["DE"])
    moved(held, auditors, "store", "US")
    assert value(held.database, count) == before
    assert value(held.database, "SELECT count(*) FROM hub.decisions") == 0
    assert value(held.database, "SELECT count(*) FROM hub.violations") == 0
    assert value(held.database, "SELECT access_from FROM hub.datasets WHERE slug = 'rivers'") == ["EU"]


def test_a_steward_sees_it_for_their_own_and_no_figure_of_another(held: Nation, stewards: Database) -> None:
    held.person("sten")
    held.person("otto", organisation="elsewhere")
    for who, rows in (("sten", (2, 3)), ("otto", (0, 0))):
        with stewards.begin(Steward(person_id=held.people[who])) as session:
            here = surroundings(session, held.site, sealed=True)
            if who == "sten":
                assert stranded(preview.retag(session, here, "rivers", Retag(access_from=["DE"]))) == [("FR", 1, 1)]
            else:
                with pytest.raises(NotFoundError):
                    preview.retag(session, here, "rivers", Retag(access_from=["DE"]))
            rivers = held.datasets["rivers"]
            assert tuple(session.execute(effects.kept(rivers)).one()) == rows
            assert bool(session.execute(effects.holders(rivers)).all()) == (who == "sten")
            named = session.execute(text("SELECT slug FROM hub.grantees(:id)"), {"id": rivers}).scalars().all()
            assert named == (["ada", "bob", "luc", "sam"] if who == "sten" else [])
