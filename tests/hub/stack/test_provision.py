"""A database of somebody else's Postgres becomes a hub's: schema, passwords, places; again changes nothing."""

from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from catalog.vocabulary import ModelKind
from hub.models.registry import Registry
from hub.stack.postgres import PostgresFolder
from hub.stack.provision import ProvisionSettings, provision
from tests.fixtures.postgres import PASSWORDS, ClusterDatabase
from tests.hub.fakes.model_server import a_record


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
    assert [name for (name,) in names] == [
        "north", "north-database", "north-endpoint", "north-store", "north-worker", "north-zone",
    ]  # fmt: skip
    assert registered == (6,)
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


def test_what_the_endpoint_serves_is_known_from_the_registry_beside_the_weights(
    cluster: PostgresFolder, cluster_database: ClusterDatabase, told: ProvisionSettings, tmp_path: Path
) -> None:
    assert cluster
    for name, origin in (("older", "US"), ("newer", "FR")):
        Registry(tmp_path).add(a_record(name, ModelKind.CHAT, None).model_copy(update={"origin": origin}))
    for _ in range(2):
        provision(told.model_copy(update={"model_folder": tmp_path}))
    with cluster_database.connect() as connection:
        served = connection.execute(
            "SELECT p.name, m.name, m.kind, m.origin FROM hub.served_models m JOIN hub.places p ON p.id = m.place_id"
        ).fetchall()
    assert served == [("north-endpoint", "newer", "chat", "FR")]
