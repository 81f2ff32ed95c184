"""A real Keycloak: its server by a pinned Maven artefact, built once, started on loopback with the hub's own realm."""

import hashlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.services.versitygw import free_port

VERSION = "26.7.3"
ARTEFACT = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:tar.gz"
SHA256 = "77657f30b7e90d70f727712ce1c967f430fd6a5e9f458d32d8c6df0635345f47"
ADMIN = "keeper"
#: Without it JGroups would listen on every address this machine has.
ALONE = "--cache=local"
#: Seconds on a machine that does nothing else; minutes on one that is busy.
START_S = 500


@dataclass(frozen=True, kw_only=True)
class Server:
    """Where it answers, and who may change it."""

    url: str
    admin_password: str = field(repr=False)
    api_port: int = 0  # where its realm says the API is

    @property
    def issuer(self) -> str:
        return f"{self.url}/realms/hub"

    @contextmanager
    def keeper(self) -> Iterator[httpx.Client]:
        """Whoever may change everything, with a token for a minute."""
        form = {"grant_type": "password", "client_id": "admin-cli", "username": ADMIN, "password": self.admin_password}
        with httpx.Client(base_url=f"{self.url}/admin", trust_env=False, timeout=30) as http:
            answer = http.post(f"{self.url}/realms/master/protocol/openid-connect/token", data=form)
            assert answer.status_code == 200, answer.text
            http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
            yield http

    def version_told(self) -> str:
        """The version the server itself says it has."""
        with self.keeper() as http:
            told = str(http.get("/serverinfo").json()["systemInfo"]["version"])
        assert told == VERSION
        return told


def cache_dir() -> Path:
    default = Path.home() / ".cache" / "sovereign-data-hub"
    return Path(os.environ.get("HUB_TEST_CACHE_DIR", default)) / f"keycloak-{VERSION}"


def program(name: str, package: str) -> str:
    found = shutil.which(name)
    assert found, f"{name} is needed for Keycloak: apt-get install {package}"
    return found


def built() -> Path:
    """The server's folder, brought and built the first time (about a minute)."""
    folder = cache_dir() / f"keycloak-{VERSION}"
    done = cache_dir() / ".built"
    if done.exists():
        return folder
    cache_dir().mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    packed = cache_dir() / f"keycloak-quarkus-dist-{VERSION}.tar.gz"
    if not packed.exists():
        told = [f"-Dartifact={ARTEFACT}", f"-DoutputDirectory={cache_dir()}"]
        run(program("mvn", "maven"), "-q", "-B", "dependency:copy", *told)
    with packed.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == SHA256, f"{ARTEFACT} is not the one that was pinned"
    with tarfile.open(packed) as archive:
        # Debian 12's Python has no filters yet; the archive is the one whose digest is pinned.
        filtered: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
        archive.extractall(cache_dir(), **filtered)  # noqa: S202  # as pinned
    program("java", "openjdk-17-jre-headless")
    run(str(folder / "bin" / "kc.sh"), "build", "--db=dev-file", "--health-enabled=true")
    done.touch()
    return folder


def run(*command: str) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, (ended.stdout + ended.stderr)[-2000:]


def home(folder: Path, realm: dict[str, Any]) -> Path:
    """A server's folder of its own: the programs are shared, the data and the realm are not."""
    built_once, own = built(), folder / "keycloak"
    own.mkdir()
    for name in ("lib", "providers", "themes"):
        (own / name).symlink_to(built_once / name)
    for name in ("bin", "conf"):
        shutil.copytree(built_once / name, own / name)
    (own / "data" / "import").mkdir(parents=True)
    (own / "data" / "import" / "hub-realm.json").write_text(json.dumps(realm), encoding="utf-8")
    return own


@contextmanager
def running(folder: Path, realm: dict[str, Any], *, api_port: int = 0) -> Iterator[Server]:
    """A server that has imported the realm, stopped at the end."""
    own, log = home(folder, realm), folder / "keycloak.log"
    port, management = free_port(), free_port()
    server = Server(url=f"http://127.0.0.1:{port}", admin_password=secrets.token_hex(16), api_port=api_port)
    command = [
        own / "bin" / "kc.sh", "start", "--optimized", "--import-realm", ALONE, "--http-enabled=true",
        "--http-host=127.0.0.1", f"--http-port={port}", f"--hostname={server.url}",
        "--http-management-host=127.0.0.1", f"--http-management-port={management}",
    ]  # fmt: skip
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "JAVA_OPTS_KC_HEAP": "-Xms128m -Xmx512m",
        "KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN,
        "KC_BOOTSTRAP_ADMIN_PASSWORD": server.admin_password,
    }
    with log.open("wb") as sink:
        process = subprocess.Popen(command, env=environment, stdout=sink, stderr=sink, start_new_session=True)
    try:
        wait_until_ready(f"http://127.0.0.1:{management}/health/ready", process, log)
        yield server
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the script and the machine it started, at the latest after half a minute."""
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(url, timeout=2, trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise AssertionError(f"Keycloak did not start: {log.read_text(encoding='utf-8', errors='replace')[-3000:]}")
