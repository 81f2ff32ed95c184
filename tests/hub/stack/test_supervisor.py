"""The supervisor with real processes: nothing it starts outlives it, nothing that isn't its own is touched."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hub.stack.folder import DataFolder
from hub.stack.processes import process_id
from hub.stack.supervisor import running

REPOSITORY = Path(__file__).parents[3]


def alive(pid: int) -> bool:
    found = process_id(pid)
    return found is not None and found.alive()


def eventually(true: Callable[[], bool], *, within_s: float = 10) -> bool:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.02)
    return False


@dataclass
class Stack:
    folder: Path
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def up(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.hub.stack.stand_in_stack", str(self.folder)],
            cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def said_until(self, process: subprocess.Popen[str], word: str) -> list[str]:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line.strip())
            if word in line:
                return said
        raise AssertionError(f"ended with {process.wait()} before saying {word}: {said}")

    def starts(self, name: str) -> list[tuple[int, int]]:
        lines = (self.folder / f"{name}.starts").read_text().splitlines()
        return [(int(line.split()[0]), int(line.split()[1])) for line in lines]

    def pids(self) -> list[int]:
        files = self.folder.glob("*.starts")
        return [int(word) for file in files for word in file.read_text().split()]

    def manners(self, name: str, text: str) -> None:
        (self.folder / f"{name}.manners").write_text(text)

    def state(self, name: str) -> dict[str, object]:
        return json.loads((self.folder / "data" / "state" / f"{name}.json").read_text())

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
        for leader in {leader for file in self.folder.glob("*.starts") for leader, _ in self.starts(file.stem)}:
            with suppress(OSError):  # it has gone with its supervisor
                if str(self.folder).encode() in Path(f"/proc/{leader}/cmdline").read_bytes():
                    os.killpg(leader, signal.SIGKILL)


@pytest.fixture
def stack() -> Iterator[Stack]:
    stack = Stack(Path(tempfile.mkdtemp(prefix="hub-")))
    yield stack
    stack.end()
    folder = stack.folder / "data" / "state" / "run_dir"
    if folder.exists():
        shutil.rmtree(folder.read_text(), ignore_errors=True)
    shutil.rmtree(stack.folder)


def test_parts_start_in_their_order_and_each_does_its_first_task_once(stack: Stack) -> None:
    process = stack.up()
    said = stack.said_until(process, "UP")
    assert [line.split()[0] for line in said] == ["first", "second", "UP"]
    assert (stack.folder / "order").read_text() == "first\nsecond\n"
    assert stack.state("supervisor")["state"] == "up"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_every_child_and_grandchild_within_seconds(stack: Stack, number: signal.Signals) -> None:
    process = stack.up()
    stack.said_until(process, "UP")
    pids = stack.pids()
    assert len(pids) == 4
    assert all(alive(pid) for pid in pids)
    before = time.monotonic()
    process.send_signal(number)
    assert process.wait(10) == 0
    assert time.monotonic() - before < 3
    assert not any(alive(pid) for pid in pids)
    assert [stack.state(name)["state"] for name in ("first", "second", "supervisor")] == ["stopped"] * 3


def test_a_part_deaf_to_the_request_is_killed(stack: Stack) -> None:
    stack.manners("second", "deaf")
    process = stack.up()
    stack.said_until(process, "UP")
    process.terminate()
    said = stack.said_until(process, "did not stop")
    assert said[-1].startswith("second did not stop in 1 s")
    assert process.wait(10) == 0
    assert not any(alive(pid) for pid in stack.pids())


def test_a_part_that_is_killed_is_started_again_and_it_is_said(stack: Stack) -> None:
    process = stack.up()
    stack.said_until(process, "UP")
    (leader, grandchild), *_ = stack.starts("first")
    os.kill(leader, signal.SIGKILL)
    said = stack.said_until(process, "first is ready")
    assert said[0].startswith("first was ended by signal 9; it is started again in 0.1 s")
    assert not alive(grandchild)
    (new, _) = stack.starts("first")[-1]
    assert new != leader
    assert alive(new)
    assert eventually(lambda: stack.state("first")["state"] == "running")
    assert stack.state("first")["restarts"] == 1
    assert len(stack.starts("second")) == 1  # its neighbour went on
    assert (stack.folder / "order").read_text() == "first\nsecond\n"  # the first task isn't done again


def test_a_part_that_keeps_dying_is_started_later_and_later(stack: Stack) -> None:
    process = stack.up()
    stack.said_until(process, "UP")
    stack.manners("second", "die")
    os.kill(stack.starts("second")[0][0], signal.SIGKILL)
    said = stack.said_until(process, "in 0.4 s")
    delays = [line.partition("again in ")[2].split(" s")[0] for line in said]
    assert delays == ["0.1", "0.2", "0.4"]
    assert "in 0.4 s" in stack.said_until(process, "in 0.4 s")[-1]  # and no longer than the longest
    assert process.poll() is None
    stack.manners("second", "")
    assert "second is ready" in stack.said_until(process, "ready")[-1]


def test_a_part_that_can_not_start_at_all_ends_the_start_with_its_last_word(stack: Stack) -> None:
    stack.manners("second", "die")
    process = stack.up()
    last = stack.said_until(process, "DependencyError")[-1]
    assert "second ended with code 1, 3 times" in last
    assert "I can not live" in last
    assert process.wait(10) == 1
    assert not any(alive(pid) for pid in stack.pids())
    assert str(stack.state("supervisor")["state"]).startswith("failed: second")


def test_a_part_that_refuses_its_walls_is_not_tried_again(stack: Stack) -> None:
    stack.manners("first", "refuse")
    process = stack.up()
    said = stack.said_until(process, "DependencyError")
    assert "a wall is missing here" in said[-1]
    assert not any("again" in line for line in said)
    assert process.wait(10) == 1


def test_a_part_that_never_answers_is_started_again(stack: Stack) -> None:
    stack.manners("first", "mute")
    process = stack.up()
    said = stack.said_until(process, "did not answer in 5 s")
    stack.manners("first", "")
    (mute, grandchild) = stack.starts("first")[0]
    stack.said_until(process, "UP")
    assert not alive(mute)
    assert not alive(grandchild)
    assert said


def test_children_go_when_the_supervisor_is_killed_and_the_next_up_clears_the_rest(stack: Stack) -> None:
    process = stack.up()
    stack.said_until(process, "UP")
    leaders = [pid for name in ("first", "second") for pid, _ in stack.starts(name)]
    old = stack.pids()
    process.kill()
    process.wait()
    # Stand-ins aren't started by the launcher, which ties them to the supervisor: they are left, as a part
    # that slipped its tie would be. The next start must find and end them, and their descendants.
    assert all(alive(pid) for pid in leaders)
    os.kill(leaders[0], signal.SIGKILL)  # even a descendant whose leader is gone
    again = stack.up()
    stack.said_until(again, "UP")
    assert not any(alive(pid) for pid in old)


def test_a_strangers_process_with_a_recorded_number_is_left_alone(stack: Stack) -> None:
    stranger = subprocess.Popen(["sleep", "600"], start_new_session=True)
    try:
        data = DataFolder.prepare(stack.folder / "data")
        found = process_id(stranger.pid)
        assert found is not None
        stale = {"pid": stranger.pid, "start_ticks": found.start_ticks - 1, "state": "up"}
        for name in ("first", "supervisor"):
            data.state(name).write_text(json.dumps(stale))
        assert running(data) is None
        process = stack.up()
        stack.said_until(process, "UP")
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_second_up_says_that_the_folder_is_in_use_and_harms_nothing(stack: Stack) -> None:
    process = stack.up()
    stack.said_until(process, "UP")
    second = stack.up()
    last = stack.said_until(second, "ConflictError")[-1]
    assert f"already running on it (process {process.pid})" in last
    assert second.wait(10) == 1
    assert process.poll() is None
    assert all(alive(pid) for pid in stack.pids())


def test_a_stopped_folder_can_be_started_again(stack: Stack) -> None:
    for _ in range(2):
        process = stack.up()
        stack.said_until(process, "UP")
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    assert len(stack.starts("first")) == 2


def test_a_stop_during_the_start_is_heeded(stack: Stack) -> None:
    stack.manners("first", "mute")
    process = stack.up()
    assert eventually((stack.folder / "first.starts").exists)
    process.terminate()
    assert process.wait(10) == 0
    assert not any(alive(pid) for pid in stack.pids())
