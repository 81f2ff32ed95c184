"""The one client of the embedding model."""

import base64
import socket
import threading
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from catalog.embedding import EmbeddingClient, Embeddings
from catalog.errors import DependencyError
from catalog.index_model import EmbeddingModel
from tests.hub.fakes import model_server


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddingClient]:
    with model_server.run(tmp_path_factory.mktemp("run") / "model.sock") as socket_path:
        found = EmbeddingClient(socket_path)
        yield found
        found.close()


def test_every_answer_names_the_model_that_made_it(client: EmbeddingClient) -> None:
    model = client.embed_question("the harbour").model
    assert (model.name, model.dimensions) == ("hashing-embedder", 384)
    assert len(model.revision) == 64
    assert client.embed_documents(["the harbour", "the river"]).model == model


def test_a_model_server_started_anew_with_another_model_is_noticed_at_once(tmp_path: Path) -> None:
    """The client outlives the server: what it knew of the model before must not be believed."""
    client = EmbeddingClient(tmp_path / "model.sock")
    with model_server.run(tmp_path / "model.sock"):
        before = client.embed_question("the harbour").model
    (tmp_path / "model.sock").unlink(missing_ok=True)
    with model_server.run(tmp_path / "model.sock", embedder="other-embedder"):
        after = client.embed_question("the harbour").model
    assert (before.name, after.name) == ("hashing-embedder", "other-embedder")
    assert before.revision != after.revision
    client.close()


def test_a_model_that_changes_between_two_batches_makes_no_document() -> None:
    class Changing(EmbeddingClient):
        def __init__(self) -> None:
            self.calls = 0

        def _embed(self, texts: Sequence[str], input_type: str) -> Embeddings:
            self.calls += 1
            model = EmbeddingModel(name=input_type, revision=str(self.calls // 2), dimensions=1)
            return Embeddings(vectors=[[1.0] for _ in texts], model=model)

    assert len(Changing().embed_documents(["word"] * 64).vectors) == 64
    with pytest.raises(DependencyError, match="changed its model in the middle"):
        Changing().embed_documents(["word"] * 65)


def test_documents_keep_their_order_over_batches(client: EmbeddingClient) -> None:
    texts = [f"document number {number}" for number in range(150)]
    together = client.embed_documents(texts).vectors
    assert len(together) == 150
    assert together[149] == client.embed_documents([texts[149]]).vectors[0]
    assert together[3] == client.embed_documents([texts[3]]).vectors[0]


def test_a_question_and_a_passage_of_the_same_words_meet(client: EmbeddingClient) -> None:
    ((question,), (passage,)) = (
        client.embed_question("the harbour").vectors,
        client.embed_documents(["the harbour"]).vectors,
    )
    assert sum(a * b for a, b in zip(question, passage, strict=True)) > 0.99


def test_a_server_that_is_not_there_is_a_sentence_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DependencyError, match="hub up"):
        EmbeddingClient(tmp_path / "absent.sock").embed_question("x")


def test_a_server_that_hangs_is_given_up_on(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(tmp_path / "slow.sock"))
        listener.listen()
        client = EmbeddingClient(tmp_path / "slow.sock", timeout_s=0.2)
        with pytest.raises(DependencyError, match="took too long"):
            client.embed_question("x")
        client.close()


def test_a_refused_request_does_not_repeat_the_text(client: EmbeddingClient) -> None:
    with pytest.raises(DependencyError) as caught:
        client.embed_documents(["secret words " * 20_000])
    assert "secret" not in str(caught.value)
    assert "422" in str(caught.value)


def test_a_proxy_variable_leads_nowhere(client: EmbeddingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    fresh = EmbeddingClient(client._socket_path)
    assert len(fresh.embed_question("the harbour").vectors[0]) == 384
    fresh.close()


VECTOR = {"embedding": base64.b64encode(array("f", [1.0, 0.0]).tobytes()).decode()}
WHOLE = {"model": "m", "revision": "r", "data": [VECTOR]}


@pytest.mark.parametrize(
    "answer",
    [
        {"model": "m", "data": [VECTOR]},
        {"revision": "r", "data": [VECTOR]},
        {"model": "m", "revision": "r"},
        {**WHOLE, "data": []},
        {**WHOLE, "data": [VECTOR, VECTOR]},
        {**WHOLE, "data": [{"embedding": "AAAA"}]},
        {**WHOLE, "data": [{"embedding": "no base 64"}]},
    ],
    ids="no-revision no-model no-data no-vector two-vectors odd-bytes odd-letters".split(),
)
def test_an_answer_without_its_model_or_with_other_vectors_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, answer: dict[str, object]
) -> None:
    client = EmbeddingClient(Path("/nonexistent"))
    monkeypatch.setattr(client, "_ask", lambda _: WHOLE)
    assert client.embed_question("x") == Embeddings(
        vectors=[[1.0, 0.0]], model=EmbeddingModel(name="m", revision="r", dimensions=2)
    )
    monkeypatch.setattr(client, "_ask", lambda _: answer)
    with pytest.raises(DependencyError):
        client.embed_question("x")


def test_a_broken_answer_is_a_dependency_error(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(tmp_path / "odd.sock"))
        listener.listen()

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{x}")

        thread = threading.Thread(target=answer)
        thread.start()
        client = EmbeddingClient(tmp_path / "odd.sock")
        with pytest.raises(DependencyError):
            client.embed_question("x")
        client.close()
        thread.join()
