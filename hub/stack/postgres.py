"""One Postgres in one folder: made, started, reached by a UNIX socket only, stopped; from the wheel's programs."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psycopg
import sqlalchemy

from catalog.errors import DependencyError
from hub.stack.binaries import programs
from hub.stack.parent import dies_with_parent
from hub.stack.postgres_conf import write_configuration
from hub.stack.processes import all_pids
from hub.stack.service_user import ServiceUser, own_name, service_user

DATABASE = "hub"
SUPERUSER = "postgres"
INITDB = [
    f"--username={SUPERUSER}",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C.UTF-8",
    "--auth-local=peer",
    "--auth-host=reject",
    "--data-checksums",
]
# Postgres stays in its data folder, so it is named by where the process stands. This also works below a folder
# its user can't enter, such as /root.
HERE = "/proc/self/cwd"
ENVIRONMENT: Mapping[str, str] = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class PostgresFolder:
    """A data folder, the folder of its socket, and the account it runs as."""

    def __init__(self, data_dir: Path, run_dir: Path, *, account: str = "nobody", durable: bool = True) -> None:
        self.data_dir = data_dir.absolute()
        self.run_dir = run_dir.absolute()
        self.socket_dir = self.run_dir / "pg"
        self.user: ServiceUser | None = service_user(account)
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None

    def init(self) -> None:
        """Make the cluster and the database `hub` unless they are there; a half-made one is made anew."""
        self._make_socket_dir()
        if self.data_dir.exists():
            return
        new = self.data_dir.with_name(f"{self.data_dir.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        self._hand_over(new)
        self._run([str(self.programs / "initdb"), "-D", HERE, *INITDB], new)
        self._run(
            [str(self.programs / "postgres"), "--single", "-D", HERE, SUPERUSER], new, f"CREATE DATABASE {DATABASE}"
        )
        new.rename(self.data_dir)

    @property
    def programs(self) -> Path:
        """The folder of the programs, one its user can reach."""
        return programs(self.user, self.run_dir)

    def configure(self) -> Path:
        """Write settings and access rules as this version of the hub wants them, where the server can't change them."""
        return write_configuration(self.run_dir, self.socket_dir, owner=own_name(), durable=self._durable)

    def command(self) -> list[str]:
        """Return the server's command line; it is to be run inside `data_dir`, as `user`."""
        return [str(self.programs / "postgres"), "-D", HERE, "-c", f"config_file={self.configure()}"]

    def start(self, *, log: int | None = subprocess.DEVNULL, timeout_s: float = 60.0) -> subprocess.Popen[bytes]:
        """Start the server and return when it answers."""
        self.clear_leftovers()
        self._process = subprocess.Popen(  # noqa: S603  # the wheel's own program
            self.command(),
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            cwd=self.data_dir,
            env=ENVIRONMENT,
            user=self.user.uid if self.user else None,
            group=self.user.gid if self.user else None,
            extra_groups=[] if self.user else None,
            preexec_fn=dies_with_parent(signal.SIGINT),  # noqa: PLW1509  # it takes no lock
        )
        until = time.monotonic() + timeout_s
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise DependencyError(f"Postgres did not start in {self.data_dir}. Its log says why.")
            time.sleep(0.02)
        return self._process

    def stop(self, *, timeout_s: float = 30.0) -> None:
        """Stop the server this object started: clients are cut off, nothing committed is lost."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    def answers(self) -> bool:
        """Say whether the server takes its owner's connection: it does when recovery is over."""
        try:
            psycopg.connect(host=str(self.socket_dir), port=5432, user=SUPERUSER, dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, role: str, password: str | None = None, database: str = DATABASE) -> sqlalchemy.URL:
        """Return the address for a role: `postgres` and `hub_operator` need no password from the owner's account."""
        query = {"host": str(self.socket_dir), "port": "5432", "connect_timeout": "10"}
        return sqlalchemy.URL.create("postgresql+psycopg", role, password, database=database, query=query)

    def clear_leftovers(self, *, timeout_s: float = 20.0) -> None:
        """End what is left of a server whose starter is gone, and remove its pid file.

        Postgres would take a stranger with the recorded number for its own server; and a backend that is still busy
        for a dead server must not write beside a new one. Only for the holder of the data folder.
        """
        until = time.monotonic() + timeout_s
        while left := self.processes():
            if time.monotonic() > until:
                raise DependencyError(f"Processes of an earlier Postgres don't end in {self.data_dir}: {left}.")
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)
        (self.data_dir / "postmaster.pid").unlink(missing_ok=True)

    def processes(self) -> list[int]:
        """Return every Postgres process that stands in the data folder: its server and the server's children."""
        here = self.data_dir.stat()
        return [pid for pid in all_pids() if _is_postgres_in(pid, here)]

    def _make_socket_dir(self) -> None:
        self.run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.socket_dir.mkdir(exist_ok=True)
        self.run_dir.chmod(0o711 if self.user else 0o700)
        self.socket_dir.chmod(0o711 if self.user else 0o700)
        self._hand_over(self.socket_dir)

    def _hand_over(self, path: Path) -> None:
        if self.user:
            os.chown(path, self.user.uid, self.user.gid)

    def _run(self, command: list[str], folder: Path, statement: str | None = None) -> None:
        done = subprocess.run(  # noqa: S603  # the wheel's own program
            command,
            input=statement,
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
            env=ENVIRONMENT,
            user=self.user.uid if self.user else None,
            group=self.user.gid if self.user else None,
            extra_groups=[] if self.user else None,
        )
        if done.returncode != 0:
            last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
            raise DependencyError(f"Postgres could not be set up in {self.data_dir}: {last}")


def _is_postgres_in(pid: int, folder: os.stat_result) -> bool:
    process = Path(f"/proc/{pid}")
    try:
        return (process / "exe").readlink().name == "postgres" and os.path.samestat((process / "cwd").stat(), folder)
    except OSError:
        return False
