"""Whoever keeps a dataset reaches it from where it may be accessed: by their own place and by their session's zone."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from catalog.errors import OutsideAccessError
from catalog.policy import keeping
from catalog.policy.facts import surroundings
from catalog.vocabulary import Classification
from tests.fixtures.nation import OPERATOR, Nation
from tests.spec.drawn import read

#: Rows: where a steward is attested / where the zone of their session stands; a dash: it is not registered.
REACHES = """
            | de       | eu       | quebec   | all (EU and CA)
    DE/DE   | yes      | yes      | person + session | yes
    DE-BY/DE| yes      | yes      | person + session | yes
    FR/DE   | person   | yes      | person + session | yes
    DE/FR   | session  | yes      | person + session | yes
    US/DE   | person   | person   | person + session | person
    DE/US   | session  | session  | person + session | session
    CA-QC/FR| person + session | person | session  | yes
    DE/-    | session  | session  | person + session | session
"""
DATASETS = {"de": ["DE"], "eu": ["EU"], "quebec": ["CA-QC"], "all": ["EU", "CA"]}


def reaches(nation: Nation, attested: str, zone: str, slug: str) -> str:
    subject = nation.subject("sten", jurisdiction=attested, zone=nation.zone(f"in-{zone}", zone) if zone != "-" else "")
    with nation.operator.begin(OPERATOR) as session:
        here = surroundings(session, nation.site, sealed=False, zone=subject.zone)
        shut = keeping.shut(keeping.by_slug(session, slug), subject, here)
    if shut is None:
        return "yes"
    assert all(one.rule in shut.ruling.rules and one.tag == "access_from" for one in shut.ruling.breaches)
    return " + ".join(rule.removeprefix("keep.").removesuffix("-outside-access-from") for rule in shut.ruling.rules)


def test_a_steward_reaches_what_both_their_place_and_their_zone_allow(nation: Nation) -> None:
    nation.person("sten")
    for slug, places in DATASETS.items():  # whatever else its tags say of this site
        nation.dataset(
            slug,
            access_from=places,
            store_in=["US"],
            process_in=["US"],
            forbidden_legal_control=["DE"],
            classification=Classification.SECRET,
        )
    drawn = read(REACHES)
    assert {row: {slug: reaches(nation, *row.split("/"), slug) for slug in DATASETS} for row in drawn} == drawn


def test_what_is_not_there_is_decided_by_nobody(nation: Nation) -> None:
    subject = nation.subject(*(nation.person("sten"), "sten")[1:])
    with nation.operator.begin(OPERATOR) as session:
        here = surroundings(session, nation.site, sealed=True, zone="zone")
        assert keeping.shut(keeping.by_slug(session, "nothing"), subject, here) is None
        for find in (keeping.by_document, keeping.by_submission, keeping.by_step_up):
            assert find(session, subject.person_id) is None


def test_a_sentence_says_from_where_and_what_to_do(nation: Nation) -> None:
    nation.person("sten")
    nation.dataset("rivers", access_from=["EU", "CA-QC"])
    subject = replace(nation.subject("sten", jurisdiction="US"), zone="a-cafe")
    with nation.operator.begin(OPERATOR) as session:
        here = surroundings(session, nation.site, sealed=True, zone=subject.zone)
        kept = keeping.by_slug(session, "rivers")
        shut = keeping.shut(kept, subject, here)
        with pytest.raises(OutsideAccessError, match="would shut you out yourself"):
            keeping.require_still_open(kept, subject, here)
        assert shut is not None
        shut.write_down(session)
        written = session.execute(text("SELECT rule, place, actor FROM hub.violations ORDER BY rule")).all()
    assert shut.sentence == (
        "The dataset 'rivers' is reached from CA-QC, EU only. You are attested in US and come in through a network "
        "zone that is not registered ('a-cafe'). Act from where it may be reached, or ask this hub's operator to "
        "change the tag (`hub dataset change`)."
    )
    assert [tuple(row) for row in written] == [
        ("keep.person-outside-access-from", "US", "operator:test"),
        ("keep.session-outside-access-from", "a-cafe", "operator:test"),
    ]
