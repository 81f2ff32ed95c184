"""Starts all parts in their order, keeps them running, and stops them in reverse: the foreground of `hub up`."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import Final

from catalog.errors import DependencyError
from hub.stack.folder import DataFolder, read_json, write_private
from hub.stack.keeper import Keeper
from hub.stack.logs import last_line
from hub.stack.part import Part, PartState
from hub.stack.processes import ProcessId, kill_session, process_id
from hub.stack.settings import StackSettings

TICK_S: Final = 0.05
NAME: Final = "supervisor"
Say = Callable[[str], None]


class Supervisor:
    """Runs in one thread, its process' main one: children are tied to the thread that started them."""

    def __init__(self, parts: Sequence[Part], folder: DataFolder, settings: StackSettings, say: Say) -> None:
        self._folder, self._settings, self._say = folder, settings, say
        self._keepers = [Keeper(part, folder, settings, say) for part in parts]
        self._stopping = False

    def run(self, *, when_up: Callable[[], None]) -> None:
        """Return when asked to stop. DependencyError when a part can't be started at all."""
        end = "stopped"
        with self._listening():
            self._write("starting")
            try:
                self._clear_leftovers()
                self._start_all()
                if not self._stopping:
                    self._write("up")
                    when_up()
                while not self._stopping:
                    self._tick()
            except BaseException as error:
                end = f"failed: {error}"
                raise
            finally:
                self._stop_all()
                self._write(end)

    def _start_all(self) -> None:
        for keeper in self._keepers:
            if self._stopping:
                return
            keeper.start()
            while not keeper.settled and not self._stopping:
                self._tick()
                self._give_up_on(keeper)

    def _give_up_on(self, keeper: Keeper) -> None:
        name, log = keeper.part.name, self._folder.log(keeper.part.name)
        if keeper.state is PartState.REFUSED:
            raise DependencyError(f"{name} refuses to run: {keeper.why} (log: {log})")
        if keeper.failures >= self._settings.start_attempts:
            raise DependencyError(f"{name} {keeper.why}, {keeper.failures} times. Its last word: {last_line(log)}")

    def _tick(self) -> None:
        time.sleep(TICK_S)
        for keeper in self._keepers:
            keeper.tick()

    def _stop_all(self) -> None:
        for keeper in reversed(self._keepers):
            keeper.stop()

    def _clear_leftovers(self) -> None:
        """End what an earlier supervisor left behind: only what is certainly ours."""
        for keeper in self._keepers:
            leftover = recorded(self._folder, keeper.part.name)
            if leftover is not None:
                kill_session(leftover)

    def _write(self, state: str) -> None:
        own = process_id(os.getpid())
        now = datetime.now(UTC).isoformat(timespec="seconds")
        ticks = own.start_ticks if own else None
        content = {"state": state, "pid": os.getpid(), "start_ticks": ticks, "since": now}
        try:
            write_private(self._folder.state(NAME), content)
        except OSError as error:
            self._say(f"The hub's state can't be written: {error.strerror}.")

    @contextmanager
    def _listening(self) -> Iterator[None]:
        def stop(_number: int, _frame: FrameType | None) -> None:
            self._stopping = True

        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = [signal.signal(number, stop) for number in numbers]
        try:
            yield
        finally:
            for number, handler in zip(numbers, before, strict=True):
                signal.signal(number, handler)


def recorded(folder: DataFolder, name: str) -> ProcessId | None:
    """Return the process last written down for a part, alive or not."""
    state = read_json(folder.state(name))
    if not state.get("pid") or not state.get("start_ticks"):
        return None
    return ProcessId(pid=int(state["pid"]), start_ticks=int(state["start_ticks"]))


def running(folder: DataFolder) -> ProcessId | None:
    """Return the supervisor that runs on the folder, None when none does."""
    found = recorded(folder, NAME)
    return found if found is not None and found.alive() else None
