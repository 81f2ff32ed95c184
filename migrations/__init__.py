"""Brings a database to today's schema: tables by alembic, then roles, functions, policies and grants from `sql/`.

The files in `sql/` are repeatable: each states what should be, and `apply` states it again after every upgrade,
so the database never holds an older function or a forgotten grant. `roles.sql` runs first, as the superuser.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from migrations.files import run_file

#: Order matters: functions before the policies that call them, grants last, then what the doors for people add.
REPEATABLE = (
    "hub_now.sql",
    "subject_id.sql",
    "subject_organisation.sql",
    "granted_organisation.sql",
    "charged_person.sql",
    "passage_spans.sql",
    "live_grants.sql",
    "live_scope.sql",
    "closed_documents.sql",
    "new_law.sql",
    "stored_laws.sql",
    "decide_hold.sql",
    "claim_index.sql",
    "search_chunks.sql",
    "document_chunks.sql",
    "open_budgets.sql",
    "raise_alerts.sql",
    "disclose.sql",
    "disclosed_text.sql",
    "trace_copies.sql",
    "set_ceiling.sql",
    "append_only.sql",
    "visible_datasets.sql",
    "holdings.sql",
    "passage_facts.sql",
    "characters_left.sql",
    "meter.sql",
    "widened.sql",
    "decide_step_up.sql",
    "askers.sql",
    "acknowledge_alert.sql",
    "copied_elsewhere.sql",
    "turn_answer.sql",
    "version_pages.sql",
    "page_chunks.sql",
    "disclosed_page.sql",
    "policies.sql",
    "grants.sql",
    "doors.sql",
    "sessions.sql",
    "service_accounts.sql",
    "law.sql",
    "served_models.sql",
    "residency_desk.sql",
    "residency_scan.sql",
    "metadata_review.sql",
)


def alembic_config(connection: sa.Connection | None = None) -> Config:
    """Return alembic's configuration, which lives here and in no file of its own."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def apply(url: sa.URL) -> None:
    """Bring the database at `url` (a superuser's) to the newest schema; safe to run again.

    One transaction: a failing step leaves the database as it was.
    """
    engine = sa.create_engine(url)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(742)")
            run_file(connection, "roles.sql")
            connection.exec_driver_sql("SET LOCAL ROLE hub_owner")
            command.upgrade(alembic_config(connection), "head")
            connection.exec_driver_sql("RESET ROLE")
            for name in REPEATABLE:
                run_file(connection, name)
    finally:
        engine.dispose()
