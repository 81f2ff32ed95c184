"""The throw-away child by itself: what it does where its walls are missing."""

import json
import os
import socket
from typing import Any

from hub.seal import throwaway
from hub.seal.throwaway import Limits


def test_a_child_that_finds_a_door_open_says_so_and_takes_no_byte() -> None:
    """This process has no walls: the same code that serves inside them must refuse here."""
    taken: list[bytes] = []

    def entry(_: dict[str, Any], data: bytes) -> dict[str, Any]:
        taken.append(data)
        return {}

    limits = Limits(extra_memory_bytes=1 << 30, cpu_s=10, wall_s=10, max_document_bytes=100)
    header = {"name": "a", "media_type": "text/plain", "bytes": 4, "wall_s": 5}
    told, tell = os.pipe()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(json.dumps(header).encode() + b"\ntext")
        ours.shutdown(socket.SHUT_WR)
        throwaway._serve(theirs, tell, entry, limits)
        theirs.shutdown(socket.SHUT_WR)
        with ours.makefile("rb") as answers:
            said = [json.loads(line) for line in answers]
    os.close(told)
    os.close(tell)
    assert [greeting["sealed"] for greeting in said] == [False]
    assert taken == []
