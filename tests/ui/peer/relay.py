"""What the ingress does, for tests: bytes from a TCP port of this machine to a UNIX socket and back."""

import asyncio
import contextlib
import queue
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()


async def _serve(listener: socket.socket, target: Path, handed: queue.Queue[Callable[[], None]]) -> None:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            to_reader, to_writer = await asyncio.open_unix_connection(target)
        except OSError:
            writer.close()
            return
        await asyncio.gather(_copy(reader, to_writer), _copy(to_reader, writer))

    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    server = await asyncio.start_server(handle, sock=listener)
    handed.put(lambda: loop.call_soon_threadsafe(done.set) and None)
    await done.wait()
    server.close()


def port_listener() -> socket.socket:
    """Listen on a free port of this machine; told apart from the relay so that its number is known first."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    return listener


@contextlib.contextmanager
def relay(listener: socket.socket, target: Path) -> Iterator[None]:
    """Relay until the block ends."""
    handed: queue.Queue[Callable[[], None]] = queue.Queue()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(listener, target, handed)), daemon=True)
    thread.start()
    stop = handed.get(timeout=10)
    try:
        yield
    finally:
        stop()
        thread.join(5)
