"""What answering needs, in a test: the nation's real database, and the model server's real routes without models."""

import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.datasets import Budget
from catalog.embedding import EmbeddingClient
from hub.generate import Writer
from hub.services import Services
from hub.settings import ApiSettings
from tests.fixtures.nation import Nation
from tests.hub.fakes import model_server
from tests.hub.fakes.model_server import Scripted

#: All of a dataset may be read.
WHOLE = Budget(window_characters=100_000, lifetime_characters=1_000_000, ceiling_share=Decimal(1))


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
    """Ada may ask the harbour's three notices; Mia may ask nothing."""
    nation.person("ada")
    nation.person("mia")
    nation.dataset("harbour", budget=WHOLE)
    nation.grant("ada", "harbour", share=Decimal(1))
    nation.document(
        "harbour",
        "rules.md",
        [
            "Inside the breakwaters no boat may go faster than five knots. Outside, ten knots are allowed. ",
            "Throwing waste into the basin is forbidden. It is punished with a fine of 350 euros. ",
        ],
    )
    nation.document("harbour", "history.md", ["The first jetty of the port was built in 1634. It burned down in 1712."])
    return nation
