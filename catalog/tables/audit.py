"""The audit trail: one row an act, in the act's own transaction, never changed."""

from sqlalchemy import BigInteger, Column, Identity, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from catalog.tables.base import metadata, moment

audit_events = Table(
    "audit_events",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    moment("at", default_now=True),
    Column("type", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("dataset_ids", ARRAY(Uuid), nullable=False),
    Column("decision_id", Uuid),
    # Ids, figures and reasons; never document or question text.
    Column("detail", JSONB, nullable=False),
    # The agent that asked for the actor, as the transaction says: no statement has to think of it.
    Column("agent", Text, server_default=text("nullif(current_setting('hub.agent', true), '')")),
)
