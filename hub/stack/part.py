"""A part of the stack as data: how it is started, how one sees that it is ready, how it is stopped."""

import importlib.util
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from catalog.errors import DependencyError
from hub.stack.folder import DataFolder

PYTHON: Final = (sys.executable, "-P", "-m")


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
    while_running: Callable[[], None] = nothing  # every few seconds; the others wait for it, so it is short
    stop_signal: signal.Signals = signal.SIGTERM


@dataclass(frozen=True, kw_only=True)
class Seal:
    """How the launcher is to hold a part; the row of its plan says the rest."""

    row: str
    read: tuple[Path, ...] = ()
    write: tuple[Path, ...] = ()
    put: tuple[Path, ...] = ()
    report: Path
    user: str | None = None
    death_signal: signal.Signals = signal.SIGTERM

    def around(self, program: list[str]) -> list[str]:
        """Return the command that raises the walls and becomes the program."""
        # -P: the folder it starts in is no place to import from.
        options = [sys.executable, "-P", "-m", "hub.seal", self.row, "--report", str(self.report)]
        options += [item for path in self.read for item in ("--read", str(path))]
        options += [item for path in self.write for item in ("--write", str(path))]
        options += [item for path in self.put for item in ("--put", str(path))]
        options += ["--parent-death-signal", self.death_signal.name]
        options += ["--user", self.user] if self.user else []
        return [*options, "--", *program]


def told(*prefixes: str) -> dict[str, str]:
    """Return the limits a person has set for a part in the environment of `hub up`."""
    return {name: value for name, value in os.environ.items() if name.startswith(prefixes)}


def sealed(  # noqa: PLR0913  # a part's program, its row and its paths
    folder: DataFolder,
    name: str,
    module: tuple[str, ...],
    *,
    row: str | None = None,
    read: tuple[Path, ...] = (),
    write: tuple[Path, ...] = (),
    put: tuple[Path, ...] = (),
) -> Callable[[], list[str]]:
    """Return how a part's program is started inside the walls of its row. DependencyError when it is not installed."""
    if importlib.util.find_spec(module[0]) is None:
        raise DependencyError(f"The program of {name} ({module[0]}) is not installed. Run `make install` again.")
    seal = Seal(row=row or name, read=read, write=write, put=put, report=folder.walls(name))
    return lambda: seal.around([*PYTHON, *module])
