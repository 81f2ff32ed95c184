"""Server-sent events of `/questions`, read without blocking whoever shows them."""

import asyncio
import json
import queue
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, suppress
from types import TracebackType
from typing import Final, Self

from pydantic import ValidationError

from ui.problems import ApiError
from ui.shapes.base import Shape
from ui.shapes.reading import Answer, Event, Piece, Refusal, Stage

KINDS: Final[dict[str, type[Shape]]] = {"stage": Stage, "piece": Piece, "answer": Answer, "refusal": Refusal}
#: How long a reader may wait before it is given a chance to show that time passes, or to stop.
TICK_S: Final = 0.25
BROKEN: Final = ApiError(slug="unavailable", part="api")

Lines = Callable[[], AbstractAsyncContextManager[AsyncIterator[str]]]


async def events(lines: AsyncIterator[str]) -> AsyncIterator[Event]:
    """Read events from lines, as the HTML standard says; an event of an unknown name is passed over.

    Raises ApiError where an event is not what its name says.
    """
    name, data = "", []
    async for line in lines:
        if line:
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "data":
                data.append(value)
            continue
        if name in KINDS and data:
            yield _event(name, "\n".join(data))
        name, data = "", []


def _event(name: str, data: str) -> Event:
    try:
        return KINDS[name].model_validate(json.loads(data))  # type: ignore[return-value]  # KINDS holds events
    except (json.JSONDecodeError, ValidationError) as error:
        raise ApiError(slug="unexpected", detail=f"an event {name} that can't be read") from error


class Answering:
    """A question on its way: iterate for events, and None each time nothing came for a moment; leaving it stops it."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._said: queue.Queue[Event | ApiError | None] = queue.Queue()
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(self._read())
        self._thread = threading.Thread(target=self._run, name="answering", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop: the connection is closed, which the API takes as the person's wish."""
        with suppress(RuntimeError):  # it ended by itself
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(5)

    def __iter__(self) -> Iterator[Event | None]:
        """Yield events until the last.

        Raises ApiError.
        """
        while True:
            try:
                said = self._said.get(timeout=TICK_S)
            except queue.Empty:
                yield None
                continue
            if isinstance(said, ApiError):
                raise said
            if said is None:
                return
            yield said

    def _run(self) -> None:
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)
        self._loop.close()

    async def _read(self) -> None:
        ended = False
        try:
            async with self._lines() as lines:
                async for event in events(lines):
                    self._said.put(event)
                    ended = isinstance(event, Answer | Refusal)
            self._said.put(None if ended else BROKEN)
        except ApiError as error:
            self._said.put(error)
