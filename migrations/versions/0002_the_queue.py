"""The queue: procrastinate's own schema, in a schema of its own.

A new release of procrastinate that changes its schema needs a revision here that applies its migration files.
"""

from alembic import op

from catalog.jobs import queue_schema_sql
from migrations.files import run_sql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    run_sql(op.get_bind(), queue_schema_sql())
