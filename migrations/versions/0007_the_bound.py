"""The bound, held in every case: a ceiling counted as a whole, copies, accounts of one person, modes of a grant."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    _lineages_and_datasets()
    op.add_column("people", sa.Column("behind_id", sa.Uuid(), nullable=True), schema="hub")
    op.create_foreign_key(
        op.f("fk_people_behind_id_people"), "people", "people", ["behind_id"], ["id"],
        source_schema="hub", referent_schema="hub",
    )  # fmt: skip
    op.create_check_constraint(op.f("ck_people_behind"), "people", "behind_id <> id", schema="hub")
    op.add_column(
        "grants", sa.Column("mode", sa.Text(), server_default=sa.text("'quotes'"), nullable=False), schema="hub"
    )
    op.add_column("grants", sa.Column("confirmed_by", sa.Text(), nullable=True), schema="hub")
    op.create_check_constraint(
        op.f("ck_grants_mode"), "grants", "mode IN ('answers', 'quotes', 'full', 'train')", schema="hub"
    )
    op.create_check_constraint(
        op.f("ck_grants_confirmed"), "grants", "mode IN ('answers', 'quotes') OR confirmed_by IS NOT NULL", schema="hub"
    )
    op.add_column(
        "disclosures", sa.Column("form", sa.Text(), server_default=sa.text("'reading'"), nullable=False), schema="hub"
    )
    op.create_check_constraint(
        op.f("ck_disclosures_form"), "disclosures", "form IN ('context', 'reading')", schema="hub"
    )


def _lineages_and_datasets() -> None:
    op.add_column(
        "lineages", sa.Column("peak_characters", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        schema="hub",
    )  # fmt: skip
    op.add_column("lineages", sa.Column("full_share", sa.Numeric(precision=5, scale=4), nullable=True), schema="hub")
    op.execute("UPDATE hub.lineages SET peak_characters = characters")
    op.create_check_constraint(op.f("ck_lineages_peak"), "lineages", "peak_characters >= characters", schema="hub")
    op.create_check_constraint(
        op.f("ck_lineages_full_share"), "lineages", "full_share >= ceiling_share AND full_share <= 1", schema="hub"
    )
    for name in ("window", "lifetime"):
        op.add_column("datasets", sa.Column(f"most_{name}_characters", sa.BigInteger(), nullable=True), schema="hub")
        op.execute(f"UPDATE hub.datasets SET most_{name}_characters = {name}_characters * 10")  # noqa: S608  # two names
        op.alter_column("datasets", f"most_{name}_characters", nullable=False, schema="hub")
    op.create_check_constraint(
        op.f("ck_datasets_most"), "datasets",
        "most_window_characters >= window_characters AND most_lifetime_characters >= lifetime_characters", schema="hub",
    )  # fmt: skip
    op.create_table(
        "lineage_budgets",
        sa.Column("lineage_id", sa.Uuid(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("cap", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("used >= 0 AND used <= cap", name=op.f("ck_lineage_budgets_used")),
        sa.ForeignKeyConstraint(
            ["lineage_id"], ["hub.lineages.id"], name=op.f("fk_lineage_budgets_lineage_id_lineages")
        ),
        sa.PrimaryKeyConstraint("lineage_id", name=op.f("pk_lineage_budgets")),
        schema="hub",
    )
    op.create_table(
        "text_traces",
        sa.Column("print", sa.BigInteger(), nullable=False),
        sa.Column("lineage_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["lineage_id"], ["hub.lineages.id"], name=op.f("fk_text_traces_lineage_id_lineages")),
        sa.PrimaryKeyConstraint("print", "lineage_id", name=op.f("pk_text_traces")),
        schema="hub",
    )
    op.add_column(
        "chunks",
        sa.Column("origin_lineages", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        schema="hub",
    )
