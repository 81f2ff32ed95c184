"""A real `hub up` whose model server is the fake: `python -m tests.prove.kill_stack` with HUB_ variables set."""

import sys
from functools import partial
from pathlib import Path

from catalog.errors import DataHubError
from catalog.settings import load
from hub.stack.folder import DataFolder
from hub.stack.part import Part
from hub.stack.parts import database_of, parser_part, postgres_part, worker_part
from hub.stack.probes import answers_health
from hub.stack.settings import StackSettings
from hub.stack.site import Site, Told
from hub.stack.stack import up

FAKE_MODEL = Path(__file__).parents[1] / "hub" / "fakes" / "model_server.py"


def parts(folder: DataFolder, settings: StackSettings, site: Site) -> list[Part]:
    database = database_of(folder, settings)
    model = Part(
        name="model",
        command=lambda: [sys.executable, str(FAKE_MODEL), str(folder.model_socket)],
        ready=partial(answers_health, folder.model_socket),
    )
    return [postgres_part(folder, database, site), model, parser_part(folder), worker_part(folder, database, site)]


def say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201


def main() -> int:
    try:
        up(load(StackSettings), Told(jurisdiction="DE"), echo=say, when_up=lambda: say("UP"), make_parts=parts)
    except DataHubError as error:
        say(f"{type(error).__name__}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
