"""The tables, in reading order; no behaviour."""

from catalog.tables.base import metadata

from catalog.tables.clock import clock  # isort: skip
from catalog.tables.people import organisations, people  # isort: skip
from catalog.tables.places import places  # isort: skip
from catalog.tables.served_models import served_models  # isort: skip
from catalog.tables.groups import group_members  # isort: skip
from catalog.tables.datasets import datasets, lineages  # isort: skip
from catalog.tables.documents import document_laws, document_versions, documents, submissions, text_revisions  # isort: skip
from catalog.tables.chunks import chunks, index_sizes, lexeme_counts  # isort: skip
from catalog.tables.index_models import index_models  # isort: skip
from catalog.tables.grants import grants  # isort: skip
from catalog.tables.decisions import decisions, disclosures  # isort: skip
from catalog.tables.budgets import lineage_budgets, organisation_budgets, person_budgets, read_spans, text_traces  # isort: skip
from catalog.tables.step_ups import step_ups  # isort: skip
from catalog.tables.alerts import alerts  # isort: skip
from catalog.tables.turns import turns  # isort: skip
from catalog.tables.sessions import ended_sessions  # isort: skip
from catalog.tables.agents import agents  # isort: skip
from catalog.tables.violations import violations  # isort: skip
from catalog.tables.findings import findings  # isort: skip
from catalog.tables.metadata_reviews import metadata_reviews  # isort: skip
from catalog.tables.service_accounts import service_accounts  # isort: skip
from catalog.tables.audit import audit_events  # isort: skip

__all__ = [
    "agents",
    "alerts",
    "audit_events",
    "chunks",
    "clock",
    "datasets",
    "decisions",
    "disclosures",
    "document_laws",
    "document_versions",
    "documents",
    "ended_sessions",
    "findings",
    "grants",
    "group_members",
    "index_models",
    "index_sizes",
    "lexeme_counts",
    "lineage_budgets",
    "lineages",
    "metadata",
    "metadata_reviews",
    "organisation_budgets",
    "organisations",
    "people",
    "person_budgets",
    "places",
    "read_spans",
    "served_models",
    "service_accounts",
    "step_ups",
    "submissions",
    "text_revisions",
    "text_traces",
    "turns",
    "violations",
]
