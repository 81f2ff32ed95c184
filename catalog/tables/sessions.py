"""Sessions that were ended before their tokens end: by the issuer's word, or by an admin."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, UniqueConstraint, Uuid

from catalog.tables.base import identifier, metadata, moment

ended_sessions = Table(
    "ended_sessions",
    metadata,
    identifier(),
    # No reference: the issuer may tell of someone this register never knew.
    Column("person_id", Uuid, nullable=False),
    # As tokens name it; null for every session of the person that began before.
    Column("session_id", Text),
    # The id of the token the issuer told it by, so that none is taken twice.
    Column("token_id", Text),
    moment("ended_at", default_now=True),
    # From when on no token of it can live any more.
    moment("forgotten_at"),
    Column("ended_by", Text, nullable=False),
    UniqueConstraint("token_id"),
    CheckConstraint("char_length(session_id) <= 128", name="session_id"),
    CheckConstraint("char_length(token_id) <= 128", name="token_id"),
    Index(None, "person_id", "session_id"),
    Index(None, "forgotten_at"),
)
