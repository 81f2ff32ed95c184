"""What the hub holds and under which law: lineages (what budgets follow) and datasets (what tags hang on)."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from catalog.tables.base import identifier, metadata, moment, reference, texts

lineages = Table(
    "lineages",
    metadata,
    identifier(),
    # N of the bound: characters of all published text revisions.
    Column("characters", BigInteger, nullable=False, server_default=text("0")),
    # The most N ever was: what was taken out and stands again elsewhere is measured by it.
    Column("peak_characters", BigInteger, nullable=False, server_default=text("0")),
    # c of the bound: the share of N all organisations together may ever read.
    Column("ceiling_share", Numeric(5, 4), nullable=False),
    # The same for full reading, once its owner has confirmed it; none without.
    Column("full_share", Numeric(5, 4)),
    CheckConstraint("characters >= 0", name="characters"),
    CheckConstraint("peak_characters >= characters", name="peak"),
    CheckConstraint("full_share >= ceiling_share AND full_share <= 1", name="full_share"),
    CheckConstraint("ceiling_share > 0 AND ceiling_share <= 1", name="ceiling_share"),
)

datasets = Table(
    "datasets",
    metadata,
    identifier(),
    Column("slug", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    reference("lineage_id", "lineages"),
    reference("owner_id", "organisations"),
    Column("listed", Boolean, nullable=False),
    Column("classification", Text, nullable=False),
    # Residency as declared: ISO 3166 places or named groups; expanded where it is decided.
    texts("store_in"),
    texts("process_in"),
    texts("access_from"),
    texts("forbidden_legal_control"),
    # Places and groups no model may come from that reads it, nor any model it was made from.
    Column("forbidden_model_origins", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    texts("purposes"),
    # What a person may ask for a first try: written by the owner, shown to whoever sees the card.
    Column("sample_questions", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    # B, T and L of the bound.
    Column("window_characters", BigInteger, nullable=False),
    Column("window_s", Integer, nullable=False),
    Column("lifetime_characters", BigInteger, nullable=False),
    # The most a grant may set instead: the owner's limits.
    Column("most_window_characters", BigInteger, nullable=False),
    Column("most_lifetime_characters", BigInteger, nullable=False),
    moment("registered_at", default_now=True),
    moment("withdrawn_at", nullable=True),
    # Another one with every change of the tags (a trigger's work): what was decided under the former opens nothing.
    Column("law_id", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
    UniqueConstraint("slug"),
    CheckConstraint("classification IN ('public', 'internal', 'restricted', 'secret')", name="classification"),
    CheckConstraint(
        "cardinality(store_in) > 0 AND cardinality(process_in) > 0 AND cardinality(access_from) > 0", name="residency"
    ),
    CheckConstraint("cardinality(purposes) > 0", name="purposes"),
    CheckConstraint("window_characters > 0 AND window_s > 0 AND lifetime_characters > 0", name="budget"),
    CheckConstraint(
        "most_window_characters >= window_characters AND most_lifetime_characters >= lifetime_characters", name="most"
    ),
    Index("ix_datasets_listed", "id", postgresql_where=text("listed")),
    Index(None, "owner_id"),
)
