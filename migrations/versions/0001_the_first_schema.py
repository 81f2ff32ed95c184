"""The first schema."""

import sqlalchemy as sa
from alembic import op
from pgvector.sqlalchemy import HALFVEC
from sqlalchemy.dialects import postgresql

from migrations.files import run_file

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.execute("SET LOCAL check_function_bodies = off")
    run_file(op.get_bind(), "hub_now.sql")
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("dataset_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
        schema="hub",
    )
    op.create_table(
        "clock",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("ahead", sa.Interval(), nullable=False),
        sa.CheckConstraint("ahead >= interval '0'", name=op.f("ck_clock_never_behind")),
        sa.CheckConstraint("id = 1", name=op.f("ck_clock_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
        schema="hub",
    )
    op.create_table(
        "lineages",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("characters", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("ceiling_share", sa.Numeric(precision=5, scale=4), nullable=False),
        sa.CheckConstraint("ceiling_share > 0 AND ceiling_share <= 1", name=op.f("ck_lineages_ceiling_share")),
        sa.CheckConstraint("characters >= 0", name=op.f("ck_lineages_characters")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lineages")),
        schema="hub",
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisations_slug")),
        schema="hub",
    )
    op.create_table(
        "places",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("legal_control", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.CheckConstraint("kind IN ('site', 'store', 'database', 'worker', 'endpoint')", name=op.f("ck_places_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("name", name=op.f("uq_places_name")),
        schema="hub",
    )
    op.create_table(
        "datasets",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("lineage_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("classification", sa.Text(), nullable=False),
        sa.Column("store_in", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("process_in", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("access_from", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("forbidden_legal_control", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("purposes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("window_characters", sa.BigInteger(), nullable=False),
        sa.Column("window_s", sa.Integer(), nullable=False),
        sa.Column("lifetime_characters", sa.BigInteger(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "classification IN ('public', 'internal', 'restricted', 'secret')", name=op.f("ck_datasets_classification")
        ),
        sa.CheckConstraint("cardinality(purposes) > 0", name=op.f("ck_datasets_purposes")),
        sa.CheckConstraint(
            "cardinality(store_in) > 0 AND cardinality(process_in) > 0 AND cardinality(access_from) > 0",
            name=op.f("ck_datasets_residency"),
        ),
        sa.CheckConstraint(
            "window_characters > 0 AND window_s > 0 AND lifetime_characters > 0", name=op.f("ck_datasets_budget")
        ),
        sa.ForeignKeyConstraint(["lineage_id"], ["hub.lineages.id"], name=op.f("fk_datasets_lineage_id_lineages")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["hub.organisations.id"], name=op.f("fk_datasets_owner_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_datasets")),
        sa.UniqueConstraint("slug", name=op.f("uq_datasets_slug")),
        schema="hub",
    )
    op.create_table(
        "organisation_budgets",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("lineage_id", sa.Uuid(), nullable=False),
        sa.Column("share", sa.Numeric(precision=5, scale=4), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("cap", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("share > 0 AND share <= 1", name=op.f("ck_organisation_budgets_share")),
        sa.CheckConstraint("used >= 0 AND used <= cap", name=op.f("ck_organisation_budgets_used")),
        sa.ForeignKeyConstraint(
            ["lineage_id"], ["hub.lineages.id"], name=op.f("fk_organisation_budgets_lineage_id_lineages")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["hub.organisations.id"],
            name=op.f("fk_organisation_budgets_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "lineage_id", name=op.f("pk_organisation_budgets")),
        schema="hub",
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("jurisdiction", sa.Text(), nullable=False),
        sa.Column("clearance", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.CheckConstraint(
            "clearance IN ('public', 'internal', 'restricted', 'secret')", name=op.f("ck_people_clearance")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["hub.organisations.id"], name=op.f("fk_people_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("slug", name=op.f("uq_people_slug")),
        schema="hub",
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("dataset_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("rulings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["hub.people.id"], name=op.f("fk_decisions_subject_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        schema="hub",
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.ForeignKeyConstraint(["dataset_id"], ["hub.datasets.id"], name=op.f("fk_documents_dataset_id_datasets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("dataset_id", "name", name=op.f("uq_documents_dataset_id_name")),
        schema="hub",
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("everyone", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_characters", sa.BigInteger(), nullable=True),
        sa.Column("lifetime_characters", sa.BigInteger(), nullable=True),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("lifetime_characters > 0", name=op.f("ck_grants_lifetime_characters")),
        sa.CheckConstraint(
            "num_nonnulls(person_id, organisation_id) + everyone::int = 1", name=op.f("ck_grants_one_grantee")
        ),
        sa.CheckConstraint(
            "num_nonnulls(revoked_at, revoked_by, revoked_reason) IN (0, 3)", name=op.f("ck_grants_revocation")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_grants_term")),
        sa.CheckConstraint("window_characters > 0", name=op.f("ck_grants_window_characters")),
        sa.ForeignKeyConstraint(["dataset_id"], ["hub.datasets.id"], name=op.f("fk_grants_dataset_id_datasets")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["hub.organisations.id"], name=op.f("fk_grants_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["hub.people.id"], name=op.f("fk_grants_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        schema="hub",
    )
    op.create_index(
        op.f("ix_grants_dataset_id_purpose"), "grants", ["dataset_id", "purpose"], unique=False, schema="hub"
    )
    op.create_index(op.f("ix_grants_organisation_id"), "grants", ["organisation_id"], unique=False, schema="hub")
    op.create_index(op.f("ix_grants_person_id"), "grants", ["person_id"], unique=False, schema="hub")
    op.create_table(
        "index_sizes",
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("chunks", sa.BigInteger(), nullable=False),
        sa.Column("lexemes", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("chunks >= 0 AND lexemes >= 0", name=op.f("ck_index_sizes_sizes")),
        sa.ForeignKeyConstraint(["dataset_id"], ["hub.datasets.id"], name=op.f("fk_index_sizes_dataset_id_datasets")),
        sa.PrimaryKeyConstraint("dataset_id", "language", name=op.f("pk_index_sizes")),
        schema="hub",
    )
    op.create_table(
        "lexeme_counts",
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("lexeme", sa.Text(), nullable=False),
        sa.Column("chunks", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("chunks >= 0", name=op.f("ck_lexeme_counts_chunks")),
        sa.ForeignKeyConstraint(["dataset_id"], ["hub.datasets.id"], name=op.f("fk_lexeme_counts_dataset_id_datasets")),
        sa.PrimaryKeyConstraint("dataset_id", "language", "lexeme", name=op.f("pk_lexeme_counts")),
        schema="hub",
    )
    op.create_table(
        "person_budgets",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("lineage_id", sa.Uuid(), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_used", sa.BigInteger(), nullable=False),
        sa.Column("window_limit", sa.BigInteger(), nullable=False),
        sa.Column("lifetime_used", sa.BigInteger(), nullable=False),
        sa.Column("lifetime_limit", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "lifetime_used >= 0 AND lifetime_used <= lifetime_limit", name=op.f("ck_person_budgets_lifetime")
        ),
        sa.CheckConstraint("window_used >= 0 AND window_used <= window_limit", name=op.f("ck_person_budgets_window")),
        sa.ForeignKeyConstraint(
            ["lineage_id"], ["hub.lineages.id"], name=op.f("fk_person_budgets_lineage_id_lineages")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["hub.people.id"], name=op.f("fk_person_budgets_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "lineage_id", name=op.f("pk_person_budgets")),
        schema="hub",
    )
    op.create_table(
        "submissions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("unchanged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.ForeignKeyConstraint(["dataset_id"], ["hub.datasets.id"], name=op.f("fk_submissions_dataset_id_datasets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        schema="hub",
    )
    op.create_table(
        "disclosures",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("chunk_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("charged", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("charged_in", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["hub.decisions.id"], name=op.f("fk_disclosures_decision_id_decisions")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["hub.people.id"], name=op.f("fk_disclosures_subject_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosures")),
        schema="hub",
    )
    op.create_table(
        "document_versions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'quarantined') = (settled_at IS NULL)", name=op.f("ck_document_versions_settled_at")
        ),
        sa.CheckConstraint(
            "(state IN ('refused', 'held')) <= (reason IS NOT NULL)", name=op.f("ck_document_versions_reason")
        ),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_document_versions_sha256")),
        sa.CheckConstraint(
            "state IN ('quarantined', 'held', 'published', 'refused', 'superseded', 'withdrawn')",
            name=op.f("ck_document_versions_state"),
        ),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["hub.datasets.id"], name=op.f("fk_document_versions_dataset_id_datasets")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["hub.documents.id"], name=op.f("fk_document_versions_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["hub.submissions.id"], name=op.f("fk_document_versions_submission_id_submissions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_versions")),
        sa.UniqueConstraint("document_id", "ordinal", name=op.f("uq_document_versions_document_id_ordinal")),
        schema="hub",
    )
    op.create_table(
        "text_revisions",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("parser", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("extracted_at", sa.DateTime(timezone=True), server_default=sa.text("hub.hub_now()"), nullable=False),
        sa.CheckConstraint("characters = char_length(body)", name=op.f("ck_text_revisions_characters")),
        sa.ForeignKeyConstraint(
            ["dataset_id"], ["hub.datasets.id"], name=op.f("fk_text_revisions_dataset_id_datasets")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["hub.document_versions.id"], name=op.f("fk_text_revisions_version_id_document_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_revisions")),
        schema="hub",
    )
    op.create_table(
        "chunks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("span_start", sa.Integer(), nullable=False),
        sa.Column("span_end", sa.Integer(), nullable=False),
        sa.Column("first_page", sa.Integer(), nullable=True),
        sa.Column("last_page", sa.Integer(), nullable=True),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("lexemes", postgresql.TSVECTOR(), nullable=False),
        sa.Column("lexeme_count", sa.Integer(), nullable=False),
        sa.Column("embedding", HALFVEC(dim=384), nullable=False),
        sa.CheckConstraint("char_length(body) = span_end - span_start", name=op.f("ck_chunks_body")),
        sa.CheckConstraint("span_start >= 0 AND span_start < span_end", name=op.f("ck_chunks_span")),
        sa.ForeignKeyConstraint(["dataset_id"], ["hub.datasets.id"], name=op.f("fk_chunks_dataset_id_datasets")),
        sa.ForeignKeyConstraint(["document_id"], ["hub.documents.id"], name=op.f("fk_chunks_document_id_documents")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["hub.text_revisions.id"], name=op.f("fk_chunks_revision_id_text_revisions")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["hub.document_versions.id"], name=op.f("fk_chunks_version_id_document_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chunks")),
        sa.UniqueConstraint("revision_id", "ordinal", name=op.f("uq_chunks_revision_id_ordinal")),
        schema="hub",
    )
    op.create_index(
        "ix_chunks_dataset_id", "chunks", ["dataset_id"], unique=False, schema="hub", postgresql_where=sa.text("live")
    )
    op.create_index(
        "ix_chunks_embedding",
        "chunks",
        ["embedding"],
        unique=False,
        schema="hub",
        postgresql_using="hnsw",
        postgresql_ops={"embedding": "halfvec_cosine_ops"},
        postgresql_where=sa.text("live"),
    )
    op.create_index(
        "ix_chunks_lexemes",
        "chunks",
        ["lexemes"],
        unique=False,
        schema="hub",
        postgresql_using="gin",
        postgresql_where=sa.text("live"),
    )
    op.create_table(
        "read_spans",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("revision_id", sa.Uuid(), nullable=False),
        sa.Column("spans", postgresql.INT8MULTIRANGE(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["hub.people.id"], name=op.f("fk_read_spans_person_id_people")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["hub.text_revisions.id"], name=op.f("fk_read_spans_revision_id_text_revisions")
        ),
        sa.PrimaryKeyConstraint("person_id", "revision_id", name=op.f("pk_read_spans")),
        schema="hub",
    )
    op.execute("INSERT INTO hub.clock (id, ahead) VALUES (1, interval '0')")
