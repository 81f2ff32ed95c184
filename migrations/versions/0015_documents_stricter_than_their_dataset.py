"""Documents may carry tags of their own, and a decision names the laws it was made under."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_RESIDENCIES = ("store_in", "process_in", "access_from")


def upgrade() -> None:
    """Apply the change."""
    laws: sa.Column[object] = sa.Column(
        "law_id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False
    )
    op.add_column("datasets", laws, schema="hub")
    op.create_table(
        "document_laws",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("classification", sa.Text(), nullable=True),
        *(sa.Column(name, postgresql.ARRAY(sa.Text()), nullable=True) for name in _RESIDENCIES),
        sa.Column("forbidden_legal_control", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.CheckConstraint(
            "classification IN ('public', 'internal', 'restricted', 'secret')",
            name=op.f("ck_document_laws_classification"),
        ),
        sa.CheckConstraint(
            "cardinality(store_in) > 0 AND cardinality(process_in) > 0 AND cardinality(access_from) > 0",
            name=op.f("ck_document_laws_residency"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(classification, store_in, process_in, access_from, forbidden_legal_control) > 0",
            name=op.f("ck_document_laws_tags"),
        ),
        sa.ForeignKeyConstraint(["dataset_id"], ["hub.datasets.id"], name=op.f("fk_document_laws_dataset_id_datasets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_laws")),
        sa.UniqueConstraint(
            "dataset_id",
            "classification",
            *_RESIDENCIES,
            "forbidden_legal_control",
            name=op.f("uq_document_laws_tags"),
            postgresql_nulls_not_distinct=True,
        ),
        schema="hub",
    )
    op.create_index("ix_document_laws_dataset_id", "document_laws", ["dataset_id", "id"], unique=True, schema="hub")
    op.add_column("documents", sa.Column("law_id", sa.Uuid(), nullable=True), schema="hub")
    op.create_foreign_key(
        op.f("fk_documents_law_of_its_dataset"),
        "documents",
        "document_laws",
        ["dataset_id", "law_id"],
        ["dataset_id", "id"],
        source_schema="hub",
        referent_schema="hub",
    )
    op.create_index(
        "ix_documents_law_id",
        "documents",
        ["dataset_id", "law_id"],
        schema="hub",
        postgresql_where=sa.text("law_id IS NOT NULL"),
    )
    op.create_index("ix_chunks_document_id", "chunks", ["document_id"], schema="hub", postgresql_where=sa.text("live"))
    named: sa.Column[object] = sa.Column(
        "law_ids", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False
    )
    op.add_column("decisions", named, schema="hub")
    released: sa.Column[object] = sa.Column("released", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("document_versions", released, schema="hub")
