"""The one listener of a hub on one machine: passes bytes from loopback ports on to the sockets of UI, API and issuer.

A further network zone has an address of its own and a socket of the API's behind it: by that the API knows the zone.
It reads nothing of what it passes on, so it can't be talked into anything. `python -m hub.stack.ingress`.
"""

import asyncio
import errno
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from catalog.errors import DataHubError, SettingsError
from catalog.settings import load
from hub.seal.sockets import listen
from hub.stack.settings import Port

EXIT_REFUSED: Final = 78
PIECE_BYTES: Final = 64 << 10
REQUEST_S: Final = 2.0
Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]
SENTENCE: Final = b"This part of the hub is starting, or it has stopped. Try again in a moment.\n"
#: What a browser reads while a part behind the door is starting.
STARTING: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 2\r\n"
    b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(SENTENCE), SENTENCE)
)


class IngressSettings(BaseSettings):
    """Variables `HUB_INGRESS_…`."""

    model_config = SettingsConfigDict(env_prefix="HUB_INGRESS_", frozen=True, extra="forbid", hide_input_in_errors=True)

    ui_port: Port
    ui_socket: Path
    api_port: Port
    api_socket: Path
    issuer_port: Port
    issuer_socket: Path
    ready_socket: Path  # answers once every port is listened on
    #: Each further network zone's address, with the socket on which the API hears it: which one it was says the zone.
    zones: dict[IPv4Address, Path] = {}
    connections_max: Annotated[int, Field(ge=1, le=65_536)] = 1_024

    @property
    def doors(self) -> dict[tuple[str, int], Path]:
        """Address and port → the socket behind it."""
        return {
            ("127.0.0.1", self.ui_port): self.ui_socket,
            ("127.0.0.1", self.api_port): self.api_socket,
            ("127.0.0.1", self.issuer_port): self.issuer_socket,
            **{(str(address), self.api_port): socket for address, socket in self.zones.items()},
        }


class Relay:
    """Passes connections on, so many at once."""

    def __init__(self, most: int) -> None:
        self._places = asyncio.Semaphore(most)

    def to(self, socket: Path) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        """Return the handler of one door."""

        async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            async with self._places:
                await _serve(reader, writer, socket)

        return passed_on


async def serve(settings: IngressSettings) -> None:
    """Listen until a signal. SettingsError when a port is taken."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    relay = Relay(settings.connections_max)
    servers: list[asyncio.Server] = []
    try:
        for (host, port), socket in settings.doors.items():
            servers.append(await _listen(host, port, relay.to(socket)))  # those before a taken one are closed
        servers.append(await asyncio.start_unix_server(_say_ready, sock=listen(settings.ready_socket)))
        await stop.wait()
    finally:
        for server in servers:
            server.close()


async def _listen(
    host: str, port: int, handler: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
) -> asyncio.Server:
    try:
        return await asyncio.start_server(handler, host, port)
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise SettingsError(
                f"{host} is no address of this machine, so no network zone can come in by it. Correct HUB_ZONES."
            ) from error
        if error.errno in {errno.EADDRINUSE, errno.EACCES}:
            raise SettingsError(
                f"Port {port} can't be had ({error.strerror}). Stop what uses it, or set HUB_UI_PORT, HUB_API_PORT and "
                "HUB_ISSUER_PORT to free ones."
            ) from error
        raise


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, socket: Path) -> None:
    try:
        behind = await asyncio.open_unix_connection(str(socket))
    except OSError:
        await _say_starting(reader, writer)
        return
    await copy((reader, writer), behind)


async def copy(one: Ends, other: Ends) -> None:
    """Pass bytes both ways until both sides have ended."""
    try:
        await asyncio.gather(_pass(one[0], other[1]), _pass(other[0], one[1]))
    finally:
        for end in (one, other):
            end[1].close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until one side ends; the other direction may go on."""
    with suppress(OSError):
        while piece := await reader.read(PIECE_BYTES):
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()


async def _say_ready(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, TimeoutError):
        await asyncio.wait_for(reader.read(PIECE_BYTES), REQUEST_S)
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
    writer.close()


async def _say_starting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, TimeoutError):
        # What was sent must be read first: closing over it would take the sentence back.
        await asyncio.wait_for(reader.read(PIECE_BYTES), REQUEST_S)
        writer.write(STARTING)
        await writer.drain()
    writer.close()


def main() -> int:
    """Listen until a signal; EXIT_REFUSED with one sentence when a port can't be had."""
    try:
        asyncio.run(serve(load(IngressSettings)))
    except DataHubError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
