"""A decision is a row with every ruling, its purpose, place and law; and only its own subject writes or reads it."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from catalog import decisions
from catalog.db import Asker
from catalog.decisions import NewDecision
from catalog.errors import DataHubError, NotRegisteredError
from catalog.policy.decide import rulebook
from catalog.policy.model import Ruling
from catalog.vocabulary import Action, Classification, DatasetId, DecisionId, PersonId, Purpose
from tests.catalog.ledger import events, rows, value
from tests.fixtures.nation import Nation

YES = Ruling(permitted=True, rules=("query.under-grant",), reasons=("A live grant covers the dataset.",))
NO = Ruling(permitted=False, rules=("default-deny",), reasons=("No rule permits this.",))
OPEN, CLOSED = DatasetId(UUID(int=1)), DatasetId(UUID(int=2))


def new(subject: PersonId, **other: object) -> NewDecision:
    facts: dict[str, object] = {
        "subject_id": subject,
        "action": Action.QUERY,
        "purpose": Purpose.RESEARCH,
        "site": "site",
        "zone": "zone",
        "policy_version": "v1",
        "dataset_ids": [OPEN],
        "rulings": [([OPEN], YES), ([CLOSED], NO)],
        **other,
    }
    return NewDecision(**facts)  # type: ignore[arg-type]


def record(nation: Nation, speaker: PersonId, subject: PersonId | None = None, **other: object) -> DecisionId:
    with nation.api.begin(Asker(person_id=speaker, zone="zone")) as session:
        return decisions.record(session, new(subject or speaker, **other))


def test_a_decision_is_kept_with_each_ruling_its_rules_and_its_reasons(nation: Nation) -> None:
    ada = nation.person("ada")
    made = record(nation, ada)
    query = (
        "SELECT id, subject_id, action, purpose, site, zone, policy_version, dataset_ids, rulings FROM hub.decisions"
    )
    assert rows(nation.database, query) == [
        (
            made,
            ada,
            "query",
            "research",
            "site",
            "zone",
            "v1",
            [OPEN],
            [
                {
                    "datasets": [str(OPEN)],
                    "permitted": True,
                    "rules": ["query.under-grant"],
                    "reasons": ["A live grant covers the dataset."],
                },
                {
                    "datasets": [str(CLOSED)],
                    "permitted": False,
                    "rules": ["default-deny"],
                    "reasons": ["No rule permits this."],
                },
            ],
        )
    ]


def test_a_decision_is_in_the_trail_with_figures_and_rules(nation: Nation) -> None:
    ada = nation.person("ada")
    made = record(nation, ada)
    assert events(nation.database, "decision.made") == [
        (
            f"person:{ada}",
            f"decision:{made}",
            {
                "purpose": "research",
                "policy": "v1",
                "zone": "zone",
                "permitted": 1,
                "rulings": [
                    {"datasets": 1, "permitted": True, "rules": ["query.under-grant"]},
                    {"datasets": 1, "permitted": False, "rules": ["default-deny"]},
                ],
            },
        )
    ]
    query = "SELECT decision_id, dataset_ids FROM hub.audit_events WHERE type = 'decision.made'"
    assert rows(nation.database, query) == [(made, [OPEN])]


def test_rulings_of_equal_words_stand_together(nation: Nation) -> None:
    laws = [uuid4() for _ in range(3)]
    record(
        nation, nation.person("ada"),
        rulings=[([OPEN], YES), ([CLOSED], NO), ([laws[0]], YES)], stricter=[([laws[1]], NO), ([laws[2]], NO)],
    )  # fmt: skip
    told = value(nation.database, "SELECT rulings FROM hub.decisions")
    assert [(one["datasets"], one.get("document_laws"), one["permitted"]) for one in told] == [
        ([str(OPEN), str(laws[0])], None, True),
        ([str(CLOSED)], None, False),
        ([], [str(laws[1]), str(laws[2])], False),
    ]


def test_the_time_of_a_decision_is_the_databases(nation: Nation) -> None:
    ada = nation.person("ada")
    before = datetime.now(UTC)
    record(nation, ada)
    assert before <= value(nation.database, "SELECT made_at FROM hub.decisions") <= datetime.now(UTC)
    with pytest.raises(DataHubError, match="42501"), nation.api.begin(Asker(person_id=ada, zone="zone")) as session:
        session.execute(text("UPDATE hub.decisions SET made_at = made_at + interval '1 day'"))


def test_nobody_records_a_decision_about_another(nation: Nation) -> None:
    ada, eve = nation.person("ada"), nation.person("eve")
    with pytest.raises(DataHubError, match="42501"):
        record(nation, eve, ada)
    assert value(nation.database, "SELECT count(*) FROM hub.decisions") == 0
    assert events(nation.database, "decision.made") == []


def test_a_decision_about_nobody_is_refused(nation: Nation) -> None:
    with pytest.raises(NotRegisteredError):
        record(nation, PersonId(uuid4()))


def test_ids_can_not_be_guessed_from_one_another(nation: Nation) -> None:
    ada = nation.person("ada")
    made = [record(nation, ada) for _ in range(10)]
    assert len(set(made)) == 10
    assert made != sorted(made)


@pytest.mark.parametrize("change", ["DELETE FROM hub.decisions", "UPDATE hub.decisions SET dataset_ids = '{}'"])
def test_a_decision_is_never_changed_by_the_one_it_is_about(nation: Nation, change: str) -> None:
    ada = nation.person("ada")
    record(nation, ada)
    with pytest.raises(DataHubError, match="42501"), nation.api.begin(Asker(person_id=ada, zone="zone")) as session:
        session.execute(text(change))


def test_a_scope_is_recorded_with_the_law_it_was_decided_under(nation: Nation) -> None:
    nation.person("ada", clearance=Classification.INTERNAL)
    granted = nation.dataset("granted")
    secret = nation.dataset("secret", classification=Classification.SECRET)
    nation.dataset("foreign")
    nation.grant("ada", "granted")
    nation.grant("ada", "secret")
    scope = nation.scope("ada")
    query = "SELECT id, policy_version, site, dataset_ids FROM hub.decisions"
    assert rows(nation.database, query) == [(scope.decision_id, rulebook().version, "site", [granted])]
    rulings = value(nation.database, "SELECT rulings FROM hub.decisions")
    by_dataset = {one: ruling for ruling in rulings for one in ruling["datasets"]}
    assert set(by_dataset) == {str(dataset) for dataset in nation.datasets.values()}
    assert by_dataset[str(granted)]["rules"] == ["query.under-grant"]
    assert by_dataset[str(secret)]["rules"] == ["query.clearance-too-low"]
    assert by_dataset[str(nation.datasets["foreign"])]["rules"] == ["default-deny"]
    assert all(ruling["reasons"] for ruling in rulings)
