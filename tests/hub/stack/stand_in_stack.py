"""A stack of two small real programs under the real supervisor: `python -m tests.hub.stack.stand_in_stack FOLDER`."""

import sys
from functools import partial
from pathlib import Path

from catalog.errors import DataHubError
from hub.stack.folder import DataFolder
from hub.stack.lock import folder_lock
from hub.stack.part import Part
from hub.stack.processes import process_id
from hub.stack.settings import StackSettings
from hub.stack.supervisor import Supervisor

# Starts a grandchild, says both numbers, then waits. What a file called as itself says may change its manners.
PROGRAM = """
import os, signal, subprocess, sys, time
from pathlib import Path
name, folder = sys.argv[1], Path(sys.argv[2])
manners = (folder / f"{name}.manners").read_text() if (folder / f"{name}.manners").exists() else ""
if "die" in manners: sys.exit("I can not live")
if "refuse" in manners: print("a wall is missing here"); sys.exit(78)
if "deaf" in manners: signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "600"])
with open(folder / f"{name}.starts", "a") as file: file.write(f"{os.getpid()} {child.pid}\\n")
if "mute" not in manners: (folder / f"{name}.ready").write_text(str(os.getpid()))
time.sleep(600)
"""


def is_ready(folder: Path, name: str) -> bool:
    """Ready is a process that runs now and has said so, not one before it."""
    ready = folder / f"{name}.ready"
    said = ready.read_text() if ready.exists() else ""
    found = process_id(int(said)) if said else None
    return found is not None and found.alive()


def part(folder: Path, name: str) -> Part:
    return Part(
        name=name,
        command=lambda: [sys.executable, "-c", PROGRAM, name, str(folder)],
        ready=partial(is_ready, folder, name),
        first_ready=lambda: (folder / "order").open("a").write(f"{name}\n") and None,
    )


def say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201


def main(folder: Path) -> int:
    settings = StackSettings(
        data_dir=folder / "data", start_timeout_s=5, stop_timeout_s=1, restart_first_delay_s=0.1,
        restart_longest_delay_s=0.4,
    )  # fmt: skip
    try:
        data = DataFolder.prepare(settings.data_dir)
        with folder_lock(data.root):
            parts = [part(folder, "first"), part(folder, "second")]
            Supervisor(parts, data, settings, say).run(when_up=lambda: say("UP"))
    except DataHubError as error:
        say(f"{type(error).__name__}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
