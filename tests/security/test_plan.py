"""How each process is held, as a drawn table: changing a row of the plan changes this one."""

import os
from pathlib import Path

import pytest

from hub.seal.plan import AF_INET, AF_INET6, AF_UNIX, PLAN
from tests.security.test_seal import outcome

TABLE = """
    part      | sockets  | calls others | own network | own files only
    postgres  | unix     | no           | yes         | yes
    model     | unix     | no           | yes         | yes
    parser    | unix     | no           | yes         | yes
    worker    | unix     | yes          | yes         | yes
    worker-s3 | unix tcp | yes          | no          | yes
    reader    | unix     | yes          | yes         | yes
    reader-s3 | unix tcp | yes          | no          | yes
    issuer    | unix     | no           | yes         | yes
    keys      | unix     | yes          | yes         | yes
    api       | unix     | yes          | yes         | yes
    api-s3    | unix tcp | yes          | no          | yes
    ui        | unix     | yes          | yes         | yes
    ingress   | unix lo  | yes          | no          | yes
    operator  | unix     | yes          | no          | no
"""
SOCKETS = {(AF_UNIX,): "unix", (AF_UNIX, AF_INET, AF_INET6): "unix tcp", (AF_UNIX, AF_INET): "unix lo"}
#: What is held on a network of its own; taken from the table above, not from the plan.
APART = ("postgres", "model", "parser", "worker", "reader", "issuer", "keys", "api", "ui")


def test_each_process_is_held_as_drawn() -> None:
    def yes(value: bool) -> str:  # noqa: FBT001  # it prints one
        return "yes" if value else "no"

    drawn = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()[1:]]
    planned = [
        [part, SOCKETS[row.families], yes(row.connects), yes(row.namespace), yes(row.landlock)]
        for part, row in PLAN.items()
    ]
    assert planned == drawn


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user may be forbidden namespaces; root is not")
@pytest.mark.parametrize("part", APART)
def test_it_stands_on_a_network_of_its_own(part: str) -> None:
    found = outcome("identity", part=part)
    assert isinstance(found, dict)
    assert found["net"] != str(Path("/proc/self/ns/net").readlink())
