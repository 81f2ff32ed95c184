"""What tests of the catalog read behind its back: the audit trail and single figures, as the superuser."""

from typing import Any, LiteralString

from hypothesis import HealthCheck, Phase, settings

from tests.fixtures.postgres import ClusterDatabase

#: Examples against one real database: each takes names of its own, so the database need not be new for each.
SHARED_DATABASE = settings(
    deadline=None,
    database=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.generate),  # making a failure smaller would take minutes
)


def rows(database: ClusterDatabase, query: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    with database.connect() as connection:
        return connection.execute(query, values).fetchall()


def value(database: ClusterDatabase, query: LiteralString, *values: object) -> Any:  # one field of any type
    ((found,),) = rows(database, query, *values)
    return found


def run(database: ClusterDatabase, statement: LiteralString, *values: object) -> int:
    with database.connect() as connection:
        return connection.execute(statement, values).rowcount


def events(database: ClusterDatabase, kind: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Actor, object and detail of each event of a kind, oldest first."""
    return rows(database, "SELECT actor, object, detail FROM hub.audit_events WHERE type = %s ORDER BY id", kind)
