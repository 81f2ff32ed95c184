"""Progress for a person who waits: a bar on a terminal, nothing into a pipe."""

import time
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

from hub.commands.output import errors


def progress_bar(*columns: ProgressColumn, quiet: bool = False, kept: bool = False) -> Progress:
    """Return a bar on standard error, gone at its end unless `kept`; into a pipe not even an empty line is written."""
    return Progress(*columns, console=errors, transient=not kept, disable=quiet or not errors.is_terminal)


class Counting:
    """How many of how many are done, at which rate, and how long the rest takes."""

    def __init__(self, doing: str, noun: str, *, quiet: bool) -> None:
        self._doing, self._noun, self._started = doing, noun, time.monotonic()
        self._bar = progress_bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            quiet=quiet,
        )

    def __enter__(self) -> Self:
        self._bar.start()
        self._task = self._bar.add_task(self._doing, total=None, rate="")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, done: int, total: int) -> None:
        """Show `done` of `total`."""
        rate = done / max(time.monotonic() - self._started, 0.1)
        self._bar.update(self._task, total=total, completed=done, rate=f"{rate:.1f} {self._noun}/s")
