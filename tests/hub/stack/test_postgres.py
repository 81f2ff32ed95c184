"""The embedded Postgres: who gets in, by which way, and what survives."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from hub.stack.postgres import PostgresFolder
from tests.fixtures.postgres import ClusterDatabase, administer

ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not ROOT, reason="an ordinary user has nobody to drop to")


@pytest.fixture
def closed_dir() -> Iterator[Path]:
    """A folder nobody else can enter, with a name short enough for a socket."""
    path = Path(tempfile.mkdtemp(prefix="hub-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def open_dir(closed_dir: Path) -> Path:
    closed_dir.chmod(0o711)
    return closed_dir


@pytest.fixture
def own_cluster(open_dir: Path) -> Iterator[PostgresFolder]:
    """A cluster a test may crash."""
    folder = PostgresFolder(open_dir / "postgres", open_dir / "run")
    folder.init()
    yield folder
    folder.stop()


def connect(cluster: PostgresFolder, role: str, password: str | None = None) -> psycopg.Connection:
    return psycopg.connect(host=str(cluster.socket_dir), port=5432, user=role, password=password, dbname="hub")


def sockets_listening_on_tcp(pids: list[int]) -> set[str]:
    """Inodes of listening TCP sockets (state 0A) held by the processes."""
    held = set()
    for pid in pids:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            target = str(entry.readlink())
            if target.startswith("socket:["):
                held.add(target.removeprefix("socket:[").removesuffix("]"))
    listening = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        rows = [line.split() for line in Path(table).read_text().splitlines()[1:]]
        listening |= {row[9] for row in rows if row[3] == "0A"}
    return held & listening


def test_the_database_hub_is_there_after_the_first_start(cluster: PostgresFolder) -> None:
    with connect(cluster, "postgres") as connection:
        assert connection.execute("SELECT current_database(), current_user").fetchone() == ("hub", "postgres")


def test_no_process_of_the_cluster_listens_on_tcp(cluster: PostgresFolder) -> None:
    pids = cluster.processes()
    assert len(pids) > 3
    assert sockets_listening_on_tcp(pids) == set()


@only_root
def test_as_root_no_process_of_the_cluster_runs_as_root(cluster: PostgresFolder) -> None:
    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in cluster.processes()}
    assert cluster.user is not None
    assert owners == {cluster.user.uid}


@only_root
def test_the_owner_is_recognised_and_another_account_is_not(cluster: PostgresFolder) -> None:
    program = shutil.which("setpriv")
    assert program, "setpriv is part of util-linux"
    ask = "import psycopg,sys; psycopg.connect(host=sys.argv[1], port=5432, user='postgres', dbname='hub')"
    as_root = subprocess.run([sys.executable, "-c", ask, str(cluster.socket_dir)], check=False, capture_output=True)
    assert as_root.returncode == 0, as_root.stderr
    # The service user itself is not the owner either: Postgres broken into can't come in as a client of its own.
    psql = str(cluster.programs / "psql")
    command = [psql, "-h", str(cluster.socket_dir), "-U", "postgres", "-d", "hub", "-c", "SELECT 1"]
    as_nobody = subprocess.run(
        [program, "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command],
        check=False, capture_output=True, text=True, cwd="/",
    )  # fmt: skip
    assert as_nobody.returncode != 0
    assert "peer authentication failed" in as_nobody.stderr.lower()


def test_a_password_role_needs_its_password(cluster: PostgresFolder) -> None:
    role = sql.Identifier("pw_role")
    administer(cluster, sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'right'").format(role))
    try:
        with connect(cluster, "pw_role", "right") as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("pw_role",)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(cluster, "pw_role", "wrong")
        with pytest.raises(psycopg.OperationalError, match="no password supplied"):
            connect(cluster, "pw_role")
    finally:
        # A role belongs to the whole cluster, and other tests list all of them.
        administer(cluster, sql.SQL("DROP ROLE {}").format(role))


def test_each_test_gets_a_database_of_its_own_at_todays_schema(cluster_database: ClusterDatabase) -> None:
    with cluster_database.connect() as connection:
        assert connection.execute("SELECT to_regnamespace('hub') IS NOT NULL").fetchone() == (True,)
    with cluster_database.connect("hub_api") as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchone() == (
            "hub_api",
            cluster_database.name,
        )


def test_a_statement_with_its_text_never_reaches_the_log(own_cluster: PostgresFolder, open_dir: Path) -> None:
    log = open_dir / "log"
    with log.open("wb") as sink:
        own_cluster.start(log=sink.fileno())
    with connect(own_cluster, "postgres") as connection:
        connection.execute("CREATE TABLE t (body text CHECK (length(body) < 5))")
        connection.commit()
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("INSERT INTO t VALUES ('the-secret-sentence')")
    own_cluster.stop()
    written = log.read_text()
    assert "violates check constraint" in written
    assert "the-secret-sentence" not in written


def test_what_was_committed_is_there_after_a_kill(own_cluster: PostgresFolder) -> None:
    server = own_cluster.start()
    with connect(own_cluster, "postgres") as connection:
        connection.execute("CREATE TABLE t AS SELECT generate_series(1, 10000) AS n")
    server.kill()
    server.wait()
    own_cluster.start()
    with connect(own_cluster, "postgres") as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (10000,)


def test_a_pid_file_with_a_strangers_number_does_not_stop_a_start(own_cluster: PostgresFolder) -> None:
    stranger = subprocess.Popen(["sleep", "60"], cwd="/")
    try:
        lock = own_cluster.data_dir / "postmaster.pid"
        lock.write_text(f"{stranger.pid}\n{own_cluster.data_dir}\n1\n5432\n\n\n\n\n")
        own_cluster.start()
        assert own_cluster.answers()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_backend_still_busy_for_a_killed_server_is_ended_before_the_next_starts(own_cluster: PostgresFolder) -> None:
    server = own_cluster.start()
    busy = connect(own_cluster, "postgres")
    backend = busy.info.backend_pid
    busy.pgconn.send_query(b"SELECT sum(a.n + b.n) FROM generate_series(1, 1e6) a(n), generate_series(1, 1e6) b(n)")
    time.sleep(0.2)
    server.kill()
    server.wait()
    assert backend in own_cluster.processes()
    own_cluster.start()
    assert backend not in own_cluster.processes()
    busy.close()


def test_a_second_server_on_the_folder_is_refused(own_cluster: PostgresFolder) -> None:
    own_cluster.start()
    second = subprocess.run(
        own_cluster.command(), cwd=own_cluster.data_dir, capture_output=True, text=True, check=False, timeout=20,
        user=own_cluster.user.uid if own_cluster.user else None,
        group=own_cluster.user.gid if own_cluster.user else None,
    )  # fmt: skip
    assert second.returncode != 0
    assert "lock file" in second.stderr
    assert own_cluster.answers()


def test_a_cluster_half_made_is_made_anew(open_dir: Path) -> None:
    half = open_dir / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    folder = PostgresFolder(open_dir / "postgres", open_dir / "run")
    folder.init()
    try:
        folder.start()
        assert folder.answers()
    finally:
        folder.stop()
    assert not half.exists()


@only_root
def test_the_data_may_lie_below_a_folder_the_service_user_cannot_enter(closed_dir: Path) -> None:
    run = Path(tempfile.mkdtemp(prefix="hub-"))
    folder = PostgresFolder(closed_dir / "postgres", run)
    try:
        folder.init()
        folder.start()
        with connect(folder, "postgres") as connection:
            connection.execute("CREATE EXTENSION vector")
    finally:
        folder.stop()
        shutil.rmtree(run)


def test_the_server_goes_when_its_starter_is_killed(open_dir: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from hub.stack.postgres import PostgresFolder\n"
        "folder = PostgresFolder(Path(sys.argv[1]) / 'postgres', Path(sys.argv[1]) / 'run'); folder.init()\n"
        "folder.start(); print('up', flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen([sys.executable, "-c", program, str(open_dir)], stdout=subprocess.PIPE)
    assert starter.stdout is not None
    with starter.stdout:
        assert starter.stdout.readline() == b"up\n"
    folder = PostgresFolder(open_dir / "postgres", open_dir / "run")
    assert folder.answers()
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    until = time.monotonic() + 10
    while folder.processes() and time.monotonic() < until:
        time.sleep(0.05)
    assert folder.processes() == []
