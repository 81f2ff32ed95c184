"""The way to one address for parts without a network: a UNIX socket whose bytes are passed on to the issuer.

Where it leads is told at the start and nobody who connects can choose. `python -m hub.stack.outlet`.
"""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from catalog.errors import DataHubError
from catalog.settings import load
from hub.seal.sockets import listen
from hub.stack.ingress import copy
from hub.stack.settings import Port

EXIT_REFUSED: Final = 78


class OutletSettings(BaseSettings):
    """Variables `HUB_OUTLET_…`."""

    model_config = SettingsConfigDict(env_prefix="HUB_OUTLET_", frozen=True, extra="forbid", hide_input_in_errors=True)

    socket: Path
    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]+$", max_length=253)]
    port: Port
    connections_max: Annotated[int, Field(ge=1, le=4_096)] = 128


async def serve(settings: OutletSettings) -> None:
    """Listen until a signal."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    places = asyncio.Semaphore(settings.connections_max)

    async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with places:
            try:
                there = await asyncio.open_connection(settings.host, settings.port)
            except OSError:
                writer.close()
                return
            await copy((reader, writer), there)

    server = await asyncio.start_unix_server(passed_on, sock=listen(settings.socket))
    try:
        await stop.wait()
    finally:
        server.close()


def main() -> int:
    """Listen until a signal; EXIT_REFUSED with one sentence when a setting is wrong."""
    try:
        asyncio.run(serve(load(OutletSettings)))
    except DataHubError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main())
