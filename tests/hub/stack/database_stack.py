"""The real `hub up` with only its database: `python -m tests.hub.stack.database_stack` with HUB_ variables set."""

import sys

from catalog.errors import DataHubError
from catalog.settings import load
from hub.stack.parts import database_of, postgres_part
from hub.stack.settings import StackSettings
from hub.stack.site import Told
from hub.stack.stack import up


def say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201


def main(jurisdiction: str | None) -> int:
    try:
        up(
            load(StackSettings), Told(jurisdiction=jurisdiction), echo=say, when_up=lambda: say("UP"),
            make_parts=lambda folder, settings, site: [postgres_part(folder, database_of(folder, settings), site)],
        )  # fmt: skip
    except DataHubError as error:
        say(f"{type(error).__name__}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else None))
