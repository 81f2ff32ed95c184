"""`hub up`, `hub down` and `hub migrate`: what they do, without the command line around it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from catalog.errors import ConflictError, DependencyError
from hub.seal.environment import PROXIES
from hub.stack.folder import DataFolder, make_root, read_json
from hub.stack.lock import folder_lock
from hub.stack.logs import last_line, open_log
from hub.stack.part import Part
from hub.stack.parts import all_parts, database_of, migrate
from hub.stack.postgres import PostgresFolder
from hub.stack.processes import kill_session
from hub.stack.settings import StackSettings
from hub.stack.site import Site, Told, settle
from hub.stack.supervisor import NAME, Say, Supervisor, recorded, running

LOG: Final = "hub"
MakeParts = Callable[[DataFolder, StackSettings, Site], Sequence[Part]]


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Says each sentence where a person looks and keeps it in the hub's log."""

    folder: DataFolder
    echo: Say

    def __call__(self, sentence: str) -> None:
        """Say it; a closed terminal or a full disk stops nobody."""
        with suppress(OSError):
            self.echo(sentence)
        with suppress(OSError), self.folder.log(LOG).open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {sentence}\n")


def up(
    settings: StackSettings,
    told: Told,
    *,
    echo: Say,
    when_up: Callable[[], None] = lambda: None,
    make_parts: MakeParts = all_parts,
) -> None:
    """Run the hub in the foreground until Ctrl-C. SettingsError, ConflictError, DependencyError."""
    with folder_lock(make_root(settings.data_dir)):
        folder = prepare(settings)
        site = settle(folder, told)
        os.close(open_log(folder.log(LOG), max_bytes=settings.log_max_bytes))
        say = Voice(folder=folder, echo=echo)
        for name in proxies(os.environ):
            say(f"{name} is set and ignored: no part of the hub uses a proxy.")
        try:
            Supervisor(make_parts(folder, settings, site), folder, settings, say).run(when_up=when_up)
        finally:
            folder.clear_run_dir()
        say("The hub has stopped.")


def up_detached(settings: StackSettings, told: Told) -> int:
    """Start the hub in the background, wait until it is up, return its process. DependencyError with its last word."""
    with folder_lock(make_root(settings.data_dir)):
        folder = prepare(settings)
        settle(folder, told)
    log = open_log(folder.log("up"), max_bytes=settings.log_max_bytes)
    try:
        process = subprocess.Popen(  # ourselves
            [sys.executable, "-P", "-m", "hub.stack"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env={**os.environ, "HUB_DATA_DIR": str(folder.root), "HUB_DOORS": str(settings.doors).lower()},
            start_new_session=True,
        )
    finally:
        os.close(log)
    while process.poll() is None:
        state = read_json(folder.state(NAME))
        if state.get("pid") == process.pid and state.get("state") == "up":
            return process.pid
        time.sleep(0.05)
    raise DependencyError(f"The hub did not start: {last_line(folder.log('up'))}")


def down(settings: StackSettings, *, timeout_s: float = 60.0) -> bool:
    """Stop the hub that runs on the folder and all its parts; False when none runs."""
    folder = DataFolder.existing(settings.data_dir)
    supervisor = running(folder)
    if supervisor is None:
        _clear(folder)
        return False
    os.kill(supervisor.pid, signal.SIGTERM)
    until = time.monotonic() + timeout_s
    while supervisor.alive():
        if time.monotonic() > until:
            raise DependencyError(
                f"The hub (process {supervisor.pid}) did not stop in {timeout_s:g} s. "
                f"Its log: {folder.log(LOG)}. To end it by force: kill -9 {supervisor.pid}, then `hub down` again."
            )
        time.sleep(0.05)
    return True


def migrate_now(settings: StackSettings) -> None:
    """Bring the schema to today's; on a stopped hub Postgres is started for it and stopped again."""
    try:
        with folder_lock(make_root(settings.data_dir)):
            folder = prepare(settings)
            _migrate_stopped(database_of(folder, settings))
            folder.clear_run_dir()
    except ConflictError:
        migrate(database_of(DataFolder.existing(settings.data_dir), settings))


def prepare(settings: StackSettings) -> DataFolder:
    """Make or open the data folder, with room enough on its disk."""
    return DataFolder.prepare(
        settings.data_dir, account=settings.service_user, free_min_bytes=settings.free_disk_min_bytes
    )


def proxies(environment: Mapping[str, str]) -> list[str]:
    """Return the proxy variables that are set."""
    return sorted(name for name, value in environment.items() if name.lower() in PROXIES and value)


def _clear(folder: DataFolder) -> None:
    """End what a supervisor that was killed has left: only what is certainly ours."""
    for file in (folder.root / "state").glob("*.json"):
        leftover = recorded(folder, file.stem)
        if leftover is not None and file.stem != NAME:
            kill_session(leftover)


def _migrate_stopped(database: PostgresFolder) -> None:
    database.init()
    database.start()
    try:
        migrate(database)
    finally:
        database.stop()
