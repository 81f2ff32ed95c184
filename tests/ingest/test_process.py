"""The worker as a process of its own, killed again and again while it takes files in."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from catalog import documents, jobs
from catalog.objects import FolderStore
from tests.fixtures.nation import OPERATOR, Nation
from tests.fixtures.postgres import PASSWORDS
from tests.hub.fakes.model_server import run
from tests.ingest import made

FILES = 24
KILLS = 6


def environment(nation: Nation, objects: Path, parser: Path, model: Path) -> dict[str, str]:
    told = {
        "HUB_SITE": "site",
        "HUB_DATABASE_PLACE": "database",
        "HUB_STORE_PLACE": "store",
        "HUB_WORKER_PLACE": "worker",
        "HUB_ENDPOINT_PLACE": "endpoint",
        "HUB_ZONE_PLACE": "zone",
        "HUB_SEALED": "true",
        "HUB_DATABASE_SOCKET_DIR": str(nation.database.cluster.socket_dir),
        "HUB_DATABASE_NAME": nation.database.name,
        "HUB_DATABASE_PASSWORD": PASSWORDS["hub_worker"],
        "HUB_OBJECTS_DIR": str(objects),
        "HUB_MODEL_SOCKET": str(model),
        "HUB_PARSER_SOCKET": str(parser),
        "HUB_WORKER_ALONE": "true",
    }
    return {"PATH": os.environ["PATH"], **told}


@contextmanager
def worker(environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as kept:
        process = subprocess.Popen([sys.executable, "-m", "ingest"], env=environment, stderr=kept, stdout=kept)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def hand_in(nation: Nation, objects: Path, number: int) -> None:
    body = f"File {number}. " + f"The pump of station {number} failed on 2 March. " * 60
    data = made.pdf(["", ""], image=True) if number % 6 == 5 else body.encode()
    stored = FolderStore(objects, place="store").put(io.BytesIO(data))
    dataset_id = nation.datasets["water"]
    with nation.operator.begin(OPERATOR) as session:
        made_known = documents.submit(
            session,
            dataset_id=dataset_id,
            submission_id=documents.open_submission(session, dataset_id),
            name=f"{number}.pdf" if number % 6 == 5 else f"{number}.txt",
            sha256=stored.sha256,
            size_bytes=stored.size_bytes,
        )
        jobs.enqueue(session, version_id=made_known.version_id, dataset_id=dataset_id)


def look(nation: Nation) -> dict[str, Any]:
    with nation.database.connect() as connection:
        states = dict(connection.execute("SELECT state, count(*) FROM hub.document_versions GROUP BY state").fetchall())
        chunks = connection.execute(
            "SELECT v.state, count(c.id), count(DISTINCT r.id), count(DISTINCT c.ordinal)"
            " FROM hub.document_versions v LEFT JOIN hub.text_revisions r ON r.version_id = v.id"
            " LEFT JOIN hub.chunks c ON c.revision_id = r.id GROUP BY v.id, v.state"
        ).fetchall()
        settled = connection.execute(
            "SELECT object, count(*) FROM hub.audit_events"
            " WHERE type IN ('document.published', 'document.refused') GROUP BY object HAVING count(*) <> 1"
        ).fetchall()
    return {"states": states, "chunks": chunks, "settled twice": settled}


@pytest.mark.long
@pytest.mark.timeout(280)
def test_killed_again_and_again_it_loses_nothing_and_doubles_nothing(
    nation: Nation, tmp_path: Path, parser_socket: Path
) -> None:
    nation.dataset("water")
    objects, log = tmp_path / "objects", tmp_path / "log"
    for number in range(FILES):
        hand_in(nation, objects, number)
    with run(tmp_path / "model.sock") as model:
        told = environment(nation, objects, parser_socket, model)
        for kill in range(KILLS):
            with worker(told, log):
                before = time.monotonic()
                while time.monotonic() - before < 60 and log.read_bytes().count(b"worker.started") <= kill:
                    time.sleep(0.02)
                time.sleep(0.15 + 0.11 * kill)  # killed at other points each time
            seen = look(nation)
            half = [row for row in seen["chunks"] if row[0] != "published" and row[1] > 0]
            assert half == [], "a document that is not published has chunks"
        with worker(told, log) as process:
            deadline = time.monotonic() + 120
            while look(nation)["states"].get("quarantined", 0):
                assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
                time.sleep(0.2)
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
    seen = look(nation)
    assert seen["states"] == {"published": FILES - FILES // 6, "refused": FILES // 6}
    assert seen["settled twice"] == []
    published = [row for row in seen["chunks"] if row[0] == "published"]
    assert all(revisions == 1 and count == ordinals > 0 for _, count, revisions, ordinals in published)
    assert b"station" not in log.read_bytes(), "text of a document in the log"


def test_a_missing_setting_is_named_and_nothing_starts(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "ingest"],
        env={"PATH": os.environ["PATH"], "HUB_OBJECTS_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 78
    assert "HUB_MODEL_SOCKET" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_two_object_stores_are_one_too_many(nation: Nation, tmp_path: Path) -> None:
    told = environment(nation, tmp_path / "objects", tmp_path / "p", tmp_path / "m")
    ended = subprocess.run(
        [sys.executable, "-m", "ingest"],
        env={**told, "HUB_S3_ENDPOINT": "127.0.0.1:9"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 78
    assert "not both" in ended.stderr
    assert PASSWORDS["hub_worker"] not in ended.stderr
