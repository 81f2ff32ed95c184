"""A parser taken over by a document: `serve_one` tries the action named in its input and says whether it got through.

Each action raises when it was stopped. What the server itself may do never depends on this file.
"""

import ctypes
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MIB = 1 << 20


def tcp_socket(_: dict[str, Any]) -> None:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()


def udp_socket(_: dict[str, Any]) -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()


def ipv6_socket(_: dict[str, Any]) -> None:
    socket.socket(socket.AF_INET6, socket.SOCK_STREAM).close()


def netlink_socket(_: dict[str, Any]) -> None:
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()


def packet_socket(_: dict[str, Any]) -> None:
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()


def unix_connection(header: dict[str, Any]) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(header["neighbour_socket"])


def read_a_secret(header: dict[str, Any]) -> None:
    assert Path(header["secret"]).read_text(encoding="utf-8")


def write_outside(header: dict[str, Any]) -> None:
    Path(header["outside"]).write_text("taken", encoding="utf-8")


def fork_beyond_the_limit(_: dict[str, Any]) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def allocate_beyond_the_limit(_: dict[str, Any]) -> None:
    block = bytearray(256 * MIB)
    assert len(block) == 256 * MIB


def ptrace_the_parent(_: dict[str, Any]) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    attach, detach = 16, 17
    if library.ptrace(attach, os.getppid(), None, None) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    os.waitpid(os.getppid(), 0x40000000)
    library.ptrace(detach, os.getppid(), None, None)


def signal_a_neighbour(header: dict[str, Any]) -> None:
    os.kill(header["neighbour"], signal.SIGUSR1)


ACTIONS: dict[str, Callable[[dict[str, Any]], None]] = {
    action.__name__: action
    for action in (
        *(tcp_socket, udp_socket, ipv6_socket, netlink_socket, packet_socket, unix_connection),
        *(read_a_secret, write_outside, fork_beyond_the_limit, allocate_beyond_the_limit),
        *(ptrace_the_parent, signal_a_neighbour),
    )
}


def attempt(header: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Try the action; the answer says how it went."""
    try:
        ACTIONS[data.decode()](header)
    except (OSError, MemoryError, RuntimeError) as error:
        return {"succeeded": False, "stopped_by": type(error).__name__}
    return {"succeeded": True}


MEMORY: list[bytes] = []


def echo(_: dict[str, Any], data: bytes) -> dict[str, Any]:
    return {"bytes": len(data), "seen_before": len(MEMORY)}


def remember(_: dict[str, Any], data: bytes) -> dict[str, Any]:
    MEMORY.append(data)
    return {"seen_before": len(MEMORY) - 1}


def sleep(*_: object) -> dict[str, Any]:
    time.sleep(30)
    return {}


def spin(*_: object) -> dict[str, Any]:
    while True:
        pass


def crash(*_: object) -> dict[str, Any]:
    return {"read": str(ctypes.string_at(0))}


def swallow_memory(*_: object) -> dict[str, Any]:
    return {"bytes": len(bytearray(256 * MIB))}


def fail(_: dict[str, Any], data: bytes) -> dict[str, Any]:
    raise ValueError(data.decode())


def nest(header: dict[str, Any], data: bytes) -> dict[str, Any]:
    return nest(header, data)


def leave(*_: object) -> dict[str, Any]:
    os._exit(7)


def no_json(*_: object) -> dict[str, Any]:
    return {"object": object()}


JOBS = {
    job.__name__: job
    for job in (attempt, echo, remember, sleep, spin, crash, swallow_memory, fail, nest, leave, no_json)
}


def serve_one(header: dict[str, Any], data: bytes) -> dict[str, Any]:
    """What a sealed fork server calls."""
    return JOBS[header["name"]](header, data)
