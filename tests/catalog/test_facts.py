"""Facts are gathered from the tables, decided once for each law, recorded, and handed back as a scope."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from catalog import datasets, places
from catalog.db import Operator
from catalog.errors import NotFoundError
from catalog.policy import facts
from catalog.policy.facts import ingest_ruling, scope_for, surroundings
from catalog.policy.model import Request, Ruling
from catalog.vocabulary import Classification, DatasetId, PlaceKind, Purpose
from tests.catalog.ledger import run, value
from tests.catalog.memberships import GROUPS
from tests.fixtures.nation import OPERATOR, SITE, Nation

DECIDE = facts.decide
#: One change to a site's part or to the dataset, and the rule that then forbids to take documents in (None: it may).
INGEST: list[tuple[str, dict[str, Any], str | None]] = [
    ("nothing", {}, None),
    ("store", {"jurisdiction": "FR"}, "ingest.store-outside-store-in"),
    ("database", {"jurisdiction": "FR"}, "ingest.database-outside-store-in"),
    ("worker", {"jurisdiction": "FR"}, "ingest.worker-outside-process-in"),
    ("endpoint", {"jurisdiction": "FR"}, "ingest.endpoint-outside-process-in"),
    ("site", {"jurisdiction": "FR"}, None),
    ("store", {"jurisdiction": "DE-BY"}, None),
    ("site", {"legal_control": ["US"]}, "any.forbidden-legal-control"),
    ("store", {"legal_control": ["DE", "US"]}, "any.forbidden-legal-control"),
    ("database", {"legal_control": ["US"]}, "any.forbidden-legal-control"),
    ("worker", {"legal_control": ["US"]}, "any.forbidden-legal-control"),
    ("endpoint", {"legal_control": ["US"]}, "any.forbidden-legal-control"),
    ("endpoint", {"legal_control": ["FR"]}, None),
]
#: The same for a person's question.
QUERY: list[tuple[str, dict[str, Any], bool]] = [
    ("nothing", {}, True),
    ("site", {"jurisdiction": "FR"}, False),
    ("endpoint", {"jurisdiction": "FR"}, False),
    ("store", {"jurisdiction": "FR"}, False),
    ("worker", {"jurisdiction": "FR"}, True),
    ("database", {"jurisdiction": "FR"}, False),
    ("endpoint", {"jurisdiction": "DE-HH"}, True),
    *((kind, {"legal_control": ["US"]}, False) for kind in ("site", "store", "database", "worker", "endpoint")),
]


@pytest.fixture
def rivers(nation: Nation) -> Nation:
    nation.person("ada")
    nation.dataset("rivers", forbidden_legal_control=["US"])
    nation.grant("ada", "rivers")
    return nation


def change(nation: Nation, part: str, **facts_: Any) -> None:
    if part == "nothing":
        return
    declared = {"jurisdiction": "DE", "operator": "ministry", "legal_control": ["DE"], **facts_}
    with nation.operator.begin(OPERATOR) as session:
        places.register(session, name=part, kind=PlaceKind(part), **declared)


def may_take_in(nation: Nation, dataset: DatasetId | None = None) -> Ruling:
    with nation.operator.begin(OPERATOR) as session:
        here = surroundings(session, nation.site, sealed=nation.site.sealed)
        return ingest_ruling(session, dataset or nation.datasets["rivers"], here)


@contextmanager
def counting(nation: Nation, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[str], list[int]]]:
    """The statements the API's role sends, and how many laws each call of `decide` rules on."""
    statements: list[str] = []
    calls: list[int] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        statements.append(statement)

    def decide(requests: Sequence[Request]) -> list[Ruling]:
        calls.append(len(requests))
        return DECIDE(requests)

    monkeypatch.setattr(facts, "decide", decide)
    event.listen(nation.api.engine, "before_cursor_execute", note)
    yield statements, calls
    event.remove(nation.api.engine, "before_cursor_execute", note)


def many(nation: Nation, count: int, name: str = "d") -> None:
    """Datasets by the thousand in eight laws, a grant to Ada on every fourth."""
    run(
        nation.database,
        """
        WITH made AS (INSERT INTO hub.lineages (ceiling_share) SELECT 1 FROM generate_series(1, %s) RETURNING id),
        numbered AS (SELECT id, row_number() OVER () AS n FROM made),
        added AS (
            INSERT INTO hub.datasets (slug, title, description, lineage_id, owner_id, listed, classification, store_in,
                process_in, access_from, forbidden_legal_control, purposes, window_characters, window_s,
                lifetime_characters, most_window_characters, most_lifetime_characters)
            SELECT %s || '-' || n, 'T', '', id, (SELECT id FROM hub.organisations WHERE slug = 'ministry'), true,
                   CASE WHEN n %% 2 = 0 THEN 'internal' ELSE 'restricted' END, '{DE}', '{DE}',
                   CASE WHEN n %% 3 = 0 THEN '{EU}'::text[] ELSE '{DE}' END, '{}', '{research}', 100, 60,
                   1000, 1000, 10000
              FROM numbered RETURNING id, slug)
        INSERT INTO hub.grants (dataset_id, person_id, everyone, purpose, starts_at, ends_at, given_by)
        SELECT id, %s, false, 'research', now() - interval '1 hour', now() + interval '1 day', 'test'
          FROM added WHERE split_part(slug, '-', 2)::int %% 4 = 0
        """,
        count,
        name,
        nation.people["ada"],
    )


def test_two_thousand_datasets_are_decided_once_for_each_law_in_a_handful_of_statements(
    nation: Nation, monkeypatch: pytest.MonkeyPatch
) -> None:
    nation.person("ada")
    many(nation, 2000)
    with counting(nation, monkeypatch) as (statements, calls):
        scope = nation.scope("ada")
    assert len(scope.dataset_ids) == 500
    assert calls == [6]
    assert len(statements) <= 14
    assert value(nation.database, "SELECT jsonb_array_length(rulings) FROM hub.decisions") == 2  # may, or no grant
    ruled = """SELECT count(DISTINCT d)
                 FROM hub.decisions, jsonb_array_elements(rulings) r, jsonb_array_elements(r->'datasets') d"""
    assert value(nation.database, ruled) == 2000


def test_ten_times_the_datasets_take_no_statement_more(nation: Nation, monkeypatch: pytest.MonkeyPatch) -> None:
    nation.person("ada")
    counted = []
    for count in (20, 180):
        many(nation, count, name=f"of{count}")
        with counting(nation, monkeypatch) as (statements, calls):
            nation.scope("ada")
        counted.append((len(statements), calls))
    assert counted[0] == counted[1]


def test_datasets_that_differ_in_one_tag_are_decided_apart(nation: Nation, monkeypatch: pytest.MonkeyPatch) -> None:
    nation.person("ada")
    tags: list[dict[str, Any]] = [
        {},
        {"title": "Only another title", "description": "and text"},
        {"classification": Classification.SECRET},
        {"store_in": ["FR"]},
        {"process_in": ["DE", "FR"]},
        {"access_from": ["DE"]},
        {"forbidden_legal_control": ["CN"]},
        {"purposes": [Purpose.RESEARCH, Purpose.STATISTICS]},
    ]
    for number, tag in enumerate(tags):
        nation.dataset(f"d{number}", **tag)
    with counting(nation, monkeypatch) as (_, calls):
        nation.scope("ada")
    assert calls == [7]


def test_a_group_and_its_members_written_out_are_one_law(nation: Nation, monkeypatch: pytest.MonkeyPatch) -> None:
    nation.person("ada")
    nation.dataset("one", access_from=["EU"])
    nation.dataset("two", access_from=sorted(GROUPS["EU"]))
    with counting(nation, monkeypatch) as (_, calls):
        nation.scope("ada")
    assert calls == [1]


def test_without_a_dataset_a_decision_is_recorded_all_the_same(nation: Nation) -> None:
    nation.person("ada")
    scope = nation.scope("ada")
    assert (scope.dataset_ids, dict(scope.titles)) == ((), {})
    assert value(nation.database, "SELECT dataset_ids FROM hub.decisions WHERE id = %s", scope.decision_id) == []


def test_a_scope_names_its_datasets_by_their_titles_and_no_other(rivers: Nation) -> None:
    rivers.dataset("harbours", title="Harbours nobody granted")
    scope = rivers.scope("ada")
    assert dict(scope.titles) == {rivers.datasets["rivers"]: "Rivers"}
    assert scope.dataset_ids == (rivers.datasets["rivers"],)
    assert (scope.subject.person_id, scope.purpose) == (rivers.people["ada"], Purpose.RESEARCH)


def test_the_word_of_the_identity_provider_counts_and_not_the_register(rivers: Nation) -> None:
    subject = rivers.subject("ada")
    for attributes, opens in (
        ({}, True),
        ({"clearance": Classification.PUBLIC}, False),
        ({"jurisdiction": "US"}, False),
        ({"jurisdiction": "FR"}, True),
    ):
        with rivers.api.begin(subject.asker) as session:
            here = surroundings(session, SITE, sealed=True, zone=subject.zone)
            scope = scope_for(session, subject=replace(subject, **attributes), purpose=Purpose.RESEARCH, here=here)
        assert bool(scope.dataset_ids) == opens


@pytest.mark.parametrize(("part", "changed", "opens"), QUERY)
def test_where_a_part_stands_decides_who_may_ask(
    rivers: Nation, part: str, changed: dict[str, Any], *, opens: bool
) -> None:
    change(rivers, part, **changed)
    assert bool(rivers.scope("ada").dataset_ids) == opens


@pytest.mark.parametrize(("part", "changed", "rule"), INGEST)
def test_where_a_part_stands_decides_what_may_be_taken_in(
    rivers: Nation, part: str, changed: dict[str, Any], rule: str | None
) -> None:
    change(rivers, part, **changed)
    ruling = may_take_in(rivers)
    assert (ruling.permitted, ruling.rules) == (rule is None, (rule or "ingest.by-worker",))
    assert all(reason.endswith(".") for reason in ruling.reasons)


@pytest.mark.parametrize("classification", Classification)
@pytest.mark.parametrize("sealed", [True, False])
def test_an_unsealed_host_takes_in_and_serves_public_and_internal_data_alone(
    nation: Nation, classification: Classification, *, sealed: bool
) -> None:
    nation.site = SITE.model_copy(update={"sealed": sealed})
    nation.person("ada")
    nation.dataset("rivers", classification=classification)
    nation.grant("ada", "rivers")
    may = sealed or classification.level <= 1
    assert may_take_in(nation).permitted == may
    assert bool(nation.scope("ada").dataset_ids) == may


def test_a_withdrawn_or_absent_dataset_takes_nothing_in(rivers: Nation) -> None:
    assert may_take_in(rivers, DatasetId(uuid4())).rules == ("dataset.absent",)
    with rivers.operator.begin(OPERATOR) as session:
        datasets.withdraw(session, rivers.datasets["rivers"], reason="over")
    ruling = may_take_in(rivers)
    assert (ruling.permitted, ruling.rules) == (False, ("dataset.absent",))


@pytest.mark.parametrize("part", ["site", "database_place", "store_place", "worker_place", "endpoint_place"])
def test_a_part_that_is_not_registered_stops_everything(rivers: Nation, part: str) -> None:
    rivers.site = SITE.model_copy(update={part: "elsewhere"})
    with pytest.raises(NotFoundError, match="'elsewhere' is not registered"):
        rivers.scope("ada")
    with pytest.raises(NotFoundError, match="'elsewhere' is not registered"):
        may_take_in(rivers)


def test_surroundings_join_every_law_that_can_compel_an_operator(nation: Nation) -> None:
    for part, law in (("site", "DE"), ("store", "FR"), ("database", "US"), ("worker", "CN"), ("endpoint", "CH")):
        change(nation, part, legal_control=[law])
    with nation.operator.begin(Operator(name="test")) as session:
        here = surroundings(session, SITE, sealed=False)
    assert here.legal_control == {"DE", "FR", "US", "CN", "CH"}
    assert here.sealed is False
