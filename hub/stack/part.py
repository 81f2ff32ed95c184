"""A part of the stack as data: how it is started, how one sees that it is ready, how it is stopped."""

import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class PartState(StrEnum):
    """Where a part is in its life."""

    STOPPED = "stopped"
    STARTING = "starting"  # its process runs, its probe doesn't answer yet
    RUNNING = "running"
    WAITING = "waiting"  # it ended and will be started again
    REFUSED = "refused"  # it said that starting it again changes nothing (exit code 78)


def nothing() -> None:
    """Do nothing more once it is ready."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One supervised program."""

    name: str
    command: Callable[[], list[str]]  # asked at each start, so that it can prepare
    ready: Callable[[], bool]  # the probe: cheap, may be asked often
    cwd: Path = Path("/")
    environment: Mapping[str, str] = field(default_factory=dict)
    first_ready: Callable[[], None] = nothing  # once, before the next part starts: migrations
    stop_signal: signal.Signals = signal.SIGTERM


@dataclass(frozen=True, kw_only=True)
class Seal:
    """How the launcher is to hold a part; the row of its plan says the rest."""

    row: str
    read: tuple[Path, ...] = ()
    write: tuple[Path, ...] = ()
    report: Path
    user: str | None = None
    death_signal: signal.Signals = signal.SIGTERM

    def around(self, program: list[str]) -> list[str]:
        """Return the command that raises the walls and becomes the program."""
        # -P: the folder it starts in is no place to import from.
        options = [sys.executable, "-P", "-m", "hub.seal", self.row, "--report", str(self.report)]
        options += [item for path in self.read for item in ("--read", str(path))]
        options += [item for path in self.write for item in ("--write", str(path))]
        options += ["--parent-death-signal", self.death_signal.name]
        options += ["--user", self.user] if self.user else []
        return [*options, "--", *program]
