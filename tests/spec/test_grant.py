"""Who has a live grant for the purpose may ask, and nobody else; whoever holds none doesn't see an unlisted dataset."""

from datetime import UTC, datetime, timedelta
from typing import LiteralString

from catalog import datasets, grants
from catalog.vocabulary import Classification, GrantId, Purpose
from tests.fixtures.nation import OPERATOR, TERM, Nation
from tests.spec.drawn import queries, read

NOW = datetime.now(UTC)

WHO = """
                                  | listed | unlisted | public
    ada  has a grant of her own   | yes    | yes      | yes
    bob  has one by his ministry  | yes    | unseen   | yes
    cem  is of another ministry   | .      | unseen   | yes
"""

WHEN = """
                                  | harbour
    live  began, not ended        | yes
    early begins in an hour       | .
    late  ended an hour ago       | .
    held  is suspended            | .
    gone  was revoked             | .
    other is for another purpose  | .
"""


def test_a_grant_goes_to_a_person_an_organisation_or_everyone(nation: Nation) -> None:
    for person, organisation in (("ada", "north"), ("bob", "harbours"), ("cem", "south")):
        nation.person(person, organisation=organisation)
    nation.dataset("listed")
    nation.dataset("unlisted", listed=False)
    nation.dataset("public", classification=Classification.PUBLIC, listed=False)
    nation.grant("ada", "listed", share=None)
    nation.grant("ada", "unlisted", share=None)
    give_organisation(nation, "bob", "listed")
    assert queries(nation, WHO) == read(WHO)


def test_a_grant_is_live_between_its_beginning_and_its_end_unless_suspended_or_revoked(nation: Nation) -> None:
    nation.dataset("harbour", purposes=[Purpose.RESEARCH, Purpose.STATISTICS])
    hour = timedelta(hours=1)
    terms = {"early": grants.Term(starts_at=NOW + hour, ends_at=NOW + 2 * hour)}
    terms["late"] = grants.Term(starts_at=NOW - 2 * hour, ends_at=NOW - hour)
    given = {}
    for person in read(WHEN):
        nation.person(person)
        purpose = Purpose.STATISTICS if person == "other" else Purpose.RESEARCH
        given[person] = nation.grant(person, "harbour", purpose, term=terms.get(person, TERM))
    with nation.operator.begin(OPERATOR) as session:
        grants.revoke(session, given["gone"], reason="test")
    owner_runs(nation, "UPDATE hub.grants SET suspended_at = now() WHERE id = %s", given["held"])
    assert queries(nation, WHEN) == read(WHEN)


def test_a_grant_ends_at_its_minute_for_everyone(nation: Nation) -> None:
    nation.person("ada")
    nation.dataset("harbour")
    nation.grant(
        "ada", "harbour", term=grants.Term(starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1))
    )
    assert len(nation.scope("ada").dataset_ids) == 1
    nation.step_clock(timedelta(minutes=59, seconds=50) - (datetime.now(UTC) - NOW))
    assert len(nation.scope("ada").dataset_ids) == 1
    nation.step_clock(timedelta(hours=1))
    assert nation.scope("ada").dataset_ids == ()


def test_a_withdrawn_dataset_is_in_nobodys_scope(nation: Nation) -> None:
    nation.person("ada")
    nation.dataset("harbour")
    nation.grant("ada", "harbour")
    with nation.operator.begin(OPERATOR) as session:
        datasets.withdraw(session, nation.datasets["harbour"], reason="test")
    assert queries(nation, "|harbour\nada|unseen") == {"ada": {"harbour": "unseen"}}


def give_organisation(nation: Nation, person: str, dataset: str) -> GrantId:
    with nation.operator.begin(OPERATOR) as session:
        organisation = grants._organisation_of(session, grants.Grantee(person_id=nation.people[person]))
        return grants.give(
            session,
            dataset_id=nation.datasets[dataset],
            grantee=grants.Grantee(organisation_id=organisation),
            purpose=Purpose.RESEARCH,
            term=TERM,
        )


def owner_runs(nation: Nation, statement: LiteralString, *values: object) -> None:
    with nation.database.connect() as connection:
        assert connection.execute(statement, values).rowcount == 1
