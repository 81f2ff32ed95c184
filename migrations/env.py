"""Alembic's entry: always runs inside the connection that `migrations.apply` hands over."""

from alembic import context

from catalog.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_schemas=True,
    include_name=lambda name, kind, _parents: kind != "schema" or name == "hub",
    version_table_schema="hub",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
