"""A warmed, sealed server that never sees a document: it forks one throw-away child for each connection.

`python -m hub.seal.forkserver --socket PATH --entry module:function [--preload module:function]…`
The child proves its walls in a greeting line, reads one header line and the bytes, and answers with one line.
"""

import argparse
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from catalog.errors import DataHubError
from hub.seal import filter as syscall_filter
from hub.seal import kernel, probe, throwaway
from hub.seal.__main__ import EXIT_UNSEALED
from hub.seal.sockets import listen
from hub.seal.throwaway import Entry, Limits

_GRACE_S: Final = 150.0  # for receiving the document, before its own clock starts


@dataclass(kw_only=True)
class _Child:
    process_id: int
    handle: int  # pidfd: readable when it has ended
    told: int  # our end of the pipe it speaks to us through
    connection: socket.socket  # never read here
    deadline: float
    wall_s: float = 0.0
    heard: bytes = b""
    answering: bool = False
    timed_out: bool = False


@dataclass(kw_only=True)
class ForkServer:
    """The loop: accept, fork, watch the clock, say how a child died."""

    listener: socket.socket
    entry: Entry
    limits: Limits
    max_children: int
    _children: dict[int, _Child] = field(default_factory=dict)
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def run(self) -> None:
        """Serve until a signal ends the process."""
        self._listen(accepting=True)
        while True:
            for key, _ in self._selector.select(self._next_deadline()):
                self._on_event(key)
            self._kill_late_children()

    def _on_event(self, key: selectors.SelectorKey) -> None:
        if key.fileobj is self.listener:
            self._accept()
            return
        child = self._children.get(key.data)
        if child is None:
            return
        if key.fd == child.told:
            self._hear(child)
        else:
            self._bury(child)

    def _listen(self, *, accepting: bool) -> None:
        if accepting:
            self._selector.register(self.listener, selectors.EVENT_READ)
        else:
            self._selector.unregister(self.listener)

    def _accept(self) -> None:
        connection, _ = self.listener.accept()
        told, tell = os.pipe()
        process_id = os.fork()
        if process_id == 0:
            throwaway.run(connection, tell, self.entry, self.limits)
        os.close(tell)
        os.set_blocking(told, False)
        child = _Child(
            process_id=process_id,
            handle=os.pidfd_open(process_id),
            told=told,
            connection=connection,
            deadline=time.monotonic() + _GRACE_S,
        )
        self._children[process_id] = child
        self._selector.register(child.handle, selectors.EVENT_READ, process_id)
        self._selector.register(child.told, selectors.EVENT_READ, process_id)
        if len(self._children) == self.max_children:
            self._listen(accepting=False)

    def _hear(self, child: _Child) -> None:
        """Hear from the child when its clock starts and when its answer begins."""
        try:
            heard = os.read(child.told, 64)
        except BlockingIOError:
            return
        if not heard:
            self._selector.unregister(child.told)
            return
        child.heard += heard
        if not child.wall_s and len(child.heard) >= throwaway.TELL_WALL.size:
            (asked,) = throwaway.TELL_WALL.unpack(child.heard[: throwaway.TELL_WALL.size])
            child.wall_s = min(max(asked, 0.01), self.limits.wall_s)
            child.deadline = time.monotonic() + child.wall_s
        child.answering = len(child.heard) != throwaway.TELL_WALL.size

    def _bury(self, child: _Child) -> None:
        """Say how a child ended, when it could not say anything itself."""
        self._hear_rest(child)
        _, status = os.waitpid(child.process_id, 0)
        if child.timed_out:
            self._answer_for(child, throwaway.describe_timeout(child.wall_s or _GRACE_S))
        elif status and not child.answering:
            self._answer_for(child, throwaway.describe_death(status))
        child.connection.close()
        for descriptor in (child.handle, child.told):
            if descriptor in self._selector.get_map():
                self._selector.unregister(descriptor)
            os.close(descriptor)
        if len(self._children) == self.max_children:
            self._listen(accepting=True)
        del self._children[child.process_id]

    def _hear_rest(self, child: _Child) -> None:
        if child.told in self._selector.get_map():
            self._hear(child)

    def _answer_for(self, child: _Child, answer: dict[str, Any]) -> None:
        throwaway.log(f"a document ended without an answer: {answer['reason']}: {answer['detail']}")
        child.connection.setblocking(False)
        try:
            child.connection.sendall(throwaway.as_line(answer))
        except OSError:
            return  # the client has gone, or did not read: closing tells it enough

    def _next_deadline(self) -> float | None:
        if not self._children:
            return None
        return max(0.0, min(child.deadline for child in self._children.values()) - time.monotonic())

    def _kill_late_children(self) -> None:
        now = time.monotonic()
        for child in self._children.values():
            if child.deadline <= now and not child.timed_out:
                child.timed_out = True
                child.deadline = now + _GRACE_S
                os.kill(child.process_id, signal.SIGKILL)


def load(name: str) -> Callable[..., Any]:
    """Return the function `module:function` names."""
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


def main(arguments: Sequence[str]) -> int:
    """Prove the seal, warm up, serve."""
    options = _parse(arguments)
    try:
        probe.assert_sealed()
        syscall_filter.strict(os.getpid())  # finds the library now: a child can't
    except DataHubError as error:
        throwaway.log(str(error))
        return EXIT_UNSEALED
    sys.path.extend(map(str, options.search))
    for name in options.preload:
        load(name)()
    server = ForkServer(
        listener=listen(options.socket),
        entry=load(options.entry),
        limits=Limits(
            extra_memory_bytes=options.memory_mib << 20,
            cpu_s=options.cpu_s,
            wall_s=options.wall_s,
            max_document_bytes=options.document_mib << 20,
        ),
        max_children=options.children,
    )
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)  # no child looks into this process or a neighbour
    gc.freeze()  # children share the warmed pages
    server.run()
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m hub.seal.forkserver", description=__doc__)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--entry", required=True, metavar="MODULE:FUNCTION", help="(header, bytes) -> dict")
    parser.add_argument("--preload", action="append", default=[], metavar="MODULE:FUNCTION", help="called once")
    parser.add_argument("--search", type=Path, action="append", default=[], help="where else modules are found")
    parser.add_argument("--children", type=int, default=2, help="documents read at the same time")
    parser.add_argument("--memory-mib", type=int, default=1024)
    parser.add_argument("--cpu-s", type=int, default=60)
    parser.add_argument("--wall-s", type=float, default=60.0)
    parser.add_argument("--document-mib", type=int, default=256)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
