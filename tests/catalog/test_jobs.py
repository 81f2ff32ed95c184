"""The queue on a real Postgres: transactional, retried, rescued, and standing up again after the database."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text

from catalog import jobs
from catalog.db import Database, Operator
from catalog.jobs import WorkerOptions
from catalog.vocabulary import DatasetId, VersionId
from tests.fixtures.postgres import ClusterDatabase

OPERATOR = Operator(name="test")
FAST = WorkerOptions(first_retry_s=0, longest_retry_s=0, poll_s=0.1, heartbeat_s=0.2, stalled_after_s=1)


@pytest.fixture
def operator(cluster_database: ClusterDatabase) -> Iterator[Database]:
    database = Database(cluster_database.url("hub_operator"))
    yield database
    database.close()


def ask(operator: Database) -> VersionId:
    version = VersionId(uuid4())
    with operator.begin(OPERATOR) as session:
        jobs.enqueue(session, version_id=version, dataset_id=DatasetId(uuid4()))
    return version


def counts(operator: Database) -> jobs.QueueCounts:
    with operator.begin(OPERATOR) as session:
        return jobs.count(session)


def eventually(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


@contextmanager
def working(database: ClusterDatabase, script: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process whose handler is `script`; it appends to the file `log`."""
    program = (
        "import sys, time, os, signal\n"
        "from sqlalchemy import make_url\n"
        "from catalog.errors import TransientError\n"
        "from catalog.jobs import WorkerOptions, run_worker\n"
        "def say(word):\n"
        "    with open(sys.argv[2], 'a') as log: log.write(f'{word}\\n')\n"
        f"def handle(claim):\n{script}\n"
        f"run_worker(make_url(sys.argv[1]), handle, {FAST!r}, lambda error: say('trouble'), lambda: say('night'))\n"
    )
    log.touch()
    url = database.url("hub_worker").render_as_string(hide_password=False)
    process = subprocess.Popen([sys.executable, "-c", program, url, str(log)])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


SAY = "    say(f'{claim.version_id} {claim.attempts} {claim.rescues}')"


def said(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8").splitlines()


def test_a_job_exists_only_when_its_transaction_commits(operator: Database) -> None:
    with suppress(RuntimeError), operator.begin(OPERATOR) as session:
        jobs.enqueue(session, version_id=VersionId(uuid4()), dataset_id=DatasetId(uuid4()))
        assert jobs.count(session).waiting == 1
        raise RuntimeError
    assert counts(operator).waiting == 0
    ask(operator)
    assert counts(operator).waiting == 1


def test_enqueueing_leaves_the_session_as_it_found_it(operator: Database) -> None:
    with operator.begin(OPERATOR) as session:
        before = session.scalar(text("SELECT current_setting('search_path')"))
        jobs.enqueue(session, version_id=VersionId(uuid4()), dataset_id=DatasetId(uuid4()))
        assert session.scalar(text("SELECT current_setting('search_path')")) == before


def test_a_job_holds_ids_only(operator: Database) -> None:
    ask(operator)
    with operator.begin(OPERATOR) as session:
        arguments = session.scalar(text("SELECT args FROM queue.procrastinate_jobs"))
    assert set(arguments) == {"version_id", "dataset_id"}


def test_the_api_s_role_sees_no_job(cluster_database: ClusterDatabase) -> None:
    with cluster_database.connect("hub_api") as connection, pytest.raises(Exception, match="permission denied"):
        connection.execute("SELECT * FROM queue.procrastinate_jobs")


def test_the_queue_s_functions_are_bound_to_its_schema(operator: Database) -> None:
    with operator.begin(OPERATOR) as session:
        loose = session.scalars(
            text(
                "SELECT proname FROM pg_proc WHERE pronamespace = 'queue'::regnamespace"
                " AND NOT coalesce('search_path=queue, pg_temp' = ANY (proconfig), false)"
            )
        ).all()
    assert loose == []


def test_a_worker_takes_jobs_and_stops_when_told(
    operator: Database, cluster_database: ClusterDatabase, tmp_path: Path
) -> None:
    first = ask(operator)
    with working(cluster_database, SAY, tmp_path / "log") as process:
        eventually(lambda: said(tmp_path / "log") == [f"{first} 0 0"])
        second = ask(operator)  # while it waits
        eventually(lambda: said(tmp_path / "log")[1:] == [f"{second} 0 0"])
        eventually(lambda: counts(operator) == jobs.QueueCounts(waiting=0, running=0, failed=0))
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0


def test_a_worker_finishes_what_it_has_begun_before_it_stops(
    operator: Database, cluster_database: ClusterDatabase, tmp_path: Path
) -> None:
    ask(operator)
    script = "    say('begun')\n    time.sleep(1.5)\n    say('done')"
    with working(cluster_database, script, tmp_path / "log") as process:
        eventually(lambda: said(tmp_path / "log") == ["begun"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    assert said(tmp_path / "log") == ["begun", "done"]
    assert counts(operator).running == 0


def test_a_passing_failure_is_tried_again(
    operator: Database, cluster_database: ClusterDatabase, tmp_path: Path
) -> None:
    version = ask(operator)
    script = SAY + "\n    if claim.attempts < 2: raise TransientError('later')"
    with working(cluster_database, script, tmp_path / "log"):
        eventually(lambda: len(said(tmp_path / "log")) == 3)
        eventually(lambda: counts(operator) == jobs.QueueCounts(waiting=0, running=0, failed=0))
    assert said(tmp_path / "log") == [f"{version} {attempt} 0" for attempt in range(3)]


def test_an_unforeseen_failure_is_kept_for_a_person(
    operator: Database, cluster_database: ClusterDatabase, tmp_path: Path
) -> None:
    version = ask(operator)
    with working(cluster_database, SAY + "\n    raise RuntimeError('a bug')", tmp_path / "log"):
        eventually(lambda: counts(operator).failed == 1)
    with operator.begin(OPERATOR) as session:
        assert [claim.version_id for claim in jobs.failed(session)] == [version]
    assert len(said(tmp_path / "log")) == 1


@pytest.mark.long
def test_what_a_killed_worker_had_claimed_goes_to_another(
    operator: Database, cluster_database: ClusterDatabase, tmp_path: Path
) -> None:
    version = ask(operator)
    with working(cluster_database, SAY + "\n    time.sleep(60)", tmp_path / "log") as process:
        eventually(lambda: said(tmp_path / "log") == [f"{version} 0 0"])
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert counts(operator).running == 1
    with working(cluster_database, SAY, tmp_path / "log"):
        eventually(lambda: said(tmp_path / "log")[1:] == [f"{version} 1 1"], seconds=40)
        eventually(lambda: counts(operator) == jobs.QueueCounts(waiting=0, running=0, failed=0))


def test_a_worker_that_is_alone_takes_over_at_once(
    operator: Database, cluster_database: ClusterDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = WorkerOptions(poll_s=0.1, stalled_after_s=3_600, alone=True)
    monkeypatch.setattr(sys.modules[__name__], "FAST", patient)
    version = ask(operator)
    with working(cluster_database, SAY + "\n    os.kill(os.getpid(), signal.SIGKILL)", tmp_path / "log") as process:
        process.wait(30)
    with working(cluster_database, SAY, tmp_path / "log"):
        eventually(lambda: said(tmp_path / "log")[1:] == [f"{version} 1 1"], seconds=10)


def test_a_worker_outlives_cut_connections(
    operator: Database, cluster_database: ClusterDatabase, tmp_path: Path
) -> None:
    with working(cluster_database, SAY, tmp_path / "log") as process:
        ask(operator)
        eventually(lambda: len(said(tmp_path / "log")) == 1)
        with cluster_database.connect(autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'hub_worker'")
        version = ask(operator)
        eventually(lambda: f"{version} 0 0" in said(tmp_path / "log"), seconds=40)
        assert process.poll() is None
        with operator.begin(OPERATOR) as session:
            fresh = text("SELECT max(last_heartbeat) > now() - interval '3 s' FROM queue.procrastinate_workers")
            time.sleep(2)
            assert session.scalar(fresh)


def test_a_worker_waits_for_a_database_that_is_not_there(tmp_path: Path) -> None:
    class Nowhere:
        def url(self, _role: str) -> object:
            import sqlalchemy

            return sqlalchemy.URL.create("postgresql", username="hub_worker", query={"host": str(tmp_path)})

    with working(Nowhere(), SAY, tmp_path / "log") as process:  # type: ignore[arg-type]
        eventually(lambda: "trouble" in said(tmp_path / "log"), seconds=30)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_what_is_done_at_night_is_done_when_its_hour_comes(
    cluster_database: ClusterDatabase, operator: Database, tmp_path: Path
) -> None:
    """The queue's own clock defers it; here a test does, as the clock would."""
    with operator.begin(OPERATOR) as session:
        session.execute(
            text("""INSERT INTO queue.procrastinate_jobs (queue_name, task_name, queueing_lock, args)
                    VALUES ('ingest', 'nightly', 'nightly', '{"timestamp": 0}')""")
        )
    with working(cluster_database, SAY, tmp_path / "log"):
        eventually(lambda: "night" in said(tmp_path / "log"))
        version = ask(operator)
        eventually(lambda: any(line.startswith(str(version)) for line in said(tmp_path / "log")))
    assert said(tmp_path / "log").count("night") == 1


def test_the_night_has_an_hour_of_its_own() -> None:
    runner = jobs._Runner(make_url("postgresql://x/y"), print, FAST, print, print)
    crons = {task.task.name: task.cron for task in runner._worker_app().periodic_registry.periodic_tasks.values()}
    assert crons == {"rescue": "* * * * * */15", "nightly": "17 2 * * *"}
