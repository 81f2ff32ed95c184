"""The sealed fork server: its proof, its limits, and what it says when a child dies."""

import json
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.hub.fakes.sealed_server import Server, command, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("run"), "--wall-s", "5", "--cpu-s", "2", "--document-mib", "1") as server:
        yield server


def test_the_greeting_proves_the_seal_before_a_byte_is_handed_over(server: Server) -> None:
    greeting, _ = server.talk("echo")
    assert greeting["sealed"] is True
    assert set(greeting["probes"]["doors"].values()) == {"closed"}
    assert len(greeting["probes"]["doors"]) >= 6


def test_the_answer_carries_what_the_entry_returned(server: Server) -> None:
    assert server.ask("echo", b"x" * 5000) == {"ok": True, "result": {"bytes": 5000, "seen_before": 0}}


def test_a_child_never_sees_what_another_child_read(server: Server) -> None:
    for _ in range(3):
        assert server.ask("remember", b"text of one document")["result"] == {"seen_before": 0}


def test_an_exception_is_told_by_its_kind_and_never_by_its_message(server: Server) -> None:
    answer = server.ask("fail", b"a sentence of the document")
    assert (answer["error"], answer["reason"]) == ("permanent", "failed")
    assert "ValueError" in answer["detail"]
    assert "sentence" not in json.dumps(answer)


def test_a_document_that_takes_too_long_is_stopped_by_the_clock(server: Server) -> None:
    before = time.monotonic()
    answer = server.ask("sleep", wall_s=0.5)
    assert (answer["error"], answer["reason"]) == ("permanent", "too slow")
    assert time.monotonic() - before < 3


def test_a_client_can_not_ask_for_more_time_than_the_server_allows(server: Server) -> None:
    before = time.monotonic()
    assert server.ask("sleep", wall_s=10_000)["reason"] == "too slow"
    assert 4 < time.monotonic() - before < 9


def test_a_document_that_burns_the_processor_is_stopped(server: Server) -> None:
    assert server.ask("spin")["reason"] == "too slow"


def test_a_document_that_needs_too_much_memory_is_too_large(server: Server) -> None:
    answer = server.ask("swallow_memory")
    assert (answer["ok"], answer["error"], answer["reason"]) == (False, "permanent", "too large")


def test_endless_nesting_is_hostile(server: Server) -> None:
    assert server.ask("nest")["reason"] == "hostile"


def test_a_crash_is_reported_with_its_signal_and_the_server_lives(server: Server) -> None:
    answer = server.ask("crash")
    assert (answer["error"], answer["reason"]) == ("crashed", "failed")
    assert "SIGSEGV" in answer["detail"]
    assert server.ask("echo")["ok"]


def test_an_end_without_an_answer_is_reported(server: Server) -> None:
    assert "status 7" in server.ask("leave")["detail"]


def test_an_answer_that_is_no_json_is_a_failure_not_a_silence(server: Server) -> None:
    assert server.ask("no_json")["reason"] == "failed"


@pytest.mark.parametrize(
    "header",
    [{"wall_s": -1}, {"wall_s": "soon"}, {"bytes": 2 << 20}, {"bytes": -1}, {"bytes": True}, {"bytes": None}],
)
def test_a_header_outside_the_protocol_is_refused(server: Server, header: dict[str, object]) -> None:
    answer = server.ask("echo", **header)
    assert not answer["ok"]
    assert "request" in answer["detail"]


def test_a_client_that_hangs_up_costs_nothing(server: Server) -> None:
    for _ in range(5):
        server.connect().close()
    assert server.ask("echo")["ok"]


def test_children_run_side_by_side_up_to_the_limit_and_the_rest_waits(server: Server) -> None:
    with ThreadPoolExecutor(6) as pool:
        before = time.monotonic()
        answers = list(pool.map(lambda _: server.ask("sleep", wall_s=0.6), range(6)))
        took = time.monotonic() - before
    assert [answer["reason"] for answer in answers] == ["too slow"] * 6
    assert 1.7 < took < 5  # three rounds of two


def test_no_child_is_left_behind(server: Server) -> None:
    server.ask("echo")
    time.sleep(0.1)
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text(encoding="ascii")
    assert children.split() == []


def test_only_the_owner_reaches_the_socket(server: Server) -> None:
    assert server.socket_path.stat().st_mode & 0o777 == 0o600


def test_the_parser_has_no_network_interface(server: Server) -> None:
    namespaces = [Path(f"/proc/{process}/ns/net").readlink() for process in ("self", server.process.pid)]
    assert namespaces[0] != namespaces[1]
    assert server.talk("echo")[0]["probes"]["interfaces"] in {0, None}


def test_an_unsealed_fork_server_refuses_to_start(tmp_path: Path) -> None:
    result = subprocess.run(
        command(tmp_path / "p.sock", sealed=False), capture_output=True, text=True, check=False, timeout=30
    )
    assert result.returncode == 78
    assert "not sealed" in result.stderr
    assert not (tmp_path / "p.sock").exists()
