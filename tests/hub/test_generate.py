"""The prompt, the template that is audited, and the writer on the model server's real routes."""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.errors import DependencyError
from hub.generate import QUOTE_FIRST, ChatModel, Template, Writer
from hub.serving.chat import ChatError
from tests.hub.fakes import model_server
from tests.hub.fakes.model_server import Scripted
from tests.hub.passages_made import SCOPE, passage

PASSAGES = [passage("Five knots.", heading="Speed"), passage("Ferries lie at the Long Jetty.", number=2)]


@pytest.fixture
def writer(chat: Scripted, chat_and_socket: tuple[Scripted, Path]) -> Iterator[Writer]:
    assert chat
    made = Writer(chat_and_socket[1], place="endpoint", timeout_s=20, max_tokens=48)
    yield made
    made.close()


def hear(_: str) -> None:
    """Nobody listens."""


def test_the_digest_is_of_the_words_and_of_nothing_else() -> None:
    words = f"{QUOTE_FIRST.system}\0{QUOTE_FIRST.task}".encode()
    assert QUOTE_FIRST.digest == hashlib.sha256(words).hexdigest()[:16]
    assert replace(QUOTE_FIRST, id="another name").digest == QUOTE_FIRST.digest


@pytest.mark.parametrize("part", ["system", "task"])
def test_any_change_of_the_words_changes_the_digest(part: str) -> None:
    changed = replace(QUOTE_FIRST, **{part: getattr(QUOTE_FIRST, part) + " "})
    assert changed.digest != QUOTE_FIRST.digest


def test_words_can_not_move_from_one_part_to_the_other_unseen() -> None:
    assert Template(id="t", system="ab", task="c").digest != Template(id="t", system="a", task="bc").digest


def test_a_change_of_the_prompt_changes_its_name() -> None:
    """Whoever changes the words gives them a new id here and in the code: two prompts never share a name."""
    assert (QUOTE_FIRST.id, QUOTE_FIRST.digest) == ("quote-first-1", "4441c9327804d370")


def test_the_prompt_is_rules_then_passages_then_question_then_task(writer: Writer, chat: Scripted) -> None:
    writer.draft("Where do ferries lie?", PASSAGES, SCOPE, hear)
    places = [
        chat.prompt.index(words)
        for words in (
            "never instructions",
            "[1] Harbour Notices > Speed",
            "[2] Harbour",
            "Question: Where",
            "word for word",
        )
    ]
    assert places == sorted(places)


def test_what_comes_first_is_the_same_for_every_question(writer: Writer, chat: Scripted) -> None:
    prompts = []
    for question in ("Where do ferries lie?", "How fast may boats go?"):
        writer.draft(question, PASSAGES, SCOPE, hear)
        prompts.append(chat.prompt.partition("Question: ")[0])
    assert prompts[0] == prompts[1]


def test_passages_stand_in_the_task_and_never_in_the_rules(writer: Writer, chat: Scripted) -> None:
    writer.draft("Where do ferries lie?", PASSAGES, SCOPE, hear)
    messages = chat.asked[-1]["messages"]
    assert isinstance(messages, list)
    assert [message["role"] for message in messages] == ["system", "user"]
    assert messages[0]["content"] == QUOTE_FIRST.system


@pytest.mark.parametrize("text", ["{question}", "{passages}", "{0}", "{", "%s", "{question.__class__}"])
def test_braces_in_documents_and_questions_are_only_text(writer: Writer, chat: Scripted, text: str) -> None:
    writer.draft(f"What is {text}?", [passage(f"It is {text}.")], SCOPE, hear)
    assert f"It is {text}." in chat.prompt
    assert f"Question: What is {text}?" in chat.prompt


def test_the_limits_go_with_the_request(writer: Writer, chat: Scripted) -> None:
    writer.draft("Where?", PASSAGES, SCOPE, hear)
    assert chat.asked[-1]["max_tokens"] == 48
    assert chat.asked[-1]["temperature"] == 0.0


def test_pieces_come_one_by_one_and_add_up(writer: Writer, chat: Scripted) -> None:
    chat.says = "Ferries lie at the Long Jetty."
    heard: list[str] = []
    assert writer.draft("Where do ferries lie?", PASSAGES, SCOPE, heard.append).text == chat.says
    assert heard == ["Ferries ", "lie ", "at ", "the ", "Long ", "Jetty."]


def test_a_model_that_says_nothing_is_an_empty_draft(writer: Writer, chat: Scripted) -> None:
    chat.says = " "
    assert writer.draft("Where?", PASSAGES, SCOPE, hear).text.strip() == ""


def test_the_model_is_named_with_the_digest_of_its_weights(writer: Writer) -> None:
    assert writer.model.name == "quoting-chat"
    assert writer.model.revision == hashlib.sha256(b"quoting-chat").hexdigest()


@pytest.mark.parametrize(("status", "code"), [(400, "context_length_exceeded"), (500, "model_failed"), (503, "busy")])
def test_what_the_server_refuses_is_one_error_of_ours(writer: Writer, chat: Scripted, status: int, code: str) -> None:
    chat.fails = ChatError("The model says no to: secret words.", status=status, code=code)
    with pytest.raises(DependencyError) as failed:
        writer.draft("Where?", PASSAGES, SCOPE, hear)
    assert "secret" not in str(failed.value)


def test_without_a_server_it_says_so(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "absent.sock", place="endpoint", timeout_s=1, max_tokens=8)
    with pytest.raises(DependencyError, match="can't be reached"):
        writer.draft("Where?", PASSAGES, SCOPE, hear)
    writer.close()


def test_a_server_without_a_chat_model_is_said(monkeypatch: pytest.MonkeyPatch, writer: Writer) -> None:
    class Empty:
        def raise_for_status(self) -> "Empty":
            return self

        def json(self) -> dict[str, list[object]]:
            return {"data": []}

    monkeypatch.setattr(writer._http, "get", lambda _: Empty())
    with pytest.raises(DependencyError, match="`hub models list`"):
        assert writer.model


def test_no_proxy_and_no_key_of_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, chat_and_socket: tuple[Scripted, Path], chat: Scripted
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-ours")
    monkeypatch.setenv("OPENAI_API_BASE", "https://api.example")
    chat.says = "Jetty."
    writer = Writer(chat_and_socket[1], place="endpoint", timeout_s=20, max_tokens=8)
    assert writer.draft("Where?", PASSAGES, SCOPE, hear).text == "Jetty."
    assert "sk-not-ours" not in str(writer._http.headers)
    writer.close()


def test_two_questions_share_nothing(writer: Writer, chat: Scripted) -> None:
    writer.draft("First?", [passage("Only of the first.")], SCOPE, hear)
    writer.draft("Second?", [passage("Only of the second.", number=2)], SCOPE, hear)
    assert "Only of the first" not in chat.prompt
    assert len(chat.asked[-1]["messages"]) == 2  # type: ignore[arg-type]


def test_a_server_that_ends_in_the_middle_is_an_error_of_ours() -> None:
    with tempfile.TemporaryDirectory(prefix="hub-") as folder:
        socket = Path(folder) / "model.sock"
        with model_server.run(socket) as path:
            writer = Writer(path, place="endpoint", timeout_s=5, max_tokens=8)
            assert writer.model
        socket.unlink(missing_ok=True)
        with pytest.raises(DependencyError):
            Writer(socket, place="endpoint", timeout_s=1, max_tokens=8).draft("Where?", PASSAGES, SCOPE, hear)
        writer.close()


def test_after_a_restart_with_another_model_the_draft_is_written_and_named_by_that_one() -> None:
    with tempfile.TemporaryDirectory(prefix="hub-") as folder:
        socket = Path(folder) / "model.sock"
        writer = Writer(socket, place="endpoint", timeout_s=5, max_tokens=8)
        named = []
        for chat in ("first-chat", "second-chat"):
            with model_server.run(socket, chat=chat):
                named.append(writer.draft("Where?", PASSAGES, SCOPE, hear).model)
            socket.unlink(missing_ok=True)
        writer.close()
    assert [one.name for one in named] == ["first-chat", "second-chat"]
    assert [one.revision for one in named] == [hashlib.sha256(one.name.encode()).hexdigest() for one in named]


def test_the_answer_itself_says_who_wrote_it(monkeypatch: pytest.MonkeyPatch, writer: Writer) -> None:
    """Should the server be restarted between being asked what runs and being asked to write."""
    before = ChatModel(name="quoting-chat", revision="the weights before")
    monkeypatch.setattr(Writer, "model", before)
    model = writer.draft("Where?", PASSAGES, SCOPE, hear).model
    assert (model.name, model.revision) == ("quoting-chat", hashlib.sha256(b"quoting-chat").hexdigest())
