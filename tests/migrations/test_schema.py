import migrations
from migrations.drift import drift
from tests.fixtures.postgres import ClusterDatabase


def test_a_freshly_built_database_has_no_drift(cluster_database: ClusterDatabase) -> None:
    assert drift(cluster_database.url()) == []


def test_applying_the_schema_again_changes_nothing(cluster_database: ClusterDatabase) -> None:
    migrations.apply(cluster_database.url())
    assert drift(cluster_database.url()) == []


def test_drift_names_a_changed_function_a_lost_policy_a_new_grant_and_an_owner(
    cluster_database: ClusterDatabase,
) -> None:
    with cluster_database.connect() as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION hub.subject_id() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'"
        )
        connection.execute("DROP POLICY subject ON hub.grants")
        connection.execute("GRANT SELECT (body) ON hub.chunks TO hub_api")
        connection.execute("ALTER TABLE hub.chunks NO FORCE ROW LEVEL SECURITY")
    assert drift(cluster_database.url()) == [
        "function hub.subject_id(): differs",
        "grant hub_api SELECT chunks body: extra",
        "policy grants.subject: missing",
        "row security chunks: differs",
    ]
