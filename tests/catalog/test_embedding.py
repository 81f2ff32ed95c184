"""The one client of the embedding model."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.embedding import EmbeddingClient
from catalog.errors import DependencyError, EmbeddingMismatchError
from tests.hub.fakes import model_server


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddingClient]:
    with model_server.run(tmp_path_factory.mktemp("run") / "model.sock") as socket_path:
        found = EmbeddingClient(socket_path)
        yield found
        found.close()


def test_it_knows_which_model_is_running(client: EmbeddingClient) -> None:
    assert client.model.name == "hashing-embedder"
    assert client.model.dimensions == 384
    assert len(client.model.revision) == 64


def test_documents_keep_their_order_over_batches(client: EmbeddingClient) -> None:
    texts = [f"document number {number}" for number in range(150)]
    together = client.embed_documents(texts)
    assert len(together) == 150
    assert together[149] == client.embed_documents([texts[149]])[0]
    assert together[3] == client.embed_documents([texts[3]])[0]


def test_no_documents_are_no_call(tmp_path: Path) -> None:
    assert EmbeddingClient(tmp_path / "absent.sock").embed_documents([]) == []


def test_a_question_and_a_passage_of_the_same_words_meet(client: EmbeddingClient) -> None:
    question, passage = client.embed_question("the harbour"), client.embed_documents(["the harbour"])[0]
    assert sum(a * b for a, b in zip(question, passage, strict=True)) > 0.99


def test_an_index_of_another_revision_is_a_mismatch_that_says_what_to_do(client: EmbeddingClient) -> None:
    client.expect(client.model)
    with pytest.raises(EmbeddingMismatchError, match="ingest the documents again"):
        client.expect(replace(client.model, revision="0" * 64))


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
    assert len(fresh.embed_question("the harbour")) == 384
    fresh.close()


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
