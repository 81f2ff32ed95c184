"""What answering needs, in a test: the nation's real database, and the model server's real routes without models."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.embedding import EmbeddingClient
from hub.generate import Writer
from hub.services import Services
from hub.settings import ApiSettings
from tests.fixtures.nation import Nation
from tests.hub.fakes import model_server
from tests.hub.fakes.model_server import Scripted


@pytest.fixture(scope="session")
def chat_and_socket() -> Iterator[tuple[Scripted, Path]]:
    chat = Scripted()
    with (
        tempfile.TemporaryDirectory(prefix="hub-") as folder,
        model_server.run(Path(folder) / "model.sock", chat) as socket,
    ):
        yield chat, socket


@pytest.fixture
def chat(chat_and_socket: tuple[Scripted, Path]) -> Iterator[Scripted]:
    """The chat model: quotes, unless a test scripts it."""
    chat = chat_and_socket[0]
    yield chat
    chat.says, chat.fails, chat.asked = "", None, []


@pytest.fixture
def services(nation: Nation, chat: Scripted, chat_and_socket: tuple[Scripted, Path]) -> Iterator[Services]:
    assert chat
    socket = chat_and_socket[1]
    made = Services(
        database=nation.api,
        embedder=EmbeddingClient(socket, timeout_s=20),
        writer=Writer(socket, place="endpoint", timeout_s=20, max_tokens=64),
        settings=ApiSettings(
            **nation.site.model_dump(), database_socket_dir=nation.database.cluster.socket_dir, model_socket=socket
        ),
    )
    yield made
    made.embedder.close()
    made.writer.close()


@pytest.fixture
def harbour(nation: Nation) -> Nation:
    """The harbour's notices, as `ground.harbour` lays them."""
    return nation
