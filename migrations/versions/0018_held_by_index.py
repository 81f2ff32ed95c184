"""What visible datasets hold is found by an index: the time doesn't tell what lies beside them.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Apply the change."""
    op.create_index(
        "ix_document_versions_published", "document_versions", ["dataset_id"], schema="hub",
        postgresql_where=sa.text("state = 'published'"),
    )  # fmt: skip
    op.create_index(op.f("ix_text_revisions_version_id"), "text_revisions", ["version_id"], schema="hub")
