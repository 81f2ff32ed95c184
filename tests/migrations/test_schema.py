def test_x(cluster_database):
    with cluster_database.connect() as c:
        print(c.execute("select count(*) from pg_policies").fetchall())
