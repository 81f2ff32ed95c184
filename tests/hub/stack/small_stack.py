"""The real `hub up` with a model server that quotes: `python -m tests.hub.stack.small_stack PLACE`, HUB_ variables set.

Everything but the models is real and behind its walls. `running(folder)` starts it and stops it.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from hub.stack.folder import DataFolder
from hub.stack.part import Part, Seal
from hub.stack.parts import database_of, parser_part, postgres_part, worker_part
from hub.stack.probes import answers_health
from hub.stack.settings import StackSettings
from hub.stack.site import Site
from tests.hub.stack.database_stack import main

REPOSITORY = Path(__file__).parents[3]
FAKE = REPOSITORY / "tests" / "hub" / "fakes" / "model_server.py"


def quoting_part(folder: DataFolder) -> Part:
    socket = folder.model_socket
    seal = Seal(row="model", read=(FAKE.parent,), write=(socket.parent,), report=folder.walls("model"))
    return Part(
        name="model",
        command=lambda: seal.around([sys.executable, "-P", str(FAKE), str(socket)]),
        ready=partial(answers_health, socket),
    )


def parts(folder: DataFolder, settings: StackSettings, site: Site) -> list[Part]:
    database = database_of(folder, settings)
    return [
        postgres_part(folder, database, site),
        quoting_part(folder),
        parser_part(folder),
        worker_part(folder, database, site),
    ]


@contextmanager
def running() -> Iterator[Path]:
    """The data folder of a hub that is up; both are gone afterwards."""
    root = Path(tempfile.mkdtemp(prefix="hub-")) / "data"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.hub.stack.small_stack", "DE"],
        cwd=REPOSITORY, env={**os.environ, "HUB_DATA_DIR": str(root)}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if line == "UP\n":
                break
        else:
            raise AssertionError("".join(said))
        yield root
    finally:
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        process.wait(30)
        process.stdout.close()
        shutil.rmtree(root.parent, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], parts))
