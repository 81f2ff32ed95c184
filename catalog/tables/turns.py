"""What a person asked and was answered: their own history, for nobody else's eyes."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from catalog.tables.base import identifier, metadata, moment, reference

turns = Table(
    "turns",
    metadata,
    identifier(),
    # The turns of one conversation share it; a follow-up is understood with the questions before.
    Column("conversation_id", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
    reference("person_id", "people"),
    moment("asked_at", default_now=True),
    Column("purpose", Text, nullable=False),
    # The person's own words.
    Column("question", Text, nullable=False),
    # A RefusalKind; null for an answer.
    Column("refused", Text),
    # Made from documents, so it is given out by turn_answer() alone, while grants and passages live.
    Column("answer", JSONB(none_as_null=True)),
    Column("chunk_ids", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    Column("dataset_ids", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    Column("useful", Boolean),
    Column("note", Text),
    CheckConstraint("(answer IS NULL) = (refused IS NOT NULL)", name="outcome"),
    CheckConstraint("char_length(note) <= 500", name="note"),
    Index(None, "person_id", "asked_at"),
)
