"""One part's life, tick by tick, with real processes: what is written, what is said, and when it is tried again."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from catalog.errors import DependencyError
from hub.stack import keeper as keeping
from hub.stack.folder import DataFolder, read_json
from hub.stack.keeper import EXIT_REFUSED, Keeper
from hub.stack.part import Part, PartState, Seal
from hub.stack.processes import ProcessId, all_pids, family, held, kill_session, process_id, resident_bytes
from hub.stack.settings import StackSettings

SLEEPS = "import time; time.sleep(600)"


@dataclass
class Watch:
    folder: DataFolder
    settings: StackSettings
    said: list[str] = field(default_factory=list)
    keepers: list[Keeper] = field(default_factory=list)

    def keeper(self, program: str = SLEEPS, **more: Any) -> Keeper:  # fields of a part
        told: dict[str, Any] = {"command": lambda: [sys.executable, "-c", program], "ready": lambda: True, **more}
        made = Keeper(Part(name="thing", **told), self.folder, self.settings, self.said.append)
        self.keepers.append(made)
        return made

    def until(self, keeper: Keeper, true: Callable[[], bool], *, within_s: float = 10) -> None:
        deadline = time.monotonic() + within_s
        while not true():
            assert time.monotonic() < deadline, (keeper.state, self.said)
            keeper.tick()
            time.sleep(0.01)

    def state(self) -> dict[str, Any]:
        return read_json(self.folder.state("thing"))

    def log(self) -> str:
        return self.folder.log("thing").read_text(encoding="utf-8")


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    settings = StackSettings(
        data_dir=tmp_path / "hub", start_timeout_s=0.4, stop_timeout_s=0.5, restart_first_delay_s=0.05,
        restart_longest_delay_s=0.2,
    )  # fmt: skip
    folder = DataFolder.prepare(settings.data_dir)
    made = Watch(folder, settings)
    yield made
    for keeper in made.keepers:
        keeper.stop()
    folder.clear_run_dir()


def test_a_life_is_stopped_starting_running_stopped(watch: Watch) -> None:
    keeper = watch.keeper()
    states = [keeper.state]
    keeper.start()
    states.append(keeper.state)
    keeper.tick()
    states.append(keeper.state)
    assert keeper.settled
    keeper.stop()
    states.append(keeper.state)
    assert states == [PartState.STOPPED, PartState.STARTING, PartState.RUNNING, PartState.STOPPED]


def test_a_part_is_looked_after_while_it_runs_and_once_more_before_it_stops(watch: Watch) -> None:
    looked: list[PartState] = []
    keeper = watch.keeper(while_running=lambda: looked.append(keeper.state))
    keeper.start()
    for _ in range(5):
        keeper.tick()
    assert looked == [PartState.RUNNING]
    keeper.stop()
    keeper.stop()
    assert looked == [PartState.RUNNING] * 2


def test_what_goes_wrong_with_looking_after_a_part_is_said_and_the_part_goes_on(watch: Watch) -> None:
    def broken() -> None:
        raise DependencyError("The list is gone.")

    keeper = watch.keeper(while_running=broken)
    keeper.start()
    watch.until(keeper, lambda: "The list is gone." in watch.said)
    assert keeper.settled


def test_what_is_written_down_names_the_process_for_certain(watch: Watch) -> None:
    keeper = watch.keeper()
    keeper.start()
    found = watch.state()
    assert (found["part"], found["state"], found["restarts"], found["why"]) == ("thing", "starting", 0, "")
    identity = process_id(found["pid"])
    assert identity is not None
    assert identity.start_ticks == found["start_ticks"]
    keeper.stop()
    assert watch.state()["pid"] is None
    assert not identity.alive()


def test_a_part_is_not_settled_before_its_first_task_is_done(watch: Watch) -> None:
    done: list[int] = []
    answers = iter([False, False, True, True, True])
    keeper = watch.keeper(ready=lambda: next(answers), first_ready=lambda: done.append(1))
    keeper.start()
    for _ in range(2):
        keeper.tick()
        assert not keeper.settled
        assert done == []
    keeper.tick()
    assert keeper.settled
    assert done == [1]


def test_the_first_task_is_done_once_however_often_it_starts(watch: Watch) -> None:
    done: list[int] = []
    keeper = watch.keeper("import time; time.sleep(0.05)", first_ready=lambda: done.append(1))
    keeper.start()
    watch.until(keeper, lambda: keeper.restarts >= 3)
    assert done == [1]


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("raise SystemExit(0)", "ended with code 0"),
        ("raise SystemExit(3)", "ended with code 3"),
        ("import os; os.kill(os.getpid(), 9)", "was ended by signal 9"),
        ("import os; os.abort()", "was ended by signal 6"),
    ],
)
def test_an_end_is_said_with_its_reason_and_where_the_log_is(watch: Watch, program: str, why: str) -> None:
    keeper = watch.keeper(program, ready=lambda: False)
    keeper.start()
    watch.until(keeper, lambda: keeper.state is PartState.WAITING)
    assert keeper.why == why
    assert watch.said[-1].startswith(f"thing {why}; it is started again in 0.05 s. Log: ")
    assert watch.state()["why"] == why


def test_a_refusal_is_final_and_its_last_word_is_the_reason(watch: Watch) -> None:
    program = f"print('a wall is missing'); raise SystemExit({EXIT_REFUSED})"
    keeper = watch.keeper(program, ready=lambda: False)
    keeper.start()
    watch.until(keeper, lambda: keeper.state is PartState.REFUSED)
    for _ in range(20):
        keeper.tick()
        time.sleep(0.01)
    assert keeper.state is PartState.REFUSED
    assert (keeper.restarts, keeper.why) == (0, "a wall is missing")


def test_delays_double_up_to_the_longest(watch: Watch) -> None:
    keeper = watch.keeper("raise SystemExit(1)", ready=lambda: False)
    keeper.start()
    watch.until(keeper, lambda: keeper.failures >= 4, within_s=20)
    delays = [line.split(" again in ")[1].split(" s")[0] for line in watch.said if " again in " in line]
    assert delays[:4] == ["0.05", "0.1", "0.2", "0.2"]


def test_a_part_that_ran_long_enough_starts_its_delays_anew(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = watch.keeper()
    keeper.failures = 7
    keeper.start()
    keeper.tick()
    assert keeper.failures == 7
    monkeypatch.setattr(keeping, "STEADY_S", 0.0)
    time.sleep(0.01)
    keeper.tick()
    assert keeper.failures == 0


def test_a_part_that_never_answers_is_ended_and_tried_again(watch: Watch) -> None:
    keeper = watch.keeper(ready=lambda: False)
    keeper.start()
    first = watch.state()["pid"]
    watch.until(keeper, lambda: keeper.restarts == 1)
    assert "did not answer in 0.4 s" in watch.said[0]
    assert not Path(f"/proc/{first}").exists()


def test_a_command_that_fails_at_a_restart_is_tried_later_not_raised(watch: Watch) -> None:
    calls: list[int] = []

    def command() -> list[str]:
        calls.append(1)
        if len(calls) > 1:
            raise DependencyError("The program has gone.")
        return [sys.executable, "-c", "raise SystemExit(1)"]

    keeper = watch.keeper(command=command, ready=lambda: False)
    keeper.start()
    watch.until(keeper, lambda: len(calls) >= 3)
    assert any("The program has gone." in line for line in watch.said)


def test_a_program_that_is_not_there_is_a_sentence_at_the_first_start(watch: Watch) -> None:
    with pytest.raises(DependencyError, match="thing can't be started: No such file"):
        watch.keeper(command=lambda: ["/no/such/program"]).start()


def test_a_folder_it_can_not_start_in_is_a_sentence(watch: Watch) -> None:
    with pytest.raises(DependencyError, match="thing can't be started"):
        watch.keeper(cwd=Path("/no/such/folder")).start()


def test_a_part_finds_only_its_own_environment(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "key")
    program = "import os, time; print(sorted(os.environ), flush=True); time.sleep(600)"
    keeper = watch.keeper(program, environment={"HUB_THING": "1"})
    keeper.start()
    watch.until(keeper, lambda: "]" in watch.log())
    names = watch.log().strip()
    assert "AWS" not in names
    assert set(eval(names)) - {"LC_CTYPE"} == {"HUB_THING", "LC_ALL", "PATH", "TZ"}  # noqa: S307  # our own print


def test_what_it_writes_goes_to_its_log_which_others_can_not_read(watch: Watch) -> None:
    keeper = watch.keeper("import sys; print('out'); print('err', file=sys.stderr)", ready=lambda: False)
    keeper.start()
    watch.until(keeper, lambda: keeper.state is PartState.WAITING)
    assert {"out", "err"} <= set(watch.log().split())
    assert watch.folder.log("thing").stat().st_mode & 0o077 == 0


def test_files_it_makes_are_for_its_owner_alone(watch: Watch, tmp_path: Path) -> None:
    made = tmp_path / "made"
    keeper = watch.keeper(f"open({str(made)!r}, 'w').close()", ready=lambda: False)
    keeper.start()
    watch.until(keeper, lambda: keeper.state is PartState.WAITING)
    assert made.stat().st_mode & 0o077 == 0


def test_stopping_takes_its_children_with_it(watch: Watch) -> None:
    program = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {SLEEPS!r}]); time.sleep(600)"
    keeper = watch.keeper(program)
    keeper.start()
    leader = watch.state()["pid"]
    watch.until(keeper, lambda: len(family(leader)) == 2)
    started = [process_id(pid) for pid in family(leader)]
    keeper.stop()
    assert not [one for one in started if one is None or one.alive()]


def test_one_that_is_deaf_is_killed_and_that_is_said(watch: Watch) -> None:
    program = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    )
    keeper = watch.keeper(program)
    keeper.start()
    watch.until(keeper, lambda: "deaf" in watch.log())
    before = time.monotonic()
    keeper.stop()
    assert time.monotonic() - before < 3
    assert watch.said[-1] == "thing did not stop in 0.5 s and is killed."


def test_it_is_asked_by_the_signal_it_understands(watch: Watch) -> None:
    program = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGINT, lambda *_: (print('asked politely', flush=True), sys.exit(0)))\n"
        "print('up', flush=True); time.sleep(600)"
    )
    keeper = watch.keeper(program, stop_signal=signal.SIGINT)
    keeper.start()
    watch.until(keeper, lambda: "up" in watch.log())
    keeper.stop()
    assert "asked politely" in watch.log()


def test_stopping_what_never_started_or_stopped_already_is_nothing(watch: Watch) -> None:
    keeper = watch.keeper()
    keeper.stop()
    keeper.start()
    keeper.stop()
    keeper.stop()
    assert keeper.state is PartState.STOPPED


def test_a_state_that_can_not_be_written_does_not_stop_what_runs(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    keeper = watch.keeper()
    monkeypatch.setattr(keeping, "write_private", full)
    keeper.start()
    keeper.tick()
    assert keeper.state is PartState.RUNNING
    assert "No space left" in watch.said[0]


def test_a_number_given_out_again_is_another_process(watch: Watch) -> None:
    keeper = watch.keeper()
    keeper.start()
    known = watch.state()
    stranger = ProcessId(pid=known["pid"], start_ticks=known["start_ticks"] - 1)
    assert not stranger.alive()
    kill_session(stranger)
    keeper.tick()
    assert keeper.state is PartState.RUNNING


def test_a_process_that_is_not_there_weighs_nothing_and_is_held_by_nothing() -> None:
    gone = max(all_pids()) + 100_000
    assert process_id(gone) is None
    assert held(gone) is None
    assert resident_bytes([gone]) == 0
    assert family(gone) == []


def test_this_process_weighs_what_a_process_weighs() -> None:
    import os

    assert 1 << 20 < resident_bytes([os.getpid()]) < 4 << 30


def test_a_seal_names_row_paths_report_signal_and_user() -> None:
    seal = Seal(
        row="model", read=(Path("/a"), Path("/b")), write=(Path("/c"),), report=Path("/r"), user="nobody",
        death_signal=signal.SIGINT,
    )  # fmt: skip
    command = seal.around(["program", "--", "argument"])
    assert command[1:5] == ["-P", "-m", "hub.seal", "model"]
    own, program = command[: command.index("--")], command[command.index("--") + 1 :]
    assert program == ["program", "--", "argument"]
    assert [own[at + 1] for at, word in enumerate(own) if word == "--read"] == ["/a", "/b"]
    assert [own[at + 1] for at, word in enumerate(own) if word == "--write"] == ["/c"]
    assert own[own.index("--report") + 1] == "/r"
    assert own[own.index("--parent-death-signal") + 1] == "SIGINT"
    assert own[own.index("--user") + 1] == "nobody"
    assert "--user" not in Seal(row="model", report=Path("/r")).around(["x"])
