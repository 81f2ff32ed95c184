"""Keeps one part running: starts it, sees when it is ready, starts it again when it dies, later and later."""

import os
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime

from catalog.errors import DataHubError, DependencyError
from hub.stack.folder import DataFolder, write_private
from hub.stack.logs import last_line, open_log
from hub.stack.part import Part, PartState
from hub.stack.processes import ProcessId, kill_session, process_id
from hub.stack.settings import StackSettings

EXIT_REFUSED = 78  # sysexits.h EX_CONFIG: starting it again changes nothing
LOOK_EVERY_S = 10.0
STEADY_S = 60.0  # a part that ran this long starts its delays anew


class Keeper:
    """One part's life. `tick` is called a few times a second and never waits."""

    def __init__(self, part: Part, folder: DataFolder, settings: StackSettings, say: Callable[[str], None]) -> None:
        self.part = part
        self.state = PartState.STOPPED
        self.restarts = 0
        self.failures = 0  # in a row
        self.why = ""
        self._folder, self._settings, self._say = folder, settings, say
        self._process: subprocess.Popen[bytes] | None = None
        self._identity: ProcessId | None = None
        self._since = time.monotonic()
        self._next_start = self._next_look = 0.0
        self._was_ready = False

    @property
    def settled(self) -> bool:
        """True when it has been ready and its first task is done."""
        return self._was_ready and self.state is PartState.RUNNING

    def start(self) -> None:
        """Start its process in a session of its own."""
        log = open_log(self._folder.log(self.part.name), max_bytes=self._settings.log_max_bytes)
        try:
            self._process = subprocess.Popen(  # noqa: S603  # the stack's own programs
                self.part.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.part.cwd,
                env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", **self.part.environment},
                start_new_session=True,
                umask=0o077,
            )
        except OSError as error:
            raise DependencyError(f"{self.part.name} can't be started: {error.strerror}.") from error
        finally:
            os.close(log)
        self._identity = process_id(self._process.pid)
        self._enter(PartState.STARTING)

    def tick(self) -> None:
        """Look at it and do what is due."""
        now = time.monotonic()
        if self.state is PartState.WAITING and now >= self._next_start:
            self.restarts += 1
            self._start_again()
        elif self._process is not None and (code := self._process.poll()) is not None:
            self._ended(code)
        elif self.state is PartState.STARTING:
            self._starting(now)
        elif self.state is PartState.RUNNING:
            if self.failures and now - self._since > STEADY_S:
                self.failures = 0
            self._look_after(now)

    def _look_after(self, now: float) -> None:
        """Do what is to be done while it runs; what goes wrong is said, and done again later."""
        if now < self._next_look:
            return
        self._next_look = now + LOOK_EVERY_S
        try:
            self.part.while_running()
        except DataHubError as error:
            self._say(str(error))

    def stop(self) -> None:
        """Stop it with all its descendants: asked first, then by force; it is looked after once more."""
        if self.state is PartState.RUNNING:
            self._look_after(self._next_look)
        if self._process is not None:
            if self._process.poll() is None:
                self._process.send_signal(self.part.stop_signal)
                try:
                    self._process.wait(self._settings.stop_timeout_s)
                except subprocess.TimeoutExpired:
                    self._say(f"{self.part.name} did not stop in {self._settings.stop_timeout_s:g} s and is killed.")
            self._bury()
        self._enter(PartState.STOPPED)

    def _start_again(self) -> None:
        try:
            self.start()
        except DataHubError as error:
            self._retry(str(error))
        except OSError as error:
            self._retry(f"can't be started ({error.strerror})")

    def _starting(self, now: float) -> None:
        if self.part.ready():
            if not self._was_ready:
                self.part.first_ready()
                self._was_ready = True
            took_s = time.monotonic() - self._since
            self._enter(PartState.RUNNING)
            self._say(f"{self.part.name} is ready ({took_s:.1f} s).")
        elif now - self._since > self._settings.start_timeout_s:
            self._bury()
            self._retry(f"did not answer in {self._settings.start_timeout_s:g} s")

    def _ended(self, code: int) -> None:
        why = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        self._bury()
        if code == EXIT_REFUSED:
            self.why = last_line(self._folder.log(self.part.name)) or why
            self._enter(PartState.REFUSED)
            self._say(f"{self.part.name} refuses to run: {self.why}")
        else:
            self._retry(why)

    def _retry(self, why: str) -> None:
        delay = self._settings.restart_first_delay_s * 2 ** min(self.failures, 20)
        delay = min(delay, self._settings.restart_longest_delay_s)
        self.failures += 1
        self.why = why
        self._next_start = time.monotonic() + delay
        self._enter(PartState.WAITING)
        self._say(
            f"{self.part.name} {why}; it is started again in {delay:g} s. Log: {self._folder.log(self.part.name)}"
        )

    def _bury(self) -> None:
        """Leave no descendant behind, then forget the process."""
        if self._identity is not None:
            kill_session(self._identity)
        if self._process is not None:
            self._process.wait()
        self._process = self._identity = None

    def _enter(self, state: PartState) -> None:
        self.state, self._since = state, time.monotonic()
        identity = self._identity
        record = {
            "part": self.part.name,
            "state": state.value,
            "pid": identity.pid if identity else None,
            "start_ticks": identity.start_ticks if identity else None,
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
            "restarts": self.restarts,
            "why": self.why,
        }
        try:
            write_private(self._folder.state(self.part.name), record)
        except OSError as error:  # a full disk must not stop what runs
            self._say(f"The state of {self.part.name} can't be written ({error.strerror}); `hub status` may be behind.")
