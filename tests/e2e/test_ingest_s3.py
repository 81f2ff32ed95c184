"""The whole hub over a live S3 server: a file goes into the bucket, and out of it into the index."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from catalog.objects import s3_client
from hub.stack.status import status
from tests.e2e.services import versitygw

pytestmark = [pytest.mark.service, pytest.mark.model]

REPOSITORY = Path(__file__).parents[2]
WEIGHTS = Path(os.environ.get("HUB_DATA_DIR", REPOSITORY / ".hub")) / "models"
BUCKET = "originals"


@dataclass(frozen=True, kw_only=True)
class Hub:
    root: Path
    variables: dict[str, str]

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "HUB_DATA_DIR": str(self.root), **self.variables, **variables}
        command = [sys.executable, "-m", "hub.cli", *arguments]
        return subprocess.run(command, env=environment, cwd=REPOSITORY, capture_output=True, text=True, check=False)

    def json(self, *arguments: str) -> Any:  # any JSON value
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[versitygw.Server]:
    with versitygw.running(tmp_path_factory.mktemp("s3")) as server:
        yield server


@contextmanager
def prepared(variables: dict[str, str]) -> Iterator[Hub]:
    assert (WEIGHTS / "registry.json").exists(), f"no weights in {WEIGHTS}: make install"
    top = Path(tempfile.mkdtemp(prefix="hub-"))
    same_disk = WEIGHTS.stat().st_dev == top.stat().st_dev
    shutil.copytree(WEIGHTS, top / "models", copy_function=os.link if same_disk else shutil.copy2)
    hub = Hub(root=top, variables=variables)
    try:
        yield hub
    finally:
        hub.run("down")
        shutil.rmtree(top)


@pytest.fixture(scope="module")
def hub(server: versitygw.Server) -> Iterator[Hub]:
    variables = {
        "HUB_S3_ENDPOINT": server.endpoint,
        "HUB_S3_BUCKET": BUCKET,
        "HUB_S3_ACCESS_KEY": server.access_key,
        "HUB_S3_SECRET_KEY": server.secret_key,
        "HUB_S3_REGION": versitygw.REGION,
        "HUB_S3_TLS": "false",
    }
    with prepared(variables) as hub:
        started = hub.run("up", "--jurisdiction", "DE", "--detach")
        assert started.returncode == 0, started.stderr
        hub.json("person", "organisation", "ministry", "--name", "Ministry", "--jurisdiction", "DE")
        places = ("--store-in", "DE", "--process-in", "DE", "--access-from", "DE")
        declared = ("--title", "Rivers", "--owner", "ministry", "--classification", "internal", "--purpose", "research")
        hub.json("dataset", "add", "rivers", *declared, *places)
        yield hub


def test_a_file_goes_through_the_bucket_into_the_index(hub: Hub, server: versitygw.Server, tmp_path: Path) -> None:
    source = tmp_path / "weir.txt"
    source.write_text("The weir at Hollow Reach is inspected every spring.", encoding="utf-8")
    done = hub.json("ingest", str(source), "--dataset", "rivers")
    assert [(one["name"], one["state"]) for one in done["documents"]] == [("weir.txt", "published")]
    client = s3_client(
        endpoint=server.endpoint, access_key=server.access_key, secret_key=server.secret_key,
        region=versitygw.REGION, tls=False,
    )  # fmt: skip
    (kept,) = client.list_objects(BUCKET, include_version=True)
    assert kept.size == source.stat().st_size
    assert not list((hub.root / "objects").rglob("*"))


def test_the_same_file_again_is_unchanged_and_kept_once(hub: Hub, tmp_path: Path) -> None:
    source = tmp_path / "again.txt"
    source.write_text("The weir at Sandy Reach is inspected every autumn.", encoding="utf-8")
    first = hub.json("ingest", str(source), "--dataset", "rivers")
    again = hub.json("ingest", str(source), "--dataset", "rivers")
    assert (first["handed_in"]["unchanged"], again["handed_in"]["unchanged"]) == (0, 1)


def test_the_worker_of_a_bucket_is_held_by_its_own_row(hub: Hub) -> None:
    (worker,) = [part for part in status(hub.root).parts if part.name == "worker"]
    assert worker.walls == {"filter": True, "capabilities": True, "landlock": True}
    assert json.loads((hub.root / "state" / "worker.walls.json").read_text(encoding="utf-8"))["part"] == "worker-s3"


def test_a_command_without_the_bucket_s_variables_hands_nothing_in(hub: Hub, tmp_path: Path) -> None:
    source = tmp_path / "lost.txt"
    source.write_text("This must not end in a folder nobody reads.", encoding="utf-8")
    bare = Hub(root=hub.root, variables={})
    refused = bare.run("ingest", str(source), "--dataset", "rivers")
    assert refused.returncode == 4
    assert "HUB_S3_" in refused.stderr
    assert hub.variables["HUB_S3_SECRET_KEY"] not in refused.stderr


def test_a_hub_whose_server_is_away_does_not_start_and_says_why() -> None:
    away = {"HUB_S3_ENDPOINT": f"127.0.0.1:{versitygw.free_port()}", "HUB_S3_BUCKET": BUCKET, "HUB_S3_TLS": "false"}
    with prepared({**away, "HUB_S3_ACCESS_KEY": "a", "HUB_S3_SECRET_KEY": "b" * 16}) as hub:
        refused = hub.run("up", "--jurisdiction", "DE", "--detach")
    assert refused.returncode == 7
    assert "can't be reached" in " ".join(refused.stderr.split())
