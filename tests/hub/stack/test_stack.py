"""`hub up` and its sisters on the real database inside its walls."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from catalog.db import Database, Operator
from catalog.errors import ConflictError, DependencyError, SettingsError
from catalog.places import every
from catalog.vocabulary import Classification
from hub.stack import stack
from hub.stack.credentials import database_passwords
from hub.stack.folder import DataFolder, read_json
from hub.stack.parts import database_of
from hub.stack.postgres import PostgresFolder
from hub.stack.settings import StackSettings
from hub.stack.site import Told
from hub.stack.status import host_is_sealed, status
from hub.stack.supervisor import running

REPOSITORY = Path(__file__).parents[3]


@dataclass
class Hub:
    root: Path
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def up(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.hub.stack.database_stack", *arguments],
            cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "HUB_DATA_DIR": str(self.root), **variables},
        )  # fmt: skip
        self.processes.append(process)
        return process

    def said(self, process: subprocess.Popen[str], word: str = "UP") -> list[str]:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.strip())
            if word in line:
                return lines
        raise AssertionError(f"ended with {process.wait()} before saying {word}: {lines}")

    def stop(self, process: subprocess.Popen[str]) -> None:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0

    @property
    def settings(self) -> StackSettings:
        return StackSettings(data_dir=self.root)

    @property
    def folder(self) -> DataFolder:
        return DataFolder.existing(self.root)

    @property
    def database(self) -> PostgresFolder:
        return database_of(self.folder, self.settings)

    def connect(self, role: str = "postgres", password: str | None = None) -> psycopg.Connection:
        socket_dir = str(self.database.socket_dir)
        return psycopg.connect(host=socket_dir, port=5432, user=role, password=password, dbname="hub")


@pytest.fixture
def hub() -> Iterator[Hub]:
    top = Path(tempfile.mkdtemp(prefix="hub-"))
    hub = Hub(top / "data")
    yield hub
    for process in hub.processes:
        if process.poll() is None:
            process.terminate()
            process.wait(20)
        assert process.stdout is not None
        process.stdout.close()
    record = hub.root / "state" / "run_dir"
    if record.exists():
        shutil.rmtree(record.read_text(), ignore_errors=True)
    shutil.rmtree(top)


def test_without_a_jurisdiction_the_hub_does_not_start_and_says_how(hub: Hub) -> None:
    process = hub.up()
    assert "hub up --jurisdiction DE" in hub.said(process, "SettingsError")[-1]
    assert process.wait(20) == 1
    assert not (hub.root / "postgres").exists()


def test_an_unknown_place_is_refused_in_words(hub: Hub) -> None:
    process = hub.up("Atlantis")
    assert "'Atlantis' is not a place" in hub.said(process, "SettingsError")[-1]
    assert process.wait(20) == 1


def test_a_hub_that_is_up_has_its_schema_its_passwords_and_its_places(hub: Hub) -> None:
    hub.said(hub.up("DE"))
    passwords = database_passwords(hub.folder)
    with hub.connect("hub_api", passwords["hub_api"]) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("hub_api",)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        hub.connect("hub_api", passwords["hub_worker"])
    operators = Database(hub.database.url("hub_operator"))
    with operators.begin(Operator(name="test")) as session:
        found = {(place.name, place.kind.value, place.jurisdiction) for place in every(session)}
    operators.close()
    kinds = ("store", "database", "worker", "endpoint", "zone")
    assert found == {("main", "site", "DE"), *((f"main-{kind}", kind, "DE") for kind in kinds)}


def test_secrets_and_the_data_folder_are_closed_to_others(hub: Hub) -> None:
    hub.said(hub.up("DE"))
    assert hub.root.stat().st_mode & 0o777 == 0o700
    assert (hub.root / "secrets").stat().st_mode & 0o777 == 0o700
    files = [path for name in ("secrets", "state", "logs") for path in (hub.root / name).iterdir()]
    assert (hub.root / "secrets" / "database.json") in files
    readable = [path.name for path in files if path.stat().st_mode & 0o077 and path.name != "run_dir"]
    assert readable == []


def test_status_shows_the_walls_that_hold_around_every_process(hub: Hub) -> None:
    hub.said(hub.up("CA-QC"))
    found = status(hub.root)
    assert (found.up, found.site, found.jurisdiction) == (True, "main", "CA-QC")
    (postgres,) = found.parts
    assert (postgres.name, postgres.state, postgres.restarts) == ("postgres", "running", 0)
    assert postgres.processes > 3
    assert 5 << 20 < postgres.memory_bytes < 400 << 20
    assert found.memory_bytes > postgres.memory_bytes
    assert postgres.walls == {"filter": True, "capabilities": True, "namespace": True, "landlock": True}
    assert found.served == tuple(member.value for member in Classification)
    assert host_is_sealed(hub.folder)


def test_where_a_wall_is_missing_only_public_and_internal_data_are_served_and_it_says_why(hub: Hub) -> None:
    hub.said(hub.up("DE"))
    report = hub.folder.walls("postgres")
    kept = report.read_text()
    report.write_text(kept.replace('"missing": []', '"missing": ["this host forbids user namespaces; to allow: X"]'))
    found = status(hub.root)
    assert found.served == ("public", "internal")
    assert any("to allow: X" in sentence for sentence in found.advice)
    assert not host_is_sealed(hub.folder)
    report.unlink()  # no report is no wall
    assert status(hub.root).served == ("public", "internal")


def test_what_was_stored_is_there_after_a_stop_and_after_a_kill_of_the_database(hub: Hub) -> None:
    first = hub.up("DE")
    hub.said(first)
    with hub.connect() as connection:
        connection.execute("CREATE TABLE public.kept AS SELECT generate_series(1, 1000) AS n")
    hub.stop(first)
    second = hub.up()
    hub.said(second)
    pid = status(hub.root).parts[0].pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    said = hub.said(second, "postgres is ready")
    assert "was ended by signal 9; it is started again" in said[0]
    with hub.connect() as connection:
        assert connection.execute("SELECT count(*) FROM public.kept").fetchone() == (1000,)
    assert hub.folder.log("hub").read_text().count("signal 9") == 1


LINEAGE = "00000000-0000-4000-8000-000000000001"
CHARGED = """
    WITH made AS (INSERT INTO hub.lineages (id, characters, peak_characters, ceiling_share) VALUES (%s, 9, 9, 0.5)
                  RETURNING id)
    INSERT INTO hub.lineage_budgets (lineage_id, used, cap) SELECT id, 4, 4 FROM made
"""


def test_what_was_charged_is_kept_beside_the_database_and_given_back_to_an_older_copy(hub: Hub) -> None:
    first = hub.up("DE")
    hub.said(first)
    with hub.connect() as connection:
        connection.execute(CHARGED, [LINEAGE])
    hub.stop(first)
    assert read_json(hub.folder.state("high-water")) == {f"lineage/{LINEAGE}": 4}
    second = hub.up()
    hub.said(second)
    with hub.connect() as connection:
        connection.execute("UPDATE hub.lineage_budgets SET used = 0")
    hub.stop(second)
    hub.said(hub.up())
    with hub.connect() as connection:
        assert connection.execute("SELECT used FROM hub.lineage_budgets").fetchone() == (4,)


def test_a_hub_that_does_not_know_what_was_charged_does_not_start(hub: Hub) -> None:
    first = hub.up("DE")
    hub.said(first)
    hub.stop(first)
    hub.folder.state("high-water").write_text("[")
    second = hub.up()
    assert "an older copy of the database could give it out anew" in hub.said(second, "nothing is served")[-1]
    assert second.wait(20) == 1


def test_the_sealed_database_goes_when_the_hub_is_killed_and_the_next_start_goes_on(hub: Hub) -> None:
    first = hub.up("DE")
    hub.said(first)
    database = hub.database
    first.kill()
    first.wait()
    until = time.monotonic() + 10
    while database.processes() and time.monotonic() < until:
        time.sleep(0.05)
    assert database.processes() == []
    found = status(hub.root)
    assert (found.up, found.state, found.parts[0].state) == (False, "was killed", "gone")
    hub.said(hub.up())


def test_a_start_beside_a_running_hub_changes_nothing_of_it(hub: Hub) -> None:
    hub.said(hub.up("DE"))
    before = hub.database.socket_dir
    with pytest.raises(ConflictError, match="already running"):
        stack.up_detached(hub.settings, Told())
    hub.root.chmod(0o755)
    assert "ConflictError" in hub.said(hub.up(), "Error")[-1]
    assert hub.database.socket_dir == before
    assert hub.database.answers()


def test_down_stops_a_running_hub_and_says_so_when_there_is_none(hub: Hub) -> None:
    process = hub.up("DE")
    hub.said(process)
    database = hub.database
    assert stack.down(hub.settings)
    assert process.wait(20) == 0
    assert database.processes() == []
    assert running(hub.folder) is None
    assert not stack.down(hub.settings)


def test_a_stopped_hub_leaves_nothing_outside_its_data_folder(hub: Hub) -> None:
    process = hub.up("DE")
    hub.said(process)
    run_dir = hub.folder.run_dir
    assert run_dir.is_dir()
    hub.stop(process)
    assert hub.root in run_dir.parents or not run_dir.exists()
    hub.said(hub.up())


def test_down_and_status_of_a_folder_without_a_hub_are_refused_in_words(hub: Hub) -> None:
    for act in (stack.down, lambda settings: status(settings.data_dir)):
        with pytest.raises(SettingsError, match="There is no hub in"):
            act(hub.settings)


def test_a_background_start_that_fails_tells_its_reason_and_leaves_nothing_running(hub: Hub) -> None:
    with pytest.raises(DependencyError, match="hub models fetch"):
        stack.up_detached(hub.settings, Told(jurisdiction="DE"))
    assert running(hub.folder) is None
    assert hub.database.processes() == []
    assert str(read_json(hub.folder.state("supervisor"))["state"]).startswith("failed")


def test_migrating_a_stopped_hub_starts_the_database_for_it_only(hub: Hub) -> None:
    stack.migrate_now(hub.settings)
    assert hub.database.processes() == []
    hub.said(hub.up("DE"))
    stack.migrate_now(hub.settings)  # and beside a running one
    with hub.connect() as connection:
        assert connection.execute("SELECT to_regclass('hub.datasets') IS NOT NULL").fetchone() == (True,)


def test_a_proxy_variable_is_ignored_and_mentioned(hub: Hub) -> None:
    said = hub.said(hub.up("DE", https_proxy="http://127.0.0.1:9"))
    assert any("https_proxy is set and ignored" in line for line in said)
    pid = status(hub.root).parts[0].pid
    assert b"127.0.0.1:9" not in Path(f"/proc/{pid}/environ").read_bytes()


def test_a_data_folder_with_a_long_name_works(hub: Hub) -> None:
    hub.root = hub.root / ("a" * 60) / ("b" * 60)
    hub.said(hub.up("DE"))
    assert len(str(hub.database.socket_dir / ".s.PGSQL.5432")) < 100
