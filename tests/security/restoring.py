"""A copy of the nation's database, and the hub that comes out of it."""

import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from psycopg import sql

from catalog.datasets import Budget
from catalog.db import Database
from hub.stack.binaries import installed
from tests.fixtures.nation import Nation
from tests.fixtures.postgres import ClusterDatabase, administer

TEXT = "".join(f"reach{number:04d} of the river Marn ends at lock {number * 7:05d}. " for number in range(60))
PIECE = len(TEXT) // 30
SPANS = [(start, start + PIECE) for start in range(0, len(TEXT), PIECE)]
BUDGET = Budget(window_characters=6 * PIECE, lifetime_characters=6 * PIECE, ceiling_share=Decimal("0.5"))


def dumped(nation: Nation, folder: Path) -> Path:
    """Write the copy."""
    file = folder / "hub.dump"
    _run("pg_dump", nation.database, "--format=custom", f"--file={file}")
    return file


@contextmanager
def put_back(nation: Nation, file: Path) -> Iterator[Nation]:
    """The same hub out of the copy, in a database of its own."""
    name = f"t_{secrets.token_hex(6)}"
    cluster = nation.database.cluster
    administer(cluster, sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    database = ClusterDatabase(cluster=cluster, name=name)
    _run("pg_restore", database, "--exit-on-error", str(file))
    pools = {role: Database(database.url(role), pool_size=2) for role in ("hub_operator", "hub_api", "hub_worker")}
    yield replace(
        nation, database=database, operator=pools["hub_operator"], api=pools["hub_api"], worker=pools["hub_worker"]
    )
    for pool in pools.values():
        pool.close()
    administer(cluster, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(program: str, database: ClusterDatabase, *arguments: str) -> None:
    where = ("--host", str(database.cluster.socket_dir), "--username", "postgres", "--dbname", database.name)
    subprocess.run(
        [str(installed() / "bin" / program), *where, *arguments], check=True, capture_output=True, timeout=120
    )
