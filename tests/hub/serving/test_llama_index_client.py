"""llama-index speaks to the model server over its UNIX socket, as hub/generate.py does."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from llama_index.core.llms import ChatMessage
from llama_index.llms.openai_like import OpenAILike

from tests.hub.fakes import model_server


@pytest.fixture
def llm(tmp_path: Path) -> Iterator[OpenAILike]:
    with model_server.run(tmp_path / "model.sock") as socket_path:
        transport = httpx.HTTPTransport(uds=str(socket_path))
        with httpx.Client(transport=transport, trust_env=False, timeout=30) as http:
            yield OpenAILike(
                model="quoting-chat",
                api_base="http://model/v1",
                api_key="unused",
                is_chat_model=True,
                context_window=4096,
                max_tokens=64,
                temperature=0.0,
                max_retries=0,
                http_client=http,
            )


MESSAGES = [ChatMessage(role="user", content="[1] The harbour closes at nine.\n\nSay when the harbour closes.")]


def test_it_answers(llm: OpenAILike) -> None:
    assert llm.chat(MESSAGES).message.content == "The harbour closes at nine. [1]"


def test_it_streams(llm: OpenAILike) -> None:
    deltas = [part.delta or "" for part in llm.stream_chat(MESSAGES)]
    assert len(deltas) > 2
    assert "".join(deltas).strip() == "The harbour closes at nine. [1]"
