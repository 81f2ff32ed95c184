"""What the database itself refuses, whoever writes: each rule of the tables broken once."""

from typing import LiteralString

import psycopg
import pytest
from psycopg import errors

from tests.fixtures.nation import Nation
from tests.fixtures.postgres import ClusterDatabase

#: Each constraint, and one statement that breaks it and nothing else.
BROKEN: dict[str, LiteralString] = {
    "ck_clock_one_row": "INSERT INTO hub.clock VALUES (2, interval '0')",
    "ck_clock_never_behind": "UPDATE hub.clock SET ahead = interval '-1 second'",
    "pk_clock": "INSERT INTO hub.clock VALUES (1, interval '0')",
    "ck_index_models_one_row": "UPDATE hub.index_models SET id = 2",
    "ck_ended_sessions_session_id": """INSERT INTO hub.ended_sessions (person_id, session_id, forgotten_at, ended_by)
                                        VALUES (gen_random_uuid(), repeat('x', 129), hub.hub_now(), 'x')""",
    "ck_ended_sessions_token_id": """INSERT INTO hub.ended_sessions (person_id, token_id, forgotten_at, ended_by)
                                      VALUES (gen_random_uuid(), repeat('x', 129), hub.hub_now(), 'x')""",
    "uq_ended_sessions_token_id": """INSERT INTO hub.ended_sessions (person_id, token_id, forgotten_at, ended_by)
                                     SELECT gen_random_uuid(), 'a', hub.hub_now(), 'x' FROM generate_series(1, 2)""",
    "ck_agents_name": """INSERT INTO hub.agents (person_id, name, purpose, token_id, ends_at)
                         SELECT id, '', 'research', 'a', hub.hub_now() FROM hub.people""",
    "ck_agents_token_id": """INSERT INTO hub.agents (person_id, name, purpose, token_id, ends_at)
                             SELECT id, 'a', 'research', repeat('x', 129), hub.hub_now() FROM hub.people""",
    "uq_agents_token_id": """INSERT INTO hub.agents (person_id, name, purpose, token_id, ends_at)
                             SELECT id, 'a', 'research', 'a', hub.hub_now() FROM hub.people, generate_series(1, 2)""",
    "ck_metadata_reviews_digest": """INSERT INTO hub.metadata_reviews (dataset_id, person_id, digest)
                                     SELECT d.id, p.id, repeat('A', 64) FROM hub.datasets d, hub.people p LIMIT 1""",
    "ck_people_kind": "UPDATE hub.people SET kind = 'robot'",
    "ck_service_accounts_client": """INSERT INTO hub.service_accounts (person_id, client, opened_by)
                                     SELECT id, repeat('x', 161), 'x' FROM hub.people LIMIT 1""",
    "uq_service_accounts_client": """INSERT INTO hub.people (slug, name, organisation_id, jurisdiction, clearance)
                                     SELECT 'another', name, organisation_id, 'DE', 'public' FROM hub.people LIMIT 1;
                                     INSERT INTO hub.service_accounts (person_id, client, opened_by)
                                     SELECT id, 'a', 'x' FROM hub.people""",
    "uq_organisations_slug": "INSERT INTO hub.organisations (slug, name, jurisdiction) VALUES ('ministry', 'M', 'DE')",
    "uq_people_slug": """INSERT INTO hub.people (slug, name, organisation_id, jurisdiction, clearance)
                         SELECT slug, name, organisation_id, 'DE', 'public' FROM hub.people""",
    "ck_people_clearance": "UPDATE hub.people SET clearance = 'cosmic'",
    "uq_places_name": "UPDATE hub.places SET name = 'site'",
    "ck_places_kind": "UPDATE hub.places SET kind = 'cloud'",
    "ck_served_models_kind": """INSERT INTO hub.served_models (place_id, sha256, name, kind)
                                SELECT id, repeat('a', 64), 'm', 'oracle' FROM hub.places LIMIT 1""",
    "ck_served_models_sha256": """INSERT INTO hub.served_models (place_id, sha256, name, kind)
                                  SELECT id, 'A', 'm', 'chat' FROM hub.places LIMIT 1""",
    "ck_lineages_characters": "UPDATE hub.lineages SET characters = -1",
    "ck_lineages_ceiling_share": "UPDATE hub.lineages SET ceiling_share = 1.1",
    "ck_lineages_peak": "UPDATE hub.lineages SET peak_characters = characters - 1",
    "ck_lineages_full_share": "UPDATE hub.lineages SET full_share = ceiling_share / 2",
    "uq_datasets_slug": """INSERT INTO hub.datasets (slug, title, description, lineage_id, owner_id, listed,
                             classification, store_in, process_in, access_from, forbidden_legal_control, purposes,
                             window_characters, window_s, lifetime_characters, most_window_characters,
                             most_lifetime_characters)
                           SELECT slug, title, description, lineage_id, owner_id, listed, classification, store_in,
                             process_in, access_from, forbidden_legal_control, purposes, window_characters, window_s,
                             lifetime_characters, most_window_characters, most_lifetime_characters
                             FROM hub.datasets""",
    "ck_datasets_classification": "UPDATE hub.datasets SET classification = 'unclear'",
    "ck_datasets_residency": "UPDATE hub.datasets SET store_in = '{}'",
    "ck_datasets_purposes": "UPDATE hub.datasets SET purposes = '{}'",
    "ck_datasets_most": "UPDATE hub.datasets SET most_lifetime_characters = lifetime_characters - 1",
    "ck_people_behind": "UPDATE hub.people SET behind_id = id",
    "ck_datasets_budget": "UPDATE hub.datasets SET window_s = 0",
    "ck_document_laws_classification": "UPDATE hub.document_laws SET classification = 'unclear'",
    "ck_document_laws_residency": "UPDATE hub.document_laws SET access_from = '{}'",
    "ck_document_laws_tags": "UPDATE hub.document_laws SET classification = NULL",
    "uq_document_laws_tags": """INSERT INTO hub.document_laws (dataset_id, classification)
                                SELECT dataset_id, classification FROM hub.document_laws""",
    "uq_documents_dataset_id_name": """INSERT INTO hub.documents (dataset_id, name)
                                       SELECT dataset_id, name FROM hub.documents""",
    "uq_document_versions_document_id_ordinal": """
        INSERT INTO hub.document_versions (document_id, dataset_id, submission_id, ordinal, sha256, size_bytes, state)
        SELECT document_id, dataset_id, submission_id, 1, sha256, 1, 'quarantined' FROM hub.document_versions""",
    "ck_document_versions_sha256": "UPDATE hub.document_versions SET sha256 = upper(sha256) || 'G'",
    "ck_document_versions_state": "UPDATE hub.document_versions SET state = 'lost'",
    "ck_document_versions_reason": "UPDATE hub.document_versions SET state = 'refused', reason = NULL",
    "ck_document_versions_settled_at": "UPDATE hub.document_versions SET settled_at = NULL",
    "ck_text_revisions_characters": "UPDATE hub.text_revisions SET characters = characters + 1",
    "uq_chunks_revision_id_ordinal": "UPDATE hub.chunks SET ordinal = 0",
    "ck_chunks_span": "UPDATE hub.chunks SET span_start = span_start - 100, span_end = span_end - 100",
    "ck_chunks_body": "UPDATE hub.chunks SET body = body || '!'",
    "ck_lexeme_counts_chunks": "UPDATE hub.lexeme_counts SET chunks = -1",
    "ck_index_sizes_sizes": "UPDATE hub.index_sizes SET lexemes = -1",
    "ck_step_ups_characters": "UPDATE hub.step_ups SET characters = 0",
    "ck_step_ups_reason": "UPDATE hub.step_ups SET reason = 'x'",
    "ck_step_ups_decision": "UPDATE hub.step_ups SET granted = true",
    "ck_step_ups_not_ones_own": "UPDATE hub.step_ups SET decided_at = now(), decided_by = person_id, granted = true",
    "ck_violations_door": "INSERT INTO hub.violations (door, rule, tag, place, dataset_ids, actor)"
    " SELECT 'window', 'r', 't', 'p', ARRAY[d.id], 'a' FROM hub.datasets d",
    "ck_violations_datasets": "INSERT INTO hub.violations (door, rule, tag, place, dataset_ids, actor)"
    " VALUES ('session', 'r', 't', 'p', '{}', 'a')",
    "ck_group_members_term": "UPDATE hub.group_members SET left_on = joined_on",
    "ck_group_members_name": "UPDATE hub.group_members SET name = 'eu'",
    "ck_alerts_kind": "UPDATE hub.alerts SET kind = 'feeling'",
    "ck_alerts_note": """UPDATE hub.alerts SET acknowledged_at = now(), acknowledged_by = gen_random_uuid(),
                                               note = 'x'""",
    "ck_alerts_acknowledgement": "UPDATE hub.alerts SET note = 'Nobody said so.'",
    "ck_alerts_not_ones_own": """UPDATE hub.alerts SET acknowledged_at = now(), acknowledged_by = person_id,
                                                       note = 'Mine.'""",
    "ck_grants_mode": "UPDATE hub.grants SET mode = 'all', confirmed_by = 'me'",
    "ck_grants_confirmed": "UPDATE hub.grants SET mode = 'full'",
    "ck_disclosures_form": "UPDATE hub.disclosures SET form = 'gift'",
    "ck_lineage_budgets_used": "UPDATE hub.lineage_budgets SET used = cap + 1",
    "ck_grants_one_grantee": "UPDATE hub.grants SET everyone = true",
    "ck_grants_term": "UPDATE hub.grants SET ends_at = starts_at",
    "ck_grants_revocation": "UPDATE hub.grants SET revoked_at = now()",
    "ck_grants_window_characters": "UPDATE hub.grants SET window_characters = 0",
    "ck_grants_lifetime_characters": "UPDATE hub.grants SET lifetime_characters = 0",
    "ck_person_budgets_window": "UPDATE hub.person_budgets SET window_used = window_limit + 1",
    "ck_person_budgets_lifetime": "UPDATE hub.person_budgets SET lifetime_used = lifetime_limit + 1",
    "ck_findings_held": "UPDATE hub.findings SET held = 0",
    "ck_findings_gone_at": "UPDATE hub.findings SET gone_at = found_at - interval '1 second'",
    "ck_turns_outcome": "UPDATE hub.turns SET refused = 'nothing-found'",
    "ck_turns_note": "UPDATE hub.turns SET note = repeat('x', 501)",
    "ck_organisation_budgets_share": "UPDATE hub.organisation_budgets SET share = 0",
    "ck_organisation_budgets_used": "UPDATE hub.organisation_budgets SET used = cap + 1",
}


@pytest.fixture
def filled(nation: Nation) -> ClusterDatabase:
    """One row in each table at least."""
    from catalog.disclosure import disclose

    nation.person("ada")
    nation.dataset("rivers")
    nation.grant("ada", "rivers")
    nation.document("rivers", "a.txt", ["The river.", "The harbour."])
    scope = nation.scope("ada")
    disclose(nation.api, scope, [found.chunk_id for found in nation.search(scope, "river", limit=1)])
    with nation.database.connect() as connection:
        connection.execute("""INSERT INTO hub.turns (person_id, purpose, question, answer)
                              SELECT id, 'research', 'Which river?', '{}' FROM hub.people""")
        connection.execute("""INSERT INTO hub.findings (kind, object, dataset_ids, place, door, rule, tag, held)
                              VALUES ('object', 'x', '{}', 'store', 'object', 'default-deny', 'store_in', 1)""")
        connection.execute("""INSERT INTO hub.step_ups (person_id, dataset_id, purpose, characters, reason)
                              SELECT p.id, d.id, 'research', 1, 'A test.' FROM hub.people p, hub.datasets d""")
        connection.execute("""INSERT INTO hub.document_laws (dataset_id, classification)
                              SELECT id, 'secret' FROM hub.datasets""")
        connection.execute("""INSERT INTO hub.alerts (kind, person_id, dataset_id, disclosure_id, evidence)
                              SELECT 'bait', o.subject_id, d.id, o.id, '{}' FROM hub.datasets d, hub.disclosures o""")
    return nation.database


def test_the_table_breaks_every_check_and_every_uniqueness_beside_keys(filled: ClusterDatabase) -> None:
    query = """SELECT conname FROM pg_constraint WHERE connamespace = 'hub'::regnamespace AND contype IN ('c', 'u')"""
    with filled.connect() as connection:
        declared = {name for (name,) in connection.execute(query).fetchall()}
    assert declared - set(BROKEN) == set()
    assert set(BROKEN) - declared == {"pk_clock"}


def test_each_rule_of_the_tables_is_held_by_the_database(filled: ClusterDatabase) -> None:
    with filled.connect() as connection:
        for name, statement in BROKEN.items():
            with pytest.raises(psycopg.IntegrityError) as caught, connection.transaction():
                connection.execute(statement)
            assert caught.value.diag.constraint_name == name


@pytest.mark.parametrize("table", ["people", "datasets", "grants", "document_versions", "lineages", "organisations"])
def test_what_others_hang_on_is_not_deleted_under_them(filled: ClusterDatabase, table: LiteralString) -> None:
    statement: LiteralString = "DELETE FROM hub." + table  # noqa: S608  # own names
    with filled.connect() as connection:
        if table == "grants":
            assert connection.execute(statement).rowcount == 1
            return
        with pytest.raises(errors.ForeignKeyViolation):
            connection.execute(statement)


def test_every_row_has_a_random_id_or_a_key_of_such(filled: ClusterDatabase) -> None:
    query = """SELECT table_name, column_default FROM information_schema.columns
                WHERE table_schema = 'hub' AND column_name = 'id'
                  AND table_name NOT IN ('clock', 'index_models', 'audit_events')"""
    with filled.connect() as connection:
        found = connection.execute(query).fetchall()
    assert len(found) > 10
    assert {default for _, default in found} == {"gen_random_uuid()"}


def test_every_moment_has_a_zone_and_comes_from_the_hubs_clock_if_from_any(filled: ClusterDatabase) -> None:
    query = """SELECT table_name, column_name, data_type, column_default FROM information_schema.columns
                WHERE table_schema = 'hub' AND (data_type LIKE 'timestamp%' OR column_name LIKE '%\\_at')"""
    with filled.connect() as connection:
        found = connection.execute(query).fetchall()
    assert {kind for _, _, kind, _ in found} == {"timestamp with time zone"}
    assert {default for _, _, _, default in found} == {None, "hub.hub_now()"}


@pytest.mark.parametrize("role", ["hub_api", "hub_worker", "hub_auditor"])
def test_only_the_owner_steps_the_clock(filled: ClusterDatabase, role: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege), filled.connect(role) as connection:
        connection.execute("UPDATE hub.clock SET ahead = interval '1 day'")
    with filled.connect(role) as connection:
        row = connection.execute("SELECT abs(extract(epoch FROM hub.hub_now() - clock_timestamp())) < 1").fetchone()
    assert row == (True,)


def test_the_clock_runs_ahead_by_what_was_set_for_everybody(filled: ClusterDatabase) -> None:
    with filled.connect() as connection:
        connection.execute("UPDATE hub.clock SET ahead = interval '90 days'")
    for role in ("hub_api", "hub_worker", "hub_auditor"):
        with filled.connect(role) as connection:
            row = connection.execute("SELECT extract(days FROM hub.hub_now() - clock_timestamp())").fetchone()
        assert row is not None
        assert row[0] in {89, 90}
