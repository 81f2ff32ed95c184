"""One embedding model an index: the first publication names it, every other model is refused while anything is live."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from hashlib import sha256
from threading import Event
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from catalog import documents
from catalog.chunks import NewChunk, NewRevision, publish
from catalog.db import Asker, Worker
from catalog.errors import EmbeddingMismatchError
from catalog.index_model import EmbeddingModel, expect
from catalog.vocabulary import Sha256, VersionId
from tests.catalog.ledger import rows, run, value
from tests.fixtures.nation import MODEL, OPERATOR, Nation, embedding

OTHER = EmbeddingModel(name="other-embedder", revision="f" * 64, dimensions=384)
OTHERS = {
    "name": replace(MODEL, name="other"),
    "revision": replace(MODEL, revision="0" * 64),
    "dimensions": replace(MODEL, dimensions=768),
}
NAMED = "SELECT name, revision, dimensions FROM hub.index_models"


@pytest.fixture
def rivers(nation: Nation) -> Nation:
    nation.dataset("rivers")
    return nation


def submitted(nation: Nation, dataset: str = "rivers", name: str | None = None) -> VersionId:
    dataset_id = nation.datasets[dataset]
    with nation.operator.begin(OPERATOR) as session:
        return documents.submit(
            session,
            dataset_id=dataset_id,
            submission_id=documents.open_submission(session, dataset_id),
            name=name or f"{uuid4()}.txt",
            sha256=Sha256(sha256(uuid4().bytes).hexdigest()),
            size_bytes=1,
        ).version_id


def published(
    nation: Nation,
    model: EmbeddingModel,
    *,
    dataset: str = "rivers",
    name: str | None = None,
    before_commit: Event | None = None,
) -> VersionId:
    version = submitted(nation, dataset, name)
    body = f"The {dataset} rose."
    piece = NewChunk(
        ordinal=0, start=0, end=len(body), first_page=None, last_page=None, heading="", body=body,
        embedding=embedding(body),
    )  # fmt: skip
    revision = NewRevision(text=body, parser="p", language="english", pages=1)
    with nation.worker.begin(Worker(name="w", dataset_id=nation.datasets[dataset])) as session:
        publish(session, version, media_type="text/plain", revision=revision, pieces=[piece], model=model)
        if before_commit:
            before_commit.wait(20)
    return version


def expected(nation: Nation, model: EmbeddingModel) -> None:
    person = nation.people.get("ada") or nation.person("ada")
    with nation.api.begin(Asker(person_id=person, zone="zone")) as session:
        expect(session, model)


def named(nation: Nation) -> list[EmbeddingModel]:
    return [EmbeddingModel(name=n, revision=r, dimensions=d) for n, r, d in rows(nation.database, NAMED)]  # type: ignore[arg-type]


def take_out(nation: Nation) -> None:
    """As a withdrawal does: nothing is live any more."""
    run(nation.database, "UPDATE hub.chunks SET live = false")
    run(nation.database, "UPDATE hub.index_sizes SET chunks = 0, lexemes = 0")


def test_the_first_publication_names_the_model_of_the_index(rivers: Nation) -> None:
    assert named(rivers) == []
    published(rivers, MODEL)
    assert named(rivers) == [MODEL]
    published(rivers, MODEL)
    assert named(rivers) == [MODEL]


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_model_publishes_nothing_and_is_told_both_names(rivers: Nation, other: EmbeddingModel) -> None:
    published(rivers, MODEL)
    with pytest.raises(EmbeddingMismatchError) as refused:
        published(rivers, other)
    assert str(MODEL) in str(refused.value)
    assert str(other) in str(refused.value)
    assert "Start the hub with the first" in str(refused.value)
    assert value(rivers.database, "SELECT count(*) FROM hub.chunks") == 1
    assert value(rivers.database, "SELECT count(*) FROM hub.document_versions WHERE state = 'quarantined'") == 1
    assert named(rivers) == [MODEL]


def test_a_dataset_beside_is_part_of_the_same_index(rivers: Nation) -> None:
    rivers.dataset("lakes")
    published(rivers, MODEL)
    with pytest.raises(EmbeddingMismatchError):
        published(rivers, OTHER, dataset="lakes")


def test_a_new_version_of_the_only_document_does_not_bring_another_model_in(rivers: Nation) -> None:
    published(rivers, MODEL, name="a.txt")
    with pytest.raises(EmbeddingMismatchError):
        published(rivers, OTHER, name="a.txt")


def test_once_nothing_is_live_another_model_may_begin_anew(rivers: Nation) -> None:
    published(rivers, MODEL)
    take_out(rivers)
    published(rivers, OTHER)
    assert named(rivers) == [OTHER]
    with pytest.raises(EmbeddingMismatchError):
        published(rivers, MODEL)


def test_a_publication_that_fails_names_no_model(rivers: Nation) -> None:
    class Failed(Exception):  # noqa: N818  # not an error of ours
        pass

    class Failing(Event):
        def wait(self, timeout: float | None = None) -> bool:
            raise Failed(timeout)

    with pytest.raises(Failed):
        published(rivers, MODEL, before_commit=Failing())
    assert named(rivers) == []


@pytest.mark.parametrize("empty_again", [False, True], ids=["a first publication", "an index that was emptied"])
def test_of_two_models_that_publish_at_once_one_waits_and_is_refused(rivers: Nation, *, empty_again: bool) -> None:
    if empty_again:
        published(rivers, MODEL)
        take_out(rivers)
    rivers.dataset("lakes")
    go = Event()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(published, rivers, MODEL, before_commit=go)
        assert not wait([first], timeout=0.5).done
        second = pool.submit(published, rivers, OTHER, dataset="lakes")
        assert not wait([second], timeout=0.5).done, "the second waits for the first to commit"
        go.set()
        first.result(20)
        with pytest.raises(EmbeddingMismatchError):
            second.result(20)
    assert named(rivers) == [MODEL]


def test_two_publications_of_the_same_model_do_not_wait_for_each_other(rivers: Nation) -> None:
    published(rivers, MODEL)
    rivers.dataset("lakes")
    go = Event()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(published, rivers, MODEL, before_commit=go)
        try:
            pool.submit(published, rivers, MODEL, dataset="lakes").result(10)
        finally:
            go.set()
        first.result(20)


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_question_of_another_model_is_refused(rivers: Nation, other: EmbeddingModel) -> None:
    published(rivers, MODEL)
    expected(rivers, MODEL)
    with pytest.raises(EmbeddingMismatchError, match="The index was built with hashing-embedder"):
        expected(rivers, other)


def test_an_empty_index_expects_no_model(rivers: Nation) -> None:
    expected(rivers, OTHER)


@pytest.mark.parametrize("role", ["hub_api", "hub_worker", "hub_auditor"])
@pytest.mark.parametrize("statement", ["UPDATE hub.index_models SET name = 'x'", "DELETE FROM hub.index_models"])
def test_nobody_who_serves_renames_the_model(rivers: Nation, role: str, statement: str) -> None:
    published(rivers, MODEL)
    with pytest.raises(errors.InsufficientPrivilege), rivers.database.connect(role) as connection:
        connection.execute(statement)  # type: ignore[call-overload]  # own words


def test_only_the_worker_claims_the_index(rivers: Nation) -> None:
    claim = "SELECT * FROM hub.claim_index('x', 'y', 1)"
    with pytest.raises(psycopg.errors.InsufficientPrivilege), rivers.database.connect("hub_api") as connection:
        connection.execute(claim)
    with rivers.database.connect("hub_worker") as connection:
        assert connection.execute(claim).fetchall() == [("x", "y", 1)]
