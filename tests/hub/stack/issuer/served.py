"""The issuer behind a real listener, for programs that speak to it over a socket."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from hub.stack.issuer.app import create_app
from hub.stack.issuer.issuer import Issuer
from hub.stack.issuer.settings import IssuerSettings
from hub.stack.keycloak.realm import realm


@contextmanager
def serving(app: object, *listeners: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off")  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": list(listeners)})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def served(secrets_dir: Path, folder: Path, *, api_socket: Path | None = None) -> Iterator[Issuer]:
    """An issuer on a loopback port whose terminals may ask every second."""
    raw = realm() | {"oauth2DevicePollingInterval": 1}
    (folder / "realm.json").write_text(json.dumps(raw))
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"127.0.0.1:{listener.getsockname()[1]}"
    issuer = Issuer(
        IssuerSettings(
            socket=address,
            url=f"http://{address}/realms/hub",
            realm_file=folder / "realm.json",
            secrets_dir=secrets_dir,
            api_socket=api_socket,
        )
    )
    with serving(create_app(issuer), listener):
        yield issuer


@contextmanager
def on_socket(issuer: Issuer, path: Path) -> Iterator[None]:
    """The same issuer on a UNIX socket."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    with serving(create_app(issuer), listener):
        yield
