"""Each night the worker looks for what lies out of place; what it finds waits for the admin, what fails is said."""

import io
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from catalog import documents, labels, scan
from catalog.embedding import EmbeddingClient
from catalog.labels import Label
from catalog.objects import FolderStore
from catalog.vocabulary import Sha256
from ingest.nightly import scan_residency
from ingest.pipeline import Equipment
from ingest.sandbox import SandboxLimits
from tests.catalog.ledger import events, run, value
from tests.catalog.test_scan import FAR, HOME
from tests.fixtures.nation import OPERATOR, Nation


@pytest.fixture
def equipment(nation: Nation, tmp_path: Path) -> Equipment:
    store = FolderStore(tmp_path / "objects", place="store")
    store.prepare()
    return Equipment(
        database=nation.worker,
        objects=store,
        embedders={"endpoint": EmbeddingClient(tmp_path / "none.sock", timeout_s=1)},
        parser_socket=tmp_path / "none.sock",
        site=nation.site,
        worker="night",
        max_document_bytes=1,
        sandbox_limits=SandboxLimits(),
    )


def found(nation: Nation) -> list[tuple[str, str]]:
    with nation.operator.begin(OPERATOR) as session:
        return [(one.kind, one.object) for one in scan.current(session)]


def test_what_lies_out_of_place_waits_in_the_morning_once(nation: Nation, equipment: Equipment, tmp_path: Path) -> None:
    far = nation.dataset("far", store_in=["FR"])
    stored = equipment.objects.put(io.BytesIO(b"The Seine."))
    with nation.operator.begin(OPERATOR) as session:
        documents.submit(
            session,
            dataset_id=far,
            submission_id=documents.open_submission(session, far),
            name="a.txt",
            sha256=Sha256(stored.sha256),
            size_bytes=stored.size_bytes,
        )
    for name, tags in (("home.dump", HOME), ("far.dump", FAR)):
        labels.write(tmp_path, Label(file=name, datasets=("far",) if tags is FAR else (), tags=tags))
    for night in (1, 2):
        with capture_logs() as logs:
            scan_residency(equipment, tmp_path / labels.FOLDER)
        assert [(one["event"], one["found"], one["new"]) for one in logs] == [
            ("residency.scanned", 2, 2 if night == 1 else 0)
        ]
    assert sorted(found(nation)) == [("backup", "far.dump"), ("object", stored.sha256)]
    assert value(nation.database, "SELECT count(*) FROM hub.violations WHERE actor = 'worker:night'") == 2
    assert {actor for actor, _, _ in events(nation.database, "residency.scanned")} == {"worker:night"}


def test_without_labels_files_are_not_looked_at_and_a_quiet_night_is_said_too(
    nation: Nation, equipment: Equipment
) -> None:
    with capture_logs() as logs:
        scan_residency(equipment, None)
    assert [(one["event"], one["found"]) for one in logs] == [("residency.scanned", 0)]
    assert found(nation) == []


def test_a_part_that_is_away_is_said_and_the_worker_goes_on(
    nation: Nation, equipment: Equipment, tmp_path: Path
) -> None:
    run(nation.database, "DELETE FROM hub.places WHERE name = 'store'")
    with capture_logs() as logs:
        scan_residency(equipment, tmp_path)
    assert [(one["event"], one["error"]) for one in logs] == [("residency.scan-failed", "UnregisteredPlaceError")]
