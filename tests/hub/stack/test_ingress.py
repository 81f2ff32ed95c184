"""The ingress passes bytes on both ways, to the socket behind each port and nowhere else; the outlet the other way."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from catalog.errors import SettingsError
from catalog.settings import load
from hub.stack import ingress, outlet
from hub.stack.ingress import IngressSettings
from hub.stack.outlet import OutletSettings
from hub.stack.probes import answers_health
from hub.stack.settings import StackSettings

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def settings(tmp_path: Path, **more: object) -> IngressSettings:
    doors = {f"{name}_socket": tmp_path / f"{name}.sock" for name in ("ui", "api", "issuer")}
    ports = {f"{name}_port": free_port() for name in ("ui", "api", "issuer")}
    doors["ready_socket"] = tmp_path / "ready.sock"
    return IngressSettings(**{**doors, **ports, **more})  # type: ignore[arg-type]


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say back everything, then one word more once the other side has ended."""
    while piece := await reader.read(1000):
        writer.write(piece)
        await writer.drain()
    writer.write(b"bye")
    writer.close()


@contextlib.asynccontextmanager
async def behind(path: Path, handler: Handler) -> AsyncIterator[None]:
    server = await asyncio.start_unix_server(handler, path)
    yield
    server.close()


@contextlib.asynccontextmanager
async def running(act: Awaitable[None]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(act)
    await asyncio.sleep(0.1)
    assert not task.done(), task.exception()
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def said(port: int, words: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(words)
    writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return answer


def test_each_port_leads_to_its_socket_and_bytes_pass_both_ways(tmp_path: Path) -> None:
    async def scene() -> None:
        told = settings(tmp_path)

        def named(name: str) -> Handler:
            async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                writer.write(name.encode() + b":" + await reader.read())
                writer.close()

            return handler

        async with contextlib.AsyncExitStack() as stack:
            for name in ("ui", "api", "issuer"):
                await stack.enter_async_context(behind(tmp_path / f"{name}.sock", named(name)))
            await stack.enter_async_context(running(ingress.serve(told)))
            for port, name in ((told.ui_port, "ui"), (told.api_port, "api"), (told.issuer_port, "issuer")):
                assert await said(port, b"hello") == f"{name}:hello".encode()

    asyncio.run(scene())


def test_a_large_body_and_what_is_said_after_its_end_pass_whole(tmp_path: Path) -> None:
    async def scene() -> None:
        told = settings(tmp_path)
        async with behind(tmp_path / "ui.sock", echo), running(ingress.serve(told)):
            words = b"0123456789" * 500_000
            assert await said(told.ui_port, words) == words + b"bye"

    asyncio.run(scene())


def test_while_a_part_starts_a_browser_reads_a_sentence(tmp_path: Path) -> None:
    async def scene() -> bytes:
        told = settings(tmp_path)
        async with running(ingress.serve(told)):
            return await said(told.ui_port, b"GET / HTTP/1.1\r\n\r\n")

    answer = asyncio.run(scene())
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert body == ingress.SENTENCE
    assert f"Content-Length: {len(body)}".encode() in head


def test_a_taken_port_is_a_sentence_that_says_what_to_set(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = settings(tmp_path, api_port=taken.getsockname()[1])
        with pytest.raises(SettingsError, match="HUB_API_PORT"):
            asyncio.run(ingress.serve(told))


def test_it_says_that_it_is_ready_by_a_socket_of_its_own(tmp_path: Path) -> None:
    async def scene() -> None:
        told = settings(tmp_path)
        assert not answers_health(told.ready_socket)
        async with running(ingress.serve(told)):
            assert await asyncio.to_thread(answers_health, told.ready_socket)

    asyncio.run(scene())


def test_it_listens_on_loopback_alone(tmp_path: Path) -> None:
    def addresses(ports: set[str]) -> list[str]:
        found = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return [address for address in found if address.partition(":")[2] in ports]

    async def scene() -> list[str]:
        told = settings(tmp_path)
        async with running(ingress.serve(told)):
            return addresses({f"{port:04X}" for _, port in told.doors})

    found = asyncio.run(scene())
    assert len(found) >= 3
    assert {address.partition(":")[0] for address in found} == {"0100007F"}


def test_the_outlet_leads_to_one_address(tmp_path: Path) -> None:
    async def scene() -> bytes:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        told = OutletSettings(socket=tmp_path / "out.sock", host="127.0.0.1", port=port)
        async with running(outlet.serve(told)):
            reader, writer = await asyncio.open_unix_connection(str(told.socket))
            writer.write(b"hello")
            writer.write_eof()
            answer = await asyncio.wait_for(reader.read(), 10)
            writer.close()
        server.close()
        return answer

    assert asyncio.run(scene()) == b"hellobye"


def test_an_outlet_to_nobody_ends_the_connection(tmp_path: Path) -> None:
    async def scene() -> bytes:
        told = OutletSettings(socket=tmp_path / "out.sock", host="127.0.0.1", port=free_port())
        async with running(outlet.serve(told)):
            reader, writer = await asyncio.open_unix_connection(str(told.socket))
            answer = await asyncio.wait_for(reader.read(), 10)
            writer.close()
        return answer

    assert asyncio.run(scene()) == b""


def test_each_zones_address_leads_to_its_own_socket_and_to_no_other_door(tmp_path: Path) -> None:
    """Whatever is written there: the way in is all that tells the zone."""

    async def main() -> None:
        told = settings(tmp_path, zones={"127.0.0.2": tmp_path / "z0.sock", "127.0.0.3": tmp_path / "z1.sock"})

        def naming(name: bytes) -> Handler:
            async def named(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                await reader.readline()
                writer.write(name)
                writer.close()

            return named

        async with (
            behind(tmp_path / "api.sock", naming(b"home")),
            behind(tmp_path / "z0.sock", naming(b"z0")),
            behind(tmp_path / "z1.sock", naming(b"z1")),
            running(ingress.serve(told)),
        ):
            found = {}
            for host in ("127.0.0.1", "127.0.0.2", "127.0.0.3"):
                reader, writer = await asyncio.open_connection(host, told.api_port)
                writer.write(b"X-Hub-Zone: home\r\n")
                found[host] = await reader.read()
                writer.close()
            assert found == {"127.0.0.1": b"home", "127.0.0.2": b"z0", "127.0.0.3": b"z1"}
            for port in (told.ui_port, told.issuer_port):
                with pytest.raises(ConnectionRefusedError):
                    await asyncio.open_connection("127.0.0.2", port)

    asyncio.run(main())


def test_an_address_that_is_not_this_machines_is_refused_by_the_settings_name(tmp_path: Path) -> None:
    told = settings(tmp_path, zones={"192.0.2.1": tmp_path / "z0.sock"})
    with pytest.raises(SettingsError, match="HUB_ZONES"):
        asyncio.run(ingress.serve(told))


@pytest.mark.parametrize("address", ["0.0.0.0", "127.0.0.1", "localhost", "::1"])  # noqa: S104  # refused
def test_a_zone_has_an_address_of_its_own(address: str) -> None:
    with pytest.raises(SettingsError, match="HUB_ZONES"):
        load(StackSettings, zones={"north-zone": address})


@pytest.mark.parametrize("name", ["", "North", "../api", "a zone", "x" * 41, "-a"])
def test_a_zones_name_is_plain(name: str) -> None:
    with pytest.raises(SettingsError, match="HUB_ZONES"):
        load(StackSettings, zones={name: "127.0.0.2"})
