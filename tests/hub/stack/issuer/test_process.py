"""The issuer as a process: it listens where nobody else comes, or not at all."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from hub.stack.issuer.settings import IssuerSettings, listen_address
from hub.stack.probes import answers_health
from tests.hub.stack.issuer.browser import URL

REPOSITORY = Path(__file__).parents[4]

ELSEWHERE = [
    "0.0.0.0:8082", "[::]:8082", ":8082", "8082", "192.168.0.1:8082", "10.0.0.1:80", "[fe80::1]:8082", "*:8082",
    "localhost:8082", "example.org:8082", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:-1", "128.0.0.1:1",
    "127.0.0.1:8082 ", "run/issuer.sock", "", "127.1:80", "0x7f000001:80", "999.0.0.1:80", "[::ffff:10.0.0.1]:80",
]  # fmt: skip


@pytest.mark.parametrize("socket_", ELSEWHERE)
def test_where_others_could_come_it_does_not_listen(socket_: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        IssuerSettings(socket=socket_, secrets_dir=tmp_path)


def test_it_listens_on_a_socket_or_on_loopback() -> None:
    assert listen_address("/run/issuer.sock") == Path("/run/issuer.sock")
    assert listen_address("127.0.0.1:8082") == ("127.0.0.1", 8082)
    assert listen_address("127.0.0.2:1") == ("127.0.0.2", 1)
    assert listen_address("[::1]:8082") == ("::1", 8082)


@pytest.mark.parametrize("url", [
    "http://example.org/realms/hub", "http://127.0.0.1:8082", "http://127.0.0.1:8082/realms/hub/", "ftp://x/realms/hub",
    "http://127.0.0.1:8082/realms/hub?x", "http://127.0.0.1:8082/realms/hub#x", "https:///realms/hub", "",
    "https://user@example.org/realms/hub", "//127.0.0.1/realms/hub",
])  # fmt: skip
def test_an_address_that_could_be_read_along_is_no_issuers(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        IssuerSettings(socket="/x", secrets_dir=tmp_path, url=url)


def test_the_usual_address_needs_no_saying(tmp_path: Path) -> None:
    assert IssuerSettings(socket="/x", secrets_dir=tmp_path).url == URL


def start(**variables: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return subprocess.Popen(
        [sys.executable, "-m", "hub.stack.issuer"],
        cwd=REPOSITORY, env={**kept, **variables}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    return tmp_path / "run"


@pytest.fixture
def running(run_dir: Path, secrets_dir: Path) -> Iterator[Path]:
    path = run_dir / "issuer.sock"
    with start(HUB_ISSUER_SOCKET=str(path), HUB_ISSUER_SECRETS_DIR=str(secrets_dir)) as process:
        for _ in range(200):
            if path.exists() and answers_health(path):
                break
            time.sleep(0.05)
        yield path
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=20)
        assert process.returncode in {0, -signal.SIGTERM}
        assert told == ""


def test_it_answers_on_its_socket_which_is_its_users_alone(running: Path, secrets_dir: Path) -> None:
    assert answers_health(running)
    assert stat.S_IMODE(running.stat().st_mode) == 0o600
    assert {path.name for path in secrets_dir.iterdir()} == {
        "api-secret",
        "demo-password",
        "issuer-key.json",
        "registrar-secret",
    }
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in secrets_dir.iterdir())


@pytest.mark.parametrize(("variables", "sentence"), [
    ({"HUB_ISSUER_SOCKET": "0.0.0.0:8082"}, "on loopback, where nobody else comes"),
    ({"HUB_ISSUER_URL": "http://example.org/realms/hub"}, "HUB_ISSUER_URL"),
    ({"HUB_ISSUER_URL": "http://127.0.0.1:8082/realms/other"}, "must end in /realms/hub"),
    ({"HUB_ISSUER_REALM_FILE": "/absent.json"}, "realm file /absent.json can't be read"),
    ({"HUB_ISSUER_SECRETS_DIR": ""}, "HUB_ISSUER_SECRETS_DIR"),
])  # fmt: skip
def test_a_wrong_setting_is_one_sentence(
    variables: dict[str, str], sentence: str, run_dir: Path, secrets_dir: Path
) -> None:
    known = {"HUB_ISSUER_SOCKET": str(run_dir / "i.sock"), "HUB_ISSUER_SECRETS_DIR": str(secrets_dir), **variables}
    process = start(**{name: value for name, value in known.items() if value})
    _, told = process.communicate(timeout=20)
    assert process.returncode == 78
    assert sentence in told
    assert told.count("\n") == 1


def test_a_port_that_is_taken_is_one_sentence(secrets_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        process = start(HUB_ISSUER_SOCKET=address, HUB_ISSUER_SECRETS_DIR=str(secrets_dir))
        _, told = process.communicate(timeout=20)
    assert process.returncode == 78
    assert "Traceback" not in told
