"""Starts a program inside the walls of its row: `python -m hub.seal PART [options] -- program arguments`."""

import argparse
import os
import signal
import socket
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from catalog.errors import DataHubError, UnsealedError
from hub.seal import kernel
from hub.seal.environment import cleaned
from hub.seal.plan import PLAN, Paths, program_paths
from hub.seal.walls import raise_walls

EXIT_UNSEALED: Final = 78  # sysexits.h EX_CONFIG: starting it again changes nothing


def main(arguments: Sequence[str]) -> int:
    """Raise the walls and become the program; returns only when that failed."""
    options = _parse(arguments)
    try:
        _start(options)
    except DataHubError as error:
        sys.stderr.write(f"{error}\n")
    except OSError as error:
        sys.stderr.write(f"{options.part} can't be started inside its walls: {error}\n")
    return EXIT_UNSEALED


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m hub.seal", description=__doc__)
    parser.add_argument("part", choices=sorted(PLAN))
    parser.add_argument("--user", help="become this user (as root, for Postgres)")
    parser.add_argument("--read", type=Path, action="append", default=[], help="a path it may read")
    parser.add_argument("--write", type=Path, action="append", default=[], help="a path it may read and write")
    parser.add_argument("--put", type=Path, action="append", default=[], help="a folder it may add files to, unread")
    parser.add_argument("--report", type=Path, help="write which walls hold to this file")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a variable for the program")
    parser.add_argument("--parent-death-signal", default="SIGTERM", help="sent when the parent ends")
    own, program = _split(arguments)
    if not program:
        parser.error("after `--`, name the program to start")
    return parser.parse_args(own, argparse.Namespace(program=program))


def _split(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Our arguments and the program's, at the first `--` (argparse would drop later ones too)."""
    cut = list(arguments).index("--") if "--" in arguments else len(arguments)
    return arguments[:cut], arguments[cut + 1 :]


def _start(options: argparse.Namespace) -> None:
    row = PLAN[options.part]
    parent = os.getppid()
    _keep_only_standard_streams()
    environment = {**cleaned(os.environ, row), **dict(item.split("=", 1) for item in options.set)}
    devices = (Path("/dev/null"), Path("/dev/shm"))  # noqa: S108  # shared memory, as libraries expect it
    paths = Paths(read=(*program_paths(), *options.read), write=(*options.write, *devices), put=tuple(options.put))
    if options.report is None:
        walls = raise_walls(row, paths, user=options.user)
    else:
        with options.report.open("w", encoding="utf-8") as report:
            walls = raise_walls(row, paths, user=options.user, report=report)
    kernel.die_with_parent(signal.Signals[options.parent_death_signal])
    if os.getppid() != parent:
        raise UnsealedError("The process that started this part is gone; start the hub again.")
    # What may be served depends on it: the policy forbids restricted and secret data on a host that can't hold a part.
    environment["HUB_SEALED"] = str(walls.as_planned).lower()
    os.execvpe(options.program[0], options.program, environment)  # noqa: S606  # the program is the stack's own


def _keep_only_standard_streams() -> None:
    """No descriptor is inherited but stdin (nothing), stdout and stderr, and those are no internet sockets."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.closerange(3, 1 << 20)
    for stream in (1, 2):
        if stat.S_ISSOCK(os.fstat(stream).st_mode):
            with socket.socket(fileno=os.dup(stream)) as inherited:
                if inherited.family is not socket.AF_UNIX:
                    raise UnsealedError("Standard output is a network connection: a sealed process must inherit none.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
