"""Reading budgets in characters: of a person, an organisation and all together; spans read; where text stood before."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Numeric, Table
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE

from catalog.tables.base import metadata, moment, reference

person_budgets = Table(
    "person_budgets",
    metadata,
    reference("person_id", "people", primary_key=True),
    reference("lineage_id", "lineages", primary_key=True),
    moment("window_started_at"),
    Column("window_used", BigInteger, nullable=False),
    Column("window_limit", BigInteger, nullable=False),
    Column("lifetime_used", BigInteger, nullable=False),
    Column("lifetime_limit", BigInteger, nullable=False),
    CheckConstraint("window_used >= 0 AND window_used <= window_limit", name="window"),
    CheckConstraint("lifetime_used >= 0 AND lifetime_used <= lifetime_limit", name="lifetime"),
)

organisation_budgets = Table(
    "organisation_budgets",
    metadata,
    reference("organisation_id", "organisations", primary_key=True),
    reference("lineage_id", "lineages", primary_key=True),
    # The organisation's part of the owner's ceiling: G = share · N.
    Column("share", Numeric(5, 4), nullable=False),
    # Open: held under a grant for everyone, outside the sum that the ceiling bounds.
    Column("open", Boolean, nullable=False),
    Column("used", BigInteger, nullable=False),
    Column("cap", BigInteger, nullable=False),
    CheckConstraint("share > 0 AND share <= 1", name="share"),
    CheckConstraint("used >= 0 AND used <= cap", name="used"),
)

lineage_budgets = Table(
    "lineage_budgets",
    metadata,
    reference("lineage_id", "lineages", primary_key=True),
    # All organisations together; kept where the owner's ceiling is below the whole: cap = c · N.
    Column("used", BigInteger, nullable=False),
    Column("cap", BigInteger, nullable=False),
    CheckConstraint("used >= 0 AND used <= cap", name="used"),
)

text_traces = Table(
    "text_traces",
    metadata,
    # Where a text has stood before, also one taken out since: prints of runs of its words, never the words.
    Column("print", BigInteger, primary_key=True, autoincrement=False),
    reference("lineage_id", "lineages", primary_key=True),
)

read_spans = Table(
    "read_spans",
    metadata,
    reference("person_id", "people", primary_key=True),
    reference("revision_id", "text_revisions", primary_key=True),
    Column("spans", INT8MULTIRANGE, nullable=False),
)
