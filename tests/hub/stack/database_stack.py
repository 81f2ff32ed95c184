"""The real `hub up` with only its database: `python -m tests.hub.stack.database_stack` with HUB_ variables set."""

import sys

from catalog.errors import DataHubError
from catalog.settings import load
from hub.stack.folder import DataFolder
from hub.stack.part import Part
from hub.stack.parts import database_of, postgres_part
from hub.stack.settings import StackSettings
from hub.stack.site import Site, Told
from hub.stack.stack import MakeParts, up


def say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201


def database_only(folder: DataFolder, settings: StackSettings, site: Site) -> list[Part]:
    return [postgres_part(folder, database_of(folder, settings), site)]


def main(jurisdiction: str | None, make_parts: MakeParts = database_only) -> int:
    try:
        up(
            load(StackSettings), Told(jurisdiction=jurisdiction), echo=say, when_up=lambda: say("UP"),
            make_parts=make_parts,
        )  # fmt: skip
    except DataHubError as error:
        say(f"{type(error).__name__}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else None))
