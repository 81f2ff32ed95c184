"""A database of somebody else's Postgres becomes a hub's: schema, passwords, places; again changes nothing."""

import psycopg
import pytest
from pydantic import SecretStr

from hub.stack.postgres import PostgresFolder
from hub.stack.provision import ProvisionSettings, provision
from tests.fixtures.postgres import PASSWORDS, ClusterDatabase


@pytest.fixture
def told(cluster_database: ClusterDatabase) -> ProvisionSettings:
    words = {f"{role.removeprefix('hub_')}_password": SecretStr(word) for role, word in PASSWORDS.items()}
    known = {name: word for name, word in words.items() if name in ProvisionSettings.model_fields}
    return ProvisionSettings(
        database_socket_dir=cluster_database.cluster.socket_dir,
        database_name=cluster_database.name,
        database_password=SecretStr("by peer"),
        site="north",
        jurisdiction="DE",
        operator="ministry",
        **known,
    )


def test_each_role_comes_in_by_its_password_and_the_places_stand(
    cluster: PostgresFolder, cluster_database: ClusterDatabase, told: ProvisionSettings
) -> None:
    assert cluster
    for _ in range(2):
        provision(told)
    with cluster_database.connect() as connection:
        names = connection.execute("SELECT name FROM hub.places ORDER BY 1").fetchall()
        registered = connection.execute("SELECT count(*) FROM hub.audit_events").fetchone()
    assert [name for (name,) in names] == ["north", "north-database", "north-endpoint", "north-store", "north-worker"]
    assert registered == (5,)
    for role in ("hub_api", "hub_worker", "hub_steward", "hub_auditor", "hub_reader"):
        with cluster_database.connect(role) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (role,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host=str(cluster_database.cluster.socket_dir),
            user="hub_api",
            password="x",  # noqa: S106  # a wrong one
            dbname=cluster_database.name,
        )
