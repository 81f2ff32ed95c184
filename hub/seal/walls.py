"""Raises the walls around the present process in the order that works, and says which of them hold."""

import json
import os
import pwd
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from catalog.errors import SettingsError, UnsealedError
from hub.seal import filter as syscall_filter
from hub.seal import kernel, landlock, namespaces
from hub.seal.plan import Paths, Row


@dataclass(frozen=True, kw_only=True)
class Walls:
    """Which walls hold a part, and why one doesn't."""

    part: str
    filter: bool
    namespace: bool
    landlock: int  # its ABI, 0 where it doesn't hold
    capabilities: bool  # True: all dropped for good
    missing: tuple[str, ...]  # a sentence for each wall the row asks for and the host doesn't give

    @property
    def as_planned(self) -> bool:
        """True when every wall of the row holds; otherwise only public and internal data may be served."""
        return not self.missing

    def save(self, file: TextIO) -> None:
        """Write it for `hub status`."""
        json.dump(asdict(self), file)
        file.flush()


def read_walls(path: Path) -> Walls | None:
    """Return what a part's launcher reported, None when it has not."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return Walls(**{**found, "missing": tuple(found["missing"])})


def raise_walls(row: Row, paths: Paths, *, user: str | None = None, report: TextIO | None = None) -> Walls:
    """Hold this process as its row says. Single-threaded processes only. UnsealedError without the filter.

    Order: namespaces need rights, so they come first; then the rights go; Landlock opens files, so it comes before
    the filter closes calls.
    """
    if not syscall_filter.supported():
        raise UnsealedError("The walls are written for Linux on x86_64 and aarch64; nothing is served elsewhere.")
    rules = syscall_filter.base(row.families, connects=row.connects)  # built while its library can still be read
    missing: list[str] = []
    namespace = row.namespace and _enter(user, missing)
    capabilities = _drop_rights(user, missing)
    files = landlock.abi() if row.landlock else 0
    if row.landlock and not files:
        missing.append("this kernel has no Landlock (5.13 or newer, lsm=landlock): files are not closed")
    walls = Walls(
        part=row.part,
        filter=True,
        namespace=namespace,
        landlock=files,
        capabilities=capabilities,
        missing=tuple(missing),
    )
    if files:
        landlock.restrict(paths, network=row.reaches_network)
    kernel.no_new_privileges()
    rules.load()
    if report is not None:
        walls.save(report)
    return walls


def _enter(user: str | None, missing: list[str]) -> bool:
    ways = [namespaces.enter_as_root] if user is not None else [namespaces.enter_with_own_user]
    if user is None and os.geteuid() == 0:
        ways.append(namespaces.enter_as_root)  # where user namespaces are forbidden, root needs none
    why = ""
    for enter in ways:
        try:
            enter()
        except OSError as error:
            why = why or namespaces.why_not(error)
        else:
            return True
    missing.append(why)
    return False


def _drop_rights(user: str | None, missing: list[str]) -> bool:
    """Become the user, if one is named, and give up every capability."""
    try:
        kernel.drop_bounding_capabilities()
        bounded = True
    except OSError:
        bounded = os.geteuid() != 0  # an ordinary user has none to lose, and no_new_privs keeps it so
    if user is not None:
        _become(user)
    try:
        kernel.drop_capabilities()
    except OSError as error:
        missing.append(f"capabilities could not be dropped ({error.strerror})")
        return False
    if not bounded:
        missing.append("root keeps its meaning here: the bounding set could not be emptied; run the hub as a user")
    return bounded


def _become(user: str) -> None:
    try:
        entry = pwd.getpwnam(user)
    except KeyError as error:
        raise SettingsError(f"There is no user {user} on this machine. Set HUB_SERVICE_USER to one.") from error
    os.setgroups([])
    os.setresgid(entry.pw_gid, entry.pw_gid, entry.pw_gid)
    os.setresuid(entry.pw_uid, entry.pw_uid, entry.pw_uid)
