"""Which models each endpoint serves and where they come from; which origins a dataset forbids."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.add_column(
        "datasets",
        sa.Column(
            "forbidden_model_origins", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        schema="hub",
    )
    op.create_table(
        "served_models",
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=True),
        sa.Column("ancestry", postgresql.JSONB(), nullable=True),
        sa.CheckConstraint("kind IN ('embedding', 'chat')", name=op.f("ck_served_models_kind")),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_served_models_sha256")),
        sa.ForeignKeyConstraint(["place_id"], ["hub.places.id"], name=op.f("fk_served_models_place_id_places")),
        sa.PrimaryKeyConstraint("place_id", "sha256", name=op.f("pk_served_models")),
        schema="hub",
    )
