"""A document's whole way through real parts: Postgres, a folder of originals, the sealed parser; the model is fake."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, LiteralString
from uuid import uuid4

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from catalog import documents, progress
from catalog.addresses import Stored
from catalog.embedding import EmbeddingClient
from catalog.errors import TransientError
from catalog.jobs import Claim
from catalog.objects import FolderStore
from catalog.vocabulary import SubmissionId, VersionId
from ingest import pipeline
from ingest.pipeline import Equipment
from ingest.sandbox import SandboxLimits
from ingest.stages import Chunked, Parsed
from ingest.worker import Patience, handle
from tests.fixtures.nation import OPERATOR, Nation
from tests.hub.fakes.model_server import run
from tests.ingest import made

PATIENCE = Patience(max_attempts=3, max_deaths=2)
CANARY = "CANARY-7781-B"


@pytest.fixture(scope="module")
def model_socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with run(tmp_path_factory.mktemp("m") / "model.sock") as path:
        yield path


@pytest.fixture
def equipment(nation: Nation, tmp_path: Path, parser_socket: Path, model_socket: Path) -> Iterator[Equipment]:
    nation.dataset("water")
    embedder = EmbeddingClient(model_socket, timeout_s=30)
    yield Equipment(
        database=nation.worker,
        objects=FolderStore(tmp_path / "objects", place="store"),
        embedders={"endpoint": embedder},
        parser_socket=parser_socket,
        site=nation.site,
        worker="test",
        max_document_bytes=10 << 20,
        sandbox_limits=SandboxLimits(),
    )
    embedder.close()


def submit(nation: Nation, equipment: Equipment, data: bytes, name: str = "a.txt", dataset: str = "water") -> Claim:
    stored = equipment.objects.put(io.BytesIO(data))
    dataset_id = nation.datasets[dataset]
    with nation.operator.begin(OPERATOR) as session:
        version = documents.submit(
            session,
            dataset_id=dataset_id,
            submission_id=documents.open_submission(session, dataset_id),
            name=name,
            sha256=stored.sha256,
            size_bytes=stored.size_bytes,
        ).version_id
    return Claim(version_id=version, dataset_id=dataset_id, attempts=0, rescues=0)


def ended(nation: Nation, claim: Claim) -> tuple[str, str | None, str | None]:
    with nation.operator.begin(OPERATOR) as session:
        query = text("SELECT state, reason, detail FROM hub.document_versions WHERE id = :id")
        return tuple(session.execute(query, {"id": claim.version_id}).one())  # type: ignore[return-value]


def rows(nation: Nation, query: LiteralString, *values: object) -> list[Any]:
    """As the superuser: nobody else sees every row."""
    with nation.database.connect() as connection:
        return connection.execute(query, values).fetchall()


def test_a_document_becomes_chunks_that_are_exact_pieces_of_its_text(nation: Nation, equipment: Equipment) -> None:
    pages = [f"Page {number}.\n" + "The pump of station 9 failed on 2 March.\n" * 30 for number in (1, 2, 3)]
    claim = submit(nation, equipment, made.pdf(pages), "a.pdf")
    handle(claim, equipment=equipment, patience=PATIENCE)
    assert ended(nation, claim) == ("published", None, None)
    found = rows(
        nation,
        "SELECT c.body, substr(r.body, c.span_start + 1, c.span_end - c.span_start), c.first_page, c.last_page"
        " FROM hub.chunks c JOIN hub.text_revisions r ON r.id = c.revision_id ORDER BY c.ordinal",
    )
    assert len(found) > 3
    assert all(body == piece for body, piece, _, _ in found)
    assert (found[0][2], found[-1][3]) == (1, 3)


@pytest.mark.parametrize(
    ("data", "name", "outcome"),
    [
        (made.png(1, 1), "a.png", ("refused", "unsupported", "png")),
        (made.pdf(["", ""], image=True), "a.pdf", ("refused", "unsupported", "scanned pdf")),
        (b"<p>words", "a.pdf", ("refused", "wrong type", "named pdf, is html")),
        (b" ", "a.txt", ("refused", "empty", "")),
        (made.locked_pdf(), "a.pdf", ("refused", "encrypted", "pdf")),
    ],
)
def test_a_file_that_is_not_taken_says_why(
    data: bytes, name: str, outcome: tuple[str, str, str], nation: Nation, equipment: Equipment
) -> None:
    claim = submit(nation, equipment, data, name)
    handle(claim, equipment=equipment, patience=PATIENCE)
    assert ended(nation, claim) == outcome


def test_a_job_that_runs_twice_changes_nothing(nation: Nation, equipment: Equipment) -> None:
    claim = submit(nation, equipment, b"The pump failed.")
    handle(claim, equipment=equipment, patience=PATIENCE)
    before = rows(nation, "SELECT id FROM hub.chunks") + rows(nation, "SELECT id FROM hub.audit_events")
    with capture_logs() as logs:
        handle(claim, equipment=replace(equipment, objects=Unreachable()), patience=PATIENCE)
    assert [entry["event"] for entry in logs] == ["job.nothing-to-do"]
    assert rows(nation, "SELECT id FROM hub.chunks") + rows(nation, "SELECT id FROM hub.audit_events") == before


def test_two_workers_on_one_document_publish_it_once(nation: Nation, equipment: Equipment) -> None:
    claim = submit(nation, equipment, b"The pump failed.")
    with equipment.database.begin(pipeline.Worker(name="slow", dataset_id=claim.dataset_id)) as session:
        order = documents.order(session, claim.version_id)
    handle(claim, equipment=equipment, patience=PATIENCE)
    pipeline.take_in(order, equipment=equipment)  # the other one had opened its order before
    assert len(rows(nation, "SELECT id FROM hub.chunks")) == 1
    assert ended(nation, claim)[0] == "published"


def test_a_new_version_takes_the_place_of_the_old_one(nation: Nation, equipment: Equipment) -> None:
    first = submit(nation, equipment, b"The pump failed.")
    handle(first, equipment=equipment, patience=PATIENCE)
    second = submit(nation, equipment, b"The pump was repaired.")
    handle(second, equipment=equipment, patience=PATIENCE)
    assert (ended(nation, first)[0], ended(nation, second)[0]) == ("superseded", "published")
    assert [body for (body,) in rows(nation, "SELECT body FROM hub.chunks WHERE live")] == ["The pump was repaired."]


@pytest.mark.parametrize("part", ["parser", "model", "store"])
def test_a_part_that_is_gone_is_waited_for(part: str, nation: Nation, equipment: Equipment, tmp_path: Path) -> None:
    claim = submit(nation, equipment, b"The pump failed.")
    nowhere = tmp_path / "nowhere.sock"
    broken = {
        "parser": replace(equipment, parser_socket=nowhere),
        "model": replace(equipment, embedders={"endpoint": EmbeddingClient(nowhere, timeout_s=1)}),
        "store": replace(equipment, objects=Unreachable()),
    }[part]
    with pytest.raises(TransientError):
        handle(claim, equipment=broken, patience=PATIENCE)
    assert ended(nation, claim)[0] == "quarantined"
    handle(claim, equipment=equipment, patience=PATIENCE)
    assert ended(nation, claim)[0] == "published"


def test_it_gives_up_in_the_end_and_keeps_the_file_for_a_person(
    nation: Nation, equipment: Equipment, tmp_path: Path
) -> None:
    claim = replace(submit(nation, equipment, b"words"), attempts=PATIENCE.max_attempts - 1)
    handle(claim, equipment=replace(equipment, parser_socket=tmp_path / "none"), patience=PATIENCE)
    assert ended(nation, claim) == ("refused", "failed", "given up after 3 attempts")
    with nation.operator.begin(OPERATOR) as session:
        assert equipment.objects.has(rows(nation, "SELECT sha256 FROM hub.document_versions")[0][0])
        assert [out.reason for out in progress.outcomes(session, submission_of(nation, claim))] == ["failed"]


def test_a_document_embedded_by_another_model_than_the_index_is_kept_for_a_person(
    nation: Nation, equipment: Equipment, tmp_path: Path
) -> None:
    handle(submit(nation, equipment, b"The pump failed."), equipment=equipment, patience=PATIENCE)
    claim = submit(nation, equipment, b"The pump was repaired.", "b.txt")
    with run(tmp_path / "other.sock", embedder="other-embedder") as socket:
        other = EmbeddingClient(socket, timeout_s=30)
        handle(claim, equipment=replace(equipment, embedders={"endpoint": other}), patience=PATIENCE)
        other.close()
    state, reason, detail = ended(nation, claim)
    assert (state, reason) == ("refused", "failed")
    assert (detail or "").startswith("The index was built with hashing-embedder (")
    assert "other-embedder (" in (detail or "")
    assert equipment.objects.has(rows(nation, "SELECT sha256 FROM hub.document_versions")[0][0])
    assert [body for (body,) in rows(nation, "SELECT body FROM hub.chunks")] == ["The pump failed."]


def test_a_document_that_takes_workers_down_is_set_aside(nation: Nation, equipment: Equipment) -> None:
    claim = replace(submit(nation, equipment, b"words"), rescues=PATIENCE.max_deaths)
    handle(claim, equipment=equipment, patience=PATIENCE)
    assert ended(nation, claim) == ("refused", "failed", "2 workers died over it")


def test_where_the_law_forbids_it_no_byte_is_read(nation: Nation, equipment: Equipment) -> None:
    nation.dataset("abroad", store_in=["FR"], process_in=["FR"])
    claim = submit(nation, equipment, b"words", dataset="abroad")
    handle(claim, equipment=replace(equipment, objects=Unreachable()), patience=PATIENCE)
    state, reason, detail = ended(nation, claim)
    assert (state, reason) == ("refused", "not allowed here")
    assert detail


def test_a_tag_that_changes_while_the_file_is_read_still_counts(
    nation: Nation, equipment: Equipment, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = submit(nation, equipment, b"words")
    cut = pipeline.chunk

    def meanwhile(parsed: Parsed) -> Chunked:
        with nation.operator.begin(OPERATOR) as session:
            session.execute(text("UPDATE hub.datasets SET process_in = '{FR}'"))
        return cut(parsed)

    monkeypatch.setattr(pipeline, "chunk", meanwhile)
    handle(claim, equipment=equipment, patience=PATIENCE)
    assert ended(nation, claim)[:2] == ("refused", "not allowed here")
    assert rows(nation, "SELECT id FROM hub.chunks") == []
    refused = {("index", "ingest.worker-outside-process-in"), ("model", "ingest.endpoint-outside-process-in")}
    assert set(rows(nation, "SELECT door, rule FROM hub.violations WHERE starts_with(actor, 'worker:')")) == refused


def test_a_place_nobody_registered_takes_nothing_in(nation: Nation, equipment: Equipment) -> None:
    claim = submit(nation, equipment, b"words")
    elsewhere = nation.site.model_copy(update={"worker_place": "unheard-of"})
    handle(claim, equipment=replace(equipment, site=elsewhere), patience=PATIENCE)
    assert ended(nation, claim) == ("refused", "not allowed here", "place.unregistered")
    assert rows(nation, "SELECT rule, place FROM hub.violations") == [("place.unregistered", "unheard-of")]


def test_what_nobody_foresaw_is_kept_for_a_person_and_quotes_nothing(
    nation: Nation, equipment: Equipment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def surprise(parsed: Parsed) -> Chunked:
        raise RuntimeError(parsed.text.body)

    monkeypatch.setattr(pipeline, "chunk", surprise)
    claim = submit(nation, equipment, CANARY.encode())
    with capture_logs() as logs:
        handle(claim, equipment=equipment, patience=PATIENCE)
    assert ended(nation, claim) == ("refused", "failed", "unforeseen: RuntimeError")
    assert CANARY not in repr(logs)


def test_logs_hold_ids_and_counts_only(nation: Nation, equipment: Equipment) -> None:
    claim = submit(nation, equipment, f"The pump {CANARY} failed.".encode(), f"{CANARY}.txt")
    with capture_logs() as logs:
        handle(claim, equipment=equipment, patience=PATIENCE)
    assert [entry["event"] for entry in logs] == ["document.published"]
    assert logs[0]["version"] == str(claim.version_id)
    assert CANARY not in repr(logs)


def test_a_claim_of_something_that_is_not_there_is_nothing_to_do(nation: Nation, equipment: Equipment) -> None:
    claim = Claim(version_id=VersionId(uuid4()), dataset_id=nation.datasets["water"], attempts=0, rescues=0)
    with capture_logs() as logs:
        handle(claim, equipment=equipment, patience=PATIENCE)
    assert [entry["event"] for entry in logs] == ["job.nothing-to-do"]


def submission_of(nation: Nation, claim: Claim) -> SubmissionId:
    query = "SELECT submission_id FROM hub.document_versions WHERE id = %s"
    return SubmissionId(rows(nation, query, claim.version_id)[0][0])


class Unreachable:
    """A store that must not be, or can't be, read."""

    place = "store"

    @contextmanager
    def open(self, _sha256: str) -> Iterator[BinaryIO]:
        from catalog.errors import DependencyError

        raise DependencyError
        yield io.BytesIO()

    def put(self, _source: BinaryIO) -> Stored: ...  # type: ignore[empty-body]

    def has(self, _sha256: str) -> bool: ...  # type: ignore[empty-body]

    def remove(self, _sha256: str) -> None: ...
