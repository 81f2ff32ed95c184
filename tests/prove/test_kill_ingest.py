"""`kill -9` of worker and Postgres in the middle of an ingest: nothing lost, nothing doubled, nothing half-visible."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import LiteralString

import psycopg
import pytest

from catalog import datasets, people
from catalog.db import Database
from catalog.objects import FolderStore
from catalog.settings import load
from catalog.vocabulary import Classification, DatasetId, PlaceKind, Purpose
from hub.stack.folder import DataFolder
from hub.stack.parts import OPERATOR_ROLE, database_of
from hub.stack.settings import StackSettings
from hub.stack.site import read_site
from hub.stack.supervisor import recorded
from hub.submit import hand_in
from tests.architecture.code import ROOT
from tests.fixtures.nation import OPERATOR
from tests.prove.half_visible import HALF


@dataclass(frozen=True, kw_only=True)
class Hub:
    """A running stack in a folder of its own, and its supervisor."""

    root: Path
    process: subprocess.Popen[str]

    @property
    def folder(self) -> DataFolder:
        return DataFolder.existing(self.root)

    def kill(self, part: str) -> None:
        """As the machine's out-of-memory killer would."""
        found = recorded(self.folder, part)
        if found is not None and found.alive():
            os.kill(found.pid, signal.SIGKILL)

    def rows(self, query: LiteralString) -> list[tuple[object, ...]]:
        """Ask as the superuser, waiting for a database that is just coming back."""
        until = time.monotonic() + 90
        while True:
            try:
                with psycopg.connect(host=str(self._postgres.socket_dir), user="postgres", dbname="hub") as connection:
                    return connection.execute(query).fetchall()
            except psycopg.OperationalError:
                assert time.monotonic() < until, self.log()
                assert self.process.poll() is None, self.log()
                time.sleep(0.05)

    def half_visible(self) -> dict[str, int]:
        return {what: len(found) for what, query in HALF.items() if (found := self.rows(query))}

    def settled(self) -> int:
        return int(str(self.rows("SELECT count(*) FROM hub.document_versions WHERE state <> 'quarantined'")[0][0]))

    def hand_in(self, files: list[tuple[str, Path]]) -> None:
        operators = Database(self._postgres.url(OPERATOR_ROLE))
        site = read_site(self.folder)
        assert site is not None
        store = FolderStore(self.folder.objects_dir, place=site.place(PlaceKind.STORE))
        hand_in(lambda: operators.begin(OPERATOR), store, self.dataset(), files)
        operators.close()

    def dataset(self) -> DatasetId:
        operators = Database(self._postgres.url(OPERATOR_ROLE))
        with operators.begin(OPERATOR) as session:
            known = session.connection().exec_driver_sql("SELECT id FROM hub.datasets").scalar()
            if known is None:
                people.register_organisation(session, slug="ministry", name="Ministry", jurisdiction="DE")
                known = datasets.register(session, WATER)
        operators.close()
        return DatasetId(known)

    def log(self) -> str:
        return "\n".join(
            file.read_text(encoding="utf-8")[-1500:] for file in sorted((self.root / "logs").glob("*.log"))
        )

    @property
    def _postgres(self):  # type: ignore[no-untyped-def]  # noqa: ANN202  # hub.stack's own type
        return database_of(self.folder, load(StackSettings))


WATER = datasets.NewDataset(
    slug="water",
    title="Water",
    description="",
    owner="ministry",
    listed=True,
    classification=Classification.INTERNAL,
    store_in=["DE"],
    process_in=["DE"],
    access_from=["DE"],
    forbidden_legal_control=[],
    purposes=[Purpose.RESEARCH],
)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    top = Path(tempfile.mkdtemp(prefix="hub-"))
    for name, value in {
        "HUB_DATA_DIR": str(top / "data"),
        "HUB_RESTART_FIRST_DELAY_S": "0.1",
        "HUB_RESTART_LONGEST_DELAY_S": "0.2",
        "HUB_WORKER_MAX_DEATHS": "100",
    }.items():
        monkeypatch.setenv(name, value)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.prove.kill_stack"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "UP":
            break
    else:
        pytest.fail("the stack did not start")
    yield Hub(root=top / "data", process=process)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    shutil.rmtree(top)


def written(folder: Path, numbers: range, edition: int) -> list[tuple[str, Path]]:
    """Reports of a few pages; each edition differs."""
    folder.mkdir()
    for number in numbers:
        lines = [f"Station {number}, edition {edition}, line {n}: the pump ran {n * 7 % 24} hours." for n in range(900)]
        (folder / f"{number}.txt").write_text("\n".join(lines), encoding="utf-8")
    return [(f"{number}.txt", folder / f"{number}.txt") for number in numbers]


def kill_while_it_works(hub: Hub, files: int, kills: int, seed: int, tell: Callable[[str], None]) -> None:
    """Kill one or the other part at points spread over the ingest, each a random moment late; look after each."""
    dice = Random(seed)  # noqa: S311  # a test's dice
    for number in range(kills):
        until = time.monotonic() + 120
        while hub.settled() < number * files // kills:
            assert time.monotonic() < until, hub.log()
            time.sleep(0.02)
        time.sleep(dice.uniform(0, 0.6))
        part = ("worker", "postgres")[number % 2]
        before = hub.settled()
        hub.kill(part)
        assert hub.half_visible() == {}, (number, part)
        assert hub.settled() >= before, "what was settled came undone"
        tell(f"kill {number + 1} of {kills}: {part} at {before} of {files} files")


def finish(hub: Hub, versions: int) -> None:
    until = time.monotonic() + 300
    while hub.settled() < versions:
        assert time.monotonic() < until, hub.log()
        time.sleep(0.2)
    assert hub.half_visible() == {}


def ingest_and_kill(hub: Hub, tmp_path: Path, *, files: int, kills: int, tell: Callable[[str], None]) -> None:
    again = files // 10
    hub.hand_in(written(tmp_path / "first", range(files), 1))
    hub.hand_in(written(tmp_path / "second", range(again), 2))
    kill_while_it_works(hub, files + again, kills, seed=files, tell=tell)
    finish(hub, files + again)
    states = dict(hub.rows("SELECT state, count(*) FROM hub.document_versions GROUP BY state"))  # type: ignore[arg-type]
    assert states == {"published": files, **({"superseded": again} if again else {})}
    newest = hub.rows("""SELECT count(*) FROM hub.document_versions v WHERE state = 'published' AND ordinal =
                         (SELECT max(ordinal) FROM hub.document_versions w WHERE w.document_id = v.document_id)""")
    assert newest == [(files,)]
    jobs = "SELECT status, count(*) FROM queue.procrastinate_jobs WHERE task_name = 'take_in' GROUP BY status"
    until = time.monotonic() + 30
    while hub.rows(jobs):
        assert time.monotonic() < until, hub.rows(jobs)
        time.sleep(0.2)
    for word in ("Station", "pump"):
        assert word not in hub.log(), "text of a document in a log"


@pytest.mark.long
@pytest.mark.timeout(280)
def test_three_kills_of_a_small_ingest(hub: Hub, tmp_path: Path) -> None:
    ingest_and_kill(hub, tmp_path, files=15, kills=3, tell=lambda _: None)


@pytest.mark.prove
@pytest.mark.timeout(1500)
def test_twenty_kills_of_a_hundred_files(hub: Hub, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def tell(sentence: str) -> None:
        with capfd.disabled():
            print(f"\n{sentence}", end="", flush=True)  # noqa: T201

    ingest_and_kill(hub, tmp_path, files=100, kills=20, tell=tell)
