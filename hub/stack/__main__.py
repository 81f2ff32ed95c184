"""The hub in the background: `hub up --detach` starts this, with everything told already kept in the data folder."""

import sys

from catalog.errors import DataHubError
from catalog.settings import load
from hub.stack.settings import StackSettings
from hub.stack.site import Told
from hub.stack.stack import up


def main() -> int:
    """Run until SIGTERM; 1 when it can't, with the reason as the last line."""

    def echo(sentence: str) -> None:
        sys.stdout.write(f"{sentence}\n")
        sys.stdout.flush()

    try:
        up(load(StackSettings), Told(), echo=echo)
    except DataHubError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
